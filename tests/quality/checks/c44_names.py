"""Look at the names of properties, and at the closure that keeps everything else out."""

import re

from dpc_kg.base.vocab import local_name
from tests.quality.context import Context
from tests.quality.parts import Outcome
from tests.quality.tree import REPOSITORY

TITLE = "personal data"
TOOL = "own"
WORDS = REPOSITORY / "tests" / "quality" / "personal.txt"
ABOUT_OTHERS = {
    "contactSeconds": "a length of time",
    "lastContactAt": "a point in time",
}
"""Properties whose name holds such a word and that hold no such thing, with what they hold."""
_PROPERTIES = """
PREFIX dpc: <https://w3id.org/dpc/cdm#>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
SELECT DISTINCT ?it
WHERE {
  ?it a owl:DatatypeProperty .
  FILTER(STRSTARTS(STR(?it), STR(dpc:)))
}
"""
_OPEN = """
PREFIX dpc: <https://w3id.org/dpc/cdm#>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX sh: <http://www.w3.org/ns/shacl#>
SELECT ?it
WHERE {
  ?it a owl:Class .
  FILTER(STRSTARTS(STR(?it), STR(dpc:)))
  FILTER NOT EXISTS { ?it dpc:isAbstract|dpc:isPublishedOnly true }
  FILTER NOT EXISTS { ?shape sh:targetClass ?it ; sh:closed true }
}
"""


def run(context: Context) -> Outcome:
    """Look at every property that holds a value, and at every class that data may name."""
    lines = WORDS.read_text(encoding="utf-8").splitlines()
    personal = {line.strip() for line in lines if line.strip() and not line.startswith("#")}
    names = sorted({local_name(row["it"]) for row in context.rows(_PROPERTIES)})
    problems = [
        f"{name} may hold personal data: {', '.join(sorted(found))}"
        for name in names
        if name not in ABOUT_OTHERS and (found := _words(name) & personal)
    ]
    problems += [f"{local_name(row['it'])} has no closed shape" for row in context.rows(_OPEN)]
    return Outcome(len(names), "properties that hold values", tuple(problems))


def _words(name: str) -> set[str]:
    return {word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)}
