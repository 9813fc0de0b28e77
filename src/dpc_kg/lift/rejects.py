"""Cells that cannot be used: found by set queries over the resolved views, never row by row."""

from collections.abc import Iterator
from dataclasses import replace

import duckdb

from dpc_kg.lift.blame import alternatives, blamed, referring
from dpc_kg.lift.dateforms import DATES, reading_of_date
from dpc_kg.lift.fieldpaths import column_of
from dpc_kg.lift.functions import quote
from dpc_kg.lift.plan import (
    Call,
    Expression,
    Plan,
    Ref,
    Template,
    TermMap,
    View,
    calls,
    expressions,
    references,
    terms,
)
from dpc_kg.lift.reject import Reject
from dpc_kg.lift.resolved import Resolved, met
from dpc_kg.lift.rows import Loaded, column, identifier, natural
from dpc_kg.lift.sqltext import fetched
from dpc_kg.lift.terms import Scope, has_natural, is_open, subject_sql, term_sql, value_sql


def cell_rejects(
    con: duckdb.DuckDBPyConnection,
    plan: Plan,
    resolved: dict[str, Resolved],
    loaded: dict[str, Loaded],
) -> Iterator[Reject]:
    """Give the cells for which a function of the mapping has no valid value."""
    for one in resolved.values():
        broken = met(con, one, (f"{rule} IS NOT NULL" for rule in one.rules.values()))
        for call, rule in one.rules.items():
            if f"{rule} IS NOT NULL" not in broken:
                continue
            con.execute(
                f"SELECT _file, _row, _path, {_field(call)}, {rule}, min({_reading(call, rule)})"
                f" FROM {identifier(one.table)} t"
                f" WHERE {rule} IS NOT NULL AND {in_use(plan, one, call)} GROUP BY ALL"
            )
            for file, row, at, field, code, reading in fetched(con):
                reject = reject_at(plan, one.view, loaded, file, row, at, field, code)
                yield replace(reject, reading=reading)


def _reading(call: Call, rule: str) -> str:
    """Give SQL of how a date that cannot be read was likely written; NULL of all else."""
    fields = [*alternatives(call), *blamed(call)[:1]]
    if not fields:
        return "NULL::VARCHAR"
    text = f"coalesce({', '.join(f'dpc_clean(t.{column(name)})' for name in fields)})"
    rules = ", ".join(quote(name) for name in DATES)
    return f"CASE WHEN {rule} IN ({rules}) THEN {reading_of_date(text)} END"


def _field(call: Call) -> str:
    """Give the SQL of the field to blame: of several, in each row the one that was taken."""
    whole = next(iter(blamed(call)), None)
    filled = "".join(
        f" WHEN dpc_clean(t.{column(name)}) IS NOT NULL THEN {quote(name)}"
        for name in alternatives(call)
    )
    other = "NULL::VARCHAR" if whole is None else quote(whole)
    return f"CASE{filled} ELSE {other} END" if filled else other


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
            subject = subject_sql(triples.subject, resolved, "t")
            subjects.append(f"{subject} IS NOT NULL")
    return f"({' OR '.join(subjects)})" if subjects else "TRUE"


def missing_references(
    con: duckdb.DuckDBPyConnection,
    plan: Plan,
    resolved: dict[str, Resolved],
    loaded: dict[str, Loaded],
) -> Iterator[Reject]:
    """Give the cells that refer to a record that was not read (``dpcf:mustExist``)."""
    for triples in plan.maps:
        one = resolved[triples.view]
        for pair in triples.pairs:
            if pair.object.must_exist is None:
                continue
            target = plan.triples(pair.object.must_exist)
            there = resolved[target.view]
            known = subject_sql(target.subject, there, "p")
            wanted = value_sql(pair.object.expression, one, "t")
            con.execute(
                f"SELECT DISTINCT t._file, t._row, t._path FROM {identifier(one.table)} t"
                f" WHERE {wanted} IS NOT NULL AND NOT EXISTS (SELECT 1 FROM"
                f" {identifier(there.table)} p WHERE {known} = {wanted})"
            )
            field = referring(pair.object.expression)
            for file, row, at in fetched(con):
                yield reject_at(plan, one.view, loaded, file, row, at, field, "reference")


def term_rejects(
    con: duckdb.DuckDBPyConnection,
    plan: Plan,
    resolved: dict[str, Resolved],
    loaded: dict[str, Loaded],
    base: str,
) -> Iterator[Reject]:
    """Give the cells that are there and make no term: no IRI, no language tag, no single value."""
    found: dict[tuple[str, str, str], dict[str, None]] = {}
    for triples in plan.maps:
        one = resolved[triples.view]
        for term in terms(triples):
            scope = Scope(one, "t", triples.base or base)
            for name, rule, test in _tests(term, scope):
                found.setdefault((triples.view, rule, name), {})[f"({test})"] = None
    for (view, rule, name), tests in found.items():
        one = resolved[view]
        con.execute(
            f"SELECT DISTINCT _file, _row, _path FROM {identifier(one.table)} t"
            f" WHERE {' OR '.join(tests)}"
        )
        for file, row, at in fetched(con):
            yield reject_at(plan, one.view, loaded, file, row, at, name, rule)


def _tests(term: TermMap, scope: Scope) -> list[tuple[str, str, str]]:
    """Give (field, rule, SQL that is true of rows without the term) of what may fail."""
    tests = []
    made = [e for e in expressions(term) if isinstance(e, Ref | Template)]
    for name in dict.fromkeys(n for e in made for n in references(e)):
        if has_natural(name, scope.resolved):
            tests.append((name, "structure", f"t.{natural(name)} = 'structure'"))
    if term.kind in {"iri", "uri"} and is_open(term.expression):
        tests += _untermed(term, term.expression, "iri", scope)
    if term.datatype_map is not None:
        tests += _untermed(term, term.datatype_map, "iri", scope)
    if term.language_map is not None:
        tests += _untermed(term, term.language_map, "language", scope)
    return tests


def _untermed(
    term: TermMap, expression: Expression, rule: str, scope: Scope
) -> list[tuple[str, str, str]]:
    """Blame what decides about a term where there is all for it, and it is not made."""
    field = next(iter(blamed(expression)), None)
    if field is None:
        return []
    there = " AND ".join(
        f"{value_sql(e, scope.resolved, 't', kind=term.kind)} IS NOT NULL"
        for e in dict.fromkeys((term.expression, expression))
    )
    test = f"{there} AND ({term_sql(replace(term, condition=None), scope)}) IS NULL"
    if term.condition is not None:
        test += f" AND {value_sql(term.condition, scope.resolved, 't')} = 'true'"
    return [(field, rule, test)]


def reject_at(
    plan: Plan,
    view: View,
    loaded: dict[str, Loaded],
    file: int,
    row: int,
    at: str | None,
    field: str | None,
    rule: str,
) -> Reject:
    """Give the reject of a row of a view, at the column of one of its fields."""
    source = loaded[view.source]
    column = column_of(plan, view, field, at) if field is not None else None
    letter = source.letter(column)
    return Reject(view.source, source.files[file], row, column, rule, letter=letter)
