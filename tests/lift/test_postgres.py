"""PostgreSQL: texts in the forms of XSD, natural types, and nothing but reading.

Needs the driver, and a server: that of the URI in ``DPC_POSTGRES``, or one started here where
PostgreSQL is installed. Skipped by name without.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from dpc_kg.base.errors import DpcError, MappingError, NotSupported, SourceError
from dpc_kg.lift.engine import connect
from dpc_kg.lift.plan import Source, View
from dpc_kg.lift.rows import base_table, column
from dpc_kg.lift.sources import postgres
from dpc_kg.lift.sources.natural import natural_column
from dpc_kg.lift.tables import load_server
from tests.lift.pgserver import a_server

COLUMNS = "id n d b t z day x ok"
NOWHERE = "postgresql://someone:Zephyrine-4711@127.0.0.1:1/none"


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The URI of a server, with a table of its own."""
    dbapi = pytest.importorskip("adbc_driver_postgresql.dbapi", reason="needs the driver")
    with a_server() as uri, dbapi.connect(uri, autocommit=True) as db, db.cursor() as cursor:
        for statement in (
            "DROP TABLE IF EXISTS dpc_test",
            "CREATE TABLE dpc_test (id INTEGER, n NUMERIC(5, 2), d DOUBLE PRECISION, b TEXT,"
            " t TIMESTAMP, z TIMESTAMPTZ, day DATE, x BYTEA, ok BOOLEAN, secret TEXT)",
            "INSERT INTO dpc_test VALUES (1, 1.50, 0.1, 'é', '2024-05-01 10:00:00',"
            " '2024-05-01 10:00:00+02', '2024-05-01', '\\x00ff', true, 'Zephyrine-4711'),"
            " (2, NULL, NULL, '', NULL, NULL, NULL, NULL, NULL, NULL)",
        ):
            cursor.execute(statement)
        yield uri
        cursor.execute("DROP TABLE dpc_test")


def read(folder: Path, uri: str, columns: str = COLUMNS, **source: Any) -> list[Any]:
    """Give rows with texts and natural types; ``allow_query`` is for the reader."""
    allow = source.pop("allow_query", False)
    wanted = Source("t", "", "CSV", **source)
    names = columns.split()
    views = [View("v", "t", tuple((n, n) for n in names))]
    with connect(folder, [], None, None) as con:
        load_server(con, wanted, views, uri, allow_query=allow)
        assert list(folder.rglob("*.csv")) == []
        cells, types = (", ".join(f(n) for n in names) for f in (column, natural_column))
        table = f'"{base_table(wanted)}" ORDER BY _row'
        rows = con.execute(f"SELECT {cells} FROM {table}").fetchall()
        kinds = con.execute(f"SELECT {types} FROM {table}").fetchall()
        return list(zip(rows, kinds, strict=True))


def test_a_table(server: str, tmp_path: Path) -> None:
    one, two = read(tmp_path, server, table="dpc_test", nulls=(), key="id")
    assert one == (
        ("1", "1.50", "0.1", "é", "2024-05-01T10:00:00", "2024-05-01T08:00:00Z", "2024-05-01",
         "00FF", "true"),
        ("integer", "decimal", "double", "string", "dateTime", "dateTime", "date", "hexBinary",
         "boolean"),
    )  # fmt: skip
    none = [None] * 5
    assert two == (("2", None, None, "", *none), ("integer", None, None, "string", *none))


def test_a_query_needs_leave_and_only_reads(server: str, tmp_path: Path) -> None:
    query = "SELECT id, n * 2 AS m FROM dpc_test WHERE id = 1"
    with pytest.raises(MappingError, match="--allow-query"):
        read(tmp_path, server, "id m", query=query)
    assert read(tmp_path, server, "id m", query=query, allow_query=True) == [
        (("1", "3.00"), ("integer", "decimal"))
    ]
    for bad in (
        "DELETE FROM dpc_test RETURNING id",
        "WITH d AS (DELETE FROM dpc_test RETURNING id) SELECT id FROM d",
        "SELECT id FROM dpc_test) q; DROP TABLE dpc_test; --",
        "SELECT nothing FROM dpc_test",
    ):
        with pytest.raises(DpcError):
            read(tmp_path, server, "id", query=bad, allow_query=True)
    assert len(read(tmp_path, server, "id", table="public.dpc_test")) == 2


def test_what_is_not_there(server: str, tmp_path: Path) -> None:
    with pytest.raises(SourceError) as caught:
        read(tmp_path, server, "id gone", table="dpc_test")
    assert caught.value.columns == ("gone",)
    with pytest.raises(MappingError):
        read(tmp_path, server, "id", table="dpc_gone")


def test_an_address_is_never_repeated(tmp_path: Path) -> None:
    pytest.importorskip("adbc_driver_postgresql.dbapi", reason="needs the driver")
    with pytest.raises(DpcError) as caught:
        read(tmp_path, NOWHERE, table="dpc_test")
    assert "Zephyrine" not in str(caught.value)


def test_without_the_driver_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "adbc_driver_postgresql.dbapi", None)
    with pytest.raises(NotSupported, match="pip install"):
        read(tmp_path, NOWHERE, table="dpc_test")


def test_a_plain_name_is_left_and_another_quoted() -> None:
    table: Callable[[str], str] = postgres._table
    assert table("Friends") == "Friends"
    assert table("public.cases") == "public.cases"
    assert table("case list; DROP TABLE x") == '"case list; DROP TABLE x"'
    assert table('a" b') == '"a b"'
