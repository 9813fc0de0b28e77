"""Workbooks made to do harm (attacks 39, 40, 41, 47): refused soon, by a worker that may die."""

import io
import os
import struct
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from dpc_kg.base.errors import SourceError
from dpc_kg.lift.sources import limits

SECONDS = 20
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX limits")
NAMES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
)


def workbook(path: Path, sheet: str | None = None, **parts: str) -> Path:
    """Write a small workbook with the rows of its sheet, or other parts, put in the place of."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    book.add_worksheet("S").write_row(0, 0, ["id", "a", "b"])
    book.close()
    with zipfile.ZipFile(buffer) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            text = old.read(info).decode()
            if sheet is not None and info.filename == "xl/worksheets/sheet1.xml":
                start, end = text.index("<sheetData"), text.index("</sheetData>") + 12
                text = f"{text[:start]}<sheetData>{sheet}</sheetData>{text[end:]}"
            new.writestr(info.filename, text, zipfile.ZIP_DEFLATED)
        for name, text in parts.items():
            new.writestr(name, text, zipfile.ZIP_DEFLATED)
    return path


def refused(read_table: Callable[..., Any], path: Path) -> SourceError:
    start = time.monotonic()
    with pytest.raises(SourceError) as caught:
        read_table(path)
    assert time.monotonic() - start < SECONDS
    assert caught.value.advice
    return caught.value


HEAD = '<row r="1"><c r="A1" t="inlineStr"><is><t>id</t></is></c></row>'


@pytest.mark.parametrize(
    "cells",
    [
        pytest.param('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>', id="far"),
        pytest.param('<row r="1048576"><c><v>1</v></c></row>', id="far row, no name"),
        pytest.param('<x:row r="9"><x:c r="A900000"><x:v>1</x:v></x:c></x:row>', id="prefix"),
        pytest.param("<row r='9'><c  s='1'\n r='A900000'><v>1</v></c></row>", id="marks"),
        pytest.param('<row r="40000"><c r="XFD40000"><v>1</v></c></row>', id="wide and long"),
    ],
)
def test_a_lone_cell_far_out(read_table: Callable[..., Any], tmp_path: Path, cells: str) -> None:
    path = workbook(tmp_path / "t.xlsx", HEAD + cells)
    assert path.stat().st_size < 10_000
    assert "too large" in refused(read_table, path).message


def test_a_blank_cell_far_out_is_no_harm(read_table: Callable[..., Any], tmp_path: Path) -> None:
    head = "".join(
        f'<c r="{c}1" t="inlineStr"><is><t>{n}</t></is></c>'
        for c, n in zip("ABC", ("id", "a", "b"), strict=True)
    )
    far = '<row r="1048576" s="1"><c r="XFD1048576" s="1"/></row>'
    path = workbook(
        tmp_path / "t.xlsx", f'<row r="1">{head}</row><row r="2"><c r="A2"><v>1</v></c></row>{far}'
    )
    assert read_table(path).rows == [(2, "1", None, None)]


def test_more_rows_than_declared(read_table: Callable[..., Any], tmp_path: Path) -> None:
    rows = "".join(f'<row r="{r}"><c r="A{r}"><v>1</v></c></row>' for r in (2, 50_001))
    path = workbook(tmp_path / "t.xlsx", HEAD + rows)
    assert "50,000" in refused(read_table, path).message
    assert len(read_table(path, "id", options=(("maxRows", "60000"),)).rows) == 2


def test_a_sheet_that_grows_too_much(read_table: Callable[..., Any], tmp_path: Path) -> None:
    path = workbook(tmp_path / "t.xlsx", HEAD + " " * (30 << 20))
    assert "grows more than 100 times" in refused(read_table, path).message


@pytest.mark.parametrize("part", ["xl/worksheets/sheet2.xml", "docProps/more.xml"])
def test_an_entity_anywhere(read_table: Callable[..., Any], tmp_path: Path, part: str) -> None:
    laughs = '<!DOCTYPE s [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><s>&b;</s>'
    path = workbook(tmp_path / "t.xlsx", **{part: laughs})
    assert refused(read_table, path).rule == "doctype"


def test_a_member_that_leads_out(read_table: Callable[..., Any], tmp_path: Path) -> None:
    path = workbook(tmp_path / "t.xlsx", **{"../../evil.xml": "<a/>"})
    assert "leads out" in refused(read_table, path).message
    assert [p.name for p in tmp_path.iterdir()] == ["t.xlsx"]


@pytest.mark.parametrize(
    ("rows", "columns", "more"),
    [(1_048_576, 16_384, ' office:value-type="float" office:value="1"'), (9, 1_000_000_0, "")],
)
def test_an_open_document_of_repeated_cells(
    read_table: Callable[..., Any], tmp_path: Path, rows: int, columns: int, more: str
) -> None:
    body = (
        f'<?xml version="1.0"?><office:document-content {NAMES}><office:body><office:spreadsheet>'
        f'<table:table table:name="S"><table:table-row table:number-rows-repeated="{rows}">'
        f'<table:table-cell table:number-columns-repeated="{columns}"{more}><text:p>1</text:p>'
        "</table:table-cell></table:table-row></table:table></office:spreadsheet></office:body>"
        "</office:document-content>"
    )
    path = tmp_path / "t.ods"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", body)
        archive.writestr("META-INF/manifest.xml", "<m/>")
    assert "too large" in refused(read_table, path).message


def compound(*names: str) -> bytes:
    """Write an OLE container (as XLS and locked workbooks are) of empty streams."""
    free, end, table = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
    head = struct.pack("<8s16xHHHHH6x", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 62, 3, 0xFFFE, 9, 6)
    head += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, end, 0, end, 0)
    head += struct.pack("<109I", 0, *[free] * 108)
    fat = struct.pack("<128I", table, end, *[free] * 126)
    entries = [
        _entry("Root Entry", 5, 1, free),
        *(_entry(n, 2, free, i + 2 if i + 1 < len(names) else free) for i, n in enumerate(names)),
    ]
    entries += [b"\0" * 128] * (4 - len(entries))
    return head + fat + b"".join(entries) + b"\0" * 512


def _entry(name: str, kind: int, child: int, right: int) -> bytes:
    text = name.encode("utf-16-le")
    start = 0xFFFFFFFE
    return struct.pack(
        "<64sHBBIII36xIQ", text, len(text) + 2, kind, 1, 0xFFFFFFFF, right, child, start, 0
    )


def test_a_locked_workbook_says_so(read_table: Callable[..., Any], tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    path.write_bytes(compound("EncryptionInfo", "EncryptedPackage"))
    told = refused(read_table, path)
    assert "locked workbook" in told.message
    assert "without a password" in str(told)


def test_an_old_workbook_that_is_none(read_table: Callable[..., Any], tmp_path: Path) -> None:
    path = tmp_path / "t.xls"
    for data in (compound("Other"), compound("Workbook"), compound("Workbook")[:700]):
        path.write_bytes(data)
        refused(read_table, path)


@POSIX
def test_a_worker_that_passes_its_memory_dies_alone(
    read_table: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # with the look at the parts taken away, the library itself would take 400 GB
    worker = tmp_path / "sitecustomize.py"
    worker.write_text(
        "from dpc_kg.lift.sources import limits\nlimits.MAX_AREA = limits.MAX_ROWS = 10**12\n",
        encoding="utf-8",
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=os.pathsep)
    path = workbook(
        tmp_path / "t.xlsx", HEAD + '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    )
    assert "memory" in refused(read_table, path).message


def test_a_file_name_cannot_write_to_a_terminal(
    read_table: Callable[..., Any], tmp_path: Path
) -> None:
    path = workbook(tmp_path / "t\x1b[31m\u202e.xlsx")
    text = str(refused(read_table, path))
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "t\\x1b[31m\\u202e.xlsx" in text


def test_the_caps_are_those_of_the_contract() -> None:
    assert (limits.MAX_RATIO, limits.MAX_ROWS, limits.MEMORY) == (100, 50_000, 1 << 30)
