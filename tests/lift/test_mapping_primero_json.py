"""Primero as JSON: the same graph as from the tables, and the same faults at their records."""

import json
from pathlib import Path

import pytest

from dpc_kg.base.errors import DpcError
from dpc_kg.lift import LiftRequest, open_lift
from dpc_kg.lift.generate import GenerateRequest, generate
from dpc_kg.lift.generate.primero_cases import COLUMNS
from dpc_kg.validate.check import check

ORG = "example-org"
TABLES = ("cases", "incidents", "transitions")


def request(folder: Path, ending: str, key: bytes) -> LiftRequest:
    sources = {name: folder / f"{name}.{ending}" for name in TABLES}
    return LiftRequest("primero", sources, ORG, "d", key)


@pytest.fixture(scope="module")
def export(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("export")
    generate("primero", GenerateRequest(60, 3, 0, out, ORG))
    return out


@pytest.fixture(scope="module")
def _reads_json(tmp_path_factory: pytest.TempPathFactory, partner_key: bytes) -> None:
    """Skip while the engine reads a table's source from CSV alone."""
    path = tmp_path_factory.mktemp("json") / "cases.json"
    path.write_text(json.dumps([dict.fromkeys(COLUMNS) | {"id": "1"}]), encoding="utf-8")
    try:
        with open_lift(LiftRequest("primero", {"cases": path}, ORG, "d", partner_key)) as lifted:
            assert lifted.read_rows == 1
    except DpcError as e:
        pytest.skip(f"a source of tables is not read from JSON yet: {type(e).__name__}")


def test_both_forms_hold_the_same_records(export: Path) -> None:
    flat = json.loads((export / "json" / "incidents.json").read_text(encoding="utf-8"))
    nested = json.loads((export / "json" / "cases.json").read_text(encoding="utf-8"))
    assert set(flat) == {"data", "metadata"}
    assert {frozenset(record) for record in nested} == {frozenset({"id", "data"})}
    for name, records in (("incidents", flat["data"]), ("cases", nested)):
        text = (export / f"{name}.csv").read_text(encoding="utf-8")
        assert all(record["id"] in text for record in records)


@pytest.mark.usefixtures("_reads_json")
def test_json_and_csv_give_the_same_bytes(export: Path, tmp_path: Path, partner_key: bytes) -> None:
    made = []
    for folder, ending in ((export, "csv"), (export / "json", "json")):
        with open_lift(request(folder, ending, partner_key)) as lifted:
            assert lifted.rejects == []
            lifted.write(tmp_path / "data.nq")
        made.append((tmp_path / "data.nq").read_bytes())
    assert made[0] == made[1] != b""


@pytest.mark.usefixtures("_reads_json")
def test_the_faults_of_json_are_found_at_their_records(tmp_path: Path, partner_key: bytes) -> None:
    generate("primero", GenerateRequest(130, 5, 60, tmp_path, ORG))
    text = (tmp_path / "json" / "planted.json").read_text(encoding="utf-8")
    planted = json.loads(text)["faults"]
    with check(request(tmp_path / "json", "json", partner_key)) as checked:
        found = {(f.file, f.row, f.column, f.kind, f.rules[0]) for f in checked.faults}
    assert len(planted) > 50
    assert found == {(f["file"], f["row"], f["column"], f["kind"], f["rule"]) for f in planted}
