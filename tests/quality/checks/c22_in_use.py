"""Search examples, mappings and questions for deprecated terms."""

import re

from tests.quality.context import Context
from tests.quality.parts import Outcome
from tests.quality.tree import SHAPE_CASES

TITLE = "deprecated terms in use"
TOOL = "own"
FILES = (*SHAPE_CASES, "mappings/**/*.ttl", "mappings/lift/*/*.csv", "queries/*/*.rq")
_TERM = re.compile(r"\bdpc:([A-Za-z]\w*)|https://w3id\.org/dpc/(?:cdm#|codes/)([\w/#-]+)")
_DEPRECATED = """
PREFIX owl: <http://www.w3.org/2002/07/owl#>
SELECT ?term WHERE { ?term owl:deprecated true }
"""


def run(context: Context) -> Outcome:
    """Look at every file that uses terms."""
    leaving = {re.split(r"cdm#|codes/", row["term"])[-1] for row in context.rows(_DEPRECATED)}
    names = context.tree.names(*FILES)
    problems = [
        f"{name}: {term}"
        for name in names
        for term in sorted({a or b for a, b in _TERM.findall(context.tree.text(name))} & leaving)
    ]
    return Outcome(len(names), "files that use terms", tuple(problems))
