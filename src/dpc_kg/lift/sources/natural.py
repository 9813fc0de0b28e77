"""The natural type of a cell, kept beside its text: RML's natural datatypes need it.

A source that has types (SQL, Parquet, JSON) has for each text column ``f_<name>`` a text column
``n_<name>`` with one of the words below, or NULL where there is no value. CSV and workbooks have
none: there a cell is what it reads.
"""

import duckdb

from dpc_kg.lift.plan import Source
from dpc_kg.lift.rows import base_table, column_name, identifier


def natural_column(name: str) -> str:
    """Give, as an SQL identifier, the column that holds the natural types of a source's column."""
    return identifier("n_" + column_name(name).removeprefix("f_"))


def has_natural(con: duckdb.DuckDBPyConnection, source: Source) -> bool:
    """Tell whether a loaded source has natural types beside its text."""
    described = con.execute(f"DESCRIBE {identifier(base_table(source))}").fetchall()
    return any(name.startswith("n_") for name, *_ in described)
