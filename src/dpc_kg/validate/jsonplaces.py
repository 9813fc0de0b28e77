"""Where the nodes of JSON-LD stand: the values of their ``@id``.

A node is known by its name alone; a node without one, a name that depends on a context in more
than one way, and what ``@id`` is called otherwise have no place. Source: JSON-LD 1.1, section 3.3.
"""

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin

import pyoxigraph as ox

from dpc_kg.validate.turtletokens import Unfamiliar

_TOKEN = re.compile(r'"(?>[^"\\]|\\.)*+"|[{}\[\],:]|[^\s"{}\[\],:]++')
_PREFIX = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:(?:\S*[:/?#\[\]@])?")
_SILENT = ("@id", "@context", "@graph", "@included", "@index", "@reverse")
"""Members that say nothing of their own node."""


def json_places(text: str, base: str) -> Iterator[tuple[ox.NamedNode, int]]:
    """Give each named node and the offset in characters of the value of its ``@id``.

    An object that only refers to a node is none.

    Raises:
        Unfamiliar: names cannot be told for certain.
    """
    if '"@json"' in text or '"@base"' in text or "\\u0040" in text:
        raise Unfamiliar
    contexts = _contexts(json.loads(text))
    for name, start in _nodes(text):
        iri = _expanded(name, contexts, base)
        if iri is not None:
            yield ox.NamedNode(iri), start


def _contexts(document: Any) -> dict[str, str | None]:
    """Give what the terms of all contexts stand for; None of one that stands for several things."""
    found: dict[str, str | None] = {}
    stack, inner = [document], []
    while stack:
        item = stack.pop()
        if isinstance(item, dict):
            inner += [item["@context"]] if "@context" in item else []
            stack += item.values()
        elif isinstance(item, list):
            stack += item
    for context in inner:
        for one in context if isinstance(context, list) else [context]:
            for term, value in (one or {}).items():
                iri = value if isinstance(value, str) and _PREFIX.fullmatch(value) else None
                found[term] = iri if found.get(term, iri) == iri else None
    return found


def _expanded(name: str, contexts: dict[str, str | None], base: str) -> str | None:
    """Give the IRI of a name; None where that is not certain."""
    if name.startswith(("_:", "@")):
        return None
    prefix, colon, rest = name.partition(":")
    if not colon:
        return urljoin(base, name) if name else base
    if prefix in contexts and not rest.startswith("//"):
        space = contexts[prefix]
        return f"{space}{rest}" if space and space.partition(":")[0] not in contexts else None
    return name


def _nodes(text: str) -> Iterator[tuple[str, int]]:
    """Give the value and offset of the ``@id`` of each object that says more of its node."""
    stack: list[dict[str, Any]] = []
    key, expects_key = "", False
    for found in _TOKEN.finditer(text):
        sign = found.group()
        if sign in "{[":
            hidden = (stack[-1]["hidden"] if stack else False) or key == "@context"
            stack.append({"id": None, "more": False, "hidden": hidden, "list": sign == "["})
            key, expects_key = "" if sign == "{" else key, sign == "{"
        elif sign in "}]":
            done = stack.pop()
            if done["id"] and done["more"] and not done["hidden"]:
                yield done["id"]
            key, expects_key = "", False
        elif sign == ",":
            expects_key = not stack[-1]["list"]
            key = key if stack[-1]["list"] else ""
        elif sign != ":" and expects_key:
            key, expects_key = json.loads(sign), False
            stack[-1]["more"] |= key not in _SILENT
        elif sign.startswith('"') and key == "@id" and not stack[-1]["list"]:
            stack[-1]["id"] = (json.loads(sign), found.start())
