"""Blank nodes named after what they hold: stable under renaming, order and edits elsewhere."""

import difflib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import BNode, Graph, Literal, Namespace
from rdflib.collection import Collection
from rdflib.compare import isomorphic
from rdflib.term import Node

from dpc_kg.base.bnodes import labelled
from dpc_kg.base.rdfio import canonical_turtle

EX = Namespace("https://example.org/")
Tree = dict[str, "Tree | list[str] | str"]
WORDS = st.text(alphabet="abc", min_size=1, max_size=3)
TREES = st.recursive(
    st.dictionaries(WORDS, WORDS, min_size=1, max_size=3),
    lambda below: st.dictionaries(WORDS, below | st.lists(WORDS, max_size=3), max_size=3),
    max_leaves=8,
)


def grow(graph: Graph, node: Node, tree: object) -> None:
    assert isinstance(tree, dict)
    for name, value in tree.items():
        below = BNode()
        if isinstance(value, dict):
            grow(graph, below, value)
        elif isinstance(value, list):
            Collection(graph, below, [Literal(word) for word in value])
        graph.add((node, EX[name], Literal(value) if isinstance(value, str) else below))


def planted(trees: list[object]) -> Graph:
    graph = Graph()
    for number, tree in enumerate(trees):
        node = BNode()
        grow(graph, node, tree)
        graph.add((EX[f"root{number}"], EX.has, node))
    return graph


@settings(max_examples=60, deadline=None)
@given(st.lists(TREES, min_size=1, max_size=4))
def test_trees_are_named_alike_whatever_the_parser_called_them(trees: list[object]) -> None:
    text = canonical_turtle(planted(trees))
    assert canonical_turtle(planted(trees)) == text
    again = Graph().parse(data=text, format="turtle")
    assert isomorphic(again, planted(trees))
    assert canonical_turtle(again) == text


def test_two_nodes_of_equal_content_stay_two() -> None:
    graph = planted([{"a": {"b": "c"}}, {"a": {"b": "c"}}])
    named = labelled(graph)
    assert named is not None
    assert len({s for s, _, _ in named if isinstance(s, BNode)}) == 4


def test_an_edit_in_one_nested_node_changes_one_line() -> None:
    rows = [{"name": f"row{n}", "value": "10"} for n in range(20)]
    graph, edited = Graph(), Graph()
    for n, row in enumerate(rows):
        for target, value in ((graph, "10"), (edited, "11" if n == 7 else "10")):
            node = BNode()
            grow(target, node, {**row, "value": value})
            target.add((EX.table, EX.row, node))
    before, after = canonical_turtle(graph).splitlines(), canonical_turtle(edited).splitlines()
    changed = [d for d in difflib.ndiff(before, after) if d[:2] in {"- ", "+ "}]
    assert len(changed) == 2


@pytest.mark.parametrize("shared", [True, False])
def test_what_is_no_tree_is_left_to_the_general_way(shared: bool) -> None:
    one, other = BNode(), BNode()
    graph = Graph().add((EX.a, EX.p, one)).add((one, EX.q, other))
    graph.add((EX.b, EX.p, one) if shared else (other, EX.q, one))
    assert labelled(graph) is None
    assert isomorphic(Graph().parse(data=canonical_turtle(graph), format="turtle"), graph)
