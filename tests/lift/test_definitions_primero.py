"""What a Primero deployment's own forms and lookups say of its export."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from dpc_kg.base.assets import mapping_dir
from dpc_kg.base.errors import MappingError
from dpc_kg.base.vocab import DPC
from dpc_kg.lift import LiftRequest, open_lift
from dpc_kg.lift.definitions import Definitions, read_definitions
from dpc_kg.lift.definitions.primero_codes import digest_of

FORMS: list[dict[str, Any]] = [
    {
        "unique_id": "first_talk",
        "parent_form": "case",
        "fields": [
            {"name": "sex", "type": "select_box", "option_strings_source": "lookup lookup-our-sex"},
            {"name": "assessment_approved", "type": "tick_box"},
            {"name": "our_own_story", "type": "textarea"},
            {"name": "our_own_choice", "type": "select_box"},
            {
                "name": "closure_reason",
                "type": "select_box",
                "option_strings_text": [
                    {"id": "r1", "display_text": {"en": "Goals met"}},
                    {"id": "r2", "display_text": {"en": "Something of our own"}},
                ],
            },
            {"name": "services_section", "type": "subform", "subform_section_unique_id": "svc"},
        ],
    },
    {
        "unique_id": "svc",
        "parent_form": "case",
        "is_nested": True,
        "fields": [
            {
                "name": "service_response_timeframe",
                "type": "select_box",
                "option_strings_text": [
                    {"id": "3_hours"},
                    {"id": "2_days"},
                    {"id": "soon"},
                ],
            },
            {"name": "our_own_note", "type": "text_field"},
        ],
    },
]
LOOKUPS: list[dict[str, Any]] = [
    {
        "unique_id": "lookup-our-sex",
        "values": [
            {"id": "s-1", "display_text": {"en": "", "fr": "FILLE ou femme"}},
            {"id": "male", "display_text": {"en": "Anything"}},
            {"id": "s-3", "display_text": {"en": "Not a word of ours"}},
        ],
    }
]
LOCATIONS = [
    {"id": 1, "code": "KE", "type": "country", "hierarchy": []},
    {"id": 2, "code": "KE30", "type": "county", "hierarchy": ["KE"]},
    {"id": 3, "code": "X7", "type": "camp", "hierarchy": []},
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    out = tmp_path / "configuration"
    out.mkdir()
    for name, items in (("forms", FORMS), ("lookups", LOOKUPS), ("locations", LOCATIONS)):
        document: object = {"data": items} if name != "lookups" else items
        (out / f"{name}.json").write_text(json.dumps(document), encoding="utf-8")
    return out


@pytest.fixture
def read(folder: Path) -> Definitions:
    return read_definitions("primero", folder, mapping_dir("primero"))


def codes(read: Definitions, name: str) -> dict[str, str | None]:
    own = csv_values(name)
    return {r.value: r.code for r in read.codes if r.list == name and r.value not in own - {"male"}}


def csv_values(name: str) -> set[str]:
    with (mapping_dir("primero") / "codes.csv").open(encoding="utf-8", newline="") as stream:
        return {row["value"] for row in csv.DictReader(stream) if row["list"] == name}


def test_values_find_codes_by_our_rows_and_by_our_labels(read: Definitions) -> None:
    assert codes(read, "sex") == {"s-1": "sex/girl", "male": "sex/boy", "s-3": None}
    assert codes(read, "closure-reason") == {"r1": "closure-reason/goals-met", "r2": None}
    assert codes(read, "service-timeframe") == {
        "3_hours": "10800",
        "2_days": "172800",
        "soon": None,
    }
    assert read.unmatched == {"sex": 1, "closure-reason": 1, "service-timeframe": 1, "location": 1}


def test_locations_are_of_the_country_at_their_top(read: Definitions) -> None:
    assert {r.value: r.code for r in read.codes if r.value in ("KE", "KE30", "X7")} == {
        "KE": "KE",
        "KE30": "KE",
        "X7": None,
    }


def test_a_tick_keeps_its_meaning(read: Definitions) -> None:
    ticks = {r.value: r.code for r in read.codes if r.list == "approval-status"}
    assert (ticks["true"], ticks["false"]) == (
        "approval-status/approved",
        "approval-status/unknown",
    )


def test_text_of_own_forms_is_personal_and_an_own_choice_stays_undeclared(
    read: Definitions,
) -> None:
    found = {(d.source, d.path): d.status for d in read.decisions}
    assert found == {
        ("cases", "our_own_story"): "personal",
        ("cases", "services_section[*].our_own_note"): "personal",
    }


def test_an_alignment_gives_codes_by_digest(folder: Path, tmp_path: Path) -> None:
    mapping = tmp_path / "mapping"
    (mapping / "alignments").mkdir(parents=True)
    for name in ("mapping.rml.ttl", "fields.csv", "codes.csv"):
        (mapping / name).write_bytes((mapping_dir("primero") / name).read_bytes())
    rows = f"list,digest,code\nsex,{digest_of('lookup-our-sex', 's-3')},sex/other\n"
    (mapping / "alignments" / "own.csv").write_text(rows, encoding="utf-8", newline="")
    read = read_definitions("primero", folder, mapping)
    assert {r.value: r.code for r in read.codes}["s-3"] == "sex/other"


@pytest.mark.parametrize("text", ["{}", "[]", '[{"values": []}]', "not json"])
def test_a_folder_without_forms_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "x.json").write_text(text, encoding="utf-8")
    with pytest.raises(MappingError):
        read_definitions("primero", tmp_path, mapping_dir("primero"))


def test_a_lift_uses_the_words_of_the_deployment(
    folder: Path, tmp_path: Path, partner_key: bytes
) -> None:
    with (mapping_dir("primero") / "sample.csv").open(encoding="utf-8", newline="") as stream:
        row = next(csv.DictReader(stream)) | {"sex": "s-1", "our_own_story": "CANARY-9157"}
    with (tmp_path / "cases.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(row))
        writer.writeheader()
        writer.writerow(row)
    sources = {"cases": tmp_path / "cases.csv"}
    request = LiftRequest("primero", sources, "example-org", "d", partner_key, definitions=folder)
    with open_lift(request) as lifted:
        quads = lifted.write(tmp_path / "data.nq")
        report = json.dumps(lifted.report(quads))
        fields = {f.path: f.status for f in lifted.fields()}
    text = (tmp_path / "data.nq").read_text(encoding="utf-8")
    assert f"<{DPC}sexRecorded> <https://w3id.org/dpc/codes/sex/girl>" in text
    assert fields["our_own_story"] == "personal"
    assert "CANARY" not in text + report


@pytest.mark.shared
def test_the_demonstration_forms_are_nearly_all_understood(shared: Path) -> None:
    read = read_definitions("primero", shared / "data" / "primero", mapping_dir("primero"))
    assert len(read.codes) > 500
    assert sum(read.unmatched.values()) < 100
    assert read.decisions == ()
