"""Functions that depend on what was answered at all: conditions, ticks, ranks, single values."""

from dpc_kg.base.vocab import EXT, XSD
from dpc_kg.lift.functions.base import CODE, Args, Function, Made, looked_up, quote

_MANY = tuple(f"value{n}" for n in range(2, 10))
_PLACES = ("1", "2", "3", "rest")
# An empty list is written so by Ruby and JSON alike, and a box that is not ticked says nothing.
_NOTHING = "('[]','{}','false')"


def _given(a: Args) -> Made:
    cells = [a.clean(name) for name in ("value", *_MANY) if name in a.sql]
    told = " OR ".join(f"({cell} IS NOT NULL AND {cell} NOT IN {_NOTHING})" for cell in cells)
    return Made(f"CASE WHEN {told} THEN {a.clean('then')} END")


def _when_listed(a: Args) -> Made:
    return Made(f"CASE WHEN {looked_up(a, 'value')} IS NOT NULL THEN {a.clean('then')} END")


def _answered(a: Args) -> Made:
    value = f"lower({a.clean('value')})"
    sql = (
        f"{CODE}tristate/' || CASE WHEN {value} IN ('true','yes','1','y') THEN 'yes'"
        f" WHEN {value} IN ('false','no','0','n') THEN 'no'"
        f" WHEN {value} = 'unknown' THEN 'unknown' END"
    )
    return Made(sql, rule=f"CASE WHEN {value} IS NOT NULL AND ({sql}) IS NULL THEN 'boolean' END")


def _rank(a: Args) -> Made:
    value, number = a.clean("value"), f"TRY_CAST({looked_up(a, 'code')} AS INTEGER)::VARCHAR"
    return Made(number, unknown=f"{value} IS NOT NULL AND {number} IS NULL")


def _item(a: Args) -> Made:
    value, place = a.clean("value"), a.const("place")
    many = f"({value} LIKE '[%' AND json_valid({value}))"
    if place == "rest":
        sql = f"CASE WHEN {many} AND json_array_length({value}) > 3 THEN {value} END"
        return Made(sql)
    at = int(place) - 1
    alone = f" WHEN {value} IS NOT NULL THEN {value}" if at == 0 else ""
    listed = f"nullif(trim(json_extract_string({value}, '$[{at}]')), '')"
    return Made(f"CASE WHEN {many} THEN {listed}{alone} END")


def _language(a: Args) -> Made:
    value, code = a.clean("value"), looked_up(a, "code")
    base = f"CASE length({code}) WHEN 2 THEN {quote(EXT + 'iso639-1/')}"
    sql = f"{base} WHEN 3 THEN {quote(EXT + 'iso639-3/')} END || {code}"
    return Made(sql, unknown=f"{value} IS NOT NULL AND ({sql}) IS NULL")


FUNCTIONS: dict[str, Function] = {
    "answered": Function(("value",), "iri", _answered),
    "given": Function(("then", "value", *_MANY), "literal", _given, required=("then", "value")),
    "item": Function(
        ("value", "place"),
        "literal",
        _item,
        required=("value", "place"),
        choices={"place": frozenset(_PLACES)},
    ),
    "language": Function(("list", "value"), "iri", _language, required=("list", "value")),
    "rank": Function(
        ("list", "value"), "literal", _rank, datatype=XSD + "integer", required=("list", "value")
    ),
    "whenListed": Function(
        ("then", "list", "value"), "literal", _when_listed, required=("then", "list", "value")
    ),
}
"""``given`` is ``then`` where any of its values says something; ``whenListed`` where its value is
one of the list. ``answered`` is yes, no or unknown, and nothing where nothing was answered.
``item`` is one value of a list written into a cell as JSON (a single word is the first); ``rest``
is the whole cell where it holds more than three, so that a look-up counts it as unknown.
``rank`` and ``language`` read the ``code`` column of a declared list as a number and as an ISO 639
code."""
