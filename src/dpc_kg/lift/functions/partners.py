"""Functions of what lies outside a cell or an export: another cell, organisation or record."""

from dpc_kg.lift.functions.base import Args, Function, Made, fault, looked_up, quote
from dpc_kg.lift.functions.keys import OWN

_WHEN = ("when", *(f"when{number}" for number in range(2, 7)))


def _elsewhere(a: Args) -> Made:
    """Give the value unless its list says that it names the organisation whose export it is."""
    return Made(
        f"CASE WHEN {looked_up(a, 'code')} IS DISTINCT FROM {quote(OWN)}"
        f" THEN {a.clean('value')} END"
    )


def _agreeing(a: Args) -> Made:
    """Give the value; two cells that have to name one thing, and do not, are a fault of the other.

    The other may say the same with ``uuid:`` before it.
    """
    one, other = a.clean("one"), a.clean("other")
    rule = f"CASE WHEN {other} NOT IN ({one}, 'uuid:' || {one}) THEN {fault('reference')} END"
    return Made(a.clean("value"), rule=rule)


def _instead(a: Args) -> Made:
    """Give the value where the cell it stands in for is blank; each then blames its own cell."""
    return Made(f"CASE WHEN {a.clean('of')} IS NULL THEN {a.clean('value')} END")


def _linked(a: Args) -> Made:
    """Give what a reference was found to lead to; a reference that leads nowhere is counted."""
    value, found = a.clean("value"), a.clean("found")
    return Made(found, unknown=f"{value} IS NOT NULL AND {found} IS NULL")


def _whole(a: Args) -> Made:
    """Give the value where every other cell holds something.

    One call of many conditions and not calls in calls: each call repeats what it is made of.
    """
    there = " AND ".join(f"{a.clean(name)} IS NOT NULL" for name in _WHEN if name in a.sql)
    return Made(f"CASE WHEN {there} THEN {a.sql['value']} END")


FUNCTIONS: dict[str, Function] = {
    "agreeing": Function(
        ("value", "one", "other"), "literal", _agreeing, "other", required=("value", "one", "other")
    ),
    "elsewhere": Function(("list", "value"), "literal", _elsewhere, required=("list", "value")),
    "instead": Function(("value", "of"), "literal", _instead, required=("value", "of")),
    "linked": Function(("value", "found"), "literal", _linked, required=("value", "found")),
    "whole": Function(("value", *_WHEN), "literal", _whole, required=("value", "when")),
}
