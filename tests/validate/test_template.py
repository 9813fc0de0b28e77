"""The template: whole in every tier and language, and the same bytes again."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
import python_calamine as calamine
from rdflib import Graph, Namespace, URIRef

from dpc_kg.base import assets
from dpc_kg.base.errors import DpcError
from dpc_kg.base.rdfio import read
from dpc_kg.base.settings import LANGS, PROFILES, RIGHT_TO_LEFT
from dpc_kg.base.vocab import DPC, SH
from dpc_kg.lift.template import Column, Sheet, marked, sheets
from dpc_kg.model import ontology
from dpc_kg.validate import template
from dpc_kg.validate.templatehints import say, tab

if TYPE_CHECKING:
    from pathlib import Path

_SH = Namespace(SH)
EACH = [(profile, lang) for profile in PROFILES for lang in LANGS]
Made = tuple[str, str, "Path", Any]
RANGE = re.compile(r"'(.+)'!\$([A-Z]+)\$(\d+):\$([A-Z]+)\$(\d+)")
LONGEST = 255


@pytest.fixture(scope="module", params=EACH, ids=["-".join(each) for each in EACH])
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Made:
    """A tier, a language, the template of both, and the workbook as openpyxl reads it."""
    profile, lang = request.param
    path = tmp_path_factory.mktemp("template") / "t.xlsx"
    template.write(path, profile, lang)
    return profile, lang, path, openpyxl.load_workbook(path)


def test_another_reader_sees_the_same(made: Made) -> None:
    profile, lang, path, book = made
    with calamine.load_workbook(path) as other:
        assert other.sheet_names == book.sheetnames
        hidden = calamine.SheetVisibleEnum.Hidden
        assert [s.name for s in other.sheets_metadata if s.visible == hidden] == [
            say("tab.codes", lang)
        ]
        for sheet in sheets(profile):
            found = other.get_sheet_by_name(tab(sheet.cls, lang)).to_python()
            assert found == [[marked(c, lang) for c in sheet.columns]], "a header and no row"


def test_every_sheet_has_a_short_title_of_its_own(made: Made) -> None:
    profile, lang, _, book = made
    titles = [tab(sheet.cls, lang) for sheet in sheets(profile)]
    assert book.sheetnames == [say("tab.readme", lang), *titles, say("tab.codes", lang)]
    for sheet, title in zip(sheets(profile), titles, strict=True):
        assert ontology.label(sheet.cls, lang).startswith(title.removesuffix("…"))
    assert len(set(titles)) == len(titles)


def test_the_sheets_run_as_the_language_does(made: Made) -> None:
    _, lang, _, book = made
    assert {bool(s.sheet_view.rightToLeft) for s in book} == {lang in RIGHT_TO_LEFT}


def test_each_header_has_a_note_in_the_language(made: Made) -> None:
    profile, lang, _, book = made
    for sheet in sheets(profile):
        page = book[tab(sheet.cls, lang)]
        for cell, column in zip(page[1], sheet.columns, strict=True):
            lines = cell.comment.text.splitlines()
            known = ontology.definition(column.prop or column.target, lang)
            assert lines[0] == known or column.place > 1
            assert lines[-1].startswith(say("as_in", lang, example="").strip()[:4])
            assert (say("must", lang) in lines) == column.required
            assert (say("either", lang) in lines) == column.either


@cache
def shapes_of(profile: str) -> Graph:
    return read(assets.asset("shapes", "tiers", f"{profile}.ttl"))


def demanded(profile: str, cls: str) -> set[str]:
    """Give what the published shapes of a tier demand of a class, but for companions."""
    graph, found = shapes_of(profile), set()
    for shape in graph.subjects(_SH.targetClass, URIRef(cls)):
        for rule in graph.objects(shape, _SH.property):
            least = graph.value(rule, _SH.minCount)
            if least is not None and int(str(least)) > 0:
                found.add(str(graph.value(rule, _SH.path)))
    return {p for p in found if p.startswith(DPC) and not p.endswith("Precision")}


def test_what_the_tier_demands_is_marked_and_nothing_else(made: Made) -> None:
    profile, lang, _, book = made
    for sheet in sheets(profile):
        titles = [cell.value for cell in book[tab(sheet.cls, lang)][1]]
        starred = {c for t, c in zip(titles, sheet.columns, strict=True) if t.endswith(" *")}
        either = {c for t, c in zip(titles, sheet.columns, strict=True) if t.endswith("(*)")}
        wanted = demanded(profile, sheet.cls) - set(sheet.own)
        assert {c.prop for c in starred | either} - {None} == wanted
        assert sheet.key in starred


def checks(book: Any, sheet: Sheet, lang: str) -> dict[str, Any]:
    """Give how the cells of each column are checked, by the name of the column."""
    page = book[tab(sheet.cls, lang)]
    found = {}
    for check in page.data_validations.dataValidation:
        (cells,) = check.sqref.ranges
        assert (cells.min_row, cells.max_row) == (template.FIRST, template.LAST)
        assert cells.min_col == cells.max_col
        assert len(check.error) <= LONGEST
        found[sheet.columns[cells.min_col - 1].name] = check
    return found


def words_of(book: Any, check: Any) -> list[str]:
    """Give the words that a drop-down list offers, read where its formula points."""
    title, column, first, _, last = RANGE.fullmatch(check.formula1).groups()  # type: ignore[union-attr]
    return [book[title][f"{column}{row}"].value for row in range(int(first), int(last) + 1)]


def test_each_list_offers_every_code(made: Made) -> None:
    profile, lang, _, book = made
    for sheet in sheets(profile):
        found = checks(book, sheet, lang)
        for column in (c for c in sheet.columns if c.scheme):
            check = found[column.name]
            codes = [c for c in ontology.codes(column.scheme) if c.notation != "unmapped"]
            assert check.type == "list"
            assert words_of(book, check) == [ontology.label(c.iri, lang) for c in codes]


def test_the_hidden_sheet_holds_the_codes_beside_their_words(made: Made) -> None:
    profile, lang, _, book = made
    page = book[say("tab.codes", lang)]
    used = {c.scheme for s in sheets(profile) for c in s.columns if c.scheme}
    heads = {cell.value: cell.column for cell in page[1] if cell.value}
    assert set(heads) == used
    for scheme, at in heads.items():
        for row, code in enumerate(ontology.codes(scheme), start=2):
            if code.notation != "unmapped":
                assert page.cell(row, at).value == code.notation


KINDS = {"number": "custom", "link": "list", "code": "list", "date": "date", "integer": "whole"}


def test_each_kind_of_cell_is_checked_and_shown_in_its_way(made: Made) -> None:
    profile, lang, _, book = made
    for sheet in sheets(profile):
        found, page = checks(book, sheet, lang), book[tab(sheet.cls, lang)]
        groups = page.column_dimensions.values()
        forms = {at: g.number_format for g in groups for at in range(g.min, g.max + 1)}
        for at, column in enumerate(sheet.columns, start=1):
            kind = found[column.name].type if column.name in found else None
            assert kind == (KINDS | {"country": "textLength"}).get(column.kind)
            assert forms[at] == {"date": "yyyy-mm-dd", "integer": "0"}.get(column.kind, "@")


def numbered(column: Column, made: tuple[Sheet, ...]) -> Sheet:
    return next(sheet for sheet in made if sheet.cls == column.target)


def test_a_link_offers_the_numbers_of_the_other_sheet(made: Made) -> None:
    profile, lang, _, book = made
    for sheet in sheets(profile):
        found = checks(book, sheet, lang)
        for column in (c for c in sheet.columns if c.kind == "link"):
            other = numbered(column, sheets(profile))
            title = tab(other.cls, lang).replace("'", "''")
            assert found[column.name].formula1.startswith(f"OFFSET('{title}'!$A$2,")
            assert book[tab(other.cls, lang)]["A1"].value == marked(other.key, lang)


def test_the_first_sheet_explains_every_column(made: Made) -> None:
    profile, lang, _, book = made
    said = [str(cell) for row in book.worksheets[0].iter_rows(values_only=True) for cell in row]
    assert say("never", lang) in said
    chosen = "" if profile == "full" else f" --profile {profile}"
    assert f"dpc-kg validate FILE.xlsx{chosen} --lang {lang}" in said
    headers = [marked(c, lang) for s in sheets(profile) for c in s.columns]
    assert [text for text in headers if text not in said] == []


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_the_same_bytes_again(lang: str, tmp_path: Path) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        template.write(tmp_path / name, "essential", lang)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


@pytest.mark.parametrize(("profile", "lang"), [("tiny", "en"), ("basic", "xx")])
def test_what_there_is_none_of_is_refused(profile: str, lang: str, tmp_path: Path) -> None:
    with pytest.raises(DpcError, match="cannot be made"):
        template.write(tmp_path / "t.xlsx", profile, lang)
    assert list(tmp_path.iterdir()) == []
