"""The plan inverted: the rows that make the statements of subjects, and the cells they read."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from dpc_kg.lift.blame import blamed, deciding
from dpc_kg.lift.emit import join_condition
from dpc_kg.lift.fieldpaths import Leaf, leaf_column, leaves, owner_of
from dpc_kg.lift.plan import Const, Join, Plan, PredicateObject, TriplesPlan, View
from dpc_kg.lift.resolved import Resolved
from dpc_kg.lift.rows import Loaded, column_name
from dpc_kg.lift.terms import Scope, Setting, table_of, term_sql

Row = dict[str, Any]
"""A row of a view's table by column; what a joined record adds begins with ``p:``."""

_BATCH = 5_000


@dataclass(frozen=True)
class Cell:
    """A cell of a source: file, sheet, row, column or path, its letter in a spreadsheet.

    ``value`` is the text the mapping read there; None where it is blank, or only part of a text
    that was read. ``key`` is the place in terms of the source, as rejects name it.
    """

    source: str
    file: str
    sheet: str | None
    row: int
    column: str
    letter: str | None
    value: str | None
    key: tuple[str, str, int, str]


@dataclass(frozen=True)
class Origin:
    """A row of a subject and one pair of its map: the terms it makes there (N-Quads), or None."""

    subject: str
    triples: TriplesPlan
    pair: PredicateObject
    predicate: str | None
    object: str | None
    row: Row


@dataclass(frozen=True)
class _Part:
    """A source's field behind a view's: its column where no path decides it, its text's column."""

    leaf: Leaf
    column: str | None
    holder: str | None


class Origins:
    """Looks subjects up in the rows of one lift."""

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
        self._known: dict[tuple[str, str], list[_Part]] = {}
        self._widths: dict[str, int] = {}

    def rows(
        self, triples: TriplesPlan, pairs: Sequence[PredicateObject], subjects: Iterable[str]
    ) -> Iterator[tuple[str, Row, list[Origin]]]:
        """Give each row of the subjects (N-Quads terms) in the file's order, with its pairs.

        Pairs that another record completes come with rows of their own.
        """
        wanted = sorted(set(subjects))
        if not wanted or not _may_be(triples, wanted):
            return
        own = [p for p in pairs if p.join is None]
        yield from self._made(triples, own, None, wanted)
        for pair in pairs:
            if pair.join is not None:
                yield from self._made(triples, [pair], pair.join, wanted)

    def beside(
        self, triples: TriplesPlan, pairs: Sequence[PredicateObject], file: int, row: int
    ) -> list[Origin]:
        """Give what the pairs make of one row of the map's view, whatever its subject."""
        own = [p for p in pairs if p.join is None]
        where = ("t._file = ? AND t._row = ?", [file, row])
        return [o for _, _, made in self._asked(triples, own, None, where) for o in made]

    def _made(
        self,
        triples: TriplesPlan,
        pairs: Sequence[PredicateObject],
        join: Join | None,
        wanted: list[str],
    ) -> Iterator[tuple[str, Row, list[Origin]]]:
        subject = term_sql(triples.subject, self._scope(triples, "t"))
        where = (f"{subject} IN (SELECT unnest(?::VARCHAR[]))", [wanted])
        return self._asked(triples, pairs, join, where)

    def _asked(
        self,
        triples: TriplesPlan,
        pairs: Sequence[PredicateObject],
        join: Join | None,
        where: tuple[str, list[Any]],
    ) -> Iterator[tuple[str, Row, list[Origin]]]:
        scope = self._scope(triples, "t")
        columns = [f"{term_sql(triples.subject, scope)} AS s"]
        tables = f"{table_of(scope.resolved)} t"
        other = None
        if join is not None:
            other = self._scope(self.plan.triples(join.parent), "p")
            # a row that meets no other makes nothing: its own cells are the ones to look at
            tables += f" LEFT JOIN {table_of(other.resolved)} p ON {join_condition(join)}"
        for number, pair in enumerate(pairs):
            made = pair.object if join is None else self.plan.triples(join.parent).subject
            item = term_sql(made, scope if other is None else other)
            if other is not None:
                item = f"CASE WHEN p._row IS NOT NULL THEN {item} END"
            columns += [f"{term_sql(pair.predicate, scope)} AS p{number}", f"{item} AS o{number}"]
        columns.append("t.*")
        if other is not None:
            columns.append("p.*")
        cursor = self.con.cursor()
        cursor.execute(
            f"SELECT {', '.join(columns)} FROM {tables} WHERE {where[0]} ORDER BY t._file, t._row",
            where[1],
        )
        names = [d[0] for d in cursor.description or []]
        first = 1 + 2 * len(pairs)
        named = names[first:] if other is None else self._marked(names[first:], scope.resolved)
        while batch := cursor.fetchmany(_BATCH):
            for subject, *values in batch:
                row = dict(zip(named, values[first - 1 :], strict=True))
                terms = zip(pairs, values[0::2], values[1::2], strict=False)
                made_of = [Origin(subject, triples, pair, p, o, row) for pair, p, o in terms]
                yield subject, row, made_of

    def _marked(self, names: list[str], resolved: Resolved) -> list[str]:
        """Give the names of a row's columns; those of a joined record marked."""
        table = table_of(resolved)
        if table not in self._widths:
            cursor = self.con.execute(f"SELECT * FROM {table} LIMIT 0")
            self._widths[table] = len(cursor.description or [])
        own = self._widths[table]
        return [*names[:own], *(f"p:{name}" for name in names[own:])]

    def _scope(self, triples: TriplesPlan, alias: str) -> Scope:
        return Scope(self.resolved[triples.view], alias, triples.base or self.setting.base)

    # -- cells

    def cells(self, origin: Origin) -> list[Cell]:
        """Give the cells a statement is made of, the one that decided first.

        None where the mapping says it of every row alike.
        """
        pair = origin.pair
        view = self.resolved[origin.triples.view].view
        found = self._cells(view, deciding(pair, is_filled(origin.row)), origin.row)
        if pair.join is not None:
            parent = self.plan.triples(pair.join.parent)
            row = {k.removeprefix("p:"): v for k, v in origin.row.items() if k.startswith("p:")}
            fields = blamed(parent.subject.expression)
            found += self._cells(self.resolved[parent.view].view, fields, row)
        return list(dict.fromkeys(found))

    def subject_cells(self, triples: TriplesPlan, row: Row) -> list[Cell]:
        """Give the cells the subject of a row is made of."""
        fields = blamed(triples.subject.expression)
        return self._cells(self.resolved[triples.view].view, fields, row)

    def _cells(self, view: View, fields: list[str], row: Row) -> list[Cell]:
        made = (c for name in fields if name != "#" for c in self.cells_of(view, name, row))
        return list(dict.fromkeys(made))

    def cells_of(self, view: View, field: str, row: Row) -> list[Cell]:
        """Give the cells a field of a view holds in a row: several where it is made of several."""
        found = []
        for part in self._parts(view, field):
            slot = part.leaf.slot
            number = row[f"_file{slot}"]
            if number is None:
                continue  # a left join that found no row
            loaded = self.loaded[part.leaf.view.source]
            file, at = loaded.files[number], row[f"_path{slot}"]
            column = part.column or leaf_column(self.plan, part.leaf, at)
            value = None if part.holder is None else row.get(part.holder)
            found.append(
                Cell(
                    loaded.source.given,
                    file,
                    loaded.sheet,
                    row[f"_row{slot}"],
                    loaded.shown(column) or column,
                    loaded.letter(column),
                    None if value is None else str(value),
                    (part.leaf.view.source, file, row[f"_row{slot}"], column),
                )
            )
        return found

    def _parts(self, view: View, field: str) -> list[_Part]:
        """Give what a field of a view is made of, worked out once."""
        known = self._known.get((view.name, field))
        if known is None:
            found = leaves(self.plan, view, field)
            known = [self._part(view, field, leaf, is_one=len(found) == 1) for leaf in found]
            self._known[(view.name, field)] = known
        return known

    def _part(self, view: View, field: str, leaf: Leaf, *, is_one: bool) -> _Part:
        is_inner = owner_of(leaf.view, leaf.field) is not None
        column = None if is_inner else leaf_column(self.plan, leaf, None)
        if leaf.view is view:
            return _Part(leaf, column, column_name(leaf.field))
        return _Part(leaf, column, column_name(field) if is_one else None)


def is_filled(row: Row) -> Callable[[str], bool]:
    """Give what tells whether a field of a row is filled."""

    def told(field: str) -> bool:
        value = row.get(column_name(field))
        return value is not None and bool(str(value).strip())

    return told


def _may_be(triples: TriplesPlan, wanted: list[str]) -> bool:
    """Tell whether a map may make one of the subjects: a constant one makes only its own."""
    made = triples.subject.expression
    if not isinstance(made, Const):
        return True
    return made.text in wanted or f"<{made.text}>" in wanted
