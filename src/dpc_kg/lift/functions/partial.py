"""Functions of dates written day first with ``zz`` for what nobody knows (``zz/05/2020``)."""

from dpc_kg.base.vocab import XSD
from dpc_kg.lift.functions.base import CODE, Args, Function, Made

_SHAPE = r"'([0-9]{2}|zz)/([0-9]{2}|zz)/([0-9]{4})'"


_MONTH = f"regexp_extract(c, {_SHAPE}, 2)"
_DAY = f"regexp_extract(c, {_SHAPE}, 1)"
_WHOLE = (
    f"TRY_CAST(regexp_extract(c, {_SHAPE}, 3) || '-' || replace({_MONTH}, 'zz', '01') || '-'"
    f" || replace({_DAY}, 'zz', '01') AS DATE)"
)
_GOOD = f"regexp_full_match(c, {_SHAPE}) AND NOT ({_MONTH} = 'zz' AND {_DAY} <> 'zz')"


def _of(a: Args, body: str) -> str:
    """Give SQL of ``body`` over the cell in small letters as ``c``, where it is such a date."""
    cell = f"lower({a.clean('value')})"
    there = f"CASE WHEN {_GOOD} AND {_WHOLE} IS NOT NULL THEN {body} END"
    return f"list_transform([{cell}], lambda c: {there})[1]"


def _instant(a: Args) -> Made:
    sql = _of(a, f"strftime(date_trunc('month', {_WHOLE}), '%Y-%m-%dT%H:%M:%SZ')")
    return Made(
        sql, rule=f"CASE WHEN {a.clean('value')} IS NOT NULL AND ({sql}) IS NULL THEN 'date' END"
    )


def _precision(a: Args) -> Made:
    cut = f"CASE WHEN {_MONTH} = 'zz' THEN 'year' ELSE 'month' END"
    return Made(_of(a, f"{CODE}precision/' || {cut}"))


FUNCTIONS: dict[str, Function] = {
    "partialInstant": Function(("value",), "literal", _instant, datatype=XSD + "dateTime"),
    "partialPrecision": Function(("value",), "iri", _precision),
}
