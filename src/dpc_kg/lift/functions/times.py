"""Functions of points in time: cut to a period, apart by seconds, within a limit, half known."""

from dpc_kg.base.vocab import XSD
from dpc_kg.lift.functions.base import (
    CODE,
    Args,
    Function,
    Made,
    code_iri,
    fault,
    looked_up,
    once,
    wrong,
)


def _instant_rule(a: Args) -> str:
    value = a.clean("value")
    return (
        f"CASE WHEN {value} IS NULL OR {a.moment('value')} IS NOT NULL THEN NULL"
        f" WHEN dpc_day_first({value}) THEN {fault('date-order')} ELSE {fault('date')} END"
    )


_UNITS = {"instant": "second", "day": "day", "month": "month", "quarter": "quarter", "year": "year"}
_FORMATS = {"year": "%Y", "month": "%Y-%m", "day": "%Y-%m-%d"}


def _instant(a: Args) -> Made:
    """Give a point in time cut to its precision (UTC); a fault for no such point."""
    unit = _UNITS[a.const("precision", "month")]
    sql = f"strftime(date_trunc('{unit}', {a.moment('value')}), '%Y-%m-%dT%H:%M:%SZ')"
    return Made(sql, rule=_instant_rule(a))


def _precision(a: Args) -> Made:
    """Give how far a point in time is cut, where there is one."""
    code = code_iri("precision", a.const("precision", "month"))
    return Made(f"CASE WHEN {a.moment('value')} IS NOT NULL THEN {code} END")


def _period(a: Args) -> Made:
    """Give the year, month or day of a point in time; a fault for no such point."""
    shape = _FORMATS[a.const("precision", "month")]
    sql = f"{CODE}period/' || strftime({a.moment('value')}, '{shape}')"
    return Made(sql, rule=_instant_rule(a))


def _between(a: Args) -> str:
    return f"(epoch({a.moment('to')}) - epoch({a.moment('from')}))::BIGINT"


def _seconds(a: Args) -> Made:
    """Give the seconds between two moments, below zero where the order is wrong."""
    return Made(f"{_between(a)}::VARCHAR")


def _elapsed(a: Args) -> Made:
    """Give the seconds to a later moment; none where the order is the other way round."""
    seconds = _between(a)
    return Made(f"CASE WHEN {seconds} >= 0 THEN {seconds}::VARCHAR END")


def _within(a: Args) -> Made:
    """Give whether two moments are no further apart than the listed seconds of a value."""
    limit = f"TRY_CAST({looked_up(a, 'code')} AS BIGINT)"
    seconds = _between(a)
    sql = (
        f"CASE WHEN {seconds} IS NULL OR {limit} IS NULL THEN NULL"
        f" WHEN {seconds} <= {limit} THEN {CODE}tristate/yes' ELSE {CODE}tristate/no' END"
    )
    return Made(sql)


_CALENDAR = "([0-9]{4})[ -]?(Q[1-4]|H[12]|0[1-9]|1[0-2])?"


def is_calendar_period(value: str) -> str:
    """Give SQL true where a text names a year, half, quarter or month, or "from - to"."""
    return f"regexp_full_match({value}, '{_CALENDAR}( - {_CALENDAR})?')"


def _calendar_period(a: Args) -> Made:
    """Give a named year, half, quarter or month; of "from - to" the first; a fault for others."""
    value = a.clean("value")
    good = is_calendar_period(value)
    year, part = (f"regexp_extract({value}, '^{_CALENDAR}', {i})" for i in (1, 2))
    tail = f"CASE WHEN {part} = '' THEN '' ELSE '-' || {part} END"
    sql = f"CASE WHEN {good} THEN {CODE}period/' || {year} || {tail} END"
    return Made(sql, rule=f"CASE WHEN {value} IS NOT NULL AND NOT {good} THEN {fault('date')} END")


_LAST_EPOCH = 4_102_444_800
"""The start of 2100: a number above is no count of seconds, but of milliseconds or a slip."""


def _epoch(a: Args) -> Made:
    """Give the point in time that is some seconds after the start of 1970; a fault for others."""
    value = a.clean("value")
    digits = f"CASE WHEN regexp_full_match({value}, '[0-9]{{1,10}}') THEN {value} END"
    seconds = f"TRY_CAST({digits} AS BIGINT)"
    sql = (
        f"CASE WHEN {seconds} < {_LAST_EPOCH}"
        f" THEN strftime(make_timestamp({seconds} * 1000000), '%Y-%m-%dT%H:%M:%SZ') END"
    )
    return Made(sql, wrong(value, sql, "date"))


_SHAPE = r"'([0-9]{2}|zz)/([0-9]{2}|zz)/([0-9]{4})'"
_DAY, _MONTH, _YEAR = (f"regexp_extract(c, {_SHAPE}, {group})" for group in (1, 2, 3))
_WHOLE = (
    f"TRY_CAST({_YEAR} || '-' || replace({_MONTH}, 'zz', '01') || '-'"
    f" || replace({_DAY}, 'zz', '01') AS DATE)"
)
_KNOWN = f"regexp_full_match(c, {_SHAPE}) AND NOT ({_MONTH} = 'zz' AND {_DAY} <> 'zz')"


def _partial(a: Args, body: str) -> str:
    """Give SQL of ``body`` over a date written day first, ``zz`` for what nobody knows."""
    there = f"CASE WHEN {_KNOWN} AND {_WHOLE} IS NOT NULL THEN {body} END"
    return once(f"lower({a.clean('value')})", there)


def _partial_instant(a: Args) -> Made:
    """Give the month or year that is known of ``zz/05/2020``; a fault for any other text."""
    sql = _partial(a, f"strftime(date_trunc('month', {_WHOLE}), '%Y-%m-%dT%H:%M:%SZ')")
    return Made(sql, wrong(a.clean("value"), sql, "date"))


def _partial_precision(a: Args) -> Made:
    """Give how much is known of such a date."""
    cut = f"CASE WHEN {_MONTH} = 'zz' THEN 'year' ELSE 'month' END"
    return Made(_partial(a, f"{CODE}precision/' || {cut}"))


_INSTANT = {"precision": frozenset(_UNITS)}
_PERIOD = {"precision": frozenset(_FORMATS)}

FUNCTIONS: dict[str, Function] = {
    "calendarPeriod": Function(("value",), "iri", _calendar_period),
    "elapsed": Function(
        ("from", "to"), "literal", _elapsed, "to", XSD + "integer", required=("from", "to")
    ),
    "epoch": Function(("value",), "literal", _epoch),
    "instant": Function(
        ("value", "precision"), "literal", _instant, datatype=XSD + "dateTime", choices=_INSTANT
    ),
    "partialInstant": Function(("value",), "literal", _partial_instant, datatype=XSD + "dateTime"),
    "partialPrecision": Function(("value",), "iri", _partial_precision),
    "period": Function(("value", "precision"), "iri", _period, choices=_PERIOD),
    "precision": Function(("value", "precision"), "iri", _precision, choices=_INSTANT),
    "seconds": Function(
        ("from", "to"), "literal", _seconds, "to", XSD + "integer", required=("from", "to")
    ),
    "within": Function(
        ("from", "to", "list", "value"),
        "iri",
        _within,
        "to",
        required=("from", "to", "list", "value"),
    ),
}
