"""A partner's way from an export to a receipt and an answer, command by command."""

from __future__ import annotations

import csv
import io
import json
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import openpyxl
import pytest

from dpc_kg.base.assets import mapping_dir
from dpc_kg.exchange.package import read
from tests.cli.conftest import ORG, WHEN, Office

if TYPE_CHECKING:
    from tests.cli.conftest import Run, System

LATER = "2025-08-01T00:00:00Z"
KILLED_AT = """
import functools, os, sys
from dpc_kg.base.platform import kill_process
from dpc_kg.exchange.receive import Hub

def hook(step):
    if step == sys.argv[1]:
        kill_process(os.getpid())

Hub.open = functools.partial(Hub.open, hook=hook)
from dpc_kg.cli import main
sys.exit(main(sys.argv[2:]))
"""


def graphs(dump: str) -> set[str]:
    return {line.rsplit(" ", 2)[1] for line in dump.splitlines()}


def test_from_an_export_to_an_answer_and_back(office: Office) -> None:
    export = office.export("export", seed=4, faults=6)
    refused = json.loads(office.run("validate", export, "--format", "json").out)["refused"]
    assert refused > 0
    made = office.run("package", *office.package_options(export), "-o", office.folder / "a.dpcsub")
    assert (made.code, made.out) == (0, "")
    assert f"{refused} refused" in made.err

    receipt = office.submit(office.folder / "a.dpcsub")
    assert (receipt["organization"], receipt["dataset"]) == (ORG, "cases")
    dump = office.dump()
    assert graphs(dump) == {f"<{receipt['graph']}>"}
    assert len(dump.splitlines()) == receipt["quads"]
    assert dump.splitlines() == sorted(dump.splitlines())

    assert f"holds {receipt['quads']} quads" in made.err
    twice = office.done("submit", office.folder / "a.dpcsub", *office.hub)
    assert json.loads(twice.out) == receipt
    assert "Stored before" in twice.err
    assert office.dump() == dump
    assert office.done("verify", *office.hub).out.count("FAIL") == 0

    gone = json.loads(office.done("withdraw", receipt["id"], *office.hub).out)
    assert gone["id"] != receipt["id"]
    assert office.dump() == ""
    again = office.submit(office.folder / "a.dpcsub")
    assert again["id"] != receipt["id"]
    assert office.dump() == dump


def test_the_same_export_gives_the_same_package(office: Office) -> None:
    export = office.export("export", seed=4, faults=3)
    one, two = office.package(export, "one.dpcsub"), office.package(export, "two.dpcsub")
    assert one.read_bytes() == two.read_bytes()


def test_a_partner_may_map_by_a_copy_of_its_own(office: Office) -> None:
    """A deployment copies a mapping and puts its own words into it; all rules stay."""
    export = office.export("export", seed=4)
    plain = read(office.ready("plain.dpcsub"))
    shutil.copytree(mapping_dir("primero"), office.folder / "my-primero")
    document = str(office.folder / "my-primero" / "mapping.rml.ttl")
    package = office.package(export, "own.dpcsub", WHEN, "--mapping", document)
    own = read(package)
    assert own.manifest["mapping"]["name"] == "my-primero"
    assert own.manifest["mapping"]["sha256"] == plain.manifest["mapping"]["sha256"]
    assert own.manifest["counts"] == plain.manifest["counts"]
    office.submit(package)


def test_a_later_snapshot_replaces_the_earlier_one(office: Office) -> None:
    first = office.submit(office.ready("one.dpcsub"))
    before = office.dump()
    package = office.package(office.export("two", seed=5), "two.dpcsub", LATER, "--sequence", "2")
    second = office.submit(package)
    assert graphs(office.dump()) == {f"<{second['graph']}>"} != {f"<{first['graph']}>"}
    office.done("withdraw", second["id"], *office.hub)
    assert office.dump() == before


def test_a_strict_package_is_refused_whole(office: Office) -> None:
    options = office.package_options(office.export("export", seed=4, faults=3))
    target = office.folder / "strict.dpcsub"
    done = office.run("package", *options, "--strict", "-o", target)
    assert (done.code, done.out) == (1, "")
    assert "nothing was packaged" in done.err
    assert not target.exists()


def test_an_altered_package_is_refused_and_nothing_is_kept(office: Office) -> None:
    package = office.ready()
    raw = bytearray(package.read_bytes())
    for position in (len(raw) // 3, len(raw) // 2, len(raw) - 30):
        altered = office.folder / "altered.dpcsub"
        changed = bytearray(raw)
        changed[position] ^= 1
        altered.write_bytes(changed)
        done = office.run("submit", altered, *office.hub)
        assert (done.code, done.out) == (1, "")
        assert done.err.startswith("error: ")
    assert office.dump() == ""
    assert list((office.folder / "hub" / "receipts").iterdir()) == []


def test_a_package_signed_by_another_is_refused(office: Office) -> None:
    export = office.export("export", seed=4)
    office.done("key", "new", "--signing", "-o", office.folder / "other.jwk")
    options = [*office.package_options(export), "--signing-key", str(office.folder / "other.jwk")]
    package = office.folder / "forged.dpcsub"
    office.done("package", *options, "-o", package)
    assert office.run("submit", package, *office.hub).code == 1
    assert office.dump() == ""


@pytest.mark.parametrize(
    ("step", "is_kept"), [("checked", False), ("before journal", False), ("journaled", True)]
)
def test_a_submission_killed_half_way(office: Office, step: str, is_kept: bool) -> None:
    """Killed before the journal nothing is kept; after it the store catches up by itself."""
    package = office.ready()
    command = [sys.executable, "-c", KILLED_AT, step, "submit", str(package), *office.hub]
    killed = subprocess.run(command, capture_output=True, timeout=60, check=False)
    assert killed.returncode not in (0, 1, 2, 3)
    assert (killed.stdout, killed.stderr) == (b"", b"")
    dump = office.dump()
    assert bool(dump) is is_kept
    receipt = office.submit(package)
    assert receipt["position"] == 1
    assert len(office.dump().splitlines()) == receipt["quads"]
    assert office.dump() == dump or not is_kept


def test_an_answer_in_every_form(office: Office) -> None:
    office.submit(office.ready())
    asked = ["query", "referral-outcomes", *office.hub]
    text = office.done(*asked).out
    heads, rule, *lines = text.splitlines()
    assert set(rule) == {"-", " "}
    rows = list(csv.reader(io.StringIO(office.done(*asked, "--format", "csv").out)))
    assert rows[0] == heads.split()
    assert rows[1][0].startswith("https://w3id.org/dpc/id/")
    assert lines[0].startswith(ORG)
    assert len(rows) - 1 == len(lines) > 0
    answer = json.loads(office.done(*asked, "--format", "json").out)
    assert answer["columns"] == rows[0]
    assert [r[rows[0][0]] for r in answer["rows"]] == [row[0] for row in rows[1:]]

    for form in ("csv", "json", "xlsx", "text"):
        target = office.folder / f"answer.{form}"
        done = office.done(*asked, "--format", form, "-o", target)
        assert (done.out, done.err) == ("", "")
        assert target.stat().st_size > 0
    book = openpyxl.load_workbook(office.folder / "answer.xlsx")
    sheet = book.active
    assert sheet is not None
    cells = list(sheet.iter_rows(values_only=True))
    assert [str(c) for c in cells[0]] == rows[0]
    assert len(cells) == len(rows)
    book.close()

    narrowed = office.done(*asked, "--format", "json", "--param", "organization=nobody")
    assert json.loads(narrowed.out)["rows"] == []


def test_every_saved_query_is_listed_with_its_question(office: Office) -> None:
    from dpc_kg.store.catalogue import catalogue

    listed = office.done("query", *office.hub).out
    for name, saved in catalogue().items():
        assert f"{name}\n    {saved.question}\n" in listed


def test_lift_writes_quads_and_report(office: Office) -> None:
    export = office.export("export", seed=4)
    options = office.package_options(export)
    options = options[: options.index("--signing-key")]
    out = office.folder / "lifted" / "data.nq"
    out.parent.mkdir()
    done = office.run("lift", *options, "-o", out)
    assert (done.code, done.out) == (0, "")
    lines = out.read_text(encoding="utf-8").splitlines()
    assert graphs("\n".join(lines)) == {f"<https://w3id.org/dpc/graph/{ORG}/pending>"}
    report = json.loads((out.parent / "lift-report.json").read_text(encoding="utf-8"))
    assert report["quads"] == len(lines)
    office.done("lift", *options, "--format", "trig", "-o", out.with_suffix(".trig"))

    store = str(office.folder / "plain")
    office.done("load", out, "--store", store)
    assert office.done("dump", "--store", store).out.splitlines() == sorted(lines)


def test_keys_are_new_private_and_never_shown(office: Office, run: Run) -> None:
    one = (office.folder / "partner.key").read_text(encoding="ascii")
    done = office.done("key", "new", "-o", office.folder / "second.key")
    two = (office.folder / "second.key").read_text(encoding="ascii")
    assert one != two
    assert two.strip() not in done.err
    if sys.platform != "win32":
        for name in ("partner.key", "signing.jwk"):
            assert (office.folder / name).stat().st_mode & 0o077 == 0
    assert '"d"' not in (office.folder / "signing.jwk.pub").read_text(encoding="utf-8")
    secret = run("org", "add", "other", "--public-key", office.folder / "signing.jwk", *office.hub)
    assert secret.code == 2
    assert "private key" in secret.err


def test_organisations_are_listed(office: Office, ngo: System) -> None:
    assert office.done("org", "list", *office.hub).out == f"{ngo.org}\n"
