"""Silly input gets one clear message, the right exit code, and leaves nothing behind."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from dpc_kg.cli import main
from dpc_kg.cli.main import guarded
from dpc_kg.exchange.receive import Hub
from dpc_kg.lift.generate import GenerateRequest, generate

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Run

PACKAGE = ["--org", "example-ngo", "--dataset", "cases", "--extracted-at", "2025-07-01"]
PACKAGE += ["--signing-key", "missing.jwk", "--key-file", "good.key"]
CANARY = "Zephyrine-Quastel"
BINARY = bytes(range(256)) * 8
NGO = "export/cases.csv"
LIFT = ["--mapping", "primero", "--org", "example-ngo", "--dataset", "cases", "-o", "x.nq"]


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with good and bad files, and a hub."""
    room = tmp_path_factory.mktemp("room")
    generate("primero", GenerateRequest(20, 5, 0, room / "export", "example-ngo"))
    for name in ("binary.csv", "binary.json", "binary.xml", "binary.ttl", "binary.dpcsub"):
        (room / name).write_bytes(BINARY)
    for name in ("empty.csv", "empty.xml", "empty.dpcsub", "empty.key"):
        (room / name).write_bytes(b"")
    (room / "folder").mkdir()
    (room / "full").mkdir()
    (room / "full" / "mine.txt").write_text("mine", encoding="utf-8")
    (room / "good.key").write_text("ab" * 32 + "\n", encoding="ascii")
    (room / "canary.csv").write_text(f"id,name\n1,{CANARY}\n", encoding="utf-8")
    (room / "bad.nq").write_text(f"{CANARY}\n", encoding="utf-8")
    Hub.create(room / "hub").close()
    return room


def everything(folder: Path) -> set[str]:
    """Give what lies there; inside a hub's store the engine's own files come and go."""
    names = (p.relative_to(folder).as_posix() for p in folder.rglob("*"))
    return {name for name in names if not name.startswith("hub/store/")}


SILLY: list[tuple[list[str], int, str]] = [
    # no such verb, option, argument
    (["nonsense"], 2, "No such command 'nonsense'"),
    (["validate", "--nonsense"], 2, "No such option"),
    (["withdraw"], 2, "Missing argument"),
    (["generate", "primero"], 2, "Missing option"),
    (["generate", "primero", "-o", "g", "--records", "many"], 2, "--records"),
    (["generate", "primero", "-o", "g", "--records", "0"], 2, "--records"),
    # validate
    (["validate"], 2, "No file is named"),
    (["validate", "missing.csv"], 2, "missing.csv: There is no such file or folder."),
    (["validate", "folder"], 2, "Say it with --mapping"),
    (["validate", "folder", "--mapping", "primero"], 2, "--source cases=PATH"),
    (["validate", "canary.csv"], 2, "Say it with --mapping"),
    (["validate", "binary.ttl"], 2, "Say it with --mapping"),
    (["validate", NGO, "--mapping", "nonsense"], 2, "Known: aselo"),
    (["validate", NGO, "--lang", "xx"], 2, "Known: en, fr, es, ar."),
    (["validate", NGO, "--format", "pdf"], 2, "Known: text, html, xlsx, json, ttl"),
    (["validate", NGO, "--mark", "nowhere/x.xlsx"], 2, "no such folder"),
    (["validate", NGO, "--profile", "gold"], 2, "Known: basic, essential, full."),
    (["validate", NGO, "--engine", "quick"], 2, "Known: auto, shacl, pyshacl."),
    (["validate", NGO, "-o", "missing/report.txt"], 2, "missing: There is no such folder."),
    (["validate", NGO, "-o", "folder"], 2, "folder: This is a folder."),
    (["validate", NGO, "--key-file", "missing.key"], 2, "dpc-kg key new"),
    (["validate", "--source", "cases"], 2, "NAME=PATH"),
    (["validate", "--source", "=x"], 2, "NAME=PATH"),
    (["validate", "--source", "cases=missing.csv"], 2, "missing.csv: There is no such file"),
    (["validate", "--source", f"nonsense={NGO}"], 2, "Say it with --mapping"),
    (["validate", "--shapes", "binary.ttl"], 2, "There is no data for --shapes."),
    (["validate", "--shapes", "binary.ttl", "--data", "binary.ttl"], 2, "binary.ttl"),
    (["validate", "--shapes", "missing.ttl", "--data", "binary.ttl"], 2, "missing.ttl"),
    # lift
    (["lift", "-o", "x.nq"], 2, "--mapping NAME"),
    (["lift", "--mapping", "missing.ttl", "-o", "x.nq"], 2, "missing.ttl"),
    (
        ["lift", "--mapping", "binary.ttl", "-o", "x.nq"],
        2,
        "binary.ttl, line 1: Not well-formed RDF.",
    ),
    (["lift", "--mapping", "binary.csv", "-o", "x.nq"], 2, "Known: aselo"),
    (["lift", *LIFT, "--source", f"cases={NGO}"], 2, "Give --key-file FILE"),
    (["lift", *LIFT, "--source", f"cases={NGO}", "--key-file", "empty.key"], 2, "64 hexadecimal"),
    (["lift", *LIFT, "--source", f"cases={NGO}", "--key-file", "binary.csv"], 2, "64 hexadecimal"),
    (["lift", *LIFT, "--key-file", "good.key"], 2, "--source cases=PATH"),
    (["lift", *LIFT, "--key-file", "good.key", "--source", "cases=missing.csv"], 2, "missing.csv"),
    (["lift", *LIFT, "--key-file", "good.key", "--source", "x=empty.csv"], 2, "sources: cases"),
    (["lift", *LIFT, "--key-file", "good.key", "--source", "cases=empty.csv"], 1, "empty.csv"),
    (["lift", *LIFT, "--key-file", "good.key", "--source", "cases=binary.csv"], 1, "binary.csv"),
    (["lift", *LIFT, "--key-file", "good.key", "--source", "cases=canary.csv"], 1, "canary.csv"),
    (
        ["lift", *LIFT, "--key-file", "good.key", "--definitions", "missing"],
        2,
        "missing: There is no such folder",
    ),
    (["lift", *LIFT, "--format", "hdt"], 2, "Known: nquads, trig."),
    (["lift", *LIFT, "--extracted-at", "yesterday"], 2, "2026-01-31"),
    (["lift", "--mapping", "primero", "-o", "missing/x.nq"], 2, "missing: There is no such folder"),
    # package
    (["package", "-o", "p.dpcsub"], 2, "Missing: --mapping, --org, --dataset"),
    (
        ["package", *PACKAGE, "--mapping", "outside.ttl", "-o", "p.dpcsub"],
        3,
        "Only mappings of dpc-kg can be packaged",
    ),
    # keys
    (["key", "new", "-o", "good.key"], 2, "good.key: This file exists."),
    (["key", "new", "-o", "missing/k"], 2, "missing: There is no such folder."),
    # generate
    (["generate", "nonsense", "-o", "g"], 2, "Known: aselo,"),
    (["generate", "primero", "-o", "good.key"], 2, "good.key: This is a file."),
    (["generate", "primero", "-o", "g", "--org", "Big Org"], 2, "example-helpline"),
    (["generate", "cybertipline", "-o", "g", "--overlap-with", "missing"], 2, "missing"),
    # hub
    (["submit", "missing.dpcsub", "--dir", "hub"], 2, "missing.dpcsub"),
    (["submit", "folder", "--dir", "hub"], 2, "folder"),
    (["submit", "binary.dpcsub", "--dir", "hub"], 1, "not a zip file"),
    (["submit", "empty.dpcsub", "--dir", "hub"], 1, "not a zip file"),
    (["submit", "binary.dpcsub", "--dir", "nowhere"], 2, "nowhere: There is no hub"),
    (["withdraw", "nonsense", "--dir", "hub"], 1, "no submission with this receipt"),
    (["org", "add", "Bad Name", "--public-key", "good.key", "--dir", "new"], 2, "good.key"),
    (["org", "list", "--dir", "nowhere"], 2, "nowhere: There is no hub"),
    (["query", "report-by-year", "--dir", "hub"], 2, "similar name: reports-by-year"),
    (["query", "shared-hashes", "--dir", "nowhere"], 2, "nowhere: There is no hub"),
    (["query", "shared-hashes", "--dir", "hub", "--format", "pdf"], 2, "Known: csv, json"),
    (["query", "shared-hashes", "--dir", "hub", "--format", "xlsx"], 2, "Give -o FILE.xlsx."),
    (["query", "shared-hashes", "--dir", "hub", "--param", "x"], 2, "NAME=VALUE"),
    (["query", "shared-hashes", "--dir", "hub", "--param", "x=y"], 2, "shared-hashes has"),
    (["query", "shared-hashes", "--dir", "hub", "-o", "missing/a.csv"], 2, "missing"),
    (["verify", "--dir", "nowhere"], 2, "nowhere: There is no hub"),
    (["dump", "--dir", "nowhere"], 2, "nowhere: There is no hub"),
    (["dump", "--store", "nowhere"], 2, "nowhere: There is no store"),
    (["load", "bad.nq", "--store", "new"], 2, "bad.nq, line 1"),
    (["load", "missing.nq", "--store", "new"], 2, "missing.nq"),
    (["load", "bad.nq", "--store", "hub"], 2, "hub: This is a hub."),
    (["serve", "--dir", "nowhere"], 2, "nowhere: There is no hub"),
    (["serve", "--profile", "sandbox"], 3, "sandbox"),
    # tools
    (["fmt", "missing.ttl"], 2, "missing.ttl"),
    (["fmt", "binary.ttl"], 2, "binary.ttl: Not well-formed RDF."),
    (["demo", "-o", "full"], 2, "full: This folder holds something else."),
    (["demo", "-o", "good.key"], 2, "good.key: This is a file."),
]


@pytest.mark.parametrize(("arguments", "code", "words"), SILLY, ids=lambda value: str(value)[:60])
def test_silly_input(
    run: Run,
    room: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    code: int,
    words: str,
) -> None:
    monkeypatch.chdir(room)
    before = everything(room)
    done = run(*arguments)
    assert done.code == code
    assert words in done.err, done.err
    assert done.out == ""
    assert done.err.startswith(("error: ", "Usage: "))
    assert "Traceback" not in done.err
    assert "None" not in done.err
    assert CANARY not in done.err
    assert everything(room) == before


UNUSABLE = [
    (["empty.csv"], "source:empty-file"),
    (["binary.csv"], "source:encoding"),
    (["binary.json"], "source:encoding"),
    (["empty.xml", "empty.xml", "--mapping", "cybertipline"], ""),
    (["canary.csv", "--mapping", "primero"], "source:missing-column"),
    (["--source", "cases=empty.csv"], "source:empty-file"),
]


@pytest.mark.parametrize(("arguments", "rule"), UNUSABLE, ids=lambda value: str(value)[:60])
def test_a_file_that_cannot_be_used_is_a_fault_of_the_export(
    run: Run, room: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], rule: str
) -> None:
    monkeypatch.chdir(room)
    done = run("validate", *arguments)
    if not rule:
        assert (done.code, done.out) == (2, "")
        return
    assert (done.code, done.err) == (1, "")
    assert f"[{rule}]" in done.out
    assert CANARY not in done.out


def test_debug_shows_where_it_went_wrong(room: Path) -> None:
    with pytest.raises(Exception, match="no such file or folder"):
        main(["validate", str(room / "missing.csv"), "--debug"])
    assert main(["validate", str(room / "missing.csv")]) == 2


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (ValueError(CANARY), 2, "report what it shows"),
        (MemoryError(), 2, "Not enough memory."),
        (OSError(28, "No space left on device", "out.nq"), 2, "out.nq: No space left on device"),
        (KeyboardInterrupt(), 130, ""),
    ],
    ids=lambda value: type(value).__name__,
)
def test_an_unforeseen_error_shows_no_value(
    capsys: pytest.CaptureFixture[str], error: BaseException, code: int, words: str
) -> None:
    def fail() -> Any:
        raise error

    assert guarded(fail) == code
    said = capsys.readouterr().err
    assert words in said
    assert CANARY not in said


def test_a_reader_that_goes_away_is_no_error(room: Path) -> None:
    command = [sys.executable, "-m", "dpc_kg", "query", "--dir", str(room / "hub")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        said = process.stderr.read()
        process.wait(timeout=60)
    assert b"Traceback" not in said
    assert said == b""


def test_the_whole_program_keeps_output_and_messages_apart(room: Path) -> None:
    """In a pipe: results only on standard output, no progress, exit code as designed."""
    command = [sys.executable, "-m", "dpc_kg", "validate", NGO]
    done = subprocess.run(command, capture_output=True, cwd=room, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.startswith(b"This export can be packaged: no faults")
    assert b"\r" not in done.stdout
    assert b"\x1b" not in done.stdout
