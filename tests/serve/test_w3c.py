"""The W3C's own tests: the protocol's query operation, and no good query refused by the guard."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
import pytest
from rdflib import RDF, RDFS, Graph, Namespace, URIRef
from rdflib.collection import Collection

from dpc_kg.serve import guard
from dpc_kg.serve.problems import Problem

if TYPE_CHECKING:
    from pathlib import Path

    import httpx
    from rdflib.term import Node

    from tests.serve.conftest import Serve

MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
HT = Namespace("http://www.w3.org/2011/http#")
CNT = Namespace("http://www.w3.org/2011/content#")
UT = Namespace("http://www.w3.org/2009/sparql/tests/test-update#")
FORMS = {
    ox.QuerySolutions: {"SELECT"},
    ox.QueryBoolean: {"ASK"},
    ox.QueryTriples: {"CONSTRUCT", "DESCRIBE"},
}

pytestmark = pytest.mark.shared


def test_query_operation(shared: Path, serve: Serve, tmp_path: Path) -> None:
    folder = shared / "suites/w3c-sparql/sparql/sparql11/protocol"
    manifest = Graph().parse(folder / "manifest.ttl", publicID=folder.as_uri() + "/manifest.ttl")
    tests = [
        test
        for test in manifest.subjects(RDF.type, MF.ProtocolTest)
        if str(manifest.value(test, MF.name)).startswith(("query", "GET query", "POST query"))
        or "invoke query" in str(manifest.value(test, MF.name))
    ]
    assert len(tests) == 20
    store = ox.Store(str(tmp_path / "view"))
    for data in set(manifest.objects(None, UT.graphData)):
        name = ox.NamedNode(str(manifest.value(data, RDFS.label)))
        file = folder / str(manifest.value(data, UT.graph)).rsplit("/", 1)[-1]
        store.load(path=file, format=ox.RdfFormat.N_TRIPLES, to_graph=name)
    store.flush()
    del store
    client = serve(view=tmp_path / "view").client
    failed = {
        f"{manifest.value(test, MF.name)}: {why}"
        for test in tests
        for why in _failures(manifest, test, client)
    }
    assert not failed


def _failures(manifest: Graph, test: Node, client: httpx.Client) -> list[str]:
    action = manifest.value(test, MF.action)
    assert action is not None
    found = []
    for request in _items(manifest, action, HT.requests):
        answer = _send(manifest, request, client)
        response = manifest.value(request, HT.resp)
        assert response is not None
        statuses = {str(s)[-3] for s in manifest.objects(response, MF.expectedStatus)}
        boolean = manifest.value(response, MF.expectedBoolean)
        if str(answer.status_code)[0] not in statuses:
            found.append(f"{answer.status_code}, expected one of {statuses}")
        elif boolean is not None and answer.json()["boolean"] != boolean.toPython():  # type: ignore[attr-defined]
            found.append("the wrong boolean")
    return found


def _send(manifest: Graph, request: Node, client: httpx.Client) -> httpx.Response:
    def text(node: Node | None, name: URIRef) -> str:
        return str(manifest.value(node, name) or "")

    body = manifest.value(request, HT.body)
    encoding = text(body, CNT.characterEncoding) or "utf-8"
    options: dict[str, Any] = {}
    if body is not None:
        options["content"] = text(body, CNT.chars).encode(encoding)
    options["headers"] = {
        text(header, HT.fieldName): text(header, HT.fieldValue)
        for header in _items(manifest, request, HT.headers)
    }
    path = text(request, HT.absolutePath).replace("/sparql/", "/sparql", 1)
    return client.request(text(request, HT.methodName), path, **options)


def _items(manifest: Graph, node: Node, name: URIRef) -> list[Node]:
    head = manifest.value(node, name)
    return [] if head is None else list(Collection(manifest, head))


def test_the_guard_refuses_no_query_but_those_with_service_or_escapes(shared: Path) -> None:
    store = ox.Store()
    passed = 0
    refused: set[str] = set()
    for path in sorted((shared / "suites/w3c-sparql").rglob("*.rq")):
        text = path.read_text(encoding="utf-8")
        try:
            form = FORMS[type(store.query(text, base_iri="http://example.org/"))]
        except (SyntaxError, RuntimeError):
            continue
        try:
            query = guard.inspect(text)
        except Problem as e:
            assert e.reason in ("query-service", "query-escape"), path
            refused.add(e.reason)
            continue
        assert query.form in form, path
        store.query(guard.disguised(text), base_iri="http://example.org/")
        passed += 1
    assert passed > 500
    assert refused == {"query-service", "query-escape"}
