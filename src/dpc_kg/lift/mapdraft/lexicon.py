"""The words of the model: how its classes, properties and codes are called in four languages."""

from dataclasses import dataclass
from functools import lru_cache

from rdflib import RDFS, SKOS, Graph, URIRef

from dpc_kg.base.vocab import CODES, DPC, EXT, XSD, local_name
from dpc_kg.lift.mapdraft.precedents import coded
from dpc_kg.lift.mapdraft.words import Words, meaning, words
from dpc_kg.model import fields as shapes
from dpc_kg.model import ontology

_SPOKEN = (RDFS.label, SKOS.prefLabel, SKOS.altLabel, SKOS.hiddenLabel)
_COUNTRY = f"^{EXT}iso3166-1-alpha-2/"
_COMPANIONS = ("precision", "period")
_FIRST = frozenset({"has", "is"})


@dataclass(frozen=True)
class Property:
    """A property of a class that a column can fill, and by what ``way`` (a function's name).

    Ways: ``instant``, ``ageBand``, ``tristate``, ``code``, ``integer``, ``country``;
    ``classes`` counts the classes that carry it.
    """

    iri: str
    way: str
    schemes: frozenset[str]
    phrases: frozenset[Words]
    required: bool
    many: bool
    classes: int

    @property
    def name(self) -> str:
        """Its local name."""
        return local_name(self.iri)


def properties(cls: str) -> tuple[Property, ...]:
    """Give the properties of a class that a column can fill, sorted by IRI."""
    return _by_class().get(cls, ())


@lru_cache(maxsize=1)
def _by_class() -> dict[str, tuple[Property, ...]]:
    ranges = {t.iri: t.range for t in ontology.terms()}
    carriers: dict[str, int] = {}
    for _, prop in shapes.fields():
        carriers[prop] = carriers.get(prop, 0) + 1
    found: dict[str, list[Property]] = {}
    for (cls, prop), field in shapes.fields().items():
        way = way_of(field, ranges.get(prop))
        if way and prop.startswith(DPC):
            made = Property(
                prop,
                way,
                field.schemes,
                phrases(prop),
                field.required,
                field.many,
                carriers[prop],
            )
            found.setdefault(cls, []).append(made)
    return {cls: tuple(made) for cls, made in found.items()}


def way_of(field: shapes.Field, range_: str | None) -> str:
    """Give the function that makes the property of a cell; none where no cell alone can."""
    if field.schemes:
        if field.schemes & set(_COMPANIONS):
            return ""
        if field.schemes == {"age-band"}:
            return "ageBand"
        return "tristate" if field.schemes == {"tristate"} else "code"
    if range_ == f"{XSD}dateTime":
        return "instant"
    if range_ == f"{XSD}integer":
        return "integer"
    return "country" if (field.pattern or "").startswith(_COUNTRY) else ""


@lru_cache(maxsize=4096)
def phrases(iri: str) -> frozenset[Words]:
    """Give the ways to call a term: its labels in all languages and its own name."""
    graph = ontology.load()
    said = {str(text) for prop in _SPOKEN for text in graph.objects(URIRef(iri), prop)}
    found = {meaning(text) for text in said}
    own = words(local_name(iri))
    if own[:1] and own[0] in _FIRST and len(own) > 1:
        own = own[1:]
    return frozenset({*found, meaning(" ".join(own))})


@lru_cache(maxsize=1)
def classes() -> dict[str, frozenset[Words]]:
    """Give the classes that records may have, with the ways to call them."""
    known = {cls for cls, _ in shapes.fields()}
    return {iri: phrases(iri) for iri in ontology.leaf_classes() if iri in known}


@lru_cache(maxsize=256)
def _codes(scheme: str) -> dict[Words, str]:
    graph = ontology.load()
    found: dict[Words, set[str]] = {}
    for code in ontology.codes(scheme):
        for text in _texts(graph, code.iri, code.notation):
            found.setdefault(words(text), set()).add(code.iri.removeprefix(CODES))
    return {said: next(iter(codes)) for said, codes in found.items() if len(codes) == 1}


def _texts(graph: Graph, iri: str, notation: str) -> set[str]:
    said = {str(text) for prop in _SPOKEN for text in graph.objects(URIRef(iri), prop)}
    return {*said, notation}


def code_of(scheme: str, value: str) -> tuple[str, str] | None:
    """Give the code that a word means in a list (``sex/girl``), and why; None if unknown.

    ``unmapped`` is never proposed: that a word has no place is for people to say.
    """
    said = words(value)
    own = _codes(scheme).get(said)
    if own is not None and not own.endswith("/unmapped"):
        return own, "a label of the code"
    others = coded().get((scheme, said))
    return (others, "other mappings say so") if others is not None else None


def unknown_code(scheme: str) -> str | None:
    """Give the code of a list that says "not known" (``sex/unknown``), if it has one."""
    known = {code.notation for code in ontology.codes(scheme)}
    return f"{scheme}/unknown" if "unknown" in known else None
