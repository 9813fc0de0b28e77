"""The queries of shapes that can be asked of all focus nodes at once.

An engine asks a query of ``sh:sparql`` once a focus node and looks through all data each time; one
set query does the same work in one pass, and it sees all records where a piece sees its own.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pyoxigraph as ox

from dpc_kg.base.vocab import SH
from dpc_kg.validate.injection import injected, obstacle, selects
from dpc_kg.validate.results import VIOLATION
from dpc_kg.validate.shapesgraph import SHAPE_VALUED, ShapesGraph, Term
from dpc_kg.validate.sparqlreach import parsed, parts, reach

_SPARQL = SH + "sparql"
_PROPERTY = SH + "property"
_SWITCHES = frozenset(SH + name for name in ("deactivated", "ask", "severity"))


@dataclass(frozen=True)
class Targets:
    """What chooses the focus nodes of a query: classes, and predicates by their subjects or values.

    SHACL 1.0, section 2.1.3; nodes named one by one and SPARQL targets are left to the engine.
    """

    classes: frozenset[str]
    subjects_of: frozenset[str]
    objects_of: frozenset[str]

    def pattern(self, classes: frozenset[str]) -> str:
        """Give a group that binds ``?this`` once to every focus node; ``classes`` as expanded."""
        kinds = " ".join(f"<{cls}>" for cls in sorted(classes))
        choices = [f"{{ VALUES ?dpcClass {{ {kinds} }} ?this a ?dpcClass }}"] if kinds else []
        choices += [f"{{ ?this <{each}> ?dpcValue }}" for each in sorted(self.subjects_of)]
        choices += [f"{{ ?dpcSubject <{each}> ?this }}" for each in sorted(self.objects_of)]
        return f"{{ SELECT DISTINCT ?this WHERE {{ {' UNION '.join(choices)} }} }}"


@dataclass(frozen=True)
class SetQuery:
    """One query: its shape, what its results carry, whom it is asked of, what it reads.

    ``predicates`` are those of all triples it can read; None if it may read any.
    """

    shape: str
    path: str | None
    severity: str
    targets: Targets
    select: str
    prefixes: tuple[tuple[str, str], ...]
    predicates: frozenset[str] | None

    def text(self, classes: frozenset[str]) -> str:
        """Give the query for all focus nodes; ``classes`` are the target classes expanded."""
        return injected(self.select, self.targets.pattern(classes), dict(self.prefixes))


@dataclass(frozen=True)
class Split:
    """Shapes without some of their queries, and these queries."""

    rest: ShapesGraph
    queries: tuple[SetQuery, ...]


@lru_cache(maxsize=8)
def split(shapes: ShapesGraph, *, far_only: bool = True) -> Split:
    """Take out of shapes the queries that can be asked at once.

    ``far_only``: only those that read beyond a record; the others do as well in pieces.
    """
    inner = _inner(shapes)
    queries: list[SetQuery] = []
    taken: set[tuple[Term, Term]] = set()
    for shape in shapes.subjects(_SPARQL):
        for constraint in shapes.objects(shape, _SPARQL):
            query = _query(shapes, shape, constraint, inner)
            if query and not (far_only and _is_near(query)):
                queries.append(query)
                taken.add((shape, constraint))
    if not taken:
        return Split(shapes, ())
    rest = (
        triple
        for triple in shapes.triples
        if triple.predicate.value != _SPARQL or (triple.subject, triple.object) not in taken
    )
    return Split(ShapesGraph(shapes.paths, tuple(rest)), tuple(queries))


def _is_near(query: SetQuery) -> bool:
    return reach(query.select, dict(query.prefixes)).reason is None


def _query(shapes: ShapesGraph, shape: Term, constraint: Term, inner: set[Term]) -> SetQuery | None:
    """Give a constraint as a set query; None if its results might differ from the engine's."""
    texts = shapes.objects(constraint, SH + "select")
    paths = shapes.objects(shape, SH + "path")
    holders = _holders(shapes, shape)
    if len(texts) != 1 or inner.intersection(holders):
        return None
    if _SWITCHES & shapes.predicates(constraint):
        return None
    if any(shapes.objects(each, SH + "deactivated") for each in (shape, *holders)):
        return None
    if len(paths) > 1 or not all(isinstance(path, ox.NamedNode) for path in paths):
        return None
    targets = _targets(shapes, holders)
    prefixes = shapes.prefixes()
    if targets is None or obstacle(texts[0].value, prefixes):
        return None
    if paths and not selects(texts[0].value, prefixes, "value"):
        return None  # engines differ in the value that a result has then
    severity = shapes.objects(shape, SH + "severity")
    query = SetQuery(
        shape.value,
        paths[0].value if paths else None,
        severity[0].value if severity else VIOLATION,
        targets,
        texts[0].value,
        tuple(sorted(prefixes.items())),
        _predicates(texts[0].value, prefixes),
    )
    return query if _is_read(query) else None


def _is_read(query: SetQuery) -> bool:
    """Tell whether the engine of the store understands the query as the parser of here does."""
    try:
        found = ox.Store().query(query.text(query.targets.classes))
    except (SyntaxError, ValueError, RuntimeError):
        return False
    return isinstance(found, ox.QuerySolutions)


def _inner(shapes: ShapesGraph) -> set[Term]:
    """Give the shapes whose failures count for another shape: their results are not reported."""
    found = shapes.listed()
    for predicate in SHAPE_VALUED:
        for subject in shapes.subjects(predicate):
            # a property shape of a node shape has the focus nodes of the node shape
            if predicate != _PROPERTY or shapes.objects(subject, SH + "path"):
                found.update(shapes.objects(subject, predicate))
    return found


def _holders(shapes: ShapesGraph, shape: Term) -> list[Term]:
    """Give the shapes whose targets are the focus nodes of a shape, itself among them."""
    owners = shapes.subjects(_PROPERTY)
    return [shape, *(each for each in owners if shape in shapes.objects(each, _PROPERTY))]


def _targets(shapes: ShapesGraph, holders: list[Term]) -> Targets | None:
    """Give the targets of the holders together; None of targets that are not of these kinds."""
    kinds: dict[str, set[str]] = {}
    for holder in holders:
        if {SH + "targetNode", SH + "target"} & shapes.predicates(holder):
            return None
        for kind in ("targetClass", "targetSubjectsOf", "targetObjectsOf"):
            kinds.setdefault(kind, set()).update(shapes.iris(holder, SH + kind))
        if holder in shapes.class_shapes():
            kinds["targetClass"].add(holder.value)
    chosen = Targets(*(frozenset(found) for found in kinds.values()))
    return chosen if any(kinds.values()) else None


def _predicates(select: str, prefixes: dict[str, str]) -> frozenset[str] | None:
    from rdflib.plugins.sparql.algebra import translateQuery

    algebra = translateQuery(parsed(select, prefixes)).algebra
    found: set[str] = set()
    for part in parts(algebra):
        for _, predicate, _ in dict.get(part, "triples", ()):
            for step in _steps(predicate):
                if step is None:
                    return None
                found.add(step)
    return frozenset(found)


def _steps(path: Any) -> Iterator[str | None]:
    """Give the predicates of a path; None where it may lead over any, or over none."""
    from rdflib import URIRef
    from rdflib.paths import AlternativePath, InvPath, MulPath, OneOrMore, SequencePath

    if isinstance(path, URIRef):
        yield str(path)
    elif isinstance(path, SequencePath | AlternativePath):
        for inner in path.args:
            yield from _steps(inner)
    elif isinstance(path, InvPath):
        yield from _steps(path.arg)
    elif isinstance(path, MulPath) and path.mod == OneOrMore:
        yield from _steps(path.path)
    else:
        yield None
