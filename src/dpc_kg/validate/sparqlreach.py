"""How far from ``$this`` the query of an ``sh:sparql`` constraint reads."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

_NOT_LOCAL = {
    "Graph": "names a graph",
    "ServiceGraphPattern": "asks another endpoint",
    "ToMultiSet": "has a subquery or values",
    "AggregateJoin": "aggregates",
}


@dataclass(frozen=True)
class Reach:
    """What a query reads: predicates whose values' triples are read, or why pieces do not do."""

    followed: frozenset[str] = frozenset()
    deep: bool = False
    reason: str | None = None


def reach(select: str, prefixes: Mapping[str, str]) -> Reach:
    """Derive what a SELECT query with ``$this`` bound reads (SHACL 1.0, section 5.2).

    Every pattern must hang on ``$this`` by forward predicates; all else is not local.
    """
    from rdflib.plugins.sparql.algebra import translateQuery

    try:
        algebra = translateQuery(parsed(select, prefixes)).algebra
    except Exception:  # of a query that is not there too: it raises whatever it meets
        return Reach(reason="cannot be read")
    triples: list[Any] = []
    for found in parts(algebra):
        name = getattr(found, "name", None)
        if name in _NOT_LOCAL:
            return Reach(reason=_NOT_LOCAL[name])
        triples += dict.get(found, "triples", [])
    return _from_this(triples)


def parsed(text: str, prefixes: Mapping[str, str]) -> Any:
    """Give the syntax tree of a query; None where it cannot be read."""
    from rdflib.plugins.sparql.parser import parseQuery

    head = "".join(f"PREFIX {name}: <{space}>\n" for name, space in prefixes.items())
    try:
        return parseQuery(head + text)
    except Exception:  # the parser raises whatever its grammar actions do
        return None


def parts(part: Any) -> Iterator[Any]:
    """Give a part of a syntax tree or of an algebra and all parts inside it."""
    from pyparsing import ParseResults
    from rdflib.plugins.sparql.parserutils import CompValue

    if isinstance(part, CompValue):
        yield part
        for key, inner in part.items():
            if key != "triples":
                yield from parts(inner)
    elif isinstance(part, list | tuple | ParseResults):
        for inner in part:
            yield from parts(inner)


def _from_this(triples: list[Any]) -> Reach:
    from rdflib import Variable

    steps = [step for triple in triples for step in _split(triple)]
    if any(predicate is None for _, predicate, _ in steps):
        return Reach(reason="has an inverse or unbounded path")
    arrivals: dict[Any, set[str]] = {Variable("this"): set()}
    pending = steps
    while pending:
        ready = [step for step in pending if step[0] in arrivals]
        if not ready:
            return Reach(reason="has a pattern that does not start at $this")
        pending = [step for step in pending if step[0] not in arrivals]
        for _, predicate, value in ready:
            arrivals.setdefault(value, set()).add(predicate or "")
    read = {step[0] for step in steps} - {Variable("this")}
    followed = frozenset().union(*(arrivals[node] for node in read))
    if "" in followed:
        return Reach(reason="follows a variable predicate")
    return Reach(followed, deep=any(s in read and v in read for s, _, v in steps))


def _split(triple: Any) -> list[tuple[Any, str | None, Any]]:
    """Give a pattern as single steps; ``""`` for a variable predicate, None for a harder path."""
    from rdflib import BNode, URIRef, Variable
    from rdflib.paths import SequencePath

    subject, predicate, value = triple
    if isinstance(predicate, URIRef):
        return [(subject, str(predicate), value)]
    if isinstance(predicate, Variable):
        return [(subject, "", value)]
    if isinstance(predicate, SequencePath) and all(isinstance(p, URIRef) for p in predicate.args):
        nodes = [subject, *(BNode() for _ in predicate.args[1:]), value]
        return [(nodes[i], str(p), nodes[i + 1]) for i, p in enumerate(predicate.args)]
    return [(subject, None, value)]
