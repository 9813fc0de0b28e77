import shutil
from pathlib import Path

import pyoxigraph as ox
import pytest

from dpc_kg.base import assets
from dpc_kg.base.errors import QueryError, UnknownAsset
from dpc_kg.base.vocab import XSD
from dpc_kg.store.catalogue import SavedQuery, bind, catalogue, find, run, tabulate
from dpc_kg.store.embedded import EmbeddedStore

GRAPH = "https://w3id.org/dpc/graph/org-a/one"
QUERY = """# title: Things
# question: Which things are there?
# contract: rows
# param: org organization example=org-a one organisation
# param: when period default=2023 example=2023-05 a period
# since: 0.1.0
SELECT ?org ?when ?n ?v WHERE { ?s <a:org> ?org ; <a:when> ?when ; <a:n> ?n ; <a:v> ?v } ORDER BY ?n
"""
VALUES = ('"0.5"^^<%sdecimal>', '"true"^^<%sboolean>', '"words"', '"2024-05-01"^^<%sdate>')


CODES = "https://w3id.org/dpc/codes/"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    lists = assets.asset("ontology", "codes")
    shutil.copytree(lists, tmp_path / "ontology/codes")
    (tmp_path / "queries/report").mkdir(parents=True)
    (tmp_path / "queries/report/things.rq").write_text(QUERY, encoding="utf-8")
    monkeypatch.setattr(assets, "root", lambda: tmp_path)
    return tmp_path


@pytest.fixture
def things(root: Path) -> SavedQuery:
    return catalogue()["things"]


@pytest.fixture
def store() -> EmbeddedStore:
    memory = EmbeddedStore.in_memory()
    for n, value in enumerate(VALUES):
        literal = value.replace("%s", XSD)
        org = "https://w3id.org/dpc/id/org-{0}/organization/org-{0}".format("ab"[n % 2])
        text = (
            f"<a:{n}> <a:org> <{org}> <{GRAPH}> .\n"
            f"<a:{n}> <a:when> <https://w3id.org/dpc/codes/period/202{3 + n // 3}> <{GRAPH}> .\n"
            f'<a:{n}> <a:n> "{n}"^^<{XSD}integer> <{GRAPH}> .\n'
            f"<a:{n}> <a:v> {literal} <{GRAPH}> .\n"
        )
        memory.load_graph(GRAPH, text.encode())
    return memory


def test_reads_the_header(things: SavedQuery) -> None:
    assert (things.title, things.contract, things.since) == ("Things", "rows", "0.1.0")
    assert things.question == "Which things are there?"
    org, when = things.params
    assert (org.name, org.type, org.default, org.example) == (
        "org",
        "organization",
        None,
        "org-a",
    )
    assert (when.default, when.description) == ("2023", "a period")
    assert things.group == "report"


def test_answers_in_native_values(things: SavedQuery, store: EmbeddedStore) -> None:
    table = run(store, things, {})
    assert table.columns == ("org", "when", "n", "v")
    assert [row[2:] for row in table.rows] == [(0, 0.5), (1, True), (2, "words")]


def test_a_whole_decimal_is_a_whole_number(store: EmbeddedStore) -> None:
    table = tabulate(store.query("SELECT (3.0 AS ?a) (1.0E1 AS ?b) (2.50 AS ?c) {}"))
    assert table.rows == ((3, 10, 2.5),)
    assert [type(cell) for cell in table.rows[0]] == [int, int, float]


def test_parameters_bind(things: SavedQuery, store: EmbeddedStore) -> None:
    assert [row[2] for row in run(store, things, {"org": "org-b"}).rows] == [1]
    assert [row[2] for row in run(store, things, {"when": "2024", "org": ""}).rows] == [3]
    iri = "https://w3id.org/dpc/id/org-a/organization/org-a"
    assert [row[2] for row in run(store, things, {"org": iri}).rows] == [0, 2]


@pytest.mark.parametrize(
    ("params", "says"),
    [
        ({"country": "PH"}, "no such parameter"),
        ({"when": "May 2023"}, "not of type period"),
        ({"org": "A b"}, "not of type organization"),
        ({"org": "https://x y"}, "not of type organization"),
        ({"org": 'x"> } #'}, "not of type organization"),
    ],
)
def test_refuses_other_parameters(things: SavedQuery, params: dict[str, str], says: str) -> None:
    with pytest.raises(QueryError, match=says) as caught:
        bind(things, params)
    assert not any(value in str(caught.value) for value in params.values())


@pytest.mark.parametrize(
    ("kind", "value", "term"),
    [
        ("string", "a", ox.Literal("a")),
        ("integer", "12", ox.Literal(12)),
        ("area", "ph", ox.NamedNode("https://w3id.org/dpc/ext/iso3166-1-alpha-2/PH")),
        ("area", "PHL", ox.NamedNode("https://w3id.org/dpc/ext/iso3166-1-alpha-3/PHL")),
        ("code/platform", "email", ox.NamedNode("https://w3id.org/dpc/codes/platform/email")),
        ("iri", "https://example.org/x", ox.NamedNode("https://example.org/x")),
    ],
)
def test_types_of_parameters(root: Path, kind: str, value: str, term: ox.NamedNode) -> None:
    path = root / "queries/report" / f"{kind.replace('/', '-')}-{value[:2]}.rq"
    path.write_text(QUERY.replace("when period default=2023", f"when {kind}"), encoding="utf-8")
    assert bind(find(path.stem), {"when": value}) == {"when": term}


@pytest.mark.parametrize(
    ("value", "near"),
    [
        ("sah1", "Near: sha1"),
        ("SHA256", "Near: sha256"),
        ("zzz", "Known: md5, sha1, sha256, unmapped."),
        (f"{CODES}hash-algorithm/sah1", "Near: sha1"),
        (f"{CODES}platform/email", "Known: md5"),
        (f"{CODES}hash-algorithm", "Known: md5"),
    ],
)
def test_a_code_outside_its_list_is_refused(value: str, near: str) -> None:
    with pytest.raises(QueryError, match="list hash-algorithm has no such code") as caught:
        bind(find("shared-hashes"), {"algorithm": value})
    assert near in (caught.value.advice or "")
    assert caught.value.term == "algorithm"
    assert caught.value.exit_code == 2
    assert value not in str(caught.value)


def test_a_code_as_a_whole_iri() -> None:
    iri = f"{CODES}hash-algorithm/sha1"
    assert bind(find("shared-hashes"), {"algorithm": iri}) == {"algorithm": ox.NamedNode(iri)}


def test_a_code_list_that_is_not_there(root: Path) -> None:
    path = root / "queries/report/odd.rq"
    path.write_text(QUERY.replace("when period default=2023", "when code/odd"), encoding="utf-8")
    with pytest.raises(UnknownAsset, match=r"odd\.ttl"):
        bind(find("odd"), {"when": "a"})


def test_what_does_not_occur_gives_no_rows(things: SavedQuery, store: EmbeddedStore) -> None:
    assert run(store, things, {"org": "org-z"}).rows == ()
    assert run(store, things, {"when": "1999"}).rows == ()


def test_examples_name_what_the_demo_holds() -> None:
    demo = {"example-platform", "example-helpline", "example-ngo", "example-video"}
    published = {"ncmec", "aylo"}
    asked = catalogue("report").values()
    named = {p.example for q in asked for p in q.params if p.type == "organization"}
    assert named <= demo | published


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("# title: Things\n", ""),
        ("contract: rows", "contract: some"),
        ("# since", "# sinse"),
        ("org organization", "org Organisation"),
    ],
)
def test_refuses_a_bad_header(root: Path, old: str, new: str) -> None:
    (root / "queries/report/bad.rq").write_text(QUERY.replace(old, new), encoding="utf-8")
    with pytest.raises(QueryError, match=r"bad\.rq"):
        catalogue()


def test_an_unknown_name_lists_those_like_it(root: Path) -> None:
    with pytest.raises(QueryError, match="similar name: things"):
        find("thing")


def test_the_row_cap(
    things: SavedQuery, store: EmbeddedStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dpc_kg.store.catalogue.ROW_CAP", 2)
    with pytest.raises(QueryError, match="more than 2 rows"):
        run(store, things)
