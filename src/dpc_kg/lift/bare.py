"""Fields in whose texts nothing is to be escaped: looked at once, and written as they are."""

import duckdb

from dpc_kg.lift.plan import Plan, Ref, TermMap, terms
from dpc_kg.lift.resolved import Resolved
from dpc_kg.lift.rows import column
from dpc_kg.lift.terms import table_of

_ESCAPED = ("'\"'", "'\\'", "chr(10)", "chr(13)", "chr(1)")
"""What the macro ``dpc_escape`` replaces."""


def bare_fields(
    con: duckdb.DuckDBPyConnection, plan: Plan, resolved: dict[str, Resolved]
) -> dict[str, frozenset[str]]:
    """Give, by view, the fields that literals are made of and that have nothing to escape.

    A view made of others is not looked at: its rows would be made once more.
    """
    out = {}
    for name, one in resolved.items():
        made = [t.expression for m in plan.maps if m.view == name for t in terms(m) if _is_text(t)]
        fields = sorted({e.field for e in made if isinstance(e, Ref)})
        if fields and not one.view.is_derived:
            out[name] = _bare(con, one, fields)
    return out


def _is_text(term: TermMap) -> bool:
    return term.kind == "literal"


def _bare(con: duckdb.DuckDBPyConnection, resolved: Resolved, fields: list[str]) -> frozenset[str]:
    tests = [" OR ".join(f"contains({column(f)}, {mark})" for mark in _ESCAPED) for f in fields]
    asked = ", ".join(f"coalesce(bool_or({test}), FALSE)" for test in tests)
    row = con.execute(f"SELECT {asked} FROM {table_of(resolved)}").fetchone()
    return frozenset(f for f, found in zip(fields, row or (), strict=bool(row)) if not found)
