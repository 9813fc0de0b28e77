"""The frozen plan an RML document compiles to: Source, View, TriplesPlan.

The plan is the portable part (DESIGN section 5, Lift): the DuckDB back end reads it here, another
back end can read the same document (``planjson``) later.
"""

from dataclasses import dataclass, replace


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


@dataclass(frozen=True)
class RowNode:
    """The node of a row itself: a blank node map without an expression (RML-Core).

    ``owner`` is the triples map it stands in: each has nodes of its own.
    """

    owner: str


Expression = Ref | Const | Template | Call | RowNode


@dataclass(frozen=True)
class TermMap:
    """How a term is made: its expression, kind and tags.

    Kinds: ``iri`` ``uri`` ``unsafe`` (the IRI, URI, UnsafeIRI of RML-Core) ``literal`` ``blank``,
    and ``term``: the expression is a constant already in N-Quads form. ``datatype`` and
    ``language`` are constants; ``datatype_map`` and ``language_map`` make them of each row. There
    is no term where ``condition`` is not true (RML-FNML).
    """

    expression: Expression
    kind: str
    datatype: str | None = None
    language: str | None = None
    must_exist: str | None = None
    datatype_map: Expression | None = None
    language_map: Expression | None = None
    condition: Expression | None = None


@dataclass(frozen=True)
class Join:
    """Join conditions to the view of a parent triples map: (child, parent) expressions."""

    parent: str
    conditions: tuple[tuple[Expression, Expression], ...]


@dataclass(frozen=True)
class PredicateObject:
    """One predicate and one object of a triples map, with the graphs it goes to."""

    predicate: TermMap
    object: TermMap
    graphs: tuple[TermMap, ...] = ()
    join: Join | None = None


@dataclass(frozen=True)
class TriplesPlan:
    """One triples map. ``shared`` subjects stand for themselves, not for the row's record.

    ``base`` is its own base IRI (``rml:baseIRI``), if any.
    """

    name: str
    view: str
    subject: TermMap
    pairs: tuple[PredicateObject, ...]
    shared: bool = False
    base: str | None = None


NOWHERE = "$['']"
"""The reference of a field that is not read: a member without a name, which no document has."""


@dataclass(frozen=True)
class Iterable:
    """A nested iteration: over ``path`` of its owner, or over a text that a ``cell`` holds.

    ``formulation`` says how such a text is read (JSONPath, CSV, XPath, or Split: by ``path``, the
    separator); without one it is a JSON or Ruby literal.
    """

    name: str
    path: str
    cell: str | None = None
    formulation: str | None = None


@dataclass(frozen=True)
class ViewJoin:
    """A join of a view to another (RML-LV): (child, parent) conditions, fields of the parent."""

    parent: str
    inner: bool
    conditions: tuple[tuple[Expression, Expression], ...]
    fields: tuple[tuple[str, Expression], ...]


@dataclass(frozen=True)
class View:
    """Rows of a source, or of the view it stands on.

    ``fields`` maps a field name to its reference; a name ``item.x`` belongs to iterable ``item``,
    and ``x.#`` is the place of ``x`` in its sequence. ``computed`` fields are made of others.
    ``naturals`` are the fields whose natural datatype is kept beside the text, ``indexes`` the
    places (``x.#``) that are taken over from other views.
    """

    name: str
    source: str
    fields: tuple[tuple[str, str], ...]
    iterables: tuple[Iterable, ...] = ()
    computed: tuple[tuple[str, Expression], ...] = ()
    joins: tuple[ViewJoin, ...] = ()
    on: str | None = None
    naturals: tuple[str, ...] = ()
    indexes: tuple[str, ...] = ()

    @property
    def made_of(self) -> tuple[str, ...]:
        """The names of the other views whose rows it is made of."""
        return (*((self.on,) if self.on else ()), *(j.parent for j in self.joins))

    @property
    def is_derived(self) -> bool:
        """Whether it is made of other views' rows too."""
        return bool(self.on or self.joins or self.computed)


@dataclass(frozen=True)
class Source:
    """A logical source: the file it names, its formulation (CSV, JSONPath, XPath) and iterator.

    An ``optional`` one may be left out of a lift, and all that is made of it with it. The rest says
    how it is written, where that is declared: ``nulls`` the texts that stand for no value (None
    leaves that to the lift), ``options`` the names and values of a CSVW dialect, ``table`` a sheet
    or a table of a database, ``query`` an SQL query in its place. A path is relative to ``root``:
    the mapping's folder, the working folder, or one that is named. ``reads`` are the fields that a
    query reads without giving them (``dpcf:readsField``).
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
    namespaces: tuple[tuple[str, str], ...] = ()
    root: str = "mapping"
    reads: tuple[str, ...] = ()

    @property
    def given(self) -> str:
        """The name under which the user gives the file: several queries may be asked of one."""
        return self.name.partition("~")[0]


@dataclass(frozen=True)
class Plan:
    """A compiled RML document.

    One ``of_old`` is in the language of before 2023: there a reference that no record has is an
    error of the mapping, and a cell without a valid term is left out.
    """

    sources: tuple[Source, ...]
    views: tuple[View, ...]
    maps: tuple[TriplesPlan, ...]
    of_old: bool = False

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
    views = _whole(tuple(v for v in plan.views if v.source in kept))
    names = {v.name for v in views}
    maps = [m for m in plan.maps if m.view in names]
    there = {m.name for m in maps}
    return replace(
        plan,
        sources=tuple(s for s in plan.sources if s.name in kept),
        views=views,
        maps=tuple(replace(m, pairs=_tied(m.pairs, there)) for m in maps),
    )


def _whole(views: tuple[View, ...]) -> tuple[View, ...]:
    """Give the views that all other views they are made of are there for."""
    names = {v.name for v in views}
    kept = tuple(v for v in views if names.issuperset(v.made_of))
    return kept if len(kept) == len(views) else _whole(kept)


def _tied(pairs: tuple[PredicateObject, ...], there: set[str]) -> tuple[PredicateObject, ...]:
    kept = [p for p in pairs if p.join is None or p.join.parent in there]
    return tuple(
        replace(p, object=replace(p.object, must_exist=None))
        if p.object.must_exist is not None and p.object.must_exist not in there
        else p
        for p in kept
    )


def references(expression: Expression | None) -> list[str]:
    """Give the fields an expression reads, in order, once each."""
    if isinstance(expression, Ref):
        return [expression.field]
    if isinstance(expression, Template):
        return list(dict.fromkeys(p.field for p in expression.parts if isinstance(p, Ref)))
    if isinstance(expression, Call):
        found = [f for _, arg in expression.args for f in references(arg)]
        return list(dict.fromkeys(found))
    return []


def calls(expression: Expression | None) -> list[Call]:
    """Give the calls inside an expression, innermost first."""
    if not isinstance(expression, Call):
        return []
    inner = [c for _, arg in expression.args for c in calls(arg)]
    return [*inner, expression]


def expressions(term: TermMap) -> list[Expression]:
    """Give every expression of a term map: its own, of its tags, of its condition."""
    found = (term.expression, term.datatype_map, term.language_map, term.condition)
    return [e for e in found if e is not None]


def terms(triples: TriplesPlan, *, joined: bool = False) -> list[TermMap]:
    """Give the term maps a triples map makes of its own view's rows.

    The object of a join is made of the parent's rows: it is given only with ``joined``.
    """
    found = [triples.subject]
    for pair in triples.pairs:
        found += [pair.predicate, *pair.graphs]
        if pair.join is None or joined:
            found.append(pair.object)
    return found
