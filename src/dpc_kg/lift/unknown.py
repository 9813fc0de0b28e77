"""Cells whose value has no place in the model, counted by field and list."""

from collections import Counter
from collections.abc import Iterable

import duckdb

from dpc_kg.lift.blame import blamed
from dpc_kg.lift.fieldpaths import declared_path
from dpc_kg.lift.plan import Call, Const, Plan
from dpc_kg.lift.privacy import Decisions
from dpc_kg.lift.rejects import in_use
from dpc_kg.lift.resolved import Resolved, met
from dpc_kg.lift.rows import identifier

Place = tuple[str, str, str]
"""The source, the declared path of the field, and the list that was asked."""


def unknown_cells(
    con: duckdb.DuckDBPyConnection,
    plan: Plan,
    views: Iterable[Resolved],
    decisions: Decisions | None,
    *,
    kept_only: bool,
) -> Counter[Place]:
    """Give how many cells of each field have no place; ``kept_only`` leaves withheld records out.

    A cell that one call reads for several nodes is one cell, though each node has a view of its
    own. One that holds several values counts by those that have no place.
    """
    found: dict[tuple[Place, Call], list[str]] = {}
    for resolved in views:
        marked = met(con, resolved, resolved.unknowns.values())
        for call, mark in resolved.unknowns.items():
            if mark in marked and blamed(call):
                place = _place(plan, resolved, call, decisions)
                query = _cells(plan, resolved, call, mark, kept_only=kept_only)
                found.setdefault((place, call), []).append(query)
    counts: Counter[Place] = Counter()
    for (place, _), queries in found.items():
        row = con.execute(f"SELECT count(*) FROM ({' UNION '.join(queries)})").fetchone()
        counts[place] += row[0] if row else 0
    return counts


def _place(plan: Plan, resolved: Resolved, call: Call, decisions: Decisions | None) -> Place:
    listed = call.arg("list")
    name = listed.text if isinstance(listed, Const) else ""
    source = plan.source(resolved.view.source).given
    path = declared_path(plan, resolved.view, blamed(call)[0])
    decision = decisions.decide(source, path) if decisions is not None else None
    return source, path if decision is None else decision.path, name


def _cells(plan: Plan, resolved: Resolved, call: Call, mark: str, *, kept_only: bool) -> str:
    """Give the query of the cells whose value has no place."""
    kept = " AND (_record IS NULL OR _record NOT IN (SELECT record FROM dpc_withheld))"
    return (
        f"SELECT DISTINCT _file, _row, _path FROM {identifier(resolved.table)} t"
        f" WHERE {mark} AND {in_use(plan, resolved, call)}{kept if kept_only else ''}"
    )
