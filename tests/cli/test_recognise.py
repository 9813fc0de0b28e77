"""The mapping of an export is found by what stands in its files, however they are written."""

from __future__ import annotations

import csv
import gzip
import io
import json
import shutil
import sqlite3
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import openpyxl
import pytest

from dpc_kg.base.assets import mapping_dir, mapping_names
from dpc_kg.base.errors import MappingError, SourceError
from dpc_kg.cli.recognise import recognised
from dpc_kg.lift.generate import GenerateRequest, generate, generators

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Run

ORG = "example-org"
Made = tuple[str, Path]


@pytest.fixture(scope="module", params=generators())
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Made:
    """The mapping and the folder of an export of each generator."""
    folder = tmp_path_factory.mktemp("export") / "of-a-partner"
    planted = generate(request.param, GenerateRequest(12, 3, 0, folder, ORG))
    return planted.mapping, folder


def test_every_generator_has_a_mapping_and_every_mapping_a_generator(made: Made) -> None:
    assert made[0] in mapping_names()
    assert set(generators()) >= set(mapping_names())


def test_an_export_is_recognised_from_its_folder(made: Made) -> None:
    mapping, folder = made
    assert recognised([folder])[0] == mapping


def test_an_export_is_recognised_from_its_files(made: Made) -> None:
    mapping, folder = made
    found = recognised([folder])[1]
    files = sorted(set(found.values()) - {folder})
    if files:
        assert recognised(files) == (mapping, found)


def test_files_are_recognised_whatever_they_are_called(made: Made, tmp_path: Path) -> None:
    """Of a mapping with folders of documents, the folder is the source and has to keep its name."""
    mapping, folder = made
    found = recognised([folder])[1]
    files = sorted({p for p in found.values() if p.is_file()})
    if len(files) != len(set(found.values())):
        return
    plain = [tmp_path / f"sent-{number}{p.suffix}" for number, p in enumerate(files)]
    for file, other in zip(files, plain, strict=True):
        shutil.copyfile(file, other)
    as_called = dict(zip(files, plain, strict=True))
    expected = {name: as_called[path] for name, path in found.items()}
    assert recognised(plain) == (mapping, expected)
    assert recognised([tmp_path]) == (mapping, expected)


def test_an_empty_optional_source_is_left_out(tmp_path: Path) -> None:
    book = _book_of(tmp_path / "a.xlsx", {"Incident Data": _gbvims("incident-data")})
    assert recognised([book]) == ("gbvims", {"incident-data": book})


def test_two_sheets_are_two_sources(tmp_path: Path) -> None:
    sheets = {"Menu Data": _gbvims("menu-data"), "Incident Data": _gbvims("incident-data")}
    book = _book_of(tmp_path / "A.XLSX", {"Read me": [["About this file"]], **sheets})
    both = {"incident-data": book, "menu-data": book}
    assert recognised([book]) == ("gbvims", both)
    assert recognised([book], "gbvims") == ("gbvims", both)


# -- one table in every form


Rows = list[list[str]]


def _rows(path: Path) -> Rows:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def _primero() -> Rows:
    return _rows(mapping_dir("primero") / "sample.csv")


def _gbvims(source: str) -> Rows:
    return _rows(mapping_dir("gbvims") / f"sample.{source}.csv")


def _text(rows: Rows, delimiter: str) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return out.getvalue()


def _book_of(path: Path, sheets: dict[str, Rows]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    with path.open("wb") as file:
        book.save(file)
    return path


def _book(folder: Path) -> Path:
    return _book_of(folder / "download.xlsx", {"Sheet1": _primero()})


def _several_sheets(folder: Path) -> Path:
    sheets = {"Notes": [["Made by us"]], "Sheet2": _primero()}
    return _book_of(folder / "DOWNLOAD.XLSX", sheets)


def _tabs(folder: Path) -> Path:
    path = folder / "download.TSV"
    path.write_text(_text(_primero(), "\t"), encoding="utf-8", newline="")
    return path


def _semicolons_of_windows(folder: Path) -> Path:
    path = folder / "download.CSV"
    rows = [*_primero(), ["café"] * len(_primero()[0])]
    path.write_bytes(_text(rows, ";").encode("cp1252", errors="replace"))
    return path


def _unicode_text(folder: Path) -> Path:
    path = folder / "download.txt"
    path.write_text(_text(_primero(), "\t"), encoding="utf-16", newline="")
    return path


def _packed(folder: Path) -> Path:
    path = folder / "download.csv.gz"
    path.write_bytes(gzip.compress(_text(_primero(), ",").encode()))
    return path


def _zipped(folder: Path) -> Path:
    path = folder / "download.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("any.csv", _text(_primero(), ","))
    return path


def _database(folder: Path) -> Path:
    path = folder / "download.sqlite"
    header, *rows = _primero()
    con = sqlite3.connect(path)
    con.execute(f"CREATE TABLE t ({', '.join(f'[{h}]' for h in header)})")
    con.executemany(f"INSERT INTO t VALUES ({', '.join('?' * len(header))})", rows)
    con.commit()
    con.close()
    return path


def _parquet(folder: Path) -> Path:
    path, text = folder / "download.parquet", folder / "sent.txt"
    text.write_text(_text(_primero(), ","), encoding="utf-8", newline="")
    con = duckdb.connect()
    con.execute(f"COPY (FROM read_csv('{text}', all_varchar=true)) TO '{path}' (FORMAT parquet)")
    con.close()
    text.unlink()
    return path


def _records(folder: Path) -> Path:
    path = folder / "download.json"
    header, *rows = _primero()
    cells = [dict(zip(header, row, strict=True)) for row in rows]
    records = [{"id": c.pop("id"), "data": c} for c in cells]
    path.write_text(json.dumps({"data": records}), encoding="utf-8")
    return path


FORMS = (
    _book,
    _several_sheets,
    _tabs,
    _semicolons_of_windows,
    _unicode_text,
    _packed,
    _zipped,
    _database,
    _parquet,
    _records,
)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__[1:])
def test_a_table_is_recognised_in_every_form(form: Callable[[Path], Path], tmp_path: Path) -> None:
    path = form(tmp_path)
    expected = ("primero", {"cases": path})
    assert recognised([path]) == expected
    (tmp_path / "readme.txt").write_text("What this is.\n", encoding="utf-8")
    (tmp_path / "~$download.xlsx").write_bytes(b"\x05owner")
    assert recognised([tmp_path]) == expected


def test_the_other_encoding_is_then_told_as_a_fault(run: Run, tmp_path: Path) -> None:
    done = run("validate", _semicolons_of_windows(tmp_path))
    assert (done.code, done.err) == (1, "")
    assert "[source:encoding]" in done.out


# -- headers in another language


def _in_french(folder: Path) -> tuple[Path, Path]:
    """Give an incident table whose headers are made up, and the folder that says what they are."""
    header, *rows = _gbvims("incident-data")
    locale = folder / "locale"
    locale.mkdir()
    lines = ["fr:", "  exports:", "    incident_recorder_xls:", "      headers:"]
    lines += [f'        {name}: "En-tête {number}"' for number, name in enumerate(header)]
    (locale / "fr.yml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    french = [f"En-tête {number}" for number in range(len(header))]
    return _book_of(folder / "ventes.xlsx", {"Incident Data": [french, *rows]}), locale


def test_headers_of_a_deployment_are_known_by_its_definitions(tmp_path: Path) -> None:
    book, locale = _in_french(tmp_path)
    assert recognised([book], None, locale) == ("gbvims", {"incident-data": book})
    assert recognised([book], "gbvims", locale) == ("gbvims", {"incident-data": book})
    with pytest.raises(MappingError, match="give --mapping and --definitions"):
        recognised([book])


# -- what is refused, and how


def test_a_header_below_a_title_is_told_with_its_row(run: Run, tmp_path: Path) -> None:
    rows = [["Cases of this year"], [], *_primero()]
    book = _book_of(tmp_path / "download.xlsx", {"Sheet1": rows})
    table = tmp_path / "download.csv"
    table.write_text(_text(rows, ","), encoding="utf-8", newline="")
    for path in (book, table):
        for more in ([], ["--mapping", "primero"]):
            done = run("validate", path, *more)
            assert (done.code, done.out) == (2, "")
            assert "row 3" in done.err
            assert "Delete the rows above it" in done.err


def test_what_came_nearest_is_told_in_words_of_the_mapping(run: Run, tmp_path: Path) -> None:
    header, *rows = _primero()
    kept = len(header) // 3
    table = tmp_path / "download.csv"
    own = ["secret heading", *header[:kept]]
    body = [["secret value", *row[:kept]] for row in rows]
    table.write_text(_text([own, *body], ","), encoding="utf-8", newline="")
    done = run("validate", table)
    assert (done.code, done.out) == (2, "")
    assert "Nearest is primero (source cases), which also needs: " in done.err
    assert "Say it with --mapping" in done.err
    assert "secret" not in done.err


def test_a_part_of_an_export_is_told_to_be_one(run: Run, tmp_path: Path) -> None:
    table = tmp_path / "download.csv"
    shutil.copyfile(mapping_dir("primero") / "sample.incidents.csv", table)
    done = run("validate", table)
    assert (done.code, done.out) == (2, "")
    assert "mapping primero: No file was found for the source cases." in done.err


def test_two_files_of_one_source_are_not_chosen_between(tmp_path: Path) -> None:
    for name in ("north.csv", "south.csv"):
        shutil.copyfile(mapping_dir("primero") / "sample.csv", tmp_path / name)
    with pytest.raises(MappingError, match="Several files fit the source cases"):
        recognised([tmp_path])
    (tmp_path / "cases.csv").write_bytes((tmp_path / "north.csv").read_bytes())
    assert recognised([tmp_path]) == ("primero", {"cases": tmp_path / "cases.csv"})


BROKEN = {
    "empty.csv": (b"", "empty-file"),
    "blank.csv": (b" \r\n\r\n", "empty-file"),
    "bytes.csv": (bytes(range(256)) * 8, "encoding"),
    "late.csv": (b"a,b\n1,2\n3,\xff\n", "encoding"),
    "bytes.json": (bytes(range(256)) * 8, "encoding"),
    "torn.xlsx": (b"PK\x03\x04 and so on", "unreadable"),
    "torn.csv.gz": (gzip.compress(b"a,b\n" * 99)[:-12], "unreadable"),
    "old.xls": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "unreadable"),
    "torn.parquet": (b"PAR1 and so on", "unreadable"),
    "torn.sqlite": (b"SQLite format 3\x00" + b"\xff" * 200, "unreadable"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_file_that_cannot_be_read_is_a_fault_of_the_export(tmp_path: Path, name: str) -> None:
    content, rule = BROKEN[name]
    (tmp_path / name).write_bytes(content)
    for given in ([tmp_path / name], [tmp_path]):
        with pytest.raises(SourceError) as caught:
            recognised(given)
        assert (caught.value.rule, caught.value.file) == (rule, name)


def test_the_mark_of_an_open_workbook_is_told_for_what_it_is(tmp_path: Path) -> None:
    mark = tmp_path / "~$download.xlsx"
    mark.write_bytes(b"\x05owner")
    with pytest.raises(MappingError, match="Name the workbook itself"):
        recognised([mark])


def test_a_few_common_names_are_no_mapping(tmp_path: Path) -> None:
    table, document = tmp_path / "any.csv", tmp_path / "any.json"
    table.write_text("year,reports,shop,price,colour,size\n2024,1,a,2,b,3\n", encoding="utf-8")
    document.write_text('{"id": 1, "createdAt": "2024-01-01"}', encoding="utf-8")
    for path in (table, document):
        with pytest.raises(MappingError, match="not clear which system"):
            recognised([path])


def test_a_long_document_is_recognised_by_its_beginning(tmp_path: Path) -> None:
    sample = json.loads((mapping_dir("hash-lists") / "sample.case.json").read_text("utf-8"))
    sample["value"][0]["Media"] *= 2000
    path = tmp_path / "any.json"
    path.write_text(json.dumps(sample), encoding="utf-8")
    assert recognised([path]) == ("hash-lists", {"vics-case": path})


@pytest.mark.parametrize("name", ["kobo.json", "files.xml"])
def test_a_broken_document_is_recognised_by_its_names(run: Run, tmp_path: Path, name: str) -> None:
    """So that its fault is told, and not that its system is not clear."""
    mapping = {"kobo.json": "ngo", "files.xml": "cybertipline"}[name]
    folder = mapping_dir(mapping)
    if name == "kobo.json":
        text = (folder / "sample.kobo.json").read_text(encoding="utf-8").replace(":", ": ,", 1)
        (tmp_path / name).write_text(text, encoding="utf-8")
    else:
        shutil.copyfile(folder / "sample.report.xml", tmp_path / "report.xml")
        text = (folder / "sample.files.xml").read_text(encoding="utf-8").partition("?>")[2]
        (tmp_path / name).write_text(f"<!DOCTYPE x>{text}", encoding="utf-8")
    done = run("validate", tmp_path)
    assert (done.code, done.err) == (1, "")
    assert f"{name}" in done.out
    assert "[source:" in done.out
