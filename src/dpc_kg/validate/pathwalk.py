"""Follow property paths of shapes over triples, and count the way (SHACL 1.0, section 2.3.1)."""

from collections.abc import Iterable
from dataclasses import dataclass

import pyoxigraph as ox

from dpc_kg.base.vocab import RDF, SH
from dpc_kg.validate.shapesgraph import ShapesGraph, Term, term_of

_REPEATED = {"zeroOrMorePath": (True, True), "oneOrMorePath": (False, True)}
_REPEATED["zeroOrOnePath"] = (True, False)
"""Whether the start is a value too, and whether the path is followed again from its values."""

Nodes = dict[Term, None]
"""A set of nodes that keeps their order: the same files are walked in the same way."""


class Links:
    """Triples of some predicates, to be followed along and against their arrows."""

    def __init__(self, triples: Iterable[ox.Triple], predicates: frozenset[str]) -> None:
        self._ways: dict[tuple[str, bool], dict[Term, list[Term]]] = {
            (predicate, back): {} for predicate in predicates for back in (False, True)
        }
        for triple in triples:
            predicate = triple.predicate.value
            if predicate in predicates:
                subject, value = term_of(triple.subject), term_of(triple.object)
                self._ways[predicate, False].setdefault(subject, []).append(value)
                self._ways[predicate, True].setdefault(value, []).append(subject)

    def of(self, node: Term, predicate: str, *, back: bool) -> list[Term]:
        """Give the nodes that one step leads to."""
        return self._ways[predicate, back].get(node, [])


@dataclass
class Found:
    """Nodes that a path leads to, the links passed over, and these times the rounds taken.

    An engine that goes over all it has found in each round pays for the last.
    """

    nodes: list[Term]
    edges: int
    rounds: int


class Walk:
    """Walks over links; ``edges`` and ``rounds`` count all of the walk that goes on."""

    def __init__(self, shapes: ShapesGraph, links: Links) -> None:
        self._shapes, self._links = shapes, links
        self._edges = self._rounds = 0

    def values(self, path: Term, node: Term) -> Found:
        """Give the value nodes of a path from a node."""
        self._edges = self._rounds = 0
        nodes = self._step(path, {node: None}, back=False)
        return Found(list(nodes), self._edges, self._rounds)

    def _step(self, path: Term, nodes: Nodes, *, back: bool) -> Nodes:
        if isinstance(path, ox.NamedNode):
            found: Nodes = {}
            for node in nodes:
                values = self._links.of(node, path.value, back=back)
                self._edges += len(values)
                found.update(dict.fromkeys(values))
            return found
        if self._shapes.objects(path, RDF + "first"):
            steps = list(self._shapes.members(path))
            for step in reversed(steps) if back else steps:
                nodes = self._step(step, nodes, back=back)
            return nodes
        for inner in self._shapes.objects(path, SH + "inversePath"):
            return self._step(inner, nodes, back=not back)
        for head in self._shapes.objects(path, SH + "alternativePath"):
            ways = (self._step(each, nodes, back=back) for each in self._shapes.members(head))
            return {node: None for way in ways for node in way}
        for name, (with_start, again) in _REPEATED.items():
            for inner in self._shapes.objects(path, SH + name):
                return self._repeated(inner, nodes, back, with_start=with_start, again=again)
        return {}

    def _repeated(
        self, path: Term, nodes: Nodes, back: bool, *, with_start: bool, again: bool
    ) -> Nodes:
        found: Nodes = dict(nodes) if with_start else {}
        before, rounds = self._edges, 0
        while nodes:
            rounds += 1
            reached = self._step(path, nodes, back=back)
            nodes = {node: None for node in reached if node not in found}
            found.update(nodes)
            if not again:
                break
        self._rounds += (self._edges - before) * rounds
        return found
