"""Constant texts beside each other become one, and nothing else changes."""

import duckdb
import pytest

from dpc_kg.lift.sqltext import folded


@pytest.mark.parametrize(
    ("sql", "wanted"),
    [
        ("'a' || 'b'", "'ab'"),
        ("'a' || 'b' || c || 'd' || ' ' || 'e'", "'ab' || c || 'd e'"),
        ("'it''s' || ' || ' || ''''", "'it''s || '''"),
        ("f('a', 'b') || 'c'", "f('a', 'b') || 'c'"),
        ("''' || '''", "''' || '''"),
        ("'' || x || ''", "'' || x || ''"),
        ("", ""),
    ],
)
def test_neighbouring_texts_become_one(sql: str, wanted: str) -> None:
    assert folded(sql) == wanted


def test_the_value_stays() -> None:
    sql = "SELECT '<' || 'x''' || upper('a') || ' || ' || '>' || '\"' || ''''"
    assert duckdb.execute(folded(sql)).fetchall() == duckdb.execute(sql).fetchall()
