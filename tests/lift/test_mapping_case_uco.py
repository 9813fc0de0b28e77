"""The mapping of CASE, UCO and CAC: every field counts, the samples lift as written, no leak."""

from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from dpc_kg.base.assets import mapping_dir
from dpc_kg.base.identifiers import entity_iri
from dpc_kg.base.vocab import CODES, DPC, ID
from dpc_kg.lift import LiftRequest, open_lift, report_bytes
from dpc_kg.lift.graphs import read_graph
from dpc_kg.lift.plan import Plan
from dpc_kg.lift.privacy import Decisions, FieldCount, read_fields

ORG = "example-org"
FOLDER = mapping_dir("case-uco")
SAMPLES = {"case-uco": FOLDER / "sample.case-uco.json", "cac": FOLDER / "sample.cac.ttl"}
KB = "http://example.org/kb/canary-"

Facts = dict[str, dict[str, set[str]]]


def request(sources: dict[str, Path], key: bytes, coalition: bytes | None = None) -> LiftRequest:
    return LiftRequest("case-uco", sources, ORG, "sample", key, coalition)


def lifted(sources: dict[str, Path], out: Path, key: bytes, coalition: bytes | None) -> str:
    with open_lift(request(sources, key, coalition)) as lift:
        lift.write(out / "data.nq")
    return (out / "data.nq").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def decisions() -> Decisions:
    found = read_fields(FOLDER)
    assert found is not None
    return found


@pytest.fixture(scope="module")
def facts(expected: str) -> Facts:
    """Give the objects of each node by the name of the property."""
    found: Facts = {}
    for line in expected.splitlines():
        node, predicate, item = line.split(" <https://w3id.org/dpc/graph/")[0].split(" ", 2)
        short = item.strip("<>").removeprefix(CODES).split("^^")[0].strip('"')
        own = found.setdefault(node.strip("<>"), {})
        own.setdefault(predicate.strip("<>").rpartition("#")[2], set()).add(short)
    return found


@pytest.fixture(scope="module")
def thing(partner_key: bytes) -> "Name":
    return Name(partner_key)


@dataclass(frozen=True)
class Looked:
    """What a lift of both samples without the coalition key says of itself."""

    fields: list[FieldCount]
    report: dict[str, Any]


@pytest.fixture(scope="module")
def looked(partner_key: bytes) -> Looked:
    with open_lift(request(SAMPLES, partner_key)) as lift:
        return Looked(lift.fields(), lift.report(0))


class Name:
    """Gives the names of nodes of the samples."""

    def __init__(self, key: bytes) -> None:
        self.key = key

    def __call__(self, name: str, kind: str = "thing") -> str:
        return entity_iri(ORG, kind, self.key, f"{KB}{name}")


def test_each_file_is_one_source_however_many_queries(plan: Plan) -> None:
    assert {s.given for s in plan.sources} == set(SAMPLES)
    assert all(s.optional and s.formulation == "SPARQL" for s in plan.sources)


def test_every_placed_field_changes_what_some_query_finds(plan: Plan, decisions: Decisions) -> None:
    """What a query says it reads could be untrue: without the field it must find something else."""
    for name, path in SAMPLES.items():
        sources = [s for s in plan.sources if s.given == name]
        whole = read_graph(path, sources[0], decisions)
        found = {s.name: sorted(map(repr, whole.solutions(s))) for s in sources}
        for one in decisions.decisions:
            if one.source != name or one.status != "placed" or one.path in {"node", "type"}:
                continue
            assert whole.cells[one.path], f"{one.path} is not in the sample"
            hidden = replace(one, status="personal")
            others = Decisions([hidden if d is one else d for d in decisions.decisions])
            less = read_graph(path, sources[0], others)
            same = [sorted(map(repr, less.solutions(s))) == found[s.name] for s in sources]
            assert not all(same), f"{one.path} is read by no query"


def test_samples_lift_to_what_is_expected(
    tmp_path: Path, partner_key: bytes, coalition_key: bytes, expected: str
) -> None:
    assert lifted(SAMPLES, tmp_path, partner_key, coalition_key) == expected


def test_nothing_personal_and_no_name_of_a_node_is_lifted(expected: str, looked: Looked) -> None:
    assert "canary" not in expected.lower()
    assert "example.org/kb" not in expected
    assert "canary" not in report_bytes(looked.report).decode().lower()


def test_every_triple_is_counted_once(looked: Looked) -> None:
    counts = Counter({s: 0 for s in SAMPLES})
    for field in looked.fields:
        counts[field.source] += field.cells
    assert counts == {name: len(set(_triples(path))) for name, path in SAMPLES.items()}
    assert [s["name"] for s in looked.report["sources"]] == ["cac", "case-uco"]


def _triples(path: Path) -> list[ox.Triple]:
    form = ox.RdfFormat.JSON_LD if path.suffix == ".json" else ox.RdfFormat.TURTLE
    return [q.triple for q in ox.parse(path.read_bytes(), format=form, base_iri="file:///x")]


def test_facets_fall_into_the_thing_that_has_them(facts: Facts, thing: Name) -> None:
    file = facts[thing("file-1")]
    assert file["evidenceKind"] == {"evidence-kind/picture"}  # the finer of two classes
    assert file["sizeBand"] == {"size-band/1-to-10-mb"}
    assert file["modifiedAt"] == {"2024-02-01T00:00:00Z"}
    assert file["isEncrypted"] == {"tristate/yes"}
    assert len(file["hasHash"]) == 2  # the perceptual one stays here
    assert all(item.startswith(f"{ID}coalition/hash/") for item in file["hasHash"])
    assert facts[thing("folder-1")]["evidenceKind"] == {"evidence-kind/folder"}
    assert facts[thing("phone-1")]["evidenceKind"] == {"evidence-kind/phone"}


def test_without_the_coalition_key_hashes_are_dropped_and_counted(looked: Looked) -> None:
    status = {(c.source, c.path): c.status for c in looked.fields}
    assert status["case-uco", "Hash/types:hashValue"] == "key"
    assert status["cac", "Hash/observable:hashValue"] == "key"


def test_steps_say_what_came_before_in_either_direction(facts: Facts, thing: Name) -> None:
    assert facts[thing("phase-2")]["precededBy"] == {thing("phase-1")}
    assert facts[thing("phase-1")]["precededBy"] == {thing("phase-2")}  # in the other lifecycle
    assert facts[thing("hashing-1")]["precededBy"] == {thing("review-1")}
    assert facts[thing("cac-step-4")]["precededBy"] == {thing("cac-step-3")}


def test_a_tool_version_is_kept_only_where_there_is_one(facts: Facts, thing: Name) -> None:
    versions = {n: f["toolVersion"] for n, f in facts.items() if "toolVersion" in f}
    assert sorted(next(iter(v)) for v in versions.values()) == ["1.5.2", "2.4", "5.3"]


def test_intervals_are_those_of_the_uncut_moments(facts: Facts, thing: Name) -> None:
    assert facts[thing("forward-1")]["reportToReferralSeconds"] == {"5400"}
    assert facts[thing("forward-1")]["sentAt"] == {"2024-04-01T00:00:00Z"}
    assert facts[thing("report-1")]["receivedAt"] == {"2024-03-01T00:00:00Z"}


def test_a_person_is_a_professional_only_where_they_did_something(
    facts: Facts, thing: Name
) -> None:
    assert facts[thing("person-1")]["type"] == {f"{DPC}ProfessionalRole"}
    assert thing("person-2") not in facts  # only the end of a relation
    assert facts[thing("rel-1")]["relationFrom"] == {thing("person-2")}
    assert facts[thing("rel-1")]["confidence"] == {"confidence/high"}
    assert facts[thing("role-2")]["type"] == {f"{DPC}VictimSurvivorRole"}
    assert facts[thing("role-3")]["type"] == {f"{DPC}AllegedPerpetratorRole"}


def test_organisations_are_named_by_the_list_or_by_pseudonyms(facts: Facts, thing: Name) -> None:
    assert facts[thing("report-1")]["receivedBy"] == {
        f"{ID}example-hotline/organization/example-hotline"
    }
    police = entity_iri(ORG, "organization", thing.key, f"{KB}police")
    assert facts[thing("forward-1")]["sentTo"] == {police}


def test_a_message_is_a_relation_between_accounts(facts: Facts, thing: Name) -> None:
    found = [
        f for f in facts.values() if f.get("relationKind") == {"relation-kind/communicated-with"}
    ]
    assert len(found) == 4  # one for each receiver
    ends = {(*f["relationFrom"], *f["relationTo"]) for f in found}
    assert (thing("acc-1"), thing("acc-2")) in ends


def test_a_source_may_be_left_out(
    tmp_path: Path, partner_key: bytes, coalition_key: bytes, expected: str
) -> None:
    made = [
        lifted({name: path}, tmp_path, partner_key, coalition_key) for name, path in SAMPLES.items()
    ]
    lines = {line for text in made for line in text.splitlines()}
    # what had no place is counted for both sources together
    assert {line for line in lines if "/unmapped/" not in line} == {
        line for line in expected.splitlines() if "/unmapped/" not in line
    }
