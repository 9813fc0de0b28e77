"""The ontology: load its modules and code lists, look up terms, labels and codes."""

from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path

from rdflib import OWL, RDF, RDFS, SKOS, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from dpc_kg.base import assets
from dpc_kg.base.errors import UnknownAsset
from dpc_kg.base.rdfio import read
from dpc_kg.base.settings import LANGS
from dpc_kg.base.vocab import CODES, DPC, local_name

_DPC = Namespace(DPC)
_SCHEMA = Namespace("https://schema.org/")
_KINDS = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)


@dataclass(frozen=True)
class Code:
    """One code of a list: IRI, notation and place in its list (from 1)."""

    iri: str
    notation: str
    position: int


@dataclass(frozen=True)
class Term:
    """One class or property of the model.

    ``kind`` is ``Class``, ``ObjectProperty``, ``DatatypeProperty`` or ``AnnotationProperty``;
    ``classes`` are the classes whose members carry the property; ``range`` is None where open.
    """

    iri: str
    kind: str
    classes: tuple[str, ...]
    range: str | None
    module: str


def load() -> Graph:
    """Give all modules and code lists as one graph; shared and cached: do not change it."""
    return _load(assets.root())


@lru_cache(maxsize=4)
def _load(root: Path) -> Graph:
    files = assets.ontology_files()
    if not files:
        raise UnknownAsset("There is no ontology.", file=str(root))
    merged = Graph()
    for path in files:
        for triple in read(path):
            merged.add(triple)
    return merged


def label(iri: str, lang: str = LANGS[0]) -> str:
    """Give the label of a term or code: in ``lang``, else in English, else the IRI's last part.

    >>> label("https://w3id.org/dpc/codes/channel/phone", "fr")
    'Téléphone'
    """
    return _text(iri, (SKOS.prefLabel, RDFS.label), lang) or local_name(iri)


def definition(iri: str, lang: str = LANGS[0]) -> str | None:
    """Give the definition of a term or code: in ``lang``, else in English, else None."""
    return _text(iri, (SKOS.definition,), lang)


def codes(scheme: str) -> tuple[Code, ...]:
    """Give the codes of a list (``channel``, ``age-band``) in their order.

    Raises:
        UnknownAsset: there is no such list.

    >>> [code.notation for code in codes("tristate")]
    ['yes', 'no', 'unknown', 'mixed', 'unmapped']
    """
    graph = load()
    iri = URIRef(CODES + scheme)
    if (iri, RDF.type, SKOS.ConceptScheme) not in graph:
        known = schemes()
        near = ", ".join(get_close_matches(scheme, known, n=5, cutoff=0.5)) or "none"
        raise UnknownAsset(
            "There is no such code list.",
            term=scheme,
            advice=f"Of {len(known)} lists these have a similar name: {near}.",
        )
    found = (_code(graph, concept) for concept in graph.subjects(SKOS.inScheme, iri))
    return tuple(sorted(found, key=lambda code: code.position))


def schemes() -> tuple[str, ...]:
    """Give the names of the code lists, sorted."""
    found = load().subjects(RDF.type, SKOS.ConceptScheme)
    return tuple(sorted(str(iri).removeprefix(CODES) for iri in found))


def terms() -> tuple[Term, ...]:
    """Give the classes and properties of the model, sorted by IRI."""
    return _terms(assets.root())


@lru_cache(maxsize=4)
def _terms(root: Path) -> tuple[Term, ...]:
    graph = _load(root)
    found = (
        _term(graph, iri, kind)
        for kind in _KINDS
        for iri in graph.subjects(RDF.type, kind)
        if str(iri).startswith(DPC)
    )
    return tuple(sorted(found, key=lambda term: term.iri))


def superclasses(iri: str) -> tuple[str, ...]:
    """Give a class and all classes above it, nearest first."""
    above = load().transitive_objects(URIRef(iri), RDFS.subClassOf)
    return tuple(dict.fromkeys(str(node) for node in above))


def leaf_classes() -> tuple[str, ...]:
    """Give the classes that data may name, sorted: neither abstract nor published by us alone."""
    graph = load()
    marks = (_DPC.isAbstract, _DPC.isPublishedOnly)
    barred = {s for mark in marks for s in graph.subjects(mark, Literal(True))}
    return tuple(t.iri for t in terms() if t.kind == "Class" and URIRef(t.iri) not in barred)


def _text(iri: str, properties: tuple[URIRef, ...], lang: str) -> str | None:
    texts = {
        value.language: str(value)
        for prop in properties
        for value in load().objects(URIRef(iri), prop)
        if isinstance(value, Literal)
    }
    return texts.get(lang) or texts.get(LANGS[0])


def _code(graph: Graph, concept: Node) -> Code:
    notation = graph.value(concept, SKOS.notation)
    position = graph.value(concept, _DPC.position)
    return Code(str(concept), str(notation), int(str(position)))


def _term(graph: Graph, iri: Node, kind: URIRef) -> Term:
    carriers = {*graph.objects(iri, RDFS.domain), *graph.objects(iri, _SCHEMA.domainIncludes)}
    target = graph.value(iri, RDFS.range)
    return Term(
        iri=str(iri),
        kind=local_name(str(kind)),
        classes=tuple(sorted(str(carrier) for carrier in carriers)),
        range=None if target is None else str(target),
        module=local_name(str(graph.value(iri, RDFS.isDefinedBy))),
    )
