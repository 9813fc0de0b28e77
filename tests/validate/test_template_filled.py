"""A filled template needs no mapping: it is recognised, checked and lifted in every language."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from dpc_kg.base.settings import LANGS, PROFILES
from dpc_kg.cli.recognise import recognised
from dpc_kg.lift import LiftRequest
from dpc_kg.lift.template import EITHER, MUST, Column, marked, sheets
from dpc_kg.validate.check import check
from dpc_kg.validate.template import write
from dpc_kg.validate.templatehints import tab
from tests.validate.templatebook import Change, filled, place

if TYPE_CHECKING:
    from pathlib import Path

    from dpc_kg.base.faults import Fault
    from dpc_kg.validate.check import Checked

ORG = "example-org"
CASE, CONTACT, REFERRAL, SERVICE = "case", "helpline-contact", "referral", "service-provision"
SHEETS = {sheet.name: sheet for sheet in sheets()}


def column(name: str, field: str) -> Column:
    return next(c for c in SHEETS[name].columns if c.name == field)


class Looked:
    """What a check of a workbook gave: faults, quads, cells left out by field."""

    def __init__(self, one: Checked, out: Path) -> None:
        self.faults: list[Fault] = list(one.faults)
        one.write(out)
        self.quads = out.read_text(encoding="utf-8")
        self.left = {
            (c.source, c.path): c.cells for c in one.lifted.fields() if c.status != "placed"
        }
        self.unknown = {(u.source, u.path): u.cells for u in one.lifted.unknown()}


def kinds(quads: str) -> set[str]:
    """Give the kinds of the nodes that statements are about."""
    return {line.split("/")[6] for line in quads.splitlines()}


def looked(path: Path, profile: str, key: bytes) -> Looked:
    """Recognise a file and check it."""
    name, sources = recognised([path])
    assert name == "template"
    with check(LiftRequest(name, sources, ORG, "d", key, None), profile=profile) as one:
        return Looked(one, path.parent / "data.nq")


SPOKEN = {"basic": ("en", "ar"), "essential": ("fr", "es"), "full": LANGS}
"""The languages tried of each tier: a lift takes seconds, and the tiers differ in columns only."""


@pytest.mark.parametrize("profile", PROFILES)
def test_the_same_story_is_the_same_graph_in_every_language(
    profile: str, tmp_path: Path, partner_key: bytes
) -> None:
    found = []
    for lang in SPOKEN[profile]:
        one = looked(filled(tmp_path / f"{lang}.xlsx", profile, lang), profile, partner_key)
        assert (one.faults, one.left) == ([], {})
        found.append(one.quads)
    assert len(set(found)) == 1
    assert kinds(found[0]) - {"unmapped"} == {sheet.name for sheet in sheets(profile)}


# -- mistakes


def typed(name: str, field: str, row: int, value: object, lang: str) -> Change:
    """Type something into a cell of a sheet."""

    def change(book: Any) -> None:
        page = book[tab(SHEETS[name].cls, lang)]
        page.cell(row, place(page, marked(column(name, field), lang))).value = value

    return change


MISTAKES = [
    (CASE, 2, "hasStatus", None, "missing", "CaseShape-hasStatus"),
    (CASE, 3, "receivedAt", "03/04/2025", "format", "source:date-order"),
    (CASE, 4, "refArea", "Senegal", "format", "source:country"),
    (CONTACT, 2, "helplineContactNumber", None, "missing", "source:missing-key"),
    (CONTACT, 3, "callType", None, "missing", "HelplineContactShape-callType"),
    (REFERRAL, 2, "respondedAt", "2024-01-01", "order", "ReferralShape-sentToResponseSeconds"),
    (REFERRAL, 3, "caseNumber", None, "missing", "ReferralShape-isReferralOf"),
    (SERVICE, 2, "caseNumber", "C-99999", "reference", "source:reference"),
]
"""Sheet, row and column of a cell, what is typed there, and the fault that it has to give."""


@pytest.mark.parametrize("lang", LANGS)
def test_each_mistake_is_found_in_its_cell(lang: str, tmp_path: Path, partner_key: bytes) -> None:
    def spoil(book: Any) -> None:
        for name, row, field, value, *_ in MISTAKES:
            typed(name, field, row, value, lang)(book)

    found = looked(filled(tmp_path / "t.xlsx", "essential", lang, spoil), "essential", partner_key)
    wanted = {
        (tab(SHEETS[name].cls, lang), row, marked(column(name, field), lang), kind, (rule,))
        for name, row, field, _, kind, rule in MISTAKES
    }
    assert {(f.sheet, f.row, f.column, f.kind, f.rules) for f in found.faults} == wanted
    assert {f.file for f in found.faults} == {"t.xlsx"}


def test_a_number_that_stands_twice_is_found_at_its_second_row(
    tmp_path: Path, partner_key: bytes
) -> None:
    path = filled(tmp_path / "t.xlsx", "basic", "es", typed(CASE, "caseNumber", 4, "C-00000", "es"))
    (fault,) = looked(path, "basic", partner_key).faults
    assert (fault.sheet, fault.row, fault.rules) == ("Caso", 4, ("source:duplicate",))


def test_a_word_over_a_list_is_counted_and_stays(tmp_path: Path, partner_key: bytes) -> None:
    change = typed(CONTACT, "channel", 2, "Canary by pigeon", "en")
    one = looked(filled(tmp_path / "t.xlsx", "essential", "en", change), "essential", partner_key)
    assert one.faults == []
    assert one.unknown[CONTACT, "channel"] == 1
    assert "Canary" not in one.quads


# -- what people do to workbooks


def add_column(book: Any) -> None:
    page = book["Case"]
    at = page.max_column + 1
    for row, text in enumerate(("First name", "Canary One", "Canary Two"), start=1):
        page.cell(row, at).value = text


def test_a_column_that_somebody_adds_is_left_out_and_counted(
    tmp_path: Path, partner_key: bytes
) -> None:
    one = looked(filled(tmp_path / "t.xlsx", "basic", "en", add_column), "basic", partner_key)
    assert (one.faults, one.left) == ([], {(CASE, "First name"): 2})
    assert "Canary" not in one.quads


def rename_sheets(book: Any) -> None:
    for number, page in enumerate(book.worksheets):
        page.title = f"2025 {number}"


def reverse_sheets(book: Any) -> None:
    book._sheets.reverse()


def drop_explanations(book: Any) -> None:
    book.remove(book.worksheets[0])
    book.remove(book.worksheets[-1])


def move_column(book: Any) -> None:
    page = book["Case"]
    for row in page.iter_rows():
        row[0].value, row[1].value = row[1].value, row[0].value


def take_marks_off(book: Any) -> None:
    for page in book.worksheets[1:-1]:
        for cell in page[1]:
            cell.value = cell.value.removesuffix(MUST).removesuffix(EITHER)


def blank_rows(book: Any) -> None:
    book["Case"].insert_rows(3, 2)


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory, partner_key: bytes) -> str:
    """The statements of a workbook to which nothing was done."""
    path = tmp_path_factory.mktemp("plain") / "a.xlsx"
    return looked(filled(path, "basic", "en"), "basic", partner_key).quads


@pytest.mark.parametrize(
    "change",
    [rename_sheets, reverse_sheets, drop_explanations, move_column, take_marks_off, blank_rows],
)
def test_a_workbook_that_was_rearranged_says_the_same(
    change: Change, plain: str, tmp_path: Path, partner_key: bytes
) -> None:
    other = looked(filled(tmp_path / "b.xlsx", "basic", "en", change), "basic", partner_key)
    assert (other.faults, other.quads) == ([], plain)


def test_a_sheet_may_be_left_out_or_stay_empty(tmp_path: Path, partner_key: bytes) -> None:
    def leave_out(book: Any) -> None:
        book.remove(book["Incident"])
        book["Service provision"].delete_rows(2, 99)

    one = looked(
        filled(tmp_path / "t.xlsx", "essential", "en", leave_out), "essential", partner_key
    )
    assert one.faults == []
    assert kinds(one.quads) & {"incident", "service-provision"} == set()
    assert kinds(one.quads) >= {"case", "referral"}


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_a_sheet_saved_as_csv_is_known_too(lang: str, tmp_path: Path, partner_key: bytes) -> None:
    book = openpyxl.load_workbook(filled(tmp_path / "t.xlsx", "basic", lang))
    page = book[tab(SHEETS[CASE].cls, lang)]
    path = tmp_path / "saved.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        for row in page.iter_rows(values_only=True):
            writer.writerow([str(v)[:10] if hasattr(v, "year") else v for v in row])
    one = looked(path, "basic", partner_key)
    assert one.faults == []
    assert one.quads.count("/cdm#Case>") == page.max_row - 1


def test_an_empty_template_is_no_pass(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from dpc_kg.cli import main

    write(tmp_path / "t.xlsx", "full", "fr")
    assert main(["validate", str(tmp_path / "t.xlsx"), "--lang", "fr"]) == 1
    assert "source:empty-file" in capsys.readouterr().out
