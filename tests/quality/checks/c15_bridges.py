"""Look at what the bridges state: our terms below those of others, and nothing else."""

from tests.quality.context import Context
from tests.quality.parts import Outcome
from tests.quality.tree import BRIDGES

TITLE = "bridges"
TOOL = "own"
_BRIDGING = frozenset({"subClassOf", "subPropertyOf"})
_RDFS = "http://www.w3.org/2000/01/rdf-schema#"
_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_OWL = "http://www.w3.org/2002/07/owl#"
_MOST = 40
"""Axioms of one bridge: more would be a model of its own."""


def run(context: Context) -> Outcome:
    """Look at every statement of every bridge."""
    problems = []
    looked_at = 0
    for name in context.need(*BRIDGES):
        axioms = 0
        for triple in context.tree.triples(name):
            subject, prop = str(getattr(triple.subject, "value", "")), triple.predicate.value
            value = str(getattr(triple.object, "value", ""))
            looked_at += 1
            if prop in {_RDFS + word for word in _BRIDGING}:
                axioms += 1
                if not subject.startswith("https://w3id.org/dpc/cdm#"):
                    problems.append(f"{name}: {subject} is not ours to place")
            elif prop == _TYPE:
                if not value.startswith(_OWL):
                    problems.append(f"{name}: {subject} is given the type {value}")
            elif not subject.startswith("https://w3id.org/dpc/cdm/"):
                problems.append(f"{name}: {subject} is given {prop}")
        if not 0 < axioms <= _MOST:
            problems.append(f"{name}: {axioms} axioms; a bridge has 1 to {_MOST}")
    return Outcome(looked_at, "statements", tuple(problems))
