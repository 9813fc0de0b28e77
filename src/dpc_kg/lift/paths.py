"""Paths into documents: the JSONPath and XPath subsets of references and iterators.

Both walkers give (concrete path, member key, node) for an iterator and texts for a reference, so
that one routine makes rows of either. ``~`` gives the key (JSON) or name (XML) of the row's node,
our documented extension of RML-LV.
"""

import json
import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any, Protocol

from lxml import etree

from dpc_kg.lift.unusable import MAX_DEPTH

Found = tuple[str, str, Any]
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_STEP = re.compile(
    r"\.(?P<name>[^.\[\]'\"*]+)|\.(?P<any>\*)|\[(?P<all>\*)\]|\[(?P<index>\d+)\]"
    r"|\[['\"](?P<quoted>[^'\"]*)['\"]\]"
    r"|\[\?\(@\.(?P<fkey>\w+)\s*==\s*'(?P<fvalue>[^']*)'\)\]"
)
_SIMPLE_XPATH = re.compile(r"[\w.-]+(/[\w.-]+)*")


class Walker(Protocol):
    """What is asked of a document's node, whatever its syntax."""

    def iterate(self, node: Any, path: str, at: str) -> Iterator[Found]:
        """Give the nodes an iterator reaches, with their concrete paths and keys."""

    def texts(self, found: Found, reference: str) -> list[str | None]:
        """Give the texts a reference reaches; ``[None]`` when there is none."""

    def column(self, at: str, reference: str) -> str:
        """Give the concrete path of a reference from the record."""

    def leaves(self, node: Any) -> Iterator[tuple[str, bool]]:
        """Give every leaf's general path (indexes as ``[*]``) and whether it holds text."""


class TooDeep(Exception):
    """A document is nested deeper than `MAX_DEPTH`."""


class UnknownPath(Exception):
    """A path outside the supported subset."""


@lru_cache(maxsize=4096)
def json_steps(path: str) -> tuple[tuple[str, str], ...]:
    """Give the steps of a JSONPath.

    Raises:
        UnknownPath: it is outside the subset ``$ .name ['name'] [0] [*] .* [?(@.k == 'v')]``.
    """
    rest = path.removeprefix("$").removeprefix("@")
    if rest and rest[0] not in ".[":
        rest = "." + rest
    steps: list[tuple[str, str]] = []
    position = 0
    while position < len(rest):
        match = _STEP.match(rest, position)
        if match is None:
            raise UnknownPath(path)
        kind = match.lastgroup or ""
        if kind == "fvalue":
            steps.append(("filter", f"{match['fkey']}={match['fvalue']}"))
        elif kind in ("any", "all"):
            steps.append(("all", ""))
        elif kind == "index":
            steps.append(("index", match["index"]))
        else:
            steps.append(("name", match[kind]))
        position = match.end()
    return tuple(steps)


def member(at: str, key: str) -> str:
    """Give the concrete path of an object's member."""
    if not _WORD.fullmatch(key):
        return f"{at}['{key}']"
    return f"{at}.{key}" if at else key


def _step(items: list[Found], kind: str, name: str) -> Iterator[Found]:
    for at, key, node in items:
        if kind == "name":
            if isinstance(node, dict) and name in node:
                yield member(at, name), name, node[name]
        elif kind == "index":
            if isinstance(node, list) and int(name) < len(node):
                yield f"{at}[{name}]", key, node[int(name)]
        elif isinstance(node, list):
            wanted, _, value = name.partition("=")
            for i, item in enumerate(node):
                if kind == "all" or (isinstance(item, dict) and _plain(item.get(wanted)) == value):
                    yield f"{at}[{i}]", key, item
        elif isinstance(node, dict) and kind == "all":
            for k, item in node.items():
                yield member(at, k), k, item


def _plain(value: Any) -> str | None:
    """Give a JSON scalar's own text (numbers were kept as written)."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    return str(value)


class JsonWalker:
    """JSON documents whose numbers are kept as text (1.50 stays 1.50)."""

    def iterate(self, node: Any, path: str, at: str) -> Iterator[Found]:
        """See `Walker`."""
        items: list[Found] = [(at, "", node)]
        for kind, name in json_steps(path):
            items = list(_step(items, kind, name))
        yield from items

    def texts(self, found: Found, reference: str) -> list[str | None]:
        """See `Walker`."""
        at, key, node = found
        if reference == "~":
            return [key]
        texts = [_plain(item) for _, _, item in self.iterate(node, reference, at)]
        return texts or [None]

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
                stack += [(f"{at}[*]", v, depth + 1) for v in item]
            else:
                yield at, item is not None and str(item).strip() != ""


@lru_cache(maxsize=4096)
def xpath(path: str) -> Callable[[Any], Any]:
    """Give a compiled XPath; simple child paths go the quicker way.

    Raises:
        UnknownPath: it is not well-formed, or gives a number or text instead of nodes.
    """
    body, _, attribute = path.rpartition("/@") if "/@" in path else (path, "", "")
    if path.startswith("@"):
        name = path[1:]
        return lambda el: [el.get(name)] if el.get(name) is not None else []
    if _SIMPLE_XPATH.fullmatch(body) and body != ".":
        if attribute:
            return lambda el: [v for e in el.iterfind(body) if (v := e.get(attribute)) is not None]
        return lambda el: list(el.iterfind(body))
    try:
        compiled = etree.XPath(path)
        is_path = isinstance(compiled(etree.Element("probe")), list)
    except etree.XPathError as e:
        raise UnknownPath(path) from e
    if not is_path:
        raise UnknownPath(path)
    return compiled


class XmlWalker:
    """XML documents, one element a record."""

    def __init__(self, record: Any = None) -> None:
        self.record = record

    def iterate(self, node: Any, path: str, at: str) -> Iterator[Found]:
        """See `Walker`."""
        for element in xpath(path)(node):
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

    def texts(self, found: Found, reference: str) -> list[str | None]:
        """See `Walker`."""
        _, key, node = found
        if reference == "~":
            return [key]
        if reference == ".":
            return ["".join(node.itertext())]
        texts: list[str | None] = [
            item if isinstance(item, str) else "".join(item.itertext())
            for item in xpath(reference)(node)
        ]
        return texts or [None]

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
            children = [e for e in item if isinstance(e.tag, str)]
            stack += [(prefix + str(e.tag), e) for e in children]
            if not children and at:
                yield at, bool((item.text or "").strip())
