"""Functions for answers of relational extracts: flags, fillers, second readings, lists in a text.

A listed value whose code is the word ``none`` has a place and says nothing: it makes no term and is
no unknown value.
"""

from dpc_kg.lift.functions.base import CODE, Args, Function, Made, code_iri, looked_up, quote

_YES = "('y','yes','true','1')"
_NO = "('n','no','false','0')"
_SAID = "'none'"


def _apart(a: Args) -> Made:
    value = a.clean("value")
    fillers = f"(SELECT k.value FROM dpc_codes k WHERE k.list = {quote(a.const('list'))})"
    return Made(f"CASE WHEN {value} NOT IN {fillers} THEN {value} END")


def _filled(a: Args) -> Made:
    default = a.const("default")
    blank = code_iri(default) if default else "NULL"
    filled = code_iri(a.const("then"))
    return Made(f"CASE WHEN {a.clean('value')} IS NULL THEN {blank} ELSE {filled} END")


def _also(a: Args) -> Made:
    code, default = looked_up(a, "code"), a.const("default")
    other = code_iri(default) if default else "NULL"
    return Made(f"CASE {code} WHEN {_SAID} THEN NULL ELSE coalesce({CODE}' || {code}, {other}) END")


def _picked(a: Args) -> Made:
    value, code = a.clean("value"), looked_up(a, "code")
    default = a.const("default")
    blank = code_iri(default) if default else "NULL"
    unmapped = code_iri(a.const("scheme"), "unmapped")
    sql = (
        f"CASE WHEN {value} IS NULL THEN {blank} WHEN {code} = {_SAID} THEN NULL"
        f" ELSE coalesce({CODE}' || {code}, {unmapped}) END"
    )
    return Made(sql, unknown=f"{value} IS NOT NULL AND {code} IS NULL")


def _flagged(a: Args) -> Made:
    value, flag, code = a.clean("value"), a.clean("flag"), looked_up(a, "code")
    answer = f"lower({flag})"
    unmapped = code_iri(a.const("scheme"), "unmapped")
    is_set = f"({answer} IN {_YES} OR {flag} = {value})"
    silent = f"({value} IS NULL OR {flag} IS NULL OR {answer} IN {_NO})"
    sql = (
        f"CASE WHEN {silent} OR {code} = {_SAID} THEN NULL WHEN {code} IS NULL THEN {unmapped}"
        f" WHEN {is_set} THEN {CODE}' || {code} END"
    )
    odd = f"NOT {silent} AND {code} <> {_SAID} AND NOT {is_set}"
    unknown = f"NOT {silent} AND {code} IS NULL"
    return Made(sql, rule=f"CASE WHEN {odd} THEN 'boolean' END", unknown=unknown)


def _item(a: Args) -> Made:
    """Look up the item of a list in one text; the last asked for is all the rest of the text."""
    text = f"regexp_replace({a.clean('value')}, '^[^:]*:', '')"
    items = f"string_split(translate({text}, '[]', ''), ',')"
    at = int(a.const("at"))
    found = f"array_to_string({items}[{at}:], ',')" if a.const("last") else f"{items}[{at}]"
    item = f"dpc_clean({found})"
    named = Args({**a.sql, "value": item}, a.constants, a.org, a.has_coalition_key, a.moments)
    code = looked_up(named, "code")
    unmapped = code_iri(a.const("scheme"), "unmapped")
    sql = f"CASE WHEN {item} IS NOT NULL THEN coalesce({CODE}' || {code}, {unmapped}) END"
    return Made(sql, unknown=f"{item} IS NOT NULL AND {code} IS NULL")


_POSITIONS = {"at": frozenset("123456789"), "last": frozenset({"yes"})}

FUNCTIONS: dict[str, Function] = {
    "also": Function(("list", "value", "default"), "iri", _also, required=("list", "value")),
    "apart": Function(("value", "list"), "literal", _apart, required=("value", "list")),
    "filled": Function(("value", "then", "default"), "iri", _filled, required=("value", "then")),
    "flagged": Function(
        ("list", "scheme", "value", "flag"),
        "iri",
        _flagged,
        "flag",
        required=("list", "scheme", "value", "flag"),
    ),
    "item": Function(
        ("list", "scheme", "value", "at", "last"),
        "iri",
        _item,
        required=("list", "scheme", "value", "at"),
        choices=_POSITIONS,
    ),
    "picked": Function(
        ("list", "scheme", "value", "default"),
        "iri",
        _picked,
        required=("list", "scheme", "value"),
    ),
}
