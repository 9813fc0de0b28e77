"""The SPARQL 1.1 Protocol over a real socket, as analysts and tools speak it."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
import pytest

from dpc_kg.base.vocab import DPC, GRAPH

with warnings.catch_warnings():
    # it still imports from places the standard library will close
    warnings.simplefilter("ignore", DeprecationWarning)
    import SPARQLWrapper

if TYPE_CHECKING:
    import httpx

    from tests.serve.conftest import Served

CONTACTS = 3000
COUNT = f"SELECT (COUNT(*) AS ?n) {{ ?c a <{DPC}HelplineContact> }}"
ALPHA, BETA = GRAPH + "alpha/one", GRAPH + "beta/one"
FORM = "application/x-www-form-urlencoded"


def count(answer: httpx.Response) -> int:
    assert answer.status_code == 200, answer.text
    return int(answer.json()["results"]["bindings"][0]["n"]["value"])


def problem(answer: httpx.Response, status: int, reason: str) -> dict[str, Any]:
    assert answer.headers["content-type"] == "application/problem+json"
    document: dict[str, Any] = answer.json()
    assert (answer.status_code, document["reason"]) == (status, reason)
    assert document["status"] == status
    assert document["detail"]
    assert document["advice"]
    return document


def ask(served: Served, query: str, form: str = "json", **options: Any) -> Any:
    client = SPARQLWrapper.SPARQLWrapper(served.url + "/sparql", returnFormat=form, **options)
    client.setQuery(query)
    return client.queryAndConvert()


def number(answer: Any) -> int:
    return int(answer["results"]["bindings"][0]["n"]["value"])


@pytest.mark.parametrize(
    ("method", "how"), [("GET", "urlencoded"), ("POST", "urlencoded"), ("POST", "postdirectly")]
)
def test_sparqlwrapper(served: Served, method: str, how: str) -> None:
    client = SPARQLWrapper.SPARQLWrapper(served.url + "/sparql", returnFormat="json")
    client.setMethod(method)
    client.setRequestMethod(how)
    client.setQuery(COUNT)
    assert number(client.queryAndConvert()) == 2 * CONTACTS


def test_sparqlwrapper_formats(served: Served) -> None:
    assert ask(served, COUNT, "csv") == b"n\r\n%d\r\n" % (2 * CONTACTS)
    literal = ask(served, COUNT, "xml").getElementsByTagName("literal")[0]
    assert literal.firstChild.data == str(2 * CONTACTS)
    graph = "CONSTRUCT { ?g a <x:g> } WHERE { GRAPH ?g { ?g ?p ?o } }"
    assert b"<x:g>" in ask(served, graph, "turtle")


def test_sparqlwrapper_graph_parameters(served: Served) -> None:
    assert number(ask(served, COUNT, defaultGraph=ALPHA)) == CONTACTS


def test_sparqlwrapper_refuses_updates(served: Served) -> None:
    client = SPARQLWrapper.SPARQLWrapper(served.url + "/sparql")
    client.setMethod("POST")
    client.setQuery("INSERT DATA { <x:a> <x:b> <x:c> }")
    with pytest.raises(Exception, match="403"):
        client.query()


FORMATS = {
    "application/sparql-results+json": ("SELECT", '"bindings"'),
    "application/sparql-results+xml": ("SELECT", "<result>"),
    "text/csv": ("SELECT", "n\r\n"),
    "text/tab-separated-values": ("SELECT", "?n\n"),
    "text/turtle": ("CONSTRUCT", "<x:g>"),
    "application/n-triples": ("CONSTRUCT", " .\n"),
    "application/rdf+xml": ("CONSTRUCT", "<rdf:RDF"),
    "application/ld+json": ("CONSTRUCT", '"@id"'),
}


@pytest.mark.parametrize(("accept", "expected"), FORMATS.items())
def test_formats(served: Served, accept: str, expected: tuple[str, str]) -> None:
    form, mark = expected
    graph = "CONSTRUCT { ?g a <x:g> } WHERE { GRAPH ?g { ?g ?p ?o } }"
    query = COUNT if form == "SELECT" else graph
    answer = served.client.get("/sparql", params={"query": query}, headers={"Accept": accept})
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith(accept)
    assert answer.headers["vary"] == "Accept"
    assert mark in answer.text


def test_not_acceptable(served: Served) -> None:
    answer = served.client.get(
        "/sparql", params={"query": "ASK {}"}, headers={"Accept": "text/html"}
    )
    assert "application/sparql-results+json" in problem(answer, 406, "not-acceptable")["advice"]


GRAPH_CASES: dict[str, tuple[str, dict[str, list[str]], int]] = {
    "all": (COUNT, {}, 2 * CONTACTS),
    "one default": (COUNT, {"default-graph-uri": [ALPHA]}, CONTACTS),
    "two defaults": (COUNT, {"default-graph-uri": [ALPHA, BETA]}, 2 * CONTACTS),
    "absent": (COUNT, {"default-graph-uri": ["https://x.example/none"]}, 0),
    "only named": (COUNT, {"named-graph-uri": [ALPHA]}, 0),
    "the protocol's graphs go before FROM": (
        COUNT.replace("{", f"FROM <{ALPHA}> FROM <{BETA}> {{", 1),
        {"default-graph-uri": [ALPHA]},
        CONTACTS,
    ),
    "FROM": (COUNT.replace("{", f"FROM <{BETA}> {{", 1), {}, CONTACTS),
    "FROM an absent graph": (COUNT.replace("{", "FROM <x:none> {", 1), {}, 0),
    "named graphs": (
        "SELECT (COUNT(DISTINCT ?g) AS ?n) { GRAPH ?g { ?s ?p ?o } }",
        {"named-graph-uri": [ALPHA, "https://x.example/none"]},
        1,
    ),
    "an absent graph is not listed": (
        "SELECT (COUNT(*) AS ?n) { GRAPH ?g {} }",
        {"named-graph-uri": [ALPHA, "https://x.example/none"]},
        1,
    ),
    "no named graph beside a default one": (
        "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }",
        {"default-graph-uri": [ALPHA]},
        0,
    ),
}


@pytest.mark.parametrize("case", GRAPH_CASES.values(), ids=GRAPH_CASES.keys())
@pytest.mark.parametrize("method", ["get", "form", "direct"])
def test_graphs(served: Served, case: tuple[str, dict[str, list[str]], int], method: str) -> None:
    query, graphs, expected = case
    if method == "get":
        answer = served.client.get("/sparql", params={"query": query, **graphs})
    elif method == "form":
        answer = served.client.post("/sparql", data={"query": query, **graphs})
    else:
        headers = {"Content-Type": "application/sparql-query; charset=utf-8"}
        answer = served.client.post(
            "/sparql", content=query.encode(), params=graphs, headers=headers
        )
    assert count(answer) == expected


def test_an_unreadable_graph_is_as_if_absent_to_the_byte(served: Served) -> None:
    answers = {
        served.client.get(
            "/sparql", params={"query": f"SELECT * FROM <{iri}> {{ ?s ?p ?o }}"}
        ).content
        for iri in ("https://w3id.org/dpc/graph/gamma/secret", "https://x.example/none")
    }
    assert len(answers) == 1


def test_service_description(served: Served) -> None:
    answer = served.client.get("/sparql", headers={"Accept": "text/turtle"})
    assert answer.status_code == 200
    graph = set(ox.parse(answer.content, format=ox.RdfFormat.TURTLE))
    assert len(graph) > 10
    assert "dpc/graph" not in answer.text  # who reports is not told
    other = served.client.get("/sparql", headers={"Accept": "application/rdf+xml"})
    assert set(ox.parse(other.content, format=ox.RdfFormat.RDF_XML)) == graph
    problem(served.client.get("/sparql", headers={"Accept": "text/html"}), 406, "not-acceptable")


def test_requests_that_are_no_query(served: Served) -> None:
    post, get = served.client.post, served.client.get
    form = {"Content-Type": FORM}
    problem(get("/sparql", params={"query": ["ASK {}", "ASK {}"]}), 400, "query-repeated")
    problem(post("/sparql", data={"query": ["ASK {}", "ASK {}"]}), 400, "query-repeated")
    problem(post("/sparql", data={"other": "ASK {}"}), 400, "query-missing")
    problem(post("/sparql", content=b"query=%ff", headers=form), 400, "query-encoding")
    problem(post("/sparql", content=b"query=\xff", headers=form), 400, "query-encoding")
    direct = {"Content-Type": "application/sparql-query"}
    problem(post("/sparql", content=b"ASK {\xff}", headers=direct), 400, "query-encoding")
    problem(post("/sparql", content=b"ASK {}"), 415, "media-type")
    problem(post("/sparql", json={"query": "ASK {}"}), 415, "media-type")
    params = {"query": "ASK {}", "default-graph-uri": "not an IRI"}
    problem(get("/sparql", params=params), 400, "graph-iri")
    problem(post("/sparql", content=b"a=1&" * 1000, headers=form), 400, "parameter")
    problem(post("/sparql", content=b"query=" + b"x" * 10**6, headers=form), 413, "query-size")
    problem(post("/sparql", data={"query": "ASK {} #" + "x" * 70_000}), 413, "query-size")
    problem(served.client.put("/sparql", content=b""), 405, "method")


def test_updates_are_forbidden(served: Served) -> None:
    text = "DELETE WHERE { ?s ?p ?o }"
    direct = {"Content-Type": "application/sparql-update"}
    post = served.client.post
    problem(post("/sparql", content=text.encode(), headers=direct), 403, "query-update")
    problem(post("/sparql", data={"update": text}), 403, "query-update")
    problem(served.client.get("/sparql", params={"update": text}), 403, "query-update")
    problem(served.client.get("/sparql", params={"query": text}), 403, "query-update")
    problem(post("/sparql", data={"query": "LOAD <http://127.0.0.1:9/>"}), 403, "query-update")
    assert count(served.client.get("/sparql", params={"query": COUNT})) == 2 * CONTACTS


def test_a_syntax_error_says_where_and_nothing_of_the_engine(served: Served) -> None:
    text = "SELECT * {\n ?s ?p 'of a child' . ?s ex:p ?o }"
    document = problem(served.client.get("/sparql", params={"query": text}), 400, "query-syntax")
    assert "line 2, column " in document["detail"]
    assert "of a child" not in str(document)
    assert set(document) == {"type", "title", "status", "reason", "detail", "advice"}


def test_an_unknown_function_is_the_callers_mistake(served: Served) -> None:
    query = "SELECT (<http://example.org/f>(?o) AS ?x) { ?s ?p ?o }"
    problem(served.client.get("/sparql", params={"query": query}), 400, "query-function")


def test_a_hidden_service_is_refused(served: Served) -> None:
    text = "PREFIX ex: <http://127.0.0.1:9/> SELECT * { SERVICEex:x { ?s ?p ?o } }"
    problem(served.client.get("/sparql", params={"query": text}), 400, "query-syntax")
    plain = "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }"
    problem(served.client.get("/sparql", params={"query": plain}), 400, "query-service")


def test_answers_carry_protective_headers_and_other_hosts_are_strange(served: Served) -> None:
    for path in ("/", "/sparql", "/nothing", "/livez", "/docs", "/openapi.json"):
        headers = served.client.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["content-security-policy"].startswith("default-src 'none'; style-src 'sha")
        assert "server" not in headers
    assert served.client.get("/docs").status_code == 404
    assert served.client.get("/openapi.json").status_code == 404
    strange = served.client.get("/livez", headers={"Host": "evil.example"})
    problem(strange, 421, "host")
    assert served.client.get("/livez", headers={"Host": "localhost:99"}).text == "ok\n"
    assert served.client.get("/readyz").text == "ready\n"
