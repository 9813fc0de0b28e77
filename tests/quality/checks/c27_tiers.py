"""Validate every example and sample with each tier: what a lower refuses, a higher does too."""

from itertools import pairwise

import pyoxigraph as ox

from tests.quality.context import Context
from tests.quality.parts import Outcome
from tests.quality.shapecases import FAST, Batch, batches, judge, shapes_of

TITLE = "tiers"
TOOL = "shacl"
NEEDS = ("time",)
NAMES = ("basic", "essential", "full")
_TARGET = "http://www.w3.org/ns/shacl#targetClass"


def run(context: Context) -> Outcome:
    """Compare what the tiers say, result by result, and which classes they reach."""
    files = {name: context.need(f"shapes/tiers/{name}.ttl") for name in NAMES}
    made = batches(context.tree) + _samples(context)
    problems, said, reached = [], {}, {}
    for name in NAMES:
        shapes = shapes_of(context.tree, files[name])
        found = judge(FAST, shapes, made)
        reached[name] = {
            triple.object.value
            for triple in shapes.triples
            if triple.predicate.value == _TARGET and isinstance(triple.object, ox.NamedNode)
        }
        said[name] = {
            (r.focus, r.path, r.component, r.value) for each in found.values() for r in each
        }
        if not said[name]:
            problems.append(f"{name} refuses no example at all")
    asked = {name: _rules(context, files[name][0]) for name in NAMES}
    for low, high in pairwise(NAMES):
        if asked[low] == asked[high]:
            problems.append(f"{low} and {high} ask for the same")
        lost = sorted(said[low] - said[high], key=str)
        problems += [f"{low} refuses {r[0]} ({r[1]}, {r[2]}), {high} does not" for r in lost]
        classes = sorted(reached[low] - reached[high])
        problems += [f"{low} has a shape of {iri}, {high} has none" for iri in classes]
    counts = " <= ".join(f"{len(said[name])}" for name in NAMES)
    looked_at = min(len(each) for each in said.values())
    return Outcome(looked_at, "results", tuple(problems), f"{counts} results")


def _rules(context: Context, name: str) -> frozenset[str]:
    """Give what the shapes of a tier ask for, without what the file says of itself."""
    header = f"shapes/tiers/{name.rsplit('/', 1)[-1].removesuffix('.ttl')}"
    return frozenset(
        f"{t.predicate} {t.object}" if isinstance(t.subject, ox.BlankNode) else str(t)
        for t in context.tree.triples(name)
        if header not in str(t.subject) and not isinstance(t.object, ox.BlankNode)
    )


def _samples(context: Context) -> list[Batch]:
    made = []
    for name in context.tree.names("mappings/lift/*/expected.nq"):
        quads = ox.parse(context.tree.data(name), format=ox.RdfFormat.N_QUADS)
        made.append(Batch([quad.triple for quad in quads]))
    return made
