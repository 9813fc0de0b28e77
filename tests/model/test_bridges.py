"""The bridges: small modules that put our terms under a neighbour's, each axiom backed by a row."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import pytest
from rdflib import OWL, RDF, RDFS, Graph, Literal, URIRef
from rdflib.namespace import DCTERMS

from dpc_kg.base import assets
from dpc_kg.base.rdfio import is_canonical, read
from dpc_kg.base.settings import LANGS
from dpc_kg.base.vocab import DPC
from dpc_kg.model import crosswalk, ontology

if TYPE_CHECKING:
    from pathlib import Path

FOLDER = assets.root() / "ontology" / "bridges"
FILES = sorted(FOLDER.glob("*.ttl"))
WANTED = {"prov", "org", "uco", "cac", "gufo", "niem", "pplan", "dpv", "schema", "qb"}
MOST = 40
"""More axioms than this are no bridge but a model of their own."""

SETS = {"uco": "case-uco", "pplan": "p-plan", "schema": "schema-org"}
"""Mapping sets whose name differs from the bridge's."""

UNDER = {RDFS.subClassOf: OWL.Class, RDFS.subPropertyOf: None}
KINDS = {OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty}
SEPARATE = {
    "prov": {("http://www.w3.org/ns/prov#Entity", "http://www.w3.org/ns/prov#Activity")},
    "gufo": {("http://purl.org/nemo/gufo#Event", "http://purl.org/nemo/gufo#FunctionalComplex")},
}
"""Classes that the neighbour keeps apart, where no pinned file says so."""

PINNED = {
    "uco": ["data/case-uco-cac/case-1.5.0.ttl"],
    "cac": ["data/case-uco-cac/cacontology-core-spine.ttl"],
    "dpv": ["data/standards/dpv/dpv-2.3.ttl"],
}

bridges = pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)


@lru_cache(maxsize=32)
def graph(path: Path) -> Graph:
    return read(path)


def iri(path: Path) -> URIRef:
    return URIRef(f"https://w3id.org/dpc/cdm/bridge/{path.stem}")


def axioms(found: Graph) -> set[tuple[URIRef, URIRef, URIRef]]:
    return {
        (s, p, o)
        for p in UNDER
        for s, o in found.subject_objects(p)
        if isinstance(s, URIRef) and isinstance(o, URIRef)
    }


def kinds(found: Graph, term: URIRef) -> set[URIRef]:
    return {kind for kind in found.objects(term, RDF.type) if isinstance(kind, URIRef)} & KINDS


def unbacked(found: Graph, rows: tuple[crosswalk.Mapping, ...]) -> set[tuple[URIRef, ...]]:
    """Give the axioms that no exact or broad match says."""
    strong = {crosswalk.EXACT, crosswalk.BROAD}
    said = {(row.subject, row.object) for row in rows if row.predicate in strong}
    return {(s, p, o) for s, p, o in axioms(found) if (str(s), str(o)) not in said}


def strangers(found: Graph, header: URIRef) -> set[URIRef]:
    """Give the predicates that a bridge has no business with, outside its header."""
    allowed = {RDF.type, *UNDER}
    return {p for s, p, _ in found if s != header and p not in allowed and isinstance(p, URIRef)}


def undeclared(found: Graph) -> set[URIRef]:
    """Give the terms of axioms that are not declared as one and the right kind."""
    wrong = set()
    for s, p, o in axioms(found):
        wanted = {OWL.Class} if p == RDFS.subClassOf else KINDS - {OWL.Class}
        if len(kinds(found, s)) != 1 or kinds(found, s) != kinds(found, o):
            wrong |= {s, o}
        elif not kinds(found, s) <= wanted:
            wrong.add(s)
    return wrong


def torn(below: Graph, ours: set[URIRef], apart: set[tuple[str, str]]) -> set[URIRef]:
    """Give our classes that lie under two classes which are kept apart."""
    found = set()
    for cls in ours:
        above = {str(node) for node in below.transitive_objects(cls, RDFS.subClassOf)}
        if any(one in above and other in above for one, other in apart):
            found.add(cls)
    return found


def test_the_neighbours_have_a_bridge() -> None:
    assert {path.stem for path in FILES} >= WANTED


@bridges
def test_header(path: Path) -> None:
    found, header = graph(path), iri(path)
    version = str(ontology.load().value(URIRef("https://w3id.org/dpc/cdm"), OWL.versionInfo))
    assert list(found.subjects(RDF.type, OWL.Ontology)) == [header]
    assert str(found.value(header, OWL.versionIRI)) == f"{header}/{version}"
    assert str(found.value(header, OWL.versionInfo)) == version
    assert found.value(header, DCTERMS.license) == URIRef(
        "https://creativecommons.org/licenses/by/4.0/"
    )
    for field in (DCTERMS.title, DCTERMS.description):
        texts = {t.language for t in found.objects(header, field) if isinstance(t, Literal)}
        assert texts == set(LANGS)
    assert not list(found.objects(header, OWL.imports))


@bridges
def test_canonical(path: Path) -> None:
    assert is_canonical(path)


@bridges
def test_small_and_nothing_but_axioms_of_our_terms(path: Path) -> None:
    found = graph(path)
    assert 0 < len(axioms(found)) <= MOST
    assert strangers(found, iri(path)) == set()
    assert {s for s, _, _ in axioms(found) if not s.startswith(DPC)} == set()
    assert {o for _, _, o in axioms(found) if o.startswith(DPC)} == set()
    assert not [
        node for triple in found for node in triple if not isinstance(node, URIRef | Literal)
    ]


@bridges
def test_every_term_is_declared_once_and_of_one_kind(path: Path) -> None:
    assert undeclared(graph(path)) == set()


@bridges
def test_kinds_agree_with_the_model(path: Path) -> None:
    model = ontology.load()
    ours = {s for s, _, _ in axioms(graph(path))}
    found = {s: kinds(graph(path), s) for s in ours}
    assert {s: kinds(model, s) for s in ours} == found
    theirs = {o for _, _, o in axioms(graph(path))}
    assert {o for o in theirs if (o, RDF.type, OWL.AnnotationProperty) in model} == set()


@bridges
def test_every_axiom_has_a_row(path: Path) -> None:
    rows = crosswalk.mappings(SETS.get(path.stem, path.stem))
    assert unbacked(graph(path), rows) == set()


@bridges
def test_no_class_lies_under_two_that_are_kept_apart(path: Path, shared: Path) -> None:
    below = graph(path) + ontology.load()
    apart = set(SEPARATE.get(path.stem, set()))
    for name in PINNED.get(path.stem, []):
        neighbour = read(shared / name)
        below += neighbour
        apart |= {(str(s), str(o)) for s, o in neighbour.subject_objects(OWL.disjointWith)}
    ours = {s for s, p, _ in axioms(graph(path)) if p == RDFS.subClassOf}
    assert torn(below, ours, apart) == set()


def test_the_model_imports_no_bridge() -> None:
    imported = set(ontology.load().objects(None, OWL.imports))
    assert not [one for one in imported if "/bridge/" in str(one)]
    assert not set(FILES) & set(assets.ontology_files())


def broken(extra: str) -> Graph:
    text = """\
@prefix dpc: <https://w3id.org/dpc/cdm#> . @prefix ex: <https://example.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
dpc:Report a owl:Class ; rdfs:subClassOf ex:R . ex:R a owl:Class .
"""
    return Graph().parse(data=text + extra, format="turtle")


def test_the_checks_can_fail() -> None:
    header = URIRef("https://example.org/bridge")
    good = broken("")
    assert (undeclared(good), strangers(good, header)) == (set(), set())
    assert unbacked(good, ()) == axioms(good)
    assert undeclared(broken("dpc:Case rdfs:subClassOf ex:R ."))
    assert undeclared(broken("ex:R a owl:ObjectProperty ."))
    assert undeclared(broken("dpc:p a owl:Class ; rdfs:subPropertyOf ex:R ."))
    assert strangers(broken("dpc:Report owl:equivalentClass ex:R ."), header)


def test_a_class_under_two_that_are_kept_apart_is_found() -> None:
    both = broken("dpc:Report rdfs:subClassOf ex:S .")
    ours = {URIRef(f"{DPC}Report")}
    apart = {("https://example.org/R", "https://example.org/S")}
    assert torn(both, ours, apart) == ours
    assert torn(broken(""), ours, apart) == set()
