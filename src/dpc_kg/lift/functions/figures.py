"""Functions of published figures: numbers as they are printed, and calendar periods."""

from dpc_kg.base.vocab import XSD
from dpc_kg.lift.functions.base import CODE, Args, Function, Made, quote
from dpc_kg.lift.functions.lists import named_in

# Signs by which a table says that it has no figure; none of them is zero.
_NONE = "('n/a', 'na', '-', '–', '—', '..', '…')"
_THOUSANDS = "[, \u00a0\u202f]"
_PLAIN = "[0-9]+(\\.[0-9]+)?"
_GROUPED = f"[0-9]{{1,3}}({_THOUSANDS}[0-9]{{3}})+(\\.[0-9]+)?"
_SHARE = f"({_PLAIN}) */ *100 *\\* *({_GROUPED}|{_PLAIN})"
_EXPONENT = f"{_PLAIN}([eE][+-]?[0-9]{{1,2}})?"


def _let(name: str, value: str, body: str) -> str:
    """Give SQL of ``body`` in which ``name`` stands for ``value``, so that it is computed once."""
    return f"(list_transform([{value}], lambda {name}: {body}))[1]"


def _shown(value: str) -> str:
    """Give SQL of a cell without a sign of "no figure", and without a per cent sign."""
    return f"CASE WHEN lower({value}) NOT IN {_NONE} THEN rtrim(rtrim({value}, '%')) END"


def _plain(text: str, kind: str) -> str:
    """Give SQL of the number a text holds once its thousands stand together."""
    return f"TRY_CAST(regexp_replace({text}, '{_THOUSANDS}', '', 'g') AS {kind})"


def _number(text: str) -> str:
    """Give SQL of the number a text holds; a share ("5.43 / 100 * 2,510,798") is one."""
    parts = f"regexp_extract({text}, '^{_SHARE}$', ['part', 'decimals', 'whole'])"
    share = f"TRY_CAST(s.part AS DECIMAL(12, 6)) * {_plain('s.whole', 'DECIMAL(18, 2)')} / 100"
    return (
        f"CASE WHEN regexp_full_match({text}, '{_PLAIN}|{_GROUPED}')"
        f" THEN {_plain(text, 'DECIMAL(30, 8)')}"
        f" WHEN regexp_full_match({text}, '{_SHARE}')"
        f" THEN round({_let('s', parts, share)})::DECIMAL(30, 8) END"
    )


def _figure(a: Args) -> Made:
    text, scale = _shown(a.clean("value")), "1::DECIMAL(8, 0)"
    if a.const("list"):
        scale = _scale(a)
    # a column that is listed without a scale holds words, not figures
    body = f"CASE WHEN r.s IS NOT NULL THEN {_let('n', _number('r.t'), _whole('n', 'r.s'))} END"
    cell = f"{{'t': {text}, 's': {scale}}}"
    sql = _let("r", cell, body)
    wrong = f"r.t IS NOT NULL AND r.s IS NOT NULL AND ({body}) IS NULL"
    return Made(sql, rule=f"CASE WHEN {_let('r', cell, wrong)} THEN 'number' END")


def _whole(number: str, scale: str) -> str:
    """Give SQL of the scaled number as digits; a count that is no whole number is none."""
    fits = f"{scale} > 1 OR {number} = floor({number})"
    return f"CASE WHEN {fits} THEN round({number} * {scale})::HUGEINT::VARCHAR END"


def _scale(a: Args) -> str:
    """Give SQL of a listed scale, 1 where the key is not listed, NULL where it has no scale."""
    found = named_in(a.const("list"), a.clean("key"))
    return f"TRY_CAST(coalesce({found}, '1') AS DECIMAL(8, 0))"


def _decimal(a: Args) -> Made:
    text = _shown(a.clean("value"))
    digits = "(TRY_CAST(t AS DECIMAL(33, 15)))::VARCHAR"
    body = (
        f"CASE WHEN regexp_full_match(t, '{_EXPONENT}')"
        f" THEN regexp_replace({digits}, '\\.?0+$', '') END"
    )
    wrong = f"t IS NOT NULL AND ({body}) IS NULL"
    return Made(_let("t", text, body), rule=f"CASE WHEN {_let('t', text, wrong)} THEN 'number' END")


_PERIOD = "([0-9]{4})[ -]?(Q[1-4]|H[12]|0[1-9]|1[0-2])?"


def _calendar(a: Args) -> Made:
    value = a.clean("value")
    good = f"regexp_full_match({value}, '{_PERIOD}( - {_PERIOD})?')"
    year, part = (f"regexp_extract({value}, '^{_PERIOD}', {i})" for i in (1, 2))
    tail = f"CASE WHEN {part} = '' THEN '' ELSE '-' || {part} END"
    sql = f"CASE WHEN {good} THEN {CODE}period/' || {year} || {tail} END"
    return Made(sql, rule=f"CASE WHEN {value} IS NOT NULL AND NOT {good} THEN 'date' END")


def _computed(a: Args) -> Made:
    share = f"regexp_full_match({a.clean('value')}, '{_SHARE}')"
    return Made(f"CASE WHEN {share} THEN {quote(a.const('base'))} END")


FUNCTIONS: dict[str, Function] = {
    "calendar": Function(("value",), "iri", _calendar),
    "computed": Function(("value", "base"), "iri", _computed, required=("value", "base")),
    "decimal": Function(("value",), "literal", _decimal, datatype=XSD + "decimal"),
    "figure": Function(("value", "list", "key"), "literal", _figure, datatype=XSD + "integer"),
}
