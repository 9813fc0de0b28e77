"""Look every foreign IRI up in a pinned copy of the vocabulary it belongs to."""

from functools import lru_cache

import pyoxigraph as ox
import rdflib.namespace
from rdflib.namespace import DefinedNamespace

from dpc_kg.base.vocab import BASE
from dpc_kg.model import targets
from tests.quality import vocabularies
from tests.quality.context import Context
from tests.quality.parts import Outcome
from tests.quality.tree import BRIDGES, ONTOLOGY, SHAPES

TITLE = "foreign terms"
TOOL = "rdflib's namespaces, pinned copies"
NEEDS = ("shared",)
NOT_TERMS = ("https://creativecommons.org/licenses/", "urn:")
"""Addresses of documents, where a vocabulary's terms never are."""
DOCUMENT_PROPERTIES = frozenset(
    {
        "http://purl.org/dc/terms/license",
        "http://purl.org/dc/terms/source",
        "http://purl.org/dc/terms/publisher",
        "http://purl.org/dc/terms/references",
        "http://purl.org/dc/terms/conformsTo",
        "http://purl.org/vocab/vann/preferredNamespaceUri",
        "http://www.w3.org/2000/01/rdf-schema#seeAlso",
    }
)
"""What these point at is a document or an organisation, and no term."""


def run(context: Context) -> Outcome:
    """Look at ontology, bridges and shapes."""
    known = _bundled() | vocabularies.all_terms() | _pinned(context)
    used: dict[str, str] = {}
    for name in context.tree.names(*ONTOLOGY, *BRIDGES, *SHAPES):
        for iri in _iris(context.tree.triples(name)):
            if not iri.startswith((BASE, *NOT_TERMS)):
                used.setdefault(iri, name)
    problems = [f"{name}: {iri}" for iri, name in sorted(used.items()) if iri not in known]
    return Outcome(len(used), "terms of others", tuple(problems))


def _iris(triples: tuple[ox.Triple, ...]) -> set[str]:
    found = set()
    for triple in triples:
        found.add(triple.predicate.value)
        if isinstance(triple.subject, ox.NamedNode):
            found.add(triple.subject.value)
        if triple.predicate.value in DOCUMENT_PROPERTIES:
            continue
        if isinstance(triple.object, ox.NamedNode):
            found.add(triple.object.value)
        elif isinstance(triple.object, ox.Literal):
            found.add(triple.object.datatype.value)
    return found


@lru_cache(maxsize=1)
def _bundled() -> frozenset[str]:
    """Give the terms of the vocabularies that rdflib lists by name."""
    spaces = [
        space
        for space in vars(rdflib.namespace).values()
        if isinstance(space, type)
        and issubclass(space, DefinedNamespace)
        and space is not DefinedNamespace
    ]
    return frozenset(
        f"{space._NS}{name}"
        for space in spaces
        for name in (*space.__annotations__, *getattr(space, "_extras", ()))
    )


def _pinned(context: Context) -> frozenset[str]:
    """Give the terms that stand in the files to which the alignments point."""
    context.data()
    places = context.places
    found: set[str] = set()
    for standard in targets.standards():
        for pinned in standard.files:
            found |= _terms(pinned, places) or frozenset()
    return frozenset(found)


@lru_cache(maxsize=256)
def _terms(pinned: targets.Pinned, places: targets.Places) -> frozenset[str] | None:
    return targets.terms(pinned, places)
