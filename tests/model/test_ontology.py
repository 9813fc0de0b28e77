"""The ontology modules: complete in four languages, self-contained, inside OWL 2 RL."""

import re
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

import pytest
from rdflib import OWL, RDF, RDFS, SKOS, XSD, BNode, Graph, Literal, Namespace, URIRef

from dpc_kg import __version__
from dpc_kg.base import assets
from dpc_kg.base.errors import UnknownAsset
from dpc_kg.base.rdfio import is_canonical, read
from dpc_kg.base.settings import LANGS
from dpc_kg.base.vocab import CODES, DPC, FN, local_name
from dpc_kg.model import ontology

SCHEMA = Namespace("https://schema.org/")
XL = Namespace("http://www.w3.org/2008/05/skos-xl#")
CDM = "https://w3id.org/dpc/cdm"
MODULES = sorted(path.name for path in assets.asset("ontology").glob("*.ttl"))
BUILT_IN = (str(RDF), str(RDFS), str(OWL), str(XSD))
FIXED_PROPERTIES = {
    *("receivedAt", "receivedBy", "hasStatus", "hasCode", "hasScheme", "rawNotation", "ageBand"),
    *("onPlatform", "sentAt", "respondedAt", "reportToReferralSeconds", "measure", "observedValue"),
    *("refPeriod", "refArea", "observer", "keyScope", "extractedAt", "sequence"),
}
IRI_IN_TEXT = re.compile(rf"\bdpc:([A-Za-z]\w*)|{re.escape(DPC)}([A-Za-z]\w*)")
CODE_IN_TEXT = re.compile(rf"{re.escape(CODES)}([a-z-]+/[a-z0-9-]+)")


def module(name: str) -> Graph:
    return read(assets.asset("ontology", name))


def turtle_files() -> list[Path]:
    root = assets.root()
    return sorted([*root.glob("ontology/**/*.ttl"), *root.glob("shapes/**/*.ttl")])


def texts_that_use_terms() -> list[Path]:
    root = assets.root()
    patterns = ("shapes/**/*.ttl", "ontology/**/*.ttl", "mappings/**/*.ttl", "queries/**/*.rq")
    return sorted(path for pattern in patterns for path in root.glob(pattern))


@pytest.mark.parametrize("path", turtle_files(), ids=lambda p: p.stem)
def test_every_turtle_file_is_canonical(path: Path) -> None:
    assert is_canonical(path), f"write {path.name} again in its canonical form"


def test_every_term_in_use_is_declared() -> None:
    declared = {local_name(term.iri) for term in ontology.terms()}
    used = {
        (path.name, found[1] or found[2])
        for path in texts_that_use_terms()
        for found in IRI_IN_TEXT.finditer(path.read_text(encoding="utf-8"))
    }
    assert not {(name, term) for name, term in used if term not in declared}


def test_every_code_in_use_exists() -> None:
    known = {code.iri for scheme in ontology.schemes() for code in ontology.codes(scheme)}
    used = {
        (path.name, CODES + found[1])
        for path in texts_that_use_terms()
        for found in CODE_IN_TEXT.finditer(path.read_text(encoding="utf-8"))
        if not found[1].startswith(("period/", "terminology/"))
    }
    assert not {(name, code) for name, code in used if code not in known}


@pytest.mark.parametrize("name", MODULES)
def test_modules_are_named_and_versioned(name: str) -> None:
    graph = module(name)
    iri = CDM if name == "dpc.ttl" else f"{CDM}/{name.removesuffix('.ttl')}"
    assert list(graph.subjects(RDF.type, OWL.Ontology)) == [URIRef(iri)]
    assert graph.value(URIRef(iri), OWL.versionInfo) == Literal(__version__)
    assert graph.value(URIRef(iri), OWL.versionIRI) == URIRef(f"{iri}/{__version__}")


def test_the_root_module_holds_header_and_imports_only() -> None:
    graph = module("dpc.ttl")
    assert set(graph.subjects()) == {URIRef(CDM)}
    imported = {str(iri).split("/")[-2] + ".ttl" for iri in graph.objects(predicate=OWL.imports)}
    assert imported == set(MODULES) - {"dpc.ttl"}


def test_the_catalogue_resolves_every_module_offline() -> None:
    folder = assets.asset("ontology")
    entries = ElementTree.parse(folder / "catalog-v001.xml").getroot()
    resolved = {entry.get("name"): entry.get("uri") for entry in entries}
    for name in MODULES:
        graph = module(name)
        iri = next(graph.subjects(RDF.type, OWL.Ontology))
        wanted = {str(iri), str(graph.value(iri, OWL.versionIRI))}
        wanted |= {str(imported) for imported in graph.objects(iri, OWL.imports)}
        assert wanted <= resolved.keys()
        assert resolved[str(iri)] == name


@pytest.mark.parametrize("name", MODULES)
def test_modules_use_only_what_they_declare_or_import(name: str) -> None:
    closure = Graph()
    queue = [name]
    while queue:
        graph = module(queue.pop())
        closure += graph
        queue += [
            str(iri).split("/")[-2] + ".ttl"
            for iri in graph.objects(predicate=OWL.imports)
            if URIRef(str(iri)) not in set(closure.objects(predicate=OWL.versionIRI))
        ]
    declared = set(closure.subjects(RDF.type, None))
    for s, p, o in module(name):
        logical = [p, o] if p == RDF.type else [s, p, o]
        if p == SCHEMA.domainIncludes or str(p).startswith(DPC) or s in _headers(closure):
            logical = [p]
        for node in logical:
            if isinstance(node, URIRef) and not str(node).startswith((*BUILT_IN, CDM + "/")):
                assert node in declared, f"{name}: {node} is not declared"


def _headers(graph: Graph) -> set[object]:
    return set(graph.subjects(RDF.type, OWL.Ontology))


@pytest.mark.parametrize("name", MODULES)
def test_modules_stay_inside_owl_2_rl(name: str) -> None:
    graph = module(name)
    assert not [node for node in graph.all_nodes() if isinstance(node, BNode)]
    axioms = {p for p in graph.predicates() if str(p).startswith(str(OWL))}
    assert axioms <= {OWL.disjointWith, OWL.imports, OWL.versionIRI, OWL.versionInfo}
    ranges = {o for o in graph.objects(predicate=RDFS.range) if str(o).startswith(str(XSD))}
    assert ranges <= {XSD.dateTime, XSD.decimal, XSD.integer, XSD.string}
    literals = {o.datatype for o in graph.objects() if isinstance(o, Literal) and o.datatype}
    assert literals <= {XSD.boolean, XSD.integer, XSD.string}


def test_properties_have_one_domain_or_say_whose_they_are() -> None:
    graph = ontology.load()
    for term in ontology.terms():
        if term.kind in {"ObjectProperty", "DatatypeProperty"}:
            domains = list(graph.objects(URIRef(term.iri), RDFS.domain))
            included = list(graph.objects(URIRef(term.iri), SCHEMA.domainIncludes))
            assert term.classes, term.iri
            assert len(domains) <= 1
            assert not (domains and included), term.iri
            assert len(list(graph.objects(URIRef(term.iri), RDFS.range))) <= 1


def test_fixed_property_names_exist() -> None:
    named = {local_name(term.iri) for term in ontology.terms()}
    assert named >= FIXED_PROPERTIES


def test_names_follow_the_house() -> None:
    for term in ontology.terms():
        shape = r"[A-Z][A-Za-z]+" if term.kind == "Class" else r"[a-z][A-Za-z]+"
        assert re.fullmatch(shape, local_name(term.iri)), term.iri


def test_nothing_is_both_class_and_code() -> None:
    graph = ontology.load()
    classes = set(graph.subjects(RDF.type, OWL.Class))
    assert not classes & set(graph.subjects(RDF.type, SKOS.Concept))


def test_no_two_terms_share_a_label() -> None:
    for lang in LANGS:
        for kinds in ({"Class"}, {"ObjectProperty", "DatatypeProperty"}, {"AnnotationProperty"}):
            found = [t.iri for t in ontology.terms() if t.kind in kinds]
            labels = Counter(ontology.label(iri, lang) for iri in found)
            assert not [label for label, count in labels.items() if count > 1]


def test_no_text_uses_a_word_to_avoid(model_and_shapes: Graph) -> None:
    terminology = module("terminology.ttl")
    avoid = URIRef(f"{CODES}term-status/avoid")
    words = {
        (str(text).casefold(), text.language)
        for word in terminology.subjects(URIRef(DPC + "termStatus"), avoid)
        for text in terminology.objects(word, XL.literalForm)
        if isinstance(text, Literal)
    }
    assert {lang for _, lang in words} == set(LANGS)
    for _, predicate, text in model_and_shapes:
        if isinstance(text, Literal) and text.language and predicate != XL.literalForm:
            found = [
                word for word, lang in words if lang == text.language and word in text.casefold()
            ]
            assert not found, f"{text} holds {found}"


def test_words_to_avoid_name_what_to_say_instead() -> None:
    terminology = module("terminology.ttl")
    known = {code.iri for code in ontology.codes("concern")}
    for word in terminology.subjects(RDF.type, XL.Label):
        assert str(terminology.value(word, URIRef(DPC + "useInstead"))) in known


def test_labels_fall_back_to_english_and_then_to_the_name() -> None:
    phone = CODES + "channel/phone"
    assert ontology.label(phone, "es") == "Teléfono"
    assert ontology.label(phone, "pt") == "Telephone"
    assert ontology.label("https://example.org/x#Other", "fr") == "Other"
    assert ontology.definition(DPC + "Case", "ar") != ontology.definition(DPC + "Case", "en")
    assert ontology.definition("https://example.org/x") is None


def test_classes_data_may_name() -> None:
    leaves = {local_name(iri) for iri in ontology.leaf_classes()}
    assert {"HelplineContact", "PlatformReport", "Case", "Observation"} <= leaves
    assert not leaves & {"Record", "Report"}
    above = [local_name(iri) for iri in ontology.superclasses(DPC + "HelplineContact")]
    assert above == ["HelplineContact", "Report", "Record"]


def test_an_unknown_list_is_refused_with_the_known_ones() -> None:
    with pytest.raises(UnknownAsset, match="similar name: channel"):
        ontology.codes("chanel")


def test_no_term_lives_in_the_function_namespace() -> None:
    assert not [term for term in ontology.terms() if term.iri.startswith(FN)]
