"""Functions of measured numbers: parts of one, distances."""

from dpc_kg.base.vocab import XSD
from dpc_kg.lift.functions.base import Args, Function, Made

_KILOMETRES = "1.609344"


def _number(a: Args) -> str:
    value = a.clean("value")
    plain = f"regexp_full_match({value}, '[0-9]{{1,9}}([.][0-9]{{1,9}})?')"
    return f"CASE WHEN {plain} THEN {value}::DECIMAL(18, 9) END"


def _rule(a: Args) -> str:
    return f"CASE WHEN {a.clean('value')} IS NOT NULL AND ({_number(a)}) IS NULL THEN 'number' END"


def _decimal(a: Args) -> Made:
    value = a.clean("value")
    return Made(f"CASE WHEN ({_number(a)}) IS NOT NULL THEN {value} END", rule=_rule(a))


def _kilometres_of_miles(a: Args) -> Made:
    tens = f"ceil(({_number(a)})::DOUBLE * {_KILOMETRES} / 10)::BIGINT * 10"
    return Made(f"({tens})::VARCHAR", rule=_rule(a))


FUNCTIONS: dict[str, Function] = {
    "decimal": Function(("value",), "literal", _decimal, datatype=XSD + "decimal"),
    "kilometresOfMiles": Function(
        ("value",), "literal", _kilometres_of_miles, datatype=XSD + "integer"
    ),
}
