"""Functions of ages and numbers, as one person or one system writes them."""

from dpc_kg.base.vocab import XSD
from dpc_kg.lift.functions.base import CODE, Args, Function, Made, code_iri, fault, looked_up, wrong

_NO_AGE = (
    "('unknown','other','n/a','none','not known','inconnu','inconnue',"
    "'desconocido','desconocida','غير معروف')"
)


def age_sql(value: str) -> str:
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
    """Give the band of an age in years, unknown for a blank cell; a fault for no age.

    With a list, its words go before those known everywhere; one without a code is counted.
    """
    band = age_sql(a.clean("value"))
    if not a.const("list"):
        return Made(band, rule=f"CASE WHEN ({band}) IS NULL THEN {fault('age')} END")
    code, listed = looked_up(a, "code"), looked_up(a, "value")
    unmapped = f"CASE WHEN {listed} IS NOT NULL THEN {code_iri('age-band', 'unmapped')} END"
    sql = f"coalesce({CODE}' || {code}, {band}, {unmapped})"
    return Made(
        sql,
        rule=f"CASE WHEN ({sql}) IS NULL THEN {fault('age')} END",
        unknown=f"{listed} IS NOT NULL AND {code} IS NULL AND ({band}) IS NULL",
    )


# Thousands stand apart by a comma or a space, which may be a no-break one.
_THOUSANDS = "[, \u00a0\u202f]"


def _integer(a: Args) -> Made:
    """Give a whole number, whose thousands may stand apart; a fault for any other text."""
    value = a.clean("value")
    plain = f"regexp_full_match({value}, '[+-]?[0-9]+')"
    grouped = f"regexp_full_match({value}, '[+-]?[0-9]{{1,3}}({_THOUSANDS}[0-9]{{3}})+')"
    digits = f"regexp_replace({value}, '{_THOUSANDS}', '', 'g')"
    sql = f"CASE WHEN {plain} OR {grouped} THEN TRY_CAST({digits} AS HUGEINT)::VARCHAR END"
    return Made(sql, wrong(value, sql, "number"))


def _measured(a: Args) -> str:
    value = a.clean("value")
    plain = f"regexp_full_match({value}, '[0-9]{{1,9}}([.][0-9]{{1,9}})?')"
    return f"CASE WHEN {plain} THEN {value}::DECIMAL(18, 9) END"


def _decimal(a: Args) -> Made:
    """Give a number with at most nine digits on either side of its point, as it is written."""
    value, number = a.clean("value"), _measured(a)
    sql = f"CASE WHEN ({number}) IS NOT NULL THEN {value} END"
    return Made(sql, wrong(value, number, "number"))


_KILOMETRES = "1.609344"


def _kilometres_of_miles(a: Args) -> Made:
    """Give a distance in miles as kilometres, up to the next ten: near places stay near."""
    tens = f"ceil(({_measured(a)})::DOUBLE * {_KILOMETRES} / 10)::BIGINT * 10"
    return Made(f"({tens})::VARCHAR", wrong(a.clean("value"), _measured(a), "number"))


FUNCTIONS: dict[str, Function] = {
    "ageBand": Function(("value", "list"), "iri", _age_band),
    "decimal": Function(("value",), "literal", _decimal, datatype=XSD + "decimal"),
    "integer": Function(("value",), "literal", _integer, datatype=XSD + "integer"),
    "kilometresOfMiles": Function(
        ("value",), "literal", _kilometres_of_miles, datatype=XSD + "integer"
    ),
}
