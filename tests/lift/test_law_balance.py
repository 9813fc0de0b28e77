"""The report balances: what it counts is what stands in the files, field by field.

The files are counted here by the libraries of others, cell by cell.
"""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from dpc_kg.lift import LiftRequest, open_lift
from tests.lift.laws.exports import GENERATORS, ORG, Export, Leaf, export, walk
from tests.lift.laws.sizes import size

RECORDS = size(20, 300)
STATUSES = {"placed", "personal", "none", "undeclared", "key"}


def counted(made: Export) -> Counter[tuple[str, str]]:
    """Give how many filled cells each decided field of each source has."""
    found: Counter[tuple[str, str]] = Counter()
    decisions = made.decisions

    def visit(leaf: Leaf) -> None:
        decision = decisions.decide(leaf.source, leaf.path)
        name = decision.path if decision is not None else "(undeclared column)"
        if leaf.part != "member":
            found[(leaf.source, name)] += 1

    walk(made, visit)
    return found


def report_of(made: Export, key: bytes, coalition: bytes | None, out: Path) -> dict[str, Any]:
    request = LiftRequest(made.mapping, made.sources, ORG, "law", key, coalition)
    with open_lift(request) as lifted:
        return lifted.report(lifted.write(out))


@pytest.mark.parametrize("generator", GENERATORS)
@pytest.mark.parametrize("faults", [0, 5])
def test_every_filled_cell_is_counted_once(
    generator: str, faults: int, tmp_path: Path, partner_key: bytes, coalition_key: bytes
) -> None:
    made = export(generator, tmp_path / "export", RECORDS, faults)
    report = report_of(made, partner_key, coalition_key, tmp_path / "data.nq")
    told: Counter[tuple[str, str]] = Counter()
    for one in report["fields"]:
        assert one["status"] in STATUSES
        told[(one["source"], one["path"])] += one["cells"]
    tables = {s.name for s in made.plan.sources if s.formulation == "CSV"}
    # what the literals in a table's cells hold is told beside the cells
    told = Counter({k: n for k, n in told.items() if k[0] not in tables or "[*]" not in k[1]})
    own = counted(made)
    wrong = {k: (told[k], own[k]) for k in told | own if told[k] != own[k]}
    assert wrong == {}, "field: (told, counted)"


@pytest.mark.parametrize("generator", GENERATORS)
def test_blank_and_filled_cells_of_a_column_are_its_rows(
    generator: str, tmp_path: Path, partner_key: bytes, coalition_key: bytes
) -> None:
    made = export(generator, tmp_path / "export", RECORDS, 3)
    report = report_of(made, partner_key, coalition_key, tmp_path / "data.nq")
    rows = {one["name"]: one["rows"] for one in report["sources"]}
    for one in report["fields"]:
        if "blank" in one:
            assert one["cells"] + one["blank"] == rows[one["source"]]


@pytest.mark.parametrize("generator", GENERATORS)
def test_the_quads_told_are_the_quads_written(
    generator: str, tmp_path: Path, partner_key: bytes
) -> None:
    made = export(generator, tmp_path / "export", RECORDS, 3)
    report = report_of(made, partner_key, None, tmp_path / "data.nq")
    lines = (tmp_path / "data.nq").read_text(encoding="utf-8").splitlines()
    assert report["quads"] == len(lines) == len(set(lines))
    assert "coalition/hash/" not in "".join(lines)


@pytest.mark.parametrize("generator", GENERATORS)
def test_unknown_codes_and_rejects_are_the_planted_ones(
    generator: str, tmp_path: Path, partner_key: bytes, coalition_key: bytes
) -> None:
    made = export(generator, tmp_path / "export", RECORDS)
    report = report_of(made, partner_key, coalition_key, tmp_path / "data.nq")
    assert report["rejects"] == {}
    unknown = made.document["unknown"]
    planted = {(u["file"], u["row"], u["column"]) for u in unknown}
    assert sum(u["cells"] for u in report["unknownCodes"]) >= bool(planted)
    fields = {(one["source"], one["path"]): one["cells"] for one in report["fields"]}
    for one in report["unknownCodes"]:
        assert one["cells"] <= fields[(one["source"], one["path"])]
