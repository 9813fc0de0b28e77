"""Validate every example with and without ontology and code lists beside it."""

from collections import Counter

import pyoxigraph as ox

from dpc_kg.validate.shapesgraph import ShapesGraph
from tests.quality.context import Context
from tests.quality.parts import Outcome
from tests.quality.shapecases import FAST, Batch, batches, judge, shapes_of
from tests.quality.tree import ONTOLOGY

TITLE = "background"
TOOL = "shacl"
NEEDS = ("time",)


def run(context: Context) -> Outcome:
    """Look at the results of the examples and of the samples of the sources.

    Examples that speak of what the model itself describes, such as a published process, are left
    out: beside the model they are a part of it and not data.
    """
    tree = context.tree
    shapes = shapes_of(tree, context.shape_files)
    beside = [triple for name in tree.names(*ONTOLOGY) for triple in tree.triples(name)]
    described = {
        triple.subject.value for triple in beside if isinstance(triple.subject, ox.NamedNode)
    }
    made = [_apart(batch, described) for batch in batches(tree)]
    alone, together = judge(FAST, shapes, made), judge(FAST, shapes, made, beside)
    counted = Counter(
        f"{file}: {result.rule} only {'with' if with_model else 'without'} it"
        for with_model, one, other in ((False, alone, together), (True, together, alone))
        for file in sorted(one)
        for result in one[file] - other.get(file, frozenset())
    )
    counted.update(f"{text} only with it" for text in _samples(context, shapes, beside))
    problems = [f"{text}, {count} times" for text, count in sorted(counted.items())]
    results = sum(map(len, alone.values()))
    figure = f"{results} results either way, {len(beside)} statements beside the data"
    return Outcome(min(results, len(beside)), "results", tuple(problems), figure)


def _apart(batch: Batch, described: set[str]) -> Batch:
    """Give a batch without the files that describe what the model describes."""
    files = {file for subject, file in batch.owner.items() if subject in described}
    owner = {subject: file for subject, file in batch.owner.items() if file not in files}
    kept = [t for t in batch.triples if str(getattr(t.subject, "value", "")) in owner]
    return Batch(kept, owner)


def _samples(context: Context, shapes: ShapesGraph, beside: list[ox.Triple]) -> list[str]:
    said = []
    for name in context.tree.names("mappings/lift/*/expected.nq"):
        quads = ox.parse(context.tree.data(name), format=ox.RdfFormat.N_QUADS)
        sample = [Batch([quad.triple for quad in quads])]
        for results in judge(FAST, shapes, sample, beside).values():
            said += [f"{name}: {result.rule}" for result in sorted(results, key=lambda r: r.order)]
    return said
