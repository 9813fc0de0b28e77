"""JSON, SQLite and Parquet given for a table: texts as they are written, types beside them."""

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
import pytest

from dpc_kg.base.errors import MappingError, SourceError

RECORDS = '{"id": 1, "a": 1.50, "b": null}, {"id": 2, "a": true, "b": "é", "c": "q"}'


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f"[{RECORDS}]", id="array"),
        pytest.param(f'\ufeff  {{"data": [{RECORDS}], "meta": {{"total": 2}}}}', id="answer"),
        pytest.param(
            '[{"id": 1, "data": {"a": 1.50, "b": null}}, {"data": {"id": 2, "a": true, "b": "é",'
            ' "c": "q"}}]',
            id="wrapped",
        ),
    ],
)
def test_records_of_json_in_place_of_rows(
    read_table: Callable[..., Any], tmp_path: Path, text: str
) -> None:
    path = tmp_path / "t.json"
    path.write_text(text, encoding="utf-8")
    made = read_table(path, key="id")
    assert made.rows == [(1, "1", "1.50", None), (2, "2", "true", "é")]
    assert made.kinds == [("integer", "double", None), ("integer", "boolean", "string")]
    assert dict(made.loaded.cells) == {"id": 2, "a": 2, "b": 1, "c": 1}
    assert (made.loaded.rows, made.loaded.letter("a")) == (2, None)


def test_nested_values_stay_json(read_table: Callable[..., Any], tmp_path: Path) -> None:
    value = '[{"x": 1.0, "y": null, "z": ["é", {"n": 10000000000000000001}]}]'
    path = tmp_path / "t.json"
    path.write_text(f'[{{"id": 1, "a": {value}}}]', encoding="utf-8")
    [(_, _, text)] = read_table(path, "id a").rows
    assert text == value


def test_a_member_left_out_is_blank_but_for_the_key(
    read_table: Callable[..., Any], tmp_path: Path
) -> None:
    path = tmp_path / "t.json"
    path.write_text('[{"id": 1}]', encoding="utf-8")
    assert read_table(path, key="id").rows == [(1, "1", None, None)]
    with pytest.raises(SourceError) as caught:
        read_table(path, key="uid")
    assert caught.value.columns == ("uid",)
    path.write_text('{"data": []}', encoding="utf-8")
    with pytest.raises(SourceError) as caught:
        read_table(path, key="id")
    assert caught.value.rule == "empty-file"


@pytest.mark.parametrize(
    "text", ['{"rows": []}', '{"data": {"a": 1}}', "[1, 2]", '[{"id": 1}, [2]]', '[{"id": 1}']
)
def test_json_that_is_no_list_of_records(
    read_table: Callable[..., Any], tmp_path: Path, text: str
) -> None:
    path = tmp_path / "t.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SourceError) as caught:
        read_table(path)
    assert caught.value.rule == "syntax"


def test_a_csv_that_begins_like_json_is_a_csv(
    read_table: Callable[..., Any], tmp_path: Path
) -> None:
    path = tmp_path / "t.csv"
    path.write_text("id,a,[1]\n1,x,y\n", encoding="utf-8")
    assert read_table(path, "id a [1]").rows == [(2, "1", "x", "y")]
    path.write_text("[1],id,a\n1,x,y\n", encoding="utf-8")
    assert read_table(path, "id a [1]").rows == [(2, "x", "y", "1")]


def database(path: Path, *statements: str) -> Path:
    with closing(sqlite3.connect(path)) as con:
        con.executescript(";".join(statements))
        con.commit()
    return path


TABLE = (
    "CREATE TABLE Cases (id INTEGER, a REAL, b TEXT, on_day DATE, ok BOOLEAN, d DECIMAL(5,2),"
    " x BLOB)",
    "INSERT INTO Cases VALUES (1, 1.5, 'é', '2024-05-01', 1, '1.50', x'00ff'),"
    " (2, 30, '', NULL, 0, NULL, NULL)",
)


def test_the_only_table_of_a_database(read_table: Callable[..., Any], tmp_path: Path) -> None:
    path = database(tmp_path / "t.csv", *TABLE)
    before = path.read_bytes()
    made = read_table(path, "id a b on_day ok d x", nulls=(), key="id")
    assert made.rows == [
        (1, "1", "1.5", "é", "2024-05-01", "true", "1.5", "00FF"),
        (2, "2", "30.0", "", None, "false", None, None),
    ]
    assert made.kinds[0] == (
        ("integer", "double", "string", "date", "boolean", "decimal", "hexBinary")
    )
    assert made.kinds[1] == ("integer", "double", "string", None, "boolean", None, None)
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["t.csv"]


def test_the_table_or_query_that_is_meant(read_table: Callable[..., Any], tmp_path: Path) -> None:
    path = database(tmp_path / "t.db", *TABLE, "CREATE TABLE other (id TEXT)")
    with pytest.raises(SourceError, match="2 tables"):
        read_table(path, "id")
    with pytest.raises(SourceError, match="no table"):
        read_table(path, "id", table="third")
    assert len(read_table(path, "id", table="cases").rows) == 2
    query = "SELECT sum(id) AS n, lower(b) AS u FROM Cases GROUP BY b ORDER BY n"
    assert read_table(path, "n u", query=query).rows == [(1, "1", "é"), (2, "2", None)]


@pytest.mark.parametrize(
    "query",
    [
        "ATTACH DATABASE '{other}' AS o",
        "DELETE FROM Cases",
        "PRAGMA journal_mode = WAL",
        "SELECT load_extension('x')",
        "SELECT id FROM Cases; DROP TABLE Cases",
        "SELECT nothing FROM Cases",
    ],
)
def test_a_query_only_reads(read_table: Callable[..., Any], tmp_path: Path, query: str) -> None:
    path = database(tmp_path / "t.db", *TABLE)
    before = path.read_bytes()
    with pytest.raises(MappingError):
        read_table(path, "id", query=query.format(other=tmp_path / "made.db"))
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["t.db"]


def test_a_database_in_use_is_refused(read_table: Callable[..., Any], tmp_path: Path) -> None:
    path = tmp_path / "t.db"
    with closing(sqlite3.connect(path)) as con:
        con.execute("PRAGMA journal_mode = WAL")
        con.executescript(";".join(TABLE))
        con.commit()
        with pytest.raises(SourceError, match="in use"):
            read_table(path, "id")


def test_a_text_in_another_encoding(read_table: Callable[..., Any], tmp_path: Path) -> None:
    path = database(tmp_path / "t.db", *TABLE, "UPDATE Cases SET b = CAST(x'e9' AS TEXT)")
    with pytest.raises(SourceError) as caught:
        read_table(path, "id b")
    assert (caught.value.rule, caught.value.row) == ("encoding", 1)
    assert len(read_table(path, "id").rows) == 2


def parquet(path: Path, columns: str) -> Path:
    duckdb.sql(f"COPY (SELECT {columns}) TO '{path}' (FORMAT parquet)")
    return path


def test_a_parquet_file(read_table: Callable[..., Any], tmp_path: Path) -> None:
    path = parquet(
        tmp_path / "t.csv",
        "1 AS id, 1.50::DECIMAL(5, 2) AS a, [{'x': 1}] AS b, DATE '2024-05-01' AS \"o'n\","
        " NULL::INTEGER AS n, true AS ok, 'é' AS unread, 2.0::DOUBLE AS f",
    )
    made = read_table(path, "id a b o'n n ok f", key="id")
    assert made.rows == [(1, "1", "1.50", '[{"x":1}]', "2024-05-01", None, "true", "2.0")]
    assert made.kinds == [("integer", "decimal", "string", "date", None, "boolean", "double")]
    assert made.loaded.cells["unread"] == 1
    with pytest.raises(SourceError) as caught:
        read_table(path, "id gone")
    assert caught.value.rule == "missing-column"


@pytest.mark.parametrize("cut", [4, 40, -9])
def test_a_damaged_parquet_file(read_table: Callable[..., Any], tmp_path: Path, cut: int) -> None:
    path = parquet(tmp_path / "t.parquet", "1 AS id")
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(SourceError):
        read_table(path, "id")


def test_a_private_member_is_never_projected(
    read_table: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dpc_kg.lift.sources import reading

    handed: list[str] = []

    def seen(job: Any) -> Iterator[Any]:
        for part in real(job):
            handed.append(json.dumps(part))
            yield part

    real = reading.run_worker
    monkeypatch.setattr(reading, "run_worker", seen)
    path = tmp_path / "t.json"
    path.write_text('[{"id": 1, "name": "Zephyrine-4711"}]', encoding="utf-8")
    assert read_table(path, "id", key="id").loaded.cells["name"] == 1
    assert len(handed) == 3  # whether it is typed, the row, what is told
    assert "Zephyrine" not in "".join(handed)
