"""What is handed over to DuckDB comes out as it went in, whatever the texts hold."""

from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dpc_kg.lift.handover import handed_over

KINDS = ("INTEGER", "BIGINT", "VARCHAR", "VARCHAR")
TEXTS = st.none() | st.text(
    st.characters(exclude_categories=["Cs"]) | st.sampled_from("\0\x1d\x1e\x1f\\\"',[\n"),
    max_size=6,
)
ROWS = st.lists(
    st.tuples(st.integers(0, 3), st.integers(1, 2**40), TEXTS, TEXTS), min_size=1, max_size=9
)


def _there_and_back(rows: list[tuple[int, int, str | None, str | None]]) -> list[tuple[Any, ...]]:
    select, args = handed_over(KINDS, list(zip(*rows, strict=True)))
    with duckdb.connect() as con:
        con.execute("CREATE TABLE t (a INTEGER, b BIGINT, c VARCHAR, d VARCHAR)")
        con.execute(f"INSERT INTO t {select}", args)
        return con.execute("SELECT * FROM t").fetchall()


@settings(max_examples=60, deadline=None)
@given(ROWS)
def test_any_rows_come_out_as_they_went_in(
    rows: list[tuple[int, int, str | None, str | None]],
) -> None:
    assert _there_and_back(rows) == rows


@pytest.mark.parametrize("odd", ["\x1d", "\x1e", "\x1f", "a\x1fb", "\0", "", "[1]", "\x1d\x1e"])
def test_the_marks_between_cells_are_texts_too(odd: str) -> None:
    rows = [(0, 1, odd, None), (0, 2, "plain", odd), (0, 3, None, "other")]
    assert _there_and_back(rows) == rows
