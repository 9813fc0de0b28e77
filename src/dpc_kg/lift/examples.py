"""What would be right in a column, for example: by the function that reads it, or of its list."""

import re
from collections.abc import Iterator, Mapping

import duckdb

from dpc_kg.lift.fieldpaths import declared_path
from dpc_kg.lift.functions.base import variable
from dpc_kg.lift.plan import Call, Const, Plan, Ref, View, calls, expressions, terms
from dpc_kg.lift.rows import Loaded

Column = tuple[str, str | None, str]
"""File, sheet and column (indexes as ``[*]``)."""

_DATE, _YES, _WHOLE = "2024-05-31", "yes / no", "12"
_READ = {
    "instant": _DATE,
    "precision": _DATE,
    "partialInstant": _DATE,
    "partialPrecision": _DATE,
    "elapsed": _DATE,
    "ageBand": _WHOLE,
    "childAge": _WHOLE,
    "integer": _WHOLE,
    "figure": _WHOLE,
    "count": _WHOLE,
    "decimal": "1.5",
    "rate": "1.5",
    "anyTrue": _YES,
    "flag": _YES,
    "tristate": _YES,
    "whenTrue": _YES,
}
"""What the functions take that read one kind of value."""

_CODES = ("code", "combined", "flagged", "listed", "rank", "whereListed")
"""Functions that take the values of a list."""

_SHOWN = 3
_INDEX = re.compile(r"\[\d+\]")


def examples_of(
    con: duckdb.DuckDBPyConnection, plan: Plan, loaded: Mapping[str, Loaded]
) -> dict[Column, str]:
    """Give an example for each column that a function reads whose values have one form."""
    found: dict[Column, str] = {}
    for view, call in _calls(plan):
        text = _example(con, call)
        if text is None:
            continue
        own = loaded[view.source]
        for field in (arg.field for _, arg in call.args if isinstance(arg, Ref)):
            column = own.shown(declared_path(plan, view, field)) or ""
            for file in own.files:
                found.setdefault((file, own.sheet, column), text)
    return found


def general(column: str) -> str:
    """Give the path of a column with every index as ``[*]``.

    >>> general("referrals[0].referredAt")
    'referrals[*].referredAt'
    """
    return _INDEX.sub("[*]", column)


def _calls(plan: Plan) -> Iterator[tuple[View, Call]]:
    for triples in plan.maps:
        view = plan.view(triples.view)
        made = [e for term in terms(triples) for e in expressions(term)]
        made += [e for _, e in view.computed]
        for call in (call for e in made for call in calls(e)):
            yield view, call


def _example(con: duckdb.DuckDBPyConnection, call: Call) -> str | None:
    listed = call.arg("list")
    if call.function in _READ:
        return _READ[call.function]
    if call.function not in _CODES or not isinstance(listed, Const):
        return None
    name = variable(listed.text, "code").replace('"', '""')
    row = con.execute(
        f"SELECT [e.key FOR e IN map_entries(getvariable('{name}')) IF e.value IS NOT NULL]"
    ).fetchone()
    values = row[0] if row and row[0] else []
    return " / ".join(values[:_SHOWN]) or None
