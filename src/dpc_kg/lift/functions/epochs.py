"""A function of points in time written as seconds since 1970."""

from dpc_kg.lift.functions.base import Args, Function, Made

_LAST = 4_102_444_800
"""The start of 2100: a number above is no count of seconds, but of milliseconds or a slip."""


def _epoch(a: Args) -> Made:
    value = a.clean("value")
    digits = f"CASE WHEN regexp_full_match({value}, '[0-9]{{1,10}}') THEN {value} END"
    seconds = f"TRY_CAST({digits} AS BIGINT)"
    sql = (
        f"CASE WHEN {seconds} < {_LAST}"
        f" THEN strftime(make_timestamp({seconds} * 1000000), '%Y-%m-%dT%H:%M:%SZ') END"
    )
    return Made(sql, rule=f"CASE WHEN {value} IS NOT NULL AND ({sql}) IS NULL THEN 'date' END")


FUNCTIONS: dict[str, Function] = {"epoch": Function(("value",), "literal", _epoch)}
