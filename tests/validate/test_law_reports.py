"""The law of reports: every planted fault is shown at its own cell, in every form and language.

The generator's list is the truth. Of every source 25 faults in a run, 1,000 with DPC_FULL=1.
"""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from dpc_kg.base.settings import LANGS
from dpc_kg.lift import LiftRequest
from dpc_kg.validate.check import check, check_report
from dpc_kg.validate.forms import FORMS, written
from dpc_kg.validate.forms.html import to_html
from dpc_kg.validate.forms.marked import to_marked
from dpc_kg.validate.forms.text import to_text
from dpc_kg.validate.report import CheckReport
from tests.lift.laws.exports import ORG, VARIANTS, Export, export
from tests.lift.laws.sizes import size
from tests.validate.shownplaces import LINES, TABLES, Place, missing

FAULTS = size(25, 1_000)
RECORDS_A_FAULT = 3
KEY = b"k" * 32
ALL = 10**6


ROOM = {"ncmec-statistics": (722, 500)}
"""Sources whose tables end: the most records, and the faults that they have room for."""


def parts() -> Iterator[tuple[str, int, int, int]]:
    """Give source, records, faults and seed of each export: of all faults together FAULTS."""
    for variant in VARIANTS:
        most, room = ROOM.get(variant, (RECORDS_A_FAULT * FAULTS, FAULTS))
        for seed, planted in enumerate(range(0, FAULTS, room), start=7):
            faults = min(room, FAULTS - planted)
            yield variant, min(most, RECORDS_A_FAULT * FAULTS), faults, seed


@pytest.fixture(scope="module", params=parts(), ids=lambda part: f"{part[0]}-{part[3]}")
def checked(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Export, CheckReport, set[Place]]]:
    """Give an export of one source, its report, and the places of the planted faults."""
    variant, records, faults, seed = request.param
    folder = tmp_path_factory.mktemp(variant.replace("-", ""))
    made = export(variant, folder, records, faults, seed)
    asked = LiftRequest(made.mapping, made.sources, ORG, "all", KEY, KEY)
    with check(asked) as found:
        report = check_report(found)
    planted = {(f["file"], f["sheet"], f["row"], f["column"]) for f in made.document["faults"]}
    assert len(planted) >= faults * 9 // 10, "places that faults share are few"
    yield made, report, planted


def test_every_form_is_read(checked: tuple[Export, CheckReport, set[Place]]) -> None:
    assert set(FORMS) == TABLES.keys() | LINES.keys()


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("form", sorted(TABLES))
def test_each_fault_stands_in_its_own_row(
    checked: tuple[Export, CheckReport, set[Place]], form: str, lang: str
) -> None:
    _, report, planted = checked
    whole = to_html(report, lang, ALL).encode() if form == "html" else written(report, form, lang)
    assert TABLES[form](whole, lang) == planted


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("form", sorted(LINES))
def test_each_fault_is_told_with_its_cell(
    checked: tuple[Export, CheckReport, set[Place]], form: str, lang: str
) -> None:
    _, report, planted = checked
    whole = to_text(report, lang, ALL).encode() if form == "text" else written(report, form, lang)
    assert missing(LINES[form](whole, lang), planted) == set()


@pytest.mark.parametrize("lang", LANGS)
def test_the_table_given_back_is_marked_there_and_nowhere_else(
    checked: tuple[Export, CheckReport, set[Place]], lang: str
) -> None:
    made, report, planted = checked
    tables = {p for p in made.sources.values() if p.suffix in (".csv", ".xlsx")}
    if not tables:  # documents are not given back
        assert all(
            p.is_dir() or p.suffix in (".json", ".xml", ".ttl") for p in made.sources.values()
        )
    noted = {(f.file, f.sheet, f.row, f.column) for f in (*report.warnings, *report.notes)}
    for table in sorted(tables):
        book = openpyxl.load_workbook(io.BytesIO(to_marked(report, table, lang)))
        own = {place for place in planted | noted if place[0] == table.name}
        before = _cells(table)
        for sheet in book.worksheets[:-1]:
            named = sheet.title if table.suffix == ".xlsx" else None
            wanted = {place[2:] for place in own if place[1] == named}
            heads = before[named][0]
            marked = {
                (cell.row, heads[cell.column - 1]) for row in sheet for cell in row if cell.comment
            }
            assert marked == {(row, column) for row, column in wanted if column in heads}
            now = [[_text(cell.value) for cell in row] for row in sheet.iter_rows()]
            assert _trimmed(now) == _trimmed(before[named])


def _cells(table: Path) -> dict[str | None, list[list[str]]]:
    """Give the cells of a table as they were, by sheet."""
    if table.suffix == ".csv":
        with table.open(encoding="utf-8-sig", newline="") as file:
            return {None: [[_text(cell) for cell in row] for row in csv.reader(file)]}
    book = openpyxl.load_workbook(table)
    return {
        sheet.title: [[_text(cell.value) for cell in row] for row in sheet.iter_rows()]
        for sheet in book.worksheets
    }


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _trimmed(rows: list[list[str]]) -> list[list[str]]:
    """Give rows without the blank cells at their ends."""
    return ["\x1f".join(row).rstrip("\x1f").split("\x1f") for row in rows]
