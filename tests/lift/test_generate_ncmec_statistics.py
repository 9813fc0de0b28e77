"""The invented tables of published counts: stable, clean, honest about the planted."""

import csv
import json
from collections import Counter
from pathlib import Path

import pytest

from dpc_kg.base.errors import DpcError
from dpc_kg.lift import LiftRequest
from dpc_kg.lift.generate import GenerateRequest, Planted, generate, generators
from dpc_kg.lift.generate.ncmecstatistics_faults import MISTAKES
from dpc_kg.lift.generate.ncmecstatistics_tables import TABLES
from dpc_kg.validate.check import check

NAME = "ncmec-statistics"
TABLE_NAMES = {t.name for t in TABLES}


def export(out: Path, records: int = 120, seed: int = 1, faults: int = 0) -> Planted:
    return generate(NAME, GenerateRequest(records, seed, faults, out, "example-org"))


def rows(out: Path) -> int:
    total = 0
    for name in TABLE_NAMES:
        with (out / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            total += len(list(csv.DictReader(file)))
    return total


def test_its_name_is_that_of_its_mapping() -> None:
    assert NAME in generators()
    assert "ncmecstatistics" not in generators()


def test_same_request_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        export(tmp_path / name, faults=20)
    for file in (tmp_path / "a").iterdir():
        assert file.read_bytes() == (tmp_path / "b" / file.name).read_bytes()


@pytest.mark.parametrize("records", [10, 120, 300])
def test_records_are_the_rows_of_all_tables(tmp_path: Path, records: int) -> None:
    export(tmp_path, records)
    assert rows(tmp_path) == records
    assert (tmp_path / "platforms.json").is_file()


@pytest.mark.parametrize(("records", "faults"), [(9, 0), (5000, 0), (12, 40)])
def test_what_does_not_fit_is_refused(tmp_path: Path, records: int, faults: int) -> None:
    with pytest.raises(DpcError, match=r"fit|room"):
        export(tmp_path, records, faults=faults)


def test_each_kind_is_planted_in_a_row_of_its_own(tmp_path: Path) -> None:
    planted = export(tmp_path, faults=len(MISTAKES))
    assert Counter(f.rules for f in planted.faults) == Counter(m.rules for m in MISTAKES)
    assert len({(f.file, f.row) for f in planted.faults}) == len(MISTAKES)
    listed = json.loads((tmp_path / "planted.json").read_text(encoding="utf-8"))["faults"]
    assert listed == [f.as_dict() for f in sorted(planted.faults, key=lambda f: f.place)]


@pytest.mark.parametrize(("seed", "faults"), [(1, 0), (2, 24), (3, 30)])
def test_check_finds_what_was_planted_and_nothing_else(
    tmp_path: Path, partner_key: bytes, seed: int, faults: int
) -> None:
    planted = export(tmp_path, 110, seed, faults)
    sources = {p.stem: p for p in tmp_path.iterdir() if p.stem != "planted"}
    with check(LiftRequest(NAME, sources, "example-org", "d", partner_key)) as checked:
        found = [f.as_dict() for f in checked.faults]
        assert found == [f.as_dict() for f in sorted(planted.faults, key=lambda f: f.place)]
        unknown = [u for u in checked.lifted.unknown() if u.source == "relationships"]
        checked.write(tmp_path / "data.nq")
    assert sum(u.cells for u in unknown) == len(planted.unknown)
    text = (tmp_path / "data.nq").read_text(encoding="utf-8")
    assert "canary" not in text
    assert "Example Author" not in text
    assert ("observation/meta." in text) and ("2022-H1" in text)
