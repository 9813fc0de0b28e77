"""Validate what a change of some records can have changed, in a store that holds all records.

The triples that the shapes can read about the affected nodes are taken out of the store and
validated alone: the cost follows the change, not the store.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from dpc_kg.base.assets import ontology_files
from dpc_kg.base.errors import NotSupported
from dpc_kg.validate.engines import (
    Engine,
    choose,
    class_hierarchy,
    compiled_shapes,
    graph_of,
    serialized,
)
from dpc_kg.validate.focus import SUBCLASS
from dpc_kg.validate.locality import Locality, locality
from dpc_kg.validate.neighbourhood import Node, affected, neighbourhood
from dpc_kg.validate.quadlines import NotCuttable
from dpc_kg.validate.results import Result, bare, distinct
from dpc_kg.validate.setqueries import split
from dpc_kg.validate.setrun import quads_of, run_store
from dpc_kg.validate.shapesgraph import ShapesGraph

_ADVICE = "Validate all data, with validate_quads."
_SUBCLASS = ox.NamedNode(SUBCLASS)


@dataclass(frozen=True)
class Revalidated:
    """The results after a change about every node whose verdict it can have changed.

    ``nodes`` are these nodes, in the form of :class:`Result`; of all others the earlier results
    still hold.
    """

    nodes: frozenset[str]
    results: tuple[Result, ...]
    triples: int

    def merged(self, earlier: Iterable[Result]) -> tuple[Result, ...]:
        """Give the results of the whole store from those before the change."""
        kept = (result for result in earlier if result.focus not in self.nodes)
        return distinct([*kept, *self.results])


def touched(
    store: ox.Store,
    changed: Iterable[str],
    *,
    profile: str = "full",
    shapes: Sequence[Path] | ShapesGraph | None = None,
) -> frozenset[Node]:
    """Give the nodes whose verdict hangs on the triples of some nodes, as the store is now.

    Asked before a change, it gives what ``revalidate`` must look at besides what it finds itself.

    Raises:
        NotSupported: the shapes, or a change of the class hierarchy, may concern any node.
        DpcError: there is no such profile.
    """
    return _touched(store, changed, _reads(graph_of(shapes, profile)))


def revalidate(
    store: ox.Store,
    changed: Iterable[str],
    *,
    before: frozenset[Node] = frozenset(),
    profile: str = "full",
    engine: str = "auto",
    shapes: Sequence[Path] | ShapesGraph | None = None,
) -> Revalidated:
    """Validate what a change of some nodes can have changed, in the union of all graphs.

    Args:
        store: the store after the change.
        changed: the IRIs of the nodes some of whose own triples were added or removed.
        before: what :func:`touched` gave for them before the change; needed unless nodes were
            only added, with what refers to them.
        profile: the profile whose shapes are used where none are given.
        engine: as for ``validate_quads``.
        shapes: shapes files, or a shapes graph.

    Raises:
        NotSupported: the shapes may concern any node, or there are blank nodes around.
        DpcError: there is no such profile or engine.
    """
    graph = graph_of(shapes, profile)
    reads = _reads(graph)
    nodes = before | _touched(store, changed, reads)
    around = neighbourhood(store, nodes, reads)
    _refuse_blank(around)
    names = frozenset(bare(str(node)) for node in nodes)
    stated = {quad.triple for quad in store.quads_for_pattern(None, _SUBCLASS, None)}
    data = (*around, *stated.difference(around), *class_hierarchy(tuple(ontology_files())))
    found = _validated(data, graph, choose(engine))
    return Revalidated(names, distinct(r for r in found if r.focus in names), len(around))


def _refuse_blank(triples: tuple[ox.Triple, ...]) -> None:
    # the text is looked through first: that is many times faster than to ask every term
    if b"_:" not in serialized(triples):
        return
    if any(isinstance(term, ox.BlankNode) for t in triples for term in (t.subject, t.object)):
        raise NotSupported("Blank nodes cannot be told apart between runs.", advice=_ADVICE)


def _validated(data: tuple[ox.Triple, ...], graph: ShapesGraph, engine: Engine) -> list[Result]:
    """Validate triples that a store gave: it writes no literal of them in another form."""
    text = serialized(data)
    parted = split(graph)
    if parted.queries:
        store = ox.Store()
        store.extend(quads_of(data))
        try:
            far = list(run_store(store, parted.queries))
        except NotCuttable:
            return compiled_shapes(engine, graph).validate(text)
        return [*compiled_shapes(engine, parted.rest).validate(text), *far]
    return compiled_shapes(engine, graph).validate(text)


def _reads(graph: ShapesGraph) -> Locality:
    reads = locality(graph)
    if reads.far:
        raise NotSupported(
            f"These shapes may concern any node: {reads.far[0]}.", file=graph.file, advice=_ADVICE
        )
    return reads


def _touched(store: ox.Store, changed: Iterable[str], reads: Locality) -> frozenset[Node]:
    nodes = [ox.NamedNode(iri) for iri in changed]
    for node in nodes:
        if any(True for _ in store.quads_for_pattern(node, _SUBCLASS, None)):
            raise NotSupported("A change of the class hierarchy concerns any node.", advice=_ADVICE)
    return affected(store, nodes, reads)
