"""Rows made of many JSON records at once are those made of each record by itself."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dpc_kg.lift.columns import by_columns
from dpc_kg.lift.expand import Expansion
from dpc_kg.lift.plan import Iterable, Source, View
from dpc_kg.lift.walkers import Decimal, Integer

SOURCE = Source("s", "s.json", "JSONPath", "$[*]")
NAMES = ("a", "b", "odd name")
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.sampled_from(["", "x", "2"]),
    st.sampled_from([Integer("2"), Integer("-0"), Decimal("1.50")]),
)
NODES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner),
    max_leaves=8,
)
FLAT = View(
    "flat",
    "s",
    (("#", "#"), ("a", "$.a"), ("ab", "$.a.b"), ("n", "$['odd name']"), ("a.#", "a.#")),
    naturals=("a", "n"),
)
LISTS = View(
    "lists",
    "s",
    (("a", "$.a[*]"), ("a.#", "a.#"), ("b", "$.b[*]"), ("b.#", "b.#"), ("n", "$['odd name']")),
    naturals=("a",),
)
NESTED = View(
    "nested",
    "s",
    (("i.#", "i.#"), ("i.a", "$.a"), ("i.j.#", "i.j.#"), ("i.j.b", "$.b[*]"), ("n", "$.b")),
    iterables=(Iterable("i", "$.a[*]"), Iterable("i.j", "$['odd name'][*]")),
    naturals=("i.j.b",),
)


@pytest.mark.parametrize("view", [FLAT, LISTS, NESTED], ids=lambda v: v.name)
@given(nodes=st.lists(NODES, min_size=1, max_size=4))
@settings(derandomize=True, deadline=None, max_examples=150)
def test_columns_hold_the_rows_of_each_record(view: View, nodes: list[Any]) -> None:
    expansion = Expansion(view, SOURCE)
    many = by_columns(expansion)
    assert many is not None
    made = many(nodes, range(1, len(nodes) + 1))
    wanted = [
        (place, *row) for place, node in enumerate(nodes) for row in expansion.rows(node, place + 1)
    ]
    assert list(zip(made.records, *made.columns, strict=True)) == wanted


@pytest.mark.parametrize("path", ["$..a", "$.a[0]", "$[*]", "~", "$.a[?(@.b == 'x')]"])
def test_other_paths_are_left_to_each_record(path: str) -> None:
    assert by_columns(Expansion(View("v", "s", (("a", path),)), SOURCE)) is None
    inner = View("v", "s", (("i.a", "$.a"),), iterables=(Iterable("i", path),))
    assert (by_columns(Expansion(inner, SOURCE)) is None) == (path != "$[*]")


def test_a_record_too_deep_to_be_written_is_named() -> None:
    import duckdb

    from dpc_kg.lift.rows import RecordRows
    from dpc_kg.lift.walkers import TooDeep

    deep: list[Any] = []
    for _ in range(5000):
        deep = [deep]
    rows = RecordRows(duckdb.connect(), SOURCE, [FLAT], None)
    rows.add(0, 1, {"a": "x"})
    rows.add(0, 2, {"a": deep})
    with pytest.raises(TooDeep) as caught:
        rows.settle()
    assert caught.value.args == (0, 2)
