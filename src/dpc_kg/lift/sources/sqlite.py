"""SQLite files: one table, or the mapping's query, opened so that nothing of the file is changed.

An untrusted database can carry triggers and views that call functions, so the schema is not trusted
and an authorizer lets nothing pass but reading. For that reason a query of any mapping may run: it
can read the one file that was given, for a limited time. Rows are counted from 1.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Any

from dpc_kg.base.errors import MappingError, SourceError
from dpc_kg.lift.sources.grid import Grid, Job, Row
from dpc_kg.lift.sources.header import check_columns
from dpc_kg.lift.sources.kinds import BINARY, BOOLEAN, DOUBLE, INTEGER, STRING, natural_of
from dpc_kg.lift.sources.limits import MAX_LINE
from dpc_kg.lift.unusable import too_large, unreadable

_ALLOWED = {
    sqlite3.SQLITE_SELECT,
    sqlite3.SQLITE_READ,
    sqlite3.SQLITE_FUNCTION,
    sqlite3.SQLITE_RECURSIVE,
}
_REFUSED_FUNCTIONS = {"load_extension", "fts3_tokenizer", "writefile", "readfile", "edit"}
_OWN_TYPES = {BOOLEAN, "date", "dateTime", "time", "decimal"}


class _Text(bytes):
    """A text as stored, told apart from a value of bytes; it may not be UTF-8."""


def read_sqlite(job: Job) -> Grid:
    """Give the rows of a table or query of a SQLite file.

    Raises:
        SourceError: it is damaged, in use, or has no such table or column.
        MappingError: the query is not one that only reads.
    """
    _refuse_open_log(job)
    uri = f"{job.path.as_uri()}?mode=ro&immutable=1"
    con = sqlite3.connect(uri, uri=True)
    con.text_factory = _Text
    con.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_LINE)
    for setting in ("trusted_schema=OFF", "cell_size_check=ON", "mmap_size=0", "temp_store=2"):
        con.execute(f"PRAGMA {setting}")
    try:
        table = _table(con, job) if job.query is None else None
        kinds = _declared(con, table) if table is not None else {}
        con.set_authorizer(_authorize)
        query = job.query if job.query is not None else f"SELECT * FROM {_name(table or '')}"
        cursor = con.execute(query)
    except (sqlite3.Error, sqlite3.Warning) as e:
        con.close()
        raise _failed(job, e) from e
    header = tuple(_decoded(name) for name, *_ in cursor.description or ())
    check_columns(header, job.wanted, job.name, row=None)
    columns = [(n in job.wanted, kinds.get(n)) for n in header]
    return Grid(header, _rows(con, cursor, columns, job), typed=True)


def _refuse_open_log(job: Job) -> None:
    """Refuse a database whose last changes lie in the log beside it, which is not read."""
    log = job.path.with_name(job.path.name + "-wal")
    if log.is_file() and log.stat().st_size:
        raise unreadable(
            job.name,
            "The database is in use: its last changes are not in the file yet.",
            "Close the program that holds it, or export it with VACUUM INTO.",
        )


def _authorize(action: int, first: Any, second: Any, *_: Any) -> int:
    names = {str(first).lower(), str(second).lower()}
    if action not in _ALLOWED or names & _REFUSED_FUNCTIONS:
        return sqlite3.SQLITE_DENY
    return sqlite3.SQLITE_OK


def _failed(job: Job, error: Exception) -> Exception:
    code = getattr(error, "sqlite_errorcode", None)
    if code in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT) or job.query is None:
        return unreadable(job.name, "This is no whole SQLite database.", "Copy or export it again.")
    if code == sqlite3.SQLITE_AUTH:
        return MappingError(
            "The query does more than read.",
            file=job.name,
            advice="One SELECT over tables is run; nothing else is.",
        )
    return MappingError(
        "The query does not run on this database.",
        file=job.name,
        advice="Check its tables and columns against the file.",
    )


def _table(con: sqlite3.Connection, job: Job) -> str:
    """Give the name of the table: the named one, or the only one."""
    found = con.execute(
        "SELECT name FROM sqlite_master WHERE type IN ('table', 'view')"
        " AND name NOT LIKE 'sqlite~_%' ESCAPE '~'"
    ).fetchall()
    names = [_decoded(name) for (name,) in found]
    if job.table is not None and job.table.lower() in {n.lower() for n in names}:
        return next(n for n in names if n.lower() == job.table.lower())
    if job.table is None and len(names) == 1:
        return names[0]
    problem = f"There are {len(names)} tables in it, so it is not clear which is meant."
    if job.table is not None:
        problem = "There is no table of the name that the mapping gives."
    raise unreadable(job.name, problem, "Name the table in the mapping.")


def _declared(con: sqlite3.Connection, table: str) -> dict[str, str]:
    """Give the declared natural type of each column that says more than its values do."""
    found = con.execute("SELECT name, type FROM pragma_table_info(?)", [table]).fetchall()
    kinds = {_decoded(name): natural_of(_decoded(kind)) for name, kind in found}
    return {name: kind for name, kind in kinds.items() if kind in _OWN_TYPES}


def _name(table: str) -> str:
    return '"' + table.replace('"', '""') + '"'


def _decoded(name: str | bytes) -> str:
    return name if isinstance(name, str) else name.decode("utf-8", "replace")


def _rows(
    con: sqlite3.Connection,
    cursor: sqlite3.Cursor,
    columns: list[tuple[bool, str | None]],
    job: Job,
) -> Iterator[Row]:
    """Give the rows; of each column it is known whether it is wanted, and its declared type."""
    with closing(con):
        try:
            for row, values in enumerate(cursor, start=1):
                cells = list(zip(values, columns, strict=True))
                kinds = [_kind(v, declared) for v, (_, declared) in cells]
                texts = [
                    _text(v, kind, wanted)
                    for (v, (wanted, _)), kind in zip(cells, kinds, strict=True)
                ]
                yield row, texts, kinds
        except UnicodeDecodeError as e:
            raise SourceError(
                "A text is not in UTF-8.",
                rule="encoding",
                file=job.name,
                row=row,
                advice="Export the database again as UTF-8.",
            ) from e
        except sqlite3.DataError as e:
            raise too_large(job.name, "a value or row holds over 16 MB") from e
        except sqlite3.DatabaseError as e:
            raise _failed(job, e) from e


def _kind(value: Any, declared: str | None) -> str | None:
    if value is None:
        return None
    if declared is not None and not (declared == BOOLEAN and value not in (0, 1)):
        return declared
    if isinstance(value, bytes):
        return STRING if isinstance(value, _Text) else BINARY
    return INTEGER if isinstance(value, int) else DOUBLE


def _text(value: Any, kind: str | None, wanted: bool) -> str | None:
    if value is None:
        return None
    if isinstance(value, _Text):
        return value.decode(errors="strict" if wanted else "replace")
    if isinstance(value, bytes):
        return value.hex().upper()
    if kind == BOOLEAN:
        return "true" if value else "false"
    return repr(value) if isinstance(value, float) else str(value)
