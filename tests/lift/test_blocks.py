"""A row's lines as one text: each line whole or not there, and no empty row."""

import duckdb
import pytest

from dpc_kg.lift.blocks import block_sql

ROWS = "(VALUES ('1', 'x', 'y'), ('2', NULL, 'y'), ('3', NULL, NULL), (NULL, 'x', 'y')) t(k, a, b)"
SUBJECT = ["'<s'", "t.k", "'>'"]
CONSTANT = ("'<t>'", "' '", "'<c>'", "' .'")
ONE = ("'<p>'", "' '", "'\"'", "t.a", "'\"'", "' .'")
BARE = ("'<r>'", "' '", "t.b", "' .'")
TWO = ("'<q>'", "' '", "'\"'", "t.a", "'\"^^<'", "t.b", "'>'", "' .'")


@pytest.mark.parametrize(
    ("lines", "wanted"),
    [
        ([CONSTANT], ["<s1> <t> <c> .", "<s2> <t> <c> .", "<s3> <t> <c> ."]),
        ([ONE], ['<s1> <p> "x" .']),
        (
            [ONE, CONSTANT],
            ['<s1> <p> "x" .\n<s1> <t> <c> .', "<s2> <t> <c> .", "<s3> <t> <c> ."],
        ),
        ([ONE, TWO], ['<s1> <p> "x" .\n<s1> <q> "x"^^<y> .']),
        ([BARE, TWO], ['<s1> <r> y .\n<s1> <q> "x"^^<y> .', "<s2> <r> y ."]),
        ([TWO, CONSTANT, CONSTANT], [
            '<s1> <q> "x"^^<y> .\n<s1> <t> <c> .\n<s1> <t> <c> .',
            "<s2> <t> <c> .\n<s2> <t> <c> .",
            "<s3> <t> <c> .\n<s3> <t> <c> .",
        ]),
    ],
)  # fmt: skip
def test_the_lines_of_each_row(lines: list[tuple[str, ...]], wanted: list[str]) -> None:
    made = duckdb.execute(block_sql(SUBJECT, lines, ROWS)).fetchall()
    assert sorted(text for (text,) in made) == wanted


def test_a_constant_subject_and_quotes_inside() -> None:
    sql = block_sql(["'<s>'"], [("'<p>'", "' '", "'\"it''s || \"'", "' .'")], "range(1) t")
    assert duckdb.execute(sql).fetchall() == [('<s> <p> "it\'s || " .',)]
