"""Compare releases: what left had been deprecated before."""

from tests.quality.context import Context
from tests.quality.parts import Outcome
from tests.quality.releases import steps

TITLE = "removals"
TOOL = "dpc-kg diff"


def run(context: Context) -> Outcome:
    """Look at every change between the invented releases."""
    found = steps(context)
    changes = [change for each in found.values() for change in each.changes]
    abrupt = [change for change in changes if change.how == "abrupt"]
    problems = tuple(f"{change.iri} was removed without deprecation" for change in abrupt)
    removed = sum(change.how == "removed" for change in changes)
    if not removed:
        problems = (*problems, "the invented releases remove nothing")
    return Outcome(len(changes), "changes between invented releases", problems)
