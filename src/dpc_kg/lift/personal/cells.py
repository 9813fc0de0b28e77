"""The cells of a lift's columns, asked of its tables: many columns at once, values once."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from dpc_kg.lift.functions.base import DECLARED, quote
from dpc_kg.lift.personal.column import Column, worded
from dpc_kg.lift.personal.headers import headed
from dpc_kg.lift.personal.kinds import BIRTH, kinds
from dpc_kg.lift.rows import column, identifier

_SEEN = 2_000
"""Rows of a table whose words are looked at, to tell names from codes."""

_PLAIN = r"[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9:.]+ ?(Z|UTC|[+-][0-9]{2}:?[0-9]{2})?)?"
"""A moment: most columns of many values are of these, and they hold nothing else."""


@dataclass(frozen=True)
class Place:
    """A column of a table of the lift, and the general path of its field."""

    table: str
    field: str
    path: str

    @property
    def cell(self) -> str:
        """The SQL of a cell, trimmed."""
        return f"dpc_clean({column(self.field)})"


def columns(
    con: duckdb.DuckDBPyConnection, table: str, places: Sequence[Place], listed: frozenset[str]
) -> Iterator[tuple[Place, Column]]:
    """Give what is needed of each column of a table; ``listed`` are values that are no finding."""
    named = ", ".join(f"{column(p.field)} AS p{number}" for number, p in enumerate(places))
    whole = f"SELECT {named} FROM {identifier(table)}"
    births = [f"'p{n}'" for n, place in enumerate(places) if BIRTH in headed(place.path)]
    candidates, filled = _values(con, whole, _may_hold(births), listed)
    first, _ = _values(con, f"{whole} LIMIT {_SEEN}", "TRUE", listed)
    for number, place in enumerate(places):
        seen = first.get(f"p{number}", {})
        words = worded(seen)
        held = candidates.get(f"p{number}", {})
        yield (
            place,
            Column(place.path, filled[f"p{number}"], held, words, sum(seen.values()), len(seen)),
        )


def _values(
    con: duckdb.DuckDBPyConnection, rows: str, test: str, listed: frozenset[str]
) -> tuple[dict[str, dict[str, int]], Counter[str]]:
    """Give the values of each column of some rows that pass a test, with how often they stand.

    Beside them, how many cells of each column are filled, whatever they hold.
    """
    long = f"UNPIVOT ({rows}) ON COLUMNS(*) INTO NAME n VALUE v"
    # a cell is trimmed and tested once for all that hold the same
    once = f"SELECT n, v, count(*) AS c FROM ({long}) GROUP BY n, v"
    clean = f"SELECT n, dpc_clean(v) AS v, c FROM ({once})"
    told = f"SELECT n, CASE WHEN {test} THEN v END AS v, c FROM ({clean}) WHERE v IS NOT NULL"
    found: dict[str, dict[str, int]] = {}
    filled: Counter[str] = Counter()
    cursor = con.cursor()
    cursor.execute(f"SELECT n, v, sum(c)::BIGINT FROM ({told}) GROUP BY n, v")
    while batch := cursor.fetchmany(10_000):
        for name, value, count in batch:
            filled[name] += count
            if value is not None and value.casefold() not in listed:
                found.setdefault(name, {})[value] = count
    return found, filled


def _may_hold(births: Sequence[str]) -> str:
    """Give SQL true for values worth a look; a moment is one only in columns of days of birth."""
    known = kinds()
    moment = f"regexp_full_match(v, {quote(_PLAIN)})"
    if births:
        moment += f" AND n NOT IN ({', '.join(births)})"
    held = f"regexp_matches(v, {quote(known.may_hold)})"
    return f"length(v) >= {known.least} AND {held} AND NOT ({moment})"


def cells(
    con: duckdb.DuckDBPyConnection, places: Iterable[Place]
) -> Iterator[tuple[int, int, str]]:
    """Give (file, row, value) of the filled cells of a field, in order, once each.

    Several tables may hold the cells of one field.
    """
    parts = [
        f"SELECT _file, _row, {p.cell} AS v FROM {identifier(p.table)} WHERE {p.cell} IS NOT NULL"
        for p in places
    ]
    cursor = con.cursor()
    cursor.execute(f"SELECT * FROM ({' UNION '.join(parts)}) ORDER BY ALL")
    while batch := cursor.fetchmany(10_000):
        yield from batch


def listed_values(con: duckdb.DuckDBPyConnection) -> frozenset[str]:
    """Give the values that stand in a list of the mapping, in small letters."""
    row: Any = con.execute(f"SELECT map_keys(getvariable({quote(DECLARED)}))").fetchone()
    return frozenset(v.casefold() for v in (row[0] if row and row[0] else ()))
