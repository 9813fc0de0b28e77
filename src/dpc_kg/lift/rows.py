"""Rows of text columns from the records of a document, gathered in batches into DuckDB tables."""

import hashlib
import itertools
import json
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import duckdb
from lxml import etree

from dpc_kg.base.faults import column_letter
from dpc_kg.lift.paths import Found, Walker
from dpc_kg.lift.plan import Source, View

_BATCH = 20_000
_PLAIN = re.compile(r"[a-z_][a-z0-9_.]*")


def identifier(name: str) -> str:
    """Give an SQL identifier, quoted."""
    return '"' + name.replace('"', '""') + '"'


def safe(name: str) -> str:
    """Give a name that no other name equals, even where case is not told apart (as in DuckDB)."""
    if _PLAIN.fullmatch(name):
        return name
    return "0" + name.encode().hex()


def column_name(name: str) -> str:
    """Give the name in SQL of a source's column or a view's field; never one of our own."""
    return f"f_{safe(name)}"


def column(name: str) -> str:
    """Give the same as an SQL identifier."""
    return identifier(column_name(name))


class Table:
    """A DuckDB table of two numbers (file, row) and text columns (identifiers), in batches."""

    def __init__(self, con: duckdb.DuckDBPyConnection, name: str, columns: tuple[str, ...]) -> None:
        self.con = con
        self.name = name
        self.columns = columns
        body = "".join(f", {c} VARCHAR" for c in columns)
        con.execute(f"CREATE TABLE {identifier(name)} (_file INTEGER, _row BIGINT{body})")
        self.rows: list[tuple[Any, ...]] = []

    def add(self, file: int, row: int, values: tuple[str | None, ...]) -> None:
        """Add one row."""
        self.rows.append((file, row, *values))
        if len(self.rows) >= _BATCH:
            self.flush()

    def flush(self) -> None:
        """Bring the gathered rows into the table."""
        if not self.rows:
            return
        lists = [list(column) for column in zip(*self.rows, strict=True)]
        kinds = ["INTEGER[]", "BIGINT[]", *["VARCHAR[]"] * len(self.columns)]
        body = ", ".join(f"unnest(?::{kind})" for kind in kinds)
        self.con.execute(f"INSERT INTO {identifier(self.name)} SELECT {body}", lists)
        self.rows = []


@dataclass
class Reject:
    """A cell or row of a source that cannot be used; ``rule`` is a notation of ``source-fault``."""

    source: str
    file: str
    row: int | None
    column: str | None
    rule: str
    line: int | None = None
    letter: str | None = None


@dataclass
class Loaded:
    """What was read of a source: its files by name, rows, cells by general path, rejects."""

    source: Source
    files: list[str] = field(default_factory=list)
    digests: list[str] = field(default_factory=list)
    rows: int = 0
    cells: Counter[str] = field(default_factory=Counter)
    header: tuple[str, ...] = ()
    rejects: list[Reject] = field(default_factory=list)

    def letter(self, column: str | None) -> str | None:
        """Give the spreadsheet letter of a column; None in a document, which has none."""
        return column_letter(self.header.index(column)) if column in self.header else None


def base_table(source: Source) -> str:
    """Give the name of the table of a source's records."""
    return f"s_{safe(source.name)}"


def view_table(view: View) -> str:
    """Give the name of the table of a view's rows."""
    return f"v_{safe(view.name)}"


class RecordRows:
    """Turns records into rows of the source's table and of each view on it."""

    def __init__(
        self,
        con: duckdb.DuckDBPyConnection,
        walker: Walker,
        source: Source,
        views: list[View],
    ) -> None:
        self.walker = walker
        self.source = source
        self.base = Table(con, base_table(source), ("_key", "_version", "_digest"))
        self.views = [
            (v, Table(con, view_table(v), ("_path", *(column(n) for n, _ in v.fields))))
            for v in views
        ]

    def add(self, file: int, row: int, node: Any, cells: Counter[str]) -> None:
        """Add one record."""
        for path, holds in self.walker.leaves(node):
            cells[path] += holds
        top: Found = ("", "", node)
        key = self._one(top, self.source.key)
        version = self._one(top, self.source.version)
        self.base.add(file, row, (key, version, _digest(node) if key else None))
        for view, table in self.views:
            for values in self._expand(view, top, row):
                table.add(file, row, values)

    def flush(self) -> None:
        """Bring everything gathered into the tables."""
        self.base.flush()
        for _, table in self.views:
            table.flush()

    def _one(self, found: Found, reference: str | None) -> str | None:
        if reference is None:
            return None
        return self.walker.texts(found, reference)[0]

    def _expand(self, view: View, top: Found, row: int) -> list[tuple[str | None, ...]]:
        contexts = [({"": top}, {"#": str(row - 1)}, "")]
        for iterable in view.iterables:
            parent = iterable.name.rpartition(".")[0]
            contexts = [
                ({**nodes, iterable.name: item}, {**index, f"{iterable.name}.#": str(i)}, item[0])
                for nodes, index, _ in contexts
                for i, item in enumerate(
                    self.walker.iterate(nodes[parent][2], iterable.path, nodes[parent][0])
                )
            ]
        return [r for nodes, index, at in contexts for r in self._rows(view, nodes, index, at)]

    def _rows(
        self, view: View, nodes: dict[str, Found], index: dict[str, str], at: str
    ) -> list[tuple[str | None, ...]]:
        columns: list[list[str | None]] = []
        for name, reference in view.fields:
            if name in index:
                columns.append([index[name]])
                continue
            owner = name.rpartition(".")[0]
            while owner not in nodes:
                owner = owner.rpartition(".")[0]
            columns.append(self.walker.texts(nodes[owner], reference))
        return [(at, *values) for values in itertools.product(*columns)]


def _digest(node: Any) -> str:
    """Give a digest of a record's content, whatever the order of its members."""
    if isinstance(node, (dict, list)):
        text = json.dumps(node, ensure_ascii=False, sort_keys=True).encode()
    else:
        text = etree.tostring(node, method="c14n", with_tail=False)
    return hashlib.sha256(text).hexdigest()
