"""Which terms of the model are a place: declared, defined, with known values, and in use."""

from dataclasses import dataclass

import pyoxigraph as ox

from dpc_kg.base.vocab import DPC
from tests.quality.tree import MODULES, Tree

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_OWL = "http://www.w3.org/2002/07/owl#"
_SH = "http://www.w3.org/ns/shacl#"
_RANGE = "http://www.w3.org/2000/01/rdf-schema#range"
_DEFINITION = "http://www.w3.org/2004/02/skos/core#definition"
_KINDS = {f"{_OWL}Class", f"{_OWL}ObjectProperty", f"{_OWL}DatatypeProperty"}
_SHAPES = ("shapes/*.ttl",)
_PASSING = ("tests/shapes/*/pass-*.ttl",)

HOLDERS = {
    "rawNotation": "holds whatever word the source wrote",
    "hasScheme": "says from which list a value comes, not the value",
    "UnmappedItem": "counts what has no place",
    "sourceField": "names a field that has no place",
    "unmappedKind": "belongs to the count of what has no place",
    "occurrences": "belongs to the count of what has no place",
    "Record": "any report or case at all",
    "PersonInRole": "anybody at all; the roles below it are places",
}
"""Terms that could take any field of any system, with the reason: being there is no place."""


@dataclass(frozen=True)
class Terms:
    """What the ontology, the shapes and the passing examples say of the model's terms, by IRI."""

    classes: frozenset[str]
    properties: frozenset[str]
    defined: frozenset[str]
    valued: frozenset[str]
    """Properties with a range, or whose values have a pattern in a shape."""
    used: frozenset[str]

    def fault(self, term: str) -> str:
        """Say why a term (``dpc:NAME``) is no place; an empty text where it is one."""
        name = term.removeprefix("dpc:")
        iri = DPC + name
        if not term.startswith("dpc:") or iri not in self.classes | self.properties:
            return "not declared"
        if name in HOLDERS:
            return f"a holder of anything: {HOLDERS[name]}"
        if iri not in self.defined:
            return "without a definition"
        if iri in self.properties and iri not in self.valued:
            return "without a range or a pattern of its values"
        if iri not in self.used:
            return "used in no passing example"
        return ""


def terms(tree: Tree) -> Terms:
    """Read the terms of the ontology and where they are used."""
    ontology = _statements(tree, MODULES)
    kinds = {s: o for s, p, o in ontology if p == f"{_RDF}type" and o in _KINDS}
    ranged = {s for s, p, _ in ontology if p == _RANGE}
    passing = _statements(tree, _PASSING)
    used = {p for _, p, _ in passing} | {o for _, p, o in passing if p == f"{_RDF}type"}
    return Terms(
        classes=frozenset(s for s, kind in kinds.items() if kind == f"{_OWL}Class"),
        properties=frozenset(s for s, kind in kinds.items() if kind != f"{_OWL}Class"),
        defined=frozenset(s for s, p, _ in ontology if p == _DEFINITION),
        valued=frozenset(ranged | _patterned(tree)),
        used=frozenset(used),
    )


def _patterned(tree: Tree) -> set[str]:
    shapes = _statements(tree, _SHAPES)
    paths = {s: o for s, p, o in shapes if p == f"{_SH}path"}
    return {paths[s] for s, p, _ in shapes if p == f"{_SH}pattern" and s in paths}


def _statements(tree: Tree, patterns: tuple[str, ...]) -> list[tuple[str, str, str]]:
    return [
        (_text(t.subject), t.predicate.value, _text(t.object))
        for name in tree.names(*patterns)
        for t in tree.triples(name)
    ]


def _text(node: object) -> str:
    return node.value if isinstance(node, ox.NamedNode) else str(node)
