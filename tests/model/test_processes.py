"""The published processes: sound plans, complete in four languages, and what refers to them."""

import re
from collections.abc import Callable, Iterable
from itertools import pairwise
from pathlib import Path

import pytest
from rdflib import RDF, RDFS, SH, SKOS, Graph, Literal, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from dpc_kg.base import assets
from dpc_kg.base.rdfio import read
from dpc_kg.base.settings import LANGS
from dpc_kg.base.vocab import BASE, CODES, DPC, SHAPES
from dpc_kg.model import ontology

D = Namespace(DPC)
PROCESS = BASE + "process/"
FILES = sorted(assets.asset("ontology", "processes").glob("*.ttl"))
SEVEN = {
    *("provider-report", "hotline-report", "case-management", "helpline-contact"),
    *("survivor-referral", "victim-identification", "statement-of-reasons"),
}
NUMBERED = {"at-most", "at-least", "open-for"}
IRI_IN_QUERY = re.compile(r"<([^>]+)>")


def plan(name: str) -> Graph:
    return read(assets.asset("ontology", "processes", f"{name}.ttl"))


def members(graph: Graph, kind: str) -> set[Node]:
    return set(graph.subjects(RDF.type, D[kind]))


def first_steps(graph: Graph) -> set[Node]:
    return {s for s in members(graph, "ProcessStep") if (s, D.isPrecededBy, None) not in graph}


def reached(graph: Graph, left_out: Iterable[Node] = ()) -> set[Node]:
    """The steps that can be come to from a first step without those left out."""
    gone, found = set(left_out), set[Node]()
    todo = [step for step in first_steps(graph) if step not in gone]
    while todo:
        step = todo.pop()
        found.add(step)
        after = set(graph.subjects(D.isPrecededBy, step))
        todo += [next_step for next_step in after - gone - found]
    return found


def earlier(graph: Graph, step: Node) -> set[Node]:
    """The steps that some way to this one leads through."""
    found, todo = set[Node](), list(graph.objects(step, D.isPrecededBy))
    while todo:
        before = todo.pop()
        if before not in found:
            found.add(before)
            todo += graph.objects(before, D.isPrecededBy)
    return found


def must_precede(graph: Graph) -> set[tuple[str, str]]:
    """Pairs of a step and one that every way to it leads through."""
    steps = members(graph, "ProcessStep")
    return {
        (str(step), str(before))
        for before in steps
        for step in steps - reached(graph, [before]) - {before}
    }


def is_cyclic(graph: Graph) -> bool:
    return any(step in earlier(graph, step) for step in members(graph, "ProcessStep"))


def is_unreached(graph: Graph) -> bool:
    return members(graph, "ProcessStep") != reached(graph)


def has_not_one_beginning(graph: Graph) -> bool:
    return len(first_steps(graph)) != 1


def leaves_the_plan(graph: Graph) -> bool:
    """A relation of a step ends at something that is not of this process."""
    wanted = {
        D.isStepOf: "ProcessModel",
        D.isPrecededBy: "ProcessStep",
        D.isAlternativeTo: "ProcessStep",
        D.performedBy: "ProcessRole",
        D.hasTimeLimit: "TimeLimit",
        D.isRoleInProcess: "ProcessModel",
        D.countsFrom: "ProcessStep",
    }
    return any(set(graph.objects(None, p)) - members(graph, kind) for p, kind in wanted.items())


def lacks_a_role(graph: Graph) -> bool:
    steps = members(graph, "ProcessStep")
    idle = members(graph, "ProcessRole") - set(graph.objects(predicate=D.performedBy))
    return bool(idle) or any((step, D.performedBy, None) not in graph for step in steps)


def lacks_a_language(graph: Graph) -> bool:
    named = {s for kind in KINDS for s in members(graph, kind)}
    return any(
        sorted(text.language or "" for text in graph.objects(node, p) if isinstance(text, Literal))
        != sorted(LANGS)
        for node in named
        for p in (RDFS.label, SKOS.definition)
    )


def lacks_a_source(graph: Graph) -> bool:
    sources = {code.iri for code in ontology.codes("source-document")}
    checks = {code.iri for code in ontology.codes("source-check")}
    stated = members(graph, "ProcessModel") | members(graph, "TimeLimit")
    return any(
        not {str(o) for o in graph.objects(node, D.statedIn)} & sources
        or {str(o) for o in graph.objects(node, D.sourceCheck)} - checks
        or (node, D.sourceCheck, None) not in graph
        for node in stated
    )


def has_a_limit_without_ends(graph: Graph) -> bool:
    """A limit counts from one step to a later one."""
    return any(
        not (ends := set(graph.subjects(D.hasTimeLimit, limit)))
        or any(graph.value(limit, D.countsFrom) not in earlier(graph, end) for end in ends)
        for limit in members(graph, "TimeLimit")
    )


def has_a_number_astray(graph: Graph) -> bool:
    kinds = {str(code.iri) for code in ontology.codes("time-limit-kind")}
    return any(
        str(kind) not in kinds
        or (str(kind).rsplit("/", 1)[-1] in NUMBERED) != ((limit, D.limitSeconds, None) in graph)
        for limit, kind in graph.subject_objects(D.limitKind)
    )


def needs_an_optional_step(graph: Graph) -> bool:
    optional = set(graph.subjects(D.isOptional, Literal(True)))
    return reached(graph, optional) != members(graph, "ProcessStep") - optional


def has_a_one_sided_alternative(graph: Graph) -> bool:
    pairs = set(graph.subject_objects(D.isAlternativeTo))
    return any((b, a) not in pairs or a in earlier(graph, b) for a, b in pairs)


def is_out_of_position(graph: Graph) -> bool:
    """Positions count from one, and a step stands after those that can precede it."""
    steps = members(graph, "ProcessStep")
    place = {step: int(str(graph.value(step, D.position) or 0)) for step in steps}
    pairs = graph.subject_objects(D.isPrecededBy)
    counted = sorted(place.values()) == list(range(1, len(place) + 1))
    return not counted or any(place[step] <= place.get(before, 0) for step, before in pairs)


def is_misnamed(graph: Graph) -> bool:
    model = str(next(iter(members(graph, "ProcessModel"))))
    forms = {
        "ProcessModel": "",
        "ProcessStep": "/",
        "ProcessRole": "/role/",
        "TimeLimit": "/limit/",
    }
    return any(
        str(node) != (model + form + str(graph.value(node, SKOS.notation)) if form else model)
        for kind, form in forms.items()
        for node in members(graph, kind)
    )


KINDS = ("ProcessModel", "ProcessStep", "ProcessRole", "TimeLimit")
CHECKS: tuple[Callable[[Graph], bool], ...] = (
    *(is_cyclic, is_unreached, has_not_one_beginning, leaves_the_plan, lacks_a_role),
    *(lacks_a_language, lacks_a_source, has_a_limit_without_ends, has_a_number_astray),
    *(needs_an_optional_step, has_a_one_sided_alternative, is_out_of_position, is_misnamed),
)


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_a_plan_is_sound(path: Path) -> None:
    graph = read(path)
    assert members(graph, "ProcessModel") == {URIRef(PROCESS + path.stem)}
    assert not [check.__name__ for check in CHECKS if check(graph)]


def step(name: str) -> URIRef:
    return URIRef(f"{PROCESS}hotline-report/{name}")


def a(name: str, prop: URIRef, value: Node) -> tuple[Node, Node, Node]:
    return step(name), prop, value


FAR = URIRef(PROCESS + "case-management/assess")
TEXT = Literal("Encore", lang="fr")
ADDED: dict[str, tuple[tuple[Node, Node, Node], ...]] = {
    "is_cyclic": (a("trace-host", D.isPrecededBy, step("close-report")),),
    "is_unreached": (
        a("island", RDF.type, D.ProcessStep),
        a("island", D.isPrecededBy, step("island")),
    ),
    "has_not_one_beginning": (a("another-start", RDF.type, D.ProcessStep),),
    "leaves_the_plan": (a("trace-host", D.isPrecededBy, FAR),),
    "lacks_a_role": (a("role/idle", RDF.type, D.ProcessRole),),
    "lacks_a_language": (a("trace-host", RDFS.label, TEXT),),
    "lacks_a_source": (a("limit/provider-to-removal", D.sourceCheck, URIRef(CODES + "sex/girl")),),
    "has_a_limit_without_ends": (a("receive-report", D.hasTimeLimit, step("limit/x")),),
    "has_a_number_astray": (a("limit/provider-to-removal", D.limitSeconds, Literal(60)),),
    "needs_an_optional_step": (a("trace-host", D.isOptional, Literal(True)),),
    "has_a_one_sided_alternative": (a("trace-host", D.isAlternativeTo, step("close-report")),),
    "is_out_of_position": (a("receive-report", D.isPrecededBy, step("close-report")),),
    "is_misnamed": (a("trace-hosts", RDF.type, D.ProcessStep),),
}
ADDED["has_a_limit_without_ends"] += (
    a("limit/x", RDF.type, D.TimeLimit),
    a("limit/x", D.countsFrom, step("trace-host")),
)
REMOVED = {
    "lacks_a_role": (step("trace-host"), D.performedBy, None),
    "lacks_a_language": (step("role/hotline"), SKOS.definition, None),
    "lacks_a_source": (step("limit/provider-to-removal"), D.statedIn, None),
    "has_a_limit_without_ends": (None, D.hasTimeLimit, step("limit/provider-to-removal")),
    "is_out_of_position": (step("trace-host"), D.position, None),
    "is_misnamed": (step("trace-host"), SKOS.notation, None),
}


@pytest.mark.parametrize("name", ADDED)
def test_a_plan_broken_by_an_addition_is_found(name: str) -> None:
    graph = plan("hotline-report")
    for triple in ADDED[name]:
        graph.add(triple)
    assert name in {check.__name__ for check in CHECKS if check(graph)}


@pytest.mark.parametrize("name", REMOVED)
def test_a_plan_broken_by_a_removal_is_found(name: str) -> None:
    graph = plan("hotline-report")
    graph.remove(REMOVED[name])
    assert name in {check.__name__ for check in CHECKS if check(graph)}


def test_every_check_is_seen_to_fail() -> None:
    assert {check.__name__ for check in CHECKS} == ADDED.keys() | REMOVED.keys()


def test_the_seven_processes_are_published() -> None:
    assert {path.stem for path in FILES} == SEVEN


def test_notice_and_takedown_is_three_intervals_in_a_row() -> None:
    graph = plan("hotline-report")
    intervals = {
        (graph.value(limit, D.countsFrom), graph.value(predicate=D.hasTimeLimit, object=limit))
        for limit in members(graph, "TimeLimit")
    }
    stations = ("receive-report", "notify-law-enforcement", "notify-provider", "remove-content")
    row = [step(name) for name in stations]
    assert intervals == set(pairwise(row))


def statuses(name: str) -> dict[str, set[str]]:
    graph = plan(name)
    return {
        str(node).rsplit("/", 1)[-1]: {str(o) for o in graph.objects(node, D.leadsToStatus)}
        for node in members(graph, "ProcessStep")
    }


def test_a_report_of_a_provider_can_be_partial_or_retracted() -> None:
    found = statuses("provider-report")
    assert found["upload-files"] == {CODES + "report-status/partial"}
    assert found["retract-report"] == {CODES + "report-status/retracted"}
    either = (D.isAlternativeTo, URIRef(PROCESS + "provider-report/finish-report"))
    assert (URIRef(PROCESS + "provider-report/retract-report"), *either) in plan("provider-report")


def test_a_referral_is_sent_with_consent_before_it_is_answered() -> None:
    first = PROCESS + "survivor-referral/"
    pairs = must_precede(plan("survivor-referral"))
    assert (first + "send-referral", first + "obtain-consent") in pairs
    for answer in ("accept-referral", "decline-referral", "withdraw-referral", "start-service"):
        assert (first + answer, first + "send-referral") in pairs
    assert statuses("survivor-referral")["accept-referral"] == {CODES + "referral-status/accepted"}


def test_case_management_has_its_steps() -> None:
    assert set(statuses("case-management")) == {
        *("identify-and-register", "assess", "plan", "implement-plan", "follow-up-and-review"),
        *("close-case", "obtain-consent", "hold-case-conference", "transfer-case"),
    }


def countable() -> set[Node]:
    return set(ontology.load().subjects(D.countsOnly, Literal(True)))


def live() -> list[Graph]:
    """The plans whose single steps may travel."""
    return [graph for graph in map(read, FILES) if not members(graph, "ProcessModel") & countable()]


def listed(module: str, rule: str) -> set[str]:
    shapes = read(assets.asset("shapes", f"{module}.ttl"))
    head = shapes.value(URIRef(SHAPES + rule), SH["in"])
    assert head is not None
    return {str(item) for item in Collection(shapes, head)}


def of_kind(graphs: Iterable[Graph], kind: str) -> set[str]:
    return {str(node) for graph in graphs for node in members(graph, kind)}


def test_of_victim_identification_only_counts_travel() -> None:
    assert countable() == {URIRef(PROCESS + "victim-identification")}
    assert listed("process", "ProcessExecutionShape-isExecutionOf") == of_kind(
        live(), "ProcessStep"
    )
    assert listed("process", "ProcessExecutionShape-underTimeLimit") == of_kind(live(), "TimeLimit")


def test_what_is_published_is_not_sent() -> None:
    published = {str(s) for s in ontology.load().subjects(D.isPublishedOnly, Literal(True))}
    assert published == {DPC + kind for kind in (*KINDS, "Capability")}
    assert not published & set(ontology.leaf_classes())


def pairs_in(query: str) -> set[tuple[str, ...]]:
    text = assets.asset("queries", "verify", f"{query}.rq").read_text(encoding="utf-8")
    rows = [line.strip() for line in text.splitlines() if re.match(r"^\s+[(]?[<\"].*[>)\d]$", line)]
    return {tuple(IRI_IN_QUERY.findall(row)) for row in rows if PROCESS in row}


def test_queries_know_the_order_of_the_steps() -> None:
    assert pairs_in("process-step-order") == set().union(*map(must_precede, live()))
    sent = PROCESS + "survivor-referral/send-referral"
    after = {(s,) for s, before in must_precede(plan("survivor-referral")) if before == sent}
    assert pairs_in("process-referral-before-sent") == after


def test_queries_know_the_alternatives_and_limits() -> None:
    pairs = {pair for graph in live() for pair in graph.subject_objects(D.isAlternativeTo)}
    assert pairs_in("process-both-alternatives") == {
        (str(one), str(other)) for one, other in pairs if str(one) < str(other)
    }
    limits = {pair for graph in live() for pair in graph.subject_objects(D.hasTimeLimit)}
    assert pairs_in("process-limit-of-other-step") == {(str(s), str(t)) for s, t in limits}


def test_queries_know_the_numbers_of_the_limits() -> None:
    text = assets.asset("queries", "verify", "process-time-limit-verdict.rq")
    rows = re.findall(r"[(]<([^>]+)> (\d+) (\d+)[)]", text.read_text(encoding="utf-8"))
    found = {
        iri: ("at-least", int(least)) if int(least) else ("at-most", int(most))
        for iri, least, most in rows
    }
    wanted = {
        str(limit): (kind, int(str(graph.value(limit, D.limitSeconds))))
        for graph in live()
        for limit in members(graph, "TimeLimit")
        for kind in ("at-least", "at-most")
        if graph.value(limit, D.limitKind) == URIRef(f"{CODES}time-limit-kind/{kind}")
    }
    assert found == wanted


def test_queries_know_what_a_process_is_about() -> None:
    text = assets.asset("queries", "verify", "process-wrong-record.rq").read_text(encoding="utf-8")
    found = set(re.findall(r'[(]"([a-z-]+)" dpc:(\w+)[)]', text))
    assert found == {
        (str(model).removeprefix(PROCESS), str(kind).removeprefix(DPC))
        for graph in live()
        for model, kind in graph.subject_objects(D.followsRecord)
    }
