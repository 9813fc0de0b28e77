"""The report balances: what it counts is what stands in the files, field by field.

The files are counted here by the libraries of others, cell by cell.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest

from dpc_kg.lift import LiftRequest, open_lift
from tests.lift.laws.exports import ORG, VARIANTS, Export, export
from tests.lift.laws.leaves import Leaf
from tests.lift.laws.sizes import FULL, size
from tests.lift.laws.walks import walk

RECORDS = size(20, 300)
FAULTS = [0, 5] if FULL else [5]
STATUSES = {"placed", "personal", "none", "undeclared", "key"}


def counted(made: Export) -> Counter[tuple[str, str]]:
    """Give how many filled cells each decided field of each source has."""
    found: Counter[tuple[str, str]] = Counter()
    decisions = made.decisions
    inside = {(v.source, i.cell) for v in made.plan.views for i in v.iterables}

    def visit(leaf: Leaf) -> None:
        decision = decisions.decide(leaf.source, leaf.path)
        name = decision.path if decision is not None else "(undeclared column)"
        # what stands in a cell is told beside it, where the mapping looks into the cell
        apart = (leaf.source, leaf.column) in inside and name != leaf.column
        if leaf.part != "member" or apart:
            found[(leaf.source, name)] += 1

    walk(made, visit)
    return found


@dataclass(frozen=True)
class Lifted:
    """An export, what the report of its lift says, and the lines that were written."""

    made: Export
    report: dict[str, Any]
    lines: list[str]


Lift = Callable[[str, int], Lifted]


@pytest.fixture(scope="module")
def lift(
    tmp_path_factory: pytest.TempPathFactory, partner_key: bytes, coalition_key: bytes
) -> Lift:
    """Lift an export once; one with faults without the coalition's key."""

    @cache
    def run(generator: str, faults: int) -> Lifted:
        folder = tmp_path_factory.mktemp("law")
        made = export(generator, folder / "export", RECORDS, faults)
        key = None if faults else coalition_key
        request = LiftRequest(made.mapping, made.sources, ORG, "law", partner_key, key)
        with open_lift(request) as lifted:
            report = lifted.report(lifted.write(folder / "data.nq"))
        lines = (folder / "data.nq").read_text(encoding="utf-8").splitlines()
        return Lifted(made, report, lines)

    return run


@pytest.mark.parametrize("faults", FAULTS)
@pytest.mark.parametrize("generator", VARIANTS)
def test_every_filled_cell_is_counted_once(generator: str, faults: int, lift: Lift) -> None:
    lifted = lift(generator, faults)
    told: Counter[tuple[str, str]] = Counter()
    for one in lifted.report["fields"]:
        assert one["status"] in STATUSES
        told[(one["source"], one["path"])] += one["cells"]
    own = counted(lifted.made)
    wrong = {k: (told[k], own[k]) for k in told | own if told[k] != own[k]}
    assert wrong == {}, "field: (told, counted)"
    assert own.total() > RECORDS, "something was counted"


@pytest.mark.parametrize("faults", FAULTS)
@pytest.mark.parametrize("generator", VARIANTS)
def test_blank_and_filled_cells_of_a_column_are_its_rows(
    generator: str, faults: int, lift: Lift
) -> None:
    report = lift(generator, faults).report
    rows = {one["name"]: one["rows"] for one in report["sources"]}
    for one in report["fields"]:
        if "blank" in one:
            assert one["cells"] + one["blank"] == rows[one["source"]]


@pytest.mark.parametrize("faults", FAULTS)
@pytest.mark.parametrize("generator", VARIANTS)
def test_the_quads_told_are_the_quads_written(generator: str, faults: int, lift: Lift) -> None:
    lifted = lift(generator, faults)
    assert lifted.report["quads"] == len(lifted.lines) == len(set(lifted.lines))
    assert not faults or "coalition/hash/" not in "".join(lifted.lines)


# few records hold no unknown code in such a path
@pytest.mark.parametrize("generator", VARIANTS)
def test_unknown_codes_and_rejects_are_the_planted_ones(generator: str, lift: Lift) -> None:
    lifted = lift(generator, FAULTS[0])
    assert FAULTS[0] or lifted.report["rejects"] == {}
    unknown = lifted.made.document["unknown"]
    planted = {(u["file"], u["row"], u["column"]) for u in unknown}
    assert sum(u["cells"] for u in lifted.report["unknownCodes"]) >= bool(planted)
    fields = {(one["source"], one["path"]): one["cells"] for one in lifted.report["fields"]}
    for one in lifted.report["unknownCodes"]:
        assert one["cells"] <= fields[(one["source"], one["path"])]
