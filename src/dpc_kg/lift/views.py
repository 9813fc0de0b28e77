"""The tables of views: on tables as they are, derived from others, resolved with their calls."""

import duckdb

from dpc_kg.base.errors import MappingError
from dpc_kg.lift.fieldpaths import PLACE, slots
from dpc_kg.lift.functions import FUNCTIONS
from dpc_kg.lift.plan import (
    NOWHERE,
    Call,
    Expression,
    Plan,
    Ref,
    Source,
    View,
    ViewJoin,
    calls,
    expressions,
    terms,
)
from dpc_kg.lift.resolved import Resolved
from dpc_kg.lift.rows import (
    base_table,
    column,
    identifier,
    natural,
    rows_table,
    safe,
    view_table,
)
from dpc_kg.lift.stages import Stages
from dpc_kg.lift.terms import Setting, plain_sql


def record_table(source: str) -> str:
    """Give the name of the table of a source's live records."""
    return f"r_{safe(source)}"


def table_view(
    con: duckdb.DuckDBPyConnection, view: View, source: Source, first: int, *, typed: bool
) -> None:
    """Make a view without iterables over the table of its source; ``first`` is its first row."""
    references = dict(view.fields)
    cells = [f"{_cell(n, r, first)} AS {column(n)}" for n, r in view.fields]
    if typed:
        cells += [f"{natural(references.get(n, n))} AS {natural(n)}" for n in view.naturals]
    body = "".join(f", {c}" for c in cells)
    con.execute(
        f"CREATE VIEW {identifier(rows_table(view))} AS SELECT _file, _row,"
        f" NULL::VARCHAR AS _path{body} FROM {identifier(base_table(source))}"
    )


def _cell(name: str, reference: str, first: int) -> str:
    if name == "#":
        return f"(_row - {first})::VARCHAR"
    if reference == NOWHERE:
        return "NULL::VARCHAR"
    return "'0'" if name.endswith(".#") else column(reference)


def check_reached(con: duckdb.DuckDBPyConnection, plan: Plan) -> None:
    """Refuse a mapping whose reference no record has, where there are records.

    Raises:
        MappingError: names the reference and the view.
    """
    for view in plan.views:
        names = [n for n, _ in view.fields if not n.endswith("#")]
        if not names:
            continue
        counts = ", ".join(f"count({column(n)})" for n in names)
        table = identifier(view_table(view))
        row = con.execute(f"SELECT count(*), {counts} FROM {table}").fetchone()
        if row is None or not row[0]:
            continue
        for name, count in zip(names, row[1:], strict=True):
            if not count:
                raise MappingError(
                    f"No record has {name}.",
                    term=f"source {view.source}",
                    advice="Look for a misspelt reference.",
                )


def derive(con: duckdb.DuckDBPyConnection, plan: Plan, view: View, *, typed: set[str]) -> None:
    """Make a view of what it stands on, its joins and its computed fields (RML-LV).

    ``typed`` names the views that keep natural datatypes.
    """
    base = view_table(plan.view(view.on)) if view.on is not None else rows_table(view)
    aliases = [f"p{number}" for number, _ in enumerate(view.joins)]
    columns = ["a._file", "a._row", "a._path"]
    if view.on is None:
        columns += [f"a.{column(name)}" for name, _ in view.fields]
        kept = {n for n in view.naturals if n in dict(view.fields)}
        columns += [f"a.{natural(n)}" for n in sorted(kept) if view.name in typed]
    else:
        columns += [f"a.{column(n)}" for n in view.indexes]
    columns += _places(plan, view, aliases)
    columns += _made(view.computed, "a", view, view.on or view.name, typed)
    for join, alias in zip(view.joins, aliases, strict=True):
        columns += _made(join.fields, alias, view, join.parent, typed)
    tables = "".join(
        f" {'JOIN' if join.inner else 'LEFT JOIN'} {identifier(view_table(plan.view(join.parent)))}"
        f" {alias} ON {_on(join, alias)}"
        for join, alias in zip(view.joins, aliases, strict=True)
    )
    con.execute(
        f"CREATE VIEW {identifier(view_table(view))} AS SELECT {', '.join(columns)}"
        f" FROM {identifier(base)} a{tables}"
    )


def _places(plan: Plan, view: View, aliases: list[str]) -> list[str]:
    """Give the columns that say where the rows beside a view's own stand, for the way back."""
    found = []
    if view.on is not None:
        inner = slots(plan, plan.view(view.on))
        found += [f"a._{n}{q} AS _{n}_o{q}" for q in inner for n in PLACE]
    for number, (join, alias) in enumerate(zip(view.joins, aliases, strict=True)):
        inner = ["", *slots(plan, plan.view(join.parent))]
        found += [f"{alias}._{n}{q} AS _{n}_{number}{q}" for q in inner for n in PLACE]
    return found


def _made(
    fields: tuple[tuple[str, Expression], ...],
    alias: str,
    view: View,
    origin: str,
    typed: set[str],
) -> list[str]:
    out = []
    for name, expression in fields:
        out.append(f"{plain_sql(expression, alias)} AS {column(name)}")
        if name in view.naturals and view.name in typed:
            known = isinstance(expression, Ref) and origin in typed
            if known and isinstance(expression, Ref):
                out.append(f"{alias}.{natural(expression.field)} AS {natural(name)}")
            else:
                out.append(f"NULL::VARCHAR AS {natural(name)}")
        if isinstance(expression, Ref) and _indexed(view, name):
            out.append(f"{alias}.{column(f'{expression.field}.#')} AS {column(f'{name}.#')}")
    return out


def _indexed(view: View, name: str) -> bool:
    return view.on is None and f"{name}.#" in view.indexes


def _on(join: ViewJoin, alias: str) -> str:
    return " AND ".join(
        f"{plain_sql(child, 'a')} = {plain_sql(parent, alias)}" for child, parent in join.conditions
    )


def resolve(
    con: duckdb.DuckDBPyConnection,
    plan: Plan,
    view: View,
    setting: Setting,
    *,
    kept: bool = False,
    typed: bool = True,
) -> Resolved:
    """Make the table of a view's live rows with the results of every call its maps make.

    With ``kept`` only rows of records that are not withheld: counts over rows leave the others out.
    """
    source = plan.source(view.source)
    has_records = source.key is not None or source.record_map is not None
    resolved = Resolved(
        view,
        f"{'k' if kept else 't'}_{safe(view.name)}",
        has_records=has_records,
        keeps_naturals=typed,
    )
    stages = Stages(setting)
    for call in _calls_of(plan, view):
        found = stages.call(call)
        resolved.values[call] = found.value
        if found.rule is not None:
            resolved.rules[call] = found.rule
        if found.unknown is not None:
            resolved.unknowns[call] = found.unknown
    record = "r._record" if has_records else "NULL::VARCHAR AS _record"
    live = _live(view, kept=kept) if has_records else ""
    base = f"SELECT v.*, {record} FROM {identifier(view_table(view))} v{live}"
    kind = "TABLE" if stages.columns else "VIEW"
    con.execute(
        f"CREATE OR REPLACE {kind} {identifier(resolved.table)} AS"
        f" {stages.select(base, all_columns=False)}"
    )
    return resolved


def _live(view: View, *, kept: bool) -> str:
    left_out = " WHERE r._record IS NULL OR r._record NOT IN (SELECT record FROM dpc_withheld)"
    table = identifier(record_table(view.source))
    return f" JOIN {table} r USING (_file, _row){left_out if kept else ''}"


def counts_rows(resolved: Resolved) -> bool:
    """Tell whether a value of the view depends on its other rows."""
    return any(FUNCTIONS[call.function].spans for call in resolved.values)


def _calls_of(plan: Plan, view: View) -> list[Call]:
    """Give the calls over a view, innermost first, once each."""
    found: list[Call] = []
    for triples in plan.maps:
        if triples.view == view.name:
            for term in terms(triples):
                for expression in expressions(term):
                    found += calls(expression)
    return list(dict.fromkeys(found))
