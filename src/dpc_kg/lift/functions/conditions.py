"""Functions of values that are there only under a condition, or have to be."""

from dpc_kg.base.vocab import XSD
from dpc_kg.lift.functions.base import Args, Function, Made

_WHEN = ("when", *(f"when{number}" for number in range(2, 13)))


def _given(a: Args) -> Made:
    """Give the value where at least one of the other cells holds something."""
    there = " OR ".join(f"{a.clean(name)} IS NOT NULL" for name in _WHEN if name in a.sql)
    return Made(f"CASE WHEN {there} THEN {a.clean('value')} END")


def _required(a: Args) -> Made:
    """Give the value; its absence is a fault, as nothing can be told apart without it."""
    value = a.clean("value")
    return Made(value, rule=f"CASE WHEN {value} IS NULL THEN 'missing-key' END")


def _elapsed(a: Args) -> Made:
    """Give the seconds to a later moment; none where the order is the other way round."""
    seconds = f"(epoch({a.moment('to')}) - epoch({a.moment('from')}))::BIGINT"
    return Made(f"CASE WHEN {seconds} >= 0 THEN {seconds}::VARCHAR END")


FUNCTIONS: dict[str, Function] = {
    "elapsed": Function(
        ("from", "to"), "literal", _elapsed, "to", XSD + "integer", required=("from", "to")
    ),
    "given": Function(("value", *_WHEN), "literal", _given, required=("value", "when")),
    "required": Function(("value",), "literal", _required),
}
