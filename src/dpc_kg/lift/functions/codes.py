"""Functions that look a value up in the declared lists (``codes.csv``).

A listed value whose code is the word ``none`` has a place and says nothing: it makes no term and
is no unknown value. Elsewhere a value without a code is ``unmapped`` in its scheme, and counted.
"""

from dpc_kg.base.vocab import CODES, EXT, XSD
from dpc_kg.lift.functions.base import (
    CODE,
    FALSE,
    TRUE,
    Args,
    Function,
    Made,
    code_iri,
    fault,
    in_list,
    known,
    looked_up,
    looked_up_in,
    once,
    quote,
    told,
    wrong,
)

_SILENT = "'none'"
_THREE = ("value", "value2", "value3")


def _unlisted(value: str, code: str) -> str:
    return f"{value} IS NOT NULL AND {code} IS NULL"


def _placed(a: Args, code: str) -> str:
    """Give the SQL of a code, ``unmapped`` where there is none, NULL where it is silent."""
    unmapped = code_iri(a.const("scheme"), "unmapped")
    return f"nullif(coalesce({CODE}' || {code}, {unmapped}), {code_iri('none')})"


def _code(a: Args) -> Made:
    """Give the code of a value, ``default`` for a blank cell."""
    value, code = a.clean("value"), looked_up(a, "code")
    default = a.const("default")
    blank = code_iri(default) if default else "NULL"
    sql = f"CASE WHEN {value} IS NULL THEN {blank} ELSE {_placed(a, code)} END"
    return Made(sql, unknown=_unlisted(value, code))


def _code_of_item(a: Args) -> Made:
    """Give the code of an item of a list in one text; the ``last`` is all the rest of the text."""
    text = f"regexp_replace({a.clean('value')}, '^[^:]*:', '')"
    items = f"string_split(translate({text}, '[]', ''), ',')"
    at = int(a.const("at"))
    found = f"array_to_string({items}[{at}:], ',')" if a.const("last") else f"{items}[{at}]"
    item = f"dpc_clean({found})"
    code = in_list(a.const("list"), "code", item)
    sql = f"CASE WHEN {item} IS NOT NULL THEN {_placed(a, code)} END"
    return Made(sql, unknown=_unlisted(item, code))


def _code_of_scheme(a: Args) -> Made:
    """Give the code of a value in the list of the scheme that another cell names.

    The scheme's code in ``list`` is the name of its list and of its codes alike. Without a known
    scheme a value has no code, and is counted.
    """
    value, scheme = a.clean("value"), a.clean("named")
    name = a.once(looked_up_in(quote(a.const("list")), scheme))
    code = a.once(looked_up_in(name, value))
    made = f"{quote(CODES)} || coalesce({code}, {name} || '/unmapped')"
    sql = f"CASE WHEN {value} IS NOT NULL THEN {made} END"
    return Made(sql, unknown=_unlisted(value, code))


def _combined(a: Args) -> Made:
    """Give the one code of up to three answers; answers that differ are ``mixed``."""
    found = [(a.clean(n), looked_up(a, "code", n)) for n in _THREE if n in a.sql]
    codes = f"list_distinct([{', '.join(code for _, code in found)}])"
    known = f"list_filter({codes}, lambda c: c IS NOT NULL)"
    scheme = a.const("scheme")
    unknown = " OR ".join(f"({_unlisted(value, code)})" for value, code in found)
    sql = (
        f"CASE WHEN len({known}) > 1 THEN {code_iri(scheme, 'mixed')}"
        f" WHEN len({known}) = 1 THEN {CODE}' || {known}[1]"
        f" WHEN {unknown} THEN {code_iri(scheme, 'unmapped')} END"
    )
    return Made(sql, unknown=f"({unknown})")


def _flagged(a: Args) -> Made:
    """Give the code of a value where a flag (yes, or the value again) is set; else a fault."""
    value, flag, code = a.clean("value"), a.clean("flag"), looked_up(a, "code")
    answer = f"lower({flag})"
    unmapped = code_iri(a.const("scheme"), "unmapped")
    is_set = f"({answer} IN {TRUE} OR {flag} = {value})"
    silent = f"({value} IS NULL OR {flag} IS NULL OR {answer} IN {FALSE})"
    body = (
        f"CASE WHEN {silent} OR c = {_SILENT} THEN NULL WHEN c IS NULL THEN {unmapped}"
        f" WHEN {is_set} THEN {CODE}' || c END"
    )
    odd = f"NOT {silent} AND c <> {_SILENT} AND NOT {is_set}"
    rule = once(code, f"CASE WHEN {odd} THEN {fault('boolean')} END")
    return Made(once(code, body), rule=rule, unknown=f"NOT {silent} AND {code} IS NULL")


def _band(a: Args) -> Made:
    """Give the code of the greatest listed edge that a whole number reaches; a fault for none."""
    value = a.clean("value")
    digits = f"CASE WHEN regexp_full_match({value}, '[0-9]{{1,18}}') THEN {value} END"
    edges = (
        f"list_transform(map_entries({known(a.const('list'), 'code')}),"
        " lambda e: {'edge': TRY_CAST(e.key AS BIGINT), 'code': e.value})"
    )
    reached = f"list_max(list_filter({edges}, lambda e: e.edge <= c)).code"
    number = f"TRY_CAST({digits} AS BIGINT)"
    return Made(f"{CODE}' || {once(number, reached)}", rule=wrong(value, number, "number"))


def _where_listed(a: Args) -> Made:
    """Give the code (under ``base``) of a listed value, else ``default``; nothing is counted."""
    base = quote(a.const("base") or CODES)
    silent = f"{base} || {_SILENT}"
    made = f"coalesce({base} || {looked_up(a, 'code')}, {told(a, 'default')})"
    return Made(f"nullif({made}, {silent})")


def _listed(a: Args) -> Made:
    """Give the IRI a listed value has under ``base``; a value without one is counted."""
    value, code = a.clean("value"), looked_up(a, "code")
    return Made(f"{quote(a.const('base'))} || {code}", unknown=_unlisted(value, code))


def _declared(a: Args) -> Made:
    """Give a value as it stands, if it is listed."""
    return Made(looked_up(a, "value"))


def _source_scheme(a: Args) -> Made:
    """Give the scheme that a list's values are of; with a value, only where it is there."""
    sql = f"{quote(EXT)} || {known(a.const('list'), 'scheme')}"
    if "value" not in a.sql:
        return Made(sql)
    return Made(f"CASE WHEN {a.clean('value')} IS NOT NULL THEN {sql} END")


def _rank(a: Args) -> Made:
    """Give the whole number a listed word stands for; a word without one is counted."""
    value, number = a.clean("value"), f"TRY_CAST({looked_up(a, 'code')} AS INTEGER)::VARCHAR"
    return Made(number, unknown=_unlisted(value, number))


def _count(a: Args) -> Made:
    """Give a whole number above zero; a word of the list counts as the number it stands for."""
    value = a.clean("value")
    digits = f"CASE WHEN regexp_full_match({value}, '[0-9]{{1,6}}') THEN {value} END"
    number = f"nullif(TRY_CAST({digits} AS INTEGER), 0)"
    sql = f"coalesce({number}, TRY_CAST({looked_up(a, 'code')} AS INTEGER))"
    return Made(f"{sql}::VARCHAR", unknown=_unlisted(value, sql))


_PLACES = {"at": frozenset("123456789"), "last": frozenset({"yes"})}
_LISTED = ("list", "value")
_CODED = ("list", "scheme", "value")

FUNCTIONS: dict[str, Function] = {
    "band": Function(_LISTED, "iri", _band, required=_LISTED),
    "code": Function((*_CODED, "default"), "iri", _code, required=_CODED),
    "codeOfItem": Function(
        (*_CODED, "at", "last"), "iri", _code_of_item, required=(*_CODED, "at"), choices=_PLACES
    ),
    "codeOfScheme": Function(
        ("list", "named", "value"), "iri", _code_of_scheme, required=("list", "named", "value")
    ),
    "combined": Function((*_CODED, "value2", "value3"), "iri", _combined, required=_CODED),
    "count": Function(_LISTED, "literal", _count, datatype=XSD + "integer", required=_LISTED),
    "declared": Function(_LISTED, "literal", _declared, required=_LISTED),
    "flagged": Function((*_CODED, "flag"), "iri", _flagged, "flag", required=(*_CODED, "flag")),
    "listed": Function(
        ("list", "base", "value"), "iri", _listed, required=("list", "base", "value")
    ),
    "rank": Function(_LISTED, "literal", _rank, datatype=XSD + "integer", required=_LISTED),
    "sourceScheme": Function(_LISTED, "iri", _source_scheme, required=("list",)),
    "whereListed": Function(
        ("list", "base", "value", "default"), "iri", _where_listed, required=_LISTED
    ),
}
