"""The rows of a view made of many JSON records at once, column by column.

A list comprehension over one column costs a tenth of a row put together value by value. What is
not made of members and lists (``$.a.b``, ``$.a[*]``) is left to `expand`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from dpc_kg.lift.expand import PATHS, Expansion, Slot
from dpc_kg.lift.paths import member, member_names
from dpc_kg.lift.walkers import Decimal, Integer, scalar

Texts = list[str | None]

_TEXTS = {str, Integer, Decimal, type(None)}
_PLAIN = {str, type(None)}
_FLAGS = {bool, type(None)}
_FLAG = {True: "true", False: "false", None: None}


@dataclass(frozen=True)
class Rows:
    """Rows in columns: the place of each one's record in the batch, its path, its values."""

    records: list[int]
    columns: list[Texts]


def by_columns(expansion: Expansion) -> Callable[[Sequence[Any], Sequence[int]], Rows] | None:
    """Give what makes the rows of records, given with their numbers; None where it cannot be."""
    view = expansion.view
    if expansion.source.formulation != "JSONPath":
        return None
    paths = [member_names(i.path) if i.cell is None else ((), False) for i in view.iterables]
    if not all(many for _, many in paths):
        return None
    if any(not member_names(s.reference)[0] or s.reference == "~" for s in expansion.slots):
        return None

    def rows(nodes: Sequence[Any], numbers: Sequence[int]) -> Rows:
        batch = _Batch(expansion, [list(nodes)], [list(range(len(nodes)))])
        for iterable, (names, _) in zip(view.iterables, paths, strict=True):
            batch.iterate(expansion.owner(iterable.name), names)
        return batch.rows(numbers)

    return rows


@dataclass
class _Batch:
    """Rows that are being made: of each owner its nodes and their indexes, a place for each row.

    The first owner is the record; its indexes are the places of the records in the batch.
    """

    expansion: Expansion
    nodes: list[list[Any]]
    indexes: list[list[int]]
    paths: list[list[str]] = field(default_factory=list)
    known: dict[tuple[int, tuple[str, ...]], list[Any]] = field(default_factory=dict)

    def iterate(self, owner: int, names: tuple[str, ...]) -> None:
        """Go into the items of a list that every node of an owner has."""
        begin = "" if owner == 0 else None
        rows: list[int] = []
        items: list[Any] = []
        numbers: list[int] = []
        paths: list[str] = []
        own = [begin] * len(self.nodes[0]) if begin is not None else self.paths[owner - 1]
        for row, (held, at) in enumerate(zip(self._reach(owner, names), own, strict=True)):
            if type(held) is list:
                before = _below(at or "", names)
                paths += [f"{before}[{n}]" for n in range(len(held))]
            elif type(held) is dict:
                before = _below(at or "", names)
                paths += [member(before, key) for key in held]
                held = list(held.values())
            else:
                continue
            rows += [row] * len(held)
            items += held
            numbers += range(len(held))
        self._spread(rows)
        self.nodes.append(items)
        self.indexes.append(numbers)
        self.paths.append(paths)

    def rows(self, numbers: Sequence[int]) -> Rows:
        """Give the rows of every combination of values."""
        expansion = self.expansion
        given: dict[int, tuple[list[Any], list[int] | None]] = {}
        for place, slot in enumerate(expansion.slots):
            names, many = member_names(slot.reference)
            if many:
                rows, values, counts = self._listed(slot, names)
                given = {p: _at(held, rows) for p, held in given.items()}
                self._spread(rows)
                given[place] = values, counts
        out: list[Texts] = [[None] * len(self.indexes[0])] * expansion.width
        for place, slot in enumerate(expansion.slots):
            names, _ = member_names(slot.reference)
            found = given.get(place)
            values, index = found if found is not None else (self._reach(slot.owner, names), None)
            self._fill(out, slot, values, index)
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

    def _fill(
        self, out: list[Texts], slot: Slot, values: list[Any], index: list[int] | None
    ) -> None:
        kinds = set(map(type, values))
        if slot.text is not None:
            out[slot.text] = _texts(values, kinds)
        if slot.natural is not None:
            plain = kinds <= _PLAIN
            out[slot.natural] = [None] * len(values) if plain else [scalar(v)[1] for v in values]
        if slot.index is not None:
            out[slot.index] = ["0"] * len(values) if index is None else [str(n) for n in index]

    def _listed(self, slot: Slot, names: tuple[str, ...]) -> tuple[list[int], list[Any], list[int]]:
        """Give the values of a list in each row, one of nothing where it has none: (row, value)."""
        rows: list[int] = []
        values: list[Any] = []
        numbers: list[int] = []
        for row, held in enumerate(self._reach(slot.owner, names)):
            if type(held) is dict:
                held = list(held.values())
            if type(held) is not list or not held:
                held = _NONE
            rows += [row] * len(held)
            values += held
            numbers += range(len(held))
        return rows, values, numbers

    def _reach(self, owner: int, names: tuple[str, ...]) -> list[Any]:
        """Give what a chain of members leads to from each node of an owner."""
        if not names:
            return self.nodes[owner]
        if (owner, names) not in self.known:
            above = self._reach(owner, names[:-1])
            name = names[-1]
            self.known[owner, names] = [
                node.get(name) if type(node) is dict else None for node in above
            ]
        return self.known[owner, names]

    def _spread(self, rows: list[int]) -> None:
        """Take the rows at these places, each as often as it is named."""
        self.nodes = [[held[n] for n in rows] for held in self.nodes]
        self.indexes = [[held[n] for n in rows] for held in self.indexes]
        self.paths = [[held[n] for n in rows] for held in self.paths]
        self.known.clear()


_NONE = [None]


def _below(at: str, names: tuple[str, ...]) -> str:
    for name in names:
        at = member(at, name)
    return at


def _at(
    held: tuple[list[Any], list[int] | None], rows: list[int]
) -> tuple[list[Any], list[int] | None]:
    values, index = held
    return [values[n] for n in rows], None if index is None else [index[n] for n in rows]


def _texts(values: list[Any], kinds: set[type]) -> Texts:
    if kinds <= _TEXTS:
        return values
    if kinds <= _FLAGS:
        return [_FLAG[value] for value in values]
    return [scalar(value)[0] for value in values]
