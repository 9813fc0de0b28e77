"""Functions of flags: said or not said, the same everywhere or mixed, a word only where true."""

from dpc_kg.lift.functions.base import CODE, Args, Function, Made, quote

_YES = "('true','yes','1','y')"
_NO = "('false','no','0','n')"


def _word(value: str) -> str:
    """Give SQL of the notation a cell holds; NULL where it is blank or no flag."""
    low = f"lower({value})"
    return (
        f"CASE WHEN {low} IN {_YES} THEN 'yes' WHEN {low} IN {_NO} THEN 'no'"
        f" WHEN {low} IN ('unknown', 'mixed') THEN {low} END"
    )


def _rule(value: str) -> str:
    return f"CASE WHEN {value} IS NOT NULL AND ({_word(value)}) IS NULL THEN 'boolean' END"


def _stated(a: Args) -> Made:
    value = a.clean("value")
    return Made(f"{CODE}tristate/' || {_word(value)}", rule=_rule(value))


def _agreed(a: Args) -> Made:
    value = a.clean("value")
    known = f"nullif({_word(value)}, 'unknown')"
    over = f"OVER (PARTITION BY {', '.join(a.keys())})"
    sql = (
        f"CASE WHEN min({known}) {over} <> max({known}) {over} THEN 'mixed'"
        f" ELSE coalesce(min({known}) {over}, min({_word(value)}) {over}) END"
    )
    return Made(f"{CODE}tristate/' || {sql}", rule=_rule(value))


def _when_true(a: Args) -> Made:
    value = a.clean("value")
    sql = f"CASE WHEN {_word(value)} = 'yes' THEN {quote(a.const('base'))} END"
    return Made(sql, rule=_rule(value))


def _when_blank(a: Args) -> Made:
    return Made(f"CASE WHEN {a.clean('value')} IS NULL THEN {quote(a.const('base'))} END")


def _given(a: Args) -> Made:
    names = [n for n in ("value", "value2", "value3", "value4", "value5") if n in a.sql]
    told = " OR ".join(f"{a.clean(n)} IS NOT NULL" for n in names)
    return Made(f"CASE WHEN {told} THEN {a.clean('key')} END")


_OTHERS = ("value2", "value3", "value4", "value5")

FUNCTIONS: dict[str, Function] = {
    "agreed": Function(("value", "key", "key2", "key3"), "iri", _agreed, required=("value", "key")),
    "given": Function(("key", "value", *_OTHERS), "literal", _given, required=("key", "value")),
    "stated": Function(("value",), "iri", _stated),
    "whenBlank": Function(("value", "base"), "iri", _when_blank, required=("value", "base")),
    "whenTrue": Function(("value", "base"), "iri", _when_true, required=("value", "base")),
}
