"""Rows of text columns from the records of a document, gathered in batches into DuckDB tables."""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import duckdb
from lxml import etree

from dpc_kg.base.faults import column_letter
from dpc_kg.lift.columns import by_columns
from dpc_kg.lift.expand import Bad, Expansion, walker_of
from dpc_kg.lift.handover import handed_over
from dpc_kg.lift.paths import Found, filters_in
from dpc_kg.lift.plan import Source, View
from dpc_kg.lift.reject import Rejects
from dpc_kg.lift.walkers import JsonWalker, TooDeep

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


def natural(name: str) -> str:
    """Give the SQL identifier of the natural datatype of a view's field."""
    return identifier(f"n_{safe(name)}")


class Table:
    """A DuckDB table of two numbers (file, row) and text columns (identifiers), in batches."""

    def __init__(self, con: duckdb.DuckDBPyConnection, name: str, columns: tuple[str, ...]) -> None:
        self.con = con
        self.name = name
        self.columns = columns
        body = "".join(f", {c} VARCHAR" for c in columns)
        con.execute(f"CREATE TABLE {identifier(name)} (_file INTEGER, _row BIGINT{body})")
        self.rows: list[tuple[Any, ...]] = []
        self.held: list[list[Any]] = []

    def add(self, file: int, row: int, values: tuple[str | None, ...]) -> None:
        """Add one row."""
        self.rows.append((file, row, *values))
        if len(self.rows) >= _BATCH:
            self.flush()

    def flush(self) -> None:
        """Bring the gathered rows into the table."""
        if self.rows:
            self._insert(list(zip(*self.rows, strict=True)))
            self.rows = []
        if self.held:
            self._insert(self.held)
            self.held = []

    def extend(self, columns: Sequence[Sequence[Any]]) -> None:
        """Add rows given as columns: file, row, texts."""
        if not self.held:
            self.held = [[] for _ in columns]
        for held, column in zip(self.held, columns, strict=True):
            held.extend(column)
        if len(self.held[0]) >= _BATCH:
            self.flush()

    def _insert(self, columns: Sequence[Sequence[Any]]) -> None:
        if not len(columns[0]):
            return
        kinds = ("INTEGER", "BIGINT", *("VARCHAR",) * len(self.columns))
        select, args = handed_over(kinds, columns)
        self.con.execute(f"INSERT INTO {identifier(self.name)} {select}", args)


@dataclass
class Loaded:
    """What was read of a source: its files by name, rows, cells by general path, rejects.

    ``first`` is the number of the first row of data: 2 below a header. ``header`` holds the texts
    that stand in the file; ``titles`` gives the text of a column that is known by another name (a
    header in the user's language). ``sheet`` is the sheet that was read of a workbook. Without
    ``counted`` a reader need not count the cells.
    """

    source: Source
    files: list[str] = field(default_factory=list)
    digests: list[str] = field(default_factory=list)
    rows: int = 0
    cells: Counter[str] = field(default_factory=Counter)
    header: tuple[str, ...] = ()
    rejects: Rejects = field(default_factory=Rejects)
    first: int = 1
    sheet: str | None = None
    titles: dict[str, str] = field(default_factory=dict)
    counted: bool = True

    def shown(self, column: str | None) -> str | None:
        """Give the header of a column as it stands in the file."""
        return column if column is None else self.titles.get(column, column)

    def letter(self, column: str | None) -> str | None:
        """Give the spreadsheet letter of a column; None in a document, which has none."""
        shown = self.shown(column)
        return column_letter(self.header.index(shown)) if shown in self.header else None


def base_table(source: Source) -> str:
    """Give the name of the table of a source's records."""
    return f"s_{safe(source.name)}"


def view_table(view: View) -> str:
    """Give the name of the table of a view's rows."""
    return f"v_{safe(view.name)}"


def rows_table(view: View) -> str:
    """Give the name of the table of the rows that are read of a source, before joins."""
    return f"b_{safe(view.name)}" if view.is_derived else view_table(view)


class RecordRows:
    """Turns records into rows of the source's table and of each view on it."""

    def __init__(
        self,
        con: duckdb.DuckDBPyConnection,
        source: Source,
        views: list[View],
        cells: Counter[str] | None,
    ) -> None:
        """Make the tables; with ``cells`` every leaf of a record is counted there."""
        self.walker = walker_of(source.formulation, source.namespaces)
        if isinstance(self.walker, JsonWalker):
            self.walker.filters = _filters(views)
        self.source = source
        self.cells = cells
        self.base = Table(con, base_table(source), ("_key", "_version", "_digest"))
        self.views = [(Expansion(v, source), view_rows(con, v)) for v in views]
        self.many = [by_columns(expansion) for expansion, _ in self.views]
        self.alone = [v for v, many in zip(self.views, self.many, strict=True) if many is None]
        self.batch: list[tuple[int, int, Any]] = []
        self.bare: list[tuple[int, int]] = []

    def add(self, file: int, row: int, node: Any) -> None:
        """Add one record.

        Raises:
            TooDeep: it is nested deeper than is read.
        """
        if self.cells is not None:
            for path, holds in self.walker.leaves(node):
                self.cells[path] += holds
        if self.source.key is None and self.source.version is None:
            self.bare.append((file, row))
            if len(self.bare) >= _BATCH:
                self._settle_bare()
        else:
            top: Found = ("", "", node)
            key = self._one(top, self.source.key)
            version = self._one(top, self.source.version)
            self.base.add(file, row, (key, version, _digest(node) if key else None))
        self.expand(file, row, node)

    def expand(self, file: int, row: int, node: Any) -> None:
        """Add the rows of the views on a record, without the record itself."""
        if len(self.alone) < len(self.views):
            self.batch.append((file, row, node))
            if len(self.batch) >= _BATCH:
                self.settle()
        for expansion, table in self.alone:
            for values in expansion.rows(node, row):
                table.add(file, row, values)

    def settle(self) -> None:
        """Make the rows of the records that are held, and let go of them.

        Raises:
            TooDeep: one of them is nested deeper than is read; tells its file and row.
        """
        if not self.batch:
            return
        files, numbers, nodes = zip(*self.batch, strict=True)
        for (expansion, table), many in zip(self.views, self.many, strict=True):
            if many is None:
                continue
            try:
                made = many(nodes, numbers)
            except RecursionError:
                self._find_deep(expansion)
                raise
            places = [[held[n] for n in made.records] for held in (files, numbers)]
            table.extend([*places, *made.columns])
        self.batch = []

    def _find_deep(self, expansion: Expansion) -> None:
        for file, row, node in self.batch:
            try:
                expansion.rows(node, row)
            except RecursionError as e:
                raise TooDeep(file, row) from e

    def flush(self) -> None:
        """Bring everything gathered into the tables."""
        self.settle()
        self._settle_bare()
        self.base.flush()
        for _, table in self.views:
            table.flush()

    def _settle_bare(self) -> None:
        """Bring the records without a key into the table: their numbers are all there is."""
        if self.bare:
            files, numbers = zip(*self.bare, strict=True)
            nothing = [None] * len(files)
            self.base.extend([files, numbers, nothing, nothing, nothing])
            self.bare = []

    @property
    def bad(self) -> list[Bad]:
        """The (row, column) of texts in cells that are not what a view reads them as."""
        return sorted({b for expansion, _ in self.views for b in expansion.bad})

    def _one(self, found: Found, reference: str | None) -> str | None:
        if reference is None:
            return None
        return self.walker.values(found, reference)[0][0]


def _filters(views: list[View]) -> dict[str, list[tuple[str, str]]]:
    """Give by list the members and values by which views pick its items."""
    made: dict[str, list[tuple[str, str]]] = {}
    for view in views:
        places: dict[str, str] = {"": ""}
        asked = [(i.name, i.path) for i in view.iterables if i.cell is None]
        for name, path in (*asked, *view.fields):
            above = name.rpartition(".")[0]
            while above not in places:
                above = above.rpartition(".")[0]
            places[name], found = filters_in(path, places[above])
            for at, picked in found:
                made.setdefault(at, []).append(picked)
    return {at: list(dict.fromkeys(picked)) for at, picked in made.items()}


def view_rows(con: duckdb.DuckDBPyConnection, view: View) -> Table:
    """Make the table of a view's rows: path, fields, natural datatypes."""
    names = [column(n) for n, _ in view.fields] + [natural(n) for n in view.naturals]
    return Table(con, rows_table(view), ("_path", *names))


def load_cells(
    con: duckdb.DuckDBPyConnection,
    source: Source,
    view: View,
    counts: Counter[str] | None,
    first: int,
) -> list[Bad]:
    """Fill the table of a view on a table whose iterables read texts in cells.

    What literals hold is added to ``counts`` by general path. Gives the (row, column) of each cell
    that is not what it is read as.
    """
    expansion = Expansion(view, source, counts, first)
    cells = [i.cell for i in view.iterables if i.cell is not None]
    own = [r for n, r in view.fields if expansion.owner(n) == 0 and not n.endswith("#")]
    wanted = list(dict.fromkeys([*cells, *own]))
    held = " OR ".join(f"dpc_clean({column(c)}) IS NOT NULL" for c in cells)
    cursor = con.cursor()
    cursor.execute(
        f"SELECT _file, _row, {', '.join(column(c) for c in wanted)}"
        f" FROM {identifier(base_table(source))} WHERE {held} ORDER BY _row"
    )
    table = view_rows(con, view)
    while batch := cursor.fetchmany(_BATCH):
        for file, row, *values in batch:
            for made in expansion.rows(dict(zip(wanted, values, strict=True)), row):
                table.add(file, row, made)
    table.flush()
    return expansion.bad


def _digest(node: Any) -> str:
    """Give a digest of a record's content, whatever the order of its members."""
    if isinstance(node, (dict, list)):
        text = json.dumps(node, ensure_ascii=False, sort_keys=True).encode()
    else:
        text = etree.tostring(node, method="c14n", with_tail=False)
    return hashlib.sha256(text).hexdigest()
