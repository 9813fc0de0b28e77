"""One edit of a constraint, a text or a number in any asset changes one line of its file."""

from pathlib import Path

import pytest
from rdflib import SH, BNode, Graph, Literal, URIRef
from rdflib.term import Node

from dpc_kg.base import assets
from dpc_kg.base.rdfio import canonical_turtle, read

CONSTRAINTS = (
    *(SH.minCount, SH.maxCount, SH.pattern, SH.datatype, SH.nodeKind, SH.minInclusive),
    *(SH.maxInclusive, SH.maxLength, SH.severity, SH.path, SH.targetClass),
)
A_FILE = 3
"""Edits tried in each file, spread over it."""


def files() -> list[Path]:
    root = assets.root()
    found = [*root.glob("ontology/*.ttl"), *root.glob("shapes/**/*.ttl")]
    found += sorted(root.glob("ontology/*/*.ttl"))[::8]
    found += root.glob("mappings/lift/*/mapping.rml.ttl")
    return sorted(path for path in found if path.parent.name != "tiers")


def edited(value: Node) -> Node:
    if isinstance(value, Literal):
        if value.datatype and str(value).isdigit():
            return Literal(str(int(value) + 1), datatype=value.datatype)
        return Literal(f"{value}.", lang=value.language, datatype=value.datatype)
    return URIRef(f"{value}X")


def choices(graph: Graph) -> list[tuple[Node, Node, Node]]:
    """Give the single-valued constraints and all literals outside lists, spread over the file."""
    found = [
        (s, p, o)
        for s, p, o in graph
        if not isinstance(s, BNode)
        and (isinstance(o, Literal) or p in CONSTRAINTS)
        and (p not in CONSTRAINTS or len(list(graph.objects(s, p))) == 1)
    ]
    found.sort(key=lambda t: (t[1] not in CONSTRAINTS, str(t)))
    step = max(1, len(found) // A_FILE)
    return found[::step][:A_FILE]


def changed_lines(before: str, after: str) -> int:
    """Count the lines that differ; every line where their number does."""
    old, new = before.splitlines(), after.splitlines()
    if len(old) != len(new):
        return max(len(old), len(new))
    return sum(one != other for one, other in zip(old, new, strict=True))


@pytest.mark.parametrize("path", files(), ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_an_edit_changes_one_line(path: Path) -> None:
    graph, before = read(path), path.read_text(encoding="utf-8")
    chosen = choices(graph)
    assert chosen or not len(graph), path.name
    for s, p, o in chosen:
        graph.remove((s, p, o))
        graph.add((s, p, edited(o)))
        assert changed_lines(before, canonical_turtle(graph)) == 1, (s, p)
        graph.remove((s, p, edited(o)))
        graph.add((s, p, o))


def test_a_code_taken_out_of_a_list_is_one_line_less() -> None:
    path = assets.asset("shapes", "core.ttl")
    graph = read(path)
    text = path.read_text(encoding="utf-8")
    line = next(row for row in text.splitlines() if "codes/vulnerability/poverty" in row)
    shorter = text.replace(line + "\n", "", 1)
    assert canonical_turtle(Graph().parse(data=shorter, format="turtle")) == shorter
    assert canonical_turtle(graph) == text
