"""The cells of an RDF file: its nodes in the file's order, their properties by ``Class/p:name``."""

from collections import defaultdict
from functools import cached_property
from pathlib import Path

import pyoxigraph as ox

from dpc_kg.base.vocab import RDF_TYPE
from dpc_kg.lift.plan import Source

_FORMS = {
    ".json": ox.RdfFormat.JSON_LD,
    ".jsonld": ox.RdfFormat.JSON_LD,
    ".ttl": ox.RdfFormat.TURTLE,
    ".nt": ox.RdfFormat.N_TRIPLES,
}
_NEAR = 4


class GraphCells:
    """The triples of a file, and what a row (the place of a node) and a column name there."""

    def __init__(self, path: Path, source: Source) -> None:
        parsed = ox.parse(path.read_bytes(), format=_FORMS[path.suffix], base_iri="file:///x")
        self.triples = list(dict.fromkeys(quad.triple for quad in parsed))
        self.nodes = list(dict.fromkeys(t.subject for t in self.triples))
        self.spaces = dict(source.namespaces)
        self._known: dict[int, set[object]] = {}

    def texts(self, row: int, column: str) -> list[str]:
        """Give the values of a cell."""
        node = self.nodes[row - 1]
        if column == "node":
            return [_text(node)]
        if column == "type":
            found = [t for t in self.triples if t.subject == node and _is_type(t)]
            return [_text(t.object).replace("#", "/").rpartition("/")[2] for t in found]
        cell = self._cell(row, column)
        # of a property of a node beside it the query may read either end
        others = [t.subject for t in cell if t.subject != node]
        return [*(_text(t.object) for t in cell), *map(_text, others)]

    def record(self, row: int) -> list[str]:
        """Give the texts of a node and of those near it."""
        near = self._near(row)
        return [_text(t.object) for t in self.triples if t.subject in near]

    def put(self, row: int, column: str, text: str | None) -> None:
        """Alter a cell; None takes it away."""
        node = self.nodes[row - 1]
        if column == "node":
            self._rename(node)
            self._forget()
            return
        if column == "type":
            cell = [t for t in self.triples if t.subject == node and _is_type(t)]
            new = [ox.Triple(node, ox.NamedNode(RDF_TYPE), ox.NamedNode(f"urn:{text}"))]
        else:
            cell = self._cell(row, column)
            holder = cell[0].subject if cell else node
            new = [ox.Triple(holder, self._predicate(column), ox.Literal(text or ""))]
        at = self.triples.index(cell[0]) if cell else len(self.triples)
        self.triples[at:at] = new if text is not None else []
        for gone in cell:
            self.triples.remove(gone)
        self._forget()

    def _forget(self) -> None:
        self._known.clear()
        for name in ("_links", "_by_predicate"):
            self.__dict__.pop(name, None)

    def _rename(self, node: ox.NamedNode | ox.BlankNode | ox.Triple) -> None:
        new = ox.NamedNode(f"{_text(node)}-zz9")
        self.triples = [
            ox.Triple(
                new if t.subject == node else t.subject,
                t.predicate,
                new if t.object == node else t.object,
            )
            for t in self.triples
        ]

    def _predicate(self, column: str) -> ox.NamedNode:
        prefix, _, name = column.rpartition("/")[2].partition(":")
        return ox.NamedNode(self.spaces[prefix] + name)

    def _cell(self, row: int, column: str) -> list[ox.Triple]:
        """Give the triples of a cell: of the node itself or one near it, of that class if any."""
        predicate, kind = self._predicate(column), column.partition("/")[0]
        near, node = self._near(row), self.nodes[row - 1]
        named = {
            t.subject
            for t in self._by_predicate[ox.NamedNode(RDF_TYPE)]
            if _text(t.object).replace("#", "/").endswith(f"/{kind}")
        }
        reached = [t for t in self._by_predicate[predicate] if t.subject in near]
        own = [t for t in reached if t.subject == node]
        of_class = [t for t in reached if t.subject in named]
        return [t for t in own if t in of_class] or of_class or own

    @cached_property
    def _links(self) -> dict[object, set[object]]:
        """The nodes and values beside each, whichever way the property goes."""
        found: dict[object, set[object]] = defaultdict(set)
        for triple in self.triples:
            if not _is_type(triple):
                found[triple.subject].add(triple.object)
                found[triple.object].add(triple.subject)
        return found

    @cached_property
    def _by_predicate(self) -> dict[ox.NamedNode, list[ox.Triple]]:
        found: dict[ox.NamedNode, list[ox.Triple]] = defaultdict(list)
        for triple in self.triples:
            found[triple.predicate].append(triple)
        return found

    def _near(self, row: int) -> set[object]:
        """Give a node and what is a few properties away from it."""
        if row not in self._known:
            found: set[object] = {self.nodes[row - 1]}
            for _ in range(_NEAR):
                found |= {
                    other
                    for node in found
                    if not isinstance(node, ox.Literal)
                    for other in self._links[node]
                }
            self._known[row] = found
        return self._known[row]


def _is_type(triple: ox.Triple) -> bool:
    return triple.predicate.value == RDF_TYPE


def _text(term: object) -> str:
    value = getattr(term, "value", "")
    return value if isinstance(value, str) else ""
