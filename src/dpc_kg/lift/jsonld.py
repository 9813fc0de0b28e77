"""What a JSON-LD file may not do, and what of it would say nothing: looked at before it is read.

A parser of JSON-LD drops members without a meaning and names that are no IRIs without a word, and
may fetch contexts. Here nothing is fetched, no name is doubled, and what says nothing is counted.
"""

import json
from collections.abc import Iterator
from typing import Any

import pyoxigraph as ox

from dpc_kg.base.errors import SourceError
from dpc_kg.lift.sources.text import decoded
from dpc_kg.lift.unusable import MAX_DEPTH, malformed, too_deep

_KEYED = {"@graph", "@id", "@index", "@language", "@type"}
"""Containers whose members are keys of data, not properties."""


class _Doubled(Exception):
    """One object has two members of one name."""


def check_jsonld(data: bytes, name: str) -> int:
    """Look at a JSON-LD file; give how many of its values have no meaning there.

    Raises:
        SourceError: it is no JSON, names a context that would have to be fetched, has two members
            of one name in one object, or an identifier that is no IRI.
    """
    document = _parsed(data, name)
    contexts = _Contexts(name)
    for at, node in _objects(document, name):
        if "@context" in node:
            contexts.add(node["@context"], at)
    return sum(contexts.without_meaning(at, node) for at, node in _objects(document, name))


def _parsed(data: bytes, name: str) -> Any:
    text = decoded(data, name)
    try:
        return json.loads(text, object_pairs_hook=_once)
    except _Doubled as e:
        raise SourceError(
            "Two members of one object have the same name.",
            rule="syntax",
            file=name,
            advice="Each name, and each prefix of a context, may stand once in its object.",
        ) from e
    except RecursionError as e:
        raise too_deep(name) from e
    except json.JSONDecodeError as e:
        raise malformed(name, e.lineno, "This is not well-formed JSON.") from e


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        raise _Doubled
    return made


def _objects(document: Any, name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give every object outside of contexts, with the path to it."""
    stack: list[tuple[str, Any, int]] = [("", document, 0)]
    while stack:
        at, node, depth = stack.pop()
        if depth > MAX_DEPTH:
            raise too_deep(name)
        if isinstance(node, list):
            stack += [(f"{at}[{i}]", item, depth + 1) for i, item in enumerate(node)]
        elif isinstance(node, dict):
            yield at, node
            inner = ((k, v) for k, v in node.items() if k != "@context")
            stack += [(f"{at}.{k}".lstrip("."), v, depth + 1) for k, v in inner]


class _Contexts:
    """The terms that the contexts of one file define."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.terms: dict[str, Any] = {}
        self.has_vocabulary = False

    def add(self, context: Any, at: str) -> None:
        """Take in a context, those inside it too.

        Raises:
            SourceError: it is an address.
        """
        for one in context if isinstance(context, list) else [context]:
            if isinstance(one, str) or (isinstance(one, dict) and "@import" in one):
                raise SourceError(
                    "The file names a context that would have to be fetched; nothing is fetched.",
                    rule="syntax",
                    file=self.name,
                    column=f"{at}.@context".lstrip("."),
                    advice="Write the context itself into the file.",
                )
            for key, value in (one or {}).items():
                if key == "@vocab":
                    self.has_vocabulary |= bool(value)
                elif not key.startswith("@") and value is not None:
                    self.terms[key] = value
                    if isinstance(value, dict) and "@context" in value:
                        self.add(value["@context"], at)

    def without_meaning(self, at: str, node: dict[str, Any]) -> int:
        """Give how many values of an object's members say nothing.

        Raises:
            SourceError: an identifier of the object is no IRI.
        """
        own = at.rpartition(".")[2].partition("[")[0]
        if self._container(own) & _KEYED:
            return 0
        lost = 0
        for key, value in node.items():
            if key == "@id" or self._holds_identifiers(key):
                for text in value if isinstance(value, list) else [value]:
                    self._check_iri(text, at)
            if key.startswith("@") or key in self.terms:
                continue
            if ":" in key:
                self._check_iri(key, at)
            elif not self.has_vocabulary:
                lost += _values(value)
        return lost

    def _container(self, term: str) -> set[str]:
        defined = self.terms.get(term)
        found = defined.get("@container") if isinstance(defined, dict) else None
        return set(found if isinstance(found, list) else [found] if found else [])

    def _holds_identifiers(self, key: str) -> bool:
        defined = self.terms.get(key)
        return isinstance(defined, dict) and defined.get("@type") == "@id"

    def _check_iri(self, text: Any, at: str) -> None:
        if not isinstance(text, str) or text.startswith("_:"):
            return
        prefix, colon, rest = text.partition(":")
        defined = self.terms.get(prefix)
        base = defined.get("@id") if isinstance(defined, dict) else defined
        if not colon:
            text = f"file:///{text}"
        elif isinstance(base, str) and not rest.startswith("//"):
            text = f"{base}{rest}" if ":" in base else f"file:///{rest}"
        try:
            next(ox.parse(f"<{text}> <a:a> <a:a> .".encode(), format=ox.RdfFormat.N_TRIPLES))
        except (SyntaxError, ValueError, StopIteration) as e:
            raise SourceError(
                "An identifier is not an IRI, so what is said of it would be lost.",
                rule="syntax",
                file=self.name,
                column=at or None,
                advice="Write it without spaces and with % only before two hexadecimal digits.",
            ) from e


def _values(value: Any) -> int:
    """Give how many single values a member holds."""
    if isinstance(value, dict):
        return sum(_values(v) for v in value.values()) or 1
    if isinstance(value, list):
        return sum(_values(v) for v in value)
    return 1
