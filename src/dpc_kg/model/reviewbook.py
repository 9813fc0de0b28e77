"""The workbook that goes out to reviewers of translations.

One sheet a kind of text and language (``terms-fr``), and one that explains (``readme-fr``) in the
reviewer's language. Three hidden columns say what stood there when the workbook was made, so that
``bookreturn`` can tell an edit from a change on our side.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from dpc_kg.base.errors import DpcError
from dpc_kg.base.settings import LANGS, MADE, RIGHT_TO_LEFT
from dpc_kg.base.vocab import CODES, local_name
from dpc_kg.model import glossary, ontology, reviews
from dpc_kg.model.profiles import GENERATED
from dpc_kg.model.texts import Text, asset_texts, sentences

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

KINDS = ("terms", "codes", "messages", "glossary")
TRANSLATIONS = LANGS[1:]
COLUMNS = ("iri", "kind", "english", "translation", "status", "comment", "source")
HIDDEN = ("property", "mark", "status at export")
_WIDTHS = (34, 14, 56, 56, 14, 34, 30)
_EDITABLE = frozenset({"translation", "status", "comment"})
_GENERATED_FOLDERS = ("shapes/tiers/",)
_LINES = ("what", "right", "wrong", "leave", "glossary", "back")
_LINE_WIDTH = 110
_CATALOGUE = Path(__file__).with_name("reviewbook.toml")


@dataclass(frozen=True)
class Asked:
    """What a workbook shall hold: languages and kinds of text."""

    langs: tuple[str, ...] = TRANSLATIONS
    kinds: tuple[str, ...] = KINDS


def asked(lang: str | None, what: str | None) -> Asked:
    """Give what a workbook shall hold; None stands for all.

    Raises:
        DpcError: there is no such language or kind of text.
    """
    for given, known in ((lang, TRANSLATIONS), (what, KINDS)):
        if given is not None and given not in known:
            advice = f"Known: {', '.join(known)}."
            raise DpcError("A workbook cannot be made of this.", term=given, advice=advice)
    return Asked((lang,) if lang else TRANSLATIONS, (what,) if what else KINDS)


def reviewable(root: Path | None = None) -> dict[str, list[Text]]:
    """Give the texts that people write, by kind; generated ones follow from them."""
    found: dict[str, list[Text]] = {kind: [] for kind in KINDS}
    for text in asset_texts(root):
        if not _is_generated(text.file):
            found[kind_of(text.file)].append(text)
    return found


def kind_of(file: str) -> str:
    """Give the kind of the texts of a file, by its folder."""
    if file.startswith("ontology/codes/"):
        return "codes"
    if file.startswith("ontology/language/"):
        return "glossary"
    return "terms" if file.startswith("ontology/") else "messages"


def write(path: Path, wanted: Asked, root: Path | None = None) -> dict[str, int]:
    """Write the workbook, and give the number of texts of each sheet.

    Raises:
        DpcError: an asset is malformed.
        OSError: the file cannot be written.
    """
    import xlsxwriter

    texts, known = reviewable(root), reviews.reviews(root)
    cited = {entry.iri: entry for entry in glossary.load(root).entries}
    counts = {}
    with xlsxwriter.Workbook(path, {"in_memory": True, "strings_to_urls": False}) as book:
        book.set_properties({"title": say("title", LANGS[0]), "created": MADE})
        for lang in wanted.langs:
            _explain(book, lang)
            for kind in wanted.kinds:
                chosen = [text for text in texts[kind] if text.english]
                rows = [_row(text, lang, known, cited) for text in chosen]
                _sheet(book, f"{kind}-{lang}", lang, rows)
                counts[f"{kind}-{lang}"] = len(rows)
    return counts


def say(key: str, lang: str, **places: str) -> str:
    """Give a word or sentence of the workbook's own."""
    return sentences(_CATALOGUE)[key][lang].format(**places)


def status_word(status: str, lang: str) -> str:
    """Give a status as the reviewer reads it."""
    return ontology.label(f"{CODES}translation-status/{status}", lang)


def headings(lang: str) -> list[str]:
    """Give the headings of a sheet's columns, the hidden ones last."""
    return [say(f"column.{name}", lang) for name in COLUMNS] + list(HIDDEN)


def _is_generated(file: str) -> bool:
    return file.startswith(_GENERATED_FOLDERS) or (
        file.startswith("shapes/") and Path(file).name in GENERATED
    )


def _row(
    text: Text, lang: str, known: reviews.Reviews, cited: Mapping[str, glossary.Entry]
) -> list[str]:
    status = reviews.status(text, lang, known)
    return [
        text.subject,
        say(f"property.{local_name(text.predicate)}", lang),
        text.english,
        text.words.get(lang, ""),
        status_word(status, lang),
        "",
        _source(text, lang, cited),
        text.predicate,
        reviews.mark(text, lang),
        status,
    ]


def _source(text: Text, lang: str, cited: Mapping[str, glossary.Entry]) -> str:
    entry = cited.get(text.subject)
    if entry is None:
        return text.file
    place = entry.cited.get(lang, "")
    return f"{place} ({say('awaits', lang)})" if lang in entry.awaiting else place


def _sheet(book: "Workbook", name: str, lang: str, rows: Sequence[Sequence[str]]) -> None:
    sheet = _new_sheet(book, name, lang)
    head = book.add_format({"bold": True, "bottom": 1, "bg_color": "#D9E2EC", "text_wrap": True})
    for column, heading in enumerate(headings(lang)):
        sheet.write_string(0, column, heading, head)
    for at, row in enumerate(rows, start=1):
        for column, cell in enumerate(row):
            sheet.write_string(at, column, cell)
    for column, cell_format in enumerate(_formats(book, lang)):
        sheet.set_column(column, column, _WIDTHS[column], cell_format)
    sheet.set_column(len(COLUMNS), len(COLUMNS) + len(HIDDEN) - 1, None, None, {"hidden": True})
    sheet.freeze_panes(1, 0)
    if rows:
        sheet.autofilter(0, 0, len(rows), len(COLUMNS) - 1)
        choices = [status_word(status, lang) for status in reviews.STATUSES]
        at = COLUMNS.index("status")
        sheet.data_validation(1, at, len(rows), at, {"validate": "list", "source": choices})


def _formats(book: "Workbook", lang: str) -> Iterable["Format"]:
    for name in COLUMNS:
        look: dict[str, object] = {"text_wrap": True, "valign": "top"}
        if name not in _EDITABLE:
            look |= {"bg_color": "#F0F0F0", "font_color": "#555555"}
        if name == "english":
            look |= {"reading_order": 1}
        elif name == "translation" and lang in RIGHT_TO_LEFT:
            look |= {"reading_order": 2}
        yield book.add_format(look)


def _explain(book: "Workbook", lang: str) -> None:
    sheet = _new_sheet(book, f"readme-{lang}", lang)
    sheet.set_column(0, 0, _LINE_WIDTH, book.add_format({"text_wrap": True, "valign": "top"}))
    sheet.write_string(0, 0, say("title", lang), book.add_format({"bold": True, "font_size": 14}))
    places = {name: say(f"column.{name}", lang) for name in ("translation", "status", "comment")}
    places["reviewed"] = status_word(reviews.REVIEWED, lang)
    places["sheet"], places["awaits"] = f"glossary-{lang}", say("awaits", lang)
    for at, line in enumerate(_LINES, start=2):
        sheet.write_string(at, 0, say(line, lang, **places))


def _new_sheet(book: "Workbook", name: str, lang: str) -> "Worksheet":
    sheet = book.add_worksheet(name)
    if lang in RIGHT_TO_LEFT:
        sheet.right_to_left()
    return sheet
