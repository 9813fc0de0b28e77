"""Where the statements of a subject came from: every row that makes one, with its cells.

Nothing is kept beside the data for it: a subject is looked for in the rows of the views again.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from dpc_kg.lift.origins import Cell, Origins


@dataclass(frozen=True)
class Statement:
    """A predicate and object (N-Quads terms) of a subject, and the cells they were made of.

    The cell that decided comes first. A mapping says a constant of every row alike: it has no
    cells but those of the subject.
    """

    subject: str
    predicate: str
    object: str
    cells: tuple[Cell, ...]
    subject_cells: tuple[Cell, ...]

    @property
    def order(self) -> tuple[str, ...]:
        """A sortable key."""
        places = (f"{c.file} {c.row:09} {c.column}" for c in (*self.cells, *self.subject_cells))
        return (self.subject, self.predicate, self.object, *places)


class Explain:
    """Finds the statements of subjects in one lift."""

    def __init__(self, origins: Origins) -> None:
        self.origins = origins

    def statements(self, subjects: Iterable[str]) -> list[Statement]:
        """Give the statements made of subjects (IRIs, or terms in N-Quads form), in order.

        One that several rows make comes once for each.
        """
        wanted = [as_term(s) for s in subjects]
        found = dict.fromkeys(self._found(wanted))
        return sorted(found, key=lambda statement: statement.order)

    def _found(self, wanted: list[str]) -> Iterator[Statement]:
        for triples in self.origins.plan.maps:
            for subject, row, made in self.origins.rows(triples, triples.pairs, wanted):
                named = tuple(self.origins.subject_cells(triples, row))
                for one in made:
                    if one.predicate is not None and one.object is not None:
                        cells = tuple(self.origins.cells(one))
                        yield Statement(subject, one.predicate, one.object, cells, named)


def as_term(text: str) -> str:
    """Give an N-Quads term of an IRI written without brackets; blank nodes and literals stay."""
    return text if text.startswith(("<", "_:", '"')) else f"<{text}>"
