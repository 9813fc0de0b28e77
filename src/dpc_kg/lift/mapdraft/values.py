"""What the cells of a column look like, said of the column and never of a value."""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from dpc_kg.model.inflection import one_by_one

_ISO = re.compile(r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}.*)?")
_DAY_FIRST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-]\d{4}(\D.*)?")
_FIGURES = re.compile(r"[^\w#]*\d[\d\W]*")
_INTEGER = re.compile(r"[+-]?\d+")
_ALPHA2 = re.compile(r"[A-Z]{2}")
_CONTACT = (
    re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+"),
    re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE),
    re.compile(r"\d{1,3}(\.\d{1,3}){3}"),
    re.compile(r"[+(]?\d[\d ()./-]{6,}\d"),
    re.compile(r"-?\d{1,3}\.\d{3,}\s*[,;]\s*-?\d{1,3}\.\d{3,}"),
)
_YES_OR_NO = one_by_one("true false yes no y n 1 0 unknown mixed")
_MONTHS = 12
_LONG, _WORDY = 60, 8
_LONG_DIGITS = re.compile(r"\d{6,}")
_MOST = 0.9
_SOME = 0.02
_OLDEST = 120


@dataclass(frozen=True)
class Looks:
    """What nearly all values of a field look like.

    ``contact`` and ``text`` tell that some look like contact data (addresses, numbers, places by
    which somebody is found) or sentences. ``day_first`` counts the cells with dates that do not
    begin with the year, ``both_ways`` those of them in which day and month cannot be told apart.
    """

    dates: bool
    integers: bool
    ages: bool
    answers: bool
    countries: bool
    contact: bool
    text: bool
    day_first: int
    both_ways: int


def looks(values: Counter[str]) -> Looks:
    """Give what the distinct values of a field look like."""
    loose = [(m, n) for v, n in values.items() if (m := _DAY_FIRST.fullmatch(v))]
    return Looks(
        dates=_share(values, is_date) >= _MOST,
        integers=_share(values, _INTEGER.fullmatch) >= _MOST,
        ages=_share(values, lambda v: v.isdecimal() and int(v) <= _OLDEST) >= _MOST,
        answers=_share(values, lambda v: v.casefold() in _YES_OR_NO) == 1.0,
        countries=_share(values, _ALPHA2.fullmatch) >= _MOST,
        contact=_share(values, _is_contact) > _SOME,
        text=_share(values, _is_long) > _SOME,
        day_first=sum(n for _, n in loose),
        both_ways=sum(n for m, n in loose if int(m[1]) <= _MONTHS and int(m[2]) <= _MONTHS),
    )


def _share(values: Iterable[str], test: Callable[[str], object]) -> float:
    found = [bool(test(v)) for v in values]
    return sum(found) / len(found) if found else 0.0


def is_date(value: str) -> bool:
    """Tell whether a cell is a date or a moment, year first or day first."""
    return bool(_ISO.fullmatch(value) or _DAY_FIRST.fullmatch(value))


def may_be_header(text: str) -> bool:
    """Tell whether a cell may be the name of a column: no number, date, answer or contact.

    >>> may_be_header("#"), may_be_header("Age 2024"), may_be_header("12.5"), may_be_header("true")
    (True, True, False, False)
    """
    return not (
        _FIGURES.fullmatch(text)
        or is_date(text)
        or _is_contact(text)
        or text.casefold() in _YES_OR_NO
    )


def _is_contact(value: str) -> bool:
    return any(p.fullmatch(value) for p in _CONTACT) and not is_date(value)


def _is_long(value: str) -> bool:
    return len(value) > _LONG or len(value.split()) > _WORDY


def may_be_written(value: str, count: int, least: int, *, known: bool) -> bool:
    """Tell whether a value of a list may stand in a draft: said often, and no name or number.

    A value that the model has a word for is no name, whatever its capitals.
    """
    if count < least or _is_long(value) or any(p.search(value) for p in _CONTACT):
        return False
    if _LONG_DIGITS.search(value):
        return False
    parts = value.split()
    return known or not (len(parts) > 1 and all(p[:1].isupper() for p in parts))
