"""The workbook that comes back from reviewers: what they changed, and what cannot be taken."""

import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from dpc_kg.base import assets
from dpc_kg.base.errors import DpcError, Where
from dpc_kg.base.settings import LANGS
from dpc_kg.model import reviewbook, reviews, translation
from dpc_kg.model.edits import Edit, Judged
from dpc_kg.model.texts import DEFINITION, PREF_LABEL, Text
from dpc_kg.model.translation import Rulebook

_LARGEST_FILE = 32 * 1024 * 1024
_LARGEST_CONTENT = 256 * 1024 * 1024
_SHEET = re.compile(rf"({'|'.join(reviewbook.KINDS)})-({'|'.join(reviewbook.TRANSLATIONS)})")
_SPACES = re.compile(r"[ \t\r\n]+")
_WIDTH = len(reviewbook.COLUMNS) + len(reviewbook.HIDDEN)

_SAYS = {
    "script": "The text holds letters or signs that do not belong into this language: {term}",
    "same": "The text is the English one.",
    "placeholders": "A word in braces is missing or too much: {term}",
    "terminology": "The text holds a word that is never ours: {term}",
}
_DOUBTS = {
    "glossary": "The glossary has another word for “{term}”.",
    "language": "The text reads like another language ({term}).",
}


@dataclass(frozen=True)
class Remark:
    """Something to tell about a cell: a refusal, a doubt, or a reviewer's comment."""

    where: Where
    message: str

    def __str__(self) -> str:
        return f"{self.where}: {self.message}"


@dataclass(frozen=True)
class Returned:
    """What a workbook asks for. Nothing of it may be done while ``refusals`` holds anything."""

    edits: tuple[Edit, ...] = ()
    judged: Judged = field(default_factory=Judged)
    refusals: tuple[Remark, ...] = ()
    doubts: tuple[Remark, ...] = ()
    comments: tuple[Remark, ...] = ()


@dataclass(frozen=True)
class Row:
    """One row of a sheet; ``number`` is the one a spreadsheet shows."""

    sheet: str
    number: int
    lang: str
    cells: Mapping[str, str]

    def at(self, column: str) -> Where:
        """Give the place of one of its cells, by the heading the reviewer sees."""
        heading = dict(zip(reviewbook.COLUMNS, reviewbook.headings(self.lang), strict=False))
        return Where(sheet=self.sheet, row=self.number, column=heading[column])


class _Refused(Exception):
    """One cell cannot be taken."""

    def __init__(self, row: Row, column: str, message: str) -> None:
        super().__init__(message)
        self.remark = Remark(row.at(column), message)


def read(path: Path, root: Path | None = None) -> Returned:
    """Give what a reviewer's workbook asks for, held against the assets as they are now.

    Raises:
        DpcError: this is no workbook of ours, or an asset is malformed.
    """
    base = root or assets.root()
    texts = {
        (text.subject, text.predicate): text
        for kind in reviewbook.reviewable(base).values()
        for text in kind
    }
    reader = _Reader(texts, reviews.reviews(base), translation.rulebook(base))
    for row in _rows(path):
        reader.take(row)
    return reader.returned()


@dataclass
class _Reader:
    """Collects what the rows ask for."""

    texts: Mapping[tuple[str, str], Text]
    known: reviews.Reviews
    book: Rulebook
    edits: list[Edit] = field(default_factory=list)
    places: list[Row] = field(default_factory=list)
    reviewed: set[tuple[str, str]] = field(default_factory=set)
    withdrawn: set[tuple[str, str]] = field(default_factory=set)
    refusals: list[Remark] = field(default_factory=list)
    doubts: list[Remark] = field(default_factory=list)
    comments: list[Remark] = field(default_factory=list)
    seen: set[tuple[str, str, str]] = field(default_factory=set)

    def take(self, row: Row) -> None:
        """Take one row, or note why it cannot be taken."""
        if row.cells["comment"]:
            self.comments.append(Remark(row.at("comment"), row.cells["comment"]))
        try:
            self._take(row)
        except _Refused as e:
            self.refusals.append(e.remark)

    def returned(self) -> Returned:
        """Give what was collected; two codes of a list with one label are found only now."""
        self._refuse_twins()
        judged = Judged(frozenset(self.reviewed), frozenset(self.withdrawn - self.reviewed))
        found = (self.refusals, self.doubts, self.comments)
        return Returned(tuple(self.edits), judged, *(tuple(remarks) for remarks in found))

    def _take(self, row: Row) -> None:
        status, exported = _status(row), row.cells["mark"]
        edited = reviews.mark(_as_sent(row), row.lang) != exported
        if not edited and status == row.cells["status at export"]:
            return
        text = self._text(row)
        changed_here = reviews.mark(text, row.lang) != exported
        wanted = _with(text, row.lang, row.cells["translation"])
        if changed_here and wanted.words[row.lang] != text.words.get(row.lang):
            raise _Refused(row, "translation", "This text has changed since the export.")
        self._edit(row, text, wanted)
        self._judge(row, wanted, status)

    def _text(self, row: Row) -> Text:
        key = (row.cells["iri"], row.cells["property"])
        if (*key, row.lang) in self.seen:
            raise _Refused(row, "iri", "This text stands in the workbook twice.")
        self.seen.add((*key, row.lang))
        text = self.texts.get(key)
        if text is None:
            raise _Refused(row, "iri", "The model has no such text. Make a new workbook.")
        if row.cells["english"] != text.english:
            message = "This is not the English text of the model (now). Make a new workbook."
            raise _Refused(row, "english", message)
        return text

    def _edit(self, row: Row, text: Text, wanted: Text) -> None:
        old, new = (said.words.get(row.lang, "") for said in (text, wanted))
        if old == new:
            return
        self._check(row, wanted)
        self.edits.append(Edit(text.file, text.subject, text.predicate, row.lang, old, new))
        self.places.append(row)
        mark = (text.subject, reviews.mark(text, row.lang))
        if mark in self.known:
            self.withdrawn.add(mark)

    def _check(self, row: Row, wanted: Text) -> None:
        new = wanted.words[row.lang]
        if not new:
            raise _Refused(row, "translation", "The text is empty. Write one.")
        if wanted.predicate == DEFINITION and not new.endswith("."):
            raise _Refused(row, "translation", "A definition ends with a full stop.")
        for problem in translation.translation_problems(wanted, row.lang, self.book):
            if problem.rule in _SAYS:
                message = _SAYS[problem.rule].format(term=problem.term)
                raise _Refused(row, "translation", message)
            doubt = _DOUBTS[problem.rule].format(term=problem.term)
            self.doubts.append(Remark(row.at("translation"), doubt))

    def _judge(self, row: Row, text: Text, status: str) -> None:
        mark = (text.subject, reviews.mark(text, row.lang))
        if status == reviews.REVIEWED and mark not in self.known:
            self.reviewed.add(mark)
        if status == reviews.DRAFTED and mark in self.known:
            self.withdrawn.add(mark)

    def _refuse_twins(self) -> None:
        after = {
            (text.subject, lang): (text.file, lang, words)
            for text in self.texts.values()
            if text.predicate == PREF_LABEL
            for lang, words in text.forms
        }
        for edit in self.edits:
            if edit.predicate == PREF_LABEL:
                after[edit.subject, edit.lang] = (edit.file, edit.lang, edit.new)
        labels = list(after.values())
        for edit, row in zip(self.edits, self.places, strict=True):
            if edit.predicate == PREF_LABEL and labels.count((edit.file, edit.lang, edit.new)) > 1:
                message = "Another code of this list has this label already."
                self.refusals.append(Remark(row.at("translation"), message))


def _as_sent(row: Row) -> Text:
    forms = ((LANGS[0], row.cells["english"]), (row.lang, row.cells["translation"]))
    return Text("", row.cells["iri"], row.cells["property"], tuple(sorted(forms)))


def _with(text: Text, lang: str, words: str) -> Text:
    others = (form for form in text.forms if form[0] != lang)
    return replace(text, forms=tuple(sorted((*others, (lang, words)))))


def _status(row: Row) -> str:
    words = {reviewbook.status_word(status, row.lang): status for status in reviews.STATUSES}
    status = words.get(row.cells["status"])
    if status is None:
        message = f"This is no status. Choose one of: {', '.join(words)}."
        raise _Refused(row, "status", message)
    return status


def _rows(path: Path) -> Iterator[Row]:
    found = False
    for name, table in _sheets(path):
        match = _SHEET.fullmatch(name)
        if match and table:
            found = True
            _check_head(path, name, table[0], match[2])
            for number, cells in enumerate(table[1:], start=2):
                if any(cells):
                    yield Row(name, number, match[2], _named(cells))
    if not found:
        advice = "Make one with: dpc-kg convert --to xlsx -o review.xlsx"
        raise DpcError("This is no workbook for reviewers.", file=path.name, advice=advice)


def _check_head(path: Path, sheet: str, head: Sequence[str], lang: str) -> None:
    wanted = reviewbook.headings(lang)
    for at, heading in enumerate(wanted):
        if at >= len(head) or head[at] != heading:
            advice = "Keep all columns in their order, the hidden ones too."
            message = "A column is missing, moved or renamed."
            raise DpcError(message, file=path.name, sheet=sheet, column=heading, advice=advice)


def _named(cells: Sequence[str]) -> dict[str, str]:
    padded = [*cells, *[""] * (_WIDTH - len(cells))]
    return dict(zip((*reviewbook.COLUMNS, *reviewbook.HIDDEN), padded, strict=False))


def _sheets(path: Path) -> Iterator[tuple[str, list[list[str]]]]:
    _check_size(path)
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        with CalamineWorkbook.from_path(path) as book:
            for name in book.sheet_names:
                rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
                yield name, [[_tidy(_string(cell)) for cell in row] for row in rows]
    except CalamineError as e:
        raise _no_workbook(path) from e


def _check_size(path: Path) -> None:
    """Refuse a workbook that is too large; a small file can unpack to a very large one."""
    if not path.is_file():
        raise DpcError("There is no such file.", file=str(path))
    try:
        with zipfile.ZipFile(path) as archive:
            content = sum(member.file_size for member in archive.infolist())
    except zipfile.BadZipFile as e:
        raise _no_workbook(path) from e
    if path.stat().st_size > _LARGEST_FILE or content > _LARGEST_CONTENT:
        raise DpcError("This workbook is too large.", file=path.name)


def _no_workbook(path: Path) -> DpcError:
    advice = "Save it in the form XLSX."
    return DpcError("This is no workbook that can be read.", file=path.name, advice=advice)


def _string(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def _tidy(text: str) -> str:
    """Give a text on one line; the narrow spaces of French stay."""
    return _SPACES.sub(" ", text).strip(" ")
