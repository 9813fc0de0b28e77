"""The mapping of the Standard Safeguarding Dataset: whole, and true to its sample by counting."""

import csv
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from dpc_kg.base.assets import mapping_dir, ontology_files, root
from dpc_kg.base.errors import MappingError
from dpc_kg.base.rdfio import is_canonical, read
from dpc_kg.base.vocab import CODES, DPC
from dpc_kg.cli.assign import assigned
from dpc_kg.cli.recognise import guess_mapping
from dpc_kg.lift import LiftRequest
from dpc_kg.lift.generate import GenerateRequest, generate
from dpc_kg.lift.plan import Plan
from dpc_kg.lift.privacy import fields_read, read_fields
from dpc_kg.lift.rml import compile_rml
from dpc_kg.validate.check import check

ORG = "example-org"
SAMPLE_SEED, SAMPLE_CHILDREN = 161, 5
FOLDER = mapping_dir("ssd")
SAMPLE = FOLDER / "sample"


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def rows(name: str) -> list[dict[str, str]]:
    return table(SAMPLE / f"ssd_{name}.csv")


@pytest.fixture(scope="module")
def plan() -> Plan:
    return compile_rml(FOLDER / "mapping.rml.ttl")


@pytest.fixture(scope="module")
def expected() -> str:
    return (FOLDER / "expected.nq").read_text(encoding="utf-8")


def test_mapping_is_canonical() -> None:
    assert is_canonical(FOLDER / "mapping.rml.ttl")


def test_every_table_is_a_source_that_may_be_left_out(plan: Plan) -> None:
    placed = {row["source"] for row in table(FOLDER / "fields.csv") if row["status"] == "placed"}
    assert {source.name for source in plan.sources} == placed
    for source in plan.sources:
        assert source.optional
        assert source.path == f"{source.name}.csv"
        assert source.key


def test_every_placed_field_is_read(plan: Plan) -> None:
    decisions = read_fields(FOLDER)
    assert decisions is not None
    placed = {(d.source, d.path) for d in decisions.decisions if d.status == "placed"}
    assert placed == fields_read(decisions, plan)


def test_fields_name_terms_where_placed_and_reasons_where_not() -> None:
    found = table(FOLDER / "fields.csv")
    paths = [(row["source"], row["path"]) for row in found]
    assert len(paths) == len(set(paths))
    for row in found:
        assert row["term"] if row["status"] == "placed" else row["reason"], row["path"]


@pytest.mark.shared
def test_fields_cover_the_standard(shared: Path) -> None:
    decided = {(row["source"], row["path"]) for row in table(FOLDER / "fields.csv")}
    for path in sorted((shared / "data/la-england/ssd-objects").glob("ssd_*.yml")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith("  - name: "):
                assert (path.stem, line.removeprefix("  - name: ").strip()) in decided


def test_mapping_uses_declared_terms() -> None:
    modules = [path for path in ontology_files() if path.parent.name == "ontology"]
    if not modules:
        pytest.skip("needs the ontology modules")
    declared = {str(s) for path in modules for s in read(path).subjects()}
    graph = read(FOLDER / "mapping.rml.ttl")
    named = {str(o) for o in graph.objects() if str(o).startswith(DPC)}
    named |= {DPC + row["term"].removeprefix("dpc:") for row in placed_rows()}
    assert named - declared == set()


def placed_rows() -> list[dict[str, str]]:
    return [row for row in table(FOLDER / "fields.csv") if row["term"]]


def test_codes_point_to_concepts() -> None:
    if not (root() / "ontology/codes").is_dir():
        pytest.skip("needs ontology/codes")
    graphs = [read(path) for path in sorted((root() / "ontology/codes").glob("*.ttl"))]
    concepts = {str(s).removeprefix(CODES) for graph in graphs for s in graph.subjects()}
    codes = {row["code"] for row in table(FOLDER / "codes.csv")} - {"", "none"}
    assert codes - concepts == set()


def test_mapping_uses_every_list(plan: Plan) -> None:
    used = {line.split("'")[1] for line in repr(plan.maps).split("('list', Const(text=")[1:]}
    assert used == {row["list"] for row in table(FOLDER / "codes.csv")}


def test_an_export_may_lack_tables(plan: Plan, tmp_path: Path) -> None:
    for name in ("ssd_person.csv", "ssd_address.csv", "ssd_missing.csv"):
        (tmp_path / name).touch()
    found = assigned(plan, [tmp_path])
    assert found == {n: tmp_path / f"{n}.csv" for n in ("ssd_person", "ssd_missing")}


def test_a_folder_of_its_tables_is_known_without_a_name() -> None:
    assert guess_mapping([SAMPLE]) == "ssd"


def test_a_file_that_is_no_table_is_refused(plan: Plan) -> None:
    with pytest.raises(MappingError, match="no source"):
        assigned(plan, [SAMPLE / "ssd_person.csv", FOLDER / "codes.csv"])


def test_sample_is_what_the_generator_writes(tmp_path: Path) -> None:
    generate("ssd", GenerateRequest(SAMPLE_CHILDREN, SAMPLE_SEED, 0, tmp_path, ORG))
    assert {p.name for p in SAMPLE.iterdir()} == {p.name for p in tmp_path.glob("*.csv")}
    for path in SAMPLE.iterdir():
        assert path.read_bytes() == (tmp_path / path.name).read_bytes()


def test_sample_lifts_to_what_is_expected(
    plan: Plan, tmp_path: Path, partner_key: bytes, expected: str
) -> None:
    request = LiftRequest("ssd", assigned(plan, [SAMPLE]), ORG, "sample", partner_key)
    with check(request) as checked:
        assert checked.faults == ()
        checked.lifted.write(tmp_path / "data.nq")
    assert (tmp_path / "data.nq").read_text(encoding="utf-8") == expected


def count(text: str, term: str) -> int:
    return text.count(f"#type> <{DPC}{term}> ")


def test_expected_counts_what_a_person_counts(expected: str) -> None:
    """Count nodes straight from the cells, without the lift."""
    wanted = {
        "Child": len(rows("person")),
        "ConcernReport": len(rows("contacts")),
        "Case": len(rows("cin_episodes")),
        "Visit": sum(len(rows(f"{kind}_visits")) for kind in ("cin", "cp", "cla")),
        "PlanReview": len(rows("cp_reviews")) + len(rows("cla_reviews")),
        "CareEpisode": len(rows("cla_episodes")),
        "CarePeriod": len({row["clae_cla_id"] for row in rows("cla_episodes")}),
        "Need": sum(len(factors(row)) for row in rows("assessment_factors")),
        "PermanenceDecision": sum(len(steps(row)) for row in rows("permanence"))
        + sum(is_told(row) for row in rows("cla_previous_permanence")),
        "ChildView": sum(len(answers(row)) for row in rows("voice_of_child")),
        "CareProceedings": sum(map(stages, rows("pre_proceedings"))),
    }
    assert {term: count(expected, term) for term in wanted} == wanted
    assert all(wanted.values())


def factors(row: dict[str, str]) -> set[str]:
    """Give the factors that are set and may be shared."""
    given = json.loads(row["cinf_assessment_factors_json"])
    chosen = given if isinstance(given, list) else [k for k, v in given.items() if v == "Yes"]
    sensitive = ("1A", "1B", "1C", "2", "4", "5", "6", "9A", "15A", "21")
    shared = {"20", "22A", "23A", "24A"}
    return {f for f in chosen if f in shared or not f.startswith(sensitive)}


def steps(row: dict[str, str]) -> list[str]:
    return [k for k, v in row.items() if k.endswith("_date") and v[:2] == "20"]


def is_told(row: dict[str, str]) -> bool:
    has_date = row["lapp_previous_permanence_order_date"] != "zz/zz/zzzz"
    return has_date and row["lapp_previous_permanence_option"] != "Z1"


def answers(row: dict[str, str]) -> list[str]:
    return [v for k, v in row.items() if k not in ("voch_table_id", "voch_person_id") and v in "YN"]


def stages(row: dict[str, str]) -> int:
    before = row["prep_pre_pro_decision_date"].startswith("20")
    return before + row["prep_care_pro_letter_date"].startswith("20")


def test_flags_become_next_steps(expected: str) -> None:
    """Every flag that is set is a step; several flags may mean the same one."""
    codes = {
        row["value"]: row["code"]
        for row in table(FOLDER / "codes.csv")
        if row["list"] == "contact-outcome"
    }
    wanted: Counter[str] = Counter()
    for row in rows("contacts"):
        found = json.loads(row["cont_contact_outcome_json"])
        wanted.update({codes[name] for name, flag in found.items() if flag == "Y"})
    lines = [line for line in expected.splitlines() if "/report/" in line.split(" ")[0]]
    made = Counter(
        line.split(" ")[2].strip("<>").removeprefix(CODES)
        for line in lines
        if f"<{DPC}nextStep>" in line
    )
    assert made == wanted


def test_nothing_personal_is_lifted(expected: str) -> None:
    assert "Canary" not in expected
    assert "Omega" not in expected
    assert "PLACEHOLDER" not in expected
    keys = {row["pers_person_id"] for row in rows("person")}
    assert [key for key in [*keys, *teams()] if key in expected] == []


def teams() -> Iterator[str]:
    yield from (row["dept_team_name"] for row in rows("department"))
    yield "Example Borough"
    yield "SC990003"
