"""The readers of definitions and samples give the paths under which fields are decided."""

import json
from pathlib import Path

import pytest

from tests.quality.coverage import definitions, samples
from tests.quality.coverage.fields import Field, one


def write(path: Path, value: object) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = value if isinstance(value, str) else json.dumps(value)
    path.write_text(text, encoding="utf-8")
    return path


def names(found: tuple[Field, ...]) -> list[str]:
    return [field.names[0][1] for field in found]


def test_forms_with_subforms_are_read(tmp_path: Path) -> None:
    boxes = [
        {"name": "notes_section", "type": "subform", "subform_var": "notes_form"},
        {"name": "age", "type": "numeric_field"},
        {"name": "other", "type": "textarea"},
        {"name": "head", "type": "separator"},
        {"type": "text_field"},
        {"name": "plan", "type": "subform"},
    ]
    inner = [{"name": "note_date", "type": "date_field"}]
    forms = [
        {"unique_id": "top", "parent_form": "case", "is_nested": False, "fields": boxes},
        {"unique_id": "notes_form", "parent_form": "case", "is_nested": True, "fields": inner},
        {"unique_id": "cp_plan", "parent_form": "case", "is_nested": True, "fields": inner},
        {"unique_id": "lone", "parent_form": "family", "is_nested": True, "fields": inner},
    ]
    found = definitions.primero(write(tmp_path / "forms.json", forms))
    assert names(found)[:5] == ["notes_section", "age", "other", "head", "plan"]
    nested = ["notes_section[*].note_date", "plan[*].note_date", "lone[*].note_date"]
    assert names(found)[5:] == nested
    assert [f.kind for f in found[:4]] == ["plain", "plain", "text", "separator"]
    assert {f.names[0][0] for f in found} == {"cases", "families"}


def test_forms_of_helplines_are_read(tmp_path: Path) -> None:
    sections = {"harm": {"formPath": "caseForms/Incident.json"}}
    write(tmp_path / "xx/v1/CaseSections.json", sections)
    write(tmp_path / "xx/v1/CaseStatus.json", {"open": {}})
    write(tmp_path / "xx/v1/caseForms/Incident.json", [{"name": "When?", "type": "date-input"}])
    write(tmp_path / "xx/v1/caseForms/CaseOverview.json", [{"name": "status", "type": "select"}])
    child = [{"name": "first", "type": "input"}]
    write(tmp_path / "xx/v1/tabbedForms/ChildInformationTab.json", child)
    write(tmp_path / "xx/v1/tabbedForms/ContactlessTaskTab.json", {"offlineChannels": []})
    status, when, first = definitions.aselo(tmp_path)
    inside = "sections.harm[*].sectionTypeSpecificData['When?']"
    assert when.names == (("cases", inside), ("cases", f"{inside}[*]"))
    assert status.names[-1] == ("cases", "status")
    assert first.names[0] == ("contacts", "rawJson.childInformation.first")
    assert [status.kind, when.kind, first.kind] == ["plain", "plain", "text"]


def test_tables_and_header_keys_are_read(tmp_path: Path) -> None:
    table = "nodes:\n- name: ssd_a\n  fields:\n  - name: a_id\n    type: int\n  - name: a_date\n"
    write(tmp_path / "ssd/ssd_a.yml", table)
    assert definitions.ssd(tmp_path / "ssd") == (one("ssd_a", "a_id"), one("ssd_a", "a_date"))
    locale = (
        'en:\n  menu:\n    "no": "No"\n  headers:\n    sex: "SEX"\n'
        '    perpetrator:\n      sex: "SEX"\n  after:\n    more: "x"\n'
    )
    found = definitions.gbvims(write(tmp_path / "en.yml", locale))
    assert names(found) == ["sex", "perpetrator.sex"]


def test_types_of_an_inventory_are_written_out(tmp_path: Path) -> None:
    inventory = """path,cardinality,type,max_length_or_enum
report/victim,0..*,account/person block,
report/personOrUserReported,0..1,account/person block,
account-block/personOrUserReportedPerson|intendedRecipientPerson|victimPerson,1,person type,
account-block/schoolName,0..1,string (victim only),
account-block/groupIdentifier,0..1,string (not victim),
person/address,0..*,address type,
address/city|country,0..1 each,string,
fileDetails/pair[@type=EXIF]/name+value,1,string,
"""
    found = definitions.cybertipline(write(tmp_path / "inventory.csv", inventory))
    assert names(found) == [
        "report/victim",
        "report/victim/victimPerson/address/city",
        "report/victim/victimPerson/address/country",
        "report/victim/schoolName",
        "report/personOrUserReported",
        "report/personOrUserReported/personOrUserReportedPerson/address/city",
        "report/personOrUserReported/personOrUserReportedPerson/address/country",
        "report/personOrUserReported/groupIdentifier",
        "fileDetails/pair/name",
        "fileDetails/pair/value",
    ]
    assert found[-1].names[0][0] == "files"


def test_samples_are_read_by_the_paths_of_the_lift(tmp_path: Path) -> None:
    record = {
        "@id": 1,
        "group/when": "x",
        "tags": [],
        "empty": {},
        "rows": [{"attribute": "Q1", "value": 2}, {"attribute": "Q2", "value": 3}],
    }
    sample = write(tmp_path / "s.json", {"results": [record, record]})
    found = samples.json_sample("kobo", sample, "results", {"attribute": "value"})
    assert names(found) == [
        "['@id']",
        "['group/when']",
        "tags[*]",
        "rows[*].attribute",
        "rows[attribute=Q1].value",
        "rows[attribute=Q2].value",
    ]
    assert found[0].names[1] == ("kobo", "@id")
    xml = '<r xmlns="urn:x"><images count="1"><image><id n="2">7</id></image></images></r>'
    found = samples.xml_sample("hashes", write(tmp_path / "s.xml", xml))
    assert names(found) == ["images/@count", "images/image/id/@n", "images/image/id"]
    assert names(samples.columns("t", write(tmp_path / "t.csv", 'a,"b, c"\n1,2\n'))) == [
        "a",
        "b, c",
    ]


def test_figures_of_platforms_are_read(tmp_path: Path) -> None:
    figures = {
        "@": {"author": "A"},
        "None told": None,
        "One": {
            "brands": ["O"],
            "features": {"data": "csv"},
            "columns": ["reports"],
            "rows": [{"2023": [1]}, {"redundant": True}],
        },
    }
    found = samples.platforms(write(tmp_path / "p.json", figures))
    assert [f.label for f in found] == [
        "platforms: @.author",
        "platforms: <organisation>",
        "platforms: brands",
        "platforms: features.data",
        "platforms: columns",
        "platforms: rows[*].<period>",
        "platforms: rows[*].<period>[*]",
        "platforms: rows[*].redundant",
        "platforms: columns.reports",
    ]
    assert [f.names[-1][1] for f in found] == [
        "*.author",
        "*",
        "*.brands",
        "*.features.data",
        "*.columns",
        "*.rows[*].*",
        "*.rows[*].*[*]",
        "*.rows[*].redundant",
        "columns.reports",
    ]


@pytest.mark.parametrize("name", ["g.ttl", "g.json"])
def test_classes_and_properties_of_a_graph_are_read(name: str, tmp_path: Path) -> None:
    core = "https://ontology.unifiedcyberontology.org/uco/core/"
    text: dict[str, str] = {
        "g.ttl": f'<urn:a> a <{core}Bundle> ; <{core}name> "x" ; <urn:own#made> "y" .',
        "g.json": json.dumps(
            {"@id": "urn:a", "@type": f"{core}Bundle", f"{core}name": "x", "urn:own#made": "y"}
        ),
    }
    path = write(tmp_path / name, text[name])
    assert names(samples.graph_sample("case-uco", [path])) == ["Bundle", "Bundle/core:name"]
