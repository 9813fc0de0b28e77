"""Functions of lists: items of a list in a cell, values that a declared list names, repetitions."""

from dpc_kg.lift.functions.base import Args, Function, Made, all_there, quote


def _item(items: str, position: str) -> str:
    return f"json_extract_string({items}, '$[' || {position} || ']')"


def _item_at(a: Args) -> Made:
    return Made(_item(a.clean("value"), a.clean("key")))


def _item_named(a: Args) -> Made:
    names = f"from_json({a.clean('names')}, '[\"VARCHAR\"]')"
    position = f"list_position({names}, {quote(a.const('default'))}) - 1"
    return Made(f"CASE WHEN {position} >= 0 THEN {_item(a.clean('value'), position)} END")


def named_in(name: str, value: str) -> str:
    """Give SQL of the code of a value in a declared list: '' without one, NULL where not listed.

    The list is read once as a map: a table of lookups a row is slow where calls stand in calls.
    """
    whole = (
        "(SELECT map(list(k.value), list(coalesce(k.code, ''))) FROM dpc_codes k"
        f" WHERE k.list = {quote(name)})"
    )
    return f"map_extract({whole}, {value})[1]"


def _where_listed(a: Args) -> Made:
    found = named_in(a.const("list"), a.clean("value"))
    return Made(f"{quote(a.const('base'))} || nullif({found}, '')")


def _replaced(a: Args) -> Made:
    listed = f"{named_in(a.const('list'), a.clean('value'))} IS NOT NULL"
    return Made(f"CASE WHEN {listed} THEN {a.clean('other')} ELSE {a.clean('value')} END")


def _without_end(a: Args) -> Made:
    value, end = a.clean("value"), a.clean("end")
    cut = f"left({value}, len({value}) - len({end}))"
    return Made(f"CASE WHEN ends_with({value}, {end}) THEN nullif({cut}, '') ELSE {value} END")


def _again(a: Args) -> Made:
    keys, value = a.keys(), a.clean("value")
    over = (
        f"OVER (PARTITION BY {', '.join(keys)}, {value} IS NULL"
        f" ORDER BY TRY_CAST({a.clean('order')} AS BIGINT))"
    )
    number = f"row_number() {over}"
    there = all_there([*keys, value])
    return Made(f"CASE WHEN {there} AND {number} > 1 THEN '.' || {number} ELSE '' END")


FUNCTIONS: dict[str, Function] = {
    "again": Function(
        ("value", "key", "key2", "key3", "order"),
        "literal",
        _again,
        required=("value", "key", "order"),
    ),
    "itemAt": Function(("value", "key"), "literal", _item_at, required=("value", "key")),
    "itemNamed": Function(
        ("value", "names", "default"),
        "literal",
        _item_named,
        required=("value", "names", "default"),
    ),
    "replaced": Function(
        ("value", "list", "other"), "literal", _replaced, required=("value", "list")
    ),
    "whereListed": Function(
        ("list", "base", "value"), "iri", _where_listed, required=("list", "base", "value")
    ),
    "withoutEnd": Function(("value", "end"), "literal", _without_end, required=("value", "end")),
}
