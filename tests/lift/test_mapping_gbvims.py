"""The Incident Recorder mapping: whole tables, a sample as written down, its generator's law."""

import csv
from collections import Counter
from pathlib import Path

import pytest
import xlsxwriter

from dpc_kg.base.assets import mapping_dir, root
from dpc_kg.base.errors import SourceError
from dpc_kg.base.rdfio import read
from dpc_kg.base.vocab import CODES, DPC
from dpc_kg.lift import LiftRequest, open_lift
from dpc_kg.lift.generate import GenerateRequest, generate
from dpc_kg.lift.generate.gbvims_words import COLUMNS, LISTS, MENU
from dpc_kg.lift.plan import Call, Const, Plan, calls, expressions, terms
from dpc_kg.validate.check import Checked, check

ORG = "example-org"
FOLDER = mapping_dir("gbvims")
SHEETS = {"incident-data": "Incident Data", "menu-data": "Menu Data"}
KEY = b"test-key".ljust(32, b"0")


def request(**sources: Path) -> LiftRequest:
    given = {name.replace("_", "-"): path for name, path in sources.items()}
    return LiftRequest("gbvims", given, ORG, "sample", KEY)


def book(path: Path) -> LiftRequest:
    return request(incident_data=path, menu_data=path)


def lifted(given: LiftRequest, out: Path) -> str:
    with open_lift(given) as lift:
        lift.write(out / "data.nq")
    return (out / "data.nq").read_text(encoding="utf-8")


def table(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def as_book(folder: Path, change: dict[str, str] | None = None) -> Path:
    """Write the sample's two tables as the workbook they stand for; ``change`` renames headers."""
    path = folder / "sample.xlsx"
    with xlsxwriter.Workbook(str(path)) as made:
        for name, title in SHEETS.items():
            sheet = made.add_worksheet(title)
            with (FOLDER / f"sample.{name}.csv").open(encoding="utf-8", newline="") as stream:
                for at, row in enumerate(csv.reader(stream)):
                    cells = [(change or {}).get(c, c) for c in row] if at == 0 else row
                    sheet.write_row(at, 0, [c or None for c in cells])
    return path


def test_mapping_reads_two_sheets(plan: Plan) -> None:
    found = {s.name: (s.table, s.key, s.version, s.optional) for s in plan.sources}
    assert found == {
        "incident-data": ("Incident Data", "incident_id", None, False),
        "menu-data": ("Menu Data", None, None, True),
    }


def test_fields_cover_all_the_generator_writes() -> None:
    listed = {(row["source"], row["path"]) for row in table("fields.csv")}
    assert {("incident-data", c) for c in COLUMNS} | {("menu-data", c) for c in MENU} <= listed


def test_codes_point_to_concepts() -> None:
    if not (root() / "ontology/codes").is_dir():
        pytest.skip("needs ontology/codes")
    graphs = [read(path) for path in sorted((root() / "ontology/codes").glob("*.ttl"))]
    concepts = {str(s).removeprefix(CODES) for graph in graphs for s in graph.subjects()}
    own = {"month", "country", "area", "perpetrator-count"}
    rows = [r for r in (*table("codes.csv"), *table("labels.csv")) if r["list"] not in own]
    assert {row["code"] for row in rows} - {"", "none"} - concepts == set()


def test_mapping_and_labels_use_the_declared_lists(plan: Plan) -> None:
    used: set[str] = set()
    for triples in plan.maps:
        found = [c for t in terms(triples) for e in expressions(t) for c in calls(e)]
        used |= {
            a.text for c in found if isinstance(c, Call) and isinstance(a := c.arg("list"), Const)
        }
    declared = {row["list"] for row in table("codes.csv")}
    assert used == declared
    assert {row["list"] for row in table("labels.csv")} <= declared
    assert set(LISTS.values()) <= declared


def test_sample_lifts_to_what_is_expected(tmp_path: Path) -> None:
    given = {name.replace("-", "_"): FOLDER / f"sample.{name}.csv" for name in SHEETS}
    expected = (FOLDER / "expected.nq").read_text(encoding="utf-8")
    assert lifted(request(**given), tmp_path) == expected


def test_the_workbook_of_the_sample_lifts_alike(tmp_path: Path) -> None:
    expected = (FOLDER / "expected.nq").read_text(encoding="utf-8")
    assert lifted(book(as_book(tmp_path)), tmp_path) == expected


def test_expected_counts_what_a_person_counts() -> None:
    """Five incidents, one of them twice in the sample; one without anybody who is alleged."""
    text = (FOLDER / "expected.nq").read_text(encoding="utf-8")
    kinds = (line.split("#type> <" + DPC) for line in text.splitlines() if "#type> <" in line)
    found = Counter(parts[1].split(">")[0] for parts in kinds if len(parts) > 1)
    del found["UnmappedItem"]
    assert found == {
        "Incident": 5,
        "Child": 5,
        "ConsentRecord": 5,
        "AllegedPerpetratorRole": 4,
        "ProfessionalRole": 3,
        "ServiceProvision": 10,
        "AdministrativeArea": 3,
    }
    assert text.count("report-source/") == 3  # a value that holds the joint stays whole
    assert "Canary" not in text


def test_the_menus_may_be_left_out(tmp_path: Path) -> None:
    alone = lifted(request(incident_data=as_book(tmp_path)), tmp_path)
    assert "AdministrativeArea" not in alone
    assert alone.count("#Incident> ") == 5


def test_a_column_that_must_be_there_is_missed_and_no_optional_one(tmp_path: Path) -> None:
    path = as_book(tmp_path, {"consent": "other", "perpetrator.age_group": "other2"})
    with pytest.raises(SourceError) as caught, open_lift(book(path)):
        pass
    assert caught.value.columns == ("consent",)
    assert caught.value.where.sheet == "Incident Data"


def law(folder: Path, seed: int, records: int, faults: int) -> Checked:
    planted = generate("gbvims", GenerateRequest(records, seed, faults, folder, ORG))
    with check(book(folder / "incidents.xlsx")) as checked:
        found = {(f.file, f.sheet, f.row, f.column, f.kind, f.rules) for f in checked.faults}
        wanted = {(f.file, f.sheet, f.row, f.column, f.kind, f.rules) for f in planted.faults}
        assert found == wanted
        assert len(wanted) == faults
        cells: dict[str, int] = {}
        for item in checked.lifted.unknown():
            cells[item.path] = max(cells.get(item.path, 0), item.cells)
        assert cells == Counter(cell["column"] for cell in planted.unknown)
        checked.lifted.write(folder / "data.nq", set(checked.withheld))
        told = repr(checked.lifted.report(0)) + repr(checked.faults)
        assert "Canary" not in (folder / "data.nq").read_text(encoding="utf-8") + told
    return checked


@pytest.mark.parametrize("seed", [3, 8])
def test_every_planted_fault_is_found_at_its_cell(tmp_path: Path, seed: int) -> None:
    checked = law(tmp_path, seed, 70, 22)
    assert checked.refused == 22


def test_a_clean_export_is_found_clean(tmp_path: Path) -> None:
    checked = law(tmp_path, 5, 40, 0)
    assert (checked.faults, checked.warnings) == ((), ())
