"""Look up what purposes, sensitivities and retention classes are in the Data Privacy Vocabulary."""

import pyoxigraph as ox

from tests.quality.context import Context
from tests.quality.parts import Outcome
from tests.quality.sssom import mapping_set

TITLE = "DPV"
TOOL = "pinned DPV"
NEEDS = ("shared",)
FILE = "mappings/align/dpv.sssom.tsv"
_CODES = """
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?code
WHERE {
  VALUES ?list {
    <https://w3id.org/dpc/codes/purpose>
    <https://w3id.org/dpc/codes/sensitivity>
    <https://w3id.org/dpc/codes/retention>
    <https://w3id.org/dpc/codes/legal-basis>
  }
  ?code skos:inScheme ?list .
  FILTER(!REGEX(STR(?code), "/(unmapped|unknown|other)$"))
}
ORDER BY ?code
"""


def run(context: Context) -> Outcome:
    """Every code by which a term says how it may be handled has a DPV term, or has none by name."""
    known = {
        quad.subject.value
        for path in sorted(context.data("standards", "dpv").glob("*.ttl"))
        for quad in ox.parse(path.read_bytes(), format=ox.RdfFormat.TURTLE)
        if isinstance(quad.subject, ox.NamedNode)
    }
    context.need(FILE)
    rows = mapping_set(context.tree, FILE).rows
    codes = [row["code"] for row in context.rows(_CODES)]
    problems = [
        f"{code} names no DPV term" for code in codes if code not in {row.subject for row in rows}
    ]
    problems += [
        f"{row.subject}: DPV has no {row.object}"
        for row in rows
        if row.matched and row.object not in known
    ]
    return Outcome(len(codes), "codes of handling", tuple(problems))
