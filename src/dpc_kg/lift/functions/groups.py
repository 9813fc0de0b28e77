"""Functions of rows that speak of one thing: which row counts, and what all of them say.

They are for documents whose record is a whole page or file, where the entries inside have keys
and versions of their own. "First" means first in the order of the source.
"""

from dpc_kg.lift.functions.base import Args, Function, Made, all_there

_KEYS = ("key", "key2", "key3")
_ORDER = "v._file, v._row, length(v._path), v._path"


def _group(a: Args, *more: str) -> str:
    return f"PARTITION BY {', '.join([*a.keys(), *more])}"


def _greatest(a: Args) -> Made:
    return Made(f"max({a.clean('value')}) OVER ({_group(a)})")


def _agreed(a: Args) -> Made:
    value, over = a.clean("value"), f"OVER ({_group(a)})"
    same = f"min({value}) {over} = max({value}) {over} AND count({value}) {over} = count(*) {over}"
    return Made(f"CASE WHEN {same} THEN {value} END")


def _newest(a: Args) -> Made:
    moment = a.moment("version")
    sql = (
        f"CASE WHEN {moment} IS NULL OR {moment} >= max({moment}) OVER ({_group(a)})"
        f" THEN {a.clean('value')} END"
    )
    return Made(sql)


def _sole(a: Args) -> Made:
    content = f"coalesce({a.clean('content')}, '')"
    first = f"first_value({content}) OVER ({_group(a)} ORDER BY {_ORDER})"
    contradicts = f"({all_there(a.keys())} AND {content} <> {first})"
    return Made(
        f"CASE WHEN NOT {contradicts} THEN {a.clean('value')} END",
        rule=f"CASE WHEN {contradicts} THEN 'duplicate' END",
    )


def _place(a: Args) -> Made:
    return Made("(v._file || '.' || v._row)")


FUNCTIONS: dict[str, Function] = {
    "agreed": Function(("value", *_KEYS), "literal", _agreed, required=("value", "key")),
    "greatest": Function(("value", *_KEYS), "literal", _greatest, required=("value", "key")),
    "newest": Function(
        ("value", "version", *_KEYS), "literal", _newest, required=("value", "version", "key")
    ),
    "place": Function((), "literal", _place, required=()),
    "sole": Function(
        ("value", "content", *_KEYS), "literal", _sole, required=("value", "content", "key")
    ),
}
