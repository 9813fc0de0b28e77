"""The partner's own table given back: a copy with coloured cells, comments and a sheet of faults.

A workbook is copied cell by cell as openpyxl keeps it, and only marks are added; of a text table
a workbook of texts is made. The partner's own file is never written.
"""

import csv
import io
import warnings
import zipfile
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import column_index_from_string, get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink

from dpc_kg.base.errors import DpcError, NotSupported
from dpc_kg.base.faults import Fault
from dpc_kg.base.settings import RIGHT_TO_LEFT
from dpc_kg.lift.sources.dialect import Style, find_dialect, records
from dpc_kg.validate.forms.grid import HEADS, cells
from dpc_kg.validate.report import CheckReport, Group, groups
from dpc_kg.validate.wording import word

BOOKS = (".xlsx", ".xlsm")
TABLES = (*BOOKS, ".csv", ".tsv")
"""Endings of the files that can be given back."""

_COLOURS = {"Violation": "FFF4B6B0", "Warning": "FFFFE8A3", "Info": "FFCFE3F7"}
_WEIGHTS = ("Violation", "Warning", "Info")
_AUTHOR = "dpc-kg"
_WIDTH, _HEIGHT = 320, 140
_LONGEST = 32_767
_OTHER = "Use another form of the report, such as --format html."
_MOST_ROWS = 1_048_576
"""Rows that a sheet has room for."""

Cell = tuple[str | None, int, int]
"""Sheet, row and column of a cell, from 1."""


def to_marked(report: CheckReport, table: Path, lang: str = "en", *, name: str = "") -> bytes:
    """Give a copy of a table with the faults of the report marked in it, as an XLSX file.

    ``name`` is what the report calls the file, if not by its own name. Faults of other files are
    left out.

    Raises:
        NotSupported: it is neither a workbook of the XLSX kind nor a text table.
        DpcError: the table is damaged, or has more rows than a sheet has room for.
    """
    name = name or table.name
    told = (fault for _, found in report.parts for fault in found)
    own = [fault for fault in told if fault.file == name]
    if table.suffix.lower() in BOOKS:
        book = _opened(table)
    elif table.suffix.lower() in TABLES:
        book = _from_text(table, report.headers.get(name, ()))
    else:
        raise NotSupported(
            "Only XLSX workbooks and CSV tables can be given back with marks.",
            file=table.name,
            advice=_OTHER,
        )
    found = groups(report, own, lang)
    _mark(book, report, found, lang)
    _fault_sheet(book, report, found, lang, name)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _opened(table: Path) -> Any:
    try:
        with warnings.catch_warnings():
            # parts that openpyxl does not keep (a chart, say) are no concern of the marks
            warnings.simplefilter("ignore")
            return load_workbook(table, keep_vba=table.suffix.lower() == ".xlsm")
    except (OSError, KeyError, ValueError, zipfile.BadZipFile) as e:
        raise _no_copy(table) from e


def _from_text(table: Path, header: tuple[str, ...]) -> Any:
    """Make a workbook of a text table: every cell a text, so that nothing is read as a number."""
    book = Workbook()
    sheet = book.active
    sheet.title = _title(table.stem)
    dialect = find_dialect(table, table.name, set(header), Style())
    try:
        with records(table, dialect.delimiter, Style()) as rows:
            for number, _, texts in rows:
                if number > _MOST_ROWS:
                    raise _too_long(table)
                for place, text in enumerate(texts, start=1):
                    if text:
                        _write_text(sheet.cell(number, place), text)
    except (csv.Error, UnicodeDecodeError) as e:
        raise _no_copy(table) from e
    return book


def _write_text(cell: Any, text: str) -> None:
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", text)[:_LONGEST]
    cell.data_type = "s"


def _too_long(table: Path) -> DpcError:
    return DpcError(
        f"A sheet has no room for more than {_MOST_ROWS} rows.", file=table.name, advice=_OTHER
    )


def _no_copy(table: Path) -> DpcError:
    return DpcError("No copy can be made of this table.", file=table.name, advice=_OTHER)


def _title(name: str) -> str:
    return "".join("_" if letter in r"[]:*?/\'" else letter for letter in name)[:31] or "Sheet1"


def _mark(book: Any, report: CheckReport, found: Iterable[Group], lang: str) -> None:
    """Colour each cell by its heaviest fault, and say in a comment what is wrong with it."""
    texts: defaultdict[Cell, list[str]] = defaultdict(list)
    weight: dict[Cell, str] = {}
    for group in found:
        for fault in group.faults:
            place = _cell(report, fault)
            if place is None:
                continue
            texts[place].append(group.said.hinted(report.hint(fault, lang)))
            known = weight.get(place, fault.severity)
            weight[place] = min(known, fault.severity, key=_WEIGHTS.index)
    for place, told in texts.items():
        _mark_cell(book, place, "\n\n".join(told), weight[place])


def _mark_cell(book: Any, place: Cell, text: str, severity: str) -> None:
    title, row, column = place
    sheet = book.active if title is None else book[title]
    cell = sheet.cell(row, column)
    if isinstance(cell, MergedCell):
        joined = next(r for r in sheet.merged_cells.ranges if cell.coordinate in r)
        cell = sheet.cell(joined.min_row, joined.min_col)
    cell.fill = PatternFill("solid", fgColor=_COLOURS[severity])
    before = f"{cell.comment.text}\n\n" if cell.comment else ""
    cell.comment = Comment(before + text, _AUTHOR, height=_HEIGHT, width=_WIDTH)


def _cell(report: CheckReport, fault: Fault) -> Cell | None:
    """Give the cell of a fault; that of the header where a whole column is meant."""
    letter = report.letter(fault)
    if letter is None:
        return None
    return fault.sheet, fault.row or 1, column_index_from_string(letter)


def _fault_sheet(book: Any, report: CheckReport, found: list[Group], lang: str, name: str) -> None:
    """Add the sheet of faults, with a link to each cell, and how many are not told."""
    sheet = book.create_sheet(_free_title(book, word("faults", lang)))
    sheet.sheet_view.rightToLeft = lang in RIGHT_TO_LEFT
    keys = [*(head.key for head in HEADS[1:]), "head-problem", "head-remedy", "rule"]
    for place, key in enumerate(keys, start=1):
        sheet.cell(1, place, word(key, lang)).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(place)].width = 60 if "problem" in key else 18
    row = 1
    for group in found:
        for fault in group.faults:
            row += 1
            told = (group.said.problem, group.said.remedy, group.rule)
            for place, text in enumerate((*cells(report, fault, HEADS[1:], lang), *told), start=1):
                if text is not None:
                    cell = sheet.cell(row, place)
                    if isinstance(text, int):
                        cell.value = text
                    else:
                        _write_text(cell, text)
            _link(book, sheet, row, keys.index("head-cell") + 1, _cell(report, fault))
    for more in (more for more in report.more if more.file == name):
        row += 1
        text = word("beyond", lang, count=more.count)
        _write_text(sheet.cell(row, keys.index("head-problem") + 1), text)
        _write_text(sheet.cell(row, len(keys)), more.rule)
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(keys))}{max(row, 2)}"


def _link(book: Any, sheet: Any, row: int, column: int, place: Cell | None) -> None:
    if place is None:
        return
    title = (place[0] or book.worksheets[0].title).replace("'", "''")
    cell = sheet.cell(row, column)
    target = f"'{title}'!{get_column_letter(place[2])}{place[1]}"
    cell.hyperlink = Hyperlink(ref=cell.coordinate, location=target)
    cell.font = Font(underline="single", color="FF0B549C")


def _free_title(book: Any, title: str) -> str:
    number, free = 1, title
    while free in book.sheetnames:
        number += 1
        free = f"{title} {number}"
    return free
