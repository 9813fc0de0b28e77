"""Which literals are well-formed (XML Schema 1.1 Datatypes; RDF 1.1 Concepts, section 5.1).

Engines differ in the datatypes whose forms they know: this is what all of them are held to.
"""

import re
from collections.abc import Callable
from datetime import date

from dpc_kg.base.vocab import XSD

_ZONE = r"(?:Z|[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00))"
_YEAR = r"-?(?:[1-9][0-9]{3,8}|0[0-9]{3})"
# four digits are all that XML Schema (section 5.4) asks for; an engine ends at nineteen
_MONTH, _DAY = r"(?:0[1-9]|1[0-2])", r"(?:0[1-9]|[12][0-9]|3[01])"
_TIME = r"(?:(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?|24:00:00(?:\.0+)?)"
_DATE = rf"{_YEAR}-{_MONTH}-{_DAY}"
_YM, _DT = r"(?:[0-9]+Y)?(?:[0-9]+M)?", r"(?:[0-9]+D)?"
_HMS = r"(?:T(?=[0-9])(?:[0-9]+H)?(?:[0-9]+M)?(?:[0-9]+(?:\.[0-9]+)?S)?)?"
_FLOAT = r"(?:[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[Ee][+-]?[0-9]+)?|[+-]?INF|NaN)"
_BASE64 = r"(?:[A-Za-z0-9+/] ?){4}"

_FORMS = {
    "boolean": "true|false|0|1",
    "decimal": r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)",
    "float": _FLOAT,
    "double": _FLOAT,
    "date": f"{_DATE}{_ZONE}?",
    "time": f"{_TIME}{_ZONE}?",
    "dateTime": f"{_DATE}T{_TIME}{_ZONE}?",
    "dateTimeStamp": f"{_DATE}T{_TIME}{_ZONE}",
    "gYear": f"{_YEAR}{_ZONE}?",
    "gYearMonth": f"{_YEAR}-{_MONTH}{_ZONE}?",
    "gMonth": f"--{_MONTH}{_ZONE}?",
    "gMonthDay": f"--{_MONTH}-{_DAY}{_ZONE}?",
    "gDay": f"---{_DAY}{_ZONE}?",
    "duration": rf"-?P(?=[0-9T]){_YM}{_DT}{_HMS}",
    "yearMonthDuration": rf"-?P(?=[0-9]){_YM}",
    "dayTimeDuration": rf"-?P(?=[0-9T]){_DT}{_HMS}",
    "hexBinary": "(?:[0-9A-Fa-f]{2})*",
    "base64Binary": rf"(?:{_BASE64})*(?:{_BASE64}|(?:[A-Za-z0-9+/] ?){{2}}"
    r"[AEIMQUYcgkosw048] ?=|[A-Za-z0-9+/] ?[AQgw] ?= ?=)?",
    "language": "[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*",
    "normalizedString": r"[^\t\n\r]*",
    "token": r"(?:[^\t\n\r ]+(?: [^\t\n\r ]+)*)?",
}
_PATTERNS = {name: re.compile(form) for name, form in _FORMS.items()}
_INTEGER = re.compile(r"[+-]?[0-9]+")

_LIMITS: dict[str, tuple[int | None, int | None]] = {
    "integer": (None, None),
    "nonNegativeInteger": (0, None),
    "positiveInteger": (1, None),
    "nonPositiveInteger": (None, 0),
    "negativeInteger": (None, -1),
    "byte": (-(2**7), 2**7 - 1),
    "short": (-(2**15), 2**15 - 1),
    "int": (-(2**31), 2**31 - 1),
    "long": (-(2**63), 2**63 - 1),
    "unsignedByte": (0, 2**8 - 1),
    "unsignedShort": (0, 2**16 - 1),
    "unsignedInt": (0, 2**32 - 1),
    "unsignedLong": (0, 2**64 - 1),
}
_DIGITS = 4_000
"""So many digits are still turned into a number; longer ones are out of every limit."""


def well_formed(text: str, datatype: str) -> bool:
    """Tell whether a text is a lexical form of a datatype (IRI); any is, of one not known here.

    >>> well_formed("2024-02-30", XSD + "date"), well_formed("2024", XSD + "gYear")
    (False, True)
    """
    name = datatype.removeprefix(XSD) if datatype.startswith(XSD) else ""
    if name in _LIMITS:
        return _is_integer(text, *_LIMITS[name])
    pattern = _PATTERNS.get(name)
    if pattern is None:
        return True
    if not pattern.fullmatch(text):
        return False
    exists = _EXIST.get(name)
    return exists is None or exists(text)


def _is_integer(text: str, low: int | None, high: int | None) -> bool:
    if not _INTEGER.fullmatch(text):
        return False
    if len(text) > _DIGITS:
        sign = -1 if text.startswith("-") else 1
        return (high is None) if sign > 0 else (low is None)
    value = int(text)
    return (low is None or value >= low) and (high is None or value <= high)


def _is_day(text: str) -> bool:
    """Tell whether the day of a date exists; every fourth century is a leap year, before 1 too."""
    year, month, day = re.match(r"-?(\d+)-(\d\d)-(\d\d)", text).groups()  # type: ignore[union-attr]
    return int(day) <= _days(2000 + int(year[-4:]) % 400, int(month))


def _is_month_day(text: str) -> bool:
    return int(text[5:7]) <= _days(2000, int(text[2:4]))


def _days(year: int, month: int) -> int:
    after = date(year + month // 12, month % 12 + 1, 1)
    return (after - date(year, month, 1)).days


_EXIST: dict[str, Callable[[str], bool]] = {
    "date": _is_day,
    "dateTime": _is_day,
    "dateTimeStamp": _is_day,
    "gMonthDay": _is_month_day,
}
