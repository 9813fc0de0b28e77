"""Paths into documents: the JSONPath and XPath subsets of references and iterators."""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Any

from lxml import etree

Found = tuple[str, str, Any]
"""A concrete path from the record, the key or name of the node there, the node."""

_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_STEP = re.compile(
    r"(?P<deep>\.\.)|\.(?P<name>[^.\[\]'\"*]+)|\.(?P<any>\*)|\[(?P<all>\*)\]|\[(?P<index>\d+)\]"
    r"|\[(?P<mark>['\"])(?P<quoted>(?:\\.|(?!(?P=mark)|\\).)*)(?P=mark)\]"
    r"|\[\?\(@\.(?P<fkey>\w+)\s*==\s*'(?P<fvalue>[^']*)'\)\]",
    re.DOTALL,
)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_SIMPLE_XPATH = re.compile(r"[\w.-]+(/[\w.-]+)*")
_PLAIN_STEP = re.compile(r"\w[\w.-]*")
_LISTS = ("all", "filter", "deep")


class UnknownPath(Exception):
    """A path outside the supported subset."""


@lru_cache(maxsize=4096)
def json_steps(path: str) -> tuple[tuple[str, str], ...]:
    """Give the steps of a JSONPath.

    Raises:
        UnknownPath: it is outside the subset ``$ .name ['name'] [0] [*] .* .. [?(@.k == 'v')]``.
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
        position = match.end()
        if kind == "fvalue":
            steps.append(("filter", f"{match['fkey']}={match['fvalue']}"))
        elif kind in ("any", "all"):
            steps.append(("all", ""))
        elif kind == "index":
            steps.append(("index", match["index"]))
        elif kind == "deep":
            steps.append(("deep", ""))
            # what follows the two dots is a step of its own, as in ..name or ..*
            if position < len(rest) and rest[position] not in ".[":
                rest = rest[:position] + "." + rest[position:]
        elif kind == "quoted":
            steps.append(("name", _ESCAPED.sub(r"\1", match["quoted"])))
        else:
            steps.append(("name", match[kind]))
    return tuple(steps)


def is_list_path(path: str) -> bool:
    """Tell whether a JSONPath may reach several nodes."""
    try:
        return any(kind in _LISTS for kind, _ in json_steps(path))
    except UnknownPath:
        return False


def is_plain_path(path: str) -> bool:
    """Tell whether a JSONPath is made of member names only."""
    try:
        steps = json_steps(path)
    except UnknownPath:
        return False
    return bool(steps) and all(kind == "name" for kind, _ in steps)


def member_names(path: str) -> tuple[tuple[str, ...], bool]:
    """Give the member names a JSONPath is made of, and whether a ``[*]`` follows them.

    No name where it is made of anything else, or is outside the supported subset.
    """
    try:
        steps = json_steps(path)
    except UnknownPath:
        return (), False
    many = bool(steps) and steps[-1][0] == "all"
    named = steps[:-1] if many else steps
    if any(kind != "name" for kind, _ in named):
        return (), False
    return tuple(name for _, name in named), many


def member(at: str, key: str) -> str:
    r"""Give the concrete path of an object's member; a quote in its name is escaped (RFC 9535).

    >>> member("info", "age"), member("info", "the child's age")
    ('info.age', "info['the child\\'s age']")
    """
    if not _WORD.fullmatch(key):
        escaped = key.replace("\\", "\\\\").replace("'", "\\'")
        return f"{at}['{escaped}']"
    return f"{at}.{key}" if at else key


def step(items: list[Found], kind: str, name: str) -> Iterator[Found]:
    """Give the nodes one step of a path reaches from those found."""
    for at, key, node in items:
        if kind == "name":
            if isinstance(node, dict) and name in node:
                yield member(at, name), name, node[name]
        elif kind == "index":
            if isinstance(node, list) and int(name) < len(node):
                yield f"{at}[{name}]", key, node[int(name)]
        elif kind == "deep":
            yield from _below(at, key, node)
        elif isinstance(node, list):
            wanted, _, value = name.partition("=")
            for i, item in enumerate(node):
                if kind == "all" or (isinstance(item, dict) and _equals(item.get(wanted), value)):
                    yield f"{at}[{i}]", key, item
        elif isinstance(node, dict) and kind == "all":
            for k, item in node.items():
                yield member(at, k), k, item


def _below(at: str, key: str, node: Any) -> Iterator[Found]:
    """Give a node and all below it, outer ones first."""
    yield at, key, node
    if isinstance(node, dict):
        for k, item in node.items():
            yield from _below(member(at, k), k, item)
    elif isinstance(node, list):
        for i, item in enumerate(node):
            yield from _below(f"{at}[{i}]", key, item)


def picked_by(item: Any, filters: Iterable[tuple[str, str]]) -> str:
    """Give the first filter that an item of a list passes, as ``key=value``; else ``*``."""
    for wanted, value in filters:
        if isinstance(item, dict) and _equals(item.get(wanted), value):
            return f"{wanted}={value}"
    return "*"


def filters_in(path: str, at: str = "") -> tuple[str, list[tuple[str, tuple[str, str]]]]:
    """Give the general path a JSONPath from ``at`` leads to, and the filters of lists on the way.

    >>> filters_in("$.a[?(@.k == 'v')].b")
    ('a[k=v].b', [('a', ('k', 'v'))])
    """
    found = []
    try:
        steps = json_steps(path)
    except UnknownPath:
        return at, []
    for kind, name in steps:
        if kind == "name":
            at = member(at, name)
            continue
        if kind == "filter":
            key, _, value = name.partition("=")
            found.append((at, (key, value)))
        at = f"{at}[{name if kind == 'filter' else '*'}]"
    return at, found


def _equals(value: Any, text: str) -> bool:
    if isinstance(value, bool):
        return ("true" if value else "false") == text
    return isinstance(value, str) and value == text


@lru_cache(maxsize=4096)
def child_tags(path: str) -> tuple[tuple[str, ...], str]:
    """Give the child elements an XPath steps through, and the attribute at its end.

    Neither where it is made of anything else.
    """
    steps = path.split("/")
    attribute = steps.pop()[1:] if steps[-1].startswith("@") else ""
    tags = tuple(steps)
    if any(_PLAIN_STEP.fullmatch(t) is None for t in (*tags, attribute or "a")):
        return (), ""
    return tags, attribute


@lru_cache(maxsize=4096)
def xpath(path: str, namespaces: tuple[tuple[str, str], ...] = ()) -> Callable[[Any], Any]:
    """Give a compiled XPath; simple child paths go the quicker way.

    Raises:
        UnknownPath: it is not well-formed, or gives a number or text instead of nodes.
    """
    body, _, attribute = path.rpartition("/@") if "/@" in path else (path, "", "")
    if path.startswith("@") and ":" not in path:
        name = path[1:]
        return lambda el: [el.get(name)] if el.get(name) is not None else []
    if _SIMPLE_XPATH.fullmatch(body) and body != "." and ".." not in body:
        if attribute:
            return lambda el: [v for e in el.iterfind(body) if (v := e.get(attribute)) is not None]
        return lambda el: list(el.iterfind(body))
    try:
        compiled = etree.XPath(path, namespaces=dict(namespaces) or None)
        is_path = isinstance(compiled(etree.Element("probe")), list)
    except etree.XPathError as e:
        raise UnknownPath(path) from e
    if not is_path:
        raise UnknownPath(path)
    return compiled
