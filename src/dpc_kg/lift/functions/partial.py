"""Functions of dates written day first with ``zz`` for what nobody knows (``zz/05/2020``)."""

from dpc_kg.base.vocab import XSD
from dpc_kg.lift.functions.base import CODE, Args, Function, Made

_SHAPE = r"'([0-9]{2}|zz)/([0-9]{2}|zz)/([0-9]{4})'"


def _parts(a: Args) -> tuple[str, str, str]:
    value = f"lower({a.clean('value')})"
    parts = [f"regexp_extract({value}, {_SHAPE}, {n})" for n in (1, 2, 3)]
    return parts[0], parts[1], parts[2]


def _start(a: Args) -> str:
    """Give the first day of the month or year that is known; NULL where no such day exists."""
    day, month, year = _parts(a)
    value = f"lower({a.clean('value')})"
    known = f"replace({month}, 'zz', '01')"
    whole = f"TRY_CAST({year} || '-' || {known} || '-' || replace({day}, 'zz', '01') AS DATE)"
    good = f"regexp_full_match({value}, {_SHAPE}) AND NOT ({month} = 'zz' AND {day} <> 'zz')"
    return f"CASE WHEN {good} AND {whole} IS NOT NULL THEN date_trunc('month', {whole}) END"


def _instant(a: Args) -> Made:
    start = _start(a)
    rule = f"CASE WHEN {a.clean('value')} IS NOT NULL AND ({start}) IS NULL THEN 'date' END"
    return Made(f"strftime({start}, '%Y-%m-%dT%H:%M:%SZ')", rule=rule)


def _precision(a: Args) -> Made:
    month = _parts(a)[1]
    cut = f"CASE WHEN {month} = 'zz' THEN 'year' ELSE 'month' END"
    return Made(f"CASE WHEN ({_start(a)}) IS NOT NULL THEN {CODE}precision/' || {cut} END")


FUNCTIONS: dict[str, Function] = {
    "partialInstant": Function(("value",), "literal", _instant, datatype=XSD + "dateTime"),
    "partialPrecision": Function(("value",), "iri", _precision),
}
