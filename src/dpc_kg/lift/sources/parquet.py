"""Parquet files, read by DuckDB: each cell as text in the form DuckDB prints, nested ones as JSON.

Every row is a record, counted from 1. Beside a text column stands its natural type.
"""

import duckdb

from dpc_kg.lift.functions import quote
from dpc_kg.lift.plan import Source
from dpc_kg.lift.rows import Loaded, base_table, column, identifier
from dpc_kg.lift.sources.copies import Given
from dpc_kg.lift.sources.delimited import null_texts
from dpc_kg.lift.sources.header import check_columns
from dpc_kg.lift.sources.kinds import natural_of
from dpc_kg.lift.sources.natural import natural_column
from dpc_kg.lift.unusable import unreadable

_NESTED = ("STRUCT", "MAP", "UNION")


def read_parquet(
    con: duckdb.DuckDBPyConnection,
    source: Source,
    wanted: set[str],
    given: Given,
    loaded: Loaded,
) -> int:
    """Read a Parquet file into the source's table; give the number of its first row, 1.

    Raises:
        SourceError: it is damaged, or a column is missing.
    """
    reader = f"read_parquet({quote(str(given.path))})"
    try:
        kinds = {name: kind for name, kind, *_ in con.execute(f"DESCRIBE FROM {reader}").fetchall()}
        check_columns(list(kinds), wanted, given.name, row=None)
        _create(con, source, wanted, kinds, reader)
        counts = ", ".join(f"count(dpc_clean({_text(n, k)}))" for n, k in kinds.items())
        found = con.execute(f"SELECT count(*), {counts} FROM {reader}").fetchone()
    except (duckdb.IOException, duckdb.InvalidInputException, duckdb.SerializationException) as e:
        raise unreadable(given.name, "This is no whole Parquet file.") from e
    loaded.rows, *filled = found or (0,)
    for name, count in zip(kinds, filled, strict=True):
        loaded.cells[name] += count
    return 1


def parquet_header(con: duckdb.DuckDBPyConnection, given: Given) -> list[str]:
    """Give the columns of a Parquet file.

    Raises:
        SourceError: it is damaged.
    """
    reader = f"read_parquet({quote(str(given.path))})"
    try:
        return [name for name, *_ in con.execute(f"DESCRIBE FROM {reader}").fetchall()]
    except (duckdb.IOException, duckdb.InvalidInputException, duckdb.SerializationException) as e:
        raise unreadable(given.name, "This is no whole Parquet file.") from e


def _create(
    con: duckdb.DuckDBPyConnection,
    source: Source,
    wanted: set[str],
    kinds: dict[str, str],
    reader: str,
) -> None:
    nulls = null_texts(source)
    texts = {name: _text(name, kind) for name, kind in kinds.items()}
    own = {name: _without(text, nulls) for name, text in texts.items()}
    key, version = (own[n] if n else "NULL::VARCHAR" for n in (source.key, source.version))
    cells = ", ".join(f"coalesce({text}, '')" for text in texts.values())
    digest = f"md5(concat_ws(chr(31), {cells}))" if source.key else "NULL"
    body = "".join(
        f", {own[name]} AS {column(name)},"
        f" CASE WHEN {identifier(name)} IS NOT NULL THEN {quote(natural_of(kinds[name]))} END"
        f" AS {natural_column(name)}"
        for name in sorted(wanted)
    )
    con.execute(
        f"CREATE TABLE {identifier(base_table(source))} AS SELECT 0 AS _file,"
        f" row_number() OVER () AS _row, {key} AS _key, {version} AS _version,"
        f" {digest} AS _digest{body} FROM {reader}"
    )


def _text(name: str, kind: str) -> str:
    """Give SQL for a cell's text."""
    cell = identifier(name)
    if kind.startswith(_NESTED) or kind.endswith("]"):
        return f"to_json({cell})::VARCHAR"
    return f"{cell}::VARCHAR"


def _without(text: str, nulls: tuple[str, ...]) -> str:
    listed = ", ".join(quote(n) for n in nulls)
    return f"CASE WHEN {text} IN ({listed}) THEN NULL ELSE {text} END" if nulls else text
