"""A question in a neighbour's terms: which of them our data can answer, and which not and why."""

from collections.abc import Iterator
from typing import Any

from rdflib import URIRef
from rdflib.paths import Path
from rdflib.plugins.sparql.algebra import translateQuery
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue

from dpc_kg.base.errors import QueryError
from dpc_kg.base.vocab import BASE, EXT, OWL, RDF, RDFS, SKOS, XSD
from dpc_kg.model.align import CLOSE, OUT, Alignment
from dpc_kg.model.crosswalk import Mapping

_EVERYBODYS = (RDF, RDFS, OWL, XSD, SKOS)


def unanswerable(text: str, alignment: Alignment) -> dict[str, str]:
    """Give the terms of a question that our data never hold, each with the reason.

    Terms and codes of ours may be mixed in. A term counts as the neighbour's if it is neither ours
    nor one of RDF, RDFS, OWL, SKOS or XML Schema, which only a row makes the neighbour's.

    Raises:
        QueryError: no well-formed SPARQL query, or one that asks another server.
    """
    held = alignment.producible() | by_hand(alignment)
    said = {row.object for row in alignment.mappings.mappings}
    stubs = tuple({row.object.rpartition("/")[0] + "/" for row in alignment.stubs})
    asked = (
        term
        for term in sorted(iris(text))
        if term in said or _is_a_neighbours(term) or term.startswith(stubs)
    )
    return {term: _reason(term, alignment) for term in asked if term not in held}


def iris(text: str) -> frozenset[str]:
    """Give the IRIs of a query.

    Raises:
        QueryError: no well-formed SPARQL query, or one that asks another server.
    """
    try:
        algebra = translateQuery(parseQuery(text)).algebra
    except Exception as e:  # the parser raises what its grammar library does, and more
        raise QueryError("The query is not well-formed SPARQL.") from e
    nodes = list(_nodes(algebra))
    if any(isinstance(node, CompValue) and node.name == "ServiceGraphPattern" for node in nodes):
        raise QueryError("A question asks these data only.", advice="Leave SERVICE out.")
    return frozenset(str(node) for node in nodes if isinstance(node, URIRef))


def by_hand(alignment: Alignment) -> frozenset[str]:
    """Give the terms that the hand-written queries of a standard put into its data."""
    own = (q for q in alignment.queries(OUT) if q.name.startswith(f"{alignment.name}-"))
    found = (term for query in own for term in iris(query.text))
    return frozenset(term for term in found if _is_a_neighbours(term))


def _is_a_neighbours(term: str) -> bool:
    if term.startswith(EXT):
        return False
    return not term.startswith((BASE, *_EVERYBODYS))


def _nodes(node: Any) -> Iterator[Any]:
    yield node
    if isinstance(node, CompValue):
        inner: Any = [value for key, value in node.items() if key != "_vars"]
    elif isinstance(node, Path):
        inner = list(vars(node).values())
    elif isinstance(node, dict):
        inner = [*node.keys(), *node.values()]
    else:
        inner = node if isinstance(node, list | tuple | set) else ()
    for one in inner:
        yield from _nodes(one)


def _reason(term: str, alignment: Alignment) -> str:
    """Say why no statement of ours ever holds the term."""
    rows = [row for row in alignment.mappings.mappings if row.object == term]
    if not rows:
        return "no row of the alignment has it"
    if any(row.predicate == CLOSE for row in rows) and not alignment.close:
        return f"only a close match of {_names(rows)}; --close takes it"
    words = sorted({row.predicate.rsplit("#", 1)[-1] for row in rows})
    return f"only {' and '.join(words)} of {_names(rows)}, which does not make ours one"


def _names(rows: list[Mapping]) -> str:
    return ", ".join(sorted({row.subject.rsplit("#", 1)[-1].removeprefix(BASE) for row in rows}))
