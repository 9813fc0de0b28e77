"""Filling in a template as an office would: rows typed below the headers, the file saved again."""

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl

from dpc_kg.lift.generate.template_rows import story
from dpc_kg.lift.template import Sheet, sheets
from dpc_kg.validate.template import write
from dpc_kg.validate.templatehints import tab

SEED, CHILDREN = 1, 8
Change = Callable[[Any], None]
"""What is done to the workbook before it is saved."""


def rows(lang: str, children: int = CHILDREN) -> dict[str, list[Mapping[str, str]]]:
    """Give the rows of each sheet; every cell a word of the lists of one language."""
    stories = [story(SEED, number, lang) for number in range(children)]
    return {s.name: [t.rows[s.name] for t in stories if s.name in t.rows] for s in sheets()}


def filled(path: Path, profile: str, lang: str, change: Change | None = None) -> Path:
    """Write a template and fill it in."""
    made = write(path, profile, lang)
    book = openpyxl.load_workbook(path)
    given = rows(lang)
    for sheet in made:
        fill(book[tab(sheet.cls, lang)], sheet, given[sheet.name])
    if change is not None:
        change(book)
    book.save(path)
    return path


def fill(page: Any, sheet: Sheet, given: list[Mapping[str, str]]) -> None:
    """Type rows below the header of a sheet."""
    for at, row in enumerate(given, start=2):
        for place, column in enumerate(sheet.columns, start=1):
            text = row.get(column.name, "")
            if text and column.kind == "date":
                page.cell(at, place).value = date.fromisoformat(text)
            elif text and column.kind == "integer":
                page.cell(at, place).value = int(text)
            elif text:
                page.cell(at, place).value = text


def place(page: Any, header: str) -> int:
    """Give the number of the column with a header."""
    return [cell.value for cell in page[1]].index(header) + 1
