"""The one place to name for a node and a property: file, row and column of the cell to mend."""

from collections import defaultdict
from dataclasses import dataclass

from dpc_kg.base.vocab import RDF_TYPE
from dpc_kg.lift.explain import as_term
from dpc_kg.lift.origins import Cell, Origin, Origins, Row
from dpc_kg.lift.placing import key_column
from dpc_kg.lift.plan import Const, PredicateObject, TriplesPlan, View
from dpc_kg.lift.reject import Rows, has_row

_HAS_VALUE, _SAYS_VALUE, _REJECTED, _MADE, _BLANK, _CONSTANT, _NEIGHBOUR, _KEY = range(8)
"""How well a place answers, the best first."""

Found = tuple[int, "Place"]


@dataclass(frozen=True)
class Place:
    """A cell of a source, and the record it belongs to."""

    source: str
    file: str
    row: int
    column: str | None
    letter: str | None
    record: str | None
    sheet: str | None = None


@dataclass(frozen=True)
class Asked:
    """A node, and the property and value that are looked for there (as SHACL results say them).

    Without a property the place is that of the record's key.
    """

    focus: str
    predicate: str | None = None
    value: str | None = None


class Trace:
    """Finds places for the subjects and properties of one lift."""

    def __init__(self, origins: Origins, rejected: Rows) -> None:
        self.origins = origins
        self.plan = origins.plan
        self.rejected = rejected

    def places(self, wanted: list[Asked]) -> dict[Asked, Place]:
        """Give the best place of each: the cell the value is made of, else one that is at fault.

        Of equally good ones it is the first in the mapping's order, then in the file's.
        """
        best: dict[Asked, Found] = {}
        asked: dict[str, list[Asked]] = defaultdict(list)
        for one in dict.fromkeys(wanted):
            asked[as_term(one.focus)].append(one)
        for triples in self.plan.maps:
            if not isinstance(triples.subject.expression, Const):
                self._look(triples, asked, best)
        return {one: place for one, (_, place) in best.items()}

    def _look(
        self, triples: TriplesPlan, asked: dict[str, list[Asked]], best: dict[Asked, Found]
    ) -> None:
        """Bring the places that the rows of one map give."""
        names = {a.predicate for every in asked.values() for a in every} - {None, RDF_TYPE}
        pairs = [p for p in triples.pairs if _named(p) is None or _named(p) in names]
        for subject, row, made in self.origins.rows(triples, pairs, asked):
            for one in asked[subject]:
                known = best.get(one)
                enough = _HAS_VALUE if one.value is not None else _REJECTED
                if known is not None and known[0] <= enough:
                    continue
                found = self._found(triples, row, made, one, known)
                if found is not None and (known is None or found[0] < known[0]):
                    best[one] = found

    def _found(
        self, triples: TriplesPlan, row: Row, made: list[Origin], one: Asked, known: Found | None
    ) -> Found | None:
        view = self.origins.resolved[triples.view].view
        fitting = [o for o in made if one.predicate is not None and _fits(o, one.predicate)]
        ranked = [self._ranked(origin, one.value) for origin in fitting]
        if ranked:
            rank, cell = min(ranked, key=lambda r: r[0])
            return rank, self._place(view, row, cell)
        if known is not None and known[0] <= _NEIGHBOUR:
            return None
        if one.predicate is not None:
            beside = self._elsewhere(view, row, one)
            if beside is not None:
                return _NEIGHBOUR, beside
        return (_KEY, self._place(view, row, None)) if known is None else None

    def _ranked(self, origin: Origin, value: str | None) -> tuple[int, Cell | None]:
        """Give how well an origin answers, and the cell to blame: a rejected or blank one first."""
        cells = self.origins.cells(origin)
        has_value = value is not None and origin.object == as_term(value)
        rejected = next((c for c in cells if self._is_rejected(c)), None)
        if not cells:
            return (_SAYS_VALUE if has_value else _CONSTANT), None
        if has_value:
            return _HAS_VALUE, rejected or cells[0]
        if rejected is not None:
            return _REJECTED, rejected
        if origin.object is not None:
            return _MADE, cells[0]
        blank = next((c for c in cells if c.value is None or not c.value.strip()), cells[0])
        return _BLANK, blank

    def _is_rejected(self, cell: Cell) -> bool:
        source, file, row, column = cell.key
        return has_row(self.rejected, (source, file, column), row)

    def _elsewhere(self, view: View, row: Row, one: Asked) -> Place | None:
        """Find the property on another node of the same record (a rule that blames it there)."""
        ranked: list[tuple[int, Cell | None, View, Row]] = []
        for triples in self.plan.maps:
            pairs = [p for p in triples.pairs if _named(p) == one.predicate]
            other = self.origins.resolved[triples.view].view
            if not pairs or one.predicate == RDF_TYPE or not self._same_rows(other, view):
                continue
            made = self.origins.beside(triples, pairs, row["_file"], row["_row"])
            ranked += [(*self._ranked(o, one.value), other, o.row) for o in made]
        if not ranked:
            return None
        _, cell, other, found = min(ranked, key=lambda r: r[0])
        return self._place(other, found, cell)

    def _same_rows(self, other: View, view: View) -> bool:
        """Tell whether rows of one number are one record: of one source, or of one file."""
        own = self.plan.source(view.source)
        return self.plan.source(other.source).given == own.given and not other.iterables

    def _place(self, view: View, row: Row, cell: Cell | None) -> Place:
        """Give the place of a cell; without one that of the key of the row's record."""
        loaded = self.origins.loaded[view.source]
        record = row.get("_record")
        name = None if record is None else str(record)
        if cell is not None:
            return Place(
                cell.key[0], cell.file, cell.row, cell.column, cell.letter, name, cell.sheet
            )
        column = key_column(self.plan.source(view.source))
        return Place(
            view.source,
            loaded.files[row["_file"]],
            row["_row"],
            loaded.shown(column),
            loaded.letter(column),
            name,
            loaded.sheet,
        )


def _named(pair: PredicateObject) -> str | None:
    """Give the predicate of a pair; None where cells decide it."""
    made = pair.predicate.expression
    return made.text.removeprefix("<").removesuffix(">") if isinstance(made, Const) else None


def _fits(origin: Origin, predicate: str) -> bool:
    return predicate != RDF_TYPE and origin.predicate == f"<{predicate}>"
