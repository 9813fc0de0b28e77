"""Alignment at work: questions in a neighbour's terms, and the rows that answer them."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import Graph

from dpc_kg.base.errors import DpcError, QueryError, UnknownAsset
from dpc_kg.base.vocab import CODES, DPC, ID, RDF, local_name
from dpc_kg.model import align, construct, crossing, crosswalk, places, rdffiles
from dpc_kg.model.question import unanswerable
from dpc_kg.store.catalogue import tabulate
from dpc_kg.store.embedded import EmbeddedStore
from dpc_kg.store.tables import write_table
from tests.model.carried import out, stored

HERE = Path(__file__).resolve().parents[1]
CASES = sorted((HERE / "align").glob("*/question.rq"))
DSA = "https://w3id.org/dpc/ext/dsa/"
SET = """#mapping_set_id: https://w3id.org/dpc/mappings/x
#mapping_set_version: 0.1.0
#license: https://creativecommons.org/licenses/by/4.0/
#object_source: https://example.org/
#curie_map:
#  dpc: https://w3id.org/dpc/cdm#
#  dpcv: https://w3id.org/dpc/codes/
#  ex: https://example.org/
#  semapv: https://w3id.org/semapv/vocab/
#  skos: http://www.w3.org/2004/02/skos/core#
#  sssom: https://w3id.org/sssom/
"""


def header(path: Path) -> dict[str, str]:
    found = re.findall(r"^# (\w+): (\S+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return dict(found)


def small(rows: str, tmp_path: Path) -> align.Alignment:
    columns = "\t".join(crosswalk.COLUMNS)
    lines = [line.split() for line in rows.strip().splitlines()]
    table = [f"{s}\tx\t{p}\t{o}\tx\tsemapv:ManualMappingCuration\t0.9\t" for s, p, o in lines]
    path = tmp_path / "x.sssom.tsv"
    path.write_text(f"{SET}{columns}\n" + "\n".join(table) + "\n", encoding="utf-8")
    return align.Alignment(crosswalk.read(path))


# --- questions ------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.parent.name)
def test_a_question_in_a_neighbours_terms_is_answered(path: Path) -> None:
    told = header(path)
    alignment = align.find(told["in"], close=told.get("close") == "yes")
    text = path.read_text(encoding="utf-8")
    assert unanswerable(text, alignment) == {}
    given = rdffiles.read([path.parent / "data.ttl"])
    with EmbeddedStore.in_memory() as store:
        for triple in {*given, *crossing.outward(stored(given), alignment)}:
            store.engine.add(ox.Quad(triple.subject, triple.predicate, triple.object))
        answer = io.BytesIO()
        write_table(tabulate(store.query(text)), "csv", answer)
    expected = (path.parent / "expected.csv").read_text(encoding="utf-8")
    assert list(csv.reader(io.StringIO(answer.getvalue().decode()))) == list(
        csv.reader(io.StringIO(expected))
    )


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.parent.name)
def test_without_the_alignment_there_is_no_answer(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    plain = stored(rdffiles.read([path.parent / "data.ttl"])).query(text)
    assert isinstance(plain, ox.QuerySolutions)
    rows = [[cell.value for cell in row if isinstance(cell, ox.Literal)] for row in plain]
    assert rows in ([], [["0"]])


@pytest.mark.parametrize("name", ["schema-org-ngo", "case-uco-investigation"])
def test_another_engine_makes_the_same(name: str) -> None:
    path = HERE / "align" / name
    alignment = align.find(header(path / "question.rq")["in"])
    graph = Graph()
    graph.parse(path / "data.ttl", publicID="https://example.org/")
    made = Graph()
    for query in alignment.queries(align.OUT):
        for triple in graph.query(query.text):
            made.add(triple)  # type: ignore[arg-type]
    text = rdffiles.written(out(path / "data.ttl", alignment), "nt", {})
    ours = Graph()
    ours.parse(data=text, format="nt")
    assert len(ours) >= 3
    assert set(ours) == set(made)


@pytest.mark.parametrize(
    ("name", "term", "reason"),
    [
        ("case-uco", "https://ontology.caseontology.org/case/investigation/Attorney", "no row"),
        ("niem", "https://docs.oasis-open.org/niemopen/ns/model/domains/humanServices/6.0/"
         "ChildVictimType", "--close"),
        ("schema-org", "https://schema.org/Report", "only relatedMatch of Report"),
        ("niem", "https://docs.oasis-open.org/niemopen/ns/model/domains/humanServices/6.0/"
         "CaseworkerType", "only narrowMatch of ProfessionalRole"),
        ("case-uco", "https://ontology.unifiedcyberontology.org/uco/core/Bundle", "only broad"),
        ("dsa", "https://example.org/vocabulary#Thing", "no row"),
        ("dsa", DSA + "KEYWORD_NONE", "no row"),
    ],
)  # fmt: skip
def test_what_cannot_be_answered_is_said(name: str, term: str, reason: str) -> None:
    barred = unanswerable(f"SELECT * WHERE {{ ?x a <{term}> }}", align.find(name))
    assert list(barred) == [term]
    assert reason in barred[term]


def test_terms_are_found_wherever_they_stand() -> None:
    text = """PREFIX schema: <https://schema.org/>
    SELECT ?x (COUNT(?y) AS ?n) WHERE {
      { SELECT ?x WHERE { ?x a schema:NGO . OPTIONAL { ?x schema:p1/schema:p2* ?z } } }
      FILTER NOT EXISTS { ?x schema:p3 schema:p4 } VALUES ?y { schema:p5 } BIND(schema:p6 AS ?q)
    } GROUP BY ?x HAVING (?n > 1 || ?x != schema:p7)"""
    barred = unanswerable(text, align.find("schema-org"))
    assert sorted(local_name(term) for term in barred) == [f"p{n}" for n in range(1, 8)]


@pytest.mark.parametrize(
    "text", ["SELECT ?x", "SELECT * WHERE { SERVICE <https://example.org/> { ?s ?p ?o } }"]
)
def test_a_question_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(QueryError):
        unanswerable(text, align.find("schema-org"))


# --- rows -----------------------------------------------------------------------------------------


def test_only_sound_rows_are_used(tmp_path: Path) -> None:
    found = small(
        """dpc:Child skos:exactMatch ex:Exact
        dpc:Child skos:broadMatch ex:Broad
        dpc:Child skos:narrowMatch ex:Narrow
        dpc:Child skos:closeMatch ex:Close
        dpc:Child skos:relatedMatch ex:Related
        dpc:Case skos:exactMatch sssom:NoTermFound
        dpc:PersonInRole skos:broadMatch ex:Role
        dpcv:sex skos:exactMatch ex:List""",
        tmp_path,
    )
    outward = align.class_pairs(found, align.OUT)
    assert {local_name(theirs) for ours, theirs in outward if ours == DPC + "Child"} == {
        "Exact",
        "Broad",
    }
    assert {local_name(ours) for ours, theirs in outward if theirs.endswith("Role")} >= {
        "ReporterRole",
        "CaregiverRole",
    }
    inward = align.class_pairs(found, align.IN)
    assert {(local_name(o), local_name(t)) for o, t in inward} == {
        ("Child", "Exact"),
        ("Child", "Narrow"),
    }
    near = align.class_pairs(align.Alignment(found.mappings, close=True), align.OUT)
    assert (DPC + "Child", "https://example.org/Close") in near
    assert DPC + "Case" not in found.carried
    assert align.rows(found, align.OUT)["kind-rows"] == []


def test_a_code_is_a_class_or_a_value(tmp_path: Path) -> None:
    found = small(
        """dpcv:organization-kind/ngo skos:exactMatch ex:NGO
        dpcv:sex/girl skos:exactMatch ex:female
        dpc:sexRecorded skos:exactMatch ex:gender
        dpcv:concern/csam skos:exactMatch ex:material""",
        tmp_path,
    )
    data = f"""@prefix dpc: <{DPC}> . @prefix c: <{CODES}> . @prefix : <{ID}o/x/> .
    :a a dpc:Organization ; dpc:organizationKind <{CODES}organization-kind/ngo> .
    :b a dpc:Child ; dpc:sexRecorded <{CODES}sex/girl> .
    :c a dpc:Incident ; dpc:incidentType <{CODES}concern/csam> ."""
    (tmp_path / "d.ttl").write_text(data, encoding="utf-8")
    said = {
        (local_name(str(t.subject)), local_name(t.predicate.value), local_name(str(t.object)))
        for t in out(tmp_path / "d.ttl", found)
    }
    assert {(s[0], s[1], s[2].rstrip(">")) for s in said} == {
        ("a>", "type", "NGO"),
        ("b>", "gender", "girl"),
        ("b>", "gender", "female"),
        ("c>", "incidentType", "material"),
    }


def test_every_standard_has_queries_that_can_be_run() -> None:
    names = [one.name for one in crosswalk.load()]
    assert len(names) >= 15
    empty = ox.Store()
    for name in names:
        for way in (align.OUT, align.IN):
            for query in align.find(name, close=True).queries(way):
                assert isinstance(empty.query(query.text), ox.QueryTriples), query.name
                assert construct.slots(query.text) == {}


def test_a_name_is_found_by_its_beginning() -> None:
    assert align.find("case").name == "case-uco"
    assert align.find("schema").name == "schema-org"
    for name in ("ic", "nothing"):
        with pytest.raises(UnknownAsset) as caught:
            align.find(name)
        assert "iccs" in str(caught.value)


def test_a_row_that_does_not_fit_its_query_is_refused() -> None:
    slot = "VALUES (?a ?b) { } # pairs"
    nothing = "<https://w3id.org/dpc/nothing>"
    assert construct.fill(slot, {}) == f"VALUES (?a ?b) {{ ({nothing} {nothing}) }}"
    with pytest.raises(DpcError):
        construct.fill(slot, {"pairs": [(construct.word("x"),)]})


@pytest.mark.parametrize("path", sorted((HERE.parent / "mappings/align").glob(f"*{places.SUFFIX}")))
def test_the_places_are_right(path: Path) -> None:
    name = path.name.removesuffix(places.SUFFIX)
    prefixes = align.find(name).mappings.prefixes
    assert list(places.findings(places.read(path, prefixes), path.name)) == []


@pytest.mark.parametrize(
    ("row", "finding"),
    [
        ("dpc:Record,dpc:recordedAt,,,ex:x,same,,both,", "no class"),
        ("dpc:Case,dpc:isActive,,,ex:x,same,,both,", "no such property"),
        ("*,dpc:nothing,,,ex:x,same,,both,", "No class has|no class has"),
        ("dpc:Case,dpc:hasStatus,,,ex:x,notation,case-status/none,both,", "no such code"),
        ("dpc:Investigation,dpc:hasCode,,,ex:x,notation,,both,", "several lists"),
        ("dpc:Case,dpc:recordedAt,ex:l,,ex:x,same,,both,", "go together"),
    ],
)
def test_wrong_places_are_found(row: str, finding: str, tmp_path: Path) -> None:
    path = tmp_path / "x.places.csv"
    path.write_text(",".join(places.COLUMNS) + f"\n{row}\n", encoding="utf-8")
    found = places.read(path, [("ex", "https://example.org/")])
    assert [bool(re.search(finding, text)) for text in places.findings(found, path.name)] == [True]


@pytest.mark.parametrize(
    "text",
    [
        "class,property\n",
        ",".join(places.COLUMNS) + "\ndpc:Case,dpc:recordedAt,,,no:x,same,,both,\n",
        ",".join(places.COLUMNS) + "\ndpc:Case,dpc:recordedAt,,,dpc:x,odd,,both,\n",
        ",".join(places.COLUMNS) + "\ndpc:Case,dpc:recordedAt,,,dpc:x,same,,away,\n",
        ",".join(places.COLUMNS) + "\ndpc:Case,dpc:recordedAt\n",
    ],
)
def test_places_that_cannot_be_read_are_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "x.places.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DpcError) as caught:
        places.read(path, [])
    assert caught.value.line in (1, 2)


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("case-uco", "data/case-uco-cac/case-1.5.0.ttl"),
        ("cac", "data/case-uco-cac/cacontology-core.ttl"),
        ("cac", "data/case-uco-cac/cacontology-hotlines.ttl"),
    ],
)
def test_rows_that_are_used_join_things_of_one_kind(name: str, file: str, shared: Path) -> None:
    store = ox.Store()
    store.load((shared / file).read_bytes(), format=ox.RdfFormat.TURTLE)
    alignment = align.find(name, close=True)
    assert unequal(alignment, store) == set()
    every = align.Alignment(alignment.mappings, close=True)
    every.__dict__["places"] = ()
    assert (unequal(every, store) != set()) == (file != "data/case-uco-cac/cacontology-core.ttl")


def unequal(alignment: align.Alignment, store: ox.Store) -> set[str]:
    """Give the properties whose kind differs from that of ours."""
    kind = ox.NamedNode(RDF + "type")
    wrong = set()
    for row in align.rows(alignment, align.OUT)["property-rows"]:
        ours, theirs = row
        assert isinstance(ours, ox.NamedNode)
        assert isinstance(theirs, ox.NamedNode)
        kinds = {
            local_name(str(q.object)).rstrip(">")
            for q in store.quads_for_pattern(theirs, kind, None)
        }
        kinds &= {"ObjectProperty", "DatatypeProperty", "Class"}
        if kinds and align.kind_of(ours.value) not in kinds:
            wrong.add(theirs.value)
    return wrong
