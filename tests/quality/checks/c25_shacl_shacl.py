"""Validate the shapes against the shapes of SHACL itself, in both engines."""

from pathlib import Path

import pyoxigraph as ox
import pyshacl

from dpc_kg.validate.shapesgraph import shapes_graph
from tests.quality.context import Context
from tests.quality.parts import Outcome
from tests.quality.shapecases import FAST, Batch, judge
from tests.quality.tree import SHAPES, TIERS

TITLE = "SHACL-SHACL"
TOOL = "shacl with pySHACL's SHACL-SHACL"
RULES = Path(pyshacl.__file__).parent / "assets" / "shacl-shacl.ttl"


def run(context: Context) -> Outcome:
    """Look at every shapes file, each on its own."""
    rules = shapes_graph((RULES,))
    names = context.tree.names(*SHAPES, *TIERS, "shapes/profiles/*.ttl")
    problems = []
    for name in names:
        found = judge(FAST, rules, [Batch(list(context.tree.triples(name)))])
        results = sorted({(r.focus, r.component) for each in found.values() for r in each})
        problems += [f"{name}: {focus}: {component}" for focus, component in results]
    shapes = sum(_shapes(context, name) for name in names)
    return Outcome(shapes, "shapes", tuple(problems))


def _shapes(context: Context, name: str) -> int:
    kinds = ("http://www.w3.org/ns/shacl#NodeShape", "http://www.w3.org/ns/shacl#PropertyShape")
    triples = context.tree.triples(name)
    return sum(isinstance(t.object, ox.NamedNode) and t.object.value in kinds for t in triples)
