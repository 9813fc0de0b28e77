"""The verb template, and what comes after it: the filled workbook is all that has to be named."""

from __future__ import annotations

from typing import TYPE_CHECKING

import openpyxl
import pytest

from dpc_kg.exchange.package import read
from dpc_kg.lift.template.tier import tier_of
from tests.cli.conftest import ORG, WHEN, Office
from tests.validate.templatebook import CHILDREN, filled

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Run


def test_a_template_is_made_and_the_next_command_is_told(run: Run, tmp_path: Path) -> None:
    done = run("template", "basic", "-o", tmp_path / "t.xlsx", "--lang", "ar")
    assert (done.code, done.out) == (0, "")
    assert "dpc-kg validate t.xlsx --profile basic --lang ar" in done.err
    assert (tmp_path / "t.xlsx").read_bytes()[:2] == b"PK"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("tiny", "-o", "t.xlsx"), "Known: basic, essential, full."),
        (("basic", "-o", "t.xlsx", "--lang", "pt"), "Known: en, fr, es, ar."),
        (("basic", "-o", "t.ods"), "A template is a workbook."),
        (("basic", "-o", "none/t.xlsx"), "There is no such folder."),
    ],
)
def test_what_cannot_be_made_is_refused_and_leaves_nothing(
    arguments: tuple[str, ...], said: str, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = run("template", *arguments)
    assert (done.code, done.out) == (2, "")
    assert said in done.err
    assert list(tmp_path.iterdir()) == []


def test_a_filled_template_reaches_the_hub(office: Office, tmp_path: Path) -> None:
    book, out = filled(tmp_path / "t.xlsx", "essential", "fr"), tmp_path / "a.dpcsub"
    assert "no faults" in office.done("validate", book, "--profile", "essential").out
    given: list[str | Path] = [book, "--mapping", "template", "--org", ORG, "--dataset", "all"]
    keys: list[str | Path] = [
        "--key-file",
        tmp_path / "partner.key",
        "--signing-key",
        tmp_path / "signing.jwk",
    ]
    more: list[str | Path] = ["--profile", "essential", "--extracted-at", WHEN, "-o", out]
    office.done("package", *given, *keys, *more)
    assert not read(out).report["withheld"]
    receipt = office.submit(out)
    lines = office.dump().splitlines()
    assert len(lines) == receipt["quads"]
    assert sum("/cdm#Case>" in line for line in lines) == CHILDREN


def test_files_of_a_lift_need_no_names(run: Run, tmp_path: Path) -> None:
    book = filled(tmp_path / "t.xlsx", "basic", "en")
    run("key", "new", "-o", tmp_path / "partner.key")
    named = ["--org", ORG, "--dataset", "d", "--key-file", tmp_path / "partner.key"]
    kinds = [f"--source={kind}={book}" for kind in ("case", "helpline-contact")]
    found = []
    ways: list[list[str | Path]] = [[book], [*kinds]]
    for number, given in enumerate(ways):
        out = tmp_path / f"{number}.nq"
        done = run("lift", *given, "--mapping", "template", *named, "-o", out)
        assert done.code == 0, done.err
        found.append(out.read_bytes())
    assert found[0] == found[1] != b""


def test_a_file_that_is_not_there_is_told(run: Run, tmp_path: Path) -> None:
    done = run("lift", tmp_path / "t.xlsx", "--mapping", "template", "-o", tmp_path / "o.nq")
    assert (done.code, done.out) == (2, "")
    assert "There is no such file" in done.err


def test_a_template_is_checked_against_its_own_tier(run: Run, tmp_path: Path) -> None:
    book = tmp_path / "t.xlsx"
    run("template", "basic", "-o", book)
    assert tier_of([tmp_path / "none.xlsx", tmp_path, book]) == "basic"
    (tmp_path / "other.xlsx").write_bytes(b"PK no workbook")
    assert tier_of([tmp_path / "other.xlsx"]) is None
    assert "made for the tier basic" in run("validate", book).err
    assert "made for" not in run("validate", book, "--profile", "full").err


def test_other_programs_keep_the_tier(run: Run, tmp_path: Path) -> None:
    book = tmp_path / "t.xlsx"
    run("template", "essential", "-o", book, "--lang", "ar")
    openpyxl.load_workbook(book).save(tmp_path / "again.xlsx")
    assert tier_of([tmp_path / "again.xlsx"]) == "essential"
