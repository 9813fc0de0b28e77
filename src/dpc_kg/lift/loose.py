"""What is withheld beside records: nodes of rows without a record, nodes that records share.

A row of a table without keys belongs to no record, and so may a row whose record map makes
nothing of it. Each node such a row makes is then its own record (``emit``).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping

import duckdb

from dpc_kg.lift.plan import Plan, TriplesPlan
from dpc_kg.lift.resolved import Resolved
from dpc_kg.lift.rows import Loaded
from dpc_kg.lift.terms import subject_sql, table_of

Row = tuple[str, int]
"""A file and a row in it."""

_GIVEN = "t._row IN (SELECT unnest($1::BIGINT[]))"


def nodes_of_rows(
    con: duckdb.DuckDBPyConnection,
    plan: Plan,
    resolved: Mapping[str, Resolved],
    loaded: Mapping[str, Loaded],
    rows: Iterable[Row],
) -> dict[Row, set[str]]:
    """Give the nodes that rows without a record make, but for those that other rows share."""
    wanted: defaultdict[str, list[int]] = defaultdict(list)
    for file, row in rows:
        wanted[file].append(row)
    found: defaultdict[Row, set[str]] = defaultdict(set)
    for triples in plan.maps if wanted else ():
        if triples.shared:
            continue
        for number, file in enumerate(loaded[plan.view(triples.view).source].files):
            asked = f"t._record IS NULL AND t._file = {number} AND {_GIVEN}"
            for row, node in _nodes(con, triples, resolved, asked, wanted.get(file)):
                found[file, row].add(node)
    return dict(found)


def shared_nodes(
    con: duckdb.DuckDBPyConnection,
    plan: Plan,
    resolved: Mapping[str, Resolved],
    nodes: Iterable[str],
) -> set[str]:
    """Give those of some nodes that stand for themselves, whichever record speaks of them."""
    wanted = sorted(set(nodes))
    found: set[str] = set()
    for triples in plan.maps:
        if triples.shared:
            subject = subject_sql(triples.subject, resolved[triples.view], "t")
            asked = f"{subject} IN (SELECT unnest($1::VARCHAR[]))"
            found |= {node for _, node in _nodes(con, triples, resolved, asked, wanted)}
    return found


def _nodes(
    con: duckdb.DuckDBPyConnection,
    triples: TriplesPlan,
    resolved: Mapping[str, Resolved],
    asked: str,
    given: list[int] | list[str] | None,
) -> list[tuple[int, str]]:
    if not given:
        return []
    view = resolved[triples.view]
    subject = subject_sql(triples.subject, view, "t")
    return con.execute(
        f"SELECT DISTINCT t._row, {subject} FROM {table_of(view)} t"
        f" WHERE {subject} IS NOT NULL AND {asked}",
        [given],
    ).fetchall()
