"""The Incident Recorder generator: the same bytes again, clean without faults, one cell a fault."""

from pathlib import Path
from typing import Any

import pytest
import python_calamine as calamine

from dpc_kg.base.errors import DpcError
from dpc_kg.lift.generate import GenerateRequest, Planted, generate
from dpc_kg.lift.generate.gbvims_faults import MISTAKES
from dpc_kg.lift.generate.gbvims_rows import columns, incident
from dpc_kg.lift.generate.gbvims_words import JOINT, MENU

ORG = "example-org"


def made(out: Path, faults: int = 0, seed: int = 4, records: int = 30) -> Planted:
    return generate("gbvims", GenerateRequest(records, seed, faults, out, ORG))


def sheet(out: Path, title: str) -> list[list[Any]]:
    with calamine.load_workbook(out / "incidents.xlsx") as book:
        return book.get_sheet_by_name(title).to_python(skip_empty_area=False)


def test_same_seed_same_bytes(tmp_path: Path) -> None:
    first, second, other = (tmp_path / name for name in ("first", "second", "other"))
    made(first, 5, records=40)
    made(second, 5, records=40)
    made(other, 5, seed=8, records=40)
    for name in ("incidents.xlsx", "planted.json"):
        assert (first / name).read_bytes() == (second / name).read_bytes()
        assert (first / name).read_bytes() != (other / name).read_bytes()


def test_the_workbook_has_two_sheets_with_the_columns_of_the_export(tmp_path: Path) -> None:
    made(tmp_path)
    header, *rows = sheet(tmp_path, "Incident Data")
    assert tuple(header) == columns(4)
    assert len(header) == 43  # the exporter's 42 and an age
    assert len(rows) == 30 + sum(incident(4, ORG, n).copied for n in range(30))
    assert tuple(sheet(tmp_path, "Menu Data")[0]) == MENU


def test_an_export_has_the_age_group_or_the_age_type() -> None:
    for seed in (4, 5):
        found = [c for c in columns(seed) if c.startswith("perpetrator.age")]
        assert found == [f"perpetrator.age_{'group' if seed == 4 else 'type'}"]


def test_cells_hold_several_values_and_values_that_hold_the_joint() -> None:
    cells = [incident(4, ORG, n).cells for n in range(80)]
    referred = {str(c["service.referred_from"]) for c in cells}
    assert any(JOINT in r.replace("Listening & counselling", "") for r in referred)
    assert any("Listening & counselling" in r for r in referred)
    assert {c["number_primary_perpetrators"] for c in cells} >= {0, 1, 2, "Over 3"}


def test_every_fault_names_its_sheet_and_a_column_of_its_own_incident(tmp_path: Path) -> None:
    planted = made(tmp_path, 22, records=90)
    header = sheet(tmp_path, "Incident Data")[0]
    assert len({(f.row, f.column) for f in planted.faults}) == 22
    assert {f.sheet for f in planted.faults} == {"Incident Data"}
    assert {f.column for f in planted.faults} <= set(header)
    assert {f.rules for f in planted.faults} == {m.rules for m in MISTAKES}


def test_more_faults_than_incidents_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DpcError, match="no room"):
        made(tmp_path, 12, records=10)
