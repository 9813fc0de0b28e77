"""The shapes: for each rule data that passes and data that trips exactly it, in two engines."""

import re
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import DCTERMS, RDF, RDFS, SH, SKOS, BNode, Graph, Literal, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from dpc_kg.base import assets
from dpc_kg.base.rdfio import is_canonical, read
from dpc_kg.base.settings import LANGS
from dpc_kg.base.vocab import CODES, DPC, SHAPES, local_name
from dpc_kg.model import ontology, profiles

Found = frozenset[tuple[str, str]]
Engine = Callable[[Graph], Found]
D = Namespace(DPC)
FOLDER = Path(__file__).parents[1] / "shapes"
CASES = sorted(FOLDER.glob("*/*.ttl"))


def rule_of(path: Path, shapes: Graph) -> str | None:
    """``fail-<rule>[-why].ttl``: the longest name of a shape that the file's name begins with."""
    kind, _, name = path.stem.partition("-")
    if kind == "pass":
        return None
    while (URIRef(SHAPES + name), None, None) not in shapes:
        name, dash, _ = name.rpartition("-")
        assert dash, f"{path.name} names no rule"
    return name


def own(path: Path) -> str:
    """Name the organisation of one case, so that all cases can stand in one graph."""
    return f"case{CASES.index(path):05d}"


def alone(data: Graph) -> bool:
    """Tell whether a case has nodes that do not carry its organisation."""
    return any("example-org" not in str(subject) for subject in data.subjects())


def names(data: Graph) -> set[str]:
    """Give what a graph speaks of, but for what something is by its class or value."""
    objects = {o for _, p, o in data if p != RDF.type and isinstance(o, URIRef)}
    return {str(node) for node in {*data.subjects(), *objects}}


def unrelated(cases: dict[Path, Graph]) -> list[list[tuple[Path, Graph]]]:
    """Put cases that name no node of each other's together, so that one run tells them apart."""
    groups: list[tuple[set[str], list[tuple[Path, Graph]]]] = []
    for path, data in cases.items():
        own = names(data)
        known = next((g for g in groups if own.isdisjoint(g[0])), None)
        if known is None:
            groups.append((own, [(path, data)]))
        else:
            known[0].update(own)
            known[1].append((path, data))
    return [members for _, members in groups]


@pytest.fixture(scope="session")
def tripped(engine: Engine) -> dict[Path, set[str]]:
    """Validate all cases in one run: hundreds of runs of the reference engine take too long."""
    found: dict[Path, set[str]] = {path: set() for path in CASES}
    together, owners = Graph(), {own(path): path for path in CASES}
    apart: dict[Path, Graph] = {}
    for path in CASES:
        data = read(path)
        if alone(data):
            apart[path] = data
        else:
            text = path.read_text(encoding="utf-8").replace("example-org", own(path))
            together.parse(data=text, format="turtle")
    for group in unrelated(apart):
        for focus, name in engine(sum((data for _, data in group), Graph())):
            (path,) = (path for path, data in group if focus in names(data))
            found[path].add(name)
    for focus, name in engine(together):
        marker = re.search(r"case\d{5}", focus)
        assert marker, f"{focus} belongs to no case"
        found[owners[marker[0]]].add(name)
    return found


@pytest.mark.parametrize("path", CASES, ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_data_trips_exactly_the_rule_it_is_named_after(
    path: Path, tripped: dict[Path, set[str]], shapes: Graph
) -> None:
    rule = rule_of(path, shapes)
    assert tripped[path] == ({rule} if rule else set())


def test_both_engines_run_on_cases_in_canonical_form() -> None:
    assert not [path.name for path in CASES if not is_canonical(path)]


def samples() -> list[Path]:
    return sorted(assets.root().glob("mappings/lift/*/expected.nq"))


@pytest.mark.parametrize("path", samples(), ids=lambda p: p.parent.name)
def test_the_sample_of_every_source_conforms(path: Path, engine: Engine) -> None:
    quads = ox.parse(path.read_bytes(), format=ox.RdfFormat.N_QUADS)
    data = Graph().parse(data="\n".join(f"{quad.triple} ." for quad in quads), format="nt")
    assert len(data)
    assert not engine(data)


def test_shapes_leave_the_model_itself_alone(engine: Engine, model_and_shapes: Graph) -> None:
    """Whoever validates data and ontology as one graph gets no result about the ontology."""
    assert not engine(model_and_shapes)


def targeted(shapes: Graph) -> set[str]:
    subjects = {*shapes.subjects(SH.targetClass), *shapes.subjects(SH.targetSubjectsOf)}
    return {local_name(str(shape)) for shape in subjects}


def test_every_class_of_the_data_has_one_shape_of_its_name(shapes: Graph) -> None:
    wanted = {f"{local_name(iri)}Shape" for iri in ontology.leaf_classes()}
    assert wanted <= targeted(shapes)
    for iri in ontology.leaf_classes():
        target = shapes.value(URIRef(f"{SHAPES}{local_name(iri)}Shape"), SH.targetClass)
        assert str(target) == iri


def test_every_shape_has_data_that_passes_and_data_that_fails(shapes: Graph) -> None:
    for shape in targeted(shapes):
        folder = FOLDER / shape.split("-")[0]
        assert list(folder.glob("pass-*.ttl")), f"{shape}: no passing data"
        assert list(folder.glob(f"fail-{shape}*.ttl")), f"{shape}: no failing data"


def test_every_property_rule_has_data_that_fails(shapes: Graph) -> None:
    failing = {rule_of(path, shapes) for path in CASES}
    rules = {local_name(str(rule)) for rule in shapes.objects(predicate=SH.property)}
    assert not rules - failing


def test_every_required_property_has_data_without_it(shapes: Graph) -> None:
    names = {path.stem for path in CASES}
    for rule in set(shapes.objects(predicate=SH.property)):
        least = shapes.value(rule, SH.minCount)
        if least is not None and int(str(least)):
            assert f"fail-{local_name(str(rule))}-missing" in names


def test_code_lists_in_shapes_are_the_published_ones(shapes: Graph) -> None:
    for rule in set(shapes.subjects(D.usesScheme)):
        allowed = {str(code) for code in Collection(shapes, head(shapes, rule))}
        schemes = [str(iri).removeprefix(CODES) for iri in shapes.objects(rule, D.usesScheme)]
        published = {code.iri for scheme in schemes for code in ontology.codes(scheme)}
        assert allowed == published, rule


def head(shapes: Graph, rule: Node) -> BNode:
    node = shapes.value(rule, SH["in"])
    assert isinstance(node, BNode)
    return node


def test_properties_belong_to_the_class_whose_shape_names_them(shapes: Graph) -> None:
    carriers = {term.iri: set(term.classes) for term in ontology.terms()}
    for iri in ontology.leaf_classes():
        above = set(ontology.superclasses(iri))
        for path in profiles.properties(shapes, iri):
            if path != str(SKOS.notation):
                assert carriers[path] & above, f"{path} is not declared for {iri}"


def test_rules_stay_inside_one_record(shapes: Graph) -> None:
    """One step from the record, and one step to the case a referral belongs to."""
    far = [path for path in shapes.objects(predicate=SH.path) if isinstance(path, BNode)]
    assert [[local_name(str(p)) for p in Collection(shapes, path)] for path in far] == [
        ["isReferralOf", "consentToShare"]
    ]
    for word in ("inversePath", "zeroOrMorePath", "class", "node", "sparql", "equals", "lessThan"):
        assert not list(shapes.subject_objects(SH[word])), word


def test_rules_that_name_no_plain_property_say_which_one_to_blame(shapes: Graph) -> None:
    rules = [s for s in shapes.subjects(SH["not"], None) if (s, SH.targetClass, None) in shapes]
    rules += [s for s, path in shapes.subject_objects(SH.path) if isinstance(path, BNode)]
    assert len(rules) >= 25
    for rule in rules:
        blamed = shapes.value(rule, D.blames)
        assert str(blamed) in {term.iri for term in ontology.terms()}


def test_patterns_mean_the_same_in_every_engine(shapes: Graph) -> None:
    for pattern in set(shapes.objects(predicate=SH.pattern)):
        re.compile(str(pattern))
        assert str(pattern).startswith("^") or str(pattern).endswith("$")


def test_every_rule_speaks_four_languages(shapes: Graph) -> None:
    rules = {*shapes.objects(predicate=SH.property), *shapes.subjects(D.blames)}
    rules |= set(shapes.subjects(SH.closed)) | set(shapes.subjects(SH.targetClass))
    for rule in rules:
        texts = [m for m in shapes.objects(rule, SH.message) if isinstance(m, Literal)]
        assert sorted(text.language or "" for text in texts) == sorted(LANGS), rule
        assert len({str(text) for text in texts}) == len(LANGS), (
            f"{rule}: one text in two languages"
        )


def test_lint_finds_nothing(
    engine_of: Callable[[Graph], Engine], lint: Graph, model_and_shapes: Graph
) -> None:
    assert not engine_of(lint)(model_and_shapes)


MISTAKES = {
    "LintTargetClass-declared": (SHAPES + "CaseShape", SH.targetClass, URIRef(DPC + "Cases")),
    "LintPath": (SHAPES + "CaseShape-hasStatus", SH.path, URIRef(DPC + "hasStatuses")),
    "LintPropertyShape": (SHAPES + "CaseShape", SH.property, URIRef("https://example.org/p")),
    "LintPropertyShape-message": (SHAPES + "CaseShape-hasStatus", SH.message, Literal("x", "de")),
    "LintBlame-one": (SHAPES + "ReferralShape-consent", D.blames, D.hasStatus),
    "LintPattern": (SHAPES + "CaseShape", SH.pattern, Literal("(?=look-around)")),
    "LintNoQuery": (SHAPES + "CaseShape", SH.sparql, URIRef(SHAPES + "q")),
    "LintTerm-label": (DPC + "Case", RDFS.label, Literal("Case file", "en")),
    "LintTerm-type": (DPC + "Case", RDF.type, SKOS.Concept),
    "LintTerm-isDefinedBy": (DPC + "Case", RDFS.isDefinedBy, URIRef(DPC[:-1] + "/report")),
    "LintPolicy-tier": (DPC + "Case", D.tier, URIRef(CODES + "tier/full")),
    "LintConcept-notation": (CODES + "sex/girl", SKOS.notation, Literal("woman")),
    "LintConcept-definition": (CODES + "sex/girl", SKOS.definition, Literal("no stop", "en")),
    "LintScheme-license": (CODES + "sex", DCTERMS.license, Literal("CC BY 4.0")),
    "LintRemedy-kind": (CODES + "source-fault/date", D.faultKind, Literal("typo")),
    "LintOntology-versionInfo": (
        DPC[:-1],
        URIRef("http://www.w3.org/2002/07/owl#versionInfo"),
        Literal("0"),
    ),
}


def lines(graph: Graph) -> frozenset[str]:
    """Give the triples as lines of N-Triples: one is changed faster there than in a graph."""
    return frozenset(graph.serialize(format="nt").splitlines())


@pytest.fixture(scope="module")
def model_lines(model_and_shapes: Graph) -> frozenset[str]:
    return lines(model_and_shapes)


@pytest.mark.parametrize("rule", MISTAKES)
def test_lint_finds_a_mistake(
    rule: str, fast_lint: Callable[[str], Found], model_lines: frozenset[str]
) -> None:
    subject, predicate, value = MISTAKES[rule]
    broken = model_lines | lines(Graph().add((URIRef(subject), URIRef(predicate), value)))
    if predicate == SH.property:
        own = Graph().add((URIRef(subject), predicate, URIRef(SHAPES + "CaseShape-hasStatus")))
        assert lines(own) <= broken
        broken -= lines(own)
    assert rule in {name for _, name in fast_lint("\n".join(sorted(broken)))}
