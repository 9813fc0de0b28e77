"""The rows of a view made of many records at once: how JSON and XML are read column by column.

A list comprehension over one column costs a tenth of a row put together value by value. What is
not made of members and lists (``$.a.b``, ``$.a[*]``), or of child elements and attributes
(``a/b/@c``), is left to `expand`.
"""

from collections.abc import Callable, Sequence
from typing import Any

from dpc_kg.lift.batch import NOTHING, Batch, Listed, Rows
from dpc_kg.lift.expand import Expansion, Slot
from dpc_kg.lift.paths import child_tags, member, member_names
from dpc_kg.lift.walkers import children, text_of

_WORTH = 4
"""How many children may be looked at for each that is read: a search by name costs as much."""

Columns = Callable[[Sequence[Any], Sequence[int]], Rows]


def by_columns(expansion: Expansion) -> Columns | None:
    """Give what makes the rows of records, given with their numbers; None where it cannot be."""
    formulation = expansion.source.formulation
    iterables = expansion.view.iterables
    if any(i.cell is not None for i in iterables):
        return None
    steps = [i.path for i in iterables]
    references = [s.reference for s in expansion.slots]
    if formulation == "JSONPath":
        kind: type[Batch] = _JsonBatch
        fits = all(member_names(path)[1] for path in steps) and all(
            r != "~" and member_names(r)[0] for r in references
        )
    elif formulation == "XPath":
        kind = _XmlBatch
        fits = all(child_tags(path)[0] and not child_tags(path)[1] for path in steps) and all(
            any(child_tags(r)) for r in references
        )
    else:
        return None

    def rows(nodes: Sequence[Any], numbers: Sequence[int]) -> Rows:
        batch = kind(expansion, [list(nodes)], [list(range(len(nodes)))])
        for iterable in iterables:
            batch.iterate(expansion.owner(iterable.name), iterable.path)
        return batch.rows(numbers)

    return rows if fits else None


class _JsonBatch(Batch):
    """Rows of JSON nodes."""

    def iterate(self, owner: int, path: str) -> None:
        """See `Batch`; a list or object that every node of an owner has."""
        names, _ = member_names(path)
        rows: list[int] = []
        items: list[Any] = []
        numbers: list[int] = []
        paths: list[str] = []
        own = self.around(owner)
        for row, (held, at) in enumerate(zip(self._reach(owner, names), own, strict=True)):
            if type(held) is list:
                before = _below(at, names)
                paths += [f"{before}[{n}]" for n in range(len(held))]
            elif type(held) is dict:
                before = _below(at, names)
                paths += [member(before, key) for key in held]
                held = list(held.values())
            else:
                continue
            rows += [row] * len(held)
            items += held
            numbers += range(len(held))
        self.enter(rows, items, numbers, paths)

    def listed(self, slot: Slot) -> Listed | None:
        """See `Batch`."""
        names, many = member_names(slot.reference)
        if not many:
            return None
        rows: list[int] = []
        values: list[Any] = []
        numbers: list[int] = []
        for row, held in enumerate(self._reach(slot.owner, names)):
            if type(held) is dict:
                held = list(held.values())
            if type(held) is not list or not held:
                held = NOTHING
            rows += [row] * len(held)
            values += held
            numbers += range(len(held))
        return rows, values, numbers

    def single(self, slot: Slot) -> list[Any]:
        """See `Batch`."""
        return self._reach(slot.owner, member_names(slot.reference)[0])

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


class _XmlBatch(Batch):
    """Rows of XML elements."""

    def iterate(self, owner: int, path: str) -> None:
        """See `Batch`; the elements that child steps reach."""
        tags, _ = child_tags(path)
        rows: list[int] = []
        items: list[Any] = []
        numbers: list[int] = []
        paths: list[str] = []
        for row, (node, at) in enumerate(zip(self.nodes[owner], self.around(owner), strict=True)):
            found = children(node, tags, at)
            rows += [row] * len(found)
            numbers += range(len(found))
            for place, _, item in found:
                paths.append(place)
                items.append(item)
        self.enter(rows, items, numbers, paths)

    def listed(self, slot: Slot) -> Listed | None:
        """See `Batch`."""
        tags, _ = child_tags(slot.reference)
        if not tags:
            return None
        lists = self._values(slot)
        if all(len(values) == 1 for values in lists):
            self.known[slot.owner, slot.reference] = [value for (value,) in lists]
            return None
        rows = [row for row, values in enumerate(lists) for _ in values]
        numbers = [number for values in lists for number in range(len(values))]
        return rows, [value for values in lists for value in values], numbers

    def single(self, slot: Slot) -> list[Any]:
        """See `Batch`."""
        tags, attribute = child_tags(slot.reference)
        if not tags:
            return [node.get(attribute) for node in self.nodes[slot.owner]]
        if (slot.owner, slot.reference) not in self.known:
            self.known[slot.owner, slot.reference] = [v for (v,) in self._values(slot)]
        return self.known[slot.owner, slot.reference]

    def _values(self, slot: Slot) -> list[list[Any]]:
        """Give what child steps and an attribute reach from each node; one of nothing for none."""
        tags, attribute = child_tags(slot.reference)
        reached = self._elements(slot.owner, tags)
        if not attribute:
            return [[text_of(node) for node in held] or NOTHING for held in reached]
        return [
            [v for node in held if (v := node.get(attribute)) is not None] or NOTHING
            for held in reached
        ]

    def _elements(self, owner: int, tags: tuple[str, ...]) -> list[list[Any]]:
        """Give the elements that child steps reach from each node of an owner."""
        if not tags:
            return [[node] for node in self.nodes[owner]]
        if (owner, tags) not in self.known:
            above, tag = self._elements(owner, tags[:-1]), tags[-1]
            if self._is_worth_an_index(owner, tags[:-1], above):
                index = self._index(owner, tags[:-1], above)
                self.known[owner, tags] = [children.get(tag, []) for children in index]
            else:
                self.known[owner, tags] = [
                    [c for node in held for c in node.iterchildren(tag)] for held in above
                ]
        return self.known[owner, tags]

    def _is_worth_an_index(self, owner: int, tags: tuple[str, ...], above: list[list[Any]]) -> bool:
        """Tell whether so much of what stands in the elements is read that all may be looked at."""
        paths = {child_tags(s.reference)[0] for s in self.expansion.slots if s.owner == owner}
        asked = {path[len(tags)] for path in paths if path[: len(tags)] == tags != path}
        return sum(len(node) for held in above for node in held) <= _WORTH * len(asked) * len(above)

    def _index(
        self, owner: int, tags: tuple[str, ...], above: list[list[Any]]
    ) -> list[dict[Any, list[Any]]]:
        """Give the children of elements by their names, looked at once for all that is read."""
        if (owner, tags, "index") not in self.known:
            made: list[dict[Any, list[Any]]] = []
            for held in above:
                found: dict[Any, list[Any]] = {}
                for node in held:
                    for child in node:
                        found.setdefault(child.tag, []).append(child)
                made.append(found)
            self.known[owner, tags, "index"] = made
        return self.known[owner, tags, "index"]


def _below(at: str, names: tuple[str, ...]) -> str:
    for name in names:
        at = member(at, name)
    return at
