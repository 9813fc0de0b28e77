"""Follow the alignments one step: no pair may be matched in two ways that exclude one another."""

from itertools import combinations

from tests.quality.context import Context
from tests.quality.parts import Outcome
from tests.quality.sssom import FILES, Row, mapping_set

TITLE = "chains"
TOOL = "own"
EXCLUDE = {
    frozenset(pair)
    for pair in (
        ("skos:exactMatch", "skos:broadMatch"),
        ("skos:exactMatch", "skos:narrowMatch"),
        ("skos:exactMatch", "skos:relatedMatch"),
        ("skos:broadMatch", "skos:narrowMatch"),
        ("skos:broadMatch", "skos:relatedMatch"),
        ("skos:narrowMatch", "skos:relatedMatch"),
    )
}
_ABOVE = """
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?below ?above
WHERE { ?below (rdfs:subClassOf|rdfs:subPropertyOf|skos:broader)+ ?above }
"""


def run(context: Context) -> Outcome:
    """Look at every pair of ends, and at terms of ours that stand above one another."""
    sets = [mapping_set(context.tree, name) for name in context.need(*FILES)]
    rows = [row for each in sets for row in each.rows if row.matched]
    problems = _pairs(rows) + _chains(rows, context)
    return Outcome(len(rows), "matches", tuple(problems))


def _pairs(rows: list[Row]) -> list[str]:
    by_ends: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        by_ends.setdefault((row.subject, row.object), []).append(row)
    found = []
    for (subject, target), several in by_ends.items():
        for one, two in combinations(several, 2):
            if one.negated != two.negated and one.predicate == two.predicate:
                found.append(f"{subject} both matches {target} and does not")
            elif frozenset((one.predicate, two.predicate)) in EXCLUDE:
                found.append(f"{subject}: {one.predicate} and {two.predicate} of {target}")
    return found


def _chains(rows: list[Row], context: Context) -> list[str]:
    """Find targets that are exactly a term and also narrower than, or exactly, one below it."""
    above = {(row["below"], row["above"]) for row in context.rows(_ABOVE)}
    by_target: dict[str, list[Row]] = {}
    for row in rows:
        if not row.negated:
            by_target.setdefault(row.object, []).append(row)
    found = []
    for target, several in by_target.items():
        for one, two in ((a, b) for a in several for b in several if a is not b):
            exact = one.predicate == "skos:exactMatch"
            if not exact or (two.subject, one.subject) not in above:
                continue
            if two.predicate in ("skos:exactMatch", "skos:narrowMatch"):
                found.append(f"{target} is exactly {one.subject}, and {two.predicate} of one below")
    return found
