"""How far from ``$this`` the query of an ``sh:sparql`` constraint reads."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

_THIS = "this"
INVERSE = "^"
"""Before a predicate that leads from a value to its subject."""
_ENCLOSED = {
    "Graph": "names a graph",
    "ServiceGraphPattern": "asks another endpoint",
    "Minus": "uses MINUS",
}
_NOT_NEAR = {"ToMultiSet": "has a subquery or values", "AggregateJoin": "aggregates"}
_WRAPPERS = frozenset(
    ("SelectQuery", "Project", "Distinct", "Reduced", "OrderBy", "Slice", "Group", "AggregateJoin")
)
_SCOPED = frozenset(("Union", "LeftJoin", "Filter", "Extend"))


@dataclass(frozen=True)
class Reach:
    """What a query reads, by steps from ``$this``: predicates, with ``^`` where against the arrow.

    ``followed``: steps to nodes whose triples are read; ``incoming``: predicates whose triples are
    read from their values; ``depth``: steps to the furthest node that is read. ``reason``: why a
    piece would not do; ``far``: why no neighbourhood would.
    """

    followed: frozenset[str] = frozenset()
    incoming: frozenset[str] = frozenset()
    depth: int = 0
    reason: str | None = None
    far: str | None = None

    @property
    def deep(self) -> bool:
        """Whether something is read two steps away or further."""
        return self.depth > 1


class _Far(Exception):
    """No neighbourhood of ``$this`` holds all that a query reads; the message says why."""


class _Hanging(_Far):
    """A pattern hangs on nothing that was come to so far."""


@dataclass
class _Arrival:
    """How a variable is come to: the steps that lead to it, and the fewest steps from ``$this``."""

    steps: set[str]
    distance: int


_Arrivals = dict[Any, _Arrival]


def reach(select: str, prefixes: Mapping[str, str]) -> Reach:
    """Derive what a SELECT query with ``$this`` bound reads (SHACL 1.0, section 5.2).

    Every pattern must hang on ``$this``; for pieces by forward predicates.
    """
    from rdflib import Variable
    from rdflib.plugins.sparql.algebra import translateQuery

    try:
        algebra = translateQuery(parsed(select, prefixes)).algebra
    except Exception:  # of a query that is not there too: it raises whatever it meets
        return Reach(reason="cannot be read", far="cannot be read")
    walk = _Walk()
    try:
        this = {Variable(_THIS): _Arrival(set(), 0)}
        walk.scope(algebra, this, this)
    except _Far as e:
        return Reach(reason=str(e), far=str(e))
    names = [getattr(found, "name", "") for found in parts(algebra)]
    reasons = [_NOT_NEAR[name] for name in names if name in _NOT_NEAR]
    if walk.incoming:
        reasons.append("reads what refers to a node")
    return Reach(
        frozenset(walk.followed),
        frozenset(walk.incoming),
        walk.depth,
        reasons[0] if reasons else None,
    )


def parsed(text: str, prefixes: Mapping[str, str]) -> Any:
    """Give the syntax tree of a query; None where it cannot be read."""
    from rdflib.plugins.sparql.parser import parseQuery

    try:
        return parseQuery(head(prefixes) + text)
    except Exception:  # the parser raises whatever its grammar actions do
        return None


def head(prefixes: Mapping[str, str]) -> str:
    """Give the lines before a query that declare prefixes."""
    return "".join(f"PREFIX {name}: <{space}>\n" for name, space in prefixes.items())


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


@dataclass
class _Walk:
    """One walk over the algebra of a query."""

    followed: set[str] = field(default_factory=set)
    incoming: set[str] = field(default_factory=set)
    depth: int = 0

    def scope(self, part: Any, base: _Arrivals, given: _Arrivals) -> _Arrivals:
        """Give how the variables are come to that a pattern surely binds, and those of ``base``.

        Those of ``given`` have their value put in everywhere: ``$this``, in an EXISTS all of it.

        Raises:
            _Far: some of its patterns hangs on nothing in it or in ``base``.
        """
        arrivals = {name: _Arrival(set(a.steps), a.distance) for name, a in base.items()}
        steps: list[_Step] = []
        waiting: list[Any] = []
        self._gather(part, steps, waiting)
        while steps or waiting:
            before = len(steps) + len(waiting)
            steps = [step for step in steps if not self._step(step, arrivals)]
            if len(steps) + len(waiting) == before:
                waiting = [one for one in waiting if not self._scoped(one, arrivals, given)]
            if len(steps) + len(waiting) == before:
                raise _Hanging("has a pattern that does not start at $this")
        return arrivals

    def _gather(self, part: Any, steps: "list[_Step]", waiting: list[Any]) -> None:
        """Take apart what is joined; what has a scope of its own waits as a list of branches."""
        name = part.name
        if name in _ENCLOSED:
            raise _Far(_ENCLOSED[name])
        if name == "BGP":
            steps += [step for triple in part.triples for step in _split(triple)]
        elif name == "Join":
            self._gather(part.p1, steps, waiting)
            self._gather(part.p2, steps, waiting)
        elif name in _WRAPPERS:
            self._gather(part.p, steps, waiting)
        elif name in _SCOPED or (name == "ToMultiSet" and dict.get(part, "p") is not None):
            waiting.append(part)
        else:
            raise _Far("has values of its own")

    def _step(self, step: "_Step", arrivals: _Arrivals) -> bool:
        """Take a step that hangs on what was come to; tell whether it did."""
        subject, predicate, value = step
        if predicate is None:
            raise _Far("has an inverse or unbounded path")
        if subject in arrivals:
            self._read(arrivals[subject])
            _arrive(arrivals, value, predicate, arrivals[subject].distance + 1)
            return True
        if value not in arrivals:
            return False
        if not predicate:
            raise _Far("follows a variable predicate")
        self._read(arrivals[value])
        self.incoming.add(predicate)
        _arrive(arrivals, subject, INVERSE + predicate, arrivals[value].distance + 1)
        return True

    def _read(self, arrival: _Arrival) -> None:
        if "" in arrival.steps:
            raise _Far("follows a variable predicate")
        self.followed |= arrival.steps
        self.depth = max(self.depth, arrival.distance)

    def _scoped(self, part: Any, arrivals: _Arrivals, given: _Arrivals) -> bool:
        """Walk a part with a scope of its own; tell whether its patterns hung on something.

        What can add rows by finding nothing knows of what is around it only what is given: such
        rows would be joined with others.
        """
        try:
            if part.name == "Union":
                branches = (self.scope(p, arrivals, given) for p in (part.p1, part.p2))
                found = _either(*branches)
            else:
                optional = part.name == "LeftJoin"
                found = self.scope(part.p1 if optional else part.p, given, given)
                if optional:
                    self.scope(part.p2, found, given)
                self._tests(part, found)
        except _Hanging:
            return False
        for name, arrival in found.items():
            known = arrivals.setdefault(name, arrival)
            known.steps |= arrival.steps
        return True

    def _tests(self, part: Any, arrivals: _Arrivals) -> None:
        """Walk the patterns of EXISTS in a filter or an assignment."""
        for test in parts(dict.get(part, "expr")):
            if test.name in ("Builtin_EXISTS", "Builtin_NOTEXISTS"):
                self.scope(test.graph, arrivals, arrivals)


def _either(one: _Arrivals, other: _Arrivals) -> _Arrivals:
    """Give what both branches of a union bind."""
    return {
        name: _Arrival(a.steps | other[name].steps, max(a.distance, other[name].distance))
        for name, a in one.items()
        if name in other
    }


def _arrive(arrivals: _Arrivals, term: Any, step: str, distance: int) -> None:
    from rdflib import BNode, Variable

    if isinstance(term, Variable | BNode):
        arrivals.setdefault(term, _Arrival(set(), distance)).steps.add(step)


_Step = tuple[Any, str | None, Any]
"""A pattern of one predicate; ``""`` for a variable predicate, None for a harder path."""


def _split(triple: Any) -> list[_Step]:
    from rdflib import BNode, Variable
    from rdflib.paths import SequencePath

    subject, predicate, value = triple
    if isinstance(predicate, Variable):
        return [(subject, "", value)]
    members = predicate.args if isinstance(predicate, SequencePath) else [predicate]
    nodes = [subject, *(BNode() for _ in members[1:]), value]
    return [_single(nodes[i], path, nodes[i + 1]) for i, path in enumerate(members)]


def _single(subject: Any, path: Any, value: Any) -> _Step:
    from rdflib import URIRef
    from rdflib.paths import InvPath

    if isinstance(path, URIRef):
        return (subject, str(path), value)
    if isinstance(path, InvPath) and isinstance(path.arg, URIRef):
        return (value, str(path.arg), subject)
    return (subject, None, value)
