"""Functions of points in time: cut to a period, apart by seconds, within a limit."""

from dpc_kg.base.vocab import XSD
from dpc_kg.lift.functions.base import CODE, Args, Function, Made, code_iri, looked_up


def _instant_rule(a: Args) -> str:
    value = a.clean("value")
    return (
        f"CASE WHEN {value} IS NULL OR {a.moment('value')} IS NOT NULL THEN NULL"
        f" WHEN dpc_day_first({value}) THEN 'date-order' ELSE 'date' END"
    )


_UNITS = {"instant": "second", "day": "day", "month": "month", "quarter": "quarter", "year": "year"}
_FORMATS = {"year": "%Y", "month": "%Y-%m", "day": "%Y-%m-%d"}


def _instant(a: Args) -> Made:
    unit = _UNITS[a.const("precision", "month")]
    sql = f"strftime(date_trunc('{unit}', {a.moment('value')}), '%Y-%m-%dT%H:%M:%SZ')"
    return Made(sql, rule=_instant_rule(a))


def _precision(a: Args) -> Made:
    code = code_iri("precision", a.const("precision", "month"))
    return Made(f"CASE WHEN {a.moment('value')} IS NOT NULL THEN {code} END")


def _period(a: Args) -> Made:
    shape = _FORMATS[a.const("precision", "month")]
    sql = f"{CODE}period/' || strftime({a.moment('value')}, '{shape}')"
    return Made(sql, rule=_instant_rule(a))


def _between(a: Args) -> str:
    return f"(epoch({a.moment('to')}) - epoch({a.moment('from')}))::BIGINT"


def _seconds(a: Args) -> Made:
    return Made(f"{_between(a)}::VARCHAR")


def _within(a: Args) -> Made:
    limit = f"TRY_CAST({looked_up(a, 'code')} AS BIGINT)"
    seconds = _between(a)
    sql = (
        f"CASE WHEN {seconds} IS NULL OR {limit} IS NULL THEN NULL"
        f" WHEN {seconds} <= {limit} THEN {CODE}tristate/yes' ELSE {CODE}tristate/no' END"
    )
    return Made(sql)


_INSTANT = {"precision": frozenset(_UNITS)}
_PERIOD = {"precision": frozenset(_FORMATS)}

FUNCTIONS: dict[str, Function] = {
    "instant": Function(
        ("value", "precision"), "literal", _instant, datatype=XSD + "dateTime", choices=_INSTANT
    ),
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
