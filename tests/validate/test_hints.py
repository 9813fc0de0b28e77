"""Likely readings of cells that were not understood, at their cells and without their values."""

import csv
import json
from pathlib import Path

import pytest

from dpc_kg.base.settings import LANGS
from dpc_kg.lift import LiftRequest
from dpc_kg.lift.generate import GenerateRequest, generate
from dpc_kg.validate.check import check, check_report
from dpc_kg.validate.forms.jsonform import to_json
from dpc_kg.validate.report import CheckReport, Hint

WRITTEN = {
    2: ("31/12/2023", "day-first"),
    3: ("05/04/2023", "day-first"),
    4: ("30.11.2023 10:20", "day-first"),
    5: ("13/1/24", "short-year"),
    6: ("45210", "serial"),
    7: ("1445-02-30", "other-calendar"),
    8: ("2023-02-30", "no-such-day"),
    9: ("٣١/١٢/٢٠٢٣", "day-first"),
    10: ("soon", None),
}


def changed(folder: Path, cells: dict[tuple[int, str], str]) -> CheckReport:
    """Check a generated export in which some cells were overwritten."""
    generate("primero", GenerateRequest(20, 1, 0, folder, "example-org"))
    path = folder / "cases.csv"
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    # of a record only the newest version is read
    newest = {row[header.index("id")]: row for row in rows}
    rows = [header, *newest.values()]
    for (row, column), text in cells.items():
        rows[row - 1][rows[0].index(column)] = text
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    request = LiftRequest("primero", {"cases": path}, "example-org", "x", b"k" * 32)
    with check(request) as checked:
        return check_report(checked)


@pytest.fixture(scope="module")
def dated(tmp_path_factory: pytest.TempPathFactory) -> CheckReport:
    cells = {(row, "registration_date"): text for row, (text, _) in WRITTEN.items()}
    return changed(tmp_path_factory.mktemp("dated"), cells)


@pytest.mark.parametrize("row", WRITTEN)
def test_how_a_date_was_written_is_told(dated: CheckReport, row: int) -> None:
    (fault,) = [f for f in dated.faults if (f.row, f.column) == (row, "registration_date")]
    wanted = WRITTEN[row][1]
    assert dated.hints.get(fault.place) == (Hint(wanted) if wanted else None)


def test_a_date_between_two_readings_is_left_open(tmp_path: Path) -> None:
    cells = {(2, "registration_date"): "31/12/2023", (3, "registration_date"): "12/31/2023"}
    report = changed(tmp_path, {**cells, (4, "registration_date"): "05/04/2023"})
    told = [report.hints[fault.place].key for fault in report.faults]
    assert told == ["day-first", "month-first", "day-or-month"]


@pytest.mark.parametrize("lang", LANGS)
def test_a_code_is_proposed_for_a_slip(tmp_path: Path, lang: str) -> None:
    cells = {(2, "status"): "opne", (3, "status"): "Closed ", (4, "status"): "Amina Example"}
    report = changed(tmp_path, cells)
    assert [(f.row, f.column, f.severity) for f in report.notes] == [
        (2, "status", "Info"),
        (3, "status", "Info"),
    ]
    text = to_json(report, lang)
    hints = [note["hint"] for note in json.loads(text)["notes"]]
    assert ["open" in hints[0], "closed" in hints[1]] == [True, True]
    assert "opne" not in text and "Amina" not in text


def test_an_example_fits_the_column(tmp_path: Path) -> None:
    cells = {(2, "registration_date"): "soon", (3, "age"): "300", (4, "status"): ""}
    report = changed(tmp_path, cells)
    told = {fault.column: report.example(fault) for fault in report.faults}
    assert told["registration_date"] == "2024-05-31"
    assert told["age"] == "12"
    assert "open" in (told["status"] or "").split(" / ")


def test_the_own_number_is_told_where_it_is_a_number(tmp_path: Path) -> None:
    cells = {
        (2, "age"): "300",
        (3, "age"): "300",
        (2, "id"): "CP-000123",
        (3, "id"): "Amina Example",
    }
    report = changed(tmp_path, cells)
    told = {f.row: report.number(f) for f in report.faults if f.column == "age"}
    assert told == {2: "CP-000123", 3: None}
