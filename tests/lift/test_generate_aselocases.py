"""The synthetic cases of an Aselo helpline: what is planted is found, nothing personal leaves."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dpc_kg.base.errors import DpcError
from dpc_kg.lift import LiftRequest
from dpc_kg.lift.generate import GenerateRequest, generate
from dpc_kg.lift.generate.aselocases import MISTAKES
from dpc_kg.validate.check import check

ORG = "example-helpline"
PERSONAL = (
    "Testname",
    "WK_EXAMPLE",
    "X0000000",
    "+1-202",
    "@example",
    "Example Street",
    "on custody",
)


def _bytes(out: Path) -> dict[str, bytes]:
    return {p.relative_to(out).as_posix(): p.read_bytes() for p in out.rglob("*.json")}


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        generate("aselocases", GenerateRequest(30, 5, 10, tmp_path / name, ORG))
    assert _bytes(tmp_path / "one") == _bytes(tmp_path / "two")


def test_every_kind_is_planted(tmp_path: Path) -> None:
    planted = generate("aselocases", GenerateRequest(40, 3, len(MISTAKES), tmp_path, ORG))
    kinds = {(f.kind, f.rules) for f in planted.faults}
    wanted = {(m.kind, m.rules) for m in MISTAKES if m is not None}
    assert wanted | {("duplicate", ("source:duplicate",))} == kinds


def test_more_mistakes_than_cases_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DpcError, match="too few cases"):
        generate("aselocases", GenerateRequest(3, 1, 4, tmp_path, ORG))


@pytest.mark.parametrize(("seed", "faults"), [(1, 0), (4, 10), (9, 14)])
def test_planted_faults_are_found_and_no_others(
    tmp_path: Path, partner_key: bytes, seed: int, faults: int
) -> None:
    planted = generate("aselocases", GenerateRequest(30, seed, faults, tmp_path, ORG))
    request = LiftRequest(
        mapping="aselo",
        sources={"contacts": tmp_path, "cases": tmp_path},
        org=ORG,
        dataset="helpline",
        partner_key=partner_key,
    )
    with check(request) as checked:
        found = [fault.as_dict() for fault in checked.faults]
        unknown = sum(code.cells for code in checked.lifted.unknown())
        quads = checked.lifted.write(tmp_path / "data.nq")
        report = json.dumps(checked.lifted.report(quads), ensure_ascii=False)
    assert found == [fault.as_dict() for fault in sorted(planted.faults, key=lambda f: f.place)]
    assert unknown == len(planted.unknown)
    written = (tmp_path / "data.nq").read_text(encoding="utf-8") + report
    exported = b"".join(_bytes(tmp_path).values()).decode()
    assert all(word in exported for word in PERSONAL)
    assert [word for word in PERSONAL if word in written] == []
    assert {k for k in _classes(written)} >= {"Case", "Incident", "AllegedPerpetratorRole"}


def _classes(quads: str) -> Iterator[Any]:
    for line in quads.splitlines():
        if "#type>" in line and "/cdm#" in line:
            yield line.split("/cdm#")[1].split(">")[0]
