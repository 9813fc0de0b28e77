"""The verb convert: a workbook out, and its changes back."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import openpyxl
import pytest

from dpc_kg.base import assets

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Run

FILES = (
    *("ontology/terminology.ttl", "ontology/codes/channel.ttl", "shapes/case.ttl"),
    *("ontology/language/" + name for name in ("glossary.ttl", "reviews.ttl", "exempt.csv")),
)
PHONE = "https://w3id.org/dpc/codes/channel/phone"
TRANSLATION, STATUS = 4, 5


@pytest.fixture
def model(tmp_path: Path) -> Path:
    folder = tmp_path / "model"
    for name in FILES:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(assets.root() / name, folder / name)
    return folder


def exported(run: Run, model: Path) -> Path:
    book = model.parent / "review.xlsx"
    done = run(
        "convert", "--to", "xlsx", "-o", book, "--lang", "fr", "--what", "codes", "--model", model
    )
    assert (done.code, done.out) == (0, f"{book}\n")
    assert "codes-fr: " in done.err
    return book


def write(book: Path, column: int, value: str) -> None:
    loaded = openpyxl.load_workbook(book)
    row = next(r for r in loaded["codes-fr"].iter_rows(min_row=2) if r[0].value == PHONE)
    row[column - 1].value = value
    loaded.save(book)


def codes(model: Path) -> str:
    return (model / "ontology/codes/channel.ttl").read_text(encoding="utf-8")


def definition_or_label(model: Path, book: Path) -> str:
    loaded = openpyxl.load_workbook(book)
    row = next(r for r in loaded["codes-fr"].iter_rows(min_row=2) if r[0].value == PHONE)
    assert str(row[TRANSLATION - 1].value) in codes(model)
    return str(row[TRANSLATION - 1].value)


def test_changes_come_back_one_line_each(run: Run, model: Path) -> None:
    book = exported(run, model)
    before, old = codes(model), definition_or_label(model, book)
    write(book, TRANSLATION, "Contact par appel.")
    asked = run("convert", book, "--check", "--model", model)
    assert (asked.code, asked.out) == (0, "ontology/codes/channel.ttl\n")
    assert "1 texts would be changed, 0 marked as reviewed." in asked.err
    assert codes(model) == before
    done = run("convert", book, "--model", model)
    assert (done.code, done.out) == (0, "ontology/codes/channel.ttl\n")
    assert codes(model) == before.replace(f'"{old}"@fr', '"Contact par appel."@fr', 1)


def test_a_review_is_recorded(run: Run, model: Path) -> None:
    book = exported(run, model)
    write(book, STATUS, "Relue")
    done = run("convert", book, "--model", model)
    assert (done.code, done.out) == (0, "ontology/language/reviews.ttl\n")
    assert "0 texts changed, 1 marked as reviewed." in done.err


def test_one_refused_cell_stops_the_whole_workbook(run: Run, model: Path) -> None:
    book, before = exported(run, model), codes(model)
    write(book, STATUS, "Relue")
    write(book, TRANSLATION, "فتح")
    done = run("convert", book, "--model", model)
    assert (done.code, done.out) == (1, "")
    assert "refused: review.xlsx, sheet codes-fr, row " in done.err
    assert "column Traduction: " in done.err
    assert "nothing was changed" in done.err
    assert codes(model) == before


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "Either a workbook is made or one is taken back."),
        (("--to", "xlsx"), "No file to write is named."),
        (("--to", "ods", "-o", "x.ods"), "this form only"),
        (("--to", "xlsx", "-o", "x.xlsx", "--lang", "en"), "Known: fr, es, ar."),
        (("--to", "xlsx", "-o", "x.xlsx", "--what", "all"), "Known: terms"),
        (("--to", "xlsx", "-o", "missing/x.xlsx"), "no such folder"),
        (("missing.xlsx",), "There is no such file."),
        (("x.xlsx", "--to", "xlsx"), "Either"),
        (("x.xlsx", "--model", "missing"), "no model in this folder"),
    ],
)
def test_what_cannot_be_done_is_said(run: Run, arguments: tuple[str, ...], message: str) -> None:
    done = run("convert", *arguments)
    assert done.code == 2
    assert message in done.err
