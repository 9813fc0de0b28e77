"""What a validation will cost, estimated before it begins, by trying some of the focus nodes.

Shapes inside shapes and paths without end ask for the square, the cube or more of the data where
its nodes refer to each other. Of each set of nodes a few are followed and stand for the others, as
in D. E. Knuth, "Estimating the efficiency of backtrack programs", Mathematics of Computation 29
(1975). The same files give the same estimate.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from dpc_kg.base.errors import NotSupported
from dpc_kg.base.vocab import RDF, RDF_TYPE, SH
from dpc_kg.validate.focus import below, subclasses
from dpc_kg.validate.pathwalk import Links, Nodes, Walk
from dpc_kg.validate.shapesgraph import (
    LIST_VALUED,
    SHAPE_VALUED,
    ShapesGraph,
    Term,
    shape_name,
    term_of,
)

FOCUS_NODES, VALUES = 24, 3
"""How many nodes are tried for a target, and how many values for a path."""

EDGES = 1_000_000
"""How many statements are passed over in trying, at most about; then the rest is not tried."""

_ENDLESS = (SH + "zeroOrMorePath", SH + "oneOrMorePath")


@dataclass(frozen=True)
class Cost:
    """Shapes tried on nodes, statements that paths pass over, and these times their rounds."""

    checks: float = 0
    edges: float = 0
    rounds: float = 0

    def __add__(self, other: "Cost") -> "Cost":
        """Give the cost of both."""
        return Cost(
            self.checks + other.checks, self.edges + other.edges, self.rounds + other.rounds
        )

    def __mul__(self, times: float) -> "Cost":
        """Give the cost of doing it some times."""
        return Cost(self.checks * times, self.edges * times, self.rounds * times)


@dataclass(frozen=True)
class Rates:
    """Seconds that an engine needs for each part of a cost, and bytes it keeps for each edge.

    Where nothing else is asked for, what needs more than ``seconds_given`` is not begun.
    """

    check: float
    edge: float
    round: float
    seconds_given: int
    kept: float = 0

    def seconds(self, cost: Cost) -> float:
        """Give the processor time of a cost."""
        return cost.checks * self.check + cost.edges * self.edge + cost.rounds * self.round


@dataclass(frozen=True)
class Limits:
    """What a validation is given: bytes of memory; seconds of processor time if they are set."""

    memory: int
    seconds: int | None = None


def check_cost(
    triples: Sequence[ox.Triple], shapes: ShapesGraph, rates: Rates, limits: Limits
) -> None:
    """Refuse what takes more processor time or memory than there is.

    Raises:
        NotSupported: it does; with the shape that takes most.
    """
    if not is_steep(shapes):
        return
    costs = estimate(triples, shapes)
    total = sum(costs.values(), Cost())
    seconds = limits.seconds or rates.seconds_given
    needed, kept = rates.seconds(total), total.edges * rates.kept
    if needed <= seconds and kept <= limits.memory:
        return
    worst = max(costs, key=lambda shape: rates.seconds(costs[shape]))
    what = f"{_rounded(needed)} s of processor time" if needed > seconds else "too much memory"
    raise NotSupported(
        f"To validate this would take about {what}: paths or shapes inside shapes lead from each "
        "node to very many others.",
        file=shapes.file,
        term=shape_name(worst),
        advice="Shorten the paths, or split the data; more time is given by --seconds."
        if needed > seconds
        else "Shorten the paths, or split the data.",
    )


def _rounded(number: float) -> str:
    return f"{float(f'{number:.1g}'):,.0f}" if number < 1e9 else f"{number:.0e}"


def is_steep(shapes: ShapesGraph) -> bool:
    """Tell whether shapes can ask for more than a number of times the data."""
    if any(shapes.subjects(name) for name in (*_ENDLESS, *LIST_VALUED)):
        return True
    if any(shapes.subjects(name) for name in SHAPE_VALUED - {SH + "property"}):
        return True
    paths = (path for each in shapes.subjects(SH + "path") for path in _paths(shapes, each))
    inner = (each for each in shapes.subjects(SH + "property") if _paths(shapes, each))
    return any(shapes.objects(path, RDF + "first") for path in paths) or any(True for _ in inner)


def _paths(shapes: ShapesGraph, shape: Term) -> list[Term]:
    return shapes.objects(shape, SH + "path")


def estimate(triples: Sequence[ox.Triple], shapes: ShapesGraph) -> dict[Term, Cost]:
    """Give about what each shape with targets costs."""
    probe = _Probe(shapes, Links(triples, _predicates(shapes)))
    return {shape: probe.of(shape, nodes) for shape, nodes in _targets(triples, shapes)}


def _predicates(shapes: ShapesGraph) -> frozenset[str]:
    """Give all predicates that paths may go over."""
    seen: set[Term] = set()
    pending = [path for each in shapes.subjects(SH + "path") for path in _paths(shapes, each)]
    while pending:
        term = pending.pop()
        if term not in seen:
            seen.add(term)
            inside = () if isinstance(term, ox.NamedNode) else shapes.predicates(term)
            pending += [value for name in inside for value in shapes.objects(term, name)]
    return frozenset(term.value for term in seen if isinstance(term, ox.NamedNode))


class _Probe:
    """Tries shapes on nodes; what is known of a shape and a node is not tried again."""

    def __init__(self, shapes: ShapesGraph, links: Links) -> None:
        self._shapes = shapes
        self._walk = Walk(shapes, links)
        self._known: dict[tuple[Term, Term], Cost] = {}
        self._left = EDGES

    def of(self, shape: Term, nodes: list[Term]) -> Cost:
        """Give the cost of a shape on all its focus nodes."""
        return self._mean(shape, nodes, FOCUS_NODES) * len(nodes)

    def _mean(self, shape: Term, nodes: Sequence[Term], most: int) -> Cost:
        tried = Cost()
        number = 0
        for node in _spread(nodes, most):
            tried += self._on(shape, node)
            number += 1
            if self._left < 0:
                break
        return tried * (1 / number) if number else tried

    def _on(self, shape: Term, node: Term) -> Cost:
        key = (shape, node)
        if key not in self._known:
            self._known[key] = Cost(1)  # a shape that refers to itself ends here
            self._known[key] = Cost(1) + self._inside(shape, node)
        return self._known[key]

    def _inside(self, shape: Term, node: Term) -> Cost:
        cost, values = Cost(), [node]
        for path in _paths(self._shapes, shape)[:1]:
            found = self._walk.values(path, node)
            self._left -= found.edges
            cost, values = Cost(0, found.edges, found.rounds), found.nodes
        nested = sum((self._mean(each, values, VALUES) for each in self._nested(shape)), Cost())
        return cost + Cost(len(values)) + nested * len(values)

    def _nested(self, shape: Term) -> Iterator[Term]:
        for name in sorted(SHAPE_VALUED):
            yield from self._shapes.objects(shape, name)
        for name in sorted(LIST_VALUED):
            for head in self._shapes.objects(shape, name):
                yield from self._shapes.members(head)


def _spread(nodes: Sequence[Term], most: int) -> Iterator[Term]:
    """Give some of many, from the first to the last."""
    number = min(most, len(nodes))
    return (nodes[place * len(nodes) // number] for place in range(number))


def _targets(
    triples: Sequence[ox.Triple], shapes: ShapesGraph
) -> Iterator[tuple[Term, list[Term]]]:
    """Give each shape with targets and the nodes these choose; SPARQL targets left out."""
    pairs, implicit = subclasses(triples), set(shapes.class_shapes())
    chosen = _chosen(triples, shapes, below(_asked(shapes, "targetClass"), pairs))
    wider: dict[str, frozenset[str]] = {}
    for shape in shapes.target_shapes():
        found = dict.fromkeys(shapes.objects(shape, SH + "targetNode"))
        asked = shapes.iris(shape, SH + "targetClass")
        for cls in sorted(asked | {shape.value} if shape in implicit else asked):
            if cls not in wider:
                wider[cls] = below([cls], pairs)
            for each in sorted(wider[cls]):
                found.update(chosen.get(("a", each), {}))
        for kind in ("targetSubjectsOf", "targetObjectsOf"):
            for predicate in shapes.objects(shape, SH + kind):
                found.update(chosen.get((kind, predicate.value), {}))
        yield shape, list(found)


def _chosen(
    triples: Iterable[ox.Triple], shapes: ShapesGraph, classes: frozenset[str]
) -> dict[tuple[str, str], Nodes]:
    """Give the nodes by what a target may choose them for: class, or predicate and its side."""
    bearing, borne = _asked(shapes, "targetSubjectsOf"), _asked(shapes, "targetObjectsOf")
    found: dict[tuple[str, str], Nodes] = {}
    for triple in triples:
        predicate, value = triple.predicate.value, triple.object
        if predicate == RDF_TYPE and isinstance(value, ox.NamedNode) and value.value in classes:
            found.setdefault(("a", value.value), {})[term_of(triple.subject)] = None
        if predicate in bearing:
            key = ("targetSubjectsOf", predicate)
            found.setdefault(key, {})[term_of(triple.subject)] = None
        if predicate in borne:
            found.setdefault(("targetObjectsOf", predicate), {})[term_of(value)] = None
    return found


def _asked(shapes: ShapesGraph, kind: str) -> set[str]:
    return {value.value for value in shapes.target_values(kind)}
