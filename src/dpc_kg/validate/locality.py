"""Which triples shapes read: whether data may be validated in pieces, and what a piece must carry.

A run over a piece is exact if every focus node in it finds all triples its shapes read. This is
derived from the shapes graph: paths, class tests, nested shapes and SPARQL patterns.
"""

from dataclasses import dataclass, field
from functools import lru_cache
from itertools import product

import pyoxigraph as ox

from dpc_kg.base.vocab import RDF, SH, local_name
from dpc_kg.validate.shapesgraph import ShapesGraph, Term
from dpc_kg.validate.sparqlreach import INVERSE, Reach, reach

_NODE_SHAPES = tuple(SH + name for name in ("node", "not", "qualifiedValueShape", "property"))
_SHAPE_LISTS = tuple(SH + name for name in ("and", "or", "xone"))
_NODE_TESTS = frozenset(SH + name for name in ("closed", "equals", "disjoint"))
_BEYOND_CORE = tuple(SH + name for name in ("target", "rule", "expression", "js", "values"))


@dataclass(frozen=True)
class Locality:
    """What the shapes read beyond a focus node's own triples.

    ``reasons``: why pieces would not do (empty: they do). ``far``: why no neighbourhood would.
    Targets: ``targets`` are classes, ``bearing`` predicates whose subjects are chosen, ``borne``
    predicates whose values are, ``named`` the nodes that shapes name.
    Steps are predicates, with ``^`` before them where they are taken from the value to the subject:
    ``followed`` lead to nodes whose own triples are read, ``typed`` to nodes whose classes are.
    ``incoming`` are the predicates that are read from their values.
    Depths are steps to the furthest node that is read at all, whose values' classes are read, and
    whose incoming triples are (-1: none are).
    """

    reasons: tuple[str, ...] = ()
    targets: frozenset[str] = frozenset()
    followed: frozenset[str] = frozenset()
    typed: frozenset[str] = frozenset()
    bearing: frozenset[str] = frozenset()
    incoming: frozenset[str] = frozenset()
    far: tuple[str, ...] = ()
    borne: frozenset[str] = frozenset()
    named: frozenset[str] = frozenset()
    depth: int = 0
    typed_depth: int = 0
    incoming_depth: int = -1

    @property
    def is_local(self) -> bool:
        """Whether data may be validated in pieces."""
        return not self.reasons


@lru_cache(maxsize=8)
def locality(shapes: ShapesGraph) -> Locality:
    """Derive what the shapes read."""
    walk = _Walk(shapes)
    for predicate in _BEYOND_CORE:
        if shapes.subjects(predicate):
            walk.cannot(f"sh:{local_name(predicate)} is used")
    if shapes.subjects(SH + "parameter"):
        walk.cannot("a constraint component of its own is declared")
    named = shapes.target_values("targetNode")
    if not all(isinstance(node, ox.NamedNode) for node in named):
        walk.reasons.add("sh:targetNode names what is no IRI")
    for shape in shapes.target_shapes():
        walk.shape(shape, (), ())
    return Locality(
        reasons=tuple(sorted(walk.reasons)),
        targets=_iris(shapes.target_values("targetClass")),
        followed=frozenset(walk.followed),
        typed=frozenset(walk.typed),
        bearing=_iris(shapes.target_values("targetSubjectsOf")),
        incoming=frozenset(walk.incoming),
        far=tuple(sorted(walk.far)),
        borne=_iris(shapes.target_values("targetObjectsOf")),
        named=_iris(named),
        depth=walk.depth,
        typed_depth=walk.typed_depth,
        incoming_depth=walk.incoming_depth,
    )


@dataclass
class _Walk:
    """One walk over all shapes; a prefix is the predicates that lead from the focus node here."""

    shapes: ShapesGraph
    reasons: set[str] = field(default_factory=set)
    followed: set[str] = field(default_factory=set)
    typed: set[str] = field(default_factory=set)
    incoming: set[str] = field(default_factory=set)
    depth: int = 0
    typed_depth: int = 0
    incoming_depth: int = -1
    far: set[str] = field(default_factory=set)

    def cannot(self, reason: str) -> None:
        """Note why neither a piece nor a neighbourhood would do."""
        self.reasons.add(reason)
        self.far.add(reason)

    def shape(self, shape: Term, prefix: tuple[str, ...], above: tuple[Term, ...]) -> None:
        """Note what a shape reads when it is tested at the end of a prefix."""
        if shape in above:
            self.cannot(f"the shape {_name(shape)} refers to itself")
            return
        paths = self.shapes.objects(shape, SH + "path")
        if not paths:
            self._tests(shape, prefix, (*above, shape))
            return
        self._reads(prefix)
        for steps in self._steps(paths[0], shape):
            self._passes(prefix, steps, shape)
            self._tests(shape, prefix + steps, (*above, shape))

    def _tests(self, shape: Term, prefix: tuple[str, ...], above: tuple[Term, ...]) -> None:
        tests = self.shapes.predicates(shape)
        if SH + "closed" in tests or (SH + "path" not in tests and tests & _NODE_TESTS):
            self._reads(prefix)
        if self.shapes.objects(shape, SH + "class") and prefix:
            self.typed.add(prefix[-1])
            self.typed_depth = max(self.typed_depth, len(prefix) - 1)
            self._reads(prefix[:-1])
        for constraint in self.shapes.objects(shape, SH + "sparql"):
            self._query(shape, constraint, prefix)
        for predicate in _NODE_SHAPES:
            for nested in self.shapes.objects(shape, predicate):
                self.shape(nested, prefix, above)
        for predicate in _SHAPE_LISTS:
            for head in self.shapes.objects(shape, predicate):
                for nested in self.shapes.members(head):
                    self.shape(nested, prefix, above)

    def _reads(self, prefix: tuple[str, ...]) -> None:
        """Note that the own triples of the node at the end of ``prefix`` are read."""
        self.followed.update(prefix)
        self.depth = max(self.depth, len(prefix))

    def _passes(self, prefix: tuple[str, ...], steps: tuple[str, ...], shape: Term) -> None:
        """Note what is read on the way from the end of ``prefix`` over ``steps``."""
        self._reads(prefix + steps[:-1])
        way = prefix + steps
        for place, step in enumerate(way):
            if not step.startswith(INVERSE):
                continue
            self.incoming.add(step[1:])
            self.incoming_depth = max(self.incoming_depth, place)
            if not all(before.startswith(INVERSE) for before in way[:place]):
                self.reasons.add(f"the path of {_name(shape)} turns back at a value")

    def _query(self, shape: Term, constraint: Term, prefix: tuple[str, ...]) -> None:
        self._reads(prefix)
        for text in self.shapes.objects(constraint, SH + "select"):
            found: Reach = reach(text.value, self.shapes.prefixes())
            if found.reason:
                self.reasons.add(f"the query of {_name(shape)} {found.reason}")
            if found.far:
                self.far.add(f"the query of {_name(shape)} {found.far}")
            self.followed |= found.followed
            self.incoming |= found.incoming
            self.depth = max(self.depth, len(prefix) + found.depth)
            if found.incoming:
                self.incoming_depth = max(self.incoming_depth, len(prefix) + found.depth)

    def _steps(self, path: Term, shape: Term) -> list[tuple[str, ...]]:
        """Give the sequences of steps a path stands for; none, with a reason, if unbounded."""
        if isinstance(path, ox.NamedNode):
            return [(path.value,)]
        if self.shapes.objects(path, RDF + "first"):
            parts = [self._steps(member, shape) for member in self.shapes.members(path)]
            return [sum(chosen, ()) for chosen in product(*parts)]
        for head in self.shapes.objects(path, SH + "alternativePath"):
            return [s for member in self.shapes.members(head) for s in self._steps(member, shape)]
        for inner in self.shapes.objects(path, SH + "inversePath"):
            return [_turned(steps) for steps in self._steps(inner, shape)]
        self.cannot(f"the path of {_name(shape)} is unbounded")
        return []


def _turned(steps: tuple[str, ...]) -> tuple[str, ...]:
    """Give steps the other way round."""
    back = (s[1:] if s.startswith(INVERSE) else INVERSE + s for s in reversed(steps))
    return tuple(back)


def _iris(terms: set[Term]) -> frozenset[str]:
    return frozenset(term.value for term in terms if isinstance(term, ox.NamedNode))


def _name(shape: Term) -> str:
    return local_name(shape.value)
