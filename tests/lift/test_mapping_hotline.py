"""The hotline mapping: its tables are whole, its samples lift as written down, nothing leaks."""

import csv
import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from dpc_kg.base.assets import mapping_dir
from dpc_kg.base.identifiers import entity_iri
from dpc_kg.base.vocab import DPC, ID
from dpc_kg.lift import LiftRequest, open_lift
from dpc_kg.lift.generate.hotline_reports import COLUMNS
from dpc_kg.lift.plan import Plan
from tests.lift import looking

ORG = "example-org"
FOLDER = mapping_dir("hotline")
SAMPLES = {"exchange": FOLDER / "sample.exchange.csv", "iwf": FOLDER / "sample.iwf.json"}
MAPS = {
    "exchange": {
        "Report",
        "Reporter",
        "Location",
        "Assessment",
        "Notice",
        "Forwarding",
        "Receiver",
    },
    "iwf": {"SentReport", "SentBy", "SentCategory", "SentLocation"},
}


def table(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def lifted(sources: dict[str, Path], out: Path, key: bytes) -> str:
    with open_lift(LiftRequest("hotline", sources, ORG, "sample", key, None)) as lift:
        lift.write(out / "data.nq")
    return (out / "data.nq").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def about(expected: str) -> Callable[[str], dict[str, set[str]]]:
    """Give the objects of a node by the name of the property."""
    return lambda subject: looking.about(expected, subject)


def test_each_source_may_be_left_out(plan: Plan) -> None:
    assert {s.name: s.optional for s in plan.sources} == {"exchange": True, "iwf": True}
    for name, maps in MAPS.items():
        assert {m.name for m in plan.maps if plan.view(m.view).source == name} == maps


def test_fields_are_those_of_the_files() -> None:
    listed = {s: [r["path"] for r in table("fields.csv") if r["source"] == s] for s in SAMPLES}
    assert sorted(listed["exchange"]) == sorted(COLUMNS)
    records = json.loads(SAMPLES["iwf"].read_text(encoding="utf-8"))
    assert all(set(record) == set(listed["iwf"]) for record in records)


@pytest.mark.shared
def test_fields_of_the_interface_are_all_there(shared: Path) -> None:
    path = shared / "data/aselo/iwf-report.synthetic.json"
    own = {"report_id", "received_at"}
    listed = {row["path"] for row in table("fields.csv") if row["source"] == "iwf"}
    assert listed - own == set(json.loads(path.read_text(encoding="utf-8")))


def test_samples_lift_to_what_is_expected(
    tmp_path: Path, partner_key: bytes, expected: str
) -> None:
    assert lifted(SAMPLES, tmp_path, partner_key) == expected


def test_order_of_rows_and_a_missing_source_change_nothing_else(
    tmp_path: Path, partner_key: bytes, expected: str
) -> None:
    with SAMPLES["exchange"].open(encoding="utf-8", newline="") as stream:
        header, *rows = csv.reader(stream)
    with (tmp_path / "turned.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([header, *reversed(rows)])
    made = lifted({"exchange": tmp_path / "turned.csv"}, tmp_path, partner_key)
    alone = lifted({"iwf": SAMPLES["iwf"]}, tmp_path, partner_key)
    assert set(made.splitlines()).isdisjoint(alone.splitlines())
    assert sorted((made + alone).splitlines()) == sorted(expected.splitlines())


def test_nothing_personal_and_no_address_is_lifted(expected: str) -> None:
    assert "canary" not in expected.lower()
    assert ".invalid" not in expected.lower()
    assert "urn:btih" not in expected
    rows = [*table("sample.exchange.csv"), *json.loads(SAMPLES["iwf"].read_text("utf-8"))]
    assert all(f'"{row["report_id"]}"' not in expected for row in rows)


def test_every_value_of_a_list_that_is_not_shared_stays_here(expected: str) -> None:
    assert "own-notation-7" not in expected
    assert "own-red" not in expected


def test_a_place_is_one_whatever_the_case_of_its_host(
    about: Callable[[str], dict[str, set[str]]], partner_key: bytes
) -> None:
    where = "https://pictures.example.invalid/Album/1"
    place = about(entity_iri(ORG, "online-location", partner_key, where))
    reports = {entity_iri(ORG, "hotline-report", partner_key, key) for key in ("H-1", "H-3")}
    assert place["isLocationIn"] == reports
    other = about(entity_iri(ORG, "online-location", partner_key, where.replace("A", "a")))
    assert other["siteType"] == {"site-type/forum"}


def test_schemes_stand_side_by_side_in_one_judgement(
    about: Callable[[str], dict[str, set[str]]], partner_key: bytes
) -> None:
    place = "https://pictures.example.invalid/Album/1"
    key = ("H-1", place, "Example Hotline / law")
    judged = about(entity_iri(ORG, "content-assessment", partner_key, *key))
    assert judged["severityCategory"] == {"iwf-category/a", "file-classification/a1"}
    assert judged["youngestVisibleAge"] == {"visible-age-band/7-10"}
    assert judged["isContentAssessmentOf"] == {
        entity_iri(ORG, "online-location", partner_key, place)
    }
    key = ("H-3", place, "Línea Ejemplo / baseline")
    other = about(entity_iri(ORG, "content-assessment", partner_key, *key))
    assert other["severityCategory"] == {"ucs/unmapped"}
    assert other["assessedBy"] == {f"{ID}linea-ejemplo/organization/linea-ejemplo"}


def test_maxima_of_the_whole_are_never_of_a_child(expected: str) -> None:
    """No node of a person is made of a judgement, so that nothing can join the three maxima."""
    classes = {line.split(" ")[2] for line in expected.splitlines() if "-ns#type>" in line}
    assert not {f"<{DPC}{name}>" for name in ("VictimSurvivorRole", "Child", "Person")} & classes
    assert expected.count("sexesDepicted") == 3
    for line in expected.splitlines():
        if "sexesDepicted" in line or "youngestVisibleAge" in line:
            assert "/content-assessment/" in line.split(" ")[0]


def test_intervals_are_those_of_the_uncut_moments(
    about: Callable[[str], dict[str, set[str]]], partner_key: bytes
) -> None:
    rows = {row["notice_kind"]: row for row in table("sample.exchange.csv")}
    moments = ("received_at", "le_notified_at", "provider_notified_at", "removed_at")
    for kind, limit in (("request", 259_200), ("order", 86_400)):
        row = rows[kind]
        at = {name: datetime.fromisoformat(row[name]) for name in moments}
        scheme, _, rest = row["url"].partition("://")
        host, _, path = rest.partition("/")
        place = f"{scheme.lower()}://{host.lower()}/{path}"
        parts = (row["report_id"], place, f"{kind} / {row['notice_to']}")
        notice = about(entity_iri(ORG, "takedown-notice", partner_key, *parts))
        wanted = {
            "receiptToLawEnforcementSeconds": at["le_notified_at"] - at["received_at"],
            "lawEnforcementToProviderSeconds": at["provider_notified_at"] - at["le_notified_at"],
            "providerToRemovalSeconds": at["removed_at"] - at["provider_notified_at"],
        }
        for name, apart in wanted.items():
            assert notice[name] == {str(int(apart.total_seconds()))}, (kind, name)
        is_late = wanted["providerToRemovalSeconds"].total_seconds() > limit
        assert notice["removedWithinTimeLimit"] == {f"tristate/{'no' if is_late else 'yes'}"}
        assert notice["removedAt"] == {f"{row['removed_at'][:7]}-01T00:00:00Z"}


def test_moved_ends_no_interval_and_a_provider_told_first_has_none(
    about: Callable[[str], dict[str, set[str]]], partner_key: bytes
) -> None:
    place = "https://pictures.example.invalid/album/1"
    notice = about(
        entity_iri(ORG, "takedown-notice", partner_key, "H-2", place, "trusted / Hébergeur Exemple")
    )
    assert notice["receiptToLawEnforcementSeconds"] == {"210600"}
    assert {"removedAt", "lawEnforcementNotifiedAt", "providerNotifiedAt"} <= notice.keys()
    gone = {"lawEnforcementToProviderSeconds", "providerToRemovalSeconds", "removedWithinTimeLimit"}
    assert not gone & notice.keys()


def test_test_reports_are_kept_and_marked(
    about: Callable[[str], dict[str, set[str]]], partner_key: bytes
) -> None:
    kept = about(entity_iri(ORG, "hotline-report", partner_key, "H-4"))
    sent = about(entity_iri(ORG, "hotline-report", partner_key, "S-2", "iwf"))
    assert kept["isTest"] == sent["isTest"] == {"tristate/yes"}
    live = about(entity_iri(ORG, "hotline-report", partner_key, "S-1", "iwf"))
    assert live["isTest"] == {"tristate/no"}


def test_a_chain_names_hotlines_as_they_name_themselves(
    about: Callable[[str], dict[str, set[str]]], partner_key: bytes
) -> None:
    step = about(
        entity_iri(ORG, "referral", partner_key, "H-5", "خط المثال", "2024-05-02T12:00:00Z")
    )
    assert step["sentBy"] == {f"{ID}{ORG}/organization/{ORG}"}
    assert step["sentTo"] == {f"{ID}khatt-mithal/organization/khatt-mithal"}
    assert step["declineReason"] == {"decline-reason/duplicate"}
    police = about(entity_iri(ORG, "organization", partner_key, "Example Police Unit"))
    assert police["organizationKind"] == {"organization-kind/law-enforcement"}


@pytest.mark.shared
def test_a_bare_payload_has_no_number_of_its_own(
    shared: Path, tmp_path: Path, partner_key: bytes
) -> None:
    path = shared / "data/aselo/iwf-report.synthetic.json"
    with open_lift(LiftRequest("hotline", {"iwf": path}, ORG, "d", partner_key, None)) as lift:
        assert [(r.column, r.rule) for r in lift.rejects] == [("report_id", "missing-key")]
    record = {"report_id": "1", "received_at": "2024-05-01", **json.loads(path.read_text("utf-8"))}
    whole = tmp_path / "iwf.json"
    whole.write_text(json.dumps(record), encoding="utf-8")
    with open_lift(LiftRequest("hotline", {"iwf": whole}, ORG, "d", partner_key, None)) as lift:
        assert lift.rejects == []
        assert lift.unknown() == []
