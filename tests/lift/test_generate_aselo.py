"""The synthetic Aselo export: always the same, and wrong only where it says so."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from dpc_kg.base.errors import DpcError
from dpc_kg.lift.generate import GenerateRequest, Planted, generate
from dpc_kg.lift.generate.aselo_faults import MISTAKES

RECORDS, SEED, FAULTS = 240, 7, 26


def _make(out: Path, faults: int = 0, seed: int = SEED, records: int = RECORDS) -> Planted:
    return generate("aselo", GenerateRequest(records, seed, faults, out, "example-helpline"))


def _bytes(out: Path) -> dict[str, bytes]:
    return {p.relative_to(out).as_posix(): p.read_bytes() for p in out.rglob("*.json")}


def _contacts(out: Path) -> dict[str, dict[str, Any]]:
    found = _bytes(out)
    found.pop("planted.json")
    return {name: json.loads(content) for name, content in found.items()}


def _leaves(node: Any, at: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(node, dict):
        for key, value in node.items():
            yield from _leaves(value, f"{at}.{key}" if at else key)
    elif isinstance(node, list):
        for place, value in enumerate(node):
            yield from _leaves(value, f"{at}[{place}]")
    else:
        yield at, node


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("clean")
    _make(out)
    return out


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("faulty")
    _make(out, FAULTS)
    return out


@pytest.fixture(scope="module")
def planted(faulty: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((faulty / "planted.json").read_text(encoding="utf-8"))
    return document


def test_the_same_seed_gives_the_same_bytes(clean: Path, tmp_path: Path) -> None:
    _make(tmp_path)
    assert _bytes(tmp_path) == _bytes(clean)


def test_another_seed_gives_other_contacts(clean: Path, tmp_path: Path) -> None:
    _make(tmp_path, seed=SEED + 1)
    assert _bytes(tmp_path) != _bytes(clean)


def test_a_contact_does_not_depend_on_the_size(clean: Path, tmp_path: Path) -> None:
    _make(tmp_path, records=20)
    large = _contacts(clean)
    assert all(large[name] == contact for name, contact in _contacts(tmp_path).items())


def test_without_faults_every_contact_is_complete(clean: Path) -> None:
    for contact in _contacts(clean).values():
        start = datetime.fromisoformat(contact["timeOfContact"].replace("Z", "+00:00"))
        assert datetime(2024, 1, 1, tzinfo=UTC) <= start < datetime(2025, 7, 1, tzinfo=UTC)
        assert contact["conversationDuration"] > 0
        assert contact["id"]
        assert contact["channel"]
        assert contact["rawJson"]["callType"]
        assert all(r["referredAt"] >= contact["timeOfContact"] for r in contact["referrals"])
        assert all(r["contactId"] == contact["id"] for r in contact["csamReports"])


def test_without_faults_one_version_has_one_content(clean: Path) -> None:
    content: dict[tuple[str, str], dict[str, Any]] = {}
    for contact in _contacts(clean).values():
        assert content.setdefault((contact["id"], contact["updatedAt"]), contact) == contact


def test_updated_contacts_stand_in_several_folders(clean: Path) -> None:
    files = [Path(name).stem for name in _contacts(clean)]
    versions = {(c["id"], c["updatedAt"]) for c in _contacts(clean).values()}
    assert len(set(files)) == RECORDS
    assert len(files) > len(versions) > RECORDS


def test_a_file_stands_in_the_folder_of_its_update(clean: Path) -> None:
    late = [
        name
        for name, contact in _contacts(clean).items()
        if name[9:19].replace("/", "-") != contact["updatedAt"][:10]
    ]
    assert 0 < len(late) < RECORDS / 20  # exact copies, exported once more on a later day


def test_the_traps_occur(clean: Path) -> None:
    contacts = list(_contacts(clean).values())
    raw = [c["rawJson"] for c in contacts]
    children = [r["childInformation"] for r in raw]
    assert {c["definitionVersion"][8:10] for c in contacts} == {"en", "fr", "es", "ar"}
    assert {"", "Unborn", "00", "06", ">25", "Unknown"} <= {c.get("age") for c in children}
    assert {True, False, "mixed", None} <= {c.get("multipleVictims") for c in children}
    assert any("categories" in r["caseInformation"] for r in raw)
    assert any(c.get("gender", "").endswith(" ") for c in children)
    assert any(c["channel"] == "default" for c in contacts)
    assert any(not c for c in children)


def test_personal_values_are_visibly_made_up(clean: Path) -> None:
    for contact in _contacts(clean).values():
        assert contact["number"].startswith(("192.0.2.", "+1-202-555-01"))
        caller = contact["rawJson"]["callerInformation"]
        assert caller.get("email", "@example.org").endswith("@example.org")


def test_planted_list_has_the_agreed_form(planted: dict[str, Any]) -> None:
    assert planted["mapping"] == "aselo"
    assert planted["records"] == RECORDS
    assert planted["overlap"] == []
    assert len(planted["faults"]) == FAULTS
    for fault in planted["faults"]:
        assert fault["sheet"] is None
        assert fault["row"] == 1
        assert fault["rule"] == fault.get("rules", [fault["rule"]])[0]
        assert fault.get("rules", []) == sorted(fault.get("rules", []))
    assert all(set(cell) == {"file", "row", "column"} for cell in planted["unknown"])


def test_faults_are_spread_over_kinds_and_records(planted: dict[str, Any]) -> None:
    faults = planted["faults"]
    assert set(Counter((f["rule"], f["column"].split(".")[-1]) for f in faults).values()) == {2}
    assert len({f["rule"] for f in faults}) == len(MISTAKES)
    kinds = {f["kind"] for f in faults}
    assert kinds == {"missing", "format", "range", "order", "duplicate", "reference"}
    assert len({Path(f["file"]).stem for f in faults}) == FAULTS


def test_six_faults_are_of_six_kinds(tmp_path: Path) -> None:
    assert len({f.kind for f in _make(tmp_path, faults=6).faults}) == 6


def test_each_fault_is_one_wrong_cell_and_nothing_else_differs(
    clean: Path, faulty: Path, planted: dict[str, Any]
) -> None:
    good, bad = _contacts(clean), _contacts(faulty)
    twins = {f["file"] for f in planted["faults"] if f["kind"] == "duplicate"}
    wrong = {f["file"]: f["column"] for f in planted["faults"] if f["kind"] != "duplicate"}
    assert bad.keys() - good.keys() == twins
    assert good.keys() <= bad.keys()
    for name, contact in good.items():
        before, after = dict(_leaves(contact)), dict(_leaves(bad[name]))
        differ = [path for path in before if before[path] != after[path]]
        assert before.keys() == after.keys()
        assert differ == ([wrong[name]] if name in wrong else [])


def test_a_duplicate_is_a_later_file_with_one_other_cell(
    faulty: Path, planted: dict[str, Any]
) -> None:
    contacts = _contacts(faulty)
    for fault in (f for f in planted["faults"] if f["kind"] == "duplicate"):
        twin = contacts[fault["file"]]
        (first,) = [n for n in contacts if n != fault["file"] and contacts[n]["id"] == twin["id"]]
        assert first < fault["file"]
        assert contacts[first]["updatedAt"] == twin["updatedAt"]
        assert fault["column"] == "id"
        before, after = dict(_leaves(contacts[first])), dict(_leaves(twin))
        assert [p for p in before if before[p] != after[p]] == ["conversationDuration"]


def test_unknown_codes_are_listed_and_do_not_depend_on_faults(
    clean: Path, planted: dict[str, Any]
) -> None:
    without = json.loads((clean / "planted.json").read_text(encoding="utf-8"))
    assert planted["unknown"] == without["unknown"]
    assert not {c["file"] for c in planted["unknown"]} & {f["file"] for f in planted["faults"]}
    columns = {cell["column"].split("[")[0] for cell in planted["unknown"]}
    assert {"channel", "rawJson.callType", "rawJson.categories"} <= columns


def test_too_many_faults_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DpcError, match="too few contacts"):
        _make(tmp_path, faults=40, records=30)


def test_an_overlap_is_refused(tmp_path: Path) -> None:
    request = GenerateRequest(10, SEED, 0, tmp_path / "b", "example-helpline", tmp_path)
    with pytest.raises(DpcError, match="no hashes"):
        generate("aselo", request)
