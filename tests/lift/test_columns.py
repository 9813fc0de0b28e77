"""Rows made of many records at once are those made of each record by itself."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

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


def assert_alike(expansion: Expansion, nodes: list[Any]) -> None:
    """Records read by columns have the rows that they have one by one."""
    many = by_columns(expansion)
    assert many is not None
    made = many(nodes, range(1, len(nodes) + 1))
    wanted = [
        (place, *row) for place, node in enumerate(nodes) for row in expansion.rows(node, place + 1)
    ]
    assert list(zip(made.records, *made.columns, strict=True)) == wanted


@pytest.mark.parametrize("view", [FLAT, LISTS, NESTED], ids=lambda v: v.name)
@given(nodes=st.lists(NODES, min_size=1, max_size=4))
@settings(derandomize=True, deadline=None, max_examples=150)
def test_columns_hold_the_rows_of_each_record(view: View, nodes: list[Any]) -> None:
    assert_alike(Expansion(view, SOURCE), nodes)


XML = Source("s", "s.xml", "XPath", "/r/e")
NUMBERED = ("i.#", "i.#"), ("i.j.#", "i.j.#")
ELEMENTS = (
    View("flat", "s", (("#", "#"), ("a", "a"), ("ab", "a/b"), ("k", "@k"), ("bk", "b/@k"))),
    View("lists", "s", (("a", "a"), ("a.#", "a.#"), ("abk", "a/b/@k"), ("c", "c"))),
    View(
        "nested",
        "s",
        (*NUMBERED, ("k", "@k"), ("i.k", "@k"), ("i.j.c", "c"), ("i.j.c.#", "i.j.c.#"), ("b", "b")),
        iterables=(Iterable("i", "a"), Iterable("i.j", "b/a")),
    ),
)
TREES = st.recursive(
    st.tuples(st.sampled_from("abc"), st.sampled_from(["", "x", "<!-- n -->y"]), st.just("")),
    lambda inner: st.tuples(
        st.sampled_from("abc"),
        st.lists(inner, max_size=4).map(lambda many: "".join(map(_written, many))),
        st.sampled_from(["", " k='1'"]),
    ),
    max_leaves=10,
)


def _written(tree: tuple[str, str, str]) -> str:
    name, inside, attributes = tree
    return f"<{name}{attributes}>{inside}</{name}>"


@pytest.mark.parametrize("view", ELEMENTS, ids=lambda v: v.name)
@given(trees=st.lists(st.lists(TREES, max_size=3), min_size=1, max_size=4))
@settings(derandomize=True, deadline=None, max_examples=150)
def test_columns_hold_the_rows_of_each_element(
    view: View, trees: list[list[tuple[str, str, str]]]
) -> None:
    records = [f"<e k='0'>{''.join(map(_written, each))}</e>" for each in trees]
    assert_alike(Expansion(view, XML), list(etree.fromstring(f"<r>{''.join(records)}</r>")))


@pytest.mark.parametrize("path", [".", "~", "a/text()", "//a", "a[1]", "*"])
def test_other_xpaths_are_left_to_each_element(path: str) -> None:
    assert by_columns(Expansion(View("v", "s", (("a", path),)), XML)) is None
    inner = View("v", "s", (("i.a", "a"),), iterables=(Iterable("i", path),))
    assert by_columns(Expansion(inner, XML)) is None


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
