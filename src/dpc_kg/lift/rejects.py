"""Cells that cannot be used: found by set queries over the resolved views, never row by row."""

import duckdb

from dpc_kg.lift.plan import Call, Plan, View, calls
from dpc_kg.lift.rows import Loaded, Reject, identifier
from dpc_kg.lift.terms import Resolved, value_sql
from dpc_kg.lift.trace import blamed, column_of


def cell_rejects(
    con: duckdb.DuckDBPyConnection,
    plan: Plan,
    resolved: dict[str, Resolved],
    loaded: dict[str, Loaded],
) -> list[Reject]:
    """Give the cells for which a function of the mapping has no valid value."""
    out = []
    for one in resolved.values():
        for call, rule in one.rules.items():
            rows = con.execute(
                f"SELECT DISTINCT _file, _row, _path, {rule} FROM {identifier(one.table)} t"
                f" WHERE {rule} IS NOT NULL AND {in_use(plan, one, call)}"
            ).fetchall()
            field = next(iter(blamed(call)), None)
            out += [
                _reject(plan, one.view, loaded, file, row, at, field, code)
                for file, row, at, code in rows
            ]
    return out


def in_use(plan: Plan, resolved: Resolved, call: Call) -> str:
    """Give SQL true for rows whose cells matter: some node made of the call is there.

    A row without a subject is left out on purpose (a transition that is no referral, say), so
    its other cells are not looked at; what makes the subject itself always is.
    """
    subjects = []
    for triples in plan.maps:
        if triples.view != resolved.view.name:
            continue
        if call in calls(triples.subject.expression):
            return "TRUE"
        if any(call in calls(pair.object.expression) for pair in triples.pairs):
            subject = value_sql(triples.subject.expression, resolved, "t", iri=True)
            subjects.append(f"{subject} IS NOT NULL")
    return f"({' OR '.join(subjects)})" if subjects else "TRUE"


def missing_references(
    con: duckdb.DuckDBPyConnection,
    plan: Plan,
    resolved: dict[str, Resolved],
    loaded: dict[str, Loaded],
) -> list[Reject]:
    """Give the cells that refer to a record that was not read (``dpcf:mustExist``)."""
    out = []
    for triples in plan.maps:
        one = resolved[triples.view]
        for pair in triples.pairs:
            if pair.object.must_exist is None:
                continue
            target = plan.triples(pair.object.must_exist)
            there = resolved[target.view]
            known = value_sql(target.subject.expression, there, "p", iri=True)
            wanted = value_sql(pair.object.expression, one, "t", iri=True)
            rows = con.execute(
                f"SELECT DISTINCT t._file, t._row, t._path FROM {identifier(one.table)} t"
                f" WHERE {wanted} IS NOT NULL AND NOT EXISTS (SELECT 1 FROM"
                f" {identifier(there.table)} p WHERE {known} = {wanted})"
            ).fetchall()
            field = next(reversed(blamed(pair.object.expression)), None)
            out += [
                _reject(plan, one.view, loaded, file, row, at, field, "reference")
                for file, row, at in rows
            ]
    return out


def _reject(
    plan: Plan,
    view: View,
    loaded: dict[str, Loaded],
    file: int,
    row: int,
    at: str | None,
    field: str | None,
    rule: str,
) -> Reject:
    source = loaded[view.source]
    column = column_of(plan, view, field, at) if field is not None else None
    letter = source.letter(column)
    return Reject(view.source, source.files[file], row, column, rule, letter=letter)
