"""The workbook for reviewers: what goes out, what comes back, what is refused."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from dpc_kg.base import assets, platform
from dpc_kg.base.errors import DpcError
from dpc_kg.base.vocab import CODES, DPC, RDFS, SHAPES, SKOS
from dpc_kg.model import bookreturn, edits, reviewbook, reviews
from dpc_kg.model.bookreturn import Returned
from dpc_kg.model.edits import Edit, Judged
from dpc_kg.model.texts import turtle_texts

PHONE = CODES + "channel/phone"
CASE = DPC + "Case"
MESSAGE = SHAPES + "CaseShape-closedAt"
LABEL, PREF_LABEL, DEFINITION = RDFS + "label", SKOS + "prefLabel", SKOS + "definition"
ROOM = {name: at for at, name in enumerate((*reviewbook.COLUMNS, *reviewbook.HIDDEN), start=1)}


def find(sheet: Worksheet, iri: str, predicate: str) -> int:
    rows = sheet.iter_rows(min_row=2, values_only=True)
    places = ((row[ROOM["iri"] - 1], row[ROOM["property"] - 1]) for row in rows)
    return next(at for at, place in enumerate(places, start=2) if place == (iri, predicate))


@dataclass
class Desk:
    """A copy of the model, and a reviewer's workbook made from it."""

    root: Path
    path: Path

    def sheet(self, name: str) -> Worksheet:
        found = openpyxl.load_workbook(self.path)[name]
        assert isinstance(found, Worksheet)
        return found

    def row(self, sheet: str, iri: str, predicate: str) -> int:
        return find(self.sheet(sheet), iri, predicate)

    def write(self, sheet: str, at: tuple[str, str], **cells: object) -> int:
        book = openpyxl.load_workbook(self.path)
        row = find(book[sheet], *at)
        for column, value in cells.items():
            book[sheet].cell(row, ROOM[column]).value = value
        book.save(self.path)
        return row

    def read(self) -> Returned:
        return bookreturn.read(self.path, self.root)

    def apply(self) -> None:
        asked = self.read()
        assert not asked.refusals
        edits.write_all(edits.rewritten(self.root, asked.edits, asked.judged))

    def words(self, file: str, iri: str, predicate: str) -> dict[str, str]:
        found = turtle_texts(self.root / file, self.root)
        one = next(t for t in found if (t.subject, t.predicate) == (iri, predicate))
        return dict(one.words)


def small_model(folder: Path) -> Path:
    """Copy what the tests change; nothing else is read."""
    for name in (
        *("ontology/case.ttl", "ontology/terminology.ttl", "ontology/codes/channel.ttl"),
        *("shapes/case.ttl", "shapes/privacy.ttl"),
        *("ontology/language/" + file for file in ("glossary.ttl", "reviews.ttl", "exempt.csv")),
    ):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(assets.root() / name, folder / name)
    return folder


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    root = small_model(folder / "model")
    reviewbook.write(folder / "review.xlsx", reviewbook.asked(None, None), root)
    return folder


@pytest.fixture
def desk(made: Path, tmp_path: Path) -> Desk:
    folder = shutil.copytree(made, tmp_path / "desk")
    return Desk(folder / "model", folder / "review.xlsx")


def changed_lines(before: Path, after: Path) -> dict[str, tuple[list[str], list[str]]]:
    changed = {}
    for path in sorted(p for p in after.rglob("*") if p.is_file()):
        name = path.relative_to(after).as_posix()
        old = (before / name).read_text(encoding="utf-8").splitlines()
        new = path.read_text(encoding="utf-8").splitlines()
        if old != new:
            changed[name] = ([s for s in old if s not in new], [s for s in new if s not in old])
    return changed


def test_a_workbook_has_a_sheet_a_kind_and_language(desk: Desk) -> None:
    names = openpyxl.load_workbook(desk.path).sheetnames
    kinds = ("readme", *reviewbook.KINDS)
    assert names == [f"{kind}-{lang}" for lang in ("fr", "es", "ar") for kind in kinds]


def test_a_workbook_may_hold_less(tmp_path: Path) -> None:
    root = small_model(tmp_path)
    counts = reviewbook.write(tmp_path / "r.xlsx", reviewbook.asked("es", "codes"), root)
    assert list(counts) == ["codes-es"]
    assert counts["codes-es"] > 5


@pytest.mark.parametrize(("lang", "what"), [("en", None), ("de", None), (None, "queries")])
def test_what_cannot_be_made_is_refused(lang: str | None, what: str | None) -> None:
    with pytest.raises(DpcError, match="Known: "):
        reviewbook.asked(lang, what)


def test_sheets_are_made_for_people(desk: Desk) -> None:
    arabic, french = desk.sheet("terms-ar"), desk.sheet("terms-fr")
    assert arabic.sheet_view.rightToLeft
    assert not french.sheet_view.rightToLeft
    assert french.freeze_panes == "A2"
    assert [french.cell(1, at).value for at in (1, 4, 5)] == ["Identifiant", "Traduction", "État"]
    rule = french.data_validations.dataValidation[0]
    assert rule.formula1 == '"Rédigée,Relue"'
    hidden = french.column_dimensions["H"]
    assert (hidden.hidden, hidden.min, hidden.max) == (True, ROOM["property"], len(ROOM))
    assert "Relue" in str(desk.sheet("readme-fr")["A4"].value)


def test_a_workbook_follows_from_the_texts_alone(desk: Desk, tmp_path: Path) -> None:
    again = tmp_path / "again.xlsx"
    reviewbook.write(again, reviewbook.asked(None, None), desk.root)
    assert again.read_bytes() == desk.path.read_bytes()


def test_generated_texts_are_not_given_out(desk: Desk) -> None:
    column = desk.sheet("messages-fr").iter_cols(7, 7, min_row=2, values_only=True)
    assert set(next(column)) == {"shapes/case.ttl"}


def test_the_glossary_shows_sources_and_what_awaits_a_check(desk: Desk) -> None:
    iri = "https://w3id.org/dpc/glossary/child"
    at = desk.row("glossary-fr", iri, PREF_LABEL)
    assert desk.sheet("glossary-fr").cell(at, ROOM["source"]).value == "CRC, art. 1"
    iri = "https://w3id.org/dpc/glossary/helpline"
    at = desk.row("glossary-es", iri, PREF_LABEL)
    assert "(pendiente de comprobación)" in str(
        desk.sheet("glossary-es").cell(at, ROOM["source"]).value
    )


def test_an_untouched_workbook_asks_for_nothing(desk: Desk) -> None:
    assert desk.read() == Returned()


def test_three_edits_change_three_lines(desk: Desk, tmp_path: Path) -> None:
    before = shutil.copytree(desk.root, tmp_path / "before")
    desk.write("codes-fr", (PHONE, PREF_LABEL), translation="Appel téléphonique")
    desk.write(
        "terms-es", (CASE, DEFINITION), translation="El trabajo en torno a una niña o un niño."
    )
    desk.write(
        "messages-ar",
        (MESSAGE, "http://www.w3.org/ns/shacl#message"),
        translation="تاريخ: صحّح التاريخ.",
    )
    desk.apply()
    changed = changed_lines(before, desk.root)
    assert sorted(changed) == ["ontology/case.ttl", "ontology/codes/channel.ttl", "shapes/case.ttl"]
    assert all((len(old), len(new)) == (1, 1) for old, new in changed.values())
    assert changed["ontology/codes/channel.ttl"][1][0].strip(" ,;") == '"Appel téléphonique"@fr'
    assert desk.words("ontology/case.ttl", CASE, DEFINITION)["es"].startswith("El trabajo")
    assert desk.read() == Returned(), "what was taken is not asked for again"


def test_a_review_adds_one_line_and_is_shown_by_the_next_workbook(
    desk: Desk, tmp_path: Path
) -> None:
    before = shutil.copytree(desk.root, tmp_path / "before")
    desk.write("codes-fr", (PHONE, PREF_LABEL), status="Relue")
    desk.apply()
    (file, (old, new)), *rest = changed_lines(before, desk.root).items()
    assert (file, old, rest) == (reviews.FILE, [], [])
    assert [line for line in new if "reviewedText" in line and '"fr ' in line]
    reviewbook.write(desk.path, reviewbook.asked("fr", "codes"), desk.root)
    at = desk.row("codes-fr", PHONE, PREF_LABEL)
    assert desk.sheet("codes-fr").cell(at, ROOM["status"]).value == "Relue"
    desk.write("codes-fr", (PHONE, PREF_LABEL), status="Rédigée")
    desk.apply()
    assert not changed_lines(before, desk.root)


def test_an_edit_of_a_reviewed_text_takes_the_old_review_back(desk: Desk) -> None:
    desk.write("codes-fr", (PHONE, PREF_LABEL), status="Relue")
    desk.apply()
    reviewbook.write(desk.path, reviewbook.asked("fr", "codes"), desk.root)
    desk.write("codes-fr", (PHONE, PREF_LABEL), translation="Appel", status="Relue")
    desk.apply()
    assert len(reviews.reviews(desk.root)) == 1
    reviewbook.write(desk.path, reviewbook.asked("fr", "codes"), desk.root)
    desk.write("codes-fr", (PHONE, PREF_LABEL), translation="Téléphone", status="Rédigée")
    desk.apply()
    assert not reviews.reviews(desk.root)


def test_comments_are_handed_on(desk: Desk) -> None:
    at = desk.write("terms-fr", (CASE, LABEL), comment="Pourquoi pas « affaire » ?")
    (remark,) = desk.read().comments
    assert (remark.where.sheet, remark.where.row) == ("terms-fr", at)
    assert remark.where.column == "Commentaire"
    assert "affaire" in str(remark)


REFUSED: dict[str, tuple[str, str, str, dict[str, object], str, str]] = {
    "an unknown IRI": ("terms-fr", CASE, LABEL, {"iri": DPC + "Kase"}, "Identifiant", "no such"),
    "an unknown property": ("terms-fr", CASE, LABEL, {"property": "x"}, "Identifiant", "no such"),
    "another English text": (
        "terms-fr",
        CASE,
        LABEL,
        {"english": "File"},
        "Texte anglais",
        "English",
    ),
    "another script": ("terms-ar", CASE, LABEL, {"translation": "dossier"}, "الترجمة", "letters"),
    "the English text": ("terms-fr", CASE, LABEL, {"translation": "case"}, "Traduction", "English"),
    "an avoided word": (
        "terms-es",
        CASE,
        DEFINITION,
        {"translation": "Caso de pornografía infantil de un niño."},
        "Traducción",
        "never ours: pornografía infantil",
    ),
    "no text": ("terms-fr", CASE, LABEL, {"translation": None}, "Traduction", "empty"),
    "no full stop": (
        "terms-fr",
        CASE,
        DEFINITION,
        {"translation": "Un dossier d'enfant"},
        "Traduction",
        "full stop",
    ),
    "a placeholder": ("terms-fr", CASE, LABEL, {"translation": "Dossier {n}"}, "Traduction", "{n}"),
    "no status": ("terms-fr", CASE, LABEL, {"status": "fini"}, "État", "Rédigée, Relue"),
    "a label twice": (
        "codes-fr",
        PHONE,
        PREF_LABEL,
        {"translation": "Courriel"},
        "Traduction",
        "already",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_taken_is_refused_with_its_place(case: str, desk: Desk) -> None:
    sheet, iri, predicate, cells, column, message = REFUSED[case]
    at = desk.write(sheet, (iri, predicate), **cells)
    (remark,) = desk.read().refusals
    assert (remark.where.sheet, remark.where.row, remark.where.column) == (sheet, at, column)
    assert message in remark.message
    assert f"sheet {sheet}, row {at}, column {column}" in str(remark)


def rewrite(desk: Desk, old: str, new: str) -> None:
    path = desk.root / "ontology/codes/channel.ttl"
    content = path.read_text(encoding="utf-8")
    assert old in content
    path.write_text(content.replace(old, new), encoding="utf-8")


def test_an_english_text_that_changed_since_is_refused_where_it_was_touched(desk: Desk) -> None:
    rewrite(desk, '"Telephone"@en', '"Phone call"@en')
    assert desk.read() == Returned()
    desk.write("codes-fr", (PHONE, PREF_LABEL), status="Relue")
    (remark,) = desk.read().refusals
    assert remark.where.column == "Texte anglais"


@pytest.mark.parametrize("cells", [{"translation": "Appel"}, {"status": "Relue"}])
def test_a_translation_that_changed_since_is_refused_where_it_was_touched(
    desk: Desk, cells: dict[str, str]
) -> None:
    rewrite(desk, '"Téléphone"@fr', '"Par téléphone"@fr')
    assert desk.read() == Returned(), "a row nobody touched takes nothing back"
    desk.write("codes-fr", (PHONE, PREF_LABEL), **cells)
    (remark,) = desk.read().refusals
    assert "since the export" in remark.message


def test_a_row_twice_is_refused(desk: Desk) -> None:
    at = desk.write("codes-fr", (PHONE, PREF_LABEL), translation="Appel")
    book = openpyxl.load_workbook(desk.path)
    book["codes-fr"].append([cell.value for cell in book["codes-fr"][at]])
    book.save(desk.path)
    (remark,) = desk.read().refusals
    assert "twice" in remark.message


def test_another_word_than_the_glossarys_is_a_doubt(desk: Desk) -> None:
    desk.write("terms-fr", (CASE, LABEL), translation="Parcours")
    asked = desk.read()
    assert not asked.refusals
    assert [remark.message for remark in asked.doubts] == [
        "The glossary has another word for “case”."
    ]


def broken_head(desk: Desk) -> None:
    book = openpyxl.load_workbook(desk.path)
    book["terms-fr"].delete_cols(3)
    book.save(desk.path)


def other_sheets(desk: Desk) -> None:
    book = openpyxl.Workbook()
    book.save(desk.path)


def no_workbook(desk: Desk) -> None:
    desk.path.write_text("iri,text\n", encoding="utf-8")


def not_there(desk: Desk) -> None:
    desk.path.unlink()


@pytest.mark.parametrize("spoil", [broken_head, other_sheets, no_workbook, not_there])
def test_what_is_no_workbook_of_ours_cannot_be_read(
    spoil: Callable[[Desk], None], desk: Desk
) -> None:
    spoil(desk)
    with pytest.raises(DpcError) as caught:
        desk.read()
    assert caught.value.exit_code == 2


def test_a_workbook_too_large_is_refused(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bookreturn, "_LARGEST_CONTENT", 1000)
    with pytest.raises(DpcError, match="too large"):
        desk.read()


def edit(file: str, iri: str, predicate: str, old: str, new: str) -> Edit:
    return Edit(file, iri, predicate, "fr", old, new)


def test_a_file_out_of_form_is_not_edited(desk: Desk) -> None:
    rewrite(desk, "a skos:Concept ;", "a  skos:Concept ;")
    change = edit("ontology/codes/channel.ttl", PHONE, PREF_LABEL, "Téléphone", "Appel")
    with pytest.raises(DpcError, match="canonical"):
        edits.rewritten(desk.root, [change], Judged())


def test_a_text_that_is_not_there_is_not_edited(desk: Desk) -> None:
    change = edit("ontology/codes/channel.ttl", PHONE, PREF_LABEL, "Fax", "Appel")
    with pytest.raises(DpcError, match="no more"):
        edits.rewritten(desk.root, [change], Judged())


def test_all_files_are_written_or_none(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = shutil.copytree(desk.root, tmp_path / "before")
    real = platform.write_durably

    def full_disk(path: Path, data: bytes) -> None:
        if path.name == "channel.ttl" and b"Appel" in data:
            raise OSError(28, "No space left on device")
        real(path, data)

    monkeypatch.setattr(edits, "write_durably", full_disk)
    desk.write("codes-fr", (PHONE, PREF_LABEL), translation="Appel")
    desk.write("terms-fr", (CASE, LABEL), translation="Dossier d'aide")
    with pytest.raises(OSError, match="No space"):
        desk.apply()
    assert not changed_lines(before, desk.root)
