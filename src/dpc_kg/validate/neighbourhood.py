"""The part of a store that shapes read about some nodes, and the nodes that read about these.

How far to go follows from the shapes (see ``locality``): the steps they take, with or against the
arrow, and how many of them. Going a step too far costs time only; one too few would be wrong.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

import pyoxigraph as ox

from dpc_kg.base.vocab import RDF_TYPE
from dpc_kg.validate.locality import Locality
from dpc_kg.validate.sparqlreach import INVERSE

Node = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
_TYPE = ox.NamedNode(RDF_TYPE)
_FEW = 3
"""Predicates up to which each is looked up by itself."""


@dataclass(frozen=True)
class _Ways:
    """Steps by their direction: predicates with the arrow, predicates against it."""

    along: frozenset[ox.NamedNode]
    against: frozenset[ox.NamedNode]

    @property
    def turned(self) -> "_Ways":
        """The same steps the other way round."""
        return _Ways(self.against, self.along)


def affected(store: ox.Store, changed: Iterable[Node], reads: Locality) -> frozenset[Node]:
    """Give the nodes whose verdict may depend on the triples of some nodes, these among them.

    Ask it before a change and after it: what no longer refers to a node did so before.
    """
    view = _View(store, whole=False)
    steps, kinds = _split(reads.followed), _split(reads.typed)
    nodes = set(changed)
    # a triple is met by its subject, and by its value where the shapes read it from there
    read_there = _Ways(_nodes(reads.incoming | reads.borne), frozenset())
    met = nodes | view.moves(nodes, read_there) | view.moves(nodes, kinds.turned)
    return frozenset(view.around(met, steps.turned, reads.depth))


def neighbourhood(store: ox.Store, nodes: Iterable[Node], reads: Locality) -> tuple[ox.Triple, ...]:
    """Give all triples that the shapes read when they look at some nodes, graph names dropped."""
    view = _View(store, whole=True)
    start = set(nodes)
    levels = view.levels(start, _split(reads.followed), reads.depth)
    near = set().union(*levels)
    found: dict[ox.Triple, None] = {}
    for node in near:
        found.update(dict.fromkeys(view.own(node)))
    for node in set().union(*levels[: reads.incoming_depth + 1]):
        for predicate in _nodes(reads.incoming):
            found.update(dict.fromkeys(view.pointing(node, predicate)))
    for node in start:
        for predicate in _nodes(reads.borne):
            # one such triple makes it a target: a shared node may have very many
            first = next(store.quads_for_pattern(None, predicate, node), None)
            if first is not None:
                found[first.triple] = None
    holders = set().union(*levels[: reads.typed_depth + 1])
    for value in view.moves(holders, _split(reads.typed)) - near:
        if isinstance(value, ox.NamedNode | ox.BlankNode):
            found.update((q.triple, None) for q in store.quads_for_pattern(value, _TYPE, None))
    return tuple(found)


class _View:
    """A store looked at node by node; the own triples of a node are fetched once.

    ``whole``: they are wanted anyway, so a step is looked up among them.
    """

    def __init__(self, store: ox.Store, *, whole: bool) -> None:
        self._store = store
        self._whole = whole
        self._own: dict[Node, tuple[ox.Triple, ...]] = {}
        self._pointing: dict[tuple[Node, ox.NamedNode], tuple[ox.Triple, ...]] = {}

    def own(self, node: Node) -> tuple[ox.Triple, ...]:
        """Give the triples whose subject a node is."""
        if not isinstance(node, ox.NamedNode | ox.BlankNode):
            return ()
        found = self._own.get(node)
        if found is None:
            found = tuple(q.triple for q in self._store.quads_for_pattern(node, None, None))
            self._own[node] = found
        return found

    def pointing(self, node: Node, predicate: ox.NamedNode) -> tuple[ox.Triple, ...]:
        """Give the triples of a predicate whose value a node is."""
        found = self._pointing.get((node, predicate))
        if found is None:
            quads = self._store.quads_for_pattern(None, predicate, node)
            found = tuple(quad.triple for quad in quads)
            self._pointing[node, predicate] = found
        return found

    def around(self, nodes: Iterable[Node], ways: _Ways, depth: int) -> set[Node]:
        """Give what is come to from nodes in at most ``depth`` steps, the nodes themselves too."""
        return set().union(*self.levels(set(nodes), ways, depth))

    def levels(self, nodes: set[Node], ways: _Ways, depth: int) -> list[set[Node]]:
        """Give nodes, what is one step away from them, two steps, and so on to ``depth``."""
        found = [nodes]
        seen = set(nodes)
        for _ in range(depth):
            found.append(self.moves(found[-1], ways) - seen)
            seen |= found[-1]
        return found

    def moves(self, nodes: Iterable[Node], ways: _Ways) -> set[Node]:
        """Give the nodes one step away from any of some nodes."""
        found: set[Node] = set()
        few = len(ways.against) <= _FEW
        for node in nodes:
            found.update(self._values(node, ways.along))
            if few:
                for predicate in ways.against:
                    found.update(triple.subject for triple in self.pointing(node, predicate))
            else:
                quads = self._store.quads_for_pattern(None, None, node)
                found.update(quad.subject for quad in quads if quad.predicate in ways.against)
        return found

    def _values(self, node: Node, predicates: frozenset[ox.NamedNode]) -> Iterator[Node]:
        if self._whole or len(predicates) > _FEW:
            yield from (t.object for t in self.own(node) if t.predicate in predicates)
        elif isinstance(node, ox.NamedNode | ox.BlankNode):
            for predicate in predicates:
                for quad in self._store.quads_for_pattern(node, predicate, None):
                    yield quad.object


@lru_cache(maxsize=16)
def _split(steps: frozenset[str]) -> _Ways:
    return _Ways(
        _nodes(frozenset(s for s in steps if not s.startswith(INVERSE))),
        _nodes(frozenset(s[len(INVERSE) :] for s in steps if s.startswith(INVERSE))),
    )


@lru_cache(maxsize=16)
def _nodes(iris: frozenset[str]) -> frozenset[ox.NamedNode]:
    return frozenset(ox.NamedNode(iri) for iri in iris)
