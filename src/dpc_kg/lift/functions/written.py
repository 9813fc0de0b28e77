"""Functions of cells as people fill in a form: a month by its name, several values in one cell.

They are for workbooks that show words in the user's language; the words are declared lists.
"""

from dpc_kg.lift.functions.base import (
    CODE,
    Args,
    Function,
    Made,
    code_iri,
    fault,
    in_list,
    known,
    looked_up,
)
from dpc_kg.lift.functions.values import age_sql

_JOINT = " & "
_NAMED = r"'([0-9]{1,2})-([^0-9-]+)-([0-9]{4})'"
_CHILD_BANDS = "('unknown','0-4','5-9','10-12','13-15','16-17')"


def _written_date(a: Args) -> Made:
    """Give ``05-Mar-2024`` as ``2024-03-05``, months by the names of a list; else the text itself.

    What is no date stays as it is, so that the function that reads dates tells what is wrong.
    """
    value = a.clean("value")
    day, name, year = (f"regexp_extract(c, '^' || {_NAMED} || '$', {n})" for n in (1, 2, 3))
    month = in_list(a.const("list"), "code", f"trim({name})")
    made = f"{year} || '-' || {month} || '-' || lpad({day}, 2, '0')"
    body = f"CASE WHEN regexp_full_match(c, {_NAMED}) THEN coalesce({made}, c) ELSE c END"
    return Made(f"list_transform([{value}], lambda c: {body})[1]")


def _joined_at(a: Args) -> Made:
    """Give the value at ``index`` (from 0) of those that ``&`` joins in a cell.

    A value of the list that holds the mark itself stays whole, the longest first.
    """
    start, inner = "chr(30)", "chr(31)"
    values = f"map_keys({known(a.const('list'), 'value')})"
    whole = (
        f"list_sort(list_transform(list_filter({values}, lambda k: contains(k, '{_JOINT}')),"
        " lambda k: {'n': -length(k), 'k': k}))"
    )
    ends = f"replace({{0}}, '{_JOINT}', {start} || {start})"
    cell = f"{start} || {ends.format(a.clean('value'))} || {start}"
    found = f"{start} || {ends.format('k.k')} || {start}"
    kept = f"{start} || replace(k.k, '{_JOINT}', {inner}) || {start}"
    step = f"lambda t, k: {{'n': 0, 'k': replace(t.k, {found}, {kept})}}"
    text = f"list_reduce(list_prepend({{'n': 0, 'k': {cell}}}, {whole}), {step}).k"
    parts = f"string_split(trim({text}, {start}), {start} || {start})"
    index = f"TRY_CAST({a.clean('index')} AS INTEGER) + 1"
    return Made(f"dpc_clean(replace(({parts})[{index}], {inner}, '{_JOINT}'))")


def _child_age(a: Args) -> Made:
    """Give the band of an age in years under 18, unknown for a blank cell; a fault for others.

    It is for exports that may hold children only: the record of an adult is refused.
    """
    band = age_sql(a.clean("value"))
    under = f"CASE WHEN replace({band}, {CODE}age-band/', '') IN {_CHILD_BANDS} THEN {band} END"
    adult = f"({band}) = {code_iri('age-band', '18-plus')}"
    told = f"CASE WHEN {adult} THEN {fault('adult')} ELSE {fault('age')} END"
    return Made(under, rule=f"CASE WHEN ({under}) IS NULL THEN {told} END")


def _unless_listed(a: Args) -> Made:
    """Give the value unless another cell, which goes first, is listed."""
    code = looked_up(a, "code", "when")
    return Made(f"CASE WHEN {code} IS NULL THEN {a.clean('value')} END")


FUNCTIONS: dict[str, Function] = {
    "childAge": Function(("value",), "iri", _child_age),
    "joinedAt": Function(
        ("list", "value", "index"), "literal", _joined_at, required=("list", "value", "index")
    ),
    "unlessListed": Function(
        ("value", "list", "when"), "literal", _unless_listed, required=("value", "list", "when")
    ),
    "writtenDate": Function(
        ("list", "value"), "literal", _written_date, required=("list", "value")
    ),
}
