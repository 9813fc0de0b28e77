"""Functions of published figures: numbers as a table prints them, shares of a whole."""

from dpc_kg.base.vocab import XSD
from dpc_kg.lift.functions.base import Args, Function, Made, fault, looked_up, told

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
    """Give a printed count as a whole number, scaled by what a list says of its ``key``."""
    text, scale = _shown(a.clean("value")), "1::DECIMAL(8, 0)"
    if a.const("list"):
        scale = _scale(a)
    # a column that is listed without a scale holds words, not figures
    body = f"CASE WHEN r.s IS NOT NULL THEN {_let('n', _number('r.t'), _whole('n', 'r.s'))} END"
    cell = f"{{'t': {text}, 's': {scale}}}"
    sql = _let("r", cell, body)
    wrong = f"r.t IS NOT NULL AND r.s IS NOT NULL AND ({body}) IS NULL"
    return Made(sql, rule=f"CASE WHEN {_let('r', cell, wrong)} THEN {fault('number')} END")


def _whole(number: str, scale: str) -> str:
    """Give SQL of the scaled number as digits; a count that is no whole number is none."""
    fits = f"{scale} > 1 OR {number} = floor({number})"
    return f"CASE WHEN {fits} THEN round({number} * {scale})::HUGEINT::VARCHAR END"


def _scale(a: Args) -> str:
    """Give SQL of a listed scale, 1 where the key is not listed, NULL where it has no scale."""
    listed, code = looked_up(a, "value", "key"), looked_up(a, "code", "key")
    return f"TRY_CAST(CASE WHEN {listed} IS NULL THEN '1' ELSE {code} END AS DECIMAL(8, 0))"


def _rate(a: Args) -> Made:
    """Give a printed rate as a decimal number; none for a sign of "no figure", a fault else."""
    text = _shown(a.clean("value"))
    digits = "(TRY_CAST(t AS DECIMAL(33, 15)))::VARCHAR"
    body = (
        f"CASE WHEN regexp_full_match(t, '{_EXPONENT}')"
        f" THEN regexp_replace({digits}, '\\.?0+$', '') END"
    )
    wrong = f"t IS NOT NULL AND ({body}) IS NULL"
    return Made(
        _let("t", text, body), rule=f"CASE WHEN {_let('t', text, wrong)} THEN {fault('number')} END"
    )


def _computed(a: Args) -> Made:
    """Give ``then`` where a figure was worked out as a share of another."""
    share = f"regexp_full_match({a.clean('value')}, '{_SHARE}')"
    return Made(f"CASE WHEN {share} THEN {told(a, 'then')} END")


FUNCTIONS: dict[str, Function] = {
    "computed": Function(("value", "then", "base"), "iri", _computed, required=("value", "then")),
    "figure": Function(("value", "list", "key"), "literal", _figure, datatype=XSD + "integer"),
    "rate": Function(("value",), "literal", _rate, datatype=XSD + "decimal"),
}
