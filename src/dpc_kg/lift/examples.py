"""What would be right in a column, for example: by the function that reads it, or of its list."""

import re
from collections.abc import Iterator, Mapping

import duckdb

from dpc_kg.lift.fieldpaths import declared_path
from dpc_kg.lift.functions.base import known
from dpc_kg.lift.plan import Call, Const, Plan, Ref, View, calls, expressions, terms
from dpc_kg.lift.rows import Loaded, column, identifier, rows_table

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
    """Give an example for each column that a function reads whose values have one form.

    Of a list they are its values that the column itself uses most: the partner's own words.
    """
    found: dict[Column, str] = {}
    for view, call in _calls(plan):
        for field in (arg.field for _, arg in call.args if isinstance(arg, Ref)):
            own = loaded[view.source]
            header = own.shown(declared_path(plan, view, field)) or ""
            places = [(file, own.sheet, header) for file in own.files]
            if all(place in found for place in places):
                continue
            text = _READ.get(call.function) or _listed(con, view, field, call)
            if text is not None:
                found |= {place: text for place in places if place not in found}
    return found


def general(path: str) -> str:
    """Give the path of a column with every index as ``[*]``.

    >>> general("referrals[0].referredAt")
    'referrals[*].referredAt'
    """
    return _INDEX.sub("[*]", path)


def _calls(plan: Plan) -> Iterator[tuple[View, Call]]:
    for triples in plan.maps:
        view = plan.view(triples.view)
        made = [e for term in terms(triples) for e in expressions(term)]
        made += [e for _, e in view.computed]
        for call in (call for e in made for call in calls(e)):
            yield view, call


def _listed(con: duckdb.DuckDBPyConnection, view: View, field: str, call: Call) -> str | None:
    """Give some values of the list that a function looks up, those in use first, a code once."""
    listed = call.arg("list")
    if call.function not in _CODES or not isinstance(listed, Const):
        return None
    codes = known(listed.text, "code")
    cell = f"dpc_clean({column(field)})"
    entries = con.execute(
        f"SELECT e.key, e.value FROM (SELECT unnest(map_entries({codes})) AS e)"
    ).fetchall()
    used = dict(
        con.execute(
            f"SELECT {cell} AS v, count(*) FROM {identifier(rows_table(view))}"
            f" WHERE v IN (SELECT unnest(map_keys({codes}))) GROUP BY ALL"
        ).fetchall()
    )
    best: dict[str, str] = {}
    for value, code in entries:
        if code is None:
            continue
        if code not in best or used.get(value, 0) > used.get(best[code], 0):
            best[code] = value
    values = sorted(best.values(), key=lambda value: -used.get(value, 0))
    return " / ".join(values[:_SHOWN]) or None
