"""Functions that choose: a part of a text, a code by whether a cell is filled, a band of numbers.

What is chosen (patterns, codes, edges of bands) stands in the mapping and in ``codes.csv``.
"""

from dpc_kg.lift.functions.base import CODE, Args, Function, Made, code_iri, quote


def _part(a: Args) -> Made:
    return Made(f"regexp_extract_all({a.clean('value')}, {quote(a.const('pattern'))}, 1)[1]")


def _filled(a: Args) -> Made:
    blank = code_iri(a.const("blank")) if a.const("blank") else "NULL"
    there = code_iri(a.const("filled"))
    return Made(f"CASE WHEN {a.clean('value')} IS NOT NULL THEN {there} ELSE {blank} END")


_TRUE, _FALSE = "('true','yes','1','y')", "('false','no','0','n')"


def _flag(a: Args) -> Made:
    value = f"lower({a.clean('value')})"
    sql = f"CASE WHEN {value} IN {_TRUE} THEN 'true' WHEN {value} IN {_FALSE} THEN 'false' END"
    return Made(sql, rule=f"CASE WHEN {value} IS NOT NULL AND ({sql}) IS NULL THEN 'boolean' END")


def _any_true(a: Args) -> Made:
    cells = [a.clean(n) for n in ("value", "value2") if n in a.sql]
    test = " OR ".join(f"coalesce(lower({c}) IN {_TRUE}, FALSE)" for c in cells)
    return Made(f"{CODE}tristate/' || CASE WHEN {test} THEN 'yes' ELSE 'no' END")


def _band(a: Args) -> Made:
    value, listed = a.clean("value"), quote(a.const("list"))
    digits = f"CASE WHEN regexp_full_match({value}, '[0-9]{{1,18}}') THEN {value} END"
    number, edge = f"TRY_CAST({digits} AS BIGINT)", "TRY_CAST(k.value AS BIGINT)"
    code = (
        f"(SELECT arg_max(k.code, {edge}) FROM dpc_codes k"
        f" WHERE k.list = {listed} AND {edge} <= {number})"
    )
    rule = f"CASE WHEN {value} IS NOT NULL AND {number} IS NULL THEN 'number' END"
    return Made(f"{CODE}' || {code}", rule=rule)


_GUID = "^[{]?([0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12})[}]?$"


def _guid(a: Args) -> Made:
    value = a.clean("value")
    return Made(f"coalesce(lower(regexp_extract_all({value}, {quote(_GUID)}, 1)[1]), {value})")


def _needed(a: Args) -> Made:
    value = a.clean("value")
    return Made(value, rule=f"CASE WHEN {value} IS NULL THEN 'missing-key' END")


FUNCTIONS: dict[str, Function] = {
    "anyTrue": Function(("value", "value2"), "iri", _any_true),
    "band": Function(("list", "value"), "iri", _band, required=("list", "value")),
    "filled": Function(("value", "filled", "blank"), "iri", _filled, required=("value", "filled")),
    "flag": Function(("value",), "literal", _flag),
    "guid": Function(("value",), "literal", _guid),
    "needed": Function(("value",), "literal", _needed),
    "part": Function(("value", "pattern"), "literal", _part, required=("value", "pattern")),
}
