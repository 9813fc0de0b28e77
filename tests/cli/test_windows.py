"""The partner's commands without POSIX-only modules, on a CP1252 console, with Windows files."""

from __future__ import annotations

import ast
import csv
import json
import os
import subprocess
import sys
from pathlib import Path, PurePath, PureWindowsPath
from typing import TYPE_CHECKING

import pytest

import dpc_kg
from dpc_kg.cli import inputs

if TYPE_CHECKING:
    from collections.abc import Iterator

POSIX_ONLY = ("resource", "fcntl", "pwd", "grp", "termios", "tty", "pty", "syslog")
PRELUDE = f"""
import importlib.abc, sys
blocked = set({POSIX_ONLY!r})

class Absent(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name in blocked:
            raise ModuleNotFoundError("No module named " + repr(name), name=name)

for name in blocked:
    sys.modules.pop(name, None)
sys.meta_path.insert(0, Absent())
from dpc_kg.cli import main
code = main(sys.argv[1:])
assert not blocked & set(sys.modules), blocked & set(sys.modules)
sys.exit(code)
"""
SOURCE = Path(dpc_kg.__file__).parent


def windows(*arguments: object, encoding: str = "cp1252") -> subprocess.CompletedProcess[bytes]:
    """Run the program as on Windows."""
    environment = {**os.environ, "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
    command = [sys.executable, "-c", PRELUDE, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, env=environment, timeout=120, check=False)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An office on Windows: keys and three exports, made by the program itself."""
    office = tmp_path_factory.mktemp("office")
    for name in ("aselo", "cybertipline", "primero"):
        asked = ["--records", "30", "--seed", "9", "--faults", "10", "-o", office / name]
        done = windows("generate", name, *asked)
        assert done.returncode == 0, done.stderr
    for more in (["-o", office / "partner.key"], ["--signing", "-o", office / "signing.jwk"]):
        done = windows("key", "new", *more)
        assert done.returncode == 0, done.stderr
    return office


def lift_options(office: Path, table: Path) -> list[str | Path]:
    options: list[str | Path] = ["--mapping", "primero", "--org", "example-ngo"]
    options += ["--dataset", "cases", "--key-file", office / "partner.key"]
    return [*options, "--source", f"cases={table}"]


@pytest.mark.parametrize("name", ["aselo", "cybertipline", "primero"])
def test_validate(office: Path, name: str) -> None:
    done = windows("validate", office / name, "--format", "json")
    assert (done.returncode, done.stderr) == (1, b"")
    found = json.loads(done.stdout.decode("utf-8"))["faults"]
    planted = json.loads((office / name / "planted.json").read_text(encoding="utf-8"))["faults"]
    places = {(f["file"], f["row"], f["column"], f["rule"]) for f in found}
    assert places == {(f["file"], f["row"], f["column"], f["rule"]) for f in planted}
    assert all("\\" not in file for file, *_ in places)


def test_lift_and_package(office: Path, tmp_path: Path) -> None:
    options = lift_options(office, office / "primero" / "cases.csv")
    lifted = windows("lift", *options, "-o", tmp_path / "data.nq")
    assert lifted.returncode == 0, lifted.stderr
    assert b"\r" not in (tmp_path / "data.nq").read_bytes()
    signed = ["--extracted-at", "2025-07-01", "--signing-key", office / "signing.jwk"]
    packaged = windows("package", *options, *signed, "-o", tmp_path / "a.dpcsub")
    assert packaged.returncode == 0, packaged.stderr
    assert (tmp_path / "a.dpcsub").stat().st_size > 0


def test_doctor() -> None:
    done = windows("doctor")
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_any_language_on_a_western_console(office: Path, lang: str, tmp_path: Path) -> None:
    done = windows("validate", office / "primero", "--lang", lang)
    assert (done.returncode, done.stderr) == (1, b"")
    shown = done.stdout.decode("cp1252")
    assert ("\\u06" in shown) is (lang == "ar")
    target = tmp_path / "report.txt"
    assert windows("validate", office / "primero", "--lang", lang, "-o", target).returncode == 1
    written = target.read_text(encoding="utf-8")
    assert "\\u06" not in written
    assert b"\r" not in target.read_bytes()
    if lang != "ar":
        assert shown.replace("\r\n", "\n").splitlines()[0] == written.splitlines()[0]


def test_a_report_for_programs_is_utf8_on_every_console(office: Path) -> None:
    asked = ["validate", office / "primero", "--lang", "ar", "--format", "json"]
    western, plain = windows(*asked), windows(*asked, encoding="ascii")
    assert western.stdout == plain.stdout
    assert json.loads(western.stdout.decode("utf-8"))["lang"] == "ar"


@pytest.fixture(scope="module")
def plain_quads(office: Path, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    folder = tmp_path_factory.mktemp("plain")
    table = rewritten(office / "primero" / "cases.csv", folder / "cases.csv", ",", "\n")
    done = windows("lift", *lift_options(office, table), "-o", folder / "data.nq")
    assert done.returncode == 0, done.stderr
    return (folder / "data.nq").read_bytes()


def rewritten(table: Path, out: Path, delimiter: str, ending: str, mark: str = "") -> Path:
    """Write a table again as another spreadsheet would."""
    with table.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    with out.open("w", encoding="utf-8", newline="") as file:
        file.write(mark)
        csv.writer(file, delimiter=delimiter, lineterminator=ending).writerows(rows)
    return out


@pytest.mark.parametrize(
    ("delimiter", "ending", "mark"),
    [(",", "\r\n", ""), (";", "\n", ""), (";", "\r\n", "\ufeff")],
    ids=["CRLF", "semicolon", "semicolon-CRLF-BOM"],
)
def test_a_table_as_a_spreadsheet_saves_it(
    office: Path, plain_quads: bytes, tmp_path: Path, delimiter: str, ending: str, mark: str
) -> None:
    table = office / "primero" / "cases.csv"
    other = rewritten(table, tmp_path / "cases.csv", delimiter, ending, mark)
    done = windows("lift", *lift_options(office, other), "-o", tmp_path / "other.nq")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "other.nq").read_bytes() == plain_quads
    done = windows("validate", other, "--format", "json")
    found = json.loads(done.stdout.decode("utf-8"))["faults"]
    planted = json.loads((table.parent / "planted.json").read_text(encoding="utf-8"))["faults"]
    assert [(f["row"], f["rule"]) for f in found] == sorted((f["row"], f["rule"]) for f in planted)


@pytest.mark.parametrize(
    ("option", "name", "parts"),
    [
        (r"cases=C:\data\cases.csv", "cases", ("C:\\", "data", "cases.csv")),
        (r"cases=C:\a=b\cases.csv", "cases", ("C:\\", "a=b", "cases.csv")),
        (r"report=\\server\share\r.xml", "report", ("\\\\server\\share\\", "r.xml")),
        (r"files=..\out\files.xml", "files", ("..", "out", "files.xml")),
    ],
)
def test_a_source_may_be_a_windows_path(
    monkeypatch: pytest.MonkeyPatch, option: str, name: str, parts: tuple[str, ...]
) -> None:
    assert str(inputs.named_sources([option])[name]) == option.partition("=")[2]
    monkeypatch.setattr(inputs, "Path", PureWindowsPath)
    found = inputs.named_sources([option])[name]
    assert isinstance(found, PurePath)
    assert found.parts == parts


def modules(*packages: str) -> Iterator[Path]:
    for package in packages:
        yield from sorted((SOURCE / package).rglob("*.py"))


def test_no_partner_code_imports_a_posix_module() -> None:
    found = []
    for path in modules("base", "model", "store", "lift", "validate", "exchange", "cli"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            found += [(path.name, name) for name in names if name in POSIX_ONLY]
    assert {name for name, _ in found} <= {"platform.py"}


def test_file_names_in_faults_are_written_with_slashes() -> None:
    """A path made relative becomes text by ``as_posix`` only."""
    for path in modules("lift", "validate"):
        text = path.read_text(encoding="utf-8")
        assert "os.path" not in text, path
        assert "os.sep" not in text, path
        for node in ast.walk(ast.parse(text)):
            is_text = isinstance(node, ast.Call) and getattr(node.func, "id", "") == "str"
            inner = ast.unparse(node) if is_text else ""
            assert "relative_to" not in inner, (path, inner)
