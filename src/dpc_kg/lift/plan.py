"""The frozen plan an RML document compiles to: Source, View, TriplesPlan; serialisable as JSON.

The plan is the portable part (DESIGN section 5, Lift): the DuckDB back end reads it here, another
back end can read the same document later.
"""

import dataclasses
from dataclasses import dataclass, field, replace
from typing import Any


@dataclass(frozen=True)
class Ref:
    """A reference to a field of the view."""

    field: str


@dataclass(frozen=True)
class Const:
    """A constant text."""

    text: str


@dataclass(frozen=True)
class Template:
    """A template: constant parts and references in turn (RML-Core, template-valued)."""

    parts: tuple["Const | Ref", ...]


@dataclass(frozen=True)
class Call:
    """The execution of a whitelisted function (RML-FNML); arguments in parameter order."""

    function: str
    args: tuple[tuple[str, "Expression"], ...]

    def arg(self, name: str) -> "Expression | None":
        """Give the argument of that parameter, if there."""
        return dict(self.args).get(name)


Expression = Ref | Const | Template | Call


@dataclass(frozen=True)
class TermMap:
    """How a term is made: its expression, kind (``iri``, ``literal``, ``blank``, ``term``) and tag.

    ``term`` means that the expression is a constant already in N-Quads form.
    """

    expression: Expression
    kind: str
    datatype: str | None = None
    language: str | None = None
    must_exist: str | None = None


@dataclass(frozen=True)
class Join:
    """Join conditions to the view of a parent triples map: (child field, parent field)."""

    parent: str
    conditions: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class PredicateObject:
    """One predicate and one object of a triples map, with the graphs it goes to."""

    predicate: TermMap
    object: TermMap
    graphs: tuple[TermMap, ...] = ()
    join: Join | None = None


@dataclass(frozen=True)
class TriplesPlan:
    """One triples map. ``shared`` subjects stand for themselves, not for the row's record."""

    name: str
    view: str
    subject: TermMap
    pairs: tuple[PredicateObject, ...]
    shared: bool = False


@dataclass(frozen=True)
class Iterable:
    """A nested iteration: over ``path`` of the record, or over a literal held in a cell."""

    name: str
    path: str
    cell: str | None = None


@dataclass(frozen=True)
class View:
    """Rows of a source: the record's own fields and those of at most one chain of iterables.

    ``fields`` maps a field name to its reference; a name ``item.x`` belongs to iterable ``item``.
    """

    name: str
    source: str
    fields: tuple[tuple[str, str], ...]
    iterables: tuple[Iterable, ...] = ()


@dataclass(frozen=True)
class Source:
    """A logical source: the file it names, its formulation (CSV, JSONPath, XPath) and iterator.

    An ``optional`` one may be left out of a lift, and all that is made of it with it. The rest says
    how it is written, where that is declared: ``nulls`` the texts that stand for no value (None:
    the blank cell alone), ``options`` the names and values of a CSVW dialect, ``table`` a sheet or
    a table of a database, ``query`` an SQL query in its place.
    """

    name: str
    path: str
    formulation: str
    iterator: str | None = None
    key: str | None = None
    version: str | None = None
    record_map: str | None = None
    optional: bool = False
    encoding: str | None = None
    compression: str | None = None
    nulls: tuple[str, ...] | None = None
    options: tuple[tuple[str, str], ...] = ()
    table: str | None = None
    query: str | None = None


@dataclass(frozen=True)
class Plan:
    """A compiled RML document."""

    sources: tuple[Source, ...]
    views: tuple[View, ...]
    maps: tuple[TriplesPlan, ...]
    base: str = field(default="http://example.com/base/")

    def source(self, name: str) -> Source:
        """Give the source of that name."""
        return next(s for s in self.sources if s.name == name)

    def view(self, name: str) -> View:
        """Give the view of that name."""
        return next(v for v in self.views if v.name == name)

    def triples(self, name: str) -> TriplesPlan:
        """Give the triples map of that name."""
        return next(m for m in self.maps if m.name == name)


def without_sources(plan: Plan, kept: set[str]) -> Plan:
    """Give the plan of the kept sources: without the views and maps of others, and ties to them."""
    views = tuple(v for v in plan.views if v.source in kept)
    names = {v.name for v in views}
    maps = [m for m in plan.maps if m.view in names]
    there = {m.name for m in maps}
    return replace(
        plan,
        sources=tuple(s for s in plan.sources if s.name in kept),
        views=views,
        maps=tuple(replace(m, pairs=_tied(m.pairs, there)) for m in maps),
    )


def _tied(pairs: tuple[PredicateObject, ...], there: set[str]) -> tuple[PredicateObject, ...]:
    kept = [p for p in pairs if p.join is None or p.join.parent in there]
    return tuple(
        replace(p, object=replace(p.object, must_exist=None))
        if p.object.must_exist is not None and p.object.must_exist not in there
        else p
        for p in kept
    )


def to_json(plan: Plan) -> dict[str, Any]:
    """Give the plan as a JSON document: every value tagged with its kind."""
    return {"version": 1, **_encode(plan)}


def _encode(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        body = {f.name: _encode(getattr(value, f.name)) for f in dataclasses.fields(value)}
        return {"kind_": type(value).__name__, **body}
    if isinstance(value, tuple):
        return [_encode(v) for v in value]
    return value


def references(expression: Expression) -> list[str]:
    """Give the fields an expression reads, in order, once each."""
    if isinstance(expression, Ref):
        return [expression.field]
    if isinstance(expression, Template):
        return list(dict.fromkeys(p.field for p in expression.parts if isinstance(p, Ref)))
    if isinstance(expression, Call):
        found = [f for _, arg in expression.args for f in references(arg)]
        return list(dict.fromkeys(found))
    return []


def calls(expression: Expression) -> list[Call]:
    """Give the calls inside an expression, innermost first."""
    if not isinstance(expression, Call):
        return []
    inner = [c for _, arg in expression.args for c in calls(arg)]
    return [*inner, expression]
