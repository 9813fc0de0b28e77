"""What is asked of a node of a document, whatever its syntax: JSON, XML, a row of a table, a text.

Each walker gives (concrete path, member key, node) for an iterator, and values for a reference, so
that one routine makes rows of any. ``~`` gives the key (JSON) or name (XML) of the row's node, our
documented extension of RML-LV.
"""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any, ClassVar, Protocol

from dpc_kg.lift.paths import (
    Found,
    child_tags,
    json_steps,
    member,
    member_names,
    picked_by,
    step,
    xpath,
)
from dpc_kg.lift.unusable import MAX_DEPTH

Value = tuple[str | None, str | None]
"""A text (None for nothing), and its natural datatype (None for text)."""

STRUCTURE = "structure"
"""The natural datatype of what is no value: a list or an object."""

Reader = Callable[[Found], list[Value]]
"""Gives the values that one reference reaches from a node."""

_NOTHING: list[Value] = [(None, None)]


class TooDeep(Exception):
    """A document is nested deeper than `MAX_DEPTH`."""


class Natural(str):
    """A text that has a natural datatype."""

    __slots__ = ()
    natural: ClassVar[str | None] = None


class Integer(Natural):
    """An integer as it is written."""

    __slots__ = ()
    natural = "integer"


class Decimal(Natural):
    """A JSON number with a point or an exponent, as it is written."""

    __slots__ = ()
    natural = "double"


class Boolean(Natural):
    """A boolean of a query's solution."""

    __slots__ = ()
    natural = "boolean"


class Walker(Protocol):
    """What is asked of a document's node, whatever its syntax."""

    def iterate(self, node: Any, path: str, at: str) -> Iterator[Found]:
        """Give the nodes an iterator reaches, with their concrete paths and keys."""

    def values(self, found: Found, reference: str) -> list[Value]:
        """Give the values a reference reaches; one of nothing when there is none."""

    def reader(self, reference: str) -> "Reader":
        """Give what `values` does for one reference, compiled."""

    def column(self, at: str, reference: str) -> str:
        """Give the concrete path of a reference from the record."""

    def leaves(self, node: Any) -> Iterator[tuple[str, bool]]:
        """Give every leaf's general path (indexes as ``[*]``) and whether it holds text."""


def scalar(value: Any) -> Value:
    """Give the value of a JSON node; its own text, for numbers were kept as written."""
    kind = type(value)
    if kind is str or value is None:
        return value, None
    if kind is Integer or kind is Decimal:
        return value, value.natural
    if kind is bool:
        return ("true" if value else "false"), "boolean"
    return json.dumps(value, ensure_ascii=False, sort_keys=True), STRUCTURE


class JsonWalker:
    """JSON documents whose numbers are kept as text (1.50 stays 1.50).

    ``filters`` holds by general path of a list the (member, value) by which a mapping picks items
    of it: their leaves are told apart, as ``attributes[attribute=X].value``.
    """

    def __init__(self, filters: Mapping[str, Iterable[tuple[str, str]]] | None = None) -> None:
        self.filters = filters or {}

    def iterate(self, node: Any, path: str, at: str) -> Iterator[Found]:
        """See `Walker`."""
        yield from self._along([(at, "", node)], json_steps(path))

    def walk(self, node: Any, steps: tuple[tuple[str, str], ...]) -> Iterator[Any]:
        """Give the nodes that steps reach."""
        for _, _, item in self._along([("", "", node)], steps):
            yield item

    def _along(self, items: list[Found], steps: tuple[tuple[str, str], ...]) -> list[Found]:
        for kind, name in steps:
            items = list(step(items, kind, name))
        return items

    def values(self, found: Found, reference: str) -> list[Value]:
        """See `Walker`."""
        at, key, node = found
        if reference == "~":
            return [(key, None)]
        return [scalar(item) for _, _, item in self.iterate(node, reference, at)] or _NOTHING

    def reader(self, reference: str) -> Reader:
        """See `Walker`."""
        names, many = member_names(reference)
        if not names or reference == "~":
            return partial(_swapped, self.values, reference)

        def read(found: Found) -> list[Value]:
            node = found[2]
            for name in names:
                node = node.get(name) if type(node) is dict else None
            if node is None:
                return _NOTHING
            if not many:
                return [(node, None) if type(node) is str else scalar(node)]
            if type(node) is dict:
                node = node.values()
            elif type(node) is not list:
                return _NOTHING
            return [scalar(item) for item in node] or _NOTHING

        return read

    def column(self, at: str, reference: str) -> str:
        """See `Walker`."""
        if reference in ("$", "@", "~", ""):
            return at
        out = at
        for kind, name in json_steps(reference):
            out = member(out, name) if kind == "name" else f"{out}[{name or '*'}]"
        return out

    def leaves(self, node: Any) -> Iterator[tuple[str, bool]]:
        """See `Walker`."""
        stack: list[tuple[str, Any, int]] = [("", node, 0)]
        while stack:
            at, item, depth = stack.pop()
            if depth > MAX_DEPTH:
                raise TooDeep
            if isinstance(item, dict):
                stack += [(member(at, k), v, depth + 1) for k, v in item.items()]
            elif isinstance(item, list):
                filters = self.filters.get(at)
                if filters is None:
                    stack += [(f"{at}[*]", v, depth + 1) for v in item]
                else:
                    stack += [(f"{at}[{picked_by(v, filters)}]", v, depth + 1) for v in item]
            else:
                yield at, item is not None and str(item).strip() != ""


class XmlWalker:
    """XML documents, one element a record."""

    def __init__(self, namespaces: Mapping[str, str] | None = None) -> None:
        self.namespaces = tuple(sorted((namespaces or {}).items()))

    def iterate(self, node: Any, path: str, at: str) -> Iterator[Found]:
        """See `Walker`."""
        tags, attribute = child_tags(path)
        if tags and not attribute:
            yield from children(node, tags, at)
            return
        for element in xpath(path, self.namespaces)(node):
            if isinstance(element, str):
                continue
            yield self._place(element, node, at), str(element.tag), element

    def _place(self, element: Any, top: Any, at: str) -> str:
        """Give the path from ``top`` to ``element``; an index where siblings share the name."""
        names: list[str] = []
        while element is not None and element is not top:
            parent = element.getparent()
            same = [e for e in parent if e.tag == element.tag] if parent is not None else [element]
            names.append(element.tag + (f"[{same.index(element) + 1}]" if len(same) > 1 else ""))
            element = parent
        return "/".join([*([at] if at else []), *reversed(names)])

    def values(self, found: Found, reference: str) -> list[Value]:
        """See `Walker`."""
        _, key, node = found
        if reference == "~":
            return [(key, None)]
        if reference == ".":
            return [(text_of(node), None)]
        made: list[Value] = [(text_of(e), None) for e in xpath(reference, self.namespaces)(node)]
        return made or _NOTHING

    def reader(self, reference: str) -> Reader:
        """See `Walker`."""
        tags, attribute = child_tags(reference)
        if len(tags) == 1 and not attribute:
            return partial(_of_children, tags[0])
        if not tags and attribute:
            return partial(_of_attribute, attribute)
        if tags:
            return partial(_of_path, tags, attribute)
        return partial(_swapped, self.values, reference)

    def column(self, at: str, reference: str) -> str:
        """See `Walker`."""
        if reference in (".", "~", ""):
            return at
        return f"{at}/{reference}" if at else reference

    def leaves(self, node: Any) -> Iterator[tuple[str, bool]]:
        """See `Walker`."""
        stack: list[tuple[str, Any]] = [("", node)]
        while stack:
            at, item = stack.pop()
            prefix = f"{at}/" if at else ""
            for name, value in item.attrib.items():
                if not name.startswith("{"):
                    yield f"{prefix}@{name}", value.strip() != ""
            inner = [e for e in item if isinstance(e.tag, str)]
            stack += [(prefix + str(e.tag), e) for e in inner]
            if not inner and at:
                yield at, bool((item.text or "").strip())


def _swapped(
    values: Callable[[Found, str], list[Value]], reference: str, found: Found
) -> list[Value]:
    return values(found, reference)


def _of_children(tag: str, found: Found) -> list[Value]:
    return [(text_of(child), None) for child in found[2].iterchildren(tag)] or _NOTHING


def _of_path(tags: tuple[str, ...], attribute: str, found: Found) -> list[Value]:
    nodes = [found[2]]
    for tag in tags:
        nodes = [child for node in nodes for child in node.iterchildren(tag)]
    if attribute:
        return [(v, None) for n in nodes if (v := n.get(attribute)) is not None] or _NOTHING
    return [(text_of(node), None) for node in nodes] or _NOTHING


def _of_attribute(name: str, found: Found) -> list[Value]:
    value = found[2].get(name)
    return _NOTHING if value is None else [(value, None)]


def children(node: Any, tags: tuple[str, ...], at: str) -> list[Found]:
    """Give the elements that child steps reach; an index where siblings share the name."""
    found = [(at, "", node)]
    for tag in tags:
        below: list[Found] = []
        for place, _, parent in found:
            same = list(parent.iterchildren(tag))
            prefix = f"{place}/{tag}" if place else tag
            if len(same) == 1:
                below.append((prefix, tag, same[0]))
            else:
                below += [(f"{prefix}[{n}]", tag, child) for n, child in enumerate(same, start=1)]
        found = below
    return found


def text_of(node: Any) -> str:
    """Give all the text of an element, that of the elements in it too; an attribute's own."""
    if isinstance(node, str):
        return node
    if len(node) == 0:
        return node.text or ""
    return "".join(node.itertext())


class RowWalker:
    """A row of a table: its cells by column; also the rows of a table held in a text."""

    def iterate(self, node: Any, path: str, at: str) -> Iterator[Found]:
        """See `Walker`; an iterator has no say over a table."""
        rows = node if isinstance(node, list) else [node]
        for number, row in enumerate(rows):
            yield at, str(number), row

    def values(self, found: Found, reference: str) -> list[Value]:
        """See `Walker`."""
        value = found[2].get(reference)
        return [(value, getattr(value, "natural", None))]

    def reader(self, reference: str) -> Reader:
        """See `Walker`."""
        return partial(_swapped, self.values, reference)

    def column(self, at: str, reference: str) -> str:
        """See `Walker`."""
        return at or reference

    def leaves(self, node: Any) -> Iterator[tuple[str, bool]]:
        """See `Walker`."""
        for name, text in node.items():
            yield name, bool((text or "").strip())


class TextWalker:
    """The parts of a text that a separator divides."""

    def iterate(self, node: Any, path: str, at: str) -> Iterator[Found]:
        """Give the parts that are not blank; ``path`` is the separator."""
        for number, part in enumerate(p for p in str(node).split(path) if p.strip()):
            yield at, str(number), part.strip()

    def values(self, found: Found, reference: str) -> list[Value]:
        """See `Walker`; every reference gives the part itself."""
        return [(found[2], None)]

    def reader(self, reference: str) -> Reader:
        """See `Walker`."""
        return partial(_swapped, self.values, reference)

    def column(self, at: str, reference: str) -> str:
        """See `Walker`."""
        return at

    def leaves(self, node: Any) -> Iterator[tuple[str, bool]]:
        """See `Walker`; the whole text is counted where it stands."""
        return iter(())


def rows_of_text(text: str) -> list[dict[str, str]]:
    """Give the rows of a table that a text holds (RFC 4180), by the names of its first line.

    Raises:
        ValueError: a row has more cells than the header.
    """
    reader = csv.DictReader(io.StringIO(text), strict=True)
    rows = []
    try:
        for row in reader:
            if None in row:
                raise ValueError
            rows.append({k: v for k, v in row.items() if v is not None})
    except csv.Error as e:
        raise ValueError from e
    return rows
