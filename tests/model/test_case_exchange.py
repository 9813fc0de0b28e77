"""CASE there and back: what it carries, what others' data bring, what case_validate says."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from dpc_kg.base.errors import DpcError
from dpc_kg.base.vocab import CODES, DPC, ID, RDF, XSD, local_name
from dpc_kg.model import align, coverage, crossing, rdffiles
from tests.model.carried import NGO, case, out, stored

if TYPE_CHECKING:
    from collections.abc import Iterable

HERE = Path(__file__).resolve().parents[1]
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


def through_a_file(triples: Iterable[ox.Triple], folder: Path) -> set[ox.Triple]:
    names = {**dict(case().mappings.prefixes), "dpc": DPC, "rdf": RDF, "xsd": XSD}
    (folder / "out.jsonld").write_bytes(rdffiles.written(triples, "jsonld", names))
    return rdffiles.read([folder / "out.jsonld"])


def back(triples: Iterable[ox.Triple]) -> crossing.Arrival:
    return crossing.inward(triples, case(), crossing.Owner("example-org"))


def bare(arrival: crossing.Arrival) -> set[ox.Triple]:
    return {ox.Triple(q.subject, q.predicate, q.object) for q in arrival.quads}


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
