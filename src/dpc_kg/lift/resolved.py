"""A view whose calls have been computed: columns of value, fault rule and "no place" mark."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import duckdb

from dpc_kg.lift.plan import Call, View
from dpc_kg.lift.rows import identifier


@dataclass
class Resolved:
    """The table of a view's live rows, and the columns in which the results of its calls stand.

    ``has_records`` says whether a row belongs to a record, ``keeps_naturals`` whether natural
    datatypes stand beside the fields.
    """

    view: View
    table: str
    values: dict[Call, str] = field(default_factory=dict)
    rules: dict[Call, str] = field(default_factory=dict)
    unknowns: dict[Call, str] = field(default_factory=dict)
    has_records: bool = True
    keeps_naturals: bool = True


def met(con: duckdb.DuckDBPyConnection, resolved: Resolved, tests: Iterable[str]) -> set[str]:
    """Give those SQL tests that hold in some row of a view.

    Most hold in none: to ask for the rows of each takes far longer than to ask for all at once.
    """
    asked = list(dict.fromkeys(tests))
    if not asked:
        return set()
    any_row = ", ".join(f"bool_or({test})" for test in asked)
    row = con.execute(f"SELECT {any_row} FROM {identifier(resolved.table)} t").fetchone()
    return {test for test, holds in zip(asked, row or (), strict=True) if holds}
