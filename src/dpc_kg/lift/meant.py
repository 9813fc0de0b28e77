"""Which code a value of no list was likely meant for: the listed value, never the cell."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import duckdb

from dpc_kg.lift.blame import blamed
from dpc_kg.lift.functions.base import known
from dpc_kg.lift.plan import Call, Const, Plan
from dpc_kg.lift.reject import Reject
from dpc_kg.lift.rejects import in_use, reject_at
from dpc_kg.lift.resolved import Resolved
from dpc_kg.lift.rows import Loaded, column, identifier

MOST = 100
"""Cells of one field that are looked at for the code that was meant."""

_SHORTEST, _LONGEST = 3, 64
_LETTERS_A_SLIP = 5
"""How many letters a word has for each slip that may be in it."""


@dataclass(frozen=True)
class Meant:
    """A cell with a value of no list, and the listed value it may stand for."""

    cell: Reject
    listed: str | None


def meant_codes(
    con: duckdb.DuckDBPyConnection,
    plan: Plan,
    views: Iterable[Resolved],
    loaded: dict[str, Loaded],
) -> list[Meant]:
    """Give cells whose value has no place in the model, each with the listed value it is like.

    Of each field the first cells only (``MOST``); their number is counted elsewhere.
    """
    found: dict[tuple[str, int | None, str | None], Meant] = {}
    for one in views:
        for call, mark in one.unknowns.items():
            name = call.arg("list")
            if not blamed(call) or not isinstance(name, Const):
                continue
            values = _values(con, name.text)
            for cell, text in _cells(con, plan, one, call, mark, loaded):
                meant = Meant(
                    cell, None if text in values.values() else _nearest(con, text, values)
                )
                found.setdefault((cell.file, cell.row, cell.column), meant)
    return list(found.values())


def _cells(
    con: duckdb.DuckDBPyConnection,
    plan: Plan,
    one: Resolved,
    call: Call,
    mark: str,
    loaded: dict[str, Loaded],
) -> list[tuple[Reject, str]]:
    field = blamed(call)[0]
    rows = con.execute(
        f"SELECT DISTINCT _file, _row, _path, dpc_clean(t.{column(field)})"
        f" FROM {identifier(one.table)} t WHERE {mark} AND {in_use(plan, one, call)}"
        f" ORDER BY ALL LIMIT {MOST}"
    ).fetchall()
    return [
        (reject_at(plan, one.view, loaded, file, row, at, field, "unlisted"), text or "")
        for file, row, at, text in rows
    ]


def _values(con: duckdb.DuckDBPyConnection, listed: str) -> Mapping[str, str]:
    """Give the values of a list by their letters and digits alone."""
    row = con.execute(f"SELECT map_keys({known(listed, 'code')})").fetchone()
    return {_plain(value): value for value in (row[0] if row and row[0] else ())}


def _nearest(con: duckdb.DuckDBPyConnection, text: str, values: Mapping[str, str]) -> str | None:
    """Give the value with the fewest slips (letters left out, added, swapped or other), if few."""
    plain = _plain(text)
    if len(text) > _LONGEST or len(plain) < _SHORTEST:
        return None
    row = con.execute(
        "SELECT v, damerau_levenshtein($1, v) AS slips FROM (SELECT unnest($2::VARCHAR[]) AS v)"
        " ORDER BY slips, v LIMIT 1",
        [plain, list(values)],
    ).fetchone()
    return values[row[0]] if row and row[1] <= max(1, len(plain) // _LETTERS_A_SLIP) else None


def _plain(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())
