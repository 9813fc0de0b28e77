"""What a partner hands over by mistake is told for what it is, with its place."""

import json
from pathlib import Path

import pytest

from dpc_kg.base.assets import mapping_dir
from dpc_kg.cli import main

Caught = pytest.CaptureFixture[str]


def test_a_coalition_key_is_another_key(tmp_path: Path, capsys: Caught) -> None:
    key, out = tmp_path / "one.key", tmp_path / "out.nq"
    key.write_text("11" * 32 + "\n", encoding="ascii")
    keys = ["--key-file", str(key), "--coalition-key-file", str(key)]
    source = ["--source", f"cases={mapping_dir('primero') / 'sample.csv'}"]
    code = main(["lift", "--mapping", "primero", *source, "--org", "an-org", *keys, "-o", str(out)])
    assert code == 2
    assert "are the same" in capsys.readouterr().err
    assert not out.exists()


def test_a_workbook_that_is_none_is_refused(tmp_path: Path, capsys: Caught) -> None:
    book = tmp_path / "export.xlsx"
    book.write_bytes(b"PK\x03\x04 and so on")
    assert main(["validate", str(book), "--mapping", "primero"]) in {1, 2}
    said = capsys.readouterr()
    assert "export.xlsx" in said.out + said.err


def test_every_missing_column_is_named_with_its_row(tmp_path: Path, capsys: Caught) -> None:
    table = tmp_path / "cases.csv"
    table.write_text("id,age\n1,2\n", encoding="utf-8")
    assert main(["validate", str(table), "--mapping", "primero", "--format", "json"]) == 1
    faults = json.loads(capsys.readouterr().out)["faults"]
    assert len(faults) > 5
    assert {(f["row"], f["rule"]) for f in faults} == {(1, "source:missing-column")}


def test_a_column_twice_is_not_a_missing_one(tmp_path: Path, capsys: Caught) -> None:
    table = tmp_path / "cases.csv"
    header = (mapping_dir("primero") / "sample.csv").read_text(encoding="utf-8").splitlines()[0]
    table.write_text(f"{header},age\n", encoding="utf-8")
    assert main(["validate", str(table), "--mapping", "primero", "--format", "json"]) == 1
    (fault,) = json.loads(capsys.readouterr().out)["faults"]
    assert (fault["rule"], fault["column"]) == ("source:duplicate-column", "age")


def test_a_quote_is_told_with_its_line(tmp_path: Path, capsys: Caught) -> None:
    table = tmp_path / "cases.csv"
    header = (mapping_dir("primero") / "sample.csv").read_text(encoding="utf-8").splitlines()[0]
    table.write_text(f'{header}\n1,"x\n', encoding="utf-8")
    assert main(["validate", str(table), "--mapping", "primero", "--format", "json"]) == 1
    (fault,) = json.loads(capsys.readouterr().out)["faults"]
    assert (fault["rule"], fault["line"]) == ("source:quote", 2)


def _hotline(folder: Path, *names: str) -> Path:
    """Give a folder with the named sources of the hotline's sample."""
    folder.mkdir()
    for name in names:
        sample = mapping_dir("hotline") / f"sample.{name}"
        (folder / name).write_bytes(sample.read_bytes())
    return folder


@pytest.mark.parametrize("more", [[], ["--mapping", "hotline"]], ids=["guessed", "named"])
def test_an_optional_source_needs_no_file(tmp_path: Path, capsys: Caught, more: list[str]) -> None:
    folder = _hotline(tmp_path / "export", "iwf.json")
    assert main(["validate", str(folder), *more, "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["faults"] == []


def test_at_least_one_source_needs_a_file(tmp_path: Path, capsys: Caught) -> None:
    (tmp_path / "export").mkdir()
    assert main(["validate", str(tmp_path / "export"), "--mapping", "hotline"]) == 2
    assert "--source exchange=PATH --source iwf=PATH" in capsys.readouterr().err


def test_a_file_that_fits_no_source_is_named(tmp_path: Path, capsys: Caught) -> None:
    folder = _hotline(tmp_path / "export", "iwf.json")
    other = folder / "other.json"
    other.write_text("{}", encoding="utf-8")
    code = main(["validate", str(folder / "iwf.json"), str(other), "--mapping", "hotline"])
    said = capsys.readouterr().err
    assert code == 2
    assert "This file fits no source." in said
    assert "other.json" in said
