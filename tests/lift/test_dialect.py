"""CSV files: an explicit dialect, every row at its number, no row swallowed or lost in silence."""

import csv
import io
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dpc_kg.base.errors import SourceError
from dpc_kg.lift.engine import connect
from dpc_kg.lift.plan import Source, View
from dpc_kg.lift.tables import load_table
from dpc_kg.lift.views import table_view

PLAIN = "id,a,b\n1,x,y\n2,u,v\n"
SAME = {
    "CRLF": PLAIN.replace("\n", "\r\n"),
    "CR": PLAIN.replace("\n", "\r"),
    "no last line break": PLAIN.removesuffix("\n"),
    "byte order mark": "\ufeff" + PLAIN,
    "byte order mark and quotes": '\ufeff"id","a","b"\n1,x,y\n2,u,v\n',
    "semicolon": PLAIN.replace(",", ";"),
    "tab": PLAIN.replace(",", "\t"),
    "bar": PLAIN.replace(",", "|"),
    "all in quotation marks": '"id","a","b"\n"1","x","y"\n"2","u","v"\n',
    "semicolons in quotation marks": '"id";"a";"b"\n"1";"x";"y"\n"2";"u";"v"\n',
    "columns in another order": "b,id,a\ny,1,x\nv,2,u\n",
    "spaces around names": "id , a, b\n1,x,y\n2,u,v\n",
    "blank lines": "id,a,b\n\n1,x,y\n\n\n2,u,v\n\n",
    "an unmapped column with marks": 'id,a,b,"c;d"\n1,x,y,;\n2,u,v,";"\n',
    "an unmapped name of two lines": 'id,a,b,"c\nd"\n1,x,y,\n2,u,v,\n',
}


@pytest.mark.parametrize("name", SAME)
def test_ways_to_write_one_table(outside: Any, name: str) -> None:
    assert outside.csv(SAME[name]).data == outside.csv(PLAIN).data


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        pytest.param('1,"x,y",z', ("x,y", "z"), id="delimiter in quotes"),
        pytest.param('1,"x""y",z', ('x\\"y', "z"), id="doubled mark"),
        pytest.param('1,x"y,z', ('x\\"y', "z"), id="a mark inside a bare cell"),
        pytest.param('1,"x\ny",z', ("x\\ny", "z"), id="line break in quotes"),
        pytest.param('1,"x\r\n\r\ny",z', ("x\\r\\n\\r\\ny", "z"), id="paragraphs in quotes"),
        pytest.param("1,NULL,\\N", ("NULL", "\\\\N"), id="words that mean nothing here"),
        pytest.param("1,007,1.50", ("007", "1.50"), id="numbers as written"),
        pytest.param("1,été,طفل", ("été", "طفل"), id="accents and Arabic"),
    ],
)
def test_cells_are_text_as_written(outside: Any, text: str, cells: tuple[str, str]) -> None:
    found = outside.csv(f"id,a,b\n{text}\n").pairs
    assert {(p, o) for _, p, o in found} == {("p0", "1"), ("p1", cells[0]), ("p2", cells[1])}


def test_a_blank_cell_of_a_mapping_of_others_is_an_empty_text(outside: Any) -> None:
    found = outside.csv('id,a,b\n1,,""\n').pairs
    assert found == {("1", "p0", "1"), ("1", "p1", ""), ("1", "p2", "")}


@pytest.mark.parametrize(
    ("data", "rule", "line"),
    [
        pytest.param(b"", "empty-file", None, id="no byte"),
        pytest.param(b"\n\n", "empty-file", None, id="blank lines only"),
        pytest.param(b"\xef\xbb\xbf", "empty-file", None, id="a byte order mark only"),
        pytest.param("id,a,b\n1,x,y\n".encode("utf-16"), "encoding", 1, id="UTF-16"),
        pytest.param("id,a,b\n1,x,y\n".encode("utf-16-le"), "encoding", 1, id="UTF-16, no mark"),
        pytest.param("id,a,b\n1,x,y\n2,é,y\n".encode("cp1252"), "encoding", 3, id="CP1252"),
        pytest.param(b"id,a,b\n1,x,y\n2,x\0,y\n", "encoding", 3, id="a NUL byte"),
        pytest.param(b'id,a,b\n1,x,y\n2,"x,y\n3,x,y\n', "quote", 3, id="a mark never closed"),
        pytest.param(b'id,a,b\n1,"x"y,z\n', "quote", 2, id="text after a closing mark"),
        pytest.param(b'id,"a,b\n1,x,y\n', "quote", 1, id="a mark never closed in the header"),
        pytest.param(
            b'id,a,b,c,d\n1,x,"y,z,z\n2,x,y,z,z\n3,x,y",z,z\n', "quote", 2, id="closed two rows on"
        ),
        pytest.param(
            b'id,a,b,c,d\n1,x,"y,z,z\n3,x,y",z,z\n4,x,y,z,z\n',
            "quote",
            2,
            id="closed in the next row",
        ),
        pytest.param(b"id,a\n1,x\n", "missing-column", None, id="a mapped column is missing"),
    ],
)
def test_files_that_cannot_be_used(outside: Any, data: bytes, rule: str, line: int | None) -> None:
    with pytest.raises(SourceError) as caught:
        outside.csv(data)
    assert (caught.value.rule, caught.value.line, caught.value.file) == (rule, line, "t.csv")
    assert caught.value.advice


def test_a_broken_quote_far_down_a_large_file(outside: Any) -> None:
    rows = [f"{i},{'x' * 50},y,z,w" for i in range(30_000)]
    rows[28_000] = rows[28_000].replace(",y", ',"y')
    rows[28_010] = rows[28_010].replace(",y", ',y"')
    with pytest.raises(SourceError) as caught:
        outside.csv("\n".join(["id,a,b,c,d", *rows]), "id a b")
    assert (caught.value.rule, caught.value.line) == ("quote", 28_002)


def test_a_wrong_letter_far_down_a_large_file(outside: Any) -> None:
    rows = [f"{i},{'é' * 30},y".encode() for i in range(30_000)]
    rows[28_000] = b"28000,\xe9,y"
    with pytest.raises(SourceError) as caught:
        outside.csv(b"\n".join([b"id,a,b", *rows]))
    assert (caught.value.rule, caught.value.line) == ("encoding", 28_002)


def test_a_long_text_of_lines_is_no_broken_quote(outside: Any) -> None:
    text = "Dear all,\nfirst, second, third\n\n- one, two\n- three\n"
    assert len(outside.csv(f'id,a,b,c,d\n1,"{text}",y,,\n2,x,y,,\n').pairs) == 6


def test_a_missing_column_is_named_with_the_nearest(outside: Any) -> None:
    with pytest.raises(SourceError) as caught:
        outside.csv("id,registration_dat,b\n1,x,y\n", "id registration_date b")
    assert (caught.value.column, caught.value.row) == ("registration_date", 1)
    assert "registration_dat." in str(caught.value)


def test_rows_with_too_few_or_too_many_cells_are_refused_alone(outside: Any) -> None:
    made = outside.csv("id,a,b\n1,x\n2,u,v\n3,x,y,z\n4,q,r\n")
    assert made.rejects == (
        ("t.csv", 2, "b", "column-count"),
        ("t.csv", 4, "b", "column-count"),
    )
    assert {s for s, _, _ in made.pairs} == {"2", "4"}
    assert made.rows == 4


def test_blank_lines_keep_the_numbers_a_spreadsheet_shows(outside: Any) -> None:
    made = outside.csv('id,a,b\n\n1,x\n\n2,"u\nv",w\n3,x\n')
    assert made.rejects == (
        ("t.csv", 3, "b", "column-count"),
        ("t.csv", 6, "b", "column-count"),
    )


@pytest.mark.parametrize("header", ["id,a,a,b", "id,a,b,b"])
def test_a_mapped_name_that_stands_twice_is_refused(outside: Any, header: str) -> None:
    with pytest.raises(SourceError):
        outside.csv(f"{header}\n1,x,y,z\n")


PIECES = ["a", "b", " ", ",", ";", "\t", '"', "'", "\n", "\r\n", "é", "\x01"]
CELLS = (
    st.lists(st.sampled_from(PIECES), max_size=6)
    .map("".join)
    # lines shaped like rows of the file are taken for a broken quote
    .filter(lambda cell: "\n" not in cell or not set(cell) & set(",;\t"))
)
STYLES = st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC])
TABLES = st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=6)
ENDS = st.sampled_from(["\n", "\r\n"])


@given(TABLES, STYLES, ENDS, st.sampled_from(",;\t"))
@settings(derandomize=True, deadline=None, max_examples=25)
def test_both_readers_read_one_table(
    cells: list[list[str]], style: Any, end: str, delimiter: str
) -> None:
    buffer = io.StringIO()
    writer = csv.writer(buffer, quoting=style, lineterminator=end, delimiter=delimiter)
    writer.writerows([["id", "a", "b"], *cells])
    text = buffer.getvalue()
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))[1:]
    expected = [(i, *(c or None for c in row)) for i, row in enumerate(rows, start=2) if row]
    blank = f"{text}{end}"
    assert loaded(text) == expected
    assert loaded(blank) == expected


@pytest.mark.parametrize(
    "row", ['1, "x",y', '1,"x" ,y', "1,x ,y", '1,x"",y', "1,'x',y", "1,x\\,y", '1,"x\\"",y']
)
def test_both_readers_agree_on_odd_quotes(row: str) -> None:
    text = f"id,a,b\n{row}\n"
    assert attempt(text) == attempt(text + "\n")


def attempt(text: str) -> object:
    try:
        return loaded(text)
    except SourceError as e:
        return e.rule


def loaded(text: str) -> list[tuple[Any, ...]]:
    """Give (row, cells) of the source's table."""
    source = Source("t", "t.csv", "CSV")
    views = [View("v", "t", tuple((n, n) for n in ("id", "a", "b")))]
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "t.csv").write_bytes(text.encode())
        with connect(folder, [folder], None, None) as con:
            load_table(con, source, views, folder / "t.csv")
            table_view(con, views[0], source, 2, typed=False)
            return rows_of(con)


def rows_of(con: duckdb.DuckDBPyConnection) -> list[tuple[Any, ...]]:
    found = con.execute('SELECT * EXCLUDE (_file, _path) FROM "v_v" ORDER BY _row').fetchall()
    return [(row, *(cell or None for cell in cells)) for row, *cells in found]


def test_cells_are_counted_alike_by_both_readers(outside: Any) -> None:
    text = "id,note,note,a,b\n1,x,,y,\n2,,x,,\n"
    assert counted(text) == counted(text + "\n") == {"id": 2, "note": 2, "a": 1, "b": 0}


def counted(text: str) -> dict[str, int]:
    source = Source("t", "t.csv", "CSV")
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "t.csv").write_bytes(text.encode())
        with connect(folder, [folder], None, None) as con:
            made = load_table(con, source, [View("v", "t", (("id", "id"),))], folder / "t.csv")
            return dict(made.cells)
