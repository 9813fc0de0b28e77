"""A table of answers and the forms it is written in: CSV, JSON, XLSX, plain text."""

import csv
import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Literal

from dpc_kg.base.errors import QueryError
from dpc_kg.base.settings import MADE
from dpc_kg.base.vocab import local_name

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

Cell = str | int | float | bool | None
Labels = Callable[[str], str]
"""Gives the words for an IRI; a table itself always holds the IRI."""
TableFormat = Literal["csv", "json", "xlsx", "text"]
FORMATS: tuple[TableFormat, ...] = ("csv", "json", "xlsx", "text")

XLSX_ROWS = 1_048_576
_EXACT = 2**53
"""Whole numbers beyond it lose digits in a spreadsheet, so they are written as text."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_WIDEST = 60


@dataclass(frozen=True)
class Table:
    """Columns and rows of an answer, in native values; an IRI is a string, an empty cell None."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def short_name(iri: str) -> str:
    """Give the last part of an IRI: the notation of a code, the id of an organisation.

    >>> short_name("https://w3id.org/dpc/codes/platform/email")
    'email'
    """
    return local_name(iri) or iri


def write_table(
    table: Table,
    form: str,
    target: Path | BinaryIO,
    *,
    labels: Labels | None = None,
    bom: bool = False,
) -> None:
    """Write a table.

    Args:
        table: what to write.
        form: ``csv json xlsx text``.
        target: a file to make, or a binary stream.
        labels: turns the IRIs in the cells into words; without it they stay as they are.
        bom: start CSV with a byte order mark, so that spreadsheets read it as UTF-8.

    Raises:
        QueryError: another form, or more rows than a worksheet holds.
    """
    if form not in FORMATS:
        raise QueryError("Unknown form of table.", term=form, advice=f"Known: {' '.join(FORMATS)}.")
    data = _render(_worded(table, labels), form, bom=bom)
    if isinstance(target, Path):
        target.write_bytes(data)
    else:
        target.write(data)


def _render(table: Table, form: str, *, bom: bool) -> bytes:
    if form == "csv":
        return _csv(table, bom=bom)
    if form == "json":
        return _json(table)
    if form == "xlsx":
        return _xlsx(table)
    return _text(table)


def _worded(table: Table, labels: Labels | None) -> Table:
    if labels is None:
        return table
    rows = tuple(
        tuple(labels(c) if isinstance(c, str) and _is_iri(c) else c for c in row)
        for row in table.rows
    )
    return Table(table.columns, rows)


def _is_iri(text: str) -> bool:
    return text.startswith(("https://", "http://", "urn:"))


def _guarded(text: str) -> str:
    """Keep a spreadsheet from taking a text for a formula."""
    return "'" + text if text.startswith(_FORMULA) else text


def _plain(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return str(cell)


def _csv(table: Table, *, bom: bool) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(table.columns)
    for row in table.rows:
        writer.writerow([_guarded(c) if isinstance(c, str) else _plain(c) for c in row])
    return out.getvalue().encode("utf-8-sig" if bom else "utf-8")


def _json(table: Table) -> bytes:
    rows = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
    whole = {"columns": list(table.columns), "rows": rows}
    return (json.dumps(whole, ensure_ascii=False, indent=1) + "\n").encode()


def _text(table: Table) -> bytes:
    cells = [list(table.columns), *([_plain(c) for c in row] for row in table.rows)]
    widths = [max(len(row[i]) for row in cells) for i in range(len(table.columns))]
    numbers = [_is_number_column(table, i) for i in range(len(table.columns))]
    lines = []
    for row in cells:
        parts = [
            c.rjust(w) if n else c.ljust(w) for c, w, n in zip(row, widths, numbers, strict=True)
        ]
        lines.append("  ".join(parts).rstrip())
    lines.insert(1, "  ".join("-" * w for w in widths))
    if not table.rows:
        lines.append("no rows")
    return ("\n".join(lines) + "\n").encode()


def _is_number_column(table: Table, index: int) -> bool:
    filled = [row[index] for row in table.rows if row[index] is not None]
    return bool(filled) and all(
        isinstance(c, int | float) and not isinstance(c, bool) for c in filled
    )


def _xlsx(table: Table) -> bytes:
    import xlsxwriter

    if len(table.rows) >= XLSX_ROWS:
        raise QueryError("More rows than a worksheet holds.", advice="Use --format csv.")
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        # a fixed date: the same answer gives the same bytes
        book.set_properties({"created": MADE})
        sheet = book.add_worksheet("answer")
        heading = book.add_format({"bold": True, "bottom": 1})
        _fill(sheet, table, heading)
    return out.getvalue()


def _fill(sheet: "Worksheet", table: Table, heading: "Format") -> None:
    for column, name in enumerate(table.columns):
        sheet.write_string(0, column, name, heading)
        widest = max((len(_plain(row[column])) for row in table.rows), default=0)
        sheet.set_column(column, column, min(max(len(name), widest) + 2, _WIDEST))
    for number, row in enumerate(table.rows, start=1):
        for column, cell in enumerate(row):
            _write_cell(sheet, number, column, cell)
    sheet.freeze_panes(1, 0)
    if table.rows and table.columns:
        sheet.autofilter(0, 0, len(table.rows), len(table.columns) - 1)


def _write_cell(sheet: "Worksheet", row: int, column: int, cell: Cell) -> None:
    if cell is None:
        return
    if isinstance(cell, bool):
        sheet.write_boolean(row, column, cell)
    elif isinstance(cell, str):
        sheet.write_string(row, column, _guarded(cell))
    elif abs(cell) > _EXACT:
        sheet.write_string(row, column, str(cell))
    else:
        sheet.write_number(row, column, cell)
