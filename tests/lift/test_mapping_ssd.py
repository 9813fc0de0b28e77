"""The mapping of the Standard Safeguarding Dataset: whole, and true to its sample by counting."""

import csv
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from dpc_kg.base.assets import mapping_dir
from dpc_kg.base.errors import MappingError
from dpc_kg.base.vocab import CODES, DPC
from dpc_kg.cli.assign import assigned
from dpc_kg.cli.recognise import guess_mapping
from dpc_kg.lift import LiftRequest
from dpc_kg.lift.generate import GenerateRequest, generate
from dpc_kg.lift.generate.ssd_tables import header
from dpc_kg.lift.plan import Plan
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


def test_every_table_is_a_source_that_may_be_left_out(plan: Plan) -> None:
    placed = {row["source"] for row in table(FOLDER / "fields.csv") if row["status"] == "placed"}
    assert {source.name for source in plan.sources} == placed
    for source in plan.sources:
        assert source.optional
        assert source.path == f"{source.name}.csv"
        assert source.key


@pytest.mark.shared
def test_fields_cover_the_standard(shared: Path) -> None:
    decided = {(row["source"], row["path"]) for row in table(FOLDER / "fields.csv")}
    for path in sorted((shared / "data/la-england/ssd-objects").glob("ssd_*.yml")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith("  - name: "):
                assert (path.stem, line.removeprefix("  - name: ").strip()) in decided


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


def test_an_education_plan_is_about_the_child_at_the_end_of_its_chain(
    plan: Plan, tmp_path: Path, partner_key: bytes
) -> None:
    """A filler joins nothing, and a chain without its last table leads nowhere."""
    tables = {
        "ssd_person": ("pers_person_id,pers_sex", "P1,F", "P2,M"),
        "ssd_send": ("send_table_id,send_person_id", "S1,P1", "PLACEHOLDER_DATA,P2"),
        "ssd_ehcp_requests": (
            "ehcr_ehcp_request_id,ehcr_send_table_id",
            "R1,S1",
            "R2,PLACEHOLDER_DATA",
        ),
        "ssd_ehcp_assessment": ("ehca_ehcp_assessment_id,ehca_ehcp_request_id", "A1,R1"),
        "ssd_ehcp_active_plans": ("ehcp_active_ehcp_id,ehcp_ehcp_request_id", "E1,R1", "E2,R2"),
        "ssd_ehcp_named_plan": ("ehcn_named_plan_id,ehcn_ehcp_asmt_id", "N1,A1"),
    }
    for name, lines in tables.items():
        cells = dict.fromkeys(header(name), "")
        with (tmp_path / f"{name}.csv").open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, list(cells), lineterminator="\n")
            writer.writeheader()
            writer.writerows(
                dict(zip(lines[0].split(","), row.split(","), strict=True)) for row in lines[1:]
            )
    assert about(plan, tmp_path, partner_key) == (2, {("ssd_ehcp_active_plans.csv", 3)})
    (tmp_path / "ssd_send.csv").unlink()
    whole = {("ssd_ehcp_active_plans.csv", 2), ("ssd_ehcp_active_plans.csv", 3)}
    assert about(plan, tmp_path, partner_key) == (0, whole | {("ssd_ehcp_named_plan.csv", 2)})


def about(plan: Plan, folder: Path, key: bytes) -> tuple[int, set[tuple[str, int | None]]]:
    """Give how many plans are about a child, and where a plan is missing one."""
    request = LiftRequest("ssd", assigned(plan, [folder]), ORG, "sample", key)
    with check(request) as checked:
        checked.lifted.write(folder / "data.nq")
        rule = "EducationPlanShape-isAbout"
        found = {(fault.file, fault.row) for fault in checked.faults if rule in fault.rules}
    text = (folder / "data.nq").read_text(encoding="utf-8")
    return sum("-education-plan/" in n and f"<{DPC}isAbout>" in n for n in text.splitlines()), found


def test_what_two_tables_say_of_one_plan_is_written_once(expected: str) -> None:
    """The plan names its conference and the conference its plan: one line."""
    lines = expected.splitlines()
    named = [row for row in rows("cp_plans") if row["cppl_icpc_id"]]
    assert sum(f"<{DPC}resultsFrom>" in n and "/protection-plan/" in n for n in lines) == len(named)
    assert len(lines) == len(set(lines))


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
        "EducationPlan": len(rows("ehcp_active_plans")) + len(rows("ehcp_named_plan")),
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
