"""The invented helpline's table as people keep it in a workbook: material for drafts."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import xlsxwriter

from tests.lift.mapdraft_export import HEADERS, rows

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from xlsxwriter.worksheet import Worksheet

    Fill = Callable[[Worksheet], object]

TITLE = "Contacts 2025"
DAY, MOMENT = "dd/mm/yyyy", "dd/mm/yyyy hh:mm"


@dataclass(frozen=True)
class Table:
    """A table on a sheet: the names of its columns where they differ, and what is odd about it.

    ``above`` are the rows over the header, ``joined`` the joined cells (first row, first column,
    last row, last column, text), ``more`` a column with the same text in every row.
    """

    lang: str = "en"
    header: tuple[str, ...] = ()
    above: int = 0
    joined: tuple[tuple[int, int, int, int, str], ...] = ()
    more: str | None = None

    @property
    def names(self) -> list[str]:
        return list(self.header or HEADERS[self.lang].values())

    def fill(self, sheet: Worksheet, style: Callable[[str], Any]) -> None:
        """Write the table: dates as such, some numbers as texts, formulas, a blank row."""
        sheet.write_row(self.above, 0, self.names)
        for i, row in enumerate(rows(self.lang)):
            at = self.above + 1 + i + (i > 6)
            for column, (key, name) in enumerate(HEADERS[self.lang].items()):
                _write(sheet, at, column, key, row[name], as_number=bool(i % 2), style=style)
            if self.more is not None:
                sheet.write(at, len(row), self.more)
        for first, left, last, right, text in self.joined:
            sheet.merge_range(first, left, last, right, text)


def _write(
    sheet: Worksheet,
    at: int,
    column: int,
    key: str,
    text: str,
    *,
    as_number: bool,
    style: Callable[[str], Any],
) -> None:
    if key in {"received", "updated"}:
        when = dt.datetime.fromisoformat(text.rstrip("Z"))
        sheet.write_datetime(at, column, when, style(DAY if key == "received" else MOMENT))
    elif key == "age" and as_number:
        sheet.write_number(at, column, int(text))
    elif key == "channel":
        sheet.write_formula(at, column, f'="{text}"', None, text)
    else:
        sheet.write_string(at, column, text)


def note(sheet: Worksheet) -> None:
    """Write a sheet that holds no table."""
    sheet.write_column(0, 0, ["How to fill in this book", "One row for every contact"])


def book(path: Path, *sheets: tuple[str, Table | Fill]) -> Path:
    """Write a workbook; without sheets one with the table as people keep it, and a note."""
    names = len(HEADERS["en"])
    usual = Table(above=2, joined=((0, 0, 0, names - 1, "Contacts, first half"),))
    with xlsxwriter.Workbook(str(path)) as made:
        for title, filled in sheets or ((TITLE, usual), ("Notes", note)):
            sheet = made.add_worksheet(title)
            if isinstance(filled, Table):
                filled.fill(sheet, lambda form: made.add_format({"num_format": form}))
            else:
                filled(sheet)
    return path
