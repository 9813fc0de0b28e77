"""Compare what a release says of the one before it with what really differs."""

import re

from tests.quality.context import Context
from tests.quality.parts import Outcome
from tests.quality.releases import steps

TITLE = "prior version"
TOOL = "dpc-kg diff"
_PRIOR = "http://www.w3.org/2002/07/owl#priorVersion"


def run(context: Context) -> Outcome:
    """Look at the invented releases, and at the model once it has a release behind it."""
    found = steps(context)
    problems = [
        f"{name}: {text}" for name, each in found.items() for text in each.header_problems()
    ]
    released = re.findall(r"^## \[(\d[^\]]*)\]", context.tree.text("CHANGELOG.md"), re.MULTILINE)
    said = [
        str(getattr(t.object, "value", ""))
        for t in context.tree.triples("ontology/dpc.ttl")
        if t.predicate.value == _PRIOR
    ]
    wanted = [f"https://w3id.org/dpc/cdm/{released[1]}"] if len(released) > 1 else []
    if said != wanted:
        problems.append(f"the model's owl:priorVersion is {said}, and should be {wanted}")
    return Outcome(len(found), "steps between invented releases", tuple(problems))
