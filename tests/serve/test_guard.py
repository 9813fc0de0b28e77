"""The guard's decisions; what it cannot see, the engine's parser does (test_workers)."""

import contextlib
import random
import time
from collections import Counter

import pyoxigraph as ox
import pytest

from dpc_kg.serve.guard import MAX_BYTES, MAX_DEPTH, MAX_VALUES, disguised, inspect
from dpc_kg.serve.problems import Problem

HERE = "PREFIX ex: <http://127.0.0.1:9/> PREFIX : <http://127.0.0.1:9/> "

REFUSED = {
    "service": ("SELECT * { SERVICE <http://x/> {} }", "query-service"),
    "silent, mixed case": ("SELECT * { sErViCe sIlEnT <http://x/> {} }", "query-service"),
    "comment for a space": ("SELECT * { SERVICE#c\n<http://x/> {} }", "query-service"),
    "no space": ("SELECT * {SERVICE<http://x/>{}}", "query-service"),
    "variable target": ("SELECT * {{SELECT * {OPTIONAL {SERVICE ?u {}}}}}", "query-service"),
    "in EXISTS": ("ASK { FILTER EXISTS { SERVICE <http://x/> {} } }", "query-service"),
    "after a string": ("SELECT * { ?s ?p 'it\\'s' . SERVICE <http://x/> {} }", "query-service"),
    "after a long string": ('SELECT * { ?s ?p """a"b""" SERVICE <http://x/> {} }', "query-service"),
    "after an IRI with #": ("SELECT * { ?s <x:y#z> ?o SERVICE <http://x/> {} }", "query-service"),
    "escaped letter": ("SELECT * { \\u0053ERVICE <http://x/> {} }", "query-escape"),
    "escaped word": (
        "SELECT * { \\u0053\\U00000045RVICE <http://x/> {} }",
        "query-escape",
    ),
    "escape in a name": ("SELECT * { ?s ex:a\\u0062 ?o }", "query-escape"),
    "escape in an IRI": ("SELECT * { ?s <x:\\u0062> ?o }", "query-escape"),
    "load": ("LOAD <http://x/a.ttl>", "query-update"),
    "load after a prologue": ("BASE <x:y> PREFIX a: <x:> lOaD <http://x/>", "query-update"),
    "insert": ("INSERT DATA { <x:a> <x:b> <x:c> }", "query-update"),
    "with": ("WITH <x:g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }", "query-update"),
    "clear": ("# SELECT\nCLEAR ALL", "query-update"),
    "nothing": ("", "query-syntax"),
    "only a comment": ("# SELECT * {}", "query-syntax"),
    "another language": ("FROM x SELECT y", "query-syntax"),
    "groups": ("SELECT * " + "{" * (MAX_DEPTH + 1), "query-nesting"),
    "parentheses": ("SELECT * { BIND(" + "(" * 20_000, "query-nesting"),
    "signs": ("SELECT * { FILTER(" + "!" * 1000 + "?x) }", "query-nesting"),
    "spaced signs": ("SELECT * { FILTER(" + "- " * 1000 + "?x) }", "query-nesting"),
    "path": ("SELECT * { ?a ((<x:p>*)*)* ?b }", "path-repetition"),
    "path in a path": ("SELECT * { ?a (ex:q/((ex:p/ex:q+)*)?)+ ?b }", "path-repetition"),
    "size": ("SELECT * { ?s ?p '" + "x" * MAX_BYTES + "' }", "query-size"),
    "values": ("SELECT * { VALUES ?x { " + "1 " * (MAX_VALUES + 1) + "} }", "query-values"),
    "NUL": ("SELECT * { ?s ?p '\x00' }", "query-syntax"),
}

ALLOWED = (
    "SELECT * { ?s ?p 'SERVICE <http://x/> {}' }",
    'SELECT * { ?s ?p """SERVICE\n<http://x/> {}""" }',
    "SELECT * { ?s ?p ?o # SERVICE <http://x/> {}\n}",
    "SELECT * { ?s <x:SERVICE> ?o }",
    "SELECT ?service { ?service a <x:y> }",
    "PREFIX service: <x:> SELECT * { ?s service:load service:service }",
    "PREFIX dpc: <x:> SELECT * { ?s a dpc:ServiceProvision ; dpc:serviceType ?t }",
    "SELECT * { ?s ?p ?o FILTER(?o < 3 && ?o > 1) }",
    "SELECT ((((?a)*2)*3)*4 AS ?b) { ?s ?p ?a }",
    "SELECT * { ?s ?p '\\u0053' }",
    "PREFIX ex: <x:> SELECT * { ?a (ex:p/ex:q+)*|^a? ?b }",
    "PREFIX ex: <x:> SELECT * { ?s ex:a\\-b ?o }",
    "ASK { ?s ?p 'load' . FILTER(?s IN (<x:a>, <x:b>)) }",
    "SELECT * { VALUES ?x { " + "1 " * MAX_VALUES + "} }",
    "SELECT * " + "{" * MAX_DEPTH + "}" * MAX_DEPTH,
)


@pytest.mark.parametrize(("text", "reason"), REFUSED.values(), ids=REFUSED.keys())
def test_refusals(text: str, reason: str) -> None:
    with pytest.raises(Problem) as caught:
        inspect(text)
    assert caught.value.reason == reason
    assert caught.value.status == {
        "query-update": 403,
        "query-size": 413,
        "query-values": 413,
    }.get(reason, 400)


@pytest.mark.parametrize("text", ALLOWED)
def test_harmless_queries_pass_guard_and_engine(text: str) -> None:
    inspect(text)
    ox.Store().query(disguised(text))


def test_form_and_dataset() -> None:
    assert inspect("PREFIX select: <x:> CONSTRUCT WHERE { ?s ?p ?o }").form == "CONSTRUCT"
    assert inspect("describe <x:y>").form == "DESCRIBE"
    assert inspect("SELECT * FROM <x:g> { ?s ?p ?o }").dataset
    assert not inspect("SELECT ?from { ?from ?p 'FROM' # FROM\n}").dataset


HIDDEN = {
    "keyword and prefix in one": "SELECT * { SERVICEex:x {} }",
    "keyword and empty prefix": "SELECT * { SERVICE:x {} }",
    "silent too": "SELECT * { SERVICE SILENTex:x {} }",
    "all in one": "SELECT * { SERVICESILENTex:x {} }",
    "comparison read as an IRI": (
        "SELECT * { ?s ?a ?b FILTER(?a<?b#>'\n) SERVICE <http://127.0.0.1:9/> {} #'\n}"
    ),
    "prefix that only differs in case": "PREFIX serviceex: <x:> SELECT * { SERVICEex:x {} }",
}


@pytest.mark.parametrize("text", HIDDEN.values(), ids=HIDDEN.keys())
def test_a_hidden_service_is_left_to_the_engines_parser(text: str) -> None:
    whole = HERE + text
    ox.Store().query(whole)  # the engine would run it: this is why the guard alone is not enough
    try:
        assert inspect(whole).doubtful
    except Problem as e:
        assert e.reason == "query-service"
        return
    with pytest.raises(SyntaxError):
        ox.Store().query(disguised(whole))


PIECES = (
    *"{}()<>#'\"\\.;,?:*+/|^!&=\n ",
    *(
        "SERVICE",
        "service",
        "SILENT",
        "ex:",
        ":x",
        "<http://127.0.0.1:9/>",
        "?a",
        "FILTER",
        "EXISTS",
    ),
    *("SERVICE <http://127.0.0.1:9/> {}", "SERVICEex:x{}", "'''", '"""', "?s ?p ?o", "ex:a.", "1"),
    *("'a'", "@en", "^^", "BIND", "AS", "{}", "OPTIONAL", "GRAPH ?g", "MINUS", "\\u0053", "<?b#>'"),
)


def test_no_random_query_reaches_the_engine_with_a_service_in_it() -> None:
    """Where guard and second look agree to run a text, the engine finds no SERVICE in it."""
    chance = random.Random(63)
    node = ox.NamedNode("http://127.0.0.1:9/x")
    store = ox.Store()
    store.add(ox.Quad(node, node, node))
    outcomes: Counter[str] = Counter()
    for _ in range(12_000):
        middle = "".join(chance.choices(PIECES, k=chance.randint(1, 4)))
        outcomes[_outcome(store, f"{HERE}SELECT * {{ ?s ?p ?o . {middle} }}")] += 1
    # most texts are nonsense, but enough of each kind must be among them for this to mean anything
    assert outcomes["ran"] > 200
    assert outcomes["refused by the guard"] > 40
    assert outcomes["refused by the second look"] > 40


def _outcome(store: ox.Store, text: str) -> str:
    try:
        results = store.query(text)
    except SyntaxError:
        return "nonsense"
    try:
        inspect(text)
    except Problem:
        return "refused by the guard"
    try:
        store.query(disguised(text))
    except SyntaxError:
        return "refused by the second look"
    # a SERVICE that slipped through would raise OSError: nothing listens there
    assert isinstance(results, ox.QuerySolutions)
    for _ in results:
        pass
    return "ran"


@pytest.mark.parametrize(
    "piece", ["'a' ", "<", '"" ', "a", "( ", "\\", "<a", "?", ": ", "a.b-", "1."]
)
def test_the_tokenizer_takes_linear_time(piece: str) -> None:
    text = "SELECT * { '''" + piece * (MAX_BYTES // len(piece) - 20)
    began = time.process_time()
    with contextlib.suppress(Problem):
        inspect(text)
    assert time.process_time() - began < 2


def test_disguise_keeps_names_apart_and_places() -> None:
    text = "SELECT ?service ?Service { ?service <x:service> 'SERVICE' }"
    plain = disguised(text)
    assert len(plain) == len(text)
    assert "service" not in plain.lower()
    words = [word for word in plain.split() if word.startswith("?")]
    assert words[0] == words[2] != words[1]
