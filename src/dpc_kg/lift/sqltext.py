"""SQL text made shorter before it runs, and rows taken as they come."""

import re
from collections.abc import Iterator
from typing import Any

import duckdb

_TOKEN = re.compile(r"'(?:[^']|'')*'|[^']+")
_JOIN = " || "
_BATCH = 10_000


def folded(sql: str) -> str:
    """Give SQL whose neighbouring constant texts (``'a' || 'b'``) are one.

    DuckDB copies the whole text at every ``||``, so a line of a dozen parts costs twice one of
    five. The SQL has no quotation mark in an identifier and no ``E''`` text.
    """
    out: list[str] = []
    for token in _TOKEN.findall(sql):
        if len(out) > 1 and out[-1] == _JOIN and token[0] == "'" == out[-2][0]:
            out.pop()
            out[-1] = out[-1][:-1] + token[1:]
        else:
            out.append(token)
    return "".join(out)


def fetched(con: duckdb.DuckDBPyConnection) -> Iterator[tuple[Any, ...]]:
    """Give the rows of the query that runs, few of them in memory at a time."""
    while rows := con.fetchmany(_BATCH):
        yield from rows
