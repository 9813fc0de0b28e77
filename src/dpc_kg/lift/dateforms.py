"""How a date that cannot be read was likely written: a word for its form, never the date."""

from collections import defaultdict
from collections.abc import Iterable

from dpc_kg.lift.reject import Alike

DATES = ("date", "date-order")
"""The rules on dates, whose cells have a form that can be told."""

_LAST_MONTH = 12
_DIGITS = "'٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹', '01234567890123456789'"
_PARTS = "[./ -]"
_FIRST, _SECOND = "^([0-9]+)", f"^[0-9]+{_PARTS}([0-9]+)"
_EITHER, _DAY, _MONTH = "day-or-month", "day-first", "month-first"


def reading_of_date(text: str) -> str:
    """Give SQL of a word for how a date is written, of SQL of its text; NULL where no form fits.

    The words are keys of the report's wording (``hint-day-first``).
    """
    x = f"translate({text}, {_DIGITS})"
    number = "TRY_CAST(regexp_extract({0}, '{1}', 1) AS INTEGER)".format
    months = (
        f"CASE WHEN {number(x, _FIRST)} > {_LAST_MONTH} THEN '{_DAY}'"
        f" WHEN {number(x, _SECOND)} > {_LAST_MONTH} THEN '{_MONTH}' ELSE '{_EITHER}' END"
    )
    forms = (
        (f"^[0-9]{{1,2}}{_PARTS}[0-9]{{1,2}}{_PARTS}[0-9]{{4}}", months),
        (f"^[0-9]{{1,2}}{_PARTS}[0-9]{{1,2}}{_PARTS}[0-9]{{2}}$", "'short-year'"),
        ("^[2-5][0-9]{4}([.][0-9]+)?$", "'serial'"),
        ("^(1[34]|2[45])[0-9]{2}-[0-9]{2}-[0-9]{2}", "'other-calendar'"),
        ("^[0-9]{4}-[0-9]{2}-[0-9]{2}", "'no-such-day'"),
    )
    tests = "".join(f" WHEN regexp_matches({x}, '{form}') THEN {word}" for form, word in forms)
    return f"CASE{tests} END"


def settled(found: Iterable[Alike]) -> dict[Alike, str]:
    """Give the readings of rejected cells by what they have in common.

    A date that can be read both ways is read as the others of its column are, if they agree.
    """
    told = [(alike, alike.reading) for alike in found if alike.reading is not None]
    seen: defaultdict[tuple[str, str | None], set[str]] = defaultdict(set)
    for alike, reading in told:
        seen[alike.source, alike.column].add(reading)
    readings = {}
    for alike, reading in told:
        others = seen[alike.source, alike.column] & {_DAY, _MONTH}
        is_clear = reading == _EITHER and len(others) == 1
        readings[alike] = next(iter(others)) if is_clear else reading
    return readings
