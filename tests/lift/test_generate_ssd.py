"""The safeguarding generator: the same bytes again, consistent keys, every planted fault found."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from dpc_kg.base.assets import mapping_dir
from dpc_kg.base.errors import DpcError
from dpc_kg.cli.assign import assigned
from dpc_kg.lift import LiftRequest
from dpc_kg.lift.generate import GenerateRequest, Planted, generate
from dpc_kg.lift.generate.ssd_faults import MISTAKES
from dpc_kg.lift.generate.ssd_tables import header
from dpc_kg.lift.rml import compile_rml
from dpc_kg.validate.check import check

ORG = "example-org"
FAULTS = 2 * len(MISTAKES)
CHILDREN = 110
KINDS = {"missing", "format", "range", "order", "rule", "duplicate", "reference"}
REFERENCES = (
    ("ssd_cin_episodes", "cine_person_id", "ssd_person", "pers_person_id"),
    ("ssd_cin_assessments", "cina_referral_id", "ssd_cin_episodes", "cine_referral_id"),
    ("ssd_assessment_factors", "cinf_assessment_id", "ssd_cin_assessments", "cina_assessment_id"),
    ("ssd_cp_plans", "cppl_icpc_id", "ssd_initial_cp_conference", "icpc_icpc_id"),
    ("ssd_cp_visits", "cppv_cp_plan_id", "ssd_cp_plans", "cppl_cp_plan_id"),
    ("ssd_cla_episodes", "clae_cla_placement_id", "ssd_cla_placement", "clap_cla_placement_id"),
    ("ssd_cla_reviews", "clar_cla_id", "ssd_cla_episodes", "clae_cla_id"),
    ("ssd_permanence", "perm_cla_id", "ssd_cla_episodes", "clae_cla_id"),
    ("ssd_ehcp_requests", "ehcr_send_table_id", "ssd_send", "send_table_id"),
)


def made(out: Path, faults: int, seed: int = 5, records: int = CHILDREN) -> Planted:
    return generate("ssd", GenerateRequest(records, seed, faults, out, ORG))


def table(out: Path, name: str) -> list[dict[str, str]]:
    with (out / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, strict=True))


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("clean")
    assert made(out, 0).faults == []
    return out


def test_same_seed_same_bytes(tmp_path: Path) -> None:
    first, second, other = (tmp_path / name for name in ("first", "second", "other"))
    made(first, 5, records=30)
    made(second, 5, records=30)
    made(other, 5, seed=6, records=30)
    for path in first.iterdir():
        assert path.read_bytes() == (second / path.name).read_bytes()
    assert (first / "planted.json").read_bytes() != (other / "planted.json").read_bytes()


def test_a_larger_export_begins_with_the_smaller_one(tmp_path: Path, clean: Path) -> None:
    made(tmp_path, 0, records=20)
    for name in ("ssd_person", "ssd_contacts", "ssd_cp_visits"):
        small = table(tmp_path, name)
        assert table(clean, name)[: len(small)] == small


def test_keys_across_tables_meet(clean: Path) -> None:
    for name, column, target, key in REFERENCES:
        there = {row[key] for row in table(clean, target)}
        assert {row[column] for row in table(clean, name)} <= there, (name, column)


def test_the_traps_are_there(clean: Path) -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in sorted(clean.glob("*.csv")))
    for trap in ("PLACEHOLDER_DATA", "Multiple: [", "zz/zz/", '[""', '{""', "999.9", "XXXXXXX"):
        assert trap in text, trap
    for trap in ("Testname Omega", "EXAMPLE_LOCAL_FLAG", " 00:00:00.000", "Not in care"):
        assert trap in text, trap


def test_personal_columns_hold_canaries(clean: Path) -> None:
    for row in table(clean, "ssd_person"):
        assert row["pers_forename"].startswith("Synthetic-Canary")
        assert row["pers_dob"].startswith("Synthetic-Canary")
    assert {"ssd_address", "ssd_disability"} <= {path.stem for path in clean.glob("*.csv")}


def test_too_many_faults_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DpcError, match="can carry"):
        made(tmp_path, 500, records=5)


def test_the_first_faults_are_of_all_kinds(tmp_path: Path) -> None:
    assert {fault.kind for fault in made(tmp_path, 7, records=60).faults} == KINDS


def test_each_planted_cell_differs_and_nothing_else(tmp_path: Path, clean: Path) -> None:
    planted = made(tmp_path, FAULTS)
    twins = {(f.file, f.row) for f in planted.faults if f.rule == "source:duplicate"}
    blamed = {(f.file, f.row) for f in planted.faults} - twins
    changed = set()
    for path in sorted(clean.glob("*.csv")):
        was, now = path.read_text("utf-8").split("\n"), (tmp_path / path.name).read_text("utf-8")
        lines = now.split("\n")
        changed |= {
            (path.name, at)
            for at, (one, two) in enumerate(zip(was[:-1], lines, strict=False), start=1)
            if one != two
        }
        added = {(path.name, at) for at in range(len(was), len(lines))}
        assert added == {twin for twin in twins if twin[0] == path.name}
    assert changed == blamed


def test_every_planted_fault_is_found_and_no_other(tmp_path: Path, partner_key: bytes) -> None:
    planted = made(tmp_path, FAULTS)
    assert {fault.kind for fault in planted.faults} == KINDS
    plan = compile_rml(mapping_dir("ssd") / "mapping.rml.ttl")
    request = LiftRequest("ssd", assigned(plan, [tmp_path]), ORG, "check", partner_key)
    with check(request) as checked:
        found = {(f.file, f.row, f.column, f.kind, f.rules) for f in checked.faults}
        cells = Counter(
            {
                (f"{u.source}.csv", u.path.removesuffix(".*")): u.cells
                for u in checked.lifted.unknown()
            }
        )
        checked.lifted.write(tmp_path / "data.nq")
    wanted = {(f.file, f.row, f.column, f.kind, tuple(sorted(f.rules))) for f in planted.faults}
    assert found == wanted
    assert cells == Counter((cell["file"], cell["column"]) for cell in planted.unknown)
    written = (tmp_path / "data.nq").read_text(encoding="utf-8")
    assert "Canary" not in written
    assert "Omega" not in written


def test_headers_are_those_of_the_standard(clean: Path) -> None:
    for path in clean.glob("*.csv"):
        first = path.read_text(encoding="utf-8").split("\n", 1)[0]
        assert first.split(",") == header(path.stem)
