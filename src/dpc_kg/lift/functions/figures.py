"""Functions of published figures: numbers as printed, calendar periods, tables held in JSON."""

from dpc_kg.base.vocab import XSD
from dpc_kg.lift.functions.base import CODE, Args, Function, Made, looked_up, quote

# Signs by which a table says that it has no figure; none of them is zero.
_NONE = "('n/a', 'na', '-', '–', '—', '..', '…')"
_THOUSANDS = "[, \u00a0\u202f]"
_PLAIN = "[0-9]+(\\.[0-9]+)?"
_GROUPED = f"[0-9]{{1,3}}({_THOUSANDS}[0-9]{{3}})+(\\.[0-9]+)?"
_SHARE = f"({_PLAIN}) */ *100 *\\* *({_GROUPED}|{_PLAIN})"
_EXPONENT = f"{_PLAIN}([eE][+-]?[0-9]{{1,2}})?"


def _shown(a: Args) -> str:
    """Give SQL of the cell without a sign of "no figure", and without a per cent sign."""
    value = a.clean("value")
    return f"CASE WHEN lower({value}) NOT IN {_NONE} THEN rtrim(rtrim({value}, '%')) END"


def _number(text: str) -> str:
    """Give SQL of the exact number a text holds, thousands apart or not; NULL if it is none."""
    digits = f"regexp_replace({text}, '{_THOUSANDS}', '', 'g')"
    return (
        f"CASE WHEN regexp_full_match({text}, '{_PLAIN}|{_GROUPED}')"
        f" THEN TRY_CAST({digits} AS DECIMAL(30, 8)) END"
    )


def _measured(a: Args) -> str:
    """Give SQL of the number of a cell; a share of a number ("5.43 / 100 * 2,510,798") is one."""
    text = _shown(a)
    part = f"regexp_extract({text}, '^{_SHARE}$', 1)"
    whole = f"regexp_replace(regexp_extract({text}, '^{_SHARE}$', 3), '{_THOUSANDS}', '', 'g')"
    share = f"round(TRY_CAST({part} AS DECIMAL(12, 6)) * TRY_CAST({whole} AS DECIMAL(18, 2)) / 100)"
    return f"CASE WHEN regexp_full_match({text}, '{_SHARE}') THEN {share} ELSE {_number(text)} END"


def _figure(a: Args) -> Made:
    text, number = _shown(a), _measured(a)
    if not a.const("list"):
        sql = f"CASE WHEN ({number}) = floor({number}) THEN ({number})::HUGEINT::VARCHAR END"
        return Made(sql, rule=f"CASE WHEN {text} IS NOT NULL AND ({sql}) IS NULL THEN 'number' END")
    named = Args({"value": a.sql["key"]}, a.constants, a.org, a.has_coalition_key)
    is_text = f"({looked_up(named, 'value')} IS NOT NULL AND {looked_up(named, 'code')} IS NULL)"
    scale = f"coalesce(TRY_CAST({looked_up(named, 'code')} AS DECIMAL(8, 0)), 1)"
    whole = f"({scale} > 1 OR ({number}) = floor({number}))"
    scaled = f"round(({number}) * {scale})::HUGEINT::VARCHAR"
    sql = f"CASE WHEN NOT {is_text} AND {whole} THEN {scaled} END"
    wrong = f"{text} IS NOT NULL AND NOT {is_text} AND ({sql}) IS NULL"
    return Made(sql, rule=f"CASE WHEN {wrong} THEN 'number' END")


def _decimal(a: Args) -> Made:
    text = _shown(a)
    good = f"regexp_full_match({text}, '{_EXPONENT}')"
    digits = f"(TRY_CAST({text} AS DECIMAL(38, 24)))::VARCHAR"
    sql = f"CASE WHEN {good} THEN regexp_replace({digits}, '\\.?0+$', '') END"
    return Made(sql, rule=f"CASE WHEN {text} IS NOT NULL AND ({sql}) IS NULL THEN 'number' END")


_PERIOD = "([0-9]{4})[ -]?(Q[1-4]|H[12]|0[1-9]|1[0-2])?"


def _calendar(a: Args) -> Made:
    value = a.clean("value")
    good = f"regexp_full_match({value}, '{_PERIOD}( - {_PERIOD})?')"
    year, part = (f"regexp_extract({value}, '^{_PERIOD}', {i})" for i in (1, 2))
    tail = f"CASE WHEN {part} = '' THEN '' ELSE '-' || {part} END"
    sql = f"CASE WHEN {good} THEN {CODE}period/' || {year} || {tail} END"
    return Made(sql, rule=f"CASE WHEN {value} IS NOT NULL AND NOT {good} THEN 'date' END")


def _item(items: str, position: str) -> str:
    return f"json_extract_string({items}, '$[' || {position} || ']')"


def _item_at(a: Args) -> Made:
    return Made(_item(a.clean("value"), a.clean("key")))


def _item_named(a: Args) -> Made:
    names = f"from_json({a.clean('names')}, '[\"VARCHAR\"]')"
    position = f"list_position({names}, {quote(a.const('default'))}) - 1"
    return Made(f"CASE WHEN {position} >= 0 THEN {_item(a.clean('value'), position)} END")


def _again(a: Args) -> Made:
    keys = a.keys()
    there = " AND ".join(f"{k} IS NOT NULL" for k in (*keys, a.clean("value")))
    over = (
        f"OVER (PARTITION BY {', '.join(keys)}, {a.clean('value')} IS NULL"
        f" ORDER BY TRY_CAST({a.clean('order')} AS BIGINT))"
    )
    number = f"row_number() {over}"
    return Made(f"CASE WHEN {there} AND {number} > 1 THEN '.' || {number} ELSE '' END")


FUNCTIONS: dict[str, Function] = {
    "again": Function(
        ("value", "key", "key2", "key3", "order"),
        "literal",
        _again,
        required=("value", "key", "order"),
    ),
    "calendar": Function(("value",), "iri", _calendar),
    "decimal": Function(("value",), "literal", _decimal, datatype=XSD + "decimal"),
    "figure": Function(("value", "list", "key"), "literal", _figure, datatype=XSD + "integer"),
    "itemAt": Function(("value", "key"), "literal", _item_at, required=("value", "key")),
    "itemNamed": Function(
        ("value", "names", "default"),
        "literal",
        _item_named,
        required=("value", "names", "default"),
    ),
}
