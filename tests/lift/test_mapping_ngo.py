"""The mapping of programme logs: whole tables, samples that lift as written, no leak."""

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from dpc_kg.base.assets import mapping_dir
from dpc_kg.base.identifiers import entity_iri
from dpc_kg.lift import LiftRequest, open_lift
from dpc_kg.lift.plan import Plan
from dpc_kg.validate.check import check
from tests.lift import looking

ORG = "example-org"
FOLDER = mapping_dir("ngo")
SOURCES = ("kobo", "commcare", "dhis2")
SAMPLES = {name: FOLDER / f"sample.{name}.json" for name in SOURCES}

About = Callable[..., dict[str, set[str]]]


def request(sources: dict[str, Path], key: bytes) -> LiftRequest:
    return LiftRequest("ngo", sources, ORG, "sample", key, None)


@pytest.fixture(scope="module")
def about(expected: str, partner_key: bytes) -> About:
    """Give the objects of the node of a type and keys, by the name of the property."""
    return lambda kind, *keys: looking.about(expected, entity_iri(ORG, kind, partner_key, *keys))


@pytest.mark.parametrize("name", ["kobo", "commcare"])
def test_each_source_may_be_left_out(
    plan: Plan, expected: str, tmp_path: Path, partner_key: bytes, name: str
) -> None:
    assert {s.name: s.optional for s in plan.sources} == dict.fromkeys(SOURCES, True)
    with open_lift(request({name: SAMPLES[name]}, partner_key)) as lift:
        lift.write(tmp_path / "data.nq")
    lines = (tmp_path / "data.nq").read_text(encoding="utf-8").splitlines()
    own = {line for line in lines if "/unmapped/" not in line}
    assert own < set(expected.splitlines())
    assert len(own) > 40


def test_samples_lift_to_what_is_expected_and_conform(
    tmp_path: Path, partner_key: bytes, expected: str
) -> None:
    with check(request(SAMPLES, partner_key)) as one:
        assert (list(one.faults), len(one.withheld)) == ([], 0)
        one.write(tmp_path / "data.nq")
        found = {(u.source, u.path): u.cells for u in one.lifted.unknown()}
    assert (tmp_path / "data.nq").read_text(encoding="utf-8") == expected
    assert found[("dhis2", "relationships[*].to.trackedEntity.trackedEntity")] == 1
    assert found[("commcare", "case_type")] == 1
    assert set(found.values()) == {1}


def test_nothing_personal_and_no_key_stands_in_what_is_expected(expected: str) -> None:
    raw = "".join(path.read_text(encoding="utf-8") for path in SAMPLES.values())
    for mark in ("canary", "36.82", "2012-11-02", "0000-4000-8000"):
        assert mark.lower() in raw.lower()
        assert mark not in expected.lower()


def test_several_answers_in_one_cell_are_several_codes(about: About) -> None:
    assert about("incident", "101", "kobo")["incidentType"] == {
        "concern/grooming",
        "concern/sexual-extortion",
    }
    assert about("incident", "103", "kobo")["incidentType"] == {"concern/other", "concern/unmapped"}
    assert "incidentAt" not in about("incident", "103", "kobo")
    assert about("incident", "104", "kobo") == {}


def test_an_edit_takes_the_place_of_what_was_sent_before(about: About) -> None:
    report = about("concern-report", "102", "kobo")
    assert report["updatedAt"] == {"2024-05-01T00:00:00Z"}
    assert report["approvalStatus"] == {"approval-status/pending"}
    assert about("incident", "102", "kobo")["incidentType"] == {
        "concern/csam",
        "concern/sexual-extortion",
    }
    assert about("child", "102", "kobo")["ageBand"] == {"age-band/unmapped"}


def test_moments_are_utc_before_they_are_cut(about: About) -> None:
    """23:30 an hour west of UTC on the last of March is April."""
    first = about("concern-report", "101", "kobo")
    assert first["recordedAt"] == {"2024-04-01T00:00:00Z"}
    assert first["approvedAt"] == {"2024-05-01T00:00:00Z"}
    assert about("concern-report", "103", "kobo")["recordedAt"] == {"2024-07-01T00:00:00Z"}
    assert about("concern-report", "104", "kobo")["approvalStatus"] == {"approval-status/rejected"}


def test_only_actions_that_refer_become_referrals(about: About) -> None:
    assert about("referral", "101", "0", "kobo")["serviceType"] == {"service-type/law-enforcement"}
    assert about("referral", "101", "1", "kobo") == {}
    assert about("referral", "102", "1", "kobo")["serviceType"] == {"service-type/unmapped"}
    own = about("referral", "102", "2", "kobo")
    assert own["hasStatus"] == {"referral-status/requested"}
    assert "serviceType" not in own


def test_a_household_holds_its_cases_and_other_types_make_nothing(
    about: About, partner_key: bytes
) -> None:
    keys = [f"00000000-0000-4000-8000-00000000000{n}" for n in "abce"]
    house = about("household", keys[0], "commcare")
    cases = {entity_iri(ORG, "case", partner_key, key, "commcare") for key in keys[1:3]}
    assert house["isHouseholdOf"] == cases
    assert house["hasStatus"] == {"case-status/open"}
    assert about("case", keys[3], "commcare") == about("child", keys[3], "commcare") == {}
    closed = about("case", keys[1], "commcare")
    apart = datetime(2024, 3, 31, 23, 30) - datetime(2024, 1, 15, 8, 10)
    assert closed["openToCloseSeconds"] == {str(int(apart.total_seconds()))}
    assert (closed["riskLevel"], closed["hasStatus"]) == (
        {"risk-level/low"},
        {"case-status/closed"},
    )


def test_answers_are_read_by_the_ids_of_the_deployment(about: About) -> None:
    assert about("child", "CanaryTe001", "dhis2")["sexRecorded"] == {"sex/girl"}
    assert about("child", "CanaryTe002", "dhis2")["sexRecorded"] == {"sex/unmapped"}
    assert about("case", "CanaryEn001", "dhis2")["sexRecorded"] == {"sex/girl"}
    assert about("case", "CanaryEn002", "dhis2")["sexRecorded"] == {"sex/unknown"}


def test_what_is_deleted_or_no_child_makes_nothing(about: About) -> None:
    for key in ("CanaryTe003", "CanaryTe004"):
        assert about("child", key, "dhis2") == {}
    for key in ("CanaryEn004", "CanaryEn005"):
        assert about("case", key, "dhis2") == {}
    assert about("service", "CanaryEv004", "dhis2") == {}
    assert about("unit", "CanaryOu003", "dhis2") == {}


def test_services_keep_what_was_planned_and_a_visit_may_come_early(about: About) -> None:
    early = about("service", "CanaryEv001", "dhis2")
    assert "plannedToDeliveredSeconds" not in early
    late = about("service", "CanaryEv003", "dhis2")
    assert late["plannedToDeliveredSeconds"] == {str(10 * 24 * 3600)}
    assert about("service", "CanaryEv002", "dhis2")["hasStatus"] == {"service-status/planned"}
    planned = about("follow-up", "CanaryEn002", "dhis2")
    assert planned["hasStatus"] == {"activity-status/planned"}
    assert about("follow-up", "CanaryEn001", "dhis2") == {}


def test_a_link_of_children_is_one_of_each_pair_of_their_cases(
    about: About, expected: str, partner_key: bytes
) -> None:
    for case in ("CanaryEn001", "CanaryEn002"):
        link = about("case-link", "CanaryRe001", case, "CanaryEn003")
        assert link["caseLinkKind"] == {"case-link-kind/siblings"}
        assert link["linksCase"] == {entity_iri(ORG, "case", partner_key, case, "dhis2")}
    direct = about("case-link", "CanaryRe003", "CanaryEn001", "CanaryEn003")
    assert direct["caseLinkKind"] == {"case-link-kind/unmapped"}
    assert expected.count("#type> <https://w3id.org/dpc/cdm#CaseLink>") == 3


@pytest.mark.shared
def test_the_published_shapes_lift_and_conform(shared: Path, partner_key: bytes) -> None:
    folder = shared / "data/ngo"
    sources = {
        "kobo": folder / "kobo-submission.synthetic.json",
        "commcare": folder / "commcare-case-v2.sample.json",
        "dhis2": folder / "dhis2-tracker.synthetic.json",
    }
    with check(request(sources, partner_key)) as one:
        assert list(one.faults) == []
        assert {(u.path, u.cells) for u in one.lifted.unknown()} == {("['child/age_group']", 1)}


def test_a_submission_with_two_names_of_its_version_is_a_fault(
    tmp_path: Path, partner_key: bytes
) -> None:
    given: dict[str, Any] = json.loads(SAMPLES["kobo"].read_text(encoding="utf-8"))
    given["results"][0]["meta/instanceID"] = "uuid:another"
    path = tmp_path / "kobo.json"
    path.write_text(json.dumps(given), encoding="utf-8")
    with check(request({"kobo": path}, partner_key)) as one:
        (fault,) = one.faults
        assert (fault.row, fault.column, fault.rule) == (
            1,
            "['meta/instanceID']",
            "source:reference",
        )
        assert len(one.withheld) == 1
