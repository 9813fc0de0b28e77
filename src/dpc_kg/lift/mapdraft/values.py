"""What the cells of a column look like, said of the column and never of a value."""

import re
from collections.abc import Callable, Iterable

from dpc_kg.model.inflection import one_by_one

_ISO = re.compile(r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}.*)?")
_DAY_FIRST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-]\d{4}(\D.*)?")
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


def _share(values: Iterable[str], test: Callable[[str], object]) -> float:
    found = [bool(test(v)) for v in values]
    return sum(found) / len(found) if found else 0.0


def is_date(value: str) -> bool:
    """Tell whether a cell is a date or a moment, year first or day first."""
    return bool(_ISO.fullmatch(value) or _DAY_FIRST.fullmatch(value))


def dates(values: Iterable[str]) -> bool:
    """Tell whether nearly all values are dates."""
    return _share(values, is_date) >= _MOST


def day_first(values: Iterable[str]) -> tuple[int, int]:
    """Give how many values begin with day or month, and how many of those may be read both ways."""
    found = [m for v in values if (m := _DAY_FIRST.fullmatch(v))]
    both = sum(int(m[1]) <= _MONTHS and int(m[2]) <= _MONTHS for m in found)
    return len(found), both


def integers(values: Iterable[str]) -> bool:
    """Tell whether nearly all values are whole numbers."""
    return _share(values, _INTEGER.fullmatch) >= _MOST


def ages(values: Iterable[str]) -> bool:
    """Tell whether nearly all values are numbers of years."""
    return _share(values, lambda v: v.isdigit() and int(v) <= _OLDEST) >= _MOST


def answers(values: Iterable[str]) -> bool:
    """Tell whether all values are yes, no or unknown as a mapping understands them."""
    return _share(values, lambda v: v.casefold() in _YES_OR_NO) == 1.0


def countries(values: Iterable[str]) -> bool:
    """Tell whether nearly all values are two capital letters, as ISO 3166 has them."""
    return _share(values, _ALPHA2.fullmatch) >= _MOST


def contact_data(values: Iterable[str]) -> bool:
    """Tell whether values look like addresses, numbers or places by which somebody is found."""
    return (
        _share(values, lambda v: any(p.fullmatch(v) for p in _CONTACT) and not is_date(v)) > _SOME
    )


def free_text(values: Iterable[str]) -> bool:
    """Tell whether values are sentences."""
    return _share(values, _is_long) > _SOME


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
