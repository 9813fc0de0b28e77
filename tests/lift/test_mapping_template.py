"""The mapping of the template: its files follow from the model, its samples lift as written."""

import csv
from pathlib import Path

import pytest

from dpc_kg.base.assets import mapping_dir
from dpc_kg.base.errors import MappingError
from dpc_kg.base.identifiers import entity_iri
from dpc_kg.base.settings import LANGS, PROFILES
from dpc_kg.base.vocab import DPC, local_name
from dpc_kg.lift import LiftRequest
from dpc_kg.lift.definitions import shipped_definitions
from dpc_kg.lift.plan import Plan
from dpc_kg.lift.template import choices, header, sheets
from dpc_kg.lift.template.folder import write
from dpc_kg.model import fields, ontology
from dpc_kg.validate.check import check
from tests.lift import looking

ORG = "example-org"
FOLDER = mapping_dir("template")
SAMPLES = {path.name.split(".")[1]: path for path in FOLDER.glob("sample.*.csv")}


def test_the_generated_files_are_current(tmp_path: Path) -> None:
    for path in write(tmp_path):
        advice = "run: python -m dpc_kg.lift.template.folder"
        assert path.read_bytes() == (FOLDER / path.name).read_bytes(), advice


def test_every_sheet_is_a_source_that_may_be_left_out(plan: Plan) -> None:
    found = {s.name: (s.table, s.key, s.version, s.optional) for s in plan.sources}
    assert found == {s.name: (None, s.key.name, None, True) for s in sheets()}
    assert set(SAMPLES) == set(found)


def test_samples_lift_to_what_is_expected_and_conform(
    tmp_path: Path, partner_key: bytes, expected: str
) -> None:
    request = LiftRequest("template", SAMPLES, ORG, "sample", partner_key, None)
    with check(request) as one:
        assert (list(one.faults), len(one.withheld)) == ([], 0)
        one.write(tmp_path / "data.nq")
        unknown = {(u.source, u.path): u.cells for u in one.lifted.unknown()}
        left = {(c.source, c.path, c.status): c.cells for c in one.lifted.fields()}
    assert (tmp_path / "data.nq").read_text(encoding="utf-8") == expected
    assert unknown == {("helpline-contact", "sexRecorded"): 1}
    assert left["helpline-contact", "Remarks", "undeclared"] == 2


def test_no_number_and_no_word_of_the_office_stands_in_what_is_expected(expected: str) -> None:
    raw = "".join(path.read_text(encoding="utf-8") for path in SAMPLES.values())
    for mark in ("Canary", "C-1,", "2025-03-14", "Remarks"):
        assert mark in raw
        assert mark.strip(",") not in expected


def test_a_number_ties_the_sheets(expected: str, partner_key: bytes) -> None:
    def named(kind: str, number: str) -> str:
        return entity_iri(ORG, kind, partner_key, number)

    case = {named("case", "C-1")}
    assert looking.about(expected, named("referral", "R-1"))["isReferralOf"] == case
    assert looking.about(expected, named("service-provision", "S-1"))["isServiceOf"] == case
    assert looking.about(expected, named("incident", "I-1"))["isIncidentIn"] == case
    contact = {named("helpline-contact", "T-2")}
    assert looking.about(expected, named("incident", "I-2"))["isIncidentIn"] == contact


def test_a_header_and_a_word_mean_one_thing_in_all_languages() -> None:
    assert set(shipped_definitions(FOLDER).headers) == {sheet.name for sheet in sheets()}
    for sheet in sheets():
        meant: dict[str, set[str]] = {}
        for column in sheet.columns:
            for lang in LANGS:
                meant.setdefault(header(column, lang), set()).add(column.name)
        assert {text for text, names in meant.items() if len(names) > 1} == set()
    for scheme in {c.scheme for s in sheets() for c in s.columns if c.scheme}:
        said = {(c.text, c.iri) for lang in LANGS for c in choices(scheme, lang)}
        assert len(said) == len({text for text, _ in said}), scheme


def test_a_header_of_two_columns_is_refused(tmp_path: Path) -> None:
    (tmp_path / "fields.csv").write_text("source,path,status,term,reason\n", encoding="utf-8")
    text = "source,header,path\na,Date,one\nb,Date,two\na,Date,two\n"
    (tmp_path / "headers.csv").write_text(text, encoding="utf-8")
    with pytest.raises(MappingError, match="two columns") as caught:
        shipped_definitions(tmp_path)
    assert caught.value.row == 4


def test_a_lower_tier_has_a_part_of_the_columns_of_a_higher_one() -> None:
    names = [{(s.name, c.name) for s in sheets(tier) for c in s.columns} for tier in PROFILES]
    assert names[0] < names[1] < names[2]


def test_no_column_takes_text_about_anybody() -> None:
    """What is free text can only be a number or an organisation's name: both become pseudonyms."""
    kinds = {"number", "link", "date", "code", "integer", "country", "organization"}
    assert {c.kind for s in sheets() for c in s.columns} == kinds
    ranges = {t.iri: t.range for t in ontology.terms()}
    for column in (c for s in sheets() for c in s.columns if c.kind == "organization"):
        assert ranges[column.prop or ""] == f"{DPC}Organization"


def test_what_a_class_demands_is_filled_by_a_column_or_without_one() -> None:
    for sheet in sheets():
        made = {c.prop for c in sheet.columns} | {
            *sheet.own,
            *(prop for prop, _, _ in sheet.between),
        }
        made |= {f"{prop}Precision" for prop in made}
        demanded = {p for (c, p), f in fields.fields().items() if c == sheet.cls and f.required}
        assert {local_name(p) for p in demanded - made if p.startswith(DPC)} == set()


def test_every_line_of_the_decisions_names_terms_of_the_model() -> None:
    terms = {t.iri for t in ontology.terms()}
    with (FOLDER / "sheets.csv").open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    for line in lines:
        named = {line["sheet"], line["term"], *line["value"].split()} - {"*"}
        assert {DPC + n.removeprefix("dpc:") for n in named} <= terms, line
        assert line["role"] in {"sheet", "link", "own", "between", "left-out"}
        assert line["reason"] or line["role"] in {"link", "between"}, line
