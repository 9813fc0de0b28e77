"""Functions of answers chosen in a form: ticked boxes, several answers, counts among words."""

from dpc_kg.base.vocab import CODES, XSD
from dpc_kg.lift.functions.base import CODE, Args, Function, Made, code_iri, looked_up, quote
from dpc_kg.lift.functions.values import age_band_sql

_PARTS = ("value", *(f"value{n}" for n in range(2, 25)))


def _then(a: Args, name: str) -> str:
    text = a.const(name)
    return quote((a.const("base") or CODES) + text) if text else "NULL"


def _ticked(a: Args) -> Made:
    """Give ``then`` for a value whose code is yes, ``otherwise`` for no, nothing for the rest."""
    value, code = a.clean("value"), looked_up(a, "code")
    sql = (
        f"CASE {code} WHEN 'tristate/yes' THEN {_then(a, 'then')}"
        f" WHEN 'tristate/no' THEN {_then(a, 'otherwise')} END"
    )
    return Made(sql, unknown=f"{value} IS NOT NULL AND {code} IS NULL")


def _given(a: Args) -> Made:
    value = a.clean("value")
    return Made(
        f"CASE WHEN {value} IS NOT NULL THEN {_then(a, 'then')} ELSE {_then(a, 'otherwise')} END"
    )


def _only_if(a: Args) -> Made:
    """Give ``of`` where the value's code is ``then``."""
    sql = f"CASE WHEN {looked_up(a, 'code')} = {quote(a.const('then'))} THEN {a.clean('of')} END"
    return Made(sql)


def _any_of(a: Args) -> Made:
    cells = ", ".join(a.sql[n] for n in _PARTS if n in a.sql)
    return Made(f"CASE WHEN dpc_clean(concat_ws('', {cells})) IS NOT NULL THEN 'true' END")


def _first_of(a: Args) -> Made:
    """Give the first value there is; where it is wrong, its own cell is to blame."""
    return Made(f"coalesce({', '.join(a.clean(n) for n in _PARTS if n in a.sql)})")


def _single(a: Args) -> Made:
    """Give a value that is no list: a list of answers is read answer by answer elsewhere."""
    value = a.clean("value")
    return Made(f"CASE WHEN {value} NOT LIKE '[%' THEN {value} END")


def _count(a: Args) -> Made:
    """Give a whole number above zero; a word of the list counts as the number it stands for."""
    value = a.clean("value")
    digits = f"CASE WHEN regexp_full_match({value}, '[0-9]{{1,6}}') THEN {value} END"
    number = f"nullif(TRY_CAST({digits} AS INTEGER), 0)"
    listed = f"TRY_CAST({looked_up(a, 'code')} AS INTEGER)"
    sql = f"coalesce({number}, {listed})"
    return Made(f"{sql}::VARCHAR", unknown=f"{value} IS NOT NULL AND {sql} IS NULL")


def _age(a: Args) -> Made:
    """Give the band of an age; a word of the list goes before the words known everywhere."""
    code, listed = looked_up(a, "code"), looked_up(a, "value")
    # a lambda names the cell, so that it is cleaned once and not at each comparison
    band = f"list_transform([{a.clean('value')}], lambda w: {age_band_sql('w')})[1]"
    unmapped = code_iri("age-band", "unmapped")
    sql = f"coalesce({CODE}' || {code}, {band}, CASE WHEN {listed} IS NOT NULL THEN {unmapped} END)"
    return Made(
        sql,
        rule=f"CASE WHEN ({sql}) IS NULL THEN 'age' END",
        unknown=f"{listed} IS NOT NULL AND {code} IS NULL AND {band} IS NULL",
    )


def _combined(a: Args) -> Made:
    """Give the one code of up to three answers; answers that differ are ``mixed``."""
    found = [(a.clean(n), looked_up(a, "code", n)) for n in _PARTS[:3] if n in a.sql]
    codes = f"list_distinct([{', '.join(code for _, code in found)}])"
    known = f"list_filter({codes}, lambda c: c IS NOT NULL)"
    scheme = a.const("scheme")
    unknown = " OR ".join(f"({value} IS NOT NULL AND {code} IS NULL)" for value, code in found)
    sql = (
        f"CASE WHEN len({known}) > 1 THEN {code_iri(scheme, 'mixed')}"
        f" WHEN len({known}) = 1 THEN {CODE}' || {known}[1]"
        f" WHEN {unknown} THEN {code_iri(scheme, 'unmapped')} END"
    )
    return Made(sql, unknown=f"({unknown})")


FUNCTIONS: dict[str, Function] = {
    "age": Function(("list", "value"), "iri", _age, required=("list", "value")),
    "anyOf": Function(_PARTS, "literal", _any_of),
    "combined": Function(
        ("list", "scheme", "value", "value2", "value3"),
        "iri",
        _combined,
        required=("list", "scheme", "value"),
    ),
    "count": Function(
        ("list", "value"), "literal", _count, datatype=XSD + "integer", required=("list", "value")
    ),
    "firstOf": Function(_PARTS, "literal", _first_of),
    "given": Function(("value", "then", "otherwise", "base"), "iri", _given, required=("value",)),
    "onlyIf": Function(
        ("list", "value", "then", "of"),
        "literal",
        _only_if,
        "of",
        required=("list", "value", "then", "of"),
    ),
    "single": Function(("value",), "literal", _single),
    "ticked": Function(
        ("list", "value", "then", "otherwise", "base"),
        "iri",
        _ticked,
        required=("list", "value", "then"),
    ),
}
