"""The page of classes, properties and code lists."""

from collections.abc import Sequence

from rdflib import RDFS, Namespace, URIRef

from docs.pages.markdown import page, table
from dpc_kg.base.vocab import CODES, DPC, local_name
from dpc_kg.model import ontology

_DPC = Namespace(DPC)


def model_page() -> str:
    """Give the page of classes, properties and code lists."""
    lead = (
        "Classes, properties and code lists in English; `ontology/` has them in four languages.\n"
        "IRIs: `https://w3id.org/dpc/cdm#NAME`, codes `https://w3id.org/dpc/codes/LIST/CODE` "
        "(reserved, not yet registered).\nThe tier says who is expected to give a term: basic "
        "(everyone), essential (those who exchange records), full.\nThe properties under *How the "
        "model describes itself* stand in the ontology and the shapes, never in data."
    )
    known = ontology.terms()
    own = {t.iri for t in known if t.kind == "AnnotationProperty"}
    own |= {t.iri for t in known if t.module == "terminology"}
    in_data = [t for t in known if t.iri not in own]
    return page(
        "Model",
        lead,
        _classes([t for t in in_data if t.kind == "Class"]),
        _properties("Properties", [t for t in in_data if t.kind != "Class"]),
        _properties("How the model describes itself", [t for t in known if t.iri in own]),
        _lists(),
    )


def _classes(found: Sequence[ontology.Term]) -> str:
    rows = [(f"`dpc:{local_name(t.iri)}`", _above(t.iri), _says(t.iri), _tier(t)) for t in found]
    return "## Classes\n\n" + table(("class", "is a", "definition", "tier"), rows)


def _properties(title: str, found: Sequence[ontology.Term]) -> str:
    heads = ("property", "of", "value", "definition", "tier")
    rows = [
        (
            f"`dpc:{local_name(t.iri)}`",
            ", ".join(local_name(c) for c in t.classes),
            local_name(t.range) if t.range else "",
            _says(t.iri),
            _tier(t),
        )
        for t in found
    ]
    return f"## {title}\n\n{table(heads, rows)}" if rows else ""


def _lists() -> str:
    heads = ("list", "what it is", "codes")
    rows = [
        (
            f"`{name}`",
            _says(CODES + name) or ontology.label(CODES + name),
            " ".join(f"`{code.notation}`" for code in ontology.codes(name)),
        )
        for name in ontology.schemes()
    ]
    return "## Code lists\n\n" + table(heads, rows)


def _says(iri: str) -> str:
    return ontology.definition(iri) or ""


def _above(iri: str) -> str:
    graph = ontology.load()
    above = {str(c) for c in graph.objects(URIRef(iri), RDFS.subClassOf) if isinstance(c, URIRef)}
    return ", ".join(f"`{local_name(c)}`" for c in sorted(above))


def _tier(term: ontology.Term) -> str:
    tier = ontology.load().value(URIRef(term.iri), _DPC.tier)
    return local_name(str(tier)) if tier is not None else ""
