"""Functions of plain values: ages, numbers, texts."""

from dpc_kg.base.vocab import XSD
from dpc_kg.lift.functions.base import CODE, Args, Function, Made

_NO_AGE = (
    "('unknown','other','n/a','none','not known','inconnu','inconnue',"
    "'desconocido','desconocida','غير معروف')"
)


def age_band_sql(value: str) -> str:
    """Give the SQL of the band of an age written as a number or a word; NULL where it is none."""
    digits = f"CASE WHEN regexp_full_match({value}, '[0-9]{{1,3}}') THEN {value} END"
    number = f"TRY_CAST({digits} AS INTEGER)"
    over = f"TRY_CAST(regexp_extract({value}, '^> ?([0-9]{{1,3}})$', 1) AS INTEGER)"
    return (
        f"{CODE}age-band/' || CASE"
        f" WHEN {value} IS NULL OR lower({value}) IN {_NO_AGE} THEN 'unknown'"
        f" WHEN lower({value}) = 'unborn' THEN 'unborn'"
        f" WHEN {over} >= 17 THEN '18-plus'"
        f" WHEN {number} IS NULL OR {number} > 120 THEN NULL"
        f" WHEN {number} <= 4 THEN '0-4' WHEN {number} <= 9 THEN '5-9'"
        f" WHEN {number} <= 12 THEN '10-12' WHEN {number} <= 15 THEN '13-15'"
        f" WHEN {number} <= 17 THEN '16-17' ELSE '18-plus' END"
    )


def _age_band(a: Args) -> Made:
    sql = age_band_sql(a.clean("value"))
    return Made(sql, rule=f"CASE WHEN ({sql}) IS NULL THEN 'age' END")


# Thousands stand apart by a comma or a space, which may be a no-break one.
_THOUSANDS = "[, \u00a0\u202f]"


def _integer(a: Args) -> Made:
    value = a.clean("value")
    plain = f"regexp_full_match({value}, '[+-]?[0-9]+')"
    grouped = f"regexp_full_match({value}, '[+-]?[0-9]{{1,3}}({_THOUSANDS}[0-9]{{3}})+')"
    digits = f"regexp_replace({value}, '{_THOUSANDS}', '', 'g')"
    sql = f"CASE WHEN {plain} OR {grouped} THEN TRY_CAST({digits} AS HUGEINT)::VARCHAR END"
    return Made(sql, rule=f"CASE WHEN {value} IS NOT NULL AND ({sql}) IS NULL THEN 'number' END")


def _concat(a: Args) -> Made:
    names = [n for n in ("value", "value2", "value3") if n in a.sql]
    return Made(" || ".join(a.sql[n] for n in names))


def _prefer(a: Args) -> Made:
    return Made(f"coalesce({a.clean('preferred')}, {a.clean('value')})")


FUNCTIONS: dict[str, Function] = {
    "ageBand": Function(("value",), "iri", _age_band),
    "integer": Function(("value",), "literal", _integer, datatype=XSD + "integer"),
    "concat": Function(("value", "value2", "value3"), "literal", _concat),
    "prefer": Function(("preferred", "value"), "literal", _prefer),
}
