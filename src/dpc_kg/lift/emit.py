"""Write the quads of resolved views: by record, lines sorted, the same for any row order."""

from collections.abc import Iterable
from pathlib import Path

import duckdb

from dpc_kg.lift.functions import quote
from dpc_kg.lift.plan import Join, Plan, PredicateObject, TriplesPlan
from dpc_kg.lift.rows import column, identifier
from dpc_kg.lift.terms import Resolved, Setting, line_sql, term_sql

_COPY = r"(FORMAT csv, HEADER false, QUOTE '', ESCAPE '', DELIMITER E'\x01')"


def write_quads(
    con: duckdb.DuckDBPyConnection,
    plan: Plan,
    resolved: dict[str, Resolved],
    setting: Setting,
    out: Path,
    extra: Iterable[str] = (),
) -> int:
    """Write ``out`` (N-Quads); give the number of lines.

    Records in the table ``dpc_withheld`` stay out. ``extra`` lines follow as one last group.
    """
    parts = [part for m in plan.maps for part in _parts(plan, m, resolved, setting)]
    union = " UNION ALL ".join(parts) or "SELECT '' AS g, []::VARCHAR[] AS lines"
    body = (
        f"SELECT line FROM (SELECT DISTINCT g, unnest(lines) AS line FROM ({union}))"
        " ORDER BY g, line"
    )
    row = con.execute(f"COPY ({body}) TO {quote(str(out))} {_COPY}").fetchone()
    more = sorted(set(extra))
    if more:
        with out.open("a", encoding="utf-8", newline="\n") as file:
            file.writelines(f"{line}\n" for line in more)
    return int(row[0] if row else 0) + len(more)


def _parts(
    plan: Plan, triples: TriplesPlan, resolved: dict[str, Resolved], setting: Setting
) -> list[str]:
    view = resolved[triples.view]
    subject = term_sql(triples.subject, view, "t", setting)
    group = subject if triples.shared else f"coalesce(t._record, {subject})"
    table = identifier(view.table)
    kept = "(t._record IS NULL OR t._record NOT IN (SELECT record FROM dpc_withheld))"
    own = [p for p in triples.pairs if p.join is None]
    lines = [line for pair in own for line in line_sql(triples, pair, view, setting)]
    parts = []
    if lines:
        listed = f"list_filter([{', '.join(lines)}], lambda l: l IS NOT NULL)"
        parts.append(
            f"SELECT {group} AS g, {listed} AS lines FROM {table} t"
            f" WHERE {subject} IS NOT NULL AND {kept}"
        )
    for pair in triples.pairs:
        if pair.join is not None:
            parts += _joined(plan, triples, pair, pair.join, resolved, setting, group, kept)
    return parts


def _joined(
    plan: Plan,
    triples: TriplesPlan,
    pair: PredicateObject,
    join: Join,
    resolved: dict[str, Resolved],
    setting: Setting,
    group: str,
    kept: str,
) -> list[str]:
    child, parent = resolved[triples.view], resolved[plan.triples(join.parent).view]
    item = term_sql(plan.triples(join.parent).subject, parent, "p", setting)
    if not join.conditions:
        on = "t._file = p._file AND t._row = p._row"
    else:
        on = " AND ".join(f"t.{column(c)} = p.{column(p)}" for c, p in join.conditions)
    subject = term_sql(triples.subject, child, "t", setting)
    predicate = term_sql(pair.predicate, child, "t", setting)
    graph = quote(f" <{setting.graph}> .") if setting.graph else "' .'"
    line = f"{subject} || ' ' || {predicate} || ' ' || {item} || {graph}"
    return [
        f"SELECT {group} AS g, list_filter([{line}], lambda l: l IS NOT NULL) AS lines"
        f" FROM {identifier(child.table)} t JOIN {identifier(parent.table)} p ON {on}"
        f" WHERE {subject} IS NOT NULL AND {kept}"
    ]
