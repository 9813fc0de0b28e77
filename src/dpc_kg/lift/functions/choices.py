"""Functions for answers of relational extracts: flags, fillers, second readings, lists in a text.

A listed value whose code is the word ``none`` has a place and says nothing: it makes no term and is
no unknown value.
"""

from dpc_kg.lift.functions.base import CODE, Args, Function, Made, code_iri, looked_up, quote

_YES = "('y','yes','true','1')"
_NO = "('n','no','false','0')"
_SAID = "'none'"
_VALUES = ("value", *(f"value{n}" for n in range(2, 9)))


def _once(sql: str, body: str) -> str:
    """Give SQL that works out ``sql`` a single time, however often ``body`` says ``c``.

    Every look-up is a join of its own, and too many of them are more than one query can hold.
    """
    return f"list_transform([{sql}], lambda c: {body})[1]"


def _apart(a: Args) -> Made:
    # a filter names the cell a single time, where NULLIF and CASE would repeat it inside each other
    fillers = ", ".join(quote(word.strip()) for word in a.const("fillers").split("|"))
    return Made(f"list_filter([{a.clean('value')}], lambda c: c NOT IN ({fillers}))[1]")


def _filled(a: Args) -> Made:
    default = a.const("default")
    blank = code_iri(default) if default else "NULL"
    cells = [f"{a.clean(name)} IS NOT NULL" for name in _VALUES if name in a.sql]
    return Made(f"CASE WHEN {' OR '.join(cells)} THEN {code_iri(a.const('then'))} ELSE {blank} END")


def _also(a: Args) -> Made:
    default = a.const("default")
    other = code_iri(default) if default else "NULL"
    body = f"CASE c WHEN {_SAID} THEN NULL ELSE coalesce({CODE}' || c, {other}) END"
    return Made(_once(looked_up(a, "code"), body))


def _picked(a: Args) -> Made:
    value, code = a.clean("value"), looked_up(a, "code")
    default = a.const("default")
    blank = code_iri(default) if default else "NULL"
    unmapped = code_iri(a.const("scheme"), "unmapped")
    body = (
        f"CASE WHEN {value} IS NULL THEN {blank} WHEN c = {_SAID} THEN NULL"
        f" ELSE coalesce({CODE}' || c, {unmapped}) END"
    )
    return Made(_once(code, body), unknown=f"{value} IS NOT NULL AND {code} IS NULL")


def _flagged(a: Args) -> Made:
    value, flag, code = a.clean("value"), a.clean("flag"), looked_up(a, "code")
    answer = f"lower({flag})"
    unmapped = code_iri(a.const("scheme"), "unmapped")
    is_set = f"({answer} IN {_YES} OR {flag} = {value})"
    silent = f"({value} IS NULL OR {flag} IS NULL OR {answer} IN {_NO})"
    body = (
        f"CASE WHEN {silent} OR c = {_SAID} THEN NULL WHEN c IS NULL THEN {unmapped}"
        f" WHEN {is_set} THEN {CODE}' || c END"
    )
    odd = f"NOT {silent} AND c <> {_SAID} AND NOT {is_set}"
    rule = _once(code, f"CASE WHEN {odd} THEN 'boolean' END")
    return Made(_once(code, body), rule=rule, unknown=f"NOT {silent} AND {code} IS NULL")


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
    "apart": Function(("value", "fillers"), "literal", _apart, required=("value", "fillers")),
    "filled": Function((*_VALUES, "then", "default"), "iri", _filled, required=("value", "then")),
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
