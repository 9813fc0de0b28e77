"""The data-protection register: every property with sensitivity, purpose, basis and retention."""

from collections.abc import Iterable

from rdflib import Namespace, URIRef

from dpc_kg.base.vocab import DPC, local_name
from dpc_kg.model import ontology

_D = Namespace(DPC)
Row = tuple[str, str, str, str, str, str]
HEADS = ("property", "carried by", "sensitivity", "purpose", "basis", "retention")


def rows() -> list[Row]:
    """Give one row for each property that data carry, sorted by name."""
    kinds = {"ObjectProperty", "DatatypeProperty"}
    found = (t for t in ontology.terms() if t.kind in kinds and t.module != "terminology")
    return [_row(term) for term in found]


def gaps() -> list[str]:
    """Give the properties of which something is not said."""
    return [row[0] for row in rows() if not all(row)]


def bases(purpose: str) -> tuple[str, ...]:
    """Give the usual legal bases of a purpose, by label."""
    return tuple(sorted(_labels(purpose, "basis")))


def _row(term: ontology.Term) -> Row:
    purposes = sorted(_codes(term.iri, "purpose"))
    grounds = sorted({ground for purpose in purposes for ground in bases(purpose)})
    return (
        f"`dpc:{local_name(term.iri)}`",
        ", ".join(local_name(owner) for owner in term.classes),
        ", ".join(_labels(term.iri, "sensitivity")),
        ", ".join(ontology.label(purpose) for purpose in purposes),
        ", ".join(grounds),
        ", ".join(_labels(term.iri, "retention")),
    )


def _labels(iri: str, name: str) -> Iterable[str]:
    return [ontology.label(code) for code in sorted(_codes(iri, name))]


def _codes(iri: str, name: str) -> list[str]:
    return [str(code) for code in ontology.load().objects(URIRef(iri), _D[name])]
