"""The generator of filled sheets: the same bytes again, clean without faults, each fault found."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from dpc_kg.base.errors import DpcError
from dpc_kg.base.settings import LANGS
from dpc_kg.lift.generate import GenerateRequest, Planted, generate
from dpc_kg.lift.generate.template_faults import MISTAKES
from dpc_kg.lift.generate.template_rows import CANARY
from dpc_kg.lift.template import sheets
from tests.lift import looking
from tests.lift.looking import ORG, Looked, told

RECORDS, SEED = 80, 5
FAULTS = 2 * len(MISTAKES)
NAMES = [sheet.name for sheet in sheets()]


def made(out: Path, faults: int = 0, seed: int = SEED, records: int = RECORDS) -> Planted:
    return generate("template", GenerateRequest(records, seed, faults, out, ORG))


def rows(out: Path, source: str) -> list[dict[str, str]]:
    with (out / f"{source}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def checked(out: Path, key: bytes) -> Looked:
    return looking.checked("template", {name: out / f"{name}.csv" for name in NAMES}, out, key)


def unplaced(planted: Planted) -> Counter[tuple[str, str]]:
    return Counter((c["file"].removesuffix(".csv"), c["column"]) for c in planted.unknown)


def test_same_seed_same_bytes(tmp_path: Path) -> None:
    first, second, other = (tmp_path / name for name in ("first", "second", "other"))
    made(first, 6)
    made(second, 6)
    made(other, 6, seed=SEED + 1)
    for name in (*(f"{name}.csv" for name in NAMES), "planted.json"):
        assert (first / name).read_bytes() == (second / name).read_bytes()
        assert (first / name).read_bytes() != (other / name).read_bytes()


def test_a_larger_export_begins_with_the_smaller_one(tmp_path: Path) -> None:
    made(tmp_path / "small", records=10)
    made(tmp_path / "large", records=20)
    for name in NAMES:
        small, large = rows(tmp_path / "small", name), rows(tmp_path / "large", name)
        assert large[: len(small)] == small
        assert len(large) > len(small)


@pytest.mark.parametrize("seed", range(len(LANGS)))
def test_without_faults_all_conforms_in_every_language(
    tmp_path: Path, partner_key: bytes, seed: int
) -> None:
    planted = made(tmp_path, seed=seed)
    faults, unknown, quads, report, withheld = checked(tmp_path, partner_key)
    assert (planted.faults, faults, withheld) == ([], [], 0)
    assert unknown == unplaced(planted)
    assert unknown.total() > 2
    assert CANARY in (tmp_path / "referral.csv").read_text(encoding="utf-8")
    assert CANARY.lower().encode() not in (quads + report).lower()


def test_every_planted_fault_is_found_and_no_other(
    faulty: tuple[Planted, Path], partner_key: bytes
) -> None:
    planted, out = faulty
    faults, unknown, quads, report, withheld = checked(out, partner_key)
    assert sorted(map(told, faults), key=str) == sorted(map(told, planted.faults), key=str)
    assert 0 < withheld <= FAULTS
    assert unknown == unplaced(planted)
    assert CANARY.lower().encode() not in (quads + report).lower()


def test_faults_are_spread_over_every_kind_of_mistake(faulty: tuple[Planted, Path]) -> None:
    sorts = Counter((f.file, f.column, f.kind, f.rules) for f in faulty[0].faults)
    assert (len(sorts), set(sorts.values())) == (len(MISTAKES), {2})


def test_too_many_faults_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DpcError, match="too few records"):
        made(tmp_path, 40, records=10)


def test_an_overlap_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DpcError, match="no hashes"):
        generate("template", GenerateRequest(10, SEED, 0, tmp_path / "b", ORG, tmp_path))
