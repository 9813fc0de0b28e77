"""Read every Turtle file with two parsers and write it again."""

import pyoxigraph as ox

from dpc_kg.base.rdfio import canonical_turtle
from tests.quality.context import Context
from tests.quality.parts import Outcome
from tests.quality.tree import SHAPES, TIERS

TITLE = "Turtle files"
TOOL = "rdflib, pyoxigraph, own normal form"
NEEDS = ("time",)
FILES = ("ontology/**/*.ttl", *SHAPES, *TIERS, "shapes/profiles/*.ttl", "mappings/**/*.ttl")


def run(context: Context) -> Outcome:
    """Look at ontology, bridges, shapes and mappings."""
    names = context.tree.names(*FILES)
    problems = [f"{name}: {wrong}" for name in names for wrong in _wrong(context, name)]
    return Outcome(len(names), "files", tuple(problems))


def _wrong(context: Context, name: str) -> list[str]:
    try:
        graph = context.tree.file(name)
        quads = ox.parse(context.tree.data(name), format=ox.RdfFormat.TURTLE)
        triples = sum(1 for _ in quads)
    except Exception as e:
        return [f"is not well-formed Turtle ({type(e).__name__})"]
    found = []
    if triples != len(graph):
        found.append("the two parsers do not read the same")
    text = canonical_turtle(graph)
    if text != context.tree.text(name):
        found.append("is not in its canonical form: dpc-kg fmt")
    return found
