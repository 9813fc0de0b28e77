"""Load the whole model into rdflib and pyoxigraph and count."""

from tests.quality.context import Context
from tests.quality.parts import Outcome
from tests.quality.tree import ONTOLOGY

TITLE = "rdflib and pyoxigraph"
TOOL = "rdflib, pyoxigraph"
NEEDS = ("time",)


def run(context: Context) -> Outcome:
    """Compare what the two hold; the model has no blank nodes, so the numbers are equal."""
    names = context.tree.names(*ONTOLOGY)
    one = {(str(s), str(p), str(o)) for s, p, o in context.tree.graph(*ONTOLOGY)}
    two = {
        (t.subject.value, t.predicate.value, t.object.value)  # type: ignore[union-attr]
        for name in names
        for t in context.tree.triples(name)
    }
    problems = tuple(sorted(" ".join(triple) for triple in one ^ two))
    return Outcome(len(one), "statements", problems, f"{len(one)} statements in both")
