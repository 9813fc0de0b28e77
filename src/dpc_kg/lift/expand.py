"""The rows of a view made of one record: its fields, its iterables, every combination of values."""

import itertools
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from dpc_kg.lift.paths import Found, is_plain_path, json_steps
from dpc_kg.lift.plan import Iterable, Source, View
from dpc_kg.lift.ruby import RubyError, parse_ruby
from dpc_kg.lift.walkers import (
    JsonWalker,
    RowWalker,
    TextWalker,
    Value,
    Walker,
    XmlWalker,
    rows_of_text,
    scalar,
)

Row = tuple[str | None, ...]
PATHS = "\x1f"
"""What parts the paths of a row's iterables."""

Bad = tuple[int, str]
"""Row and column of a cell whose text is not what the view reads it as."""

_LITERALS = {None, "JSONPath", "RubyLiteral"}


def walker_of(formulation: str | None, namespaces: tuple[tuple[str, str], ...] = ()) -> Walker:
    """Give the walker of a formulation; None is a literal in a cell."""
    if formulation in _LITERALS:
        return JsonWalker()
    if formulation == "XPath":
        return XmlWalker(dict(namespaces))
    return TextWalker() if formulation == "Split" else RowWalker()


@dataclass(frozen=True)
class Slot:
    """A reference of an owner (place in the list of nodes), and the columns it fills."""

    owner: int
    reference: str
    text: int | None = None
    natural: int | None = None
    index: int | None = None


@dataclass
class Context:
    """The nodes that stand for the owners of one row, and their indexes."""

    nodes: list[Found]
    indexes: list[str]

    @property
    def at(self) -> str | None:
        """The concrete paths of the iterables' items, in order, as one text."""
        return PATHS.join(at for at, _, _ in self.nodes[1:]) if len(self.nodes) > 1 else None


@dataclass
class Expansion:
    """Makes the rows of a view; ``counts`` gathers what the texts in cells hold, where wanted.

    ``first`` is the number of the first row, which has the index 0.
    """

    view: View
    source: Source
    counts: Counter[str] | None = None
    first: int = 1
    bad: list[Bad] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.is_table = self.source.formulation in {"CSV", "SPARQL"}
        base = None if self.is_table else self.source.formulation
        first: Walker = RowWalker() if self.is_table else walker_of(base, self.source.namespaces)
        self.walkers: list[Walker] = [first]
        self.owners: dict[str, int] = {"": 0}
        for iterable in self.view.iterables:
            own = self.walkers[self.owner(iterable.name)]
            if iterable.cell is not None:
                own = walker_of(iterable.formulation, self.source.namespaces)
            self.owners[iterable.name] = len(self.walkers)
            self.walkers.append(own)
        self.columns = [n for n, _ in self.view.fields]
        self.width = len(self.columns) + len(self.view.naturals)
        self.slots = self._slots()
        self.readers = [(s.owner, self.walkers[s.owner].reader(s.reference)) for s in self.slots]
        self.places = [(s.text, s.natural, s.index) for s in self.slots]
        self.steps = [(o, r, *p) for (o, r), p in zip(self.readers, self.places, strict=True)]
        self.around = {i.name: self.owner(i.name) for i in self.view.iterables}
        self.rows: Callable[[Any, int], list[Row]] = self._quick() or self._general

    def owner(self, name: str) -> int:
        """Give the place of the nearest iterable around a name; the record is 0."""
        above = name.rpartition(".")[0]
        while above not in self.owners:
            above = above.rpartition(".")[0]
        return self.owners[above]

    def _slots(self) -> list[Slot]:
        references = dict(self.view.fields)
        found: dict[str, dict[str, int]] = {}
        self.numbers: list[tuple[int, int]] = []
        for place, name in enumerate(self.columns):
            base = name.removesuffix("#").removesuffix(".")
            if name.endswith("#") and base in self.owners:
                self.numbers.append((place, self.owners[base]))
            elif name.endswith(".#"):
                found.setdefault(base, {})["index"] = place
            else:
                found.setdefault(name, {})["text"] = place
        for number, name in enumerate(self.view.naturals):
            if name in found:
                found[name]["natural"] = len(self.columns) + number
        return [
            Slot(self.owner(name), references.get(name, name), **places)
            for name, places in found.items()
        ]

    # -- the quick way: single values of one node

    def _quick(self) -> Callable[[Any, int], list[Row]] | None:
        plain = not self.view.iterables and not any(s.index is not None for s in self.slots)
        is_json = self.source.formulation == "JSONPath"
        if plain and is_json and all(is_plain_path(s.reference) for s in self.slots):
            return self._quick_json()
        return None

    def _quick_json(self) -> Callable[[Any, int], list[Row]]:
        paths = [
            ([name for _, name in json_steps(s.reference)], s.text, s.natural) for s in self.slots
        ]
        width, numbers = self.width, [place for place, _ in self.numbers]

        def rows(node: Any, row: int) -> list[Row]:
            out: list[str | None] = [None] * width
            for steps, text, natural in paths:
                value = node
                for name in steps:
                    value = value.get(name) if type(value) is dict else None
                if value is None:
                    continue
                made, kind = (value, None) if type(value) is str else scalar(value)
                if text is not None:
                    out[text] = made
                if natural is not None:
                    out[natural] = kind
            for place in numbers:
                out[place] = str(row - self.first)
            return [(None, *out)]

        return rows

    # -- the general way

    def _general(self, node: Any, row: int) -> list[Row]:
        contexts = [Context([("", "", node)], [str(row - self.first)])]
        for iterable in self.view.iterables:
            contexts = [made for c in contexts for made in self._inner(c, iterable, row)]
        return [made for context in contexts for made in self._combined(context)]

    def _inner(self, context: Context, iterable: Iterable, row: int) -> Iterator[Context]:
        around = self.around[iterable.name]
        walker, found = self.walkers[around], context.nodes[around]
        own = self.walkers[self.owners[iterable.name]]
        if iterable.cell is None:
            items = walker.iterate(found[2], iterable.path, found[0])
        else:
            items = self._inside(own, walker, found, iterable, row)
        for number, item in enumerate(items):
            yield Context([*context.nodes, item], [*context.indexes, str(number)])

    def _inside(
        self, own: Walker, walker: Walker, found: Found, iterable: Iterable, row: int
    ) -> Iterator[Found]:
        """Give the items of a text that a cell holds."""
        cell = iterable.cell or ""
        at = walker.column(found[0], cell)
        for text, _ in walker.values(found, cell):
            if text is None or not text.strip():
                continue
            try:
                node = _read(text, iterable.formulation)
            except ValueError:
                self.bad.append((row, at))
                continue
            if self.counts is not None and iterable.formulation in _LITERALS:
                self._count(cell, node, self.counts)
            path = iterable.path
            for place, key, item in own.iterate(node, path, ""):
                yield (at if self.is_table else at + place), key, item

    def _count(self, cell: str, node: Any, counts: Counter[str]) -> None:
        for path, holds in JsonWalker().leaves(node):
            if path != "[*]":
                apart = "" if path[:1] in ("[", "") else "."
                counts[f"{cell}{apart}{path}"] += holds

    def _combined(self, context: Context) -> list[Row]:
        nodes, at = context.nodes, context.at
        single = self._single(context, at)
        if single is not None:
            return [single]
        found = [read(nodes[owner]) for owner, read in self.readers]
        numbered = ([(value, n) for n, value in enumerate(values)] for values in found)
        return [self._row(context, at, combination) for combination in itertools.product(*numbered)]

    def _single(self, context: Context, at: str | None) -> Row | None:
        """Give the one row of a context; None where a reference reaches several values."""
        nodes = context.nodes
        out: list[str | None] = [None] * self.width
        for owner, read, of_text, of_natural, of_index in self.steps:
            values = read(nodes[owner])
            if len(values) != 1:
                return None
            text, natural = values[0]
            if of_text is not None:
                out[of_text] = text
            if of_natural is not None:
                out[of_natural] = natural
            if of_index is not None:
                out[of_index] = "0"
        for place, owner in self.numbers:
            out[place] = context.indexes[owner]
        return (at, *out)

    def _row(self, context: Context, at: str | None, values: Sequence[tuple[Value, int]]) -> Row:
        out: list[str | None] = [None] * self.width
        for (of_text, of_natural, of_index), ((text, natural), number) in zip(
            self.places, values, strict=True
        ):
            if of_text is not None:
                out[of_text] = text
            if of_natural is not None:
                out[of_natural] = natural
            if of_index is not None:
                out[of_index] = str(number)
        for place, owner in self.numbers:
            out[place] = context.indexes[owner]
        return (at, *out)


def _read(text: str, formulation: str | None) -> Any:
    """Give the node a text holds.

    Raises:
        ValueError: it is not of that formulation.
    """
    if formulation == "Split":
        return text
    if formulation == "CSV":
        return rows_of_text(text)
    if formulation == "XPath":
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
        try:
            return etree.fromstring(text.encode(), parser)
        except etree.XMLSyntaxError as e:
            raise ValueError from e
    try:
        return parse_ruby(text)
    except RubyError as e:
        raise ValueError from e
