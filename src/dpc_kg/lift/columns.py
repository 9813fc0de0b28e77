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
"""How many children may be looked at for each that is read."""

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
        if self._only(slot.owner, tags) is not None:
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
        only = self._only(slot.owner, tags)
        if only is not None and attribute:
            return [None if node is None else node.get(attribute) for node in only]
        if only is not None:
            return [None if node is None else text_of(node) for node in only]
        if (slot.owner, slot.reference) not in self.known:
            self.known[slot.owner, slot.reference] = [v for (v,) in self._values(slot)]
        return self.known[slot.owner, slot.reference]

    def _values(self, slot: Slot) -> list[list[Any]]:
        """Give what child steps and an attribute reach from each node; one of nothing for none."""
        tags, attribute = child_tags(slot.reference)
        lists = [[node] for node in self.nodes[slot.owner]]
        for tag in tags:
            lists = [[c for node in held for c in node.iterchildren(tag)] for held in lists]
        if not attribute:
            return [[text_of(node) for node in held] or NOTHING for held in lists]
        return [
            [v for node in held if (v := node.get(attribute)) is not None] or NOTHING
            for held in lists
        ]

    def _only(self, owner: int, tags: tuple[str, ...]) -> list[Any] | None:
        """Give the one element that child steps reach from each node; None where there is none.

        Nothing where some element has two children of one name, or many that are not asked for.
        """
        if not tags:
            return self.nodes[owner]
        above = self._only(owner, tags[:-1])
        if above is None:
            return None
        key = (owner, tags[:-1], "by name")
        if key not in self.known:
            asked = {path[len(tags) - 1] for path in self._asked(owner, tags[:-1])}
            self.known[key] = _by_name(above, _WORTH * len(asked) * len(above))
        return [children.get(tags[-1]) for children in self.known[key]] or None

    def _asked(self, owner: int, above: tuple[str, ...]) -> list[tuple[str, ...]]:
        """Give the child steps that are asked for and go below these."""
        asked = [child_tags(s.reference)[0] for s in self.expansion.slots if s.owner == owner]
        return [path for path in asked if len(path) > len(above) and path[: len(above)] == above]


def _by_name(nodes: list[Any], most: int) -> list[dict[Any, Any]]:
    """Give the children of each element by their names; nothing where names are not unique.

    So too where there are more than ``most``: a search by name costs as much as looking at a few.
    """
    if sum(len(node) for node in nodes if node is not None) > most:
        return []
    made = [{} if node is None else {child.tag: child for child in node} for node in nodes]
    unique = all(
        node is None or len(node) == len(found) for node, found in zip(nodes, made, strict=True)
    )
    return made if unique else []


def _below(at: str, names: tuple[str, ...]) -> str:
    for name in names:
        at = member(at, name)
    return at
