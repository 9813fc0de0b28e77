"""The hotline generator: the same bytes again, clean without faults, and every fault found."""

import csv
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from dpc_kg.base.errors import DpcError
from dpc_kg.lift.generate import GenerateRequest, Planted, generate
from dpc_kg.lift.generate.hotline_faults import MISTAKES
from dpc_kg.lift.generate.hotline_reports import COLUMNS
from dpc_kg.lift.generate.hotline_words import CANARY, lists, shouted
from tests.lift import looking
from tests.lift.looking import ORG, Looked, told

RECORDS, SEED = 320, 7
FAULTS = 2 * len(MISTAKES)
Row = dict[str, str]


def made(out: Path, faults: int = 0, seed: int = SEED, records: int = RECORDS) -> Planted:
    return generate("hotline", GenerateRequest(records, seed, faults, out, ORG))


def rows_of(out: Path) -> list[list[str]]:
    with (out / "exchange.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream, strict=True))


def table(out: Path) -> list[Row]:
    header, *rows = rows_of(out)
    return [dict(zip(header, row, strict=False)) for row in rows]


def sent(out: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((out / "iwf.json").read_text(encoding="utf-8"))
    return found


def checked(out: Path, key: bytes) -> Looked:
    return looking.checked(
        "hotline", {"exchange": out / "exchange.csv", "iwf": out / "iwf.json"}, out, key
    )


def test_same_seed_same_bytes(tmp_path: Path) -> None:
    first, second, other = (tmp_path / name for name in ("first", "second", "other"))
    made(first, 6, records=60)
    made(second, 6, records=60)
    made(other, 6, seed=8, records=60)
    for name in ("exchange.csv", "iwf.json", "planted.json"):
        assert (first / name).read_bytes() == (second / name).read_bytes()
        assert (first / name).read_bytes() != (other / name).read_bytes()


def test_a_larger_export_begins_with_the_smaller_one(tmp_path: Path) -> None:
    made(tmp_path / "small", records=20)
    made(tmp_path / "large", records=40)
    small, large = rows_of(tmp_path / "small"), rows_of(tmp_path / "large")
    assert large[: len(small)] == small
    assert sent(tmp_path / "large")[:5] == sent(tmp_path / "small")


def test_records_are_reports(clean: tuple[Planted, Path]) -> None:
    out = clean[1]
    keys = [row["report_id"] for row in table(out)]
    assert len(set(keys)) + len(sent(out)) == RECORDS
    assert len(keys) > len(set(keys))
    assert tuple(rows_of(out)[0]) == COLUMNS
    assert {len(row) for row in rows_of(out)} == {len(COLUMNS)}


def test_the_traps_are_there(clean: tuple[Planted, Path]) -> None:
    rows = table(clean[1])
    places = Counter(row["url"].lower() for row in rows if row["source"])
    assert max(places.values()) > 2
    spelt = {row["url"] for row in rows}
    assert len(spelt) > len({url.lower() for url in spelt})
    assert {row["is_test"] for row in rows} == {"yes", "no", ""}
    assert {record["Live_Report"] for record in sent(clean[1])} == {"T", "L"}
    assert any(r["provider_notified_at"] < r["le_notified_at"] for r in rows if r["removed_at"])
    assert any(r["notice_status"] == "moved" and r["removed_at"] for r in rows)
    assert {r["category_scheme"] for r in rows} >= {"IWF", "INDUSTRY", "COPINE", "UCS", ""}
    assert any("magnet:" in url for url in spelt)
    assert any("صور" in url for url in spelt)


def test_personal_values_are_visibly_made_up(clean: tuple[Planted, Path]) -> None:
    for row in table(clean[1]):
        assert CANARY in row["url"] or row["url"].lower().startswith("magnet:")
        assert all(CANARY in row[name] for name in ("analyst", "notes") if row[name])
        assert row["reporter_email"].endswith("@example.org") or not row["reporter_email"]


def test_without_faults_all_conforms_and_nothing_personal_leaves(
    clean: tuple[Planted, Path], partner_key: bytes
) -> None:
    planted, out = clean
    faults, unknown, quads, report, withheld = checked(out, partner_key)
    assert (planted.faults, faults, withheld) == ([], [], 0)
    named = {"exchange.csv": "exchange", "iwf.json": "iwf"}
    assert unknown == Counter((named[c["file"]], c["column"]) for c in planted.unknown)
    assert len(unknown) > 8
    for mark in (CANARY, ".invalid", "btih", "own-notation-7", f"H-{SEED}-", f"S-{SEED}-"):
        assert mark.lower().encode() not in quads.lower()
        assert mark.lower().encode() not in report.lower()


@pytest.mark.parametrize("seed", [SEED, 11])
def test_every_planted_fault_is_found_and_no_other(
    tmp_path: Path, partner_key: bytes, seed: int
) -> None:
    planted = made(tmp_path, FAULTS, seed)
    faults, unknown, quads, report, withheld = checked(tmp_path, partner_key)
    assert sorted(map(told, faults), key=str) == sorted(map(told, planted.faults), key=str)
    assert 0 < withheld <= FAULTS
    named = {"exchange.csv": "exchange", "iwf.json": "iwf"}
    assert unknown == Counter((named[c["file"]], c["column"]) for c in planted.unknown)
    for mark in (CANARY, ".invalid", "hxxp", "Netherlands"):
        assert mark.encode() not in quads
        assert mark.encode() not in report


def test_six_faults_are_of_six_kinds(tmp_path: Path) -> None:
    kinds = {fault.kind for fault in made(tmp_path, 6).faults}
    assert kinds == {"missing", "format", "range", "order", "rule", "duplicate"}


def test_faults_are_spread_over_every_kind_of_mistake(faulty: tuple[Planted, Path]) -> None:
    planted = faulty[0]
    assert len(planted.faults) == FAULTS
    sorts = Counter((f.file, f.column, f.kind, f.rules) for f in planted.faults)
    assert (len(sorts), set(sorts.values())) == (len(MISTAKES), {2})
    assert {f.file for f in planted.faults} == {"exchange.csv", "iwf.json"}
    assert len({(f.file, f.row) for f in planted.faults}) == FAULTS


def test_each_planted_cell_differs_and_nothing_else(
    clean: tuple[Planted, Path], faulty: tuple[Planted, Path]
) -> None:
    before, after = rows_of(clean[1]), rows_of(faulty[1])
    differing = 0
    for old, new in zip(before, after, strict=True):
        padded = [*new, *["(no cell)"] * (len(old) - len(new))]
        changed = sum(a != b for a, b in zip(old, padded, strict=True))
        assert changed <= 1
        differing += changed
    assert differing == sum(f.file == "exchange.csv" for f in faulty[0].faults)
    good, bad = sent(clean[1]), sent(faulty[1])
    twins = sum(f.rule == "source:duplicate" for f in faulty[0].faults)
    assert len(bad) == len(good) + twins
    changed = sum(a != b for a, b in zip(good, bad, strict=False))
    assert changed + twins == sum(f.file == "iwf.json" for f in faulty[0].faults)


def test_unknown_cells_do_not_depend_on_faults(
    clean: tuple[Planted, Path], faulty: tuple[Planted, Path]
) -> None:
    kept = [c for c in faulty[0].unknown if c["file"] == "exchange.csv"]
    assert kept == [c for c in clean[0].unknown if c["file"] == "exchange.csv"]
    rows = rows_of(clean[1])
    unplaced = {value for values in lists().unplaced.values() for value in values}
    for cell in kept:
        value = rows[cell["row"] - 1][COLUMNS.index(cell["column"])]
        assert value in unplaced | {"own-notation-7"}


def test_too_many_faults_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DpcError, match="too few reports"):
        made(tmp_path, 40, records=30)


def test_an_overlap_is_refused(tmp_path: Path) -> None:
    request = GenerateRequest(10, SEED, 0, tmp_path / "b", ORG, tmp_path)
    with pytest.raises(DpcError, match="no hashes"):
        generate("hotline", request)


def test_shouting_leaves_the_path_as_it_is() -> None:
    assert shouted("http://a.invalid:80/Path?q") == "HTTP://A.INVALID:80/Path?q"
    assert shouted("magnet:?xt=a") == "MAGNET:?xt=a"
