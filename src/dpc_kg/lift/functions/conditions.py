"""Functions of values that are there only under a condition, or have to be."""

from dpc_kg.lift.functions.base import (
    LAST,
    Args,
    Function,
    Made,
    cells,
    fault,
    looked_up,
    quote,
    several,
    told,
)

_WHEN = ("when", *(f"when{number}" for number in range(2, 13)))
_VALUES = several(24)
# An empty list is written so by Ruby and JSON alike, and a box that is not ticked says nothing.
_NOTHING = "('[]','{}','false')"


def _there(found: list[str]) -> str:
    return " OR ".join(f"{cell} IS NOT NULL" for cell in found)


def _given(a: Args) -> Made:
    """Give the value where at least one of the other cells holds something."""
    return Made(f"CASE WHEN {_there(cells(a, _WHEN))} THEN {a.clean('value')} END")


def _when_answered(a: Args) -> Made:
    """Give the value where another cell answers something: no empty list, no box left blank."""
    found = cells(a, _WHEN)
    told_any = " OR ".join(f"({c} IS NOT NULL AND {c} NOT IN {_NOTHING})" for c in found)
    return Made(f"CASE WHEN {told_any} THEN {a.clean('value')} END")


def _when_listed(a: Args) -> Made:
    """Give the value where another cell is listed, with ``is`` only where its code is that one."""
    if a.const("is"):
        test = f"{looked_up(a, 'code', 'when')} = {quote(a.const('is'))}"
    else:
        test = f"{looked_up(a, 'value', 'when')} IS NOT NULL"
    return Made(f"CASE WHEN {test} THEN {a.clean('value')} END")


def _required(a: Args) -> Made:
    """Give the value; its absence is a fault, as nothing can be told apart without it."""
    value = a.clean("value")
    return Made(value, rule=f"CASE WHEN {value} IS NULL THEN {fault('missing-key')} END")


def _filled(a: Args) -> Made:
    """Give ``then`` where at least one cell holds something, else ``otherwise``."""
    test = _there(cells(a, _VALUES))
    return Made(f"CASE WHEN {test} THEN {told(a, 'then')} ELSE {told(a, 'otherwise')} END")


def _any_filled(a: Args) -> Made:
    """Give ``true`` where at least one cell holds something, else nothing."""
    return Made(f"CASE WHEN {_there(cells(a, _VALUES))} THEN 'true' END")


def _first_of(a: Args) -> Made:
    """Give the first value there is; the last cell is blamed, as the one to fill in any case."""
    return Made(f"coalesce({', '.join(cells(a, _VALUES))})")


def _replaced(a: Args) -> Made:
    """Give the other value (none without one) in place of one that is listed."""
    listed = f"{looked_up(a, 'value')} IS NOT NULL"
    return Made(f"CASE WHEN {listed} THEN {a.clean('other')} ELSE {a.clean('value')} END")


def _without_fillers(a: Args) -> Made:
    """Give a value that is none of the words (parted by ``|``) that stand for nothing."""
    fillers = ", ".join(quote(word.strip()) for word in a.const("fillers").split("|"))
    # a filter names the cell a single time, where NULLIF and CASE would repeat it inside each other
    return Made(f"list_filter([{a.clean('value')}], lambda c: c NOT IN ({fillers}))[1]")


FUNCTIONS: dict[str, Function] = {
    "anyFilled": Function(_VALUES, "literal", _any_filled),
    "filled": Function((*_VALUES, "then", "otherwise", "base"), "iri", _filled),
    "firstOf": Function(_VALUES, "literal", _first_of, LAST),
    "given": Function(("value", *_WHEN), "literal", _given, required=("value", "when")),
    "replaced": Function(
        ("value", "list", "other"), "literal", _replaced, required=("value", "list")
    ),
    "required": Function(("value",), "literal", _required),
    "whenAnswered": Function(
        ("value", *_WHEN), "literal", _when_answered, required=("value", "when")
    ),
    "whenListed": Function(
        ("value", "list", "when", "is"),
        "literal",
        _when_listed,
        required=("value", "list", "when"),
    ),
    "withoutFillers": Function(
        ("value", "fillers"), "literal", _without_fillers, required=("value", "fillers")
    ),
}
