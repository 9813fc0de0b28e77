"""Functions of texts: joined, cut, and items of a list that is written into one cell."""

from dpc_kg.lift.functions.base import Args, Function, Made, quote

_GUID = "^[{]?([0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12})[}]?$"
_PLACES = {"at": frozenset({"1", "2", "3", "rest"})}


def _concat(a: Args) -> Made:
    """Give up to three texts as one; nothing where one of them is not there."""
    names = [n for n in ("value", "value2", "value3") if n in a.sql]
    return Made(" || ".join(a.sql[n] for n in names))


def _part(a: Args) -> Made:
    """Give what the first group of a pattern matches in a text; nothing where it does not match."""
    return Made(f"regexp_extract_all({a.clean('value')}, {quote(a.const('pattern'))}, 1)[1]")


def _without_end(a: Args) -> Made:
    """Give a text without the end that another cell holds; as it stands where it ends otherwise."""
    value, end = a.clean("value"), a.clean("end")
    cut = f"left({value}, len({value}) - len({end}))"
    return Made(f"CASE WHEN ends_with({value}, {end}) THEN nullif({cut}, '') ELSE {value} END")


def _guid(a: Args) -> Made:
    """Give an identifier in small letters without braces; any other text as it stands."""
    value = a.clean("value")
    return Made(f"coalesce(lower(regexp_extract_all({value}, {quote(_GUID)}, 1)[1]), {value})")


def _single(a: Args) -> Made:
    """Give a value that is no list: a list of answers is read answer by answer elsewhere."""
    value = a.clean("value")
    return Made(f"CASE WHEN {value} NOT LIKE '[%' THEN {value} END")


def _answer_at(a: Args) -> Made:
    """Give the first, second or third of a JSON list in a cell; a word alone is the first.

    ``rest`` is the whole cell where it holds more than three, so that a look-up counts it.
    """
    value, place = a.clean("value"), a.const("at")
    many = f"({value} LIKE '[%' AND json_valid({value}))"
    if place == "rest":
        return Made(f"CASE WHEN {many} AND json_array_length({value}) > 3 THEN {value} END")
    alone = f" WHEN {value} IS NOT NULL THEN {value}" if place == "1" else ""
    listed = f"nullif(trim(json_extract_string({value}, '$[{int(place) - 1}]')), '')"
    return Made(f"CASE WHEN {many} THEN {listed}{alone} END")


def _item(items: str, index: str) -> str:
    return f"json_extract_string({items}, '$[' || {index} || ']')"


def _item_at(a: Args) -> Made:
    """Give the item of a JSON list at the index (from 0) that another cell holds."""
    return Made(_item(a.clean("value"), a.clean("index")))


def _item_named(a: Args) -> Made:
    """Give the item of a JSON list that stands where another list has ``name``."""
    names = f"from_json({a.clean('names')}, '[\"VARCHAR\"]')"
    index = f"list_position({names}, {quote(a.const('name'))}) - 1"
    return Made(f"CASE WHEN {index} >= 0 THEN {_item(a.clean('value'), index)} END")


FUNCTIONS: dict[str, Function] = {
    "answerAt": Function(
        ("value", "at"), "literal", _answer_at, required=("value", "at"), choices=_PLACES
    ),
    "concat": Function(("value", "value2", "value3"), "literal", _concat),
    "guid": Function(("value",), "literal", _guid),
    "itemAt": Function(("value", "index"), "literal", _item_at, required=("value", "index")),
    "itemNamed": Function(
        ("value", "names", "name"), "literal", _item_named, required=("value", "names", "name")
    ),
    "part": Function(("value", "pattern"), "literal", _part, required=("value", "pattern")),
    "single": Function(("value",), "literal", _single),
    "withoutEnd": Function(("value", "end"), "literal", _without_end, required=("value", "end")),
}
