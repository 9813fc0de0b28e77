"""Walks over RDF files: the nodes of a JSON-LD document, the triples of a Turtle file.

Nothing of the lift's own reading is used: names are made of the context and of the prefixes that
the mapping declares, and a triple is of its node's strictest class.
"""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import rdflib
from rdflib.namespace import RDF

from tests.lift.laws.leaves import Walk

_NEW = "http://example.org/zz#"
_STRICT = ("personal", "placed", "none")
_ENDS = tuple(":/?#[]@")


class _Fields:
    """The fields of an RDF file: ``Class`` and ``Class/prefix:property``."""

    def __init__(self, walk: Walk) -> None:
        self.walk = walk
        same = [s for s in walk.plan.sources if s.given == walk.source.given]
        self.prefixes = {iri: prefix for s in same for prefix, iri in s.namespaces}

    def of_class(self, iri: str) -> str:
        prefix, name = self._parts(iri)
        return name if prefix else f"<{iri}>"

    def of_property(self, iri: str, classes: list[str]) -> str:
        """Give the field of a property: of several classes, what the strictest decides."""
        prefix, name = self._parts(iri)
        own = f"{prefix}:{name}" if prefix else f"<{iri}>"
        fields = [f"{self.of_class(c)}/{own}" for c in classes] or [f"(no class)/{own}"]
        decided = [self.walk.decisions.decide(self.walk.source.given, f) for f in fields]
        for status in _STRICT:
            for field, decision in zip(fields, decided, strict=True):
                if decision is not None and decision.status == status:
                    return field
        return fields[0]

    def _parts(self, iri: str) -> tuple[str, str]:
        cut = max(iri.rfind("/"), iri.rfind("#")) + 1
        return self.prefixes.get(iri[:cut], ""), iri[cut:]


def _iri(text: str) -> str:
    return _NEW + quote(text, safe="")


# -- JSON-LD


class _Context:
    """The prefixes of a document; whose IRI ends in a letter is no prefix (JSON-LD 1.1)."""

    def __init__(self, document: dict[str, Any]) -> None:
        given = document["@context"]
        assert isinstance(given, dict) and all(isinstance(v, str) for v in given.values())
        self.prefixes = {k: v for k, v in given.items() if v.endswith(_ENDS)}

    def iri(self, name: str) -> str | None:
        """Give the IRI of a name; None where it means nothing."""
        prefix, mark, local = name.partition(":")
        if not mark:
            return None
        return self.prefixes[prefix] + local if prefix in self.prefixes else name


def jsonld(walk: Walk) -> None:
    """Walk over a JSON-LD document and write it again; each triple is visited once."""
    document = json.loads(walk.path.read_text(encoding="utf-8-sig"))
    context, fields = _Context(document), _Fields(walk)
    nodes = list(_nodes(document["@graph"]))
    places: dict[str, int] = {}
    classes: dict[str, list[str]] = {}
    for node in nodes:
        name = _name(node, context)
        places.setdefault(name, len(places) + 1)
        found = [str(context.iri(c)) for c in _listed(node.get("@type", []))]
        own = classes.setdefault(name, [])
        own += [c for c in found if c not in own]
    seen: set[tuple[str, str, str]] = set()
    for at, node in enumerate(nodes):
        name = _name(node, context)
        _node(walk, fields, context, node, (places[name], name, classes[name]), seen)
        if walk.undeclared is not None:
            node["zzNote" if at % 2 else f"{_NEW}note"] = walk.undeclared()
    walk.path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")


def _nodes(found: Any) -> Iterator[dict[str, Any]]:
    """Give every object that has members of its own, at any depth; references have none."""
    for item in _listed(found):
        if isinstance(item, dict) and "@value" not in item and set(item) != {"@id"}:
            yield item
            for key, value in item.items():
                if not key.startswith("@"):
                    yield from _nodes(value)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _name(node: dict[str, Any], context: _Context) -> str:
    return str(context.iri(node["@id"])) if "@id" in node else f"_:{id(node)}"


def _node(
    walk: Walk,
    fields: _Fields,
    context: _Context,
    node: dict[str, Any],
    about: tuple[int, str, list[str]],
    seen: set[tuple[str, str, str]],
) -> None:
    row, name, classes = about
    for key in list(node):
        if key == "@type":
            predicate, path = "a", ""
        elif key.startswith("@"):
            continue
        elif (iri := context.iri(key)) is None:
            predicate, path = key, "(member without a meaning)"
        else:
            predicate, path = iri, fields.of_property(iri, classes)
        # a list of one is what a single value is
        node[key] = values = _listed(node[key])
        for place, value in enumerate(values):
            text = _text(value, context)
            field = path or fields.of_class(str(context.iri(value)))
            if (name, predicate, text) not in seen:
                seen.add((name, predicate, text))
                walk.leaf(row, field, text, _Setter(values, place, key == "@type"))


def _text(value: Any, context: _Context) -> str:
    if isinstance(value, dict):
        return str(value["@value"]) if "@value" in value else _name(value, context)
    return str(value)


class _Setter:
    """Sets a value: the text of a literal, else an IRI that holds it."""

    def __init__(self, values: list[Any], place: int, is_class: bool) -> None:
        self.values, self.place, self.is_class = values, place, is_class

    def __call__(self, text: str) -> None:
        value = self.values[self.place]
        if self.is_class:
            self.values[self.place] = _iri(text)
        elif not isinstance(value, dict):
            self.values[self.place] = text
        elif "@value" in value:
            value["@value"] = text
        else:
            self.values[self.place] = {"@id": _iri(text)}


# -- Turtle


def turtle(walk: Walk) -> None:
    """Walk over the triples of a Turtle file and write it again."""
    graph, fields = rdflib.Graph(), _Fields(walk)
    graph.parse(walk.path, format="turtle")
    triples = sorted(graph)
    for number, (s, p, o) in enumerate(triples, start=1):
        if p == RDF.type:
            path = fields.of_class(str(o))
        else:
            path = fields.of_property(str(p), sorted(map(str, graph.objects(s, RDF.type))))

        def put(text: str, was: Any = (s, p, o)) -> None:
            graph.remove(was)
            # a literal with a datatype would be read, and complained about aloud
            plain = isinstance(was[2], rdflib.Literal)
            graph.add((*was[:2], rdflib.Literal(text) if plain else rdflib.URIRef(_iri(text))))

        walk.leaf(number, path, str(o), put)
    if walk.undeclared is not None:
        for s in dict.fromkeys(s for s, _, _ in triples):
            graph.add((s, rdflib.URIRef(f"{_NEW}note"), rdflib.Literal(walk.undeclared())))
    graph.serialize(walk.path, format="turtle", encoding="utf-8")
