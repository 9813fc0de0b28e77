"""Words for people instead of IRIs and raw values: what stands in the cells of a page."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from dpc_kg.base.vocab import ID, local_name

Native = str | int | float | bool | None

_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_HEX = re.compile(r"[0-9a-f]{32,}")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
EMPTY = "–"
_UNITS = ((86_400, "d"), (3_600, "h"), (60, "min"))
SHORT = 8
"""Digits of a pseudonym that are shown; the whole stands in the cell's title."""


@dataclass(frozen=True)
class Cell:
    """A cell of a page.

    ``text`` is read, ``whole`` is what it stands for (None: itself), ``note`` helps to read it.
    """

    text: str
    whole: str | None = None
    number: bool = False
    note: str | None = None


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
    """Give the label of a term or code; of a record, the beginning of its pseudonym."""
    # reading the ontology takes a second: only pages need it
    from dpc_kg.model.ontology import label

    tail = local_name(iri) or iri
    if iri.startswith(ID):
        return f"{tail[:SHORT]}…" if _HEX.fullmatch(tail) else tail
    return label(iri, lang) or tail


def heading(name: str) -> str:
    """Give the words of a column's name.

    >>> heading("openToCloseSeconds")
    'open to close seconds'
    """
    return _HUMP.sub(" ", name).replace("_", " ").lower()


def table(columns: Sequence[str], rows: Sequence[Sequence[Native]], lang: str) -> "Shown":
    """Give a table as a page shows it."""
    timed = [name.lower().endswith("seconds") or "Seconds" in name for name in columns]
    cells = tuple(
        tuple(
            replace(cell(value, lang), note=duration(value)) if is_time else cell(value, lang)
            for value, is_time in zip(row, timed, strict=True)
        )
        for row in rows
    )
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


def duration(seconds: Native) -> str | None:
    """Give a number of seconds in the two units a person would use; None for less than a minute.

    >>> duration(93_600)
    '1 d 2 h'
    """
    if isinstance(seconds, bool | str | None) or abs(seconds) < _UNITS[-1][0]:
        return None
    rest = round(abs(seconds))
    parts: list[str] = []
    for size, unit in _UNITS:
        count, rest = divmod(rest, size)
        if count or parts:
            parts.append(f"{count} {unit}" if count else "")
    return ("−" if seconds < 0 else "") + " ".join(part for part in parts[:2] if part)


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
