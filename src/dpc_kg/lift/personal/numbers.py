"""Whether a column holds numbers of persons: all with one check digit, or all with a day of birth.

One number tells little: a tenth of all numbers pass the test of any one scheme. Of a whole column
nearly all pass only where the scheme is theirs, so no country has to be listed. Numbers that hold
a day are told from numbers of cases by their years: persons are born in many, an office works in
few.

Sources: ISO/IEC 7812 and 7064; the weights are those that registers publish most often.
"""

import datetime
import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping

from dpc_kg.lift.personal.checks import luhn, verhoeff
from dpc_kg.lift.personal.plain import plain

_RUN = re.compile(r"(?<![\w.,+-])[A-Z]?\d(?:[ ./+-]?[A-Z]?\d){6,}(?:[ -]?[A-Z])?(?![\w]|[.,:]\d)")
_LENGTHS = range(8, 19)
_LEAST, _SHARE = 8, 0.8
"""Different numbers of one length, at least; of them so many pass. Some schemes have exceptions."""

_DATED, _SURE, _YEARS, _DAYS = 12, 0.9, 8, 4
"""The same for days in numbers; and in how many years, months and days of a month they are."""

_SHORTEST_DATED = 9
"""Digits of a number that holds a day and more."""

_MOST = 500
"""Numbers of a column that are looked at."""

_TURNED, _ELEVEN, _NINETY_SEVEN = 10, 11, 97

_CENTURIES = (0, 20, 40, 50, 60, 70, 80)
_MONTHS = 12
"""What registers add to the month of birth where the year stands first: century or sex."""

_GIRLS = 40
"""What registers add to the day of birth of a woman."""

Scheme = Callable[[list[int]], int]
"""What is left of the digits of a number: nothing where the check digit is right."""


def number_in(value: str) -> str | None:
    """Give the one long number in a cell, without what parts its digits; None without or of two.

    >>> number_in("ID 13 245-678"), number_in("2024-03-01 10:30"), number_in("25.964.898-K")
    ('13245678', None, '25964898K')
    """
    found = _RUN.findall(plain(value)) if any(map(str.isdecimal, value)) else []
    return re.sub(r"\W", "", found[0]) if len(found) == 1 else None


def are_numbers_of_persons(candidates: Mapping[str, int], filled: int) -> bool:
    """Tell whether most filled cells hold numbers that carry one check digit or days of birth.

    ``candidates`` are the values with a digit, with how many cells have each.
    """
    groups: dict[tuple[int, bool], set[str]] = defaultdict(set)
    cells: Counter[tuple[int, bool]] = Counter()
    taken = dict(itertools.islice(candidates.items(), _MOST))
    for value, count in taken.items():
        number = number_in(value)
        if number is not None and len(number) in _LENGTHS:
            form = len(number), number[0].isalpha()
            groups[form].add(number)
            cells[form] += count
    told = sum(cells[form] for form, found in groups.items() if _are_told(found))
    # where a column has more values than are looked at, these stand for all
    return told > 0 and 2 * told >= min(
        filled, sum(taken.values()) if len(taken) == _MOST else filled
    )


def _are_told(numbers: set[str]) -> bool:
    if len(numbers) < _LEAST:
        return False
    return _are_checked(numbers) or (len(numbers) >= _DATED and _are_dated(numbers))


def _are_checked(numbers: set[str]) -> bool:
    if any(number[0].isalpha() for number in numbers):
        return _are_checked_by_letter(numbers)
    figures = [_figures(number) for number in numbers]
    return any(sum(left(f) == 0 for f in figures) >= _SHARE * len(figures) for left in _SCHEMES)


def _are_checked_by_letter(numbers: set[str]) -> bool:
    """Tell the same of numbers behind a letter: it counts too, the same for all that begin so."""
    letters = {number[0] for number in numbers}
    others = len(numbers) - len(letters)
    if others < _LEAST:
        return False
    figures = [(number[0], _figures(number)) for number in numbers]
    for left in _SCHEMES:
        lefts: dict[str, Counter[int]] = defaultdict(Counter)
        for letter, found in figures:
            rest = left(found)
            lefts[letter][rest] += rest >= 0
        if sum(max(counts.values()) - 1 for counts in lefts.values()) >= _SHARE * others:
            return True
    return False


def _figures(number: str) -> list[int]:
    """Give the digits; a letter at the end stands for ten."""
    made = [int(mark) for mark in number if mark.isdigit()]
    return [*made, _TURNED] if number[-1].isalpha() else made


def _luhn(figures: list[int]) -> int:
    return 0 if max(figures) < _TURNED and luhn("".join(map(str, figures))) else -1


def _verhoeff(figures: list[int]) -> int:
    return 0 if max(figures) < _TURNED and verhoeff("".join(map(str, figures))) else -1


def _turning(figures: list[int]) -> int:
    """Give what is left by ISO 7064, modulus 11 and 10."""
    left = _TURNED
    for figure in figures[:-1]:
        left = ((left + figure) % _TURNED or _TURNED) * 2 % _ELEVEN
    return (left + figures[-1] - 1) % _TURNED


def _of_97(figures: list[int]) -> int:
    """Give nothing where the last two digits are the rest by 97, or lack to 97 or 98."""
    number, check = int("".join(map(str, figures[:-2]))), 10 * figures[-2] + figures[-1]
    rest, shifted = number % _NINETY_SEVEN, 100 * number % _NINETY_SEVEN
    return 0 if check in {rest, _NINETY_SEVEN - rest, 98 - shifted} else -1


def _weighed(weights: tuple[int, ...], modulus: int, sign: int) -> Scheme:
    """Give the scheme of a sum of weighed digits, the last but one first, and of the check."""

    def left(figures: list[int]) -> int:
        before = zip(reversed(figures[:-1]), itertools.cycle(weights), strict=False)
        return (sum(f * w for f, w in before) + sign * figures[-1]) % modulus

    return left


_RISING = tuple(range(1, 20))
_WEIGHTS = (_RISING, _RISING[1:], (2, 3, 4, 5, 6, 7), (7, 3, 1), (1, 3, 7), (3, 7, 1), (9, 7, 3, 1))
_SCHEMES: tuple[Scheme, ...] = (
    _luhn,
    _verhoeff,
    _turning,
    _of_97,
    *(
        _weighed(weights, modulus, sign)
        for weights in _WEIGHTS
        for modulus in (_TURNED, _ELEVEN)
        for sign in (1, -1)
    ),
)


def _are_dated(numbers: set[str]) -> bool:
    """Tell whether the numbers hold days at one place, of many years."""
    figures = ["".join(filter(str.isdigit, number)) for number in numbers]
    if min(map(len, figures)) < _SHORTEST_DATED:
        return False
    return any(
        _are_days([way(f[start : start + 8]) for f in figures])
        for start in (0, 1, 6)
        for way in (_year_first, _day_first, _whole_year)
    )


def _are_days(found: list[datetime.date | None]) -> bool:
    days = [day for day in found if day is not None]
    if len(days) < _SURE * len(found):
        return False
    # the years of cases are few; a number that only looks like a day has one day or month
    spread = (len({d.year for d in days}), len({d.month for d in days}), len({d.day for d in days}))
    return spread[0] >= _YEARS and min(spread[1:]) >= _DAYS


def _year_first(text: str) -> datetime.date | None:
    if len(text) < len("yymmdd"):
        return None
    month = int(text[2:4])
    added = next((a for a in _CENTURIES if 1 <= month - a <= _MONTHS), 0)
    return _day(2000 + int(text[:2]), month - added, text[4:6])


def _day_first(text: str) -> datetime.date | None:
    if len(text) < len("ddmmyy"):
        return None
    return _day(2000 + int(text[4:6]), int(text[2:4]), text[:2])


def _whole_year(text: str) -> datetime.date | None:
    if len(text) < len("yyyymmdd") or text[:2] not in {"19", "20"}:
        return None
    return _day(int(text[:4]), int(text[4:6]), text[6:])


def _day(year: int, month: int, day: str) -> datetime.date | None:
    """Give a day that there is; what registers add to the day of birth of a woman is taken off."""
    try:
        return datetime.date(year, month, int(day) - (_GIRLS if int(day) > _GIRLS else 0))
    except ValueError:
        return None
