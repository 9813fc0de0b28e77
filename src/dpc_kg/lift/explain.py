"""Where a statement came from: the plan inverted for every row that makes a subject.

Nothing is kept beside the data for it. A subject is looked for in the rows of the views, and the
cells its properties are made of are named by the term maps.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import duckdb

from dpc_kg.lift.emit import join_condition
from dpc_kg.lift.plan import Plan, PredicateObject, TriplesPlan
from dpc_kg.lift.resolved import Resolved
from dpc_kg.lift.rows import Loaded
from dpc_kg.lift.terms import Scope, Setting, table_of, term_sql
from dpc_kg.lift.trace import blamed, column_of, pair_fields


@dataclass(frozen=True)
class Cell:
    """A cell of a source: file, row, column or path, and its letter in a spreadsheet."""

    source: str
    file: str
    row: int
    column: str
    letter: str | None


@dataclass(frozen=True)
class Statement:
    """A predicate and object (N-Quads terms) of a subject, and the cells they were made of.

    The cell that decided comes first; a constant has none but those of the subject.
    """

    predicate: str
    object: str
    cells: tuple[Cell, ...]
    subject_cells: tuple[Cell, ...]


class Explain:
    """Finds the statements of a subject in one lift, each with its cells."""

    def __init__(
        self,
        con: duckdb.DuckDBPyConnection,
        plan: Plan,
        resolved: dict[str, Resolved],
        setting: Setting,
        loaded: dict[str, Loaded],
    ) -> None:
        self.con = con
        self.plan = plan
        self.resolved = resolved
        self.setting = setting
        self.loaded = loaded

    def statements(self, subject: str) -> list[Statement]:
        """Give the statements made of a subject (an IRI, or a term in N-Quads form), in order.

        One statement made of several rows comes once for each.
        """
        term = subject if subject.startswith(("<", "_:")) else f"<{subject}>"
        found = [s for triples in self.plan.maps for s in self._of(triples, term)]
        return sorted(dict.fromkeys(found), key=lambda s: (s.predicate, s.object, str(s.cells)))

    def _of(self, triples: TriplesPlan, term: str) -> Iterator[Statement]:
        for pair in triples.pairs:
            yield from self._made(triples, pair, term)

    def _made(self, triples: TriplesPlan, pair: PredicateObject, term: str) -> Iterator[Statement]:
        own = self._scope(triples, "t")
        tables, item, other = f"{table_of(own.resolved)} t", term_sql(pair.object, own), None
        if pair.join is not None:
            parent = self.plan.triples(pair.join.parent)
            other = self._scope(parent, "p")
            item = term_sql(parent.subject, other)
            tables += f" JOIN {table_of(other.resolved)} p ON {join_condition(pair.join)}"
        beside = "p._file, p._row, p._path" if other is not None else "NULL, NULL, NULL"
        rows = self.con.execute(
            f"SELECT DISTINCT t._file, t._row, t._path, {beside},"
            f" {term_sql(pair.predicate, own)} AS p, {item} AS o FROM {tables}"
            f" WHERE {term_sql(triples.subject, own)} = $1 AND p IS NOT NULL AND o IS NOT NULL",
            [term],
        ).fetchall()
        for file, row, at, file2, row2, at2, predicate, value in rows:
            cells = self._cells(own.resolved, pair_fields(pair), file, row, at)
            if pair.join is not None and other is not None and not pair.join.conditions:
                fields = blamed(pair.object.expression)
                cells = self._cells(other.resolved, fields, file2, row2, at2)
            named = self._cells(own.resolved, blamed(triples.subject.expression), file, row, at)
            yield Statement(predicate, value, cells, named)

    def _scope(self, triples: TriplesPlan, alias: str) -> Scope:
        return Scope(self.resolved[triples.view], alias, triples.base or self.setting.base)

    def _cells(
        self, resolved: Resolved, fields: list[str], file: int, row: int, at: str | None
    ) -> tuple[Cell, ...]:
        view = resolved.view
        loaded = self.loaded[view.source]
        found = []
        for name in fields:
            if name == "#":
                continue
            column = column_of(self.plan, view, name, at)
            cell = Cell(view.source, loaded.files[file], row, column, loaded.letter(column))
            if cell not in found:
                found.append(cell)
        return tuple(found)
