"""The mapping folder ``aselo``: its lists are sound and cover what the generator writes."""

import csv
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dpc_kg.base.rdfio import is_canonical, read
from dpc_kg.base.vocab import CODES
from dpc_kg.lift import LiftRequest, open_lift
from dpc_kg.lift.generate import GenerateRequest, aselo_contact, generate
from dpc_kg.lift.generate.aselo_words import DEPLOYMENTS
from dpc_kg.lift.plan import references
from dpc_kg.lift.privacy import check_projected, fields_read, read_fields
from dpc_kg.lift.rml import compile_rml
from dpc_kg.lift.walkers import JsonWalker
from dpc_kg.validate.check import check

_SAMPLE_SEED = 2
_STATES = {"placed", "personal", "none"}


@pytest.fixture(scope="module")
def folder(repository: Path) -> Path:
    return repository / "mappings/lift/aselo"


@pytest.fixture(scope="module")
def export(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("export")
    generate("aselo", GenerateRequest(400, 11, 0, out, "example-helpline"))
    return out


@pytest.fixture(scope="module")
def fields(folder: Path) -> list[dict[str, str]]:
    return _table(folder / "fields.csv")


@pytest.fixture(scope="module")
def codes(folder: Path) -> list[dict[str, str]]:
    return _table(folder / "codes.csv")


def _table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _contacts(export: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    for path in sorted(export.glob("hrm-data/**/*.json")):
        yield path.relative_to(export).as_posix(), json.loads(path.read_text(encoding="utf-8"))


def _covered(path: str, declared: set[str]) -> bool:
    whole = {d.removesuffix(".*") for d in declared if d.endswith(".*")}
    return path in declared or any(path.startswith((f"{w}.", f"{w}[")) for w in whole)


def test_every_path_of_an_export_is_declared(fields: list[dict[str, str]], export: Path) -> None:
    declared = {row["path"] for row in fields}
    walker = JsonWalker()
    paths = {path for _, contact in _contacts(export) for path, _ in walker.leaves(contact)}
    assert sorted(p for p in paths if not _covered(p, declared)) == []


def test_every_path_of_the_sample_is_declared(folder: Path, fields: list[dict[str, str]]) -> None:
    declared = {row["path"] for row in fields}
    sample = json.loads((folder / "sample.json").read_text(encoding="utf-8"))
    paths = {path for contact in sample for path, _ in JsonWalker().leaves(contact)}
    assert sorted(p for p in paths if not _covered(p, declared)) == []


def test_fields_are_declared_once_with_a_reason(fields: list[dict[str, str]]) -> None:
    assert len({(row["source"], row["path"]) for row in fields}) == len(fields)
    for row in fields:
        assert row["source"] in {"contacts", "cases", "profiles", "postSurveys"}
        assert row["status"] in _STATES
        assert row["term"].startswith("dpc:") == (row["status"] == "placed"), row["path"]
        assert row["reason"] or row["term"], row["path"]


def test_the_mapping_reads_what_is_placed_and_nothing_else(folder: Path) -> None:
    plan = compile_rml(folder / "mapping.rml.ttl")
    decisions = read_fields(folder)
    assert decisions is not None
    check_projected(decisions, plan)
    placed = {(d.source, d.path) for d in decisions.decisions if d.status == "placed"}
    assert fields_read(decisions, plan) == placed


def test_mapping_is_canonical_turtle(folder: Path) -> None:
    assert is_canonical(folder / "mapping.rml.ttl")


def test_mapping_names_its_record(folder: Path) -> None:
    sources = compile_rml(folder / "mapping.rml.ttl").sources
    assert [(s.name, s.key, s.version) for s in sources] == [
        ("cases", "$.id", "$.updatedAt"),
        ("contacts", "$.id", "$.updatedAt"),
    ]
    assert [(s.record_map, s.optional) for s in sources] == [("Case", True), ("Contact", False)]


def test_the_pair_is_the_code(folder: Path) -> None:
    plan = compile_rml(folder / "mapping.rml.ttl")
    for name, category, chosen in (
        ("Choice", "choice.category", "choice.subcategory"),
        ("ChoiceInOldForm", "category.name", "category.subcategory.name"),
    ):
        pairs = {p.predicate.expression: p.object for p in plan.triples(name).pairs}
        used = [o for p, o in pairs.items() if "hasCode" in str(p)]
        assert [references(o.expression) for o in used] == [[category, chosen]]


def test_code_values_are_unique_and_trimmed(codes: list[dict[str, str]]) -> None:
    keys = [(row["list"], row["value"]) for row in codes]
    assert len(set(keys)) == len(keys)
    assert all(value == value.strip() and value for _, value in keys)
    assert all(row["scheme"] for row in codes)


def test_codes_exist_in_the_model(codes: list[dict[str, str]], repository: Path) -> None:
    known: dict[str, set[str]] = {}
    outside = {"iso3166-1-alpha-2", "iso639-1", "pcode"}
    ours = [row["code"] for row in codes if "/" in row["code"]]
    ours = [code for code in ours if code.split("/")[0] not in outside]
    for scheme in {code.split("/")[0] for code in ours}:
        path = repository / f"ontology/codes/{scheme}.ttl"
        if not path.exists():
            pytest.skip(f"needs ontology/codes/{scheme}.ttl")
        known[scheme] = {str(s) for s in read(path).subjects()}
    for code in ours:
        assert CODES + code in known[code.split("/")[0]]


def test_a_clean_export_uses_only_codes_with_a_place(
    codes: list[dict[str, str]], export: Path
) -> None:
    placed = {(row["list"], row["value"]) for row in codes if row["code"]}
    planted = json.loads((export / "planted.json").read_text(encoding="utf-8"))
    listed = {(cell["file"], cell["column"]) for cell in planted["unknown"]}
    found = set()
    for file, contact in _contacts(export):
        for name, column, value in _code_cells(contact):
            if value.strip() and (name, value.strip()) not in placed:
                found.add((file, column))
    assert found == listed


def _code_cells(contact: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    raw = contact["rawJson"]
    walker = JsonWalker()
    yield "channel", "channel", raw["contactlessTask"]["channel"] or contact["channel"]
    yield "call-type", "rawJson.callType", raw["callType"]
    gender = raw["childInformation"].get("gender", "")
    yield "gender", "rawJson.childInformation.gender", gender
    yield "risk", "rawJson.caseInformation.riskLevel", raw["caseInformation"].get("riskLevel", "")
    for at, category, sub in walker.iterate(contact, "$.rawJson.categories.*[*]", ""):
        yield "category", at, f"{category} | {sub}"
    old = "$.rawJson.caseInformation.categories.*"
    for at, category, subs in walker.iterate(contact, old, ""):
        for inner, sub, chosen in walker.iterate(subs, "$.*", at):
            if chosen:
                yield "category", inner, f"{category} | {sub}"


def test_the_sample_comes_from_the_generator(folder: Path) -> None:
    for document in json.loads((folder / "sample.json").read_text(encoding="utf-8")):
        made = aselo_contact.contact(_SAMPLE_SEED, int(document["id"]) - 100_001)
        assert document in [file.document for file in (made.current, *made.others)]


def test_the_sample_gives_the_expected_quads(
    folder: Path, tmp_path: Path, partner_key: bytes, coalition_key: bytes
) -> None:
    sample = Path(shutil.copy(folder / "sample.json", tmp_path))
    cases = Path(shutil.copy(folder / "sample.cases.json", tmp_path))
    request = LiftRequest(
        mapping="aselo",
        sources={"contacts": sample, "cases": cases},
        org="example-org",
        dataset="sample",
        partner_key=partner_key,
        coalition_key=coalition_key,
    )
    with open_lift(request) as lifted:
        lifted.write(tmp_path / "data.nq")
        assert lifted.rejects == []
    assert (tmp_path / "data.nq").read_bytes() == (folder / "expected.nq").read_bytes()


def test_the_expected_quads_hold_nothing_personal(
    folder: Path, fields: list[dict[str, str]]
) -> None:
    personal = {row["path"] for row in fields if row["status"] == "personal"}
    quads = (folder / "expected.nq").read_text(encoding="utf-8")
    samples = [folder / "sample.json", folder / "sample.cases.json"]
    records = [r for s in samples for r in json.loads(s.read_text(encoding="utf-8"))]
    words = {
        str(value)
        for record in records
        for path, value in _values(record)
        if _covered(path, personal) and isinstance(value, str) and len(value) > 3
    }
    words |= {forms.typed_name for forms in DEPLOYMENTS}
    assert len(words) > 50
    assert sorted(word for word in words if word in quads) == []


def _values(node: Any, at: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(node, dict):
        for key, value in node.items():
            yield from _values(value, f"{at}.{key}" if at else key)
    elif isinstance(node, list):
        for value in node:
            yield from _values(value, f"{at}[*]")
    else:
        yield at, node


@pytest.mark.parametrize("faults", [0, 26])
def test_planted_faults_are_found_and_no_others(
    tmp_path: Path, partner_key: bytes, faults: int
) -> None:
    planted = generate("aselo", GenerateRequest(150, 3, faults, tmp_path, "example-helpline"))
    request = LiftRequest(
        mapping="aselo",
        sources={"contacts": tmp_path},
        org="example-helpline",
        dataset="contacts",
        partner_key=partner_key,
    )
    with check(request) as checked:
        found = [fault.as_dict() for fault in checked.faults]
        unknown = sum(code.cells for code in checked.lifted.unknown())
        assert {count.status for count in checked.lifted.fields()} == _STATES
    assert found == [fault.as_dict() for fault in sorted(planted.faults, key=lambda f: f.place)]
    assert unknown == len(planted.unknown)


def test_the_sample_holds_the_ugly_cases(folder: Path) -> None:
    sample = json.loads((folder / "sample.json").read_text(encoding="utf-8"))
    ids = [contact["id"] for contact in sample]
    assert len(sample) > len({(c["id"], c["updatedAt"]) for c in sample}) > len(set(ids))
    assert any("categories" in c["rawJson"]["caseInformation"] for c in sample)
    assert any(c["channel"] == "default" for c in sample)
    assert any(not c["rawJson"]["childInformation"] for c in sample)
