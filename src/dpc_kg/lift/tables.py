"""Table sources read into DuckDB, whatever the format of the file that is given.

The contract of every reader: a table ``base_table(source)`` with ``_file``, ``_row``, ``_key``,
``_version``, ``_digest`` and a text column for each column that the mapping reads, no other. A row
has the number that a spreadsheet shows (header = 1), and of a source without a header its place
from 1. Cells keep their lexical form. `Loaded` counts the filled cells of all columns.
"""

import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from dpc_kg.base.errors import MappingError, SourceError
from dpc_kg.lift.plan import NOWHERE, Source, View
from dpc_kg.lift.rows import Loaded, base_table, column, identifier
from dpc_kg.lift.sources import signature
from dpc_kg.lift.sources.container import CHUNK
from dpc_kg.lift.sources.copies import Given, given_file
from dpc_kg.lift.sources.delimited import TextFile, read_delimited
from dpc_kg.lift.sources.parquet import read_parquet
from dpc_kg.lift.sources.reading import read_apart
from dpc_kg.lift.unusable import no_rows


def load_table(
    con: duckdb.DuckDBPyConnection,
    source: Source,
    views: list[View],
    path: Path,
    *,
    allow_empty: bool = False,
    titles: Mapping[str, str] | None = None,
    optional: Collection[str] = (),
    counted: bool = True,
) -> Loaded:
    """Read a table source into its table.

    ``titles`` gives the name by which the mapping knows a header of a CSV file or workbook, for
    headers in the user's language. A column that is ``optional`` may be lacking: its cells are
    blank then. Without ``counted`` the filled cells need not be counted.

    Copies are made in the connection's private folder alone. A table with a header and no row is
    refused, for a snapshot of it would withdraw everything, unless ``allow_empty`` or the source is
    optional.

    Raises:
        SourceError: empty, unreadable, over a cap, a missing column, a quote that swallows rows.
        MappingError: it is a folder, or the mapping asks for what is not supported.
    """
    if path.is_dir():
        raise MappingError(
            "A table is one file, and this is a folder.",
            file=path.name,
            advice=f"Name the file: --source {source.name}=FILE.",
        )
    loaded = Loaded(source, files=[path.name], counted=counted)
    work = private_folder(con)
    given = given_file(source, path, work)
    try:
        reader = _Reader(con, source, given, loaded, titles or {})
        wanted = wanted_columns(source, views)
        loaded.first = _read_lenient(reader.read, loaded, con, wanted, optional)
    finally:
        if given.path != path:
            given.path.unlink(missing_ok=True)
    if given.path != path or not loaded.digests:
        loaded.digests = [_digest(path)]
    _check_filled(source, loaded, allow_empty=allow_empty)
    return loaded


def load_server(
    con: duckdb.DuckDBPyConnection,
    source: Source,
    views: list[View],
    uri: str,
    *,
    allow_query: bool = False,
    allow_empty: bool = False,
    optional: Collection[str] = (),
) -> Loaded:
    """Read a table or query of a PostgreSQL server into the source's table.

    A source that names neither has the table of its own name.

    Raises:
        NotSupported: the driver is not installed.
        MappingError: the query needs leave (``allow_query``), or cannot be run.
        DpcError: the server does not answer.
        SourceError: a column is missing, or there is no row.
    """
    from dpc_kg.lift.sources.postgres import read_postgres

    if source.table is None and source.query is None:
        source = replace(source, table=source.given)
    loaded = Loaded(source, files=[f"postgresql:{source.table or 'query'}"])

    def read(wanted: set[str]) -> int:
        return read_postgres(con, source, wanted, uri, loaded, allow_query=allow_query)

    loaded.first = _read_lenient(read, loaded, con, wanted_columns(source, views), optional)
    loaded.digests = [_digest_of_rows(con, source)]
    _check_filled(source, loaded, allow_empty=allow_empty)
    return loaded


def _check_filled(source: Source, loaded: Loaded, *, allow_empty: bool) -> None:
    """Refuse a table without rows where it must have some."""
    if not (loaded.rows or loaded.rejects or allow_empty or source.optional):
        raise no_rows(loaded.files[0])


@dataclass(frozen=True)
class _Reader:
    """Reads a file into the source's table, by the reader of its format."""

    con: duckdb.DuckDBPyConnection
    source: Source
    given: Given
    loaded: Loaded
    titles: Mapping[str, str]

    def read(self, wanted: set[str]) -> int:
        """Make the table with these columns; give the first row's number."""
        con, source, given, loaded = self.con, self.source, self.given, self.loaded
        if given.kind == signature.CSV:
            file = TextFile(given.path, given.name)
            return read_delimited(con, source, wanted, file, loaded, self.titles)
        if given.kind == signature.PARQUET:
            return read_parquet(con, source, wanted, given, loaded)
        return read_apart(con, source, wanted, given, loaded, self.titles)


def _read_lenient(
    read: Callable[[set[str]], int],
    loaded: Loaded,
    con: duckdb.DuckDBPyConnection,
    wanted: set[str],
    optional: Collection[str],
) -> int:
    """Read the table; an optional column that is lacking is made of blanks.

    A reader looks at the header before anything else, so nothing is read twice but that.
    """
    try:
        return read(wanted)
    except SourceError as e:
        lacking = set(e.columns) & set(optional) if e.rule == "missing-column" else set()
        if not lacking:
            raise
    loaded.digests.clear()
    first = read(wanted - lacking)
    table = identifier(base_table(loaded.source))
    for name in sorted(lacking):
        con.execute(f"ALTER TABLE {table} ADD COLUMN {column(name)} VARCHAR")
    return first


def private_folder(con: duckdb.DuckDBPyConnection) -> Path:
    """Give the folder of a lift's connection that is removed with it (`engine.connect`)."""
    found = con.execute("SELECT current_setting('temp_directory')").fetchone()
    return Path(found[0] if found else "").parent


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    for chunk in _chunks(path):
        digest.update(chunk)
    return digest.hexdigest()


def _digest_of_rows(con: duckdb.DuckDBPyConnection, source: Source) -> str:
    """Give a digest of what was read of a server, in whatever order it gave the rows."""
    cells = f"SELECT * EXCLUDE (_file, _row) FROM {identifier(base_table(source))}"
    rows = f"SELECT sha256(to_json(t)::VARCHAR) AS h FROM ({cells}) t"
    found = con.execute(f"SELECT coalesce(string_agg(h, '' ORDER BY h), '') FROM ({rows})")
    return hashlib.sha256(str((found.fetchone() or ("",))[0]).encode()).hexdigest()


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk


def wanted_columns(source: Source, views: list[View]) -> set[str]:
    """Give the columns the mapping reads."""
    wanted = {c for c in (source.key, source.version) if c is not None}
    for view in views:
        inner = {i.name for i in view.iterables}
        wanted |= {r for n, r in view.fields if not n.endswith("#") and not _is_inside(n, inner)}
        wanted |= {
            i.cell for i in view.iterables if i.cell is not None and not _is_inside(i.name, inner)
        }
    return wanted - {NOWHERE}


def _is_inside(name: str, iterables: set[str]) -> bool:
    """Tell whether a field or iterable stands inside an iterable."""
    above = name.rpartition(".")[0]
    while above:
        if above in iterables:
            return True
        above = above.rpartition(".")[0]
    return False
