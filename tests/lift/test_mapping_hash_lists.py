"""The mapping folder ``hash-lists``: sound lists, and a sample that becomes what it should."""

import csv
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from dpc_kg.base.errors import SourceError
from dpc_kg.base.identifiers import hash_iri
from dpc_kg.base.rdfio import is_canonical
from dpc_kg.base.vocab import CODES, DPC, ID
from dpc_kg.lift import LiftRequest, open_lift, report_bytes
from dpc_kg.lift.plan import Plan
from dpc_kg.lift.privacy import read_fields
from dpc_kg.lift.rml import compile_rml

SAMPLES = {
    "vics-case": "sample.case.json",
    "vics-hashset": "sample.hashset.json",
    "ncmec-hash-sharing": "sample.sharing.xml",
    "stopncii": "sample.stopncii.json",
}
Lift = Callable[..., Any]
Facts = dict[str, list[str]]


@pytest.fixture(scope="module")
def folder(repository: Path) -> Path:
    return repository / "mappings/lift/hash-lists"


@pytest.fixture(scope="module")
def plan(folder: Path) -> Plan:
    return compile_rml(folder / "mapping.rml.ttl")


@dataclass(frozen=True)
class Made:
    """What the sample became."""

    data: bytes
    report: bytes
    rejects: tuple[Any, ...]

    @property
    def lines(self) -> list[str]:
        return self.data.decode().splitlines()


@pytest.fixture(scope="module")
def sample(
    folder: Path, tmp_path_factory: pytest.TempPathFactory, partner_key: bytes, coalition_key: bytes
) -> Made:
    out = tmp_path_factory.mktemp("sample") / "data.nq"
    sources = {name: folder / file for name, file in SAMPLES.items()}
    request = LiftRequest(
        "hash-lists", sources, "example-org", "sample", partner_key, coalition_key
    )
    with open_lift(request) as lifted:
        quads = lifted.write(out)
        report = report_bytes(lifted.report(quads))
        return Made(out.read_bytes(), report, tuple(lifted.rejects))


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def nodes(made: Any, kind: str) -> dict[str, Facts]:
    """Give the properties of each node of a class, by its IRI; codes without their start."""
    facts: dict[str, Facts] = {}
    for line in made.lines:
        subject, predicate, rest = line.split(" ", 2)
        item = rest.removesuffix(" .").rpartition(" <")[0].strip("<>").partition('"^^')[0]
        name = predicate.strip("<>").removeprefix(DPC).rpartition("#")[2]
        value = item.strip('"').removeprefix(CODES).removeprefix(DPC)
        facts.setdefault(subject.strip("<>"), {}).setdefault(name, []).append(value)
    return {iri: f for iri, f in facts.items() if f.get("type") == [kind]}


# -- the lists


def test_mapping_is_canonical_and_its_sources_may_be_left_out(folder: Path, plan: Plan) -> None:
    assert is_canonical(folder / "mapping.rml.ttl")
    assert {s.name for s in plan.sources if s.optional} == set(SAMPLES)
    text = (folder / "mapping.rml.ttl").read_text(encoding="utf-8")
    assert all(f'"{row["list"]}"' in text for row in table(folder / "codes.csv"))


def test_perceptual_values_are_not_read(folder: Path, plan: Plan) -> None:
    decisions = read_fields(folder)
    assert decisions is not None
    for source, path in (
        ("vics-case", "value[0].Media[1].PhotoDNA"),
        ("vics-hashset", "value[4].PhotoDNA"),
        ("ncmec-hash-sharing", "images/image/fingerprints/pdna"),
        ("ncmec-hash-sharing", "videos/video/fingerprints/anything"),
    ):
        decision = decisions.decide(source, path)
        assert decision is not None and decision.status == "personal", path


# -- the sample


def test_sample_lifts_to_expected(folder: Path, sample: Any) -> None:
    assert sample.rejects == ()
    assert sample.data == (folder / "expected.nq").read_bytes()


def test_sample_conforms(folder: Path) -> None:
    from dpc_kg.validate.engines import validate_quads

    run = validate_quads(folder / "expected.nq")
    assert run.focus_nodes > 200
    assert [(r.focus, r.source_shape) for r in run.results] == []


def test_nothing_personal_leaves(folder: Path, sample: Any) -> None:
    for file in SAMPLES.values():
        assert (folder / file).read_text(encoding="utf-8-sig").count("Canary") > 5, file
    assert b"Canary" not in sample.data
    assert b"Canary" not in sample.report


def test_digests_are_keyed_and_seen_once_each(
    folder: Path, sample: Any, coalition_key: bytes
) -> None:
    document = json.loads((folder / SAMPLES["vics-hashset"]).read_text(encoding="utf-8-sig"))
    named = {
        hash_iri(coalition_key, name, record[name.upper()].lower())
        for record in document["value"]
        for name in ("md5", "sha1")
    }
    references = nodes(sample, "HashReference")
    assert named < set(references)
    for facts in references.values():
        assert [len(v) for v in facts.values()] == [1, 1, 1]
        assert facts["keyScope"] == ["key-scope/coalition"]


def test_the_same_hash_in_two_lists_joins(sample: Any) -> None:
    owners: dict[str, set[str]] = {}
    for facts in nodes(sample, "HashListEntry").values():
        for reference in facts.get("isEntryFor", []):
            owners.setdefault(reference, set()).update(facts["listOwner"])
    held = {h for f in nodes(sample, "EvidenceItem").values() for h in f.get("hasHash", [])}
    assert sum(len(names) > 1 for names in owners.values()) >= 3
    assert held & set(owners)


def test_without_the_coalition_key_hashes_are_dropped_and_counted(
    folder: Path, lift_of: Lift
) -> None:
    sources = {name: folder / file for name, file in SAMPLES.items()}
    made = lift_of("hash-lists", sources, coalition=False)
    assert made.rejects == ()
    for kind in ("HashReference", "Sighting"):
        assert nodes(made, kind) == {}
    assert not any(word in made.data for word in (b"isEntryFor", b"hasHash", b"/coalition/"))
    assert len(nodes(made, "HashListEntry")) > 60
    counts = {(f["source"], f["path"]): f for f in json.loads(made.report)["fields"]}
    for place in (
        ("vics-case", "value[*].Media[*].MD5"),
        ("vics-case", "value[*].Media[*].MediaFiles[*].ParentMD5"),
        ("vics-case", "value[*].Media[*].AlternativeHashes[*].HashValue"),
        ("vics-hashset", "value[*].SHA1"),
        ("ncmec-hash-sharing", "*/*/fingerprints/md5"),
        ("stopncii", "hashValue"),
    ):
        assert counts[place]["status"] == "key" and counts[place]["cells"] > 0, place


def test_a_deletion_closes_the_entry_and_an_older_version_says_nothing(
    folder: Path, sample: Any
) -> None:
    root = etree.parse(str(folder / SAMPLES["ncmec-hash-sharing"])).getroot()
    written = [
        (e.findtext("id"), e.findtext("member"), str(e.tag)) for e in root.iterfind("*/*[member]")
    ]
    gone = {(i, m) for i, m, tag in written if tag.startswith("deleted")}
    ours = [f for f in nodes(sample, "HashListEntry").values() if "contributedBy" in f]
    assert len(ours) == len({(i, m) for i, m, _ in written}) < len(written)
    closed = [f for f in ours if f["hasStatus"] == ["hash-entry-status/deleted"]]
    assert len(closed) == len(gone)
    assert any("isEntryFor" in f for f in closed)
    assert all(len(f.get("updatedAt", [])) < 2 and len(f["signalKind"]) == 1 for f in ours)
    assert not any(f.get("severityCategory", [""])[1:] for f in ours)


def test_sightings_are_counted_by_organisation_and_month(sample: Any) -> None:
    seen = nodes(sample, "Sighting").values()
    keys = [(*f["isSightingOf"], *f["observer"], *f["refPeriod"]) for f in seen]
    assert len(keys) == len(set(keys)) > 20
    assert {f"{ID}example-org/organization/example-org"} < {f["observer"][0] for f in seen}
    assert all(int(f["sightingCount"][0]) >= 1 for f in seen)


# -- single cells


SIZES = (
    (99_999, "under-100-kb"),
    (100_000, "100-kb-to-1-mb"),
    (1_000_000, "1-to-10-mb"),
    (100_000_000, "10-to-100-mb"),
    (100_000_001, "over-100-mb"),
    (None, "none"),
)
REGIONS: tuple[tuple[str | None, int | None, list[str]], ...] = (
    ("US", 1, ["vics-us-category/1"]),
    ("US", None, ["vics-us-category/0"]),
    ("US", 9, []),
    ("UK", 1, []),
    ("Default", None, []),
    (None, 1, []),
)


def test_a_category_has_a_place_only_in_a_declared_region(lift_of: Lift, tmp_path: Path) -> None:
    wanted = {}
    for number, (region, category, codes) in enumerate(REGIONS):
        record = {"MediaID": number, "MD5": "0" * 32, "MediaSize": SIZES[number][0]}
        record |= {} if category is None else {"Category": category}
        document: dict[str, Any] = {"value": [record]}
        if region is not None:
            document["@odata.context"] = f"http://example.org/2.0.xml/{region}/$metadata#Media"
        (tmp_path / f"{number}.json").write_text(json.dumps(document), encoding="utf-8")
        wanted[f"size-band/{SIZES[number][1]}"] = codes
    made = lift_of("hash-lists", {"vics-hashset": tmp_path})
    entries = nodes(made, "HashListEntry").values()
    assert {
        f.get("sizeBand", ["size-band/none"])[0]: f.get("severityCategory", []) for f in entries
    } == wanted
    assert {f["hasIdentifiedVictim"][0] for f in entries} == {"tristate/no"}
    unknown = {u["path"]: u["cells"] for u in json.loads(made.report)["unknownCodes"]}
    assert unknown == {"value[*].Category": 4}


def test_a_case_is_one_with_and_without_braces(lift_of: Lift, tmp_path: Path) -> None:
    guid = "0a1b2c3d-0000-4000-8000-000000000001"
    for number, text in enumerate((guid, "{" + guid.upper() + "}")):
        case = {"CaseID": text, "Media": [{"MediaID": 1, "MD5": "0" * 32}]}
        body = json.dumps({"@odata.context": "x", "value": [case]})
        (tmp_path / f"{number}.json").write_text(body, encoding="utf-8")
    made = lift_of("hash-lists", {"vics-case": tmp_path})
    assert len(nodes(made, "Investigation")) == 1
    assert made.rejects == ()


STATES: tuple[tuple[str, dict[str, str], str], ...] = (
    ("Active", {"1": "Withdrawn", "2": "Withdrawn"}, "withdrawn"),
    ("Active", {"1": "Withdrawn", "2": "Active"}, "active"),
    ("Deleted", {"1": "Active"}, "deleted"),
    ("Received", {}, "received"),
)


def test_an_entry_is_withdrawn_if_every_request_was(lift_of: Lift, tmp_path: Path) -> None:
    kinds = ("ImagePDQ", "VideoTMK", "Text", "URL")
    records = [
        {"lastModtimestamp": 1705746643, "signalType": kind, "hashValue": "x"}
        | {"hashStatus": status, "caseNumbers": requests}
        for kind, (status, requests, _) in zip(kinds, STATES, strict=True)
    ]
    path = tmp_path / "s.json"
    path.write_text(json.dumps({"hashRecords": records}), encoding="utf-8")
    made = lift_of("hash-lists", {"stopncii": path})
    entries = nodes(made, "HashListEntry").values()
    found = {f["signalKind"][0]: f["hasStatus"] for f in entries}
    signals = ("image-similarity", "video-similarity", "keyword", "web-address")
    assert found == {
        f"signal-kind/{signal}": [f"hash-entry-status/{wanted}"]
        for signal, (_, _, wanted) in zip(signals, STATES, strict=True)
    }
    assert {f["updatedAt"][0] for f in entries} == {"2024-01-01T00:00:00Z"}
    assert not any("isEntryFor" in f for f in entries)


def test_the_published_shapes_of_the_sources_are_read(shared: Path, lift_of: Lift) -> None:
    made = lift_of(
        "hash-lists", {"vics-hashset": shared / "data/vics/vics-2.0-hashset.synthetic.json"}
    )
    assert len(nodes(made, "HashListEntry")) == 1
    made = lift_of("hash-lists", {"vics-case": shared / "data/vics/vics-2.0-case.synthetic.json"})
    assert {rule for *_, rule in made.rejects} == {"date"}
    assert len(nodes(made, "Investigation")) == 1


def test_an_answer_in_a_name_space_is_refused_and_not_half_read(
    shared: Path, lift_of: Lift
) -> None:
    published = shared / "data/ncmec/hashsharing-v2.synthetic.xml"
    with pytest.raises(SourceError, match="no record"):
        lift_of("hash-lists", {"ncmec-hash-sharing": published})


def test_the_published_entries_are_read_without_their_name_space(
    shared: Path, tmp_path: Path, lift_of: Lift
) -> None:
    published = shared / "data/ncmec/hashsharing-v2.synthetic.xml"
    text = published.read_text(encoding="utf-8")
    bare = tmp_path / "answer.xml"
    bare.write_text(re.sub(r' xmlns="[^"]*"', "", text), encoding="utf-8")
    made = lift_of("hash-lists", {"ncmec-hash-sharing": bare})
    entries = nodes(made, "HashListEntry").values()
    found = sorted(f["hasStatus"][0].rpartition("/")[2] for f in entries)
    assert found == ["active", "deleted"]
