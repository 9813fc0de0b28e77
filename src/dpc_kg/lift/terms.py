"""The SQL of terms and lines: a plan's views resolved to tables, its triples maps to N-Quads."""

from dataclasses import dataclass, field

import duckdb

from dpc_kg.base.vocab import RML, XSD
from dpc_kg.lift.functions import FUNCTIONS, Args, Made, quote
from dpc_kg.lift.plan import (
    Call,
    Const,
    Expression,
    Plan,
    PredicateObject,
    Ref,
    Template,
    TermMap,
    TriplesPlan,
    View,
    calls,
)
from dpc_kg.lift.rows import column, identifier, safe, view_table

_FORBIDDEN = r"[\x00-\x20<>\"{}|\\^`]"
_SCHEME = "^[A-Za-z][A-Za-z0-9+.-]*:"


@dataclass(frozen=True)
class Setting:
    """What a lift runs with: organisation, whether there is a coalition key, base IRI, graph."""

    org: str
    has_coalition_key: bool
    base: str
    graph: str | None


@dataclass
class Resolved:
    """A view whose calls have been computed: columns of value, fault rule and "no place" mark."""

    view: View
    table: str
    values: dict[Call, str] = field(default_factory=dict)
    rules: dict[Call, str] = field(default_factory=dict)
    unknowns: dict[Call, str] = field(default_factory=dict)


def record_table(source: str) -> str:
    """Give the name of the table of a source's live records."""
    return f"r_{safe(source)}"


def make(call: Call, setting: Setting, moments: dict[str, str] | None = None) -> Made:
    """Give the SQL of a call over the columns of its view (alias ``v``)."""
    sql: dict[str, str] = {}
    constants: dict[str, str] = {}
    for name, arg in call.args:
        if isinstance(arg, Const):
            constants[name] = arg.text
        sql[name] = raw_sql(arg, setting, moments)
    function = FUNCTIONS[call.function]
    given = Args(sql, constants, setting.org, setting.has_coalition_key, moments)
    return function.build(given)


def raw_sql(expression: Expression, setting: Setting, moments: dict[str, str] | None = None) -> str:
    """Give the SQL of an expression over a view (alias ``v``) that is not resolved yet."""
    if isinstance(expression, Ref):
        return f"v.{column(expression.field)}"
    if isinstance(expression, Const):
        return quote(expression.text)
    if isinstance(expression, Call):
        return f"({make(expression, setting, moments).value})"
    return _template(expression, "v", iri=False)


def resolve(
    con: duckdb.DuckDBPyConnection, plan: Plan, view: View, setting: Setting, *, kept: bool = False
) -> Resolved:
    """Make the table of a view's live rows with the results of every call its maps make.

    With ``kept`` only rows of records that are not withheld: counts over rows leave the others out.
    """
    resolved = Resolved(view, f"{'k' if kept else 't'}_{safe(view.name)}")
    left_out = " WHERE r._record IS NULL OR r._record NOT IN (SELECT record FROM dpc_withheld)"
    columns = []
    moments: dict[str, str] = {}
    for number, call in enumerate(_calls_of(plan, view)):
        made = make(call, setting, moments)
        resolved.values[call] = f"x{number}"
        columns.append(f"{made.value} AS x{number}")
        if made.rule is not None:
            resolved.rules[call] = f"e{number}"
            columns.append(f"{made.rule} AS e{number}")
        if made.unknown is not None:
            resolved.unknowns[call] = f"u{number}"
            columns.append(f"({made.unknown}) AS u{number}")
    body = "".join(f", {c}" for c in columns)
    once = "".join(f", {text} AS {name}" for text, name in moments.items())
    kind = "TABLE" if columns else "VIEW"
    con.execute(
        f"CREATE OR REPLACE {kind} {identifier(resolved.table)} AS SELECT v.*, r._record{body}"
        f" FROM (SELECT v.*{once} FROM {identifier(view_table(view))} v) v"
        f" JOIN {identifier(record_table(view.source))} r USING (_file, _row)"
        f"{left_out if kept else ''}"
    )
    return resolved


def counts_rows(resolved: Resolved) -> bool:
    """Tell whether a value of the view depends on its other rows."""
    return any(call.function == "occurrences" for call in resolved.values)


def _calls_of(plan: Plan, view: View) -> list[Call]:
    """Give the calls over a view, innermost first, once each."""
    found: list[Call] = []
    for triples in plan.maps:
        if triples.view != view.name:
            continue
        found += calls(triples.subject.expression)
        for pair in triples.pairs:
            found += calls(pair.predicate.expression)
            for graph in pair.graphs:
                found += calls(graph.expression)
            if pair.join is None:
                found += calls(pair.object.expression)
    return list(dict.fromkeys(found))


def _template(template: Template, alias: str, *, iri: bool) -> str:
    parts = []
    for part in template.parts:
        if isinstance(part, Const):
            parts.append(quote(part.text))
        else:
            cell = f"{alias}.{column(part.field)}"
            parts.append(f"dpc_iri_safe({cell})" if iri else cell)
    return " || ".join(parts) or "''"


def value_sql(expression: Expression, resolved: Resolved, alias: str, *, iri: bool) -> str:
    """Give the SQL of an expression over a resolved view."""
    if isinstance(expression, Ref):
        return f"{alias}.{column(expression.field)}"
    if isinstance(expression, Call):
        return f"{alias}.{resolved.values[expression]}"
    if isinstance(expression, Template):
        return _template(expression, alias, iri=iri)
    return quote(expression.text)


def term_sql(term: TermMap, resolved: Resolved, alias: str, setting: Setting) -> str:
    """Give the SQL of a term in N-Quads form; NULL where there is none."""
    expression = term.expression
    if term.kind == "term" and isinstance(expression, Const):
        return quote(expression.text)
    if term.kind == "iri":
        return _iri(expression, resolved, alias, setting)
    value = value_sql(expression, resolved, alias, iri=False)
    if term.kind == "blank":
        return f"'_:b' || hex({value})"
    datatype = term.datatype
    if datatype is None and isinstance(expression, Call):
        datatype = FUNCTIONS[expression.function].datatype
    if term.language:
        tail = f'"@{term.language}'
    elif datatype and datatype != XSD + "string":
        tail = f'"^^<{datatype}>'
    else:
        tail = '"'
    return f"'\"' || dpc_escape({value}) || {quote(tail)}"


def _iri(expression: Expression, resolved: Resolved, alias: str, setting: Setting) -> str:
    value = value_sql(expression, resolved, alias, iri=True)
    if isinstance(expression, Call):
        return f"'<' || {value} || '>'"
    first = expression.parts[0] if isinstance(expression, Template) and expression.parts else None
    if isinstance(first, Const) and ":" in first.text:
        return f"'<' || {value} || '>'"
    absolute = (
        f"CASE WHEN regexp_matches({value}, '{_SCHEME}') THEN {value}"
        f" ELSE {quote(setting.base)} || {value} END"
    )
    checked = f"CASE WHEN regexp_matches({value}, '{_FORBIDDEN}') THEN NULL ELSE {absolute} END"
    return f"'<' || {checked} || '>'"


def line_sql(
    triples: TriplesPlan, pair: PredicateObject, resolved: Resolved, setting: Setting
) -> list[str]:
    """Give the SQL of the lines of one predicate and object, one per graph."""
    subject = term_sql(triples.subject, resolved, "t", setting)
    predicate = term_sql(pair.predicate, resolved, "t", setting)
    item = term_sql(pair.object, resolved, "t", setting)
    body = f"{subject} || ' ' || {predicate} || ' ' || {item}"
    if setting.graph is not None:
        return [f"{body} || {quote(f' <{setting.graph}> .')}"]
    if not pair.graphs:
        return [f"{body} || ' .'"]
    return [f"{body} || {_graph(g, resolved, setting)}" for g in pair.graphs]


def _graph(graph: TermMap, resolved: Resolved, setting: Setting) -> str:
    if graph.expression == Const(f"<{RML}defaultGraph>"):
        return "' .'"
    return f"' ' || {term_sql(graph, resolved, 't', setting)} || ' .'"
