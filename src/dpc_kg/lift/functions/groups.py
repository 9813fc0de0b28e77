"""Functions of rows that speak of one thing: which row counts, and what all of them say.

They are for documents whose record is a whole page or file, where the entries inside have keys
and versions of their own. "First" means first in the order of the source.
"""

from dpc_kg.lift.functions.base import KEYS, Args, Function, Made, all_there, fault, over

_ORDER = "v._file, v._row, length(v._path), v._path"


def _greatest(a: Args) -> Made:
    """Give the greatest value, as a text, of the rows of one key."""
    return Made(f"max({a.clean('value')}) {over(a)}")


def _agreed(a: Args) -> Made:
    """Give the value that every row of one key has; nothing where one is blank or another."""
    value, window = a.clean("value"), over(a)
    same = (
        f"min({value}) {window} = max({value}) {window}"
        f" AND count({value}) {window} = count(*) {window}"
    )
    return Made(f"CASE WHEN {same} THEN {value} END")


def _newest(a: Args) -> Made:
    """Give the value of a row than which no row of its key has a later version."""
    moment = a.moment("version")
    sql = (
        f"CASE WHEN {moment} IS NULL OR {moment} >= max({moment}) {over(a)}"
        f" THEN {a.clean('value')} END"
    )
    return Made(sql)


def _sole(a: Args) -> Made:
    """Give the value of a row; that it contradicts the first row of its key is a fault."""
    content = f"coalesce({a.clean('content')}, '')"
    window = f"OVER (PARTITION BY {', '.join(a.keys())} ORDER BY {_ORDER})"
    first = f"first_value({content}) {window}"
    contradicts = f"({all_there(a.keys())} AND {content} <> {first})"
    return Made(
        f"CASE WHEN NOT {contradicts} THEN {a.clean('value')} END",
        rule=f"CASE WHEN {contradicts} THEN {fault('duplicate')} END",
    )


def _source_row(a: Args) -> Made:
    """Give the place of the record in its source: a key for what has none of its own."""
    return Made("(v._file || '.' || v._row)")


def _again(a: Args) -> Made:
    """Give ``.2``, ``.3`` and so on for a value told again for its key, and a blank text at first.

    ``order`` is a whole number that says which row is first.
    """
    keys, value = a.keys(), a.clean("value")
    window = (
        f"OVER (PARTITION BY {', '.join(keys)}, {value} IS NULL"
        f" ORDER BY TRY_CAST({a.clean('order')} AS BIGINT))"
    )
    number = f"row_number() {window}"
    return Made(
        f"CASE WHEN {all_there([*keys, value])} AND {number} > 1 THEN '.' || {number} ELSE '' END"
    )


FUNCTIONS: dict[str, Function] = {
    "again": Function(
        ("value", *KEYS, "order"),
        "literal",
        _again,
        required=("value", "key", "order"),
        spans=True,
    ),
    "agreed": Function(("value", *KEYS), "literal", _agreed, required=("value", "key"), spans=True),
    "greatest": Function(
        ("value", *KEYS), "literal", _greatest, required=("value", "key"), spans=True
    ),
    "newest": Function(
        ("value", "version", *KEYS),
        "literal",
        _newest,
        required=("value", "version", "key"),
        spans=True,
    ),
    "sole": Function(
        ("value", "content", *KEYS),
        "literal",
        _sole,
        required=("value", "content", "key"),
        spans=True,
    ),
    "sourceRow": Function((), "literal", _source_row, required=()),
}
