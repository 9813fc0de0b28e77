"""The Primero mapping: it compiles, its tables are whole, its sample lifts as written down."""

import csv
import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from dpc_kg.base.assets import mapping_dir
from dpc_kg.base.errors import SourceError
from dpc_kg.base.identifiers import entity_iri
from dpc_kg.base.vocab import DPC
from dpc_kg.lift import LiftRequest, open_lift
from dpc_kg.lift.generate import GenerateRequest, generate
from dpc_kg.lift.generate.primero_cases import COLUMNS, case
from dpc_kg.lift.generate.primero_values import code_lists
from dpc_kg.lift.plan import Plan
from dpc_kg.lift.rml import compile_rml
from dpc_kg.lift.ruby import parse_ruby
from dpc_kg.validate.check import check

SAMPLE_SEED, SAMPLE_CASES = 4334, 12
ORG = "example-org"


SOURCES = (
    "cases",
    "families",
    "incidents",
    "record_history",
    "registry_records",
    "traces",
    "tracing_requests",
    "transitions",
)


def request(sources: dict[str, Path], key: bytes, coalition: bytes) -> LiftRequest:
    return LiftRequest("primero", sources, ORG, "sample", key, coalition)


def exported(folder: Path) -> dict[str, Path]:
    return {name: folder / f"{name}.csv" for name in ("cases", "incidents", "transitions")}


def samples() -> dict[str, Path]:
    folder = mapping_dir("primero")
    others = {name: folder / f"sample.{name}.csv" for name in SOURCES if name != "cases"}
    return {"cases": folder / "sample.csv", **others}


def lifted(sources: dict[str, Path], out: Path, key: bytes, coalition: bytes) -> str:
    with open_lift(request(sources, key, coalition)) as lift:
        lift.write(out / "data.nq")
    return (out / "data.nq").read_text(encoding="utf-8")


def table(name: str) -> list[dict[str, str]]:
    with (mapping_dir("primero") / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture(scope="module")
def plan() -> Plan:
    return compile_rml(mapping_dir("primero") / "mapping.rml.ttl")


def test_only_the_cases_must_be_given(plan: Plan) -> None:
    assert tuple(source.name for source in plan.sources) == SOURCES
    assert [source.name for source in plan.sources if not source.optional] == ["cases"]
    source = plan.source("cases")
    assert (source.key, source.version, source.record_map) == ("id", "last_updated_at", "Case")


def test_mapping_reads_every_placed_field_and_no_other(plan: Plan) -> None:
    placed = {(r["source"], r["path"]) for r in table("fields.csv") if r["status"] == "placed"}
    assert read_paths(plan) == placed


def read_paths(plan: Plan) -> set[tuple[str, str]]:
    """Give (source, path) of all the mapping reads, worked out here from the plan alone."""
    paths = {(s.name, name) for s in plan.sources for name in (s.key, s.version) if name}
    for view in plan.views:
        first = view.iterables[0] if view.iterables else None
        if first is not None:
            paths.add((view.source, str(first.cell)))
        for name, reference in view.fields:
            if name.endswith("#"):
                continue
            inside = reference.removeprefix("$").removeprefix(".")
            if first is None or not name.startswith(f"{first.name}."):
                paths.add((view.source, reference))
            elif inside:
                paths.add((view.source, f"{first.cell}{first.path.removeprefix('$')}.{inside}"))
    return paths


def test_fields_cover_all_the_generator_writes() -> None:
    listed = {row["path"] for row in table("fields.csv") if row["source"] == "cases"}
    subtrees = tuple(path.removesuffix("*") for path in listed if path.endswith(".*"))
    written = set(COLUMNS)
    for number in range(300):
        written |= set(subform_paths(number))
    assert {p for p in written if p not in listed and not p.startswith(subtrees)} == set()


def subform_paths(number: int) -> Iterator[str]:
    row = case(7, ORG, number, code_lists())
    for column in COLUMNS:
        for member in row.rows_of(column):
            yield from (f"{column}[*].{name}" for name in member)


def test_lists_without_codes_hold_seconds_countries_or_a_choice() -> None:
    rows = [row for row in table("codes.csv") if row["code"] and "/" not in row["code"]]
    shapes = {
        "service-timeframe": r"\d+",
        "preference": r"[1-9]",
        "location": "[A-Z]{2}",
        "country": "[A-Z]{2}",
        "language": "[a-z]{2,3}",
        "record-type-case": "case",
        "record-type-incident": "incident",
    }
    assert {row["list"] for row in rows} == set(shapes)
    for row in rows:
        assert re.fullmatch(shapes[row["list"]], row["code"]), row["value"]
        assert row["list"] != "location" or row["code"] == row["value"][:2]


def test_sample_is_what_the_generator_writes(tmp_path: Path) -> None:
    generate("primero", GenerateRequest(SAMPLE_CASES, SAMPLE_SEED, 0, tmp_path, ORG))
    for name, path in exported(tmp_path).items():
        assert path.read_bytes() == samples()[name].read_bytes()


@pytest.mark.shared
def test_lists_repeat_no_lookup_of_primero(shared: Path) -> None:
    """No run of more than five values equals theirs: their lists are under the AGPL."""
    derived = json.loads((shared / "data/primero/lookups-derived.json").read_text("utf-8"))
    theirs = {value for lookup in derived for value in ids_of(lookup)}
    run = 0
    for row in table("codes.csv"):
        run = run + 1 if row["value"] in theirs else 0
        assert run <= 5, row["value"]


def ids_of(node: object) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "id" and isinstance(value, str):
                yield value
            yield from ids_of(value)
    elif isinstance(node, list):
        for member in node:
            yield from ids_of(member)


def test_sample_lifts_to_what_is_expected_in_any_order_of_rows(
    tmp_path: Path, partner_key: bytes, coalition_key: bytes
) -> None:
    turned = {}
    for name, path in samples().items():
        with path.open(encoding="utf-8", newline="") as stream:
            header, *rows = csv.reader(stream)
        turned[name] = tmp_path / path.name
        with turned[name].open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows([header, *reversed(rows)])
    expected = (mapping_dir("primero") / "expected.nq").read_text(encoding="utf-8")
    assert lifted(turned, tmp_path, partner_key, coalition_key) == expected


def test_expected_counts_what_a_person_counts(partner_key: bytes) -> None:
    """Count nodes straight from the cells of the winning rows, without the lift."""
    rows = {row["id"]: row for row in sorted(table("sample.csv"), key=version)}
    wanted: Counter[str] = Counter(Case=len(rows))
    subforms = {
        "services_section": "ServiceProvision",
        "followup_subform_section": "FollowUp",
        "protection_concern_detail_subform_section": "Need",
        "tracing_actions_section": "TracingAction",
        "child_preferences_section": "ChildWish",
        "cp_case_plan_subform_case_plan_interventions": "Intervention",
        "incident_details": "Incident",
    }
    for row in rows.values():
        for name in ("protection_concerns", "unhcr_needs_codes"):
            wanted["Classification"] += len(set(parse_ruby(row[name] or "[]")))
        for name, cls in subforms.items():
            wanted[cls] += len(parse_ruby(row[name] or "[]"))
        moves = parse_ruby(row["transitions"] or "[]")
        wanted["Referral"] += sum(move["type"] in ("Referral", "Transfer") for move in moves)
    wanted["Incident"] += len(table("sample.incidents.csv"))
    wanted["Referral"] += len(table("sample.transitions.csv"))
    wanted["Household"] = len(table("sample.families.csv"))
    text = (mapping_dir("primero") / "expected.nq").read_text(encoding="utf-8")
    found = {name: text.count(f"#type> <{DPC}{name}> ") for name in wanted}
    assert found == dict(wanted)
    for key in rows:
        assert f"<{entity_iri(ORG, 'case', partner_key, key)}> <{DPC}receivedAt> " in text


def version(row: dict[str, str]) -> str:
    return row["last_updated_at"]


def test_nothing_personal_is_lifted() -> None:
    text = (mapping_dir("primero") / "expected.nq").read_text(encoding="utf-8")
    values = set()
    for name, path in samples().items():
        decided = {r["path"]: r["status"] for r in table("fields.csv") if r["source"] == name}
        for row in table(path.name):
            values |= {row[column] for column in row if decided.get(column) == "personal"}
            values |= {row[column] for column in ("id", "record_id") if column in row}
            for column in row:
                values |= personal_members(column, row[column], decided)
    assert len(values) > 200
    assert [value for value in values if value and value in text] == []
    assert "Omega" not in text
    assert "example.org" not in text


def personal_members(column: str, text: str, decided: dict[str, str]) -> set[str]:
    if not text.startswith("[{"):
        return set()
    return {
        str(value)
        for member in parse_ruby(text)
        for name, value in member.items()
        if value and decided.get(f"{column}[*].{name}") == "personal"
    }


def test_a_list_for_reading_is_refused(
    tmp_path: Path, partner_key: bytes, coalition_key: bytes
) -> None:
    """Its ID is the short one, which two cases can share."""
    (tmp_path / "cases.csv").write_text("ID,Name,Sex\nf15a1a9,,girl\n", encoding="utf-8")
    with pytest.raises(SourceError) as told:
        lifted({"cases": tmp_path / "cases.csv"}, tmp_path, partner_key, coalition_key)
    assert "list for reading" in (told.value.advice or "")
    assert "f15a1a9" not in str(told.value)


def test_an_incident_named_twice_is_one(
    tmp_path: Path, partner_key: bytes, coalition_key: bytes
) -> None:
    """The case holds the incident's row, the file of incidents the same under the same id."""
    row = next(r for r in table("sample.csv") if r["incident_details"])
    (detail,) = parse_ruby(row["incident_details"])
    one = dict.fromkeys(table("sample.incidents.csv")[0], "")
    one |= {k: v for k, v in detail.items() if k in one and v is not None}
    one |= {"id": detail["unique_id"], "incident_case_id": row["id"]}
    with (tmp_path / "incidents.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(one))
        writer.writeheader()
        writer.writerow(one)
    sources = {"cases": samples()["cases"], "incidents": tmp_path / "incidents.csv"}
    with check(request(sources, partner_key, coalition_key)) as checked:
        assert checked.faults == ()


@pytest.mark.parametrize(("seed", "faults"), [(3, 0), (5, 60)])
def test_the_faults_found_are_those_planted(
    seed: int, faults: int, tmp_path: Path, partner_key: bytes, coalition_key: bytes
) -> None:
    planted = generate("primero", GenerateRequest(120, seed, faults, tmp_path, ORG))
    with check(request(exported(tmp_path), partner_key, coalition_key)) as checked:
        found = {(f.file, f.row, f.column, f.kind, f.rules) for f in checked.faults}
        assert checked.warnings == ()
        assert checked.refused == len(planted.faults)
        cells = Counter({u.path.partition("[")[0]: u.cells for u in checked.lifted.unknown()})
    assert found == {(f.file, f.row, f.column, f.kind, f.rules) for f in planted.faults}
    assert len(found) == faults
    assert faults or cells == Counter(cell["column"] for cell in planted.unknown)
