"""CSV files read as text columns with row numbers, by an explicit dialect and never by sniffing.

DuckDB reads the file; where it finds a malformed row, or where blank lines shift the count, the
slower standard reader goes over it again so that every row number is the one a spreadsheet shows.
"""

import csv
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

from dpc_kg.base.faults import column_letter
from dpc_kg.lift.functions import quote
from dpc_kg.lift.plan import Source
from dpc_kg.lift.reject import Reject
from dpc_kg.lift.rows import Loaded, Table, base_table, column, identifier
from dpc_kg.lift.sources.dialect import Dialect, find_dialect, records, style_of
from dpc_kg.lift.sources.header import titles_of
from dpc_kg.lift.unusable import open_quote

_LINE = 1 << 21
"""Bytes of a row that DuckDB reads; a longer one is left to the other reader."""

_BUFFER = 1 << 24
"""Left alone it would be a multiple of the longest line, or the whole file.

DuckDB may take a quoted line break at the edge of a buffer for a fault: then the other reader has
the file. It does not where ``parallel`` is off, but there it drops a row whose quote stays open.
"""

_FEW_COLUMNS = 2
_INNER_COLUMNS = 4


@dataclass(frozen=True)
class TextFile:
    """A UTF-8 file at ``path``, told about by ``name``: the copy of a packed one, say."""

    path: Path
    name: str


def read_delimited(
    con: duckdb.DuckDBPyConnection,
    source: Source,
    wanted: set[str],
    file: TextFile,
    loaded: Loaded,
    titles: Mapping[str, str] | None = None,
) -> int:
    """Read a CSV file into the source's table; give the number of the first row of data.

    Raises:
        SourceError: empty, wrong encoding, a missing column, or a quote that swallows rows.
        MappingError: the mapping declares a dialect that is not supported.
    """
    dialect = find_dialect(file.path, file.name, wanted, style_of(source.options), titles)
    loaded.digests.append(dialect.digest)
    loaded.header = dialect.shown
    loaded.titles = titles_of(dialect.shown, titles or {})
    columns = sorted(wanted)
    if not dialect.plain or not _read_fast(con, source, dialect, columns, file, loaded):
        _read_slowly(con, source, dialect, columns, file, loaded)
    return dialect.style.first_row


def null_texts(source: Source) -> tuple[str, ...]:
    """Give the texts that stand for no value: the declared ones, else the blank cell."""
    return source.nulls if source.nulls is not None else ("",)


def _read_fast(
    con: duckdb.DuckDBPyConnection,
    source: Source,
    dialect: Dialect,
    columns: list[str],
    file: TextFile,
    loaded: Loaded,
) -> bool:
    """Read by DuckDB; give False when a row is malformed, so that the other reader finds it."""
    width, style = len(dialect.header), dialect.style
    named = ", ".join(f"'c{i}': 'VARCHAR'" for i in range(width))
    # where no text stands for no value, one that no file holds: NUL is refused before
    nulls = ", ".join(quote(text) for text in null_texts(source)) or "chr(0)"
    reader = (
        f"read_csv({quote(str(file.path))}, auto_detect=false, header={str(style.header).lower()},"
        f" skip={style.skip}, delim={quote(dialect.delimiter)}, quote='\"', escape='\"',"
        f" nullstr=[{nulls}], columns={{{named}}}, max_line_size={_LINE},"
        f" buffer_size={_BUFFER})"
    )
    key, version = _place(dialect, source.key), _place(dialect, source.version)
    cells = ", ".join(f"coalesce(c{i}, '')" for i in range(width))
    digest = f"md5(concat_ws(chr(31), {cells}))" if source.key else "NULL"
    body = "".join(f", c{dialect.index(c)} AS {column(c)}" for c in columns)
    table = identifier(base_table(source))
    broken = " OR ".join(f"contains(c{i}, chr(10))" for i in range(width))
    row = f"concat_ws({quote(dialect.delimiter)}, {cells})"
    swallowed = f"CASE WHEN {broken} THEN {_swallowing(dialect, row)} ELSE FALSE END"
    counts = ", ".join(f"count(dpc_clean(c{i}))" for i in range(width))
    try:
        con.execute(
            f"CREATE TABLE {table} AS SELECT 0 AS _file,"
            f" row_number() OVER () + {style.first_row - 1} AS _row,"
            f" {key} AS _key, {version} AS _version, {digest} AS _digest{body},"
            f" {swallowed} AS _swallowed FROM {reader}"
        )
        found = con.execute(f"SELECT count(*), bool_or(_swallowed) FROM {table}").fetchone()
        filled = None
        if found is not None and not found[1]:
            con.execute(f"ALTER TABLE {table} DROP COLUMN _swallowed")
            asked = f"SELECT {counts} FROM {reader}" if loaded.counted else None
            filled = con.execute(asked).fetchone() if asked else None
    except (duckdb.InvalidInputException, duckdb.NotImplementedException):
        found = None
    if found is None or found[1]:
        con.execute(f"DROP TABLE IF EXISTS {table}")
        return False
    loaded.rows = found[0]
    for name, count in zip(dialect.header, filled or (), strict=bool(filled)):
        loaded.cells[name] += count
    return True


def _place(dialect: Dialect, name: str | None) -> str:
    return f"c{dialect.index(name)}" if name is not None else "NULL::VARCHAR"


def _swallowing(dialect: Dialect, row: str) -> str:
    """Give SQL true for a row (its text without quotes) that looks like several rows in one.

    So it does when every line of it has the delimiters of a row, or a whole line inside has.
    """
    if len(dialect.header) <= _FEW_COLUMNS:
        return "FALSE"
    mark = quote(dialect.delimiter)
    lines = f"string_split({row}, chr(10))"
    shaped = f"lambda l: len(l) - len(replace(l, {mark}, '')) = {dialect.marks}"
    tests = [f"len(list_filter({lines}, {shaped})) = len({lines})"]
    if len(dialect.header) >= _INNER_COLUMNS:
        tests.append(f"len(list_filter(list_slice({lines}, 2, -2), {shaped})) > 0")
    return f"contains({row}, chr(10)) AND ({' OR '.join(tests)})"


def _swallows(cells: list[str], dialect: Dialect) -> bool:
    """Tell the same of the cells of a row."""
    row = dialect.delimiter.join(cells)
    if len(dialect.header) <= _FEW_COLUMNS or "\n" not in row:
        return False
    shaped = [line.count(dialect.delimiter) == dialect.marks for line in row.split("\n")]
    inner = len(dialect.header) >= _INNER_COLUMNS and any(shaped[1:-1])
    return all(shaped) or inner


def _read_slowly(
    con: duckdb.DuckDBPyConnection,
    source: Source,
    dialect: Dialect,
    columns: list[str],
    file: TextFile,
    loaded: Loaded,
) -> None:
    names = ("_key", "_version", "_digest", *(column(c) for c in columns))
    table = Table(con, base_table(source), names)
    places = [dialect.index(c) for c in columns]
    key = dialect.index(source.key) if source.key else None
    version = dialect.index(source.version) if source.version else None
    nulls = frozenset(null_texts(source))
    try:
        with records(file.path, dialect.delimiter, dialect.style) as rows:
            if dialect.style.header:
                next(rows, None)
            for row, line, cells in rows:
                loaded.rows += 1
                if _swallows(cells, dialect):
                    raise open_quote(file.name, line)
                if len(cells) != len(dialect.header):
                    loaded.rejects.append(_miscounted(source, dialect, file, row, len(cells)))
                    continue
                for name, cell in zip(dialect.header, cells, strict=True):
                    loaded.cells[name] += bool(cell.strip()) and cell not in nulls
                text = [None if cell in nulls else cell for cell in cells]
                own = (_at(text, key), _at(text, version), _digest(cells) if source.key else None)
                table.add(0, row, (*own, *(text[p] for p in places)))
    except csv.Error as e:
        raise open_quote(file.name, int(e.args[0])) from e
    table.flush()


def _digest(cells: list[str]) -> str:
    return hashlib.sha256("\x1f".join(cells).encode()).hexdigest()


def _at(cells: list[str | None], place: int | None) -> str | None:
    return cells[place] if place is not None else None


def _miscounted(source: Source, dialect: Dialect, file: TextFile, row: int, count: int) -> Reject:
    """Give the reject of a row with too few or too many cells, at the first cell concerned."""
    place = min(count, len(dialect.header) - 1)
    name, letter = dialect.header[place], column_letter(place)
    return Reject(source.name, file.name, row, name, "column-count", letter)
