"""The Primero mapping: it compiles, its tables are whole, its sample lifts as written down."""

import csv
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from dpc_kg.base.assets import mapping_dir, ontology_files, root
from dpc_kg.base.identifiers import entity_iri
from dpc_kg.base.rdfio import is_canonical, read
from dpc_kg.base.vocab import CODES, DPC
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


def request(cases: Path, key: bytes, coalition: bytes) -> LiftRequest:
    return LiftRequest("primero", {"cases": cases}, ORG, "sample", key, coalition)


def lifted(cases: Path, out: Path, key: bytes, coalition: bytes) -> str:
    with open_lift(request(cases, key, coalition)) as lift:
        lift.write(out / "data.nq")
    return (out / "data.nq").read_text(encoding="utf-8")


def table(name: str) -> list[dict[str, str]]:
    with (mapping_dir("primero") / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture(scope="module")
def plan() -> Plan:
    return compile_rml(mapping_dir("primero") / "mapping.rml.ttl")


@pytest.fixture(scope="module")
def declared_terms() -> set[str]:
    modules = [path for path in ontology_files() if path.parent.name == "ontology"]
    if not modules:
        pytest.skip("needs the ontology modules")
    return {str(s) for path in modules for s in read(path).subjects() if str(s).startswith(DPC)}


def test_mapping_is_canonical() -> None:
    assert is_canonical(mapping_dir("primero") / "mapping.rml.ttl")


def test_mapping_compiles_to_five_maps_over_one_source(plan: Plan) -> None:
    assert [source.name for source in plan.sources] == ["cases"]
    source = plan.source("cases")
    assert (source.key, source.version, source.record_map) == ("id", "last_updated_at", "Case")
    assert {m.name for m in plan.maps} == {"Case", "Concern", "Need", "Referral", "Service"}


def test_mapping_reads_only_placed_fields(plan: Plan) -> None:
    status = {row["path"]: row["status"] for row in table("fields.csv") if row["source"] == "cases"}
    assert {path for path in read_paths(plan) if status[path] != "placed"} == set()


def read_paths(plan: Plan) -> set[str]:
    paths = {"id", "last_updated_at"}
    for view in plan.views:
        cells = {iterable.name: iterable.cell for iterable in view.iterables}
        paths |= {cell for cell in cells.values() if cell}
        for name, reference in view.fields:
            owner = name.partition(".")[0]
            inside = reference.removeprefix("$").removeprefix(".")
            if owner not in cells:
                paths.add(reference)
            elif inside:
                paths.add(f"{cells[owner]}[*].{inside}")
    return paths


def test_fields_name_terms_where_placed_and_reasons_where_not() -> None:
    rows = table("fields.csv")
    paths = [(row["source"], row["path"]) for row in rows]
    assert len(paths) == len(set(paths))
    for row in rows:
        assert row["status"] in ("placed", "personal", "none")
        assert row["term"] if row["status"] == "placed" else row["reason"], row["path"]


def test_fields_name_declared_terms(declared_terms: set[str]) -> None:
    named = {row["term"] for row in table("fields.csv") if row["term"]}
    assert {DPC + term.removeprefix("dpc:") for term in named} - declared_terms == set()


def test_mapping_uses_declared_terms(declared_terms: set[str]) -> None:
    graph = read(mapping_dir("primero") / "mapping.rml.ttl")
    named = {str(o) for o in graph.objects() if str(o).startswith(DPC)}
    assert named - declared_terms == set()


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


def test_codes_are_unique_and_each_list_has_one_scheme() -> None:
    rows = table("codes.csv")
    values = [(row["list"], row["value"]) for row in rows]
    assert len(values) == len(set(values))
    assert all(row["value"] == row["value"].strip() != "" for row in rows)
    schemes = {(row["list"], row["scheme"]) for row in rows}
    assert len(schemes) == len({name for name, _ in schemes})


def test_codes_point_to_concepts() -> None:
    if not (root() / "ontology/codes").is_dir():
        pytest.skip("needs ontology/codes")
    graphs = [read(path) for path in sorted((root() / "ontology/codes").glob("*.ttl"))]
    concepts = {str(s).removeprefix(CODES) for graph in graphs for s in graph.subjects()}
    codes = {row["code"] for row in table("codes.csv") if "/" in row["code"]}
    assert codes - concepts == set()


def test_lists_without_codes_hold_seconds_countries_or_a_choice() -> None:
    rows = [row for row in table("codes.csv") if row["code"] and "/" not in row["code"]]
    assert {row["list"] for row in rows} == {"service-timeframe", "location", "transition-type"}
    for row in rows:
        if row["list"] == "service-timeframe":
            assert row["code"].isdigit()
        if row["list"] == "location":
            assert row["code"] == row["value"][:2]


def test_mapping_uses_every_list(plan: Plan) -> None:
    used = {line.split("'")[1] for line in repr(plan.maps).split("('list', Const(text=")[1:]}
    assert used == {row["list"] for row in table("codes.csv")}


def test_sample_is_what_the_generator_writes(tmp_path: Path) -> None:
    generate("primero", GenerateRequest(SAMPLE_CASES, SAMPLE_SEED, 0, tmp_path, ORG))
    sample = mapping_dir("primero") / "sample.csv"
    assert (tmp_path / "cases.csv").read_bytes() == sample.read_bytes()


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


def test_sample_lifts_to_what_is_expected(
    tmp_path: Path, partner_key: bytes, coalition_key: bytes
) -> None:
    folder = mapping_dir("primero")
    made = lifted(folder / "sample.csv", tmp_path, partner_key, coalition_key)
    assert made == (folder / "expected.nq").read_text(encoding="utf-8")


def test_order_of_rows_does_not_matter(
    tmp_path: Path, partner_key: bytes, coalition_key: bytes
) -> None:
    folder = mapping_dir("primero")
    with (folder / "sample.csv").open(encoding="utf-8", newline="") as stream:
        header, *rows = csv.reader(stream)
    with (tmp_path / "turned.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([header, *reversed(rows)])
    made = lifted(tmp_path / "turned.csv", tmp_path, partner_key, coalition_key)
    assert made == (folder / "expected.nq").read_text(encoding="utf-8")


def test_expected_counts_what_a_person_counts(partner_key: bytes) -> None:
    """Count nodes straight from the cells of the winning rows, without the lift."""
    rows = {row["id"]: row for row in sorted(table("sample.csv"), key=version)}
    wanted: Counter[str] = Counter(Case=len(rows))
    for row in rows.values():
        for name in ("protection_concerns", "unhcr_needs_codes"):
            wanted["Classification"] += len(set(parse_ruby(row[name] or "[]")))
        wanted["ServiceProvision"] += len(parse_ruby(row["services_section"] or "[]"))
        moves = parse_ruby(row["transitions"] or "[]")
        wanted["Referral"] += sum(move["type"] == "Referral" for move in moves)
    text = (mapping_dir("primero") / "expected.nq").read_text(encoding="utf-8")
    found = {name: text.count(f"#type> <{DPC}{name}> ") for name in wanted}
    assert found == dict(wanted)
    for key in rows:
        assert f"<{entity_iri(ORG, 'case', partner_key, key)}> <{DPC}receivedAt> " in text


def version(row: dict[str, str]) -> str:
    return row["last_updated_at"]


def test_nothing_personal_is_lifted() -> None:
    text = (mapping_dir("primero") / "expected.nq").read_text(encoding="utf-8")
    personal = {row["path"] for row in table("fields.csv") if row["status"] == "personal"}
    values = {row[name] for row in table("sample.csv") for name in personal & set(COLUMNS)}
    values |= {row["id"] for row in table("sample.csv")}
    for row in table("sample.csv"):
        for column in ("services_section", "transitions"):
            for member in parse_ruby(row[column] or "[]"):
                values |= {
                    str(value)
                    for name, value in member.items()
                    if value and f"{column}[*].{name}" in personal
                }
    assert len(values) > 100
    assert [value for value in values if value and value in text] == []
    assert "Omega" not in text
    assert "example.org" not in text


def test_a_clean_export_is_found_clean(
    tmp_path: Path, partner_key: bytes, coalition_key: bytes
) -> None:
    planted = generate("primero", GenerateRequest(120, 3, 0, tmp_path, ORG))
    with check(request(tmp_path / "cases.csv", partner_key, coalition_key)) as checked:
        assert checked.faults == ()
        assert checked.warnings == ()
        cells = Counter({u.path: u.cells for u in checked.lifted.unknown()})
    assert cells == Counter(cell["column"] for cell in planted.unknown)


def test_every_planted_fault_is_found_at_its_cell(
    tmp_path: Path, partner_key: bytes, coalition_key: bytes
) -> None:
    planted = generate("primero", GenerateRequest(200, 5, 38, tmp_path, ORG))
    with check(request(tmp_path / "cases.csv", partner_key, coalition_key)) as checked:
        found = {(f.row, f.column, f.kind, f.rule) for f in checked.faults}
        assert checked.refused == len(planted.faults)
    assert found == {(f.row, f.column, f.kind, f.rule) for f in planted.faults}
