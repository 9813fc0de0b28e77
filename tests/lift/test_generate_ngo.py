"""The generator of programme logs: the same bytes again, clean without faults, each fault found."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from dpc_kg.base.assets import mapping_dir
from dpc_kg.base.errors import DpcError
from dpc_kg.lift.generate import GenerateRequest, Planted, generate
from dpc_kg.lift.generate.ngo import SOURCES
from dpc_kg.lift.generate.ngo_faults import MISTAKES
from dpc_kg.lift.generate.ngo_words import CANARY
from dpc_kg.lift.privacy import read_fields
from tests.lift import looking
from tests.lift.looking import ORG, Looked, told

RECORDS, SEED = 420, 7
FAULTS = 2 * len(MISTAKES)
ITERATED = {"kobo": "results", "dhis2": "trackedEntities"}


def made(out: Path, faults: int = 0, seed: int = SEED, records: int = RECORDS) -> Planted:
    return generate("ngo", GenerateRequest(records, seed, faults, out, ORG))


def rows(out: Path, source: str) -> list[dict[str, Any]]:
    held = json.loads((out / f"{source}.json").read_text(encoding="utf-8"))
    found: list[dict[str, Any]] = held[ITERATED[source]] if source in ITERATED else held
    return found


def checked(out: Path, key: bytes) -> Looked:
    return looking.checked("ngo", {name: out / f"{name}.json" for name in SOURCES}, out, key)


def unplaced(planted: Planted) -> Counter[tuple[str, str]]:
    """Give the unknown cells that were planted by the field that ``fields.csv`` knows."""
    decisions = read_fields(mapping_dir("ngo"))
    assert decisions is not None
    found: Counter[tuple[str, str]] = Counter()
    for cell in planted.unknown:
        source = cell["file"].removesuffix(".json")
        decision = decisions.decide(source, cell["column"])
        assert decision is not None
        assert decision.status == "placed"
        found[(source, decision.path)] += 1
    return found


def test_same_seed_same_bytes(tmp_path: Path) -> None:
    first, second, other = (tmp_path / name for name in ("first", "second", "other"))
    made(first, 6, records=90)
    made(second, 6, records=90)
    made(other, 6, seed=8, records=90)
    for name in ("kobo.json", "commcare.json", "dhis2.json", "planted.json"):
        assert (first / name).read_bytes() == (second / name).read_bytes()
        assert (first / name).read_bytes() != (other / name).read_bytes()


def test_a_larger_export_begins_with_the_smaller_one(tmp_path: Path) -> None:
    made(tmp_path / "small", records=30)
    made(tmp_path / "large", records=60)
    for source in SOURCES:
        small, large = rows(tmp_path / "small", source), rows(tmp_path / "large", source)
        assert large[: len(small)] == small
        assert len(large) > len(small)


def test_the_traps_are_there(clean: tuple[Planted, Path]) -> None:
    out = clean[1]
    kobo, commcare, dhis2 = (rows(out, source) for source in SOURCES)
    assert len({row["_id"] for row in kobo}) < len(kobo)
    assert any("  " in row["incident/concern_types"] for row in kobo)
    assert any(row["start"] is None for row in kobo)
    assert any("__version__" not in row for row in kobo)
    assert {row["case_type"] for row in commcare} > {"child", "household"}
    assert {word for row in commcare for word in row["indices"]} >= {"parent", "home", "place"}
    assert {row["deleted"] for row in dhis2} == {True, False}
    assert len({row["trackedEntityType"] for row in dhis2}) > 1
    events = [e for row in dhis2 for n in row["enrollments"] for e in n["events"]]
    assert any(e["occurredAt"] and e["occurredAt"] < e["scheduledAt"] for e in events)
    assert any(row["relationships"] for row in dhis2)


def test_records_are_those_asked_for(clean: tuple[Planted, Path]) -> None:
    out = clean[1]
    keys = {"kobo": "_id", "commcare": "case_id", "dhis2": "trackedEntity"}
    assert sum(len({r[keys[s]] for r in rows(out, s)}) for s in SOURCES) == RECORDS


def test_without_faults_all_conforms_and_nothing_personal_leaves(
    clean: tuple[Planted, Path], partner_key: bytes
) -> None:
    planted, out = clean
    faults, unknown, quads, report, withheld = checked(out, partner_key)
    assert (planted.faults, faults, withheld) == ([], [], 0)
    assert unknown == unplaced(planted)
    assert len(unknown) > 10
    assert all(CANARY in (out / f"{s}.json").read_text("utf-8").lower() for s in SOURCES)
    for mark in (CANARY, "own_word_7", "700000", "2012-11-02"):
        assert mark.encode() not in quads.lower()
        assert mark.encode() not in report.lower()


@pytest.mark.parametrize(("seed", "records", "count"), [(SEED, RECORDS, FAULTS), (11, 120, 9)])
def test_every_planted_fault_is_found_and_no_other(
    tmp_path: Path, partner_key: bytes, seed: int, records: int, count: int
) -> None:
    planted = made(tmp_path, count, seed, records)
    faults, unknown, quads, report, withheld = checked(tmp_path, partner_key)
    assert sorted(map(told, faults), key=str) == sorted(map(told, planted.faults), key=str)
    assert 0 < withheld <= count
    assert unknown == unplaced(planted)
    assert CANARY.encode() not in quads.lower()
    assert CANARY.encode() not in report.lower()


def test_six_faults_are_of_several_kinds_and_of_each_source(tmp_path: Path) -> None:
    faults = made(tmp_path, 6, records=120).faults
    assert len(faults) == 6
    assert {fault.file for fault in faults} == {f"{source}.json" for source in SOURCES}
    assert len({fault.kind for fault in faults}) >= 4


def test_faults_are_spread_over_every_kind_of_mistake(faulty: tuple[Planted, Path]) -> None:
    planted = faulty[0]
    sorts = Counter((f.file, f.column, f.kind, f.rules) for f in planted.faults)
    assert (len(sorts), set(sorts.values())) == (len(MISTAKES), {2})
    assert len({(f.file, f.row) for f in planted.faults}) == FAULTS


def test_each_faulty_record_differs_and_no_other(
    clean: tuple[Planted, Path], faulty: tuple[Planted, Path]
) -> None:
    for source in SOURCES:
        good, bad = rows(clean[1], source), rows(faulty[1], source)
        named = {f.row for f in faulty[0].faults if f.file == f"{source}.json"}
        changed = {n for n, (a, b) in enumerate(zip(good, bad, strict=False), 1) if a != b}
        added = set(range(len(good) + 1, len(bad) + 1))
        assert changed | added == named


def test_unknown_cells_do_not_depend_on_faults(
    clean: tuple[Planted, Path], faulty: tuple[Planted, Path]
) -> None:
    assert faulty[0].unknown == clean[0].unknown


def test_too_many_faults_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DpcError, match="too few records"):
        made(tmp_path, 40, records=30)


def test_an_overlap_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DpcError, match="no hashes"):
        generate("ngo", GenerateRequest(10, SEED, 0, tmp_path / "b", ORG, tmp_path))
