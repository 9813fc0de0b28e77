"""The rows of a view made of many records at once, column by column, whatever their syntax."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from dpc_kg.lift.expand import PATHS, Expansion, Slot
from dpc_kg.lift.walkers import Decimal, Integer, scalar

Texts = list[str | None]
Listed = tuple[list[int], list[Any], list[int]]
"""Of each value its row, itself, its place in the list."""

NOTHING: list[Any] = [None]
_TEXTS = {str, Integer, Decimal, type(None)}
_NATURALS: dict[type, str | None] = {
    str: None,
    type(None): None,
    Integer: Integer.natural,
    Decimal: Decimal.natural,
    bool: "boolean",
}
_FLAGS = {bool, type(None)}
_FLAG = {True: "true", False: "false", None: None}


@dataclass(frozen=True)
class Rows:
    """Rows in columns: the place of each one's record in the batch, its path, its values."""

    records: list[int]
    columns: list[Texts]


@dataclass
class Batch(ABC):
    """Rows that are being made: of each owner its nodes and their indexes, a place for each row.

    The first owner is the record; its indexes are the places of the records in the batch. ``known``
    is what has been read of the nodes as they stand.
    """

    expansion: Expansion
    nodes: list[list[Any]]
    indexes: list[list[int]]
    paths: list[list[str]] = field(default_factory=list)
    known: dict[Any, list[Any]] = field(default_factory=dict)

    @abstractmethod
    def iterate(self, owner: int, path: str) -> None:
        """Go into the items that a path reaches from every node of an owner (`enter`)."""

    @abstractmethod
    def listed(self, slot: Slot) -> Listed | None:
        """Give the values of a reference that reaches several, one of nothing where none is.

        None where it reaches one value at most in every row.
        """

    @abstractmethod
    def single(self, slot: Slot) -> list[Any]:
        """Give the one value of a reference in every row."""

    def around(self, owner: int) -> list[str]:
        """Give the path of each node of an owner; none of a record."""
        return self.paths[owner - 1] if owner else [""] * len(self.nodes[0])

    def enter(
        self, rows: list[int], items: list[Any], numbers: list[int], paths: list[str]
    ) -> None:
        """Make the items of rows the next owner: of each its row, number and path."""
        self.spread(rows)
        self.nodes.append(items)
        self.indexes.append(numbers)
        self.paths.append(paths)

    def spread(self, rows: list[int]) -> None:
        """Take the rows at these places, each as often as it is named."""
        self.nodes = [[held[n] for n in rows] for held in self.nodes]
        self.indexes = [[held[n] for n in rows] for held in self.indexes]
        self.paths = [[held[n] for n in rows] for held in self.paths]
        self.known.clear()

    def rows(self, numbers: Sequence[int]) -> Rows:
        """Give the rows of every combination of values; ``numbers`` are those of the records."""
        expansion = self.expansion
        given: dict[int, tuple[list[Any], list[int] | None]] = {}
        for place, slot in enumerate(expansion.slots):
            found = self.listed(slot)
            if found is not None:
                rows, values, counts = found
                given = {p: _at(held, rows) for p, held in given.items()}
                self.spread(rows)
                given[place] = values, counts
        out: list[Texts] = [[None] * len(self.indexes[0])] * expansion.width
        for place, slot in enumerate(expansion.slots):
            values, index = given[place] if place in given else (self.single(slot), None)
            _fill(out, slot, values, index)
        for place, owner in expansion.numbers:
            held = self.indexes[owner]
            shown = held if owner else [numbers[n] - expansion.first for n in held]
            out[place] = [str(n) for n in shown]
        return Rows(self.indexes[0], [self._path(), *out])

    def _path(self) -> Texts:
        if not self.paths:
            return [None] * len(self.indexes[0])
        if len(self.paths) == 1:
            return list(self.paths[0])
        return [PATHS.join(parts) for parts in zip(*self.paths, strict=True)]


def _fill(out: list[Texts], slot: Slot, values: list[Any], index: list[int] | None) -> None:
    kinds = set(map(type, values))
    if slot.text is not None:
        out[slot.text] = _texts(values, kinds)
    if slot.natural is not None:
        out[slot.natural] = _naturals(values, kinds)
    if slot.index is not None:
        out[slot.index] = ["0"] * len(values) if index is None else [str(n) for n in index]


def _at(
    held: tuple[list[Any], list[int] | None], rows: list[int]
) -> tuple[list[Any], list[int] | None]:
    values, index = held
    return [values[n] for n in rows], None if index is None else [index[n] for n in rows]


def _naturals(values: list[Any], kinds: set[type]) -> Texts:
    known = {_NATURALS[kind] for kind in kinds} if kinds <= _NATURALS.keys() else set()
    if len(known) == 1:
        return [*known] * len(values)
    return [scalar(value)[1] for value in values]


def _texts(values: list[Any], kinds: set[type]) -> Texts:
    if kinds <= _TEXTS:
        return values
    if kinds <= _FLAGS:
        return [_FLAG[value] for value in values]
    return [scalar(value)[0] for value in values]
