"""Functions of flags: what yes, no and nothing at all become.

Yes and no are written ``true``/``yes``/``1``/``y`` and ``false``/``no``/``0``/``n`` in any case of
letters, or as a list says. What is neither, in a cell that is not blank, is a fault.
"""

from dpc_kg.lift.functions.base import (
    CODE,
    FALSE,
    KEYS,
    TRUE,
    Args,
    Function,
    Made,
    cells,
    looked_up,
    over,
    told,
    wrong,
)


def _word(value: str) -> str:
    """Give SQL of the notation a cell holds; NULL where it is blank or no flag."""
    low = f"lower({value})"
    return (
        f"CASE WHEN {low} IN {TRUE} THEN 'yes' WHEN {low} IN {FALSE} THEN 'no'"
        f" WHEN {low} IN ('unknown', 'mixed') THEN {low} END"
    )


def _tristate(a: Args) -> Made:
    """Give yes, no, mixed or unknown; a blank cell is unknown."""
    value = a.clean("value")
    word = _word(value)
    return Made(f"{CODE}tristate/' || coalesce({word}, 'unknown')", wrong(value, word, "boolean"))


def _stated(a: Args) -> Made:
    """Give yes, no, mixed or unknown, and nothing where nobody answered."""
    value = a.clean("value")
    word = _word(value)
    return Made(f"{CODE}tristate/' || {word}", wrong(value, word, "boolean"))


def _stated_together(a: Args) -> Made:
    """Give what the rows of one key state together: mixed where they differ; unknown is weaker."""
    value, window = a.clean("value"), over(a)
    word = _word(value)
    known = f"nullif({word}, 'unknown')"
    sql = (
        f"CASE WHEN min({known}) {window} <> max({known}) {window} THEN 'mixed'"
        f" ELSE coalesce(min({known}) {window}, min({word}) {window}) END"
    )
    return Made(f"{CODE}tristate/' || {sql}", wrong(value, word, "boolean"))


def _present(a: Args) -> Made:
    """Give yes where a cell holds anything, else no."""
    sql = f"CASE WHEN {a.sql['value']} IS NULL THEN 'no' ELSE 'yes' END"
    return Made(f"{CODE}tristate/' || {sql}")


def _any_true(a: Args) -> Made:
    """Give yes where one of two flags is set, else no."""
    test = " OR ".join(
        f"coalesce(lower({cell}) IN {TRUE}, FALSE)" for cell in cells(a, ("value", "value2"))
    )
    return Made(f"{CODE}tristate/' || CASE WHEN {test} THEN 'yes' ELSE 'no' END")


def _flag(a: Args) -> Made:
    """Give ``true`` or ``false`` as a text."""
    value = a.clean("value")
    low = f"lower({value})"
    sql = f"CASE WHEN {low} IN {TRUE} THEN 'true' WHEN {low} IN {FALSE} THEN 'false' END"
    return Made(sql, wrong(value, sql, "boolean"))


def _when_true(a: Args) -> Made:
    """Give ``then`` for yes, ``otherwise`` for no, nothing for the rest."""
    value = a.clean("value")
    word = _word(value)
    sql = f"CASE {word} WHEN 'yes' THEN {told(a, 'then')} WHEN 'no' THEN {told(a, 'otherwise')} END"
    return Made(sql, wrong(value, word, "boolean"))


def _ticked(a: Args) -> Made:
    """Give ``then`` for a value whose code is yes, ``otherwise`` for no, nothing for the rest."""
    value, code = a.clean("value"), looked_up(a, "code")
    sql = (
        f"CASE {code} WHEN 'tristate/yes' THEN {told(a, 'then')}"
        f" WHEN 'tristate/no' THEN {told(a, 'otherwise')} END"
    )
    return Made(sql, unknown=f"{value} IS NOT NULL AND {code} IS NULL")


_THEN = ("then", "otherwise", "base")

FUNCTIONS: dict[str, Function] = {
    "anyTrue": Function(("value", "value2"), "iri", _any_true),
    "flag": Function(("value",), "literal", _flag),
    "present": Function(("value",), "iri", _present),
    "stated": Function(("value",), "iri", _stated),
    "statedTogether": Function(
        ("value", *KEYS), "iri", _stated_together, required=("value", "key"), spans=True
    ),
    "ticked": Function(
        ("list", "value", *_THEN), "iri", _ticked, required=("list", "value", "then")
    ),
    "tristate": Function(("value",), "iri", _tristate),
    "whenTrue": Function(("value", *_THEN), "iri", _when_true, required=("value", "then")),
}
