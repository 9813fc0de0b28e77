"""Writing the workbook: two sheets, headers in the words of a user where these are given."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import xlsxwriter

from dpc_kg.base.settings import MADE
from dpc_kg.lift.generate.gbvims_faults import ERROR
from dpc_kg.lift.generate.gbvims_rows import Cell
from dpc_kg.lift.generate.gbvims_words import LISTS, MENU

DATA, MENUS = "Incident Data", "Menu Data"
_LONGEST = 50


@dataclass(frozen=True)
class Language:
    """The words of a user: ``titles`` of the columns by key, ``labels`` by (list, value)."""

    titles: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def title(self, column: str) -> str:
        """Give the header of a column."""
        return self.titles.get(column, column)

    def cell(self, column: str, cell: Cell) -> Cell:
        """Give a cell in the user's words."""
        name = LISTS.get(column, "perpetrator-count")
        return self.labels.get((name, str(cell)), cell)


def write_book(
    path: Path,
    columns: Sequence[str],
    rows: Iterable[Mapping[str, Cell]],
    language: Language | None = None,
) -> None:
    """Write the rows and the menus of the values that occur in them; the same bytes each time."""
    words = language or Language()
    kept = list(rows)
    with xlsxwriter.Workbook(str(path), {"constant_memory": False}) as book:
        book.set_properties({"created": MADE})
        day = book.add_format({"num_format": "dd-mmm-yyyy"})
        sheet = book.add_worksheet(DATA)
        sheet.write_row(0, 0, [words.title(c) for c in columns])
        for at, cells in enumerate(kept, start=1):
            for place, column in enumerate(columns):
                if column in cells:
                    _write(sheet, at, place, words.cell(column, cells[column]), day)
        _write_menus(book.add_worksheet(MENUS), kept, words)


def _write(sheet: Any, row: int, place: int, cell: Cell, day: Any) -> None:
    if isinstance(cell, date):
        sheet.write_datetime(row, place, cell, day)
    elif isinstance(cell, int):
        sheet.write_number(row, place, cell)
    elif cell == ERROR:
        sheet.write_formula(row, place, "=NA()", None, ERROR)
    elif cell:
        sheet.write_string(row, place, cell)


def _write_menus(sheet: Any, rows: list[Mapping[str, Cell]], words: Language) -> None:
    """Write the values that occur, at most 50 a column, as the exporter does."""
    sheet.write_row(0, 0, [words.title(c) for c in MENU])
    sources = ("case_manager_code", "ethnicity", "location", "county", "district", "camp_town")
    for place, column in enumerate(sources):
        found = dict.fromkeys(str(r[column]) for r in rows if column in r and r[column] != ERROR)
        for at, value in enumerate(list(found)[:_LONGEST], start=1):
            sheet.write_string(at, place, value)
