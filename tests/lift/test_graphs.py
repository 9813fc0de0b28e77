"""RDF files as sources of our mappings: nothing is fetched, nothing is lost in silence."""

import json
import re
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dpc_kg.base.errors import MappingError, NotSupported, SourceError
from dpc_kg.lift import LiftRequest, report_bytes
from dpc_kg.lift.fieldpaths import field_of
from dpc_kg.lift.graphs import Graph, read_graph
from dpc_kg.lift.jsonld import check_jsonld
from dpc_kg.lift.plan import Source
from dpc_kg.lift.privacy import Decisions, FieldDecision
from dpc_kg.validate.check import check

CORE, CAC = "http://example.org/core/", "http://example.org/hotlines#"
SOURCE = Source(
    "t~Q", "t.json", "SPARQL", namespaces=(("core", CORE), ("cac", CAC), ("cac-hotlines", CAC))
)
DECISIONS = Decisions(
    [
        FieldDecision("t", "Thing", "placed", "dpc:Record", ""),
        FieldDecision("t", "Box", "none", "", "container"),
        FieldDecision("t", "Thing/core:size", "placed", "dpc:sizeBand", ""),
        FieldDecision("t", "Thing/core:name", "personal", "", "P2"),
        FieldDecision("t", "Box/core:name", "placed", "dpc:Record", ""),
        FieldDecision("t", "Thing/core:holds", "none", "", "container"),
        FieldDecision("t", "Thing/core:note", "none", "", "no place"),
    ]
)
CONTEXT: dict[str, Any] = {"core": CORE, "kb": "http://example.org/kb/"}
Reader = Callable[..., Graph]


@pytest.fixture
def graph(tmp_path: Path) -> Reader:
    def read(document: object, name: str = "t.json") -> Graph:
        path = tmp_path / name
        text = document if isinstance(document, str) else json.dumps(document)
        path.write_text(text, encoding="utf-8")
        return read_graph(path, SOURCE, DECISIONS)

    return read


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Refuse and note every connection."""
    asked: list[object] = []

    def refuse(*given: object, **_: object) -> None:
        asked.append(given)
        raise OSError

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    return asked


def thing(**members: Any) -> dict[str, Any]:
    return {"@context": CONTEXT, "@id": "kb:1", "@type": "core:Thing", **members}


def asked(graph: Graph, query: str) -> list[tuple[int, list[dict[str, str]]]]:
    return list(graph.solutions(Source("t~Q", "", "SPARQL", query, namespaces=SOURCE.namespaces)))


@pytest.mark.parametrize(
    "context",
    [
        "http://192.0.2.1/context",
        "file:///etc/passwd",
        [CONTEXT, "https://example.invalid/c"],
        {"@import": "http://192.0.2.1/context"},
        {"name": {"@id": "http://example.org/n", "@context": "http://192.0.2.1/context"}},
    ],
)
def test_a_context_elsewhere_is_refused_and_never_fetched(
    graph: Reader, no_network: list[object], context: object
) -> None:
    with pytest.raises(SourceError, match="nothing is fetched") as e:
        graph({"@context": context, "@id": "http://example.org/1"})
    assert (e.value.rule, e.value.column) == ("syntax", "@context")
    assert no_network == []


def test_a_context_elsewhere_deep_inside_is_refused_too(graph: Reader) -> None:
    inner = {"@context": "http://192.0.2.1/context", "@id": "kb:2"}
    with pytest.raises(SourceError) as e:
        graph(thing(**{"core:holds": [inner]}))
    assert e.value.column == "core:holds[0].@context"


def test_a_prefix_that_stands_twice_is_refused(graph: Reader) -> None:
    doubled = '{"@context":{"k":"http://a.example/","k":"http://b.example/"},"@id":"k:1"}'
    with pytest.raises(SourceError, match="same name"):
        graph(doubled)


def test_two_prefixes_of_one_name_space_are_one(graph: Reader) -> None:
    context = {**CONTEXT, "other": CORE}
    found = graph(thing(**{"@context": context, "other:size": 3, "core:note": "x"}))
    assert found.cells == {"Thing": 1, "Thing/core:size": 1, "Thing/core:note": 1}


def test_a_member_without_a_meaning_is_counted(graph: Reader) -> None:
    found = graph(thing(identifier="a", list=["b", {"c": "d", "e": "f"}], **{"core:size": 1}))
    assert found.cells["(member without a meaning)"] == 6


@pytest.mark.parametrize("name", ["kb:a b", "http://example.org/%zz", "kb:<x>"])
def test_an_identifier_that_is_no_iri_is_refused_with_its_path(graph: Reader, name: str) -> None:
    with pytest.raises(SourceError, match="not an IRI") as e:
        graph(thing(**{"core:holds": {"@id": name, "core:size": 1}}))
    assert e.value.column == "core:holds"
    assert name not in str(e.value)


def test_what_is_no_json_or_nested_too_deeply_is_refused(graph: Reader) -> None:
    for text in ("{", "[" * 5000 + "]" * 5000, "", '{"@id":"http://example.org/1"}'):
        with pytest.raises(SourceError):
            graph(text)
    with pytest.raises(SourceError, match="UTF-8"):
        check_jsonld(b'{"a": "\xff"}', "t.json")


def test_other_syntaxes_are_not_read(graph: Reader) -> None:
    with pytest.raises(NotSupported):
        graph("<rdf:RDF/>", "t.rdf")
    with pytest.raises(SourceError) as e:
        graph("@prefix", "t.ttl")
    assert e.value.rule == "syntax"


def test_queries_see_what_is_placed_and_links_that_may_be_followed(graph: Reader) -> None:
    box = {"@id": "kb:2", "@type": "core:Box", "core:name": "label", "core:secret": "s"}
    found = graph(thing(**{"core:size": 7, "core:name": "n", "core:note": "t", "core:holds": box}))
    rows = asked(found, "SELECT ?node ?p ?o { ?node ?p ?o }")
    seen = {(place, row["p"].removeprefix(CORE), row["o"]) for place, own in rows for row in own}
    assert {s for s in seen if "rdf-syntax" not in s[1]} == {
        (1, "size", "7"),
        (1, "holds", "http://example.org/kb/2"),
        (2, "name", "label"),
    }
    assert found.cells["Thing/core:name"] == 1
    assert found.cells["Box/core:secret"] == 1


def test_of_two_classes_the_stricter_decision_holds(graph: Reader) -> None:
    found = graph(thing(**{"@type": ["core:Box", "core:Thing"], "core:name": "a person"}))
    assert found.cells["Thing/core:name"] == 1
    assert asked(found, "SELECT ?node ?o { ?node core:name ?o }") == []


def test_a_node_without_a_name_has_a_row_and_no_key(graph: Reader) -> None:
    found = graph(thing(**{"core:holds": {"@type": "core:Box", "core:name": "x"}}))
    rows = asked(found, "SELECT ?node ?name { ?node core:name ?name }")
    assert rows == [(2, [{"name": "x"}])]


def test_a_query_must_give_the_node_and_ask_nobody_else(graph: Reader) -> None:
    found = graph(thing(**{"core:size": 1}))
    for query, problem in (
        ("SELECT ?x { ?x core:size ?s }", "no node"),
        ("SELECT ?node { SERVICE <http://192.0.2.1/> { ?node ?p ?o } }", "SERVICE"),
        ("ASK { ?node ?p ?o }", "SELECT"),
        ("SELECT ?node {", "cannot be read"),
        ("SELECT ?node { BIND(<http://example.org/9> AS ?node) }", "does not describe"),
    ):
        with pytest.raises(MappingError, match=problem):
            asked(found, query)


def test_a_variable_says_its_field_by_its_name() -> None:
    assert field_of("Thing__core_name", SOURCE) == "Thing/core:name"
    assert field_of("Thing__cac_hotlines_name__of", SOURCE) == "Thing/cac-hotlines:name"
    assert field_of("type__mail", SOURCE) == "type"
    assert field_of("node", SOURCE) == "node"
    assert field_of("a__b_c", Source("o", "o.ttl", "SPARQL")) == "a__b_c"


EXAMPLES = {
    "Oresteia.json": 16,
    "accounts.json": 6,
    "file.json": 12,
    "forensic_lifecycle.json": 0,
    "hotline-lifecycle.ttl": 0,
    "investigation-lifecycle.ttl": 0,
    "message.json": 20,
}
"""Public examples, and how many of their records the model refuses: most of those in files that
tell of no investigation, or of several, lack the one they belong to."""

KEYWORD = re.compile('"@[a-z]+":')
"""Of JSON-LD: the report's provenance is written in it."""

NAMES = ("William", "Smith", "Oresteia", "Agamemnon", "WhatsApp", "Best Friend", "John", "@", "kb/")


@pytest.mark.shared
@pytest.mark.parametrize("name", EXAMPLES)
def test_public_examples_lift_without_a_name_and_say_what_is_refused(
    shared: Path, tmp_path: Path, partner_key: bytes, name: str
) -> None:
    source = "case-uco" if name.endswith(".json") else "cac"
    path = shared / "data/case-uco-cac" / name
    asked_for = LiftRequest("case-uco", {source: path}, "example-org", "d", partner_key, None)
    with check(asked_for) as one:
        one.lifted.write(tmp_path / "data.nq")
        report = one.lifted.report(0, one.withheld)
        assert one.lifted.rejects == []
        assert len(one.withheld) == EXAMPLES[name]
        assert all(f.file == name and f.row and f.column for f in one.faults)
    quads = (tmp_path / "data.nq").read_text(encoding="utf-8")
    assert quads.count("\n") > 50
    told = KEYWORD.sub("", report_bytes(report).decode())
    assert not [word for word in NAMES if word in quads + told]
