"""CSV files read as text columns with row numbers, by an explicit dialect and never by sniffing.

DuckDB reads the file; where it finds a malformed row, or where blank lines shift the count, the
slower standard reader goes over it again so that every row number is the one a spreadsheet shows.
"""

import csv
import hashlib
from collections.abc import Iterator
from pathlib import Path

import duckdb

from dpc_kg.base.errors import MappingError, SourceError
from dpc_kg.base.faults import column_letter
from dpc_kg.lift.dialect import Dialect, find_dialect
from dpc_kg.lift.functions import quote
from dpc_kg.lift.plan import Source, View
from dpc_kg.lift.rows import Loaded, Reject, Table, base_table, column, identifier
from dpc_kg.lift.unusable import open_quote

_FEW_COLUMNS = 2
_INNER_COLUMNS = 4


def load_table(
    con: duckdb.DuckDBPyConnection,
    source: Source,
    views: list[View],
    path: Path,
    *,
    outside: bool = False,
) -> Loaded:
    """Read a CSV source into its tables.

    Raises:
        SourceError: empty, wrong encoding, a missing column, or a quote that swallows rows.
        MappingError: it is a folder, or a path of the mapping is outside the supported subset.
    """
    if path.is_dir():
        raise MappingError(
            "A table is one file, and this is a folder.",
            file=path.name,
            advice=f"Name the file: --source {source.name}=FILE.",
        )
    wanted = _wanted(source, views)
    loaded = Loaded(source, files=[path.name])
    dialect = find_dialect(path, wanted)
    loaded.digests.append(dialect.digest)
    loaded.header = dialect.header
    columns = sorted(wanted)
    if not dialect.plain or not _read_fast(con, source, dialect, columns, path, loaded):
        _read_slowly(con, source, dialect, columns, path, loaded)
    if not loaded.rows and not loaded.rejects:
        raise SourceError(
            "There is no row below the header.",
            rule="empty-file",
            file=path.name,
            advice="Export it again.",
        )
    return loaded


def _wanted(source: Source, views: list[View]) -> set[str]:
    """Give the columns the mapping reads."""
    wanted = {c for c in (source.key, source.version) if c is not None}
    for view in views:
        owned = [
            n for n, _ in view.fields if any(n.startswith(f"{i.name}.") for i in view.iterables)
        ]
        wanted |= {r for n, r in view.fields if n not in owned and not n.endswith("#")}
        inner = {i.name for i in view.iterables}
        wanted |= {
            i.cell for i in view.iterables if i.cell is not None and not _is_inside(i.name, inner)
        }
    return wanted


def _is_inside(name: str, iterables: set[str]) -> bool:
    """Tell whether an iterable stands inside another."""
    above = name.rpartition(".")[0]
    while above:
        if above in iterables:
            return True
        above = above.rpartition(".")[0]
    return False


def _read_fast(
    con: duckdb.DuckDBPyConnection,
    source: Source,
    dialect: Dialect,
    columns: list[str],
    path: Path,
    loaded: Loaded,
) -> bool:
    """Read by DuckDB; give False when a row is malformed, so that the other reader finds it."""
    width = len(dialect.header)
    named = ", ".join(f"'c{i}': 'VARCHAR'" for i in range(width))
    reader = (
        f"read_csv({quote(str(path))}, auto_detect=false, header=true,"
        f" delim={quote(dialect.delimiter)}, quote='\"', escape='\"', nullstr='',"
        f" columns={{{named}}}, max_line_size=16777216)"
    )
    key, version = _place(dialect, source.key), _place(dialect, source.version)
    cells = ", ".join(f"coalesce(c{i}, '')" for i in range(width))
    digest = f"md5(concat_ws(chr(31), {cells}))" if source.key else "NULL"
    body = "".join(f", c{dialect.index(c)} AS {column(c)}" for c in columns)
    table = identifier(base_table(source))
    try:
        con.execute(
            f"CREATE TABLE {table} AS SELECT 0 AS _file, row_number() OVER () + 1 AS _row,"
            f" {key} AS _key, {version} AS _version, {digest} AS _digest{body} FROM {reader}"
        )
        counts = ", ".join(f"count(dpc_clean(c{i}))" for i in range(width))
        broken = " OR ".join(f"contains(c{i}, chr(10))" for i in range(width))
        row = f"concat_ws({quote(dialect.delimiter)}, {cells})"
        swallowed = f"CASE WHEN {broken} THEN {_swallowing(dialect, row)} ELSE FALSE END"
        found = con.execute(
            f"SELECT count(*), {counts}, count(*) FILTER ({swallowed}) FROM {reader}"
        ).fetchone()
    except duckdb.InvalidInputException:
        found = None
    if found is None or found[-1]:
        con.execute(f"DROP TABLE IF EXISTS {table}")
        return False
    loaded.rows = found[0]
    for name, count in zip(dialect.header, found[1:-1], strict=True):
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
    path: Path,
    loaded: Loaded,
) -> None:
    names = ("_key", "_version", "_digest", *(column(c) for c in columns))
    table = Table(con, base_table(source), names)
    places = [dialect.index(c) for c in columns]
    key = dialect.index(source.key) if source.key else None
    version = dialect.index(source.version) if source.version else None
    for row, line, cells in _records(dialect, path):
        loaded.rows += 1
        if len(cells) != len(dialect.header):
            loaded.rejects.append(_miscounted(source, dialect, path, row, line, len(cells)))
            continue
        for name, cell in zip(dialect.header, cells, strict=True):
            loaded.cells[name] += bool(cell.strip())
        text = [cell or None for cell in cells]
        digest = None
        if key is not None:
            digest = hashlib.sha256("\x1f".join(cells).encode()).hexdigest()
        own = (_at(text, key), _at(text, version), digest)
        table.add(0, row, (*own, *(text[p] for p in places)))
    table.flush()


def _at(cells: list[str | None], place: int | None) -> str | None:
    return cells[place] if place is not None else None


def _records(dialect: Dialect, path: Path) -> Iterator[tuple[int, int, list[str]]]:
    """Give (row number, line number, cells) of each row below the header."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file, delimiter=dialect.delimiter, strict=True)
        start = 1
        try:
            for row, cells in enumerate(reader, start=1):
                line, start = start, reader.line_num + 1
                if row == 1 or not cells:
                    continue
                if _swallows(cells, dialect):
                    raise open_quote(path.name, line)
                yield row, line, cells
        except csv.Error as e:
            raise open_quote(path.name, start) from e


def _miscounted(
    source: Source, dialect: Dialect, path: Path, row: int, line: int, count: int
) -> Reject:
    """Give the reject of a row with too few or too many cells, at the first cell concerned."""
    place = min(count, len(dialect.header) - 1)
    name, letter = dialect.header[place], column_letter(place)
    return Reject(source.name, path.name, row, name, "column-count", line, letter)
