"""A helpline's own definitions: invented ones, and the real ones where they are there."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from dpc_kg.base.errors import MappingError
from dpc_kg.lift.definitions import Definitions, read_definitions, readers
from dpc_kg.lift.definitions.aselo import valued
from dpc_kg.lift.definitions.aselo_forms import read_forms
from dpc_kg.lift.definitions.aselo_review import review
from dpc_kg.lift.definitions.aselo_words import Matcher, Table, digest, forms_of, matcher, plain

CATEGORIES = {
    "On the screen": ["Cyberbullying", "Grooming ", "Purple weather"],
    "Salud mental": ["Ansiedad", "Otro"],
    "Discrimination": ["Health", "Hair"],
    "عنف": ["عنف جسدي"],
}


def _write(folder: Path, name: str, document: Any) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")


def _field(name: str, kind: str = "select", values: Any = (), **more: Any) -> dict[str, Any]:
    options = (
        {above: [{"value": v, "label": v} for v in below] for above, below in values.items()}
        if isinstance(values, dict)
        else [{"value": v, "label": v} for v in values]
    )
    return {"name": name, "label": name, "type": kind, "options": options, **more}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Definitions of an invented helpline, in the shape with ``categories``."""
    made = tmp_path / "xy" / "v1"
    subs = {
        k: {"color": "#fff", "subcategories": [{"label": s} for s in v]}
        for k, v in CATEGORIES.items()
    }
    tabs = "tabbedForms"
    _write(
        made,
        f"{tabs}/IssueCategorizationTab.json",
        {"Line": {"categories": subs, "maxSelections": 3}},
    )
    child = [
        _field("gender", values=("", "Niña ", "Boys", "Starlight"), isPII=False),
        _field("province", values=("North",), isPII=False),
        _field(
            "district",
            "dependent-select",
            {"North": ("Old town",), "South": ("Harbour",)},
            isPII=False,
        ),
        _field("age", values=("07", ">25", "No sabe", "Unknown"), isPII=False),
        _field("livingSituation", values=("Foster care",)),
        _field("shoeSize", values=("big",), isPII=False),
        _field("nickname", "input"),
    ]
    _write(made, f"{tabs}/ChildInformationTab.json", child)
    _write(
        made,
        "CallTypeButtons.json",
        [
            {"name": "child", "label": "A young voice", "category": "data"},
            {"name": "silent", "label": "Nobody there", "category": "non-data"},
            {"name": "birthday", "label": "A birthday", "category": "data"},
        ],
    )
    _write(
        made, "CaseStatus.json", {"open": {"value": "open"}, "simmering": {"value": "simmering"}}
    )
    _write(made, "CaseSections.json", {"incident": {"formPath": "caseForms/IncidentForm.json"}})
    _write(made, "caseForms/IncidentForm.json", [_field("Is it over?", "checkbox", isPII=False)])
    return made


@pytest.fixture
def mapping(repository: Path) -> Path:
    return repository / "mappings/lift/aselo"


def _codes(found: Definitions, name: str) -> dict[str, str | None]:
    return {row.value: row.code for row in found.codes if row.list == name}


def test_both_shapes_of_categories_give_the_same(folder: Path, mapping: Path) -> None:
    first = _codes(read_definitions("aselo", folder, mapping), "category")
    tab = folder / "tabbedForms" / "IssueCategorizationTab.json"
    document = json.loads(tab.read_text(encoding="utf-8"))
    tab.write_text(json.dumps({k: v["categories"] for k, v in document.items()}), encoding="utf-8")
    assert _codes(read_definitions("aselo", folder, mapping), "category") == first
    assert first == {
        "On the screen | Cyberbullying": "concern/cyberbullying",
        "On the screen | Grooming": "concern/grooming",
        "On the screen | Purple weather": None,
        "Salud mental | Ansiedad": "concern/mental-health",
        "Salud mental | Otro": "concern/mental-health",
        "Discrimination | Health": "concern/discrimination",
        "Discrimination | Hair": "concern/discrimination",
        "عنف | عنف جسدي": "concern/physical-violence",
    }


def test_what_has_no_word_is_counted_by_list_and_never_guessed(folder: Path, mapping: Path) -> None:
    found = read_definitions("aselo", folder, mapping)
    assert _codes(found, "gender") == {"Niña": "sex/girl", "Boys": "sex/boy", "Starlight": None}
    assert _codes(found, "area") == {"North": None, "Old town": None, "Harbour": None}
    assert found.unmatched == {
        "category": 1,
        "gender": 1,
        "area": 3,
        "call-type": 2,
        "case-status": 1,
        "age": 1,
    }
    assert found.version == "xy-v1"
    assert {row.scheme for row in found.codes if row.list == "gender"} == {"xy-gender"}


def test_the_kind_of_a_button_decides(folder: Path, mapping: Path) -> None:
    calls = _codes(read_definitions("aselo", folder, mapping), "call-type")
    assert calls["A young voice"] == calls["child"] == "call-type/child-calling"
    assert calls["Nobody there"] == "call-type/non-counselling"
    assert calls["A birthday"] is None


def test_ages_that_are_numbers_need_no_word(folder: Path, mapping: Path) -> None:
    ages = _codes(read_definitions("aselo", folder, mapping), "age")
    assert ages == {"No sabe": None, "Unknown": "age-band/unknown"}


def test_what_a_form_does_not_call_open_is_personal(folder: Path, mapping: Path) -> None:
    found = {
        (d.source, d.path): d.status for d in read_definitions("aselo", folder, mapping).decisions
    }
    child = "rawJson.childInformation"
    assert found[("contacts", f"{child}.livingSituation")] == "personal"
    assert found[("contacts", f"{child}.nickname")] == "personal"
    assert found[("contacts", f"{child}.shoeSize")] == "none"
    assert ("contacts", f"{child}.gender") not in found
    inside = "sections.incident[*].sectionTypeSpecificData['Is it over?']"
    assert found[("cases", inside)] == "none"


def test_facts_of_the_system_hold_beside_the_forms(folder: Path, mapping: Path) -> None:
    _write(folder, "tabbedForms/ContactlessTaskTab.json", {"offlineChannels": ["Letter", "Drum"]})
    channels = _codes(read_definitions("aselo", folder, mapping), "channel")
    assert channels["voice"] == "channel/phone"
    assert channels["Letter"] == "channel/post"
    assert channels["Drum"] is None


@pytest.mark.parametrize(
    ("name", "content", "wrong"),
    [
        ("CaseStatus.json", "{", "not well-formed"),
        ("CaseStatus.json", "[1]", "not built"),
        ("tabbedForms/ChildInformationTab.json", "[3]", "not built"),
        ("tabbedForms/IssueCategorizationTab.json", "[]", "not built"),
    ],
)
def test_a_broken_file_is_named(
    folder: Path, mapping: Path, name: str, content: str, wrong: str
) -> None:
    (folder / name).write_text(content, encoding="utf-8")
    with pytest.raises(MappingError, match=wrong) as told:
        read_definitions("aselo", folder, mapping)
    assert told.value.file == Path(name).name


def test_a_folder_without_categories_is_refused(tmp_path: Path, mapping: Path) -> None:
    with pytest.raises(MappingError, match="no categories"):
        read_definitions("aselo", tmp_path, mapping)


def test_a_section_leads_to_no_file_elsewhere(folder: Path, mapping: Path) -> None:
    _write(folder, "CaseSections.json", {"incident": {"formPath": "../../secret.json"}})
    assert [f for f in read_forms(folder).fields if f.source == "cases"] == []


def test_words_are_compared_without_case_accents_and_plurals() -> None:
    assert plain("NIÑAS,  niños") == plain("nina Nino")
    assert plain("HomeOwn") == "home own"
    assert forms_of("Grief / Suicide (any)")[2] == ["grief", "suicide"]
    assert digest(" Violence |  Bullying") == digest("violence | bullying")


def test_parts_that_differ_give_no_code(mapping: Path) -> None:
    words = matcher(mapping, "unheard-of").words
    assert words.code("concern", "Bullying / Neglect") is None
    assert words.code("concern", "Rape / Sexual assault") == "concern/sexual-violence"
    assert words.code("concern", "Other") is None


def test_a_reviewed_table_goes_before_words(mapping: Path) -> None:
    own = Table({("category", digest("A | Bullying")): ("concern/other", "broadMatch")})
    found = Matcher(mapping, own)
    match = found.match_pair("category", "concern", "A", "Bullying")
    assert match is not None and (match.code, match.by) == ("concern/other", "own")
    assert found.match_pair("category", "concern", "B", "Bullying") is None


def test_every_alignment_names_a_code_and_a_relation(mapping: Path, repository: Path) -> None:
    schemes = {"category": "concern", "action": "action-taken"}
    texts = [repository / f"ontology/codes/{scheme}.ttl" for scheme in schemes.values()]
    text = "".join(path.read_text(encoding="utf-8") for path in texts)
    known = set(re.findall(r"^<https://w3id.org/dpc/codes/([\w-]+/[\w-]+)>", text, re.MULTILINE))
    tables = sorted((mapping / "alignments").glob("*.csv"))
    assert len(tables) == 13
    for path in tables:
        rows = path.read_text(encoding="utf-8").splitlines()
        assert rows[0] == "list,digest,code,relation,gloss"
        for row in rows[1:]:
            listed, key, code, relation, _ = row.split(",", 4)
            assert relation in {"exactMatch", "closeMatch", "broadMatch"}
            assert code.startswith(f"{schemes[listed]}/")
            assert re.fullmatch("[0-9a-f]{12}", key)
            assert code in known


def test_readers_are_mappings(repository: Path) -> None:
    assert "aselo" in readers()
    assert all((repository / "mappings/lift" / name).is_dir() for name in readers())


def test_the_review_shows_each_value_once(folder: Path, mapping: Path) -> None:
    rows = list(review(folder, mapping))
    assert len({row[:2] for row in rows}) == len(rows)
    assert ("category", "On the screen | Purple weather", "", "", "") in rows
    assert len(rows) == len(list(valued(read_forms(folder), mapping, matcher(mapping, "xy-v1"))))
