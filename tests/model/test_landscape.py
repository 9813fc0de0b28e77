"""The landscape: codes, notations and identifiers only, and the capabilities counted."""

from collections import Counter

from rdflib import RDF, RDFS, SH, SKOS, XSD, Graph, Literal, Namespace, URIRef
from rdflib.collection import Collection

from dpc_kg.base import assets
from dpc_kg.base.rdfio import read
from dpc_kg.base.vocab import BASE, CODES, DPC, SHAPES
from dpc_kg.model import ontology

D = Namespace(DPC)
CLASSES = {
    *("Stakeholder", "InformationSystem", "StandardInUse", "Barrier"),
    *("Capability", "CapabilityAssessment"),
}
DOMAINS = {
    "policy-and-governance": 3,
    "criminal-justice": 4,
    "victim": 4,
    "society": 4,
    "industry": 4,
    "media-and-communications": 2,
}


def module() -> Graph:
    return read(assets.asset("ontology", "landscape.ttl"))


def shapes() -> Graph:
    return read(assets.asset("shapes", "landscape.ttl"))


def open_rules(graph: Graph) -> set[str]:
    """The rules that would let any text through: no list, no pattern."""
    bounds = (SH["in"], SH.pattern)
    rules = set(graph.objects(predicate=SH.property))
    return {
        str(rule).removeprefix(SHAPES)
        for rule in rules
        if not any((rule, bound, None) in graph for bound in bounds)
    }


def texts(graph: Graph) -> set[str]:
    found = graph.subjects(RDFS.range, XSD.string)
    return {str(term).removeprefix(DPC) for term in found}


def test_the_module_has_its_classes() -> None:
    found = {term.iri for term in ontology.terms() if term.module == "landscape"}
    assert {DPC + name for name in CLASSES} <= found


def test_nothing_but_codes_notations_and_identifiers_travels() -> None:
    assert not open_rules(shapes())
    assert texts(module()) == {"standardVersion"}


def test_a_rule_that_lets_text_through_is_found() -> None:
    graph = shapes()
    graph.remove((URIRef(SHAPES + "StandardInUseShape-standardVersion"), SH.pattern, None))
    assert open_rules(graph) == {"StandardInUseShape-standardVersion"}


def test_nobody_is_named() -> None:
    """Organisations are referred to, never described; persons do not occur."""
    graph = module()
    ranges = {str(o).removeprefix(DPC) for o in graph.objects(predicate=RDFS.range)}
    assert ranges == {
        *("Organization", "InformationSystem", "Dataset", "ProcessStep", "Capability"),
        *(str(SKOS.Concept), str(XSD.string)),
    }


def test_there_are_21_capabilities_in_6_domains() -> None:
    graph = ontology.load()
    found = Counter(
        str(graph.value(capability, D.capabilityDomain)).rsplit("/", 1)[-1]
        for capability in graph.subjects(RDF.type, D.Capability)
    )
    assert found == DOMAINS
    assert sum(found.values()) == 21
    assert {code.notation for code in ontology.codes("capability-domain")} == set(DOMAINS)


def test_a_capability_is_a_code_of_its_list() -> None:
    graph = ontology.load()
    listed = {code.iri for code in ontology.codes("capability")}
    named = {str(iri) for iri in graph.subjects(RDF.type, D.Capability)}
    assert listed - named == {CODES + "capability/unmapped"}
    assert named <= listed


def test_headings_from_memory_say_so() -> None:
    graph = ontology.load()
    recalled = URIRef(CODES + "source-check/recalled")
    for scheme in ("capability", "maturity-phase"):
        for code in ontology.codes(scheme):
            is_marked = (URIRef(code.iri), D.sourceCheck, recalled) in graph
            assert is_marked == (code.notation != "unmapped"), code.iri


def test_maturity_has_four_phases() -> None:
    phases = [code.notation for code in ontology.codes("maturity-phase")]
    assert phases == ["phase-1", "phase-2", "phase-3", "phase-4", "unmapped"]


def test_a_barrier_can_name_every_published_step() -> None:
    graph, model = shapes(), ontology.load()
    head = graph.value(URIRef(SHAPES + "BarrierShape-hindersStep"), SH["in"])
    assert head is not None
    listed = {str(step) for step in Collection(graph, head)}
    assert listed == {str(step) for step in model.subjects(RDF.type, D.ProcessStep)}
    assert all(step.startswith(BASE + "process/") for step in listed)


def test_assessments_say_who_where_what_and_when() -> None:
    graph = shapes()
    shape = URIRef(SHAPES + "CapabilityAssessmentShape")
    required = {
        graph.value(rule, SH.path)
        for rule in graph.objects(shape, SH.property)
        if (rule, SH.minCount, Literal(1)) in graph
    }
    wanted = ("ratedBy", "refArea", "ratedCapability", "maturityPhase", "refPeriod")
    assert required == {D[name] for name in wanted}
