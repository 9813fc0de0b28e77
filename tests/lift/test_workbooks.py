"""Workbooks: cells as a person sees them, at their row; what shows no value is told."""

import datetime as dt
import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter

from dpc_kg.base.errors import SourceError

DAY, MOMENT, CLOCK = "yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss", "hh:mm:ss"
NAMES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
)


def xlsx(path: Path, *sheets: tuple[str, Any]) -> Path:
    """Write a workbook; a cell (value, format) has that number format."""
    book = xlsxwriter.Workbook(str(path))
    for title, rows in sheets:
        sheet = book.add_worksheet(title)
        for at, row in enumerate(rows):
            for place, given in enumerate(row):
                value, style = given if isinstance(given, tuple) else (given, None)
                made = book.add_format({"num_format": style}) if style else None
                sheet.write(at, place, value, made)
    book.close()
    return path


def ods(path: Path, rows: str) -> Path:
    body = (
        f'<?xml version="1.0"?><office:document-content {NAMES}><office:body><office:spreadsheet>'
        f'<table:table table:name="A&amp;B"><table:table-column/>{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", body)
        archive.writestr("META-INF/manifest.xml", "<m/>")
    return path


def cell(text: str, kind: str = "string", value: str = "", more: str = "") -> str:
    name = {"date": "date-value", "boolean": "boolean-value"}.get(kind, "value")
    held = f' office:{name}="{value}"' if value else ""
    return (
        f'<table:table-cell office:value-type="{kind}"{held}{more}>'
        f"<text:p>{text}</text:p></table:table-cell>"
    )


def line(*cells: str, more: str = "") -> str:
    return f"<table:table-row{more}>{''.join(cells)}</table:table-row>"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (5, "5"),
        (5.0, "5"),
        (1.5, "1.5"),
        (0.1 + 0.2, "0.3"),
        (1e-7, "0.0000001"),
        (2024010112345678, "2024010112345678"),
        (-0.0, "0"),
        (True, "true"),
        ("1.50", "1.50"),
        ("007", "007"),
        (" x\ny ", " x\ny "),
        ("#REF!", "#REF!"),
        ((dt.datetime(2024, 5, 1), DAY), "2024-05-01"),
        ((dt.datetime(2024, 5, 1, 23, 59, 59), MOMENT), "2024-05-01T23:59:59"),
        ((dt.time(10, 30), CLOCK), "10:30:00"),
        ((1.5, "[h]:mm:ss"), "36:00:00"),
        ((0.25, "0%"), "0.25"),
    ],
)
def test_a_cell_reads_as_it_shows(
    read_table: Callable[..., Any], tmp_path: Path, value: Any, text: str
) -> None:
    path = xlsx(tmp_path / "t.xlsx", ("S", [["id"], [value]]))
    assert in_process(path, ["id"]) == [(2, [text])]


def in_process(path: Path, names: list[str]) -> list[tuple[int, list[str | None]]]:
    """Read a workbook by the worker's own reader, without a process."""
    from dpc_kg.lift.sources.grid import Job
    from dpc_kg.lift.sources.workbooks import read_workbook

    grid = read_workbook(Job("workbook", path, path.name, tuple(names)))
    return [(row, texts) for row, texts, _ in grid.rows]


def test_a_workbook_in_place_of_a_csv(read_table: Callable[..., Any], tmp_path: Path) -> None:
    rows = [["id", "note", "a", "b"], [1, "secret", "x", "y"], [], [2, None, "é", None]]
    made = read_table(xlsx(tmp_path / "t.xlsx", ("S", rows)), key="id")
    assert made.rows == [(2, "1", "x", "y"), (4, "2", "é", None)]
    assert dict(made.loaded.cells) == {"id": 2, "note": 1, "a": 2, "b": 1}
    assert (made.loaded.letter("b"), made.loaded.rows) == ("D", 2)
    again = read_table(xlsx(tmp_path / "u.xlsx", ("S", rows[:2])), key="id")
    assert again.digests == made.digests[:1]


def test_a_table_that_begins_further_in(read_table: Callable[..., Any], tmp_path: Path) -> None:
    rows = [["Cases of 2024"], [], ["", "id", "a", "b"], ["", 1, "x", "y"]]
    path = xlsx(tmp_path / "t.xlsx", ("S", rows))
    with pytest.raises(SourceError) as caught:
        read_table(path)
    assert (caught.value.rule, caught.value.sheet) == ("missing-column", "S")
    made = read_table(path, options=(("skipRows", "2"),))
    assert made.rows == [(4, "1", "x", "y")]
    assert made.loaded.letter("id") == "B"


def test_an_error_or_a_formula_without_value_is_told(
    read_table: Callable[..., Any], tmp_path: Path
) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["id", "a", "b"], [1, "=1+1", "x"], [2, "#N/A", "#DIV/0!"], [3, "y", "z"]):
        sheet.append(row)
    book.save(tmp_path / "t.xlsx")
    made = read_table(tmp_path / "t.xlsx")
    assert made.rejects == [(2, "a", "cell-error"), (3, "a", "cell-error"), (3, "b", "cell-error")]
    assert made.rows == [(2, "1", None, "x"), (3, "2", None, None), (4, "3", "y", "z")]


def test_a_formula_gives_the_value_saved_with_it(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(str(tmp_path / "t.xlsx"))
    sheet = book.add_worksheet("S")
    sheet.write_row(0, 0, ["id", "a", "b"])
    sheet.write_formula(1, 0, "=1+1", None, 2)
    sheet.write_formula(1, 1, '=""', None, "")
    sheet.write_formula(1, 2, '="x"', None, "x")
    book.close()
    assert in_process(tmp_path / "t.xlsx", ["id", "a", "b"]) == [(2, ["2", None, "x"])]


def test_cells_that_a_joined_one_covers_are_told(
    read_table: Callable[..., Any], tmp_path: Path
) -> None:
    book = xlsxwriter.Workbook(str(tmp_path / "t.xlsx"))
    sheet = book.add_worksheet("S")
    sheet.write_row(0, 0, ["id", "a", "note"])
    sheet.write_row(1, 0, [1, "x"])
    sheet.merge_range(2, 1, 4, 1, "joined")
    sheet.merge_range(1, 2, 4, 2, "not mapped")
    sheet.write_column(2, 0, [2, 3, 4])
    book.close()
    made = read_table(tmp_path / "t.xlsx", "id a")
    assert made.rejects == [(4, "a", "cell-error"), (5, "a", "cell-error")]
    assert [row for row, *_ in made.rows] == [2, 3, 4, 5]


GOOD = [["id", "a", "b"], [1, "x", "y"]]


def test_the_sheet_that_is_meant(read_table: Callable[..., Any], tmp_path: Path) -> None:
    other = ("Notes", [["about"], ["z"]])
    both = xlsx(tmp_path / "t.xlsx", other, ("Cases", GOOD))
    assert read_table(both).rows == [(2, "1", "x", "y")]
    twice = xlsx(tmp_path / "u.xlsx", ("One", GOOD), ("Two", [GOOD[0], [2, "u", "v"]]))
    with pytest.raises(SourceError, match="2 sheets"):
        read_table(twice)
    assert read_table(twice, table="Two").rows == [(2, "2", "u", "v")]
    with pytest.raises(SourceError, match="no sheet"):
        read_table(twice, table="Three")
    with pytest.raises(SourceError) as caught:
        read_table(xlsx(tmp_path / "v.xlsx", other, ("Cases", [["id", "a"], [1, 2]])))
    assert (caught.value.rule, caught.value.columns) == ("missing-column", ("b",))


def test_a_hidden_sheet_is_not_looked_at(read_table: Callable[..., Any], tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for title, state in (("Old", "hidden"), ("New", "visible")):
        sheet = book.create_sheet(title)
        sheet.sheet_state = state
        sheet.append(GOOD[0])
        sheet.append([title, "x", "y"])
    book.remove(book["Sheet"])
    book.active = 1
    book.save(tmp_path / "t.xlsx")
    assert read_table(tmp_path / "t.xlsx").rows == [(2, "New", "x", "y")]


def test_an_open_document_sheet(read_table: Callable[..., Any], tmp_path: Path) -> None:
    blank = '<table:table-cell table:number-columns-repeated="16384"/>'
    error = cell("#REF!", more=' table:formula="of:=#REF!" calcext:value-type="error"')
    wide = cell("joined", more=' table:number-rows-spanned="2" table:number-columns-spanned="1"')
    rows = (
        line(cell("id"), cell("a"), cell("b"))
        + line(blank, more=' table:number-rows-repeated="2"')
        + line(cell("1", "float", "1"), cell("01/05/24", "date", "2024-05-01"), cell("é"))
        + line(cell("2", "float", "2"), error, wide)
        + line(cell("3", "float", "3"), cell("T", "boolean", "true"), "<table:covered-table-cell/>")
        + line(blank, more=' table:number-rows-repeated="1048000"')
    )
    made = read_table(ods(tmp_path / "t.ods", rows), table="A&B")
    assert made.rows[0] == (4, "1", "2024-05-01", "é")
    assert [row for row, *_ in made.rows] == [4, 5, 6]
    assert made.rows[2][2] == "true"
    assert made.rejects == [(5, "a", "cell-error"), (6, "b", "cell-error")]


def test_a_published_workbook_is_read(shared: Path) -> None:
    from dpc_kg.lift.sources.sheets import look_at

    path = shared / "data/standards/htcds/HTCDS-Field-Standards-2.0.ods"
    seen = look_at(path, path.name)
    title = max(seen, key=lambda t: seen[t].rows)
    from dpc_kg.lift.sources.grid import Job
    from dpc_kg.lift.sources.workbooks import read_workbook

    grid = read_workbook(Job("workbook", path, path.name, (), table=title))
    assert len(list(grid.rows)) > 10


@pytest.mark.parametrize("cut", [10, 100, -30])
def test_a_damaged_workbook(read_table: Callable[..., Any], tmp_path: Path, cut: int) -> None:
    path = xlsx(tmp_path / "t.xlsx", ("S", GOOD))
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(SourceError) as caught:
        read_table(path)
    assert caught.value.file == "t.xlsx"
    assert caught.value.advice


def test_a_workbook_without_a_sheet_part(read_table: Callable[..., Any], tmp_path: Path) -> None:
    source = xlsx(tmp_path / "t.xlsx", ("S", GOOD))
    buffer = io.BytesIO()
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(buffer, "w") as new:
        for info in old.infolist():
            if info.filename != "xl/worksheets/sheet1.xml":
                new.writestr(info, old.read(info))
    source.write_bytes(buffer.getvalue())
    with pytest.raises(SourceError):
        read_table(source)
