"""Headers, labels and months of a deployment's own locale files."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from dpc_kg.base.assets import mapping_dir
from dpc_kg.base.errors import MappingError
from dpc_kg.lift import LiftRequest, open_lift
from dpc_kg.lift.definitions import Definitions, read_definitions
from dpc_kg.lift.definitions.gbvims_yaml import read_locale
from dpc_kg.lift.generate import GenerateRequest
from dpc_kg.lift.generate.gbvims import generate
from dpc_kg.lift.generate.gbvims_book import Language
from dpc_kg.validate.check import check

ORG = "example-org"
MAPPING = mapping_dir("gbvims")
LABELS = {
    ("yes-no", "Yes"): "yes",
    ("yes-no", "No"): "no",
    ("legal-action", "Yes"): "yes",
    ("legal-action", "No"): "no",
    ("legal-action", "Not sure yet"): "service_referral.undecided",
    ("sex", "M"): "gender.male",
    ("sex", "F"): "gender.female",
    ("perpetrator-sex", "M"): "gender.male",
    ("perpetrator-sex", "F"): "gender.female",
    ("perpetrator-sex", "F & M"): "gender.both",
    ("perpetrator-age", "Over 60 & elders"): "age_group.61_older",
    ("perpetrator-age", "Age not told"): "age_group.unknown",
    ("perpetrator-age", "Grown"): "age_type.adult",
    ("perpetrator-age", "Not grown"): "age_type.minor",
    ("perpetrator-age", "Grown & not grown"): "age_type.both",
    ("perpetrator-count", "Over 3"): "number_primary_perpetrators.more_than_three",
}
RANGES = {"Aged 0 to 11": "0 - 11", "Aged 12 to 17": "12 - 17", "Aged 18 to 60": "26 - 40"}
INVENTED = """\
# an invented deployment
qx:
  date:
    abbr_month_names:
    - ~
    - "Uno"
    - Due
    - 'Tre'
    - Qua
    - Cin
    - Sei
    - Set
    - Ott
    - Nov
    - Die
    - Und
    - Dod
  exports:
    incident_recorder_xls:
      all: Everything
      'yes': "Ja \\"so\\""   # quoted
      gender:
        male: "X"
        third: "Z"
      headers:
        incident_id: "NUMERO "
        perpetrator:
          sex: 'L''ALTRO'
"""


def flat(tree: object, above: str = "") -> dict[str, str]:
    if not isinstance(tree, dict):
        return {above.removesuffix("."): str(tree).strip()}
    return {k: v for name, held in tree.items() for k, v in flat(held, f"{above}{name}.").items()}


def language(path: Path) -> Language:
    """Give the words of a locale file, as a generator writes them."""
    (top,) = read_locale(path).values()
    assert isinstance(top, dict)
    assert isinstance(top["exports"], dict)
    texts = flat(top["exports"]["incident_recorder_xls"])
    titles = {k.removeprefix("headers."): t for k, t in texts.items() if k.startswith("headers.")}
    labels = {place: texts[key] for place, key in LABELS.items() if key in texts}
    labels |= {("perpetrator-age", w): f"{texts['age_group.age']} {r}" for w, r in RANGES.items()}
    return Language(titles, labels)


@pytest.fixture
def locale(shared: Path, tmp_path: Path) -> Callable[[str], Path]:
    def put(lang: str) -> Path:
        folder = tmp_path / f"definitions-{lang}"
        folder.mkdir()
        name = f"config_locales_incident_recorder_{lang}.yml"
        return Path(shutil.copy(shared / "data/primero" / name, folder))

    return put


def read(folder: Path) -> Definitions:
    return read_definitions("gbvims", folder, MAPPING)


def written(folder: Path, text: str, name: str = "qx.yml") -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.mark.shared
@pytest.mark.parametrize(("lang", "seed"), [("en", 2), ("fr", 3), ("ar", 4)])
def test_a_workbook_in_a_language_lifts_like_one_with_keys(
    locale: Callable[[str], Path], tmp_path: Path, lang: str, seed: int
) -> None:
    path, made = locale(lang), []
    for words in (None, language(path)):
        out = tmp_path / ("keys" if words is None else lang)
        out.mkdir()
        generate(GenerateRequest(12, seed, 0, out, ORG), words)
        book = out / "incidents.xlsx"
        sources = {"incident-data": book, "menu-data": book}
        given = LiftRequest("gbvims", sources, ORG, "d", b"k" * 32)
        if words is not None:
            given = replace(given, definitions=path.parent)
        with open_lift(given) as lift:
            assert lift.rejects == []
            lift.write(out / "data.nq")
            assert [c.path for c in lift.fields() if c.status == "undeclared"] == []
        made.append((out / "data.nq").read_text(encoding="utf-8"))
    assert made[0] == made[1]


@pytest.mark.shared
def test_faults_name_the_header_that_stands_in_the_sheet(
    locale: Callable[[str], Path], tmp_path: Path
) -> None:
    path = locale("fr")
    words = language(path)
    planted = generate(GenerateRequest(60, 6, 11, tmp_path, ORG), words)
    book = tmp_path / "incidents.xlsx"
    sources = {"incident-data": book, "menu-data": book}
    given = LiftRequest("gbvims", sources, ORG, "d", b"k" * 32, definitions=path.parent)
    with check(given) as checked:
        found = {(f.sheet, f.row, f.column, f.kind, f.rules) for f in checked.faults}
        letters = {loaded.letter("incident_id") for loaded in checked.lifted.loaded.values()}
    assert found == {(f.sheet, f.row, f.column, f.kind, f.rules) for f in planted.faults}
    titles = set(words.titles.values()) | {"age"}  # a column of the deployment's own
    assert {column for _, _, column, _, _ in found} <= titles
    assert letters == {"A", None}


@pytest.mark.shared
def test_two_columns_of_which_an_export_has_either_may_share_a_header(
    locale: Callable[[str], Path],
) -> None:
    titles = read(locale("fr").parent).headers["incident-data"]
    keys = set(titles.values())
    assert "perpetrator.age_group" in keys
    assert "perpetrator.age_type" not in keys
    assert len(keys) == 44


@pytest.mark.shared
def test_locale_files_of_several_languages_stand_together(
    locale: Callable[[str], Path], tmp_path: Path
) -> None:
    both = tmp_path / "both"
    both.mkdir()
    for lang in ("en", "ar"):
        shutil.copy(locale(lang), both)
    assert len(read(both).headers["menu-data"]) == 90


def test_an_invented_locale_gives_headers_labels_and_months(tmp_path: Path) -> None:
    made = read(written(tmp_path, INVENTED))
    assert made.headers["incident-data"] == {"NUMERO": "incident_id", "L'ALTRO": "perpetrator.sex"}
    rows = {(row.list, row.value): row.code for row in made.codes}
    assert rows["yes-no", 'Ja "so"'] == "tristate/yes"
    assert rows["perpetrator-sex", "X"] == "sex/boy"
    assert (rows["month", "Due"], rows["month", "Feb"]) == ("02", "02")
    assert made.unmatched == {"gender": 1}  # a sex that the exporter does not know


def test_a_csv_file_may_have_the_headers_of_a_language_too(tmp_path: Path) -> None:
    folder = tmp_path / "words"
    folder.mkdir()
    written(folder, INVENTED)
    text = (MAPPING / "sample.incident-data.csv").read_text(encoding="utf-8")
    text = text.replace("incident_id,", "NUMERO ,", 1).replace("a1b2c32", "a1b2c31")
    path = tmp_path / "t.csv"
    path.write_text(text.replace("perpetrator.sex", "L'ALTRO", 1), encoding="utf-8")
    given = LiftRequest("gbvims", {"incident-data": path}, ORG, "d", b"k" * 32, definitions=folder)
    with check(given) as checked:
        found = {(f.sheet, f.row, f.column, f.rule) for f in checked.faults}
        loaded = checked.lifted.loaded["incident-data"]
    assert found == {(None, 3, "NUMERO", "source:duplicate")}
    assert (loaded.header[0], loaded.letter("perpetrator.sex")) == ("NUMERO", "AC")


def test_own_lists_go_before_the_locale_files(tmp_path: Path) -> None:
    text = "\ufefflist,value,code,scheme\r\nsex,X,sex/other,\r\ngbv-type,Rouge\r\n"
    written(tmp_path, text, "codes.csv")  # as a spreadsheet saves it, the last row cut short
    made = read(written(tmp_path, INVENTED))
    rows = {(row.list, row.value): row.code for row in made.codes}
    assert (rows["sex", "X"], rows["gbv-type", "Rouge"]) == ("sex/other", None)
    assert made.unmatched == {"gender": 1, "gbv-type": 1}


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("qx:\n  a: &anchor x\n", 2),
        ("qx:\n  a: *anchor\n", 2),
        ("qx:\n  a: !ruby/object x\n", 2),
        ("qx:\n  a: |\n    long\n", 2),
        ("qx:\n  a: {b: c}\n", 2),
        ("qx:\n  a: [b]\n", 2),
        ("qx:\n\ta: b\n", 2),
        ("qx:\n  a: b\n    c: d\n", 3),
        ("qx:\n  a:\n    b: c\n   d: e\n", 4),
        ("qx:\n  a: b\n  a: c\n", 3),
        ('qx:\n  a: "b\n    c"\n', 2),
        ('qx:\n  a: "\\q"\n', 2),
        ("qx:\n  a: b: c\n", 2),
        ("qx:\n  a:\n  - b\n    c: d\n", 4),
        ("qx:\n  just words\n", 2),
        ("- a\n", 1),
    ],
)
def test_other_yaml_is_refused_with_its_line(tmp_path: Path, text: str, line: int) -> None:
    with pytest.raises(MappingError) as caught:
        read(written(tmp_path, text))
    assert (caught.value.where.file, caught.value.where.line) == ("qx.yml", line)


def test_own_lists_in_another_encoding_are_refused(tmp_path: Path) -> None:
    (tmp_path / "codes.csv").write_bytes("list,value,code,scheme\nsex,é,,\n".encode("cp1252"))
    with pytest.raises(MappingError, match="not UTF-8"):
        read(tmp_path)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("qx.yml", "qx:\n  errors: none\n"),
        ("qx.yml", INVENTED.replace("    - Due\n", "")),
        ("qx.yml", INVENTED.replace("'L''ALTRO'", "NUMERO")),
        ("codes.csv", "list,value,code,scheme\nnot-there,a,b,c\n"),
        ("codes.csv", "list;value\n"),
        ("readme.txt", ""),
    ],
)
def test_files_that_cannot_be_used_are_named(tmp_path: Path, name: str, text: str) -> None:
    with pytest.raises(MappingError) as caught:
        read(written(tmp_path, text, name))
    assert caught.value.where.file == (name if name != "readme.txt" else tmp_path.name)
