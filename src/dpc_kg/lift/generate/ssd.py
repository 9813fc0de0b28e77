"""A seeded extract of the Standard Safeguarding Dataset: one CSV a table, keys across them."""

from random import Random
from typing import Any

from dpc_kg.base.faults import Fault
from dpc_kg.lift.generate import ssd_care, ssd_children, ssd_faults, ssd_staff
from dpc_kg.lift.generate.planted import GenerateRequest, Planted
from dpc_kg.lift.generate.ssd_tables import Extract, write
from dpc_kg.lift.generate.ssd_values import Draw


def generate(request: GenerateRequest) -> Planted:
    """Write the tables of ``request.records`` children and give what was planted.

    A child does not depend on the others nor on the faults, so a larger extract holds the rows of
    the smaller one. Tables that may not be shared are written too, with canaries in every cell.

    Raises:
        DpcError: more faults asked for than the extract can carry.
    """
    extract = ssd_staff.staff(request.seed)
    for number in range(request.records):
        extract.extend(life(request.seed, number))
    plantings = ssd_faults.plant(extract, request.faults, request.seed)
    write(extract, request.out, {(p.mistake.table, p.row) for p in plantings if p.mistake.cut})
    planted = Planted("ssd", request)
    planted.faults.extend(_fault(planting) for planting in plantings)
    planted.unknown.extend(_unknown(*cell) for cell in extract.unknown)
    return planted


def life(seed: int, number: int) -> Extract:
    """Give all rows about one child."""
    out = Extract()
    draw = Draw(Random(f"ssd/{seed}/{number}"), number)  # noqa: S311 - test data, not a secret
    person = ssd_children.child(out, draw)
    ssd_staff.personal(out, draw, person)
    if draw.chance(0.2):
        return out
    referral, start = ssd_children.case(out, draw, person)
    if draw.chance(0.5):
        ssd_children.need_plan(out, draw, person, referral, start)
    if draw.chance(0.5):
        ssd_children.protection(out, draw, person, referral, start)
    if draw.chance(0.5):
        ssd_care.care(out, draw, person, referral, start)
    return out


def _fault(planting: ssd_faults.Planting) -> Fault:
    mistake = planting.mistake
    column = mistake.blamed or mistake.column
    return Fault(f"{mistake.table}.csv", None, planting.row, column, mistake.kind, mistake.rules)


def _unknown(table: str, row: int, column: str) -> dict[str, Any]:
    return {"file": f"{table}.csv", "row": row, "column": column}
