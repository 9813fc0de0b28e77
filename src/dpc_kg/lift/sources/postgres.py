"""PostgreSQL: a table or the mapping's query, in a transaction that only reads.

Needs the packages ``adbc-driver-postgresql`` and ``pyarrow``. A query runs with the rights of
whoever connects, and functions of the server can do much: one of an outside mapping needs leave.
"""

import importlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb

from dpc_kg.base.errors import DpcError, MappingError, NotSupported
from dpc_kg.lift.functions import quote
from dpc_kg.lift.plan import Source
from dpc_kg.lift.rows import Loaded, identifier
from dpc_kg.lift.sources.copies import Given
from dpc_kg.lift.sources.grid import Grid, Job, Row
from dpc_kg.lift.sources.header import check_columns
from dpc_kg.lift.sources.kinds import BINARY, DATETIME, natural_of
from dpc_kg.lift.sources.limits import SECONDS
from dpc_kg.lift.sources.plain import Plain
from dpc_kg.lift.sources.reading import job_of, plain_table, take

POSTGRES = "postgresql"
_BATCH = 10_000
_CONNECT = 30
"""Seconds in which a server has to answer."""

_SETTINGS = (
    "SET TRANSACTION READ ONLY",
    f"SET LOCAL statement_timeout = '{SECONDS}s'",
    "SET LOCAL TimeZone = 'UTC'",
    "SET LOCAL DateStyle = 'ISO'",
    "SET LOCAL IntervalStyle = 'iso_8601'",
)


def read_postgres(
    con: duckdb.DuckDBPyConnection,
    source: Source,
    wanted: set[str],
    uri: str,
    loaded: Loaded,
    *,
    allow_query: bool,
) -> int:
    """Read a table or query into the source's table; give its first row's number, 1.

    ``uri`` is one of libpq, or a JDBC one; no message repeats it, for it may hold a password.

    Raises:
        NotSupported: the driver is not installed.
        MappingError: the query needs leave, or does not run.
        DpcError: the server does not answer.
        SourceError: a column is missing.
    """
    if source.query is not None and not allow_query:
        raise MappingError(
            "A query of a mapping that is not ours is not run on a database server.",
            term=f"source {source.name}",
            advice="Read the query first, and then allow it with --allow-query.",
        )
    dbapi = _driver()
    job = job_of(source, wanted, Given(Path(), f"{POSTGRES}:{source.table or 'query'}", POSTGRES))
    try:
        with dbapi.connect(_in_time(uri.removeprefix("jdbc:"))) as db, db.cursor() as cursor:
            plain = Plain(job, _grid(cursor, job))
            table = plain_table(con, source, job, typed=plain.grid.typed)
            for row, values in plain.rows():
                table.add(0, row, tuple(values))
    except dbapi.Error as e:
        # its text may repeat the address or a cell, and a traceback would show it
        raise _failed(source, e, late=isinstance(e, dbapi.OperationalError)) from None
    table.flush()
    return take(source, job, plain.told(), loaded)


def _in_time(uri: str) -> str:
    """Give an address with a time limit for the connection; libpq would wait for ever."""
    if "connect_timeout=" in uri:
        return uri
    return f"{uri}{'&' if '?' in uri else '?'}connect_timeout={_CONNECT}"


def _driver() -> Any:
    try:
        importlib.import_module("pyarrow")  # the driver gives rows with its help alone
        return importlib.import_module("adbc_driver_postgresql.dbapi")
    except ImportError as e:
        raise NotSupported(
            "Reading PostgreSQL needs a driver that is not installed.",
            advice="Install it: pip install 'dpc-kg[postgres]'.",
        ) from e


def _unreached(source: Source) -> DpcError:
    return DpcError(
        "The database cannot be reached, or took too long.",
        term=f"source {source.name}",
        advice="Check its address, name, user and password.",
    )


def _failed(source: Source, error: Any, *, late: bool) -> DpcError:
    state = str(getattr(error, "sqlstate", "") or "")
    # a connection, a resource, or an operator's stop: not the mapping's fault
    if late or state[:2] in {"", "08", "28", "3D", "53", "57"}:
        return _unreached(source)
    return MappingError(
        "The table or query cannot be read.",
        term=f"source {source.name}",
        advice=f"Check its name, columns and rights; the server says {state}.",
    )


def _grid(cursor: Any, job: Job) -> Grid:
    for setting in _SETTINGS:
        cursor.execute(setting)
    inner = job.query if job.query is not None else f"SELECT * FROM {_table(job.table or '')}"
    cursor.execute(f"SELECT * FROM ({inner}) q LIMIT 0")
    header = tuple(name for name, *_ in cursor.description)
    cursor.fetchall()
    check_columns(header, job.wanted, job.name, row=None)
    cells = ", ".join(f"pg_typeof(q.{identifier(n)})::text" for n in header)
    cursor.execute(
        f"SELECT {cells} FROM (SELECT 1) o LEFT JOIN LATERAL ({inner}) q ON true LIMIT 1"
    )
    kinds = cursor.fetchone()
    texts = ", ".join(_text(n, kind) for n, kind in zip(header, kinds, strict=True))
    cursor.execute(f"SELECT {texts} FROM ({inner}) q")
    natural: list[str | None] = [natural_of(kind) for kind in kinds]
    return Grid(header, _rows(cursor, natural), typed=True)


def _table(name: str) -> str:
    """Give a table's name, quoted unless it is plain: a schema may stand before it."""
    parts = name.replace('"', "").split(".")
    if all(part.isidentifier() for part in parts) and '"' not in name:
        return ".".join(parts)
    return ".".join(identifier(part) for part in parts)


def _text(name: str, kind: str) -> str:
    """Give SQL for the text of a column, in the forms of XSD where PostgreSQL has its own."""
    cell = f"q.{identifier(name)}"
    if natural_of(kind) == BINARY:
        return f"upper(encode({cell}, 'hex'))"
    if natural_of(kind) == DATETIME:
        text = f"replace({cell}::text, ' ', 'T')"
        return f"replace({text}, {quote('+00')}, 'Z')" if "with time zone" in kind else text
    return f"{cell}::text"


def _rows(cursor: Any, natural: list[str | None]) -> Iterator[Row]:
    row = 0
    while batch := cursor.fetchmany(_BATCH):
        for values in batch:
            row += 1
            yield row, list(values), natural
