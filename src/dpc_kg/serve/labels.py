"""Words for people instead of IRIs and raw values: what stands in the cells of a page."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from dpc_kg.base.vocab import CODES, ID, local_name

Native = str | int | float | bool | None

_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_HEX = re.compile(r"[0-9a-f]{64}")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
EMPTY = "–"
SHORT = 8
"""Digits of a pseudonym that are shown; the whole stands in the cell's title."""


@dataclass(frozen=True)
class Cell:
    """A cell of a page: what is read, what it stands for (None: itself), whether it is a number."""

    text: str
    whole: str | None = None
    number: bool = False


def cell(value: Native, lang: str) -> Cell:
    """Give what a page shows for a value of an answer."""
    if value is None:
        return Cell(EMPTY)
    if isinstance(value, bool):
        return Cell("yes" if value else "no")
    if isinstance(value, int):
        return Cell(f"{value:,}", number=True)
    if isinstance(value, float):
        return Cell(_decimal(value), number=True)
    if value.startswith(("https://", "http://", "urn:")):
        return Cell(word(value, lang), value)
    if _TIME.fullmatch(value):
        return Cell(_time(value), value)
    return Cell(value)


def word(iri: str, lang: str) -> str:
    """Give the label of a term or code; else its notation, or the beginning of its pseudonym."""
    label = _label(iri, lang)
    if label:
        return label
    tail = local_name(iri) or iri
    if iri.startswith(ID) and _HEX.fullmatch(tail):
        return f"{tail[:SHORT]}…"
    if iri.startswith(CODES):
        return tail.replace("-", " ") if not tail[:1].isdigit() else tail
    return tail


def heading(name: str) -> str:
    """Give the words of a column's name.

    >>> heading("openToCloseSeconds")
    'open to close seconds'
    """
    return _HUMP.sub(" ", name).replace("_", " ").lower()


def table(columns: Sequence[str], rows: Sequence[Sequence[Native]], lang: str) -> "Shown":
    """Give a table as a page shows it."""
    cells = tuple(tuple(cell(value, lang) for value in row) for row in rows)
    numbers = tuple(
        all(row[i].number for row in cells if row[i].text != EMPTY)
        and any(row[i].number for row in cells)
        for i in range(len(columns))
    )
    return Shown(tuple(heading(name) for name in columns), numbers, cells)


@dataclass(frozen=True)
class Shown:
    """A table as a page shows it; ``numbers`` says which columns are set flush right."""

    headings: tuple[str, ...]
    numbers: tuple[bool, ...]
    rows: tuple[tuple[Cell, ...], ...]


def _label(iri: str, lang: str) -> str | None:
    try:
        from dpc_kg.model.ontology import label
    except ImportError:
        return None
    return label(iri, lang)


def _decimal(value: float) -> str:
    text = f"{value:,.2f}"
    return text.rstrip("0").rstrip(".")


def _time(value: str) -> str:
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        return value
    midnight = (at.hour, at.minute, at.second) == (0, 0, 0)
    return at.strftime("%Y-%m-%d" if midnight else "%Y-%m-%d %H:%M UTC")
