"""CSV files read as text columns with row numbers, by an explicit dialect and never by sniffing.

DuckDB reads the file; where it finds a malformed row, or where blank lines shift the count, the
slower standard reader goes over it again so that every row number is the one a spreadsheet shows.
"""

import codecs
import csv
import difflib
import hashlib
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from dpc_kg.base.errors import SourceError
from dpc_kg.base.faults import column_letter
from dpc_kg.lift.functions import quote
from dpc_kg.lift.plan import Source, View
from dpc_kg.lift.rows import Loaded, Reject, Table, base_table, identifier, view_table
from dpc_kg.lift.ruby import load_cells

_DELIMITERS = ",;\t|"
_CHUNK = 1 << 20
_FEW_COLUMNS = 3
_BLANK = re.compile(rb"\n\r?\n|^\r?\n")


@dataclass(frozen=True)
class Dialect:
    """How a CSV file is written: its delimiter and header; whether blank lines stand in it."""

    delimiter: str
    header: tuple[str, ...]
    blank_lines: bool

    def index(self, column: str) -> int:
        """Give the 0-based place of a column."""
        return self.header.index(column)


def load_table(
    con: duckdb.DuckDBPyConnection, source: Source, views: list[View], path: Path
) -> Loaded:
    """Read a CSV source into its tables.

    Raises:
        SourceError: empty, wrong encoding, a missing column, or a quote that swallows rows.
    """
    wanted = _wanted(source, views)
    loaded = Loaded(source, files=[path.name])
    dialect = _dialect(path, wanted, loaded)
    loaded.columns = {name: i for i, name in enumerate(dialect.header)}
    _check_columns(dialect, wanted, path)
    columns = sorted(wanted)
    if dialect.blank_lines or not _read_fast(con, source, dialect, columns, path, loaded):
        _read_slowly(con, source, dialect, columns, path, loaded)
    if not loaded.rows and not loaded.rejects:
        raise SourceError(
            "There is no row below the header.",
            rule="empty-file",
            file=path.name,
            advice="Export it again.",
        )
    for view in views:
        for row, column in _fill_view(con, source, view, loaded):
            letter = column_letter(dialect.index(column))
            made = Reject(source.name, path.name, row, column, "ruby-literal", letter=letter)
            loaded.rejects.append(made)
    return loaded


def _wanted(source: Source, views: list[View]) -> set[str]:
    """Give the columns the mapping reads."""
    wanted = {c for c in (source.key, source.version) if c is not None}
    for view in views:
        wanted |= {ref for name, ref in view.fields if not _owner(view, name) and name != "#"}
        wanted |= {i.cell for i in view.iterables if i.cell is not None}
    return wanted


def _owner(view: View, field: str) -> bool:
    """Tell whether a field belongs to an iterable of the view."""
    return any(field.startswith(f"{i.name}.") for i in view.iterables)


def _dialect(path: Path, wanted: set[str], loaded: Loaded) -> Dialect:
    digest, blank, first = _scan(path)
    loaded.digests.append(digest)
    headers = {d: _header(first, d, path) for d in _DELIMITERS}
    best = max(_DELIMITERS, key=lambda d: (len(wanted & set(headers[d])), d == ","))
    return Dialect(best, headers[best], blank)


def _header(first: str, delimiter: str, path: Path) -> tuple[str, ...]:
    try:
        row = next(csv.reader([first], delimiter=delimiter, strict=True))
    except csv.Error as e:
        raise _quote_fault(path, 1) from e
    return tuple(cell.strip() for cell in row)


def _scan(path: Path) -> tuple[str, bool, str]:
    """Check the encoding; give the digest, whether a blank line stands in it, the first line."""
    digest = hashlib.sha256()
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    blank, tail, line, first = False, b"", 1, ""
    with path.open("rb") as file:
        for chunk in iter(lambda: file.read(_CHUNK), b""):
            digest.update(chunk)
            text = _decoded(decoder, chunk, path, line)
            if "\n" not in first and "\r" not in first:
                first += text
            blank = blank or _BLANK.search(tail + chunk) is not None
            tail = chunk[-2:]
            line += chunk.count(b"\n")
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as e:
        raise _encoding_fault(path, line) from e
    if not first.strip():
        raise SourceError(
            "The file is empty.", rule="empty-file", file=path.name, advice="Export it again."
        )
    return digest.hexdigest(), blank, first.splitlines()[0] if first.strip() else ""


def _decoded(decoder: codecs.IncrementalDecoder, chunk: bytes, path: Path, line: int) -> str:
    try:
        text = decoder.decode(chunk)
    except UnicodeDecodeError as e:
        raise _encoding_fault(path, line + e.object[: e.start].count(b"\n")) from e
    if "\0" in text:
        raise _encoding_fault(path, line)
    return text


def _encoding_fault(path: Path, line: int) -> SourceError:
    return SourceError(
        "The file is not in UTF-8.",
        rule="encoding",
        file=path.name,
        line=line,
        advice="Save it again as CSV UTF-8.",
    )


def _quote_fault(path: Path, line: int) -> SourceError:
    return SourceError(
        "A quotation mark is opened and not closed here, so rows run into one another.",
        rule="quote",
        file=path.name,
        line=line,
        advice='Put the cell in quotation marks, and write "" for a mark inside it.',
    )


def _check_columns(dialect: Dialect, wanted: set[str], path: Path) -> None:
    missing = sorted(wanted - set(dialect.header))
    if not missing:
        return
    near = difflib.get_close_matches(missing[0], dialect.header, n=1)
    hint = f" The nearest there is {near[0]}." if near else ""
    raise SourceError(
        f"The column {missing[0]} is missing"
        + (f", and {len(missing) - 1} more." if len(missing) > 1 else "."),
        rule="missing-column",
        file=path.name,
        row=1,
        column=missing[0],
        advice=f"Export with all mapped columns: {', '.join(missing)}.{hint}",
    )


def _digest_sql(dialect: Dialect) -> str:
    cells = ", ".join(f"coalesce(c{i}, '')" for i in range(len(dialect.header)))
    return f"md5(concat_ws(chr(31), {cells}))"


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
    digest = _digest_sql(dialect) if source.key else "NULL"
    body = "".join(f", c{dialect.index(c)} AS {identifier(c)}" for c in columns)
    table = identifier(base_table(source))
    try:
        con.execute(
            f"CREATE TABLE {table} AS SELECT 0 AS _file, row_number() OVER () + 1 AS _row,"
            f" {key} AS _key, {version} AS _version, {digest} AS _digest{body} FROM {reader}"
        )
        counts = ", ".join(f"count(nullif(trim(c{i}), ''))" for i in range(width))
        swallowed = " OR ".join(_swallowing(f"c{i}", dialect) for i in range(width))
        row = con.execute(
            f"SELECT count(*), {counts}, count(*) FILTER ({swallowed}) FROM {reader}"
        ).fetchone()
    except duckdb.InvalidInputException:
        con.execute(f"DROP TABLE IF EXISTS {table}")
        return False
    if row is None or row[-1]:
        con.execute(f"DROP TABLE {table}")
        return False
    loaded.rows = row[0]
    loaded.cells.update(dict(zip(dialect.header, row[1:-1], strict=True)))
    return True


def _place(dialect: Dialect, column: str | None) -> str:
    return f"c{dialect.index(column)}" if column is not None else "NULL::VARCHAR"


def _swallowing(column: str, dialect: Dialect) -> str:
    """Give SQL that is true when a cell holds whole lines shaped like rows of this file."""
    if len(dialect.header) <= _FEW_COLUMNS:
        return "FALSE"
    commas = len(dialect.header) - 1
    mark = quote(dialect.delimiter)
    inner = f"list_slice(string_split({column}, chr(10)), 2, -2)"
    shaped = f"lambda l: len(l) - len(replace(l, {mark}, '')) = {commas}"
    return f"(contains({column}, chr(10)) AND len(list_filter({inner}, {shaped})) > 0)"


def _read_slowly(
    con: duckdb.DuckDBPyConnection,
    source: Source,
    dialect: Dialect,
    columns: list[str],
    path: Path,
    loaded: Loaded,
) -> None:
    table = Table(con, base_table(source), ("_key", "_version", "_digest", *columns))
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
        digest = (
            hashlib.sha256("\x1f".join(cells).encode()).hexdigest() if key is not None else None
        )
        own = (_at(text, key), _at(text, version), digest)
        table.add(0, row, (*own, *(text[p] for p in places)))
    table.flush()


def _at(cells: list[str | None], place: int | None) -> str | None:
    return cells[place] if place is not None else None


def _records(dialect: Dialect, path: Path) -> Iterator[tuple[int, int, list[str]]]:
    """Give (row number, line number, cells) of each row below the header."""
    csv.field_size_limit(min(sys.maxsize, 1 << 24))
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file, delimiter=dialect.delimiter, strict=True)
        start, row = 1, 0
        try:
            for row, cells in enumerate(reader, start=1):
                start, line = reader.line_num + 1, start
                if row == 1 or not cells:
                    continue
                if _swallows(cells, dialect):
                    raise _quote_fault(path, line)
                yield row, line, cells
        except csv.Error as e:
            raise _quote_fault(path, start) from e


def _swallows(cells: list[str], dialect: Dialect) -> bool:
    if len(dialect.header) <= _FEW_COLUMNS:
        return False
    commas = len(dialect.header) - 1
    inner = (line for cell in cells if "\n" in cell for line in cell.split("\n")[1:-1])
    return any(line.count(dialect.delimiter) == commas for line in inner)


def _miscounted(
    source: Source, dialect: Dialect, path: Path, row: int, line: int, count: int
) -> Reject:
    """Give the reject of a row with too few or too many cells, at the first cell concerned."""
    place = min(count, len(dialect.header) - 1)
    column, letter = dialect.header[place], column_letter(place)
    return Reject(source.name, path.name, row, column, "column-count", line, letter)


def _fill_view(
    con: duckdb.DuckDBPyConnection, source: Source, view: View, loaded: Loaded
) -> list[tuple[int, str]]:
    """Make the view's rows; give the (row, column) of cells that hold no literal."""
    if view.iterables:
        return load_cells(con, source, view, loaded.cells)
    body = "".join(
        f", {'(_row - 2)::VARCHAR' if name == '#' else identifier(ref)} AS {identifier(name)}"
        for name, ref in view.fields
    )
    con.execute(
        f"CREATE VIEW {identifier(view_table(view))} AS SELECT _file, _row,"
        f" NULL::VARCHAR AS _path{body} FROM {identifier(base_table(source))}"
    )
    return []
