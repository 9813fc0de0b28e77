"""RDF files as sources of our mappings: what is placed goes into a store, all else is counted.

A mapping asks its queries of the store, so no query can reach what ``fields.csv`` does not place.
A field is a property of a class, ``Class/prefix:property``; a variable of a query says which one it
holds by its name: ``Class__prefix_property``, with a third part where one query needs it twice.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from dpc_kg.base.errors import MappingError, NotSupported, SourceError
from dpc_kg.base.vocab import RDF_TYPE
from dpc_kg.lift.jsonld import check_jsonld
from dpc_kg.lift.plan import Source
from dpc_kg.lift.privacy import Decisions, FieldDecision
from dpc_kg.lift.rdfsource import refuse_harm
from dpc_kg.lift.unusable import empty_file

NODE = "node"
"""The variable every query gives: the node a row is about."""

ENDINGS = {
    ".json": ox.RdfFormat.JSON_LD,
    ".jsonld": ox.RdfFormat.JSON_LD,
    ".nq": ox.RdfFormat.N_QUADS,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".trig": ox.RdfFormat.TRIG,
    ".ttl": ox.RdfFormat.TURTLE,
}
# a query that calls another endpoint would carry data out
_ELSEWHERE = re.compile(r"\bSERVICE\b|\\u", re.IGNORECASE)
_ORDER = ("personal", "placed", "none")
"""Of a node with several classes the strictest decision that says something holds."""

_Term = ox.NamedNode | ox.BlankNode | ox.Triple


@dataclass(frozen=True)
class Graph:
    """One RDF file: the places of its nodes (from 1), its fields by count, the placed triples."""

    name: str
    digest: str
    places: dict[_Term, int]
    cells: Counter[str]
    store: ox.Store

    def solutions(self, source: Source) -> Iterator[tuple[int, list[dict[str, str]]]]:
        """Give the solutions of a source's query by node: its place, and a row each.

        A blank node has no name that another file could use: nothing is bound to it.

        Raises:
            MappingError: the query cannot be read, or does not give the node.
        """
        names, found = self._asked(source)
        rows: dict[int, list[dict[str, str]]] = {}
        for solution in found:
            place = self.places.get(solution[NODE])
            if place is None:
                raise MappingError("A query gives a node that the file does not describe.")
            row = {n: t.value for n in names if not isinstance(t := solution[n], _NOTHING)}
            rows.setdefault(place, []).append(row)
        return iter(sorted(rows.items()))

    def _asked(self, source: Source) -> tuple[list[str], ox.QuerySolutions]:
        query = source.iterator or ""
        if _ELSEWHERE.search(query):
            raise MappingError("The query of a source must not call a SERVICE.", term=source.name)
        prefixes = dict(source.namespaces)
        try:
            found = self.store.query(query, prefixes=prefixes, use_default_graph_as_union=True)
        except SyntaxError as e:
            raise MappingError(
                f"The query of a source cannot be read: {e.msg}", term=source.name
            ) from e
        if not isinstance(found, ox.QuerySolutions):
            raise MappingError("The query of a source must be a SELECT.", term=source.name)
        names = [v.value for v in found.variables]
        if NODE not in names:
            raise MappingError(
                "The query of a source gives no node.", term=source.name, advice="Select ?node."
            )
        return names, found


_NOTHING = (type(None), ox.BlankNode)


def read_graph(path: Path, source: Source, decisions: Decisions) -> Graph:
    """Read an RDF file: count every field of it and keep what is placed.

    Raises:
        SourceError: it is not well-formed, names a context to be fetched, or holds nothing.
        NotSupported: its ending is that of no syntax that is read.
    """
    data = path.read_bytes()
    triples, lost = _triples(data, path)
    if not triples:
        raise empty_file(path.name)
    places: dict[_Term, int] = {}
    classes: dict[_Term, list[str]] = {}
    names = _Names(dict(source.namespaces))
    for triple in triples:
        places.setdefault(triple.subject, len(places) + 1)
        if triple.predicate.value == RDF_TYPE:
            classes.setdefault(triple.subject, []).append(names.of_class(triple.object))
    cells: Counter[str] = Counter()
    if lost:
        cells["(member without a meaning)"] = lost
    store = ox.Store()
    kept = []
    for triple in triples:
        field, status = _decided(triple, classes.get(triple.subject, []), names, source, decisions)
        cells[field] += 1
        if _is_kept(triple, status):
            kept.append(ox.Quad(triple.subject, triple.predicate, triple.object))
    store.bulk_extend(kept)
    return Graph(path.name, hashlib.sha256(data).hexdigest(), places, cells, store)


def _triples(data: bytes, path: Path) -> tuple[list[ox.Triple], int]:
    """Give the triples in the file's order, once each, and how many members say nothing."""
    form = ENDINGS.get(path.suffix.lower())
    if form is None:
        known = ", ".join(sorted(ENDINGS))
        raise NotSupported(
            "This syntax of RDF is not read.", file=path.name, advice=f"Read are: {known}."
        )
    if not data.strip():
        raise empty_file(path.name)
    refuse_harm(data, form, path.name)
    lost = check_jsonld(data, path.name) if form == ox.RdfFormat.JSON_LD else 0
    try:
        quads = ox.parse(data, format=form, base_iri=f"file:///{path.name}")
        found = dict.fromkeys(q.triple for q in quads)
    except SyntaxError as e:
        raise SourceError(
            "This is not well-formed RDF.",
            rule="syntax",
            file=path.name,
            line=e.lineno,
            advice="Export it again; do not edit it by hand.",
        ) from e
    return list(found), lost


def _decided(
    triple: ox.Triple,
    classes: list[str],
    names: "_Names",
    source: Source,
    decisions: Decisions,
) -> tuple[str, str]:
    """Give the field a triple is of, and its status."""
    if triple.predicate.value == RDF_TYPE:
        field = names.of_class(triple.object)
        return field, _status(decisions.decide(source.name, field))
    own = names.of_property(triple.predicate)
    found = [f"{name}/{own}" for name in classes] or [f"(no class)/{own}"]
    by_status = {_status(decisions.decide(source.name, f)): f for f in reversed(found)}
    for status in _ORDER:
        if status in by_status:
            return by_status[status], status
    return found[0], "undeclared"


def _status(decision: FieldDecision | None) -> str:
    return "undeclared" if decision is None else decision.status


def _is_kept(triple: ox.Triple, status: str) -> bool:
    """Tell whether queries see a triple: values that are placed, and links that may be followed."""
    return status == "placed" or (status == "none" and not isinstance(triple.object, ox.Literal))


class _Names:
    """Short names of classes and properties, by the name spaces that a mapping declares."""

    def __init__(self, namespaces: dict[str, str]) -> None:
        self.prefixes = {iri: prefix for prefix, iri in namespaces.items()}
        self.known: dict[str, tuple[str, str] | None] = {}

    def of_class(self, node: object) -> str:
        """Give the local name of a class of a declared name space, else its IRI."""
        iri = getattr(node, "value", "")
        parts = self._parts(iri)
        return parts[1] if parts is not None else f"<{iri}>"

    def of_property(self, node: ox.NamedNode) -> str:
        """Give the prefixed name of a property of a declared name space, else its IRI."""
        parts = self._parts(node.value)
        return f"{parts[0]}:{parts[1]}" if parts is not None else f"<{node.value}>"

    def _parts(self, iri: str) -> tuple[str, str] | None:
        if iri not in self.known:
            cut = max(iri.rfind("/"), iri.rfind("#")) + 1
            prefix = self.prefixes.get(iri[:cut])
            self.known[iri] = None if prefix is None else (prefix, iri[cut:])
        return self.known[iri]
