"""The generator of CASE and CAC: the same bytes again, clean without faults, every fault found."""

import json
from collections import Counter
from pathlib import Path

import pyoxigraph as ox
import pytest

from dpc_kg.base.errors import DpcError
from dpc_kg.base.faults import Fault
from dpc_kg.lift import LiftRequest, report_bytes
from dpc_kg.lift.generate import GenerateRequest, Planted, generate, generators
from dpc_kg.lift.generate.caseuco_faults import MISTAKES
from dpc_kg.lift.generate.caseuco_words import CANARY
from dpc_kg.validate.check import check

ORG, RECORDS, SEED = "example-org", 60, 7
FILES = {"case-uco": "case-uco.json", "cac": "cac.ttl"}


def made(out: Path, faults: int = 0, seed: int = SEED, records: int = RECORDS) -> Planted:
    return generate("case-uco", GenerateRequest(records, seed, faults, out, ORG))


def told(fault: Fault) -> tuple[object, ...]:
    return (fault.file, fault.row, fault.column, fault.kind, tuple(sorted(fault.rules)))


def checked(
    out: Path, key: bytes
) -> tuple[Counter[tuple[object, ...]], Counter[tuple[str, str]], bytes]:
    """Give the faults, the cells without a place, and all that would leave."""
    sources = {name: out / file for name, file in FILES.items()}
    with check(LiftRequest("case-uco", sources, ORG, "test", key, None)) as one:
        quads = one.write(out / "data.nq")
        unknown = Counter({(u.source, u.path): u.cells for u in one.lifted.unknown()})
        report = report_bytes(one.lifted.report(quads, one.withheld))
        return Counter(map(told, one.faults)), unknown, (out / "data.nq").read_bytes() + report


def placeless(planted: Planted) -> Counter[tuple[str, str]]:
    named = {file: name for name, file in FILES.items()}
    return Counter((named[cell["file"]], cell["column"]) for cell in planted.unknown)


def test_it_has_the_name_of_its_mapping() -> None:
    assert "case-uco" in generators()


def test_same_seed_same_bytes(tmp_path: Path) -> None:
    first, second, other = (tmp_path / name for name in ("first", "second", "other"))
    made(first, 6)
    made(second, 6)
    made(other, 6, seed=8)
    for name in (*FILES.values(), "planted.json"):
        assert (first / name).read_bytes() == (second / name).read_bytes()
        assert (first / name).read_bytes() != (other / name).read_bytes()


def test_records_are_investigations_and_reports(tmp_path: Path) -> None:
    made(tmp_path)
    graph = json.loads((tmp_path / "case-uco.json").read_text(encoding="utf-8"))["@graph"]
    inquiries = [one for one in graph if one["@type"] == "investigation:Investigation"]
    turtle = ox.parse((tmp_path / "cac.ttl").read_bytes(), format=ox.RdfFormat.TURTLE)
    reports = [q for q in turtle if str(q.object).endswith("#PublicReport>")]
    assert (len(inquiries), len(reports)) == (40, 20)


def test_without_faults_all_conforms_and_nothing_personal_leaves(
    tmp_path: Path, partner_key: bytes
) -> None:
    planted = made(tmp_path)
    faults, unknown, leaving = checked(tmp_path, partner_key)
    assert (planted.faults, faults) == ([], Counter())
    assert unknown == placeless(planted)
    assert len(unknown) > 5
    for text in (CANARY.encode(), b"example.org/kb"):
        assert all(text in (tmp_path / file).read_bytes() for file in FILES.values())
        assert text not in leaving


@pytest.mark.parametrize("seed", [SEED, 11])
def test_every_planted_fault_is_found_and_no_other(
    tmp_path: Path, partner_key: bytes, seed: int
) -> None:
    planted = made(tmp_path, 2 * len(MISTAKES), seed, records=72)
    faults, unknown, leaving = checked(tmp_path, partner_key)
    assert faults == Counter(map(told, planted.faults))
    assert unknown == placeless(planted)
    for text in (CANARY, "not a digest", "about 3 MB", "built here", "14/03/2024"):
        assert text.encode() not in leaving


def test_six_faults_are_of_several_kinds(tmp_path: Path) -> None:
    kinds = {fault.kind for fault in made(tmp_path, 6).faults}
    assert kinds == {"missing", "format", "duplicate", "order"}


def test_faults_are_spread_over_every_kind_of_mistake(tmp_path: Path) -> None:
    planted = made(tmp_path, len(MISTAKES))
    sorts = Counter((f.file, f.column, f.rules) for f in planted.faults)
    assert (len(sorts), set(sorts.values())) == (len(MISTAKES), {1})


def test_alone_an_investigation_holds_all_there_is(tmp_path: Path, partner_key: bytes) -> None:
    """What one investigation does not list is its own all the same, so that is no mistake."""
    planted = made(tmp_path, 2, records=3)
    assert {f.column for f in planted.faults}.isdisjoint({"Investigation/core:object"})
    assert checked(tmp_path, partner_key)[0] == Counter(map(told, planted.faults))


def test_too_many_faults_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DpcError, match="too few records"):
        made(tmp_path, 31, records=30)


def test_an_overlap_is_refused(tmp_path: Path) -> None:
    request = GenerateRequest(10, SEED, 0, tmp_path / "b", ORG, tmp_path)
    with pytest.raises(DpcError, match="not made to overlap"):
        generate("case-uco", request)
