"""Look at the alignments by our own rules, which are stricter than the format's."""

from collections import Counter

from dpc_kg.base.vocab import BASE
from tests.quality.context import Context
from tests.quality.parts import Outcome
from tests.quality.sssom import FILES, MappingSet, Row, mapping_set

TITLE = "rules of the house"
TOOL = "own"
MATCHES = ("exact", "close", "broad", "narrow", "related")
PREDICATES = frozenset(f"skos:{word}Match" for word in MATCHES)
SURE = {"skos:exactMatch"}
UNSPECIFIED = "semapv:UnspecifiedMatching"
MOST_WHEN_RECALLED = 0.5
HEAD = ("mapping_set_id", "license", "mapping_set_version", "mapping_set_title")
AUTHORS = ("author_id", "author_label", "creator_id", "creator_label")


def run(context: Context) -> Outcome:
    """Look at every head and row; our end of a row must exist in the model."""
    sets = [mapping_set(context.tree, name) for name in context.need(*FILES)]
    known = {row["term"] for row in context.rows("SELECT DISTINCT ?term WHERE { ?term a ?kind }")}
    problems = [f"{each.file}: {text}" for each in sets for text in _head(each)]
    rows = [row for each in sets for row in each.rows]
    problems += [f"{row.file}:{row.line}: {text}" for row in rows for text in _row(row, known)]
    problems += _many(rows)
    return Outcome(len(rows), "rows", tuple(problems))


def _head(each: MappingSet) -> list[str]:
    found = [f"says no {name}" for name in HEAD if name not in each.head]
    if not any(name in each.head for name in AUTHORS):
        found.append("names no author")
    for name in ("mapping_set_id", "license"):
        if name in each.head and not each.head[name].startswith("http"):
            found.append(f"{name} is no IRI")
    if not each.rows:
        found.append("has no row")
    return found


def _row(row: Row, known: set[str]) -> list[str]:
    found = []
    ours = row.subject if row.subject.startswith(BASE) else row.object
    # stubs for standards without IRIs stand under ext and are declared by the row itself
    if ours.startswith(BASE) and not ours.startswith(f"{BASE}ext/") and ours not in known:
        found.append(f"{ours} is not in the model")
    if row.predicate not in PREDICATES:
        found.append(f"{row.predicate or 'nothing'} is no predicate for this")
    if not row.cells.get("mapping_justification", "").startswith("semapv:"):
        found.append("has no justification")
    return found + _confidence(row)


def _confidence(row: Row) -> list[str]:
    try:
        confidence = float(row.cells.get("confidence", ""))
    except ValueError:
        return ["says no confidence"]
    recalled = row.cells.get("mapping_justification") == UNSPECIFIED
    if recalled and confidence > MOST_WHEN_RECALLED:
        return [f"was recalled, and is sure to {confidence}"]
    return [] if 0 <= confidence <= 1 else [f"is sure to {confidence}"]


def _many(rows: list[Row]) -> list[str]:
    """Find terms that are exactly two others of one vocabulary, and rows written twice."""
    sure = [row for row in rows if row.matched and row.predicate in SURE and not row.negated]
    subjects = Counter((row.file, row.subject, _vocabulary(row.object)) for row in sure)
    objects = Counter((row.file, row.object, _vocabulary(row.subject)) for row in sure)
    found = [
        f"{file}: {term} is exactly {count} others"
        for (file, term, _), count in sorted((subjects + objects).items())
        if count > 1
    ]
    twice = Counter((row.file, row.subject, row.predicate, row.object) for row in rows)
    return found + [
        f"{key[0]}: {key[1]} {key[3]} stands twice" for key, n in twice.items() if n > 1
    ]


def _vocabulary(iri: str) -> str:
    return iri.rsplit("#", 1)[0] if "#" in iri else iri.rsplit("/", 1)[0]
