"""Alignment at work: questions in a neighbour's terms, and CASE there and back."""

from __future__ import annotations

import csv
import io
import re
import subprocess
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
from rdflib import Graph

from dpc_kg.base.errors import DpcError, QueryError, UnknownAsset
from dpc_kg.base.vocab import CODES, DPC, ID, RDF, XSD, local_name
from dpc_kg.model import align, construct, coverage, crossing, crosswalk, places, rdffiles
from dpc_kg.model.question import unanswerable
from dpc_kg.store.catalogue import tabulate
from dpc_kg.store.embedded import EmbeddedStore
from dpc_kg.store.tables import write_table

if TYPE_CHECKING:
    from collections.abc import Iterable

HERE = Path(__file__).resolve().parents[1]
CASES = sorted((HERE / "align").glob("*/question.rq"))
PASSES = [*sorted((HERE / "shapes").glob("*/pass-*.ttl")), *sorted((HERE / "align").glob("r*/*"))]
SPINE = (
    *("Investigation", "InvestigativeAction", "ProvenanceRecord", "LegalAuthorization"),
    *("EvidenceItem", "ContentItem", "OnlineAccount", "OnlineLocation", "Organization"),
    *("VictimSurvivorRole", "AllegedPerpetratorRole", "ReporterRole", "ProfessionalRole"),
    *("HotlineReport", "PlatformReport", "HelplineContact", "Incident", "Case"),
    *("RecordRelation", "Child"),
)
CASE_VALIDATE = HERE.parent / ".venv-check" / "bin" / "case_validate"
ADVICE = "UcoThings are suggested to end with a UUID."
KEY = b"test-key".ljust(32, b"0")
DSA = "https://w3id.org/dpc/ext/dsa/"
NGO = "https://schema.org/NGO"
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


@lru_cache(maxsize=8)
def case() -> align.Alignment:
    return align.find("case-uco")


def stored(triples: Iterable[ox.Triple]) -> ox.Store:
    store = ox.Store()
    store.extend(ox.Quad(t.subject, t.predicate, t.object) for t in triples)
    return store


def out(path: Path, alignment: align.Alignment) -> list[ox.Triple]:
    return crossing.outward(stored(rdffiles.read([path])), alignment)


def through_a_file(triples: Iterable[ox.Triple], folder: Path) -> set[ox.Triple]:
    names = {**dict(case().mappings.prefixes), "dpc": DPC, "rdf": RDF, "xsd": XSD}
    (folder / "out.jsonld").write_bytes(rdffiles.written(triples, "jsonld", names))
    return rdffiles.read([folder / "out.jsonld"])


def back(triples: Iterable[ox.Triple]) -> crossing.Arrival:
    return crossing.inward(triples, case(), crossing.Owner("example-org"))


def bare(arrival: crossing.Arrival) -> set[ox.Triple]:
    return {ox.Triple(q.subject, q.predicate, q.object) for q in arrival.quads}


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


# --- CASE, there and back -------------------------------------------------------------------------


@pytest.mark.parametrize("path", PASSES, ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_what_case_carries_comes_back_as_it_was(path: Path, tmp_path: Path) -> None:
    given = rdffiles.read([path])
    stays = set(coverage.Coverage(case()).stays(given))
    made = crossing.outward(stored(given), case())
    arrival = back(through_a_file(made, tmp_path))
    assert bare(arrival) == given - stays
    assert (arrival.left, arrival.unmapped) == ({}, {})


@pytest.mark.parametrize("cls", SPINE)
def test_the_spine_is_carried(cls: str) -> None:
    fields = coverage.table(coverage.Coverage(case()))[DPC + cls]
    assert sum(not how.startswith("no") for how in fields.values()) >= 4
    assert any((HERE / "shapes" / f"{cls}Shape").glob("pass-*.ttl"))


def test_all_that_stays_behind_has_a_reason() -> None:
    cover = coverage.Coverage(case())
    reasons = {how for row in coverage.table(cover).values() for how in row.values()}
    assert {how for how in reasons if how.startswith("no")} <= {
        f"no: {why}"
        for why in (
            "yes or no", "precision", "code", "area or language", "time", "short text", "number",
            "term of ours",
        )
    }  # fmt: skip
    assert cover.way_of(DPC + "HashListEntry", DPC + "hashAlgorithm") == ""
    assert coverage.table(cover)[DPC + "EvidenceItem"][DPC + "createdAt"] == (
        "place if evidence-kind/file"
    )


@pytest.mark.parametrize("gone", ["tag", "kindOfRelationship", "startTime", "authorizationType"])
def test_a_loss_on_the_way_is_seen(gone: str, tmp_path: Path) -> None:
    path = HERE / "align/case-uco-investigation/data.ttl"
    given = rdffiles.read([path, HERE / "align/round-trip/kinds-and-precisions.ttl"])
    made = crossing.outward(stored(given), case())
    kept = [t for t in made if local_name(t.predicate.value) != gone]
    assert len(kept) < len(made)
    expected = given - set(coverage.Coverage(case()).stays(given))
    assert bare(back(through_a_file(kept, tmp_path))) < expected


def test_a_hash_is_never_given_out_as_one() -> None:
    paths = [
        HERE / f"shapes/{name}Shape/pass-full.ttl" for name in ("HashReference", "ContentItem")
    ]
    alignment = align.find("case-uco", close=False)
    made = crossing.outward(stored(rdffiles.read(paths)), alignment)
    words = {local_name(t.predicate.value) for t in made}
    kinds = {
        local_name(str(t.object)).rstrip(">") for t in made if t.predicate.value == RDF + "type"
    }
    assert not words & {"hash", "hashValue", "hashMethod"}
    assert "Hash" not in kinds
    linked = [t for t in made if str(t.object) == '"hasHash"']
    assert len(linked) == 1


def test_the_same_records_give_the_same_bytes() -> None:
    path = HERE / "align/round-trip/kinds-and-precisions.ttl"
    names = dict(case().mappings.prefixes)
    made = out(path, case())
    for form in ("jsonld", "ttl", "nt"):
        assert rdffiles.written(made, form, names) == rdffiles.written(made[::-1], form, names)
    with pytest.raises(DpcError):
        rdffiles.written(made, "xlsx", names)


def test_an_unknown_direction_is_marked_and_not_taken_back(tmp_path: Path) -> None:
    path = HERE / "shapes/RecordRelationShape/pass-smallest.ttl"
    made = out(path, case())
    assert [str(t.object) for t in made if t.predicate.value.endswith("tag")] == [
        '"not-stated/isDirectional"'
    ]
    assert not any(t.predicate.value.endswith("isDirectional") for t in bare(back(made)))


# --- others' data ---------------------------------------------------------------------------------

FOREIGN = """{"@context": {"inv": "https://ontology.caseontology.org/case/investigation/",
 "core": "https://ontology.unifiedcyberontology.org/uco/core/",
 "act": "https://ontology.unifiedcyberontology.org/uco/action/", "kb": "http://example.org/kb/",
 "tool": "https://ontology.unifiedcyberontology.org/uco/tool/",
 "xsd": "http://www.w3.org/2001/XMLSchema#"},
 "@graph": [
 {"@id": "kb:i", "@type": "inv:Investigation", "core:name": "Amina",
  "core:startTime": {"@type": "xsd:dateTime", "@value": "2024-05-31T23:30:00-02:00"},
  "inv:investigationStatus": "Amina's case", "inv:focus": "Amina", "core:object": {"@id": "kb:a"},
  "core:tag": "investigation-kind/criminal"},
 {"@id": "kb:a", "@type": "inv:InvestigativeAction", "core:name": "seized",
  "act:endTime": {"@type": "xsd:dateTime", "@value": "Amina"},
  "act:performer": {"@id": "kb:amina"}, "act:instrument": {"@id": "kb:t"}},
 {"@id": "kb:t", "@type": "tool:Tool", "tool:version": "%s", "core:name": "Amina"},
 {"@id": "kb:amina", "@type": "https://ontology.unifiedcyberontology.org/uco/identity/Person"}]}"""


def foreign(folder: Path, version: str = "5.3") -> set[ox.Triple]:
    (folder / "in.json").write_text(FOREIGN % version, encoding="utf-8")
    return rdffiles.read([folder / "in.json"])


def test_foreign_records_come_in_as_pseudonyms_and_months(tmp_path: Path) -> None:
    arrival = crossing.inward(foreign(tmp_path), case(), crossing.Owner("example-org", KEY))
    assert arrival.records == {"Investigation": 1, "InvestigativeAction": 1}
    text = "\n".join(map(str, arrival.quads))
    assert "amina" not in text.lower()
    assert "example.org/kb" not in text
    said = {(local_name(q.predicate.value), local_name(str(q.object).split("^^")[0].rstrip('>"')))
            for q in arrival.quads}  # fmt: skip
    assert {
        ("startedAtPrecision", "month"),
        ("hasStatus", "unmapped"),
        ("investigativeActionKind", "seizure"),
        ("investigationKind", "criminal"),
    } <= said
    assert '"2024-06-01T00:00:00Z"' in text
    assert '"5.3"' in text
    assert arrival.unmapped == {("Investigation", "hasStatus"): 1, ("Investigation", "hasCode"): 1}
    assert arrival.left["Person", "type"] == 1
    assert arrival.left["Investigation", "name"] == 1
    assert {q.graph_name for q in arrival.quads} == {
        ox.NamedNode("https://w3id.org/dpc/graph/example-org/pending")
    }


def test_a_name_is_no_version(tmp_path: Path) -> None:
    arrival = crossing.inward(
        foreign(tmp_path, "Amina"), case(), crossing.Owner("example-org", KEY)
    )
    assert not any(q.predicate.value == DPC + "toolVersion" for q in arrival.quads)


def test_another_key_gives_other_pseudonyms(tmp_path: Path) -> None:
    given = foreign(tmp_path)
    one, other = (
        {str(q.subject) for q in crossing.inward(given, case(), crossing.Owner("o-o", k)).quads}
        for k in (KEY, KEY[::-1])
    )
    assert one
    assert not one & other


@pytest.mark.parametrize("owner", [None, crossing.Owner("example-org")])
def test_foreign_records_need_a_key(owner: crossing.Owner | None, tmp_path: Path) -> None:
    with pytest.raises(DpcError) as caught:
        crossing.inward(foreign(tmp_path), case(), owner)
    assert "--key-file" in str(caught.value)


def test_a_neighbours_ngo_is_an_organisation_of_that_kind() -> None:
    triple = ox.Triple(
        ox.NamedNode("https://example.org/x"), ox.NamedNode(RDF + "type"), ox.NamedNode(NGO)
    )
    owner = crossing.Owner("example-org", KEY)
    arrival = crossing.inward({triple}, align.find("schema-org"), owner)
    said = {str(q.object) for q in arrival.quads}
    assert said == {f"<{DPC}Organization>", f"<{CODES}organization-kind/ngo>"}


def test_json_ld_fetches_nothing(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_text(
        '{"@context": "https://example.org/c", "@id": "https://example.org/x"}', "utf-8"
    )
    with pytest.raises(DpcError) as caught:
        rdffiles.read([path])
    assert "nothing is fetched" in str(caught.value)


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "records"),
    [
        ("Oresteia", {"Investigation": 6, "LegalAuthorization": 1, "ProvenanceRecord": 5}),
        ("forensic_lifecycle", {"Investigation": 1, "InvestigativeAction": 6}),
        ("accounts", {"OnlineAccount": 4}),
        ("message", {"OnlineLocation": 3, "OnlineAccount": 4}),
        ("file", {"EvidenceItem": 12, "RecordRelation": 11}),
    ],
)
def test_the_published_examples_come_in_without_a_word(
    name: str, records: dict[str, int], shared: Path
) -> None:
    given = rdffiles.read([shared / "data/case-uco-cac" / f"{name}.json"])
    arrival = crossing.inward(given, case(), crossing.Owner("example-org", KEY))
    assert records.items() <= arrival.records.items()
    said = [q.object for q in arrival.quads if isinstance(q.object, ox.Literal)]
    months = re.compile(r"[0-9]{4}-[0-9]{2}-01T00:00:00Z")
    assert [v.value for v in said if not months.fullmatch(v.value)] in ([], ["5.3"])
    ours = ("https://w3id.org/dpc/", RDF)
    assert all(
        term.value.startswith(ours)
        for q in arrival.quads
        for term in (q.subject, q.predicate, q.object)
        if isinstance(term, ox.NamedNode)
    )
    assert sum(arrival.left.values()) > 20


# --- case_validate --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def exported() -> list[ox.Triple]:
    """All cases in CASE, each under IRIs of its own."""
    given: set[ox.Triple] = set()
    for number, path in enumerate(PASSES):
        text = rdffiles.written(rdffiles.read([path]), "nt", {}).decode()
        own = re.sub(r"/([0-9a-f]{60})[0-9a-f]{4}>", rf"/\g<1>{number:04x}>", text)
        quads = ox.parse(own.encode(), format=ox.RdfFormat.N_TRIPLES)
        given |= {ox.Triple(q.subject, q.predicate, q.object) for q in quads}
    return crossing.outward(stored(given), case())


def validated(triples: Iterable[ox.Triple], folder: Path) -> tuple[int, str]:
    if not CASE_VALIDATE.exists():
        pytest.skip("needs the check environment (make check-env)")
    names = {**dict(case().mappings.prefixes), "xsd": XSD}
    (folder / "out.jsonld").write_bytes(rdffiles.written(triples, "jsonld", names))
    command = [str(CASE_VALIDATE), "--allow-info", str(folder / "out.jsonld")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.slow
def test_case_validate_accepts_what_we_give_out(exported: list[ox.Triple], tmp_path: Path) -> None:
    code, said = validated(exported, tmp_path)
    assert (code, "Conforms: True" in said) == (0, True)
    severities = re.findall(r"Severity: (\S+)", said)
    assert severities
    assert set(severities) == {"sh:Info"}
    assert set(re.findall(r"Message: (.*)", said)) == {ADVICE}
    nodes = set(re.findall(r"Focus Node: <([^>]*)>", said))
    assert all(
        re.fullmatch(rf"{ID}[^/]+/[^/]+/[^/]+|https://w3id.org/dpc/ext/.*", n) for n in nodes
    )
    assert "NonExistentCDOConceptWarning" not in said


@pytest.mark.slow
def test_case_validate_refuses_a_broken_export(exported: list[ox.Triple], tmp_path: Path) -> None:
    broken = [t for t in exported if not t.predicate.value.endswith("/target")]
    text = ox.Literal("May 2024")
    broken = [
        ox.Triple(t.subject, t.predicate, text) if t.predicate.value.endswith("/startTime") else t
        for t in broken
    ]
    code, said = validated(broken, tmp_path)
    assert code != 0
    assert "sh:Violation" in said
    assert re.search("MinCountConstraint", said)
    assert re.search("DatatypeConstraint", said)
