"""The first sheet of the template: what to do, what never to write, and what each column means."""

from typing import TYPE_CHECKING

from dpc_kg.base.settings import RIGHT_TO_LEFT
from dpc_kg.lift.template import Sheet, marked
from dpc_kg.model import ontology
from dpc_kg.validate.templatehints import (
    DATE,
    command,
    example,
    meaning,
    say,
    tab,
    tier_word,
)

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

_LINES = ("what", "never", "numbers", "marks", "lists", "dates", "keep", "check")
_STRONG = frozenset({"never"})
_HEADS = ("column", "meaning", "example")
_WIDTHS = (38, 84, 34)
_LEFT_TO_RIGHT = 1


def write_guide(
    page: "Worksheet",
    book: "Workbook",
    sheets: tuple[Sheet, ...],
    profile: str,
    lang: str,
    rows: int,
) -> None:
    """Write the sheet; ``rows`` is how many rows of the other sheets are checked."""
    plain = {"text_wrap": True, "valign": "top"}
    text, bold = book.add_format(plain), book.add_format(plain | {"bold": True})
    large = book.add_format({"bold": True, "font_size": 14})
    for at, width in enumerate(_WIDTHS):
        page.set_column(at, at, width, text)
    page.write_string(0, 0, say("title", lang, tier=tier_word(profile, lang)), large)
    at = 2
    for line in _LINES:
        said = say(line, lang, date=DATE, rows=f"{rows:,}" if lang == "en" else rows)
        _across(page, at, said, bold if line in _STRONG else text)
        at += 1
    # a command is read from left to right in every language
    typed = {"font_name": "Courier New", "reading_order": _LEFT_TO_RIGHT}
    right = {"align": "right"} if lang in RIGHT_TO_LEFT else {}
    _across(page, at, command(profile, lang), book.add_format(plain | typed | right))
    _columns(page, at + 2, sheets, lang, (large, bold))


def _across(page: "Worksheet", row: int, said: str, look: "Format") -> None:
    """Write a sentence over the whole width."""
    page.merge_range(row, 0, row, len(_WIDTHS) - 1, said, look)
    page.set_row(row, 16 * (1 + len(said) // (sum(_WIDTHS) - 20)))


def _columns(
    page: "Worksheet",
    at: int,
    sheets: tuple[Sheet, ...],
    lang: str,
    looks: tuple["Format", "Format"],
) -> None:
    large, bold = looks
    page.write_string(at, 0, say("guide", lang), large)
    for sheet in sheets:
        at += 2
        page.write_string(at, 0, tab(sheet.cls, lang), bold)
        page.write_string(at, 1, ontology.definition(sheet.cls, lang) or "")
        at += 1
        for place, head in enumerate(_HEADS):
            page.write_string(at, place, say(head, lang), bold)
        for column in sheet.columns:
            at += 1
            page.write_string(at, 0, marked(column, lang))
            page.write_string(at, 1, " ".join(meaning(sheet, column, lang)))
            page.write_string(at, 2, example(column, lang))
