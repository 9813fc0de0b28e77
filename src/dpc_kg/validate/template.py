"""The workbook that an office with a spreadsheet only fills in: ``dpc-kg template``.

One sheet a kind of record, one that explains, and a hidden one with the code lists. All of it
follows from the shapes, the ontology and ``mappings/lift/template``; the same tier and language
give the same bytes.
"""

from datetime import date
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from dpc_kg.base.errors import DpcError
from dpc_kg.base.settings import LANGS, MADE, PROFILES, RIGHT_TO_LEFT
from dpc_kg.lift.template import Column, Sheet, choices, marked, sheets
from dpc_kg.lift.template.tier import PROPERTY
from dpc_kg.validate.templateguide import write_guide
from dpc_kg.validate.templatehints import how, note, say, tab, tier_word

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

ROWS = 1000
"""How many rows below the header are checked while somebody types."""

FIRST, LAST = 2, ROWS + 1
"""The numbers of the first and the last of these rows."""

_EARLIEST, _LATEST = date(1990, 1, 1), date(2099, 12, 31)
_FORMS = {"date": "yyyy-mm-dd", "integer": "0"}
_TEXT = "@"
_MUST, _MAY, _MISSING = "#F9D9A8", "#D9E2EC", "#FDE9D0"
_NARROW, _WIDE, _NOTE_WIDTH, _NOTE_LINE = 14, 34, 320, 18
_LONGEST = 255
"""The longest message of a check that a workbook allows."""


def write(path: Path, profile: str, lang: str) -> tuple[Sheet, ...]:
    """Write the template of a tier in a language, and give its sheets.

    Raises:
        DpcError: there is no such tier or language.
        OSError: the file cannot be written.
    """
    import xlsxwriter

    for given, known in ((profile, PROFILES), (lang, LANGS)):
        if given not in known:
            advice = f"Known: {', '.join(known)}."
            raise DpcError("A template cannot be made of this.", term=given, advice=advice)
    made, held = sheets(profile), BytesIO()
    with xlsxwriter.Workbook(held, {"in_memory": True}) as book:
        title = say("title", lang, tier=tier_word(profile, lang))
        book.set_properties({"title": title, "created": MADE})
        book.set_custom_property(PROPERTY, profile)
        write_guide(new_sheet(book, say("tab.readme", lang), lang), book, made, profile, lang, ROWS)
        writer = _Writer(book, lang, made)
        for sheet in made:
            writer.sheet(sheet)
        writer.lists()
    path.write_bytes(held.getvalue())
    return made


def new_sheet(book: "Workbook", title: str, lang: str) -> "Worksheet":
    """Add a sheet that runs in the direction of the language."""
    sheet = book.add_worksheet(title)
    if lang in RIGHT_TO_LEFT:
        sheet.right_to_left()
    return sheet


class _Writer:
    """Writes the sheets of records, then the lists that they refer to."""

    def __init__(self, book: "Workbook", lang: str, made: tuple[Sheet, ...]) -> None:
        self.book = book
        self.lang = lang
        used = (c.scheme for s in made for c in s.columns if c.scheme)
        self.schemes = {scheme: at for at, scheme in enumerate(dict.fromkeys(used))}
        self.missing = book.add_format({"bg_color": _MISSING})
        self.heads = {must: self.head(must=must) for must in (True, False)}
        self.formats: dict[str, Format] = {}

    def head(self, *, must: bool) -> "Format":
        look = {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}
        return self.book.add_format(look | {"bg_color": _MUST if must else _MAY})

    def format(self, column: Column) -> "Format":
        """Give the form of a column's cells; text stays text, so that 5-9 becomes no date."""
        form = _FORMS.get(column.kind, _TEXT)
        if form not in self.formats:
            self.formats[form] = self.book.add_format({"num_format": form})
        return self.formats[form]

    def sheet(self, sheet: Sheet) -> None:
        """Write the sheet of a class."""
        page = new_sheet(self.book, tab(sheet.cls, self.lang), self.lang)
        for at, column in enumerate(sheet.columns):
            self.column(page, sheet, column, at)
        page.freeze_panes(1, 1)
        page.set_row(0, 48)

    def column(self, page: "Worksheet", sheet: Sheet, column: Column, at: int) -> None:
        """Write the header of a column with its note, and how its cells are checked."""
        said = marked(column, self.lang)
        page.set_column(at, at, max(_NARROW, min(_WIDE, len(said) + 2)), self.format(column))
        page.write_string(0, at, said, self.heads[column.required or column.either])
        text = note(sheet, column, self.lang)
        lines = sum(1 + len(line) // 40 for line in text.splitlines())
        size = {"width": _NOTE_WIDTH, "height": _NOTE_LINE * (lines + 1)}
        page.write_comment(0, at, text, size)
        check = self.check(column, at)
        if check:
            page.data_validation(FIRST - 1, at, LAST - 1, at, check | self.message(column))
        blank = _blank(sheet, column, at)
        if blank:
            rule = {"type": "formula", "criteria": blank, "format": self.missing}
            page.conditional_format(FIRST - 1, at, LAST - 1, at, rule)

    def check(self, column: Column, at: int) -> dict[str, object]:
        """Give what a cell of a column may hold, as a workbook checks it; empty for anything."""
        if column.kind == "code":
            return {"validate": "list", "source": self.range_of(column.scheme)}
        if column.kind == "link":
            return {"validate": "list", "source": self.numbers(column.target)}
        if column.kind == "date":
            between = {"minimum": _EARLIEST, "maximum": _LATEST}
            return {"validate": "date", "criteria": "between", **between}
        if column.kind == "integer":
            return {"validate": "integer", "criteria": ">=", "value": column.lowest}
        if column.kind == "country":
            return {"validate": "length", "criteria": "==", "value": 2}
        if column.kind == "number":
            # COUNTIF would take 1-2 for a date
            own = letter(at)
            formula = f"=SUMPRODUCT(--(${own}${FIRST}:${own}${LAST}={own}{FIRST}))=1"
            return {"validate": "custom", "value": formula}
        return {}

    def message(self, column: Column) -> dict[str, object]:
        is_number = column.kind == "number"
        said = say("wrong.number", self.lang) if is_number else how(column, self.lang)
        return {"error_message": said[:_LONGEST], "ignore_blank": True}

    def range_of(self, scheme: str) -> str:
        """Give where the words of a list stand."""
        column = letter(2 * self.schemes[scheme] + 1)
        last = 1 + len(choices(scheme, self.lang))
        return f"={quoted(say('tab.codes', self.lang))}!${column}$2:${column}${last}"

    def numbers(self, cls: str) -> str:
        """Give where the numbers of the records of a class stand, as far as they are filled in."""
        page = f"{quoted(tab(cls, self.lang))}!$A$"
        count = f"MAX(1,COUNTA({page}{FIRST}:$A${LAST}))"
        return f"=OFFSET({page}{FIRST},0,0,{count},1)"

    def lists(self) -> None:
        """Write the hidden sheet: of each list the codes and, beside them, their words."""
        page = new_sheet(self.book, say("tab.codes", self.lang), self.lang)
        text = self.book.add_format({"num_format": _TEXT})
        for scheme, at in self.schemes.items():
            page.write_string(0, 2 * at, scheme)
            for row, choice in enumerate(choices(scheme, self.lang), start=1):
                page.write_string(row, 2 * at, choice.notation, text)
                page.write_string(row, 2 * at + 1, choice.text, text)
        page.hide()


def letter(at: int) -> str:
    """Give the letters of a column, counted from 0."""
    from xlsxwriter.utility import xl_col_to_name

    name: str = xl_col_to_name(at)
    return name


def quoted(title: str) -> str:
    """Give the title of a sheet as a formula writes it."""
    return "'" + title.replace("'", "''") + "'"


def _blank(sheet: Sheet, column: Column, at: int) -> str:
    """Give the formula that is true where a cell of a begun row has to be filled and is blank."""
    if column.kind == "number":
        last = letter(len(sheet.columns) - 1)
        return f'=AND($A{FIRST}="",COUNTA($B{FIRST}:${last}{FIRST})>0)'
    if column.required:
        return f'=AND($A{FIRST}<>"",{letter(at)}{FIRST}="")'
    if column.either:
        places = [letter(n) for n, c in enumerate(sheet.columns) if c.either]
        blanks = ",".join(f'${place}{FIRST}=""' for place in places)
        return f'=AND($A{FIRST}<>"",{blanks})'
    return ""
