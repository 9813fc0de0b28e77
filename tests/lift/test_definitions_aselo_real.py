"""The definitions of real helplines, read where they lie: how much of their words has a code."""

import csv
import shutil
from pathlib import Path

import pytest

from dpc_kg.lift import LiftRequest, session
from dpc_kg.lift.definitions import Definitions, read_definitions
from dpc_kg.lift.definitions.aselo_forms import Forms, read_forms
from dpc_kg.lift.definitions.aselo_words import plain
from dpc_kg.lift.generate.aselo_forms import CANARY, write_export

ALONE = {"as": 0.5, "br": 0.1, "e2e": 0.5, "eumc": 0.5, "in": 0.2, "ph": 0.4, "zm": 0.4, "zw": 0.2}
"""The share of categories that our words alone must find, by helpline."""

HELPLINES = sorted(ALONE)


@pytest.fixture
def mapping(repository: Path) -> Path:
    return repository / "mappings/lift/aselo"


def _folder(shared: Path, helpline: str) -> Path:
    return shared / "data/aselo/form-definitions" / helpline / "v1"


def _share(found: Definitions) -> float:
    rows = [row for row in found.codes if row.list == "category"]
    return sum(row.code is not None for row in rows) / len(rows)


@pytest.mark.parametrize("helpline", HELPLINES)
def test_the_table_finds_most_categories(shared: Path, mapping: Path, helpline: str) -> None:
    assert _share(read_definitions("aselo", _folder(shared, helpline), mapping)) >= 0.8


@pytest.mark.parametrize("helpline", HELPLINES)
def test_words_alone_find_some(shared: Path, mapping: Path, tmp_path: Path, helpline: str) -> None:
    for name in ("mapping.rml.ttl", "fields.csv", "codes.csv", "words.csv", "words.places.csv"):
        shutil.copy(mapping / name, tmp_path)
    alone = read_definitions("aselo", _folder(shared, helpline), tmp_path)
    assert ALONE[helpline] <= _share(alone) < 1


def test_no_run_of_labels_is_kept(shared: Path, mapping: Path) -> None:
    own = [plain(row[2]) for row in _rows(mapping / "words.csv")]
    own += [plain(row[1].rpartition("|")[2]) for row in _rows(mapping / "codes.csv")]
    kept = _runs(own)
    for helpline in HELPLINES:
        forms = read_forms(_folder(shared, helpline))
        lists = [[sub for _, sub in forms.categories], *(f.options for f in forms.fields)]
        for labels in lists:
            assert _runs([plain(label) for label in labels]) & kept == set()


def _rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))[1:]


def _runs(words: list[str]) -> set[tuple[str, ...]]:
    """Give all runs of six words that are not numbers."""
    named = [word for word in words if word and not word.isdigit()]
    return {tuple(named[i : i + 6]) for i in range(len(named) - 5)}


@pytest.mark.parametrize("helpline", ["eumc", "ph"])
def test_an_export_of_the_forms_leaves_nothing_personal(
    shared: Path,
    mapping: Path,
    tmp_path: Path,
    partner_key: bytes,
    helpline: str,
) -> None:
    folder = _folder(shared, helpline)
    forms = read_forms(folder)
    count = len(forms.categories)
    files = write_export(forms, tmp_path / "export", contacts=count, cases=3, seed=1)
    assert any(CANARY in file.read_text(encoding="utf-8") for file in files)
    request = LiftRequest(
        mapping="aselo",
        sources={"contacts": tmp_path / "export", "cases": tmp_path / "export"},
        org="example-helpline",
        dataset="forms",
        partner_key=partner_key,
        definitions=folder,
    )
    with session.open_lift(request) as lifted:
        lifted.write(tmp_path / "data.nq")
        unknown = {u.path: u.cells for u in lifted.unknown()}
        report = lifted.report(0)
    quads = (tmp_path / "data.nq").read_text(encoding="utf-8")
    assert CANARY not in quads
    assert report["definitions"]["version"] == f"{helpline}-v1"
    assert quads.count("cdm#hasCode>") == count
    assert unknown.get("rawJson.categories.*", 0) == _without_code(forms, folder, mapping)


def _without_code(forms: Forms, folder: Path, mapping: Path) -> int:
    found = read_definitions("aselo", folder, mapping)
    codes = {row.value: row.code for row in found.codes if row.list == "category"}
    return sum(codes[f"{c} | {s}".strip()] is None for c, s in forms.categories)
