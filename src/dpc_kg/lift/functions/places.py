"""Functions of the codes of ISO: countries, areas, languages."""

from dpc_kg.base.vocab import EXT
from dpc_kg.lift.functions.base import Args, Function, Made, fault, looked_up, quote


def _country(a: Args) -> Made:
    """Give the country of two letters, or of a listed value; a fault for any other text."""
    base = quote(EXT + "iso3166-1-alpha-2/")
    value = a.clean("value")
    if a.const("list"):
        code = looked_up(a, "code")
        return Made(f"{base} || {code}", unknown=f"{value} IS NOT NULL AND {code} IS NULL")
    good = f"regexp_full_match({value}, '[A-Za-z]{{2}}')"
    rule = f"CASE WHEN {value} IS NOT NULL AND NOT {good} THEN {fault('country')} END"
    return Made(f"CASE WHEN {good} THEN {base} || upper({value}) END", rule=rule)


def _area3(a: Args) -> Made:
    """Give the country of three capital letters; a fault for any other text."""
    base, value = quote(EXT + "iso3166-1-alpha-3/"), a.clean("value")
    good = f"regexp_full_match({value}, '[A-Z]{{3}}')"
    rule = f"CASE WHEN {value} IS NOT NULL AND NOT {good} THEN {fault('country')} END"
    return Made(f"CASE WHEN {good} THEN {base} || {value} END", rule=rule)


def _language(a: Args) -> Made:
    """Give the language whose code of two or three letters a list has; others are counted."""
    value, code = a.clean("value"), looked_up(a, "code")
    base = f"CASE length({code}) WHEN 2 THEN {quote(EXT + 'iso639-1/')}"
    sql = f"{base} WHEN 3 THEN {quote(EXT + 'iso639-3/')} END || {code}"
    return Made(sql, unknown=f"{value} IS NOT NULL AND ({sql}) IS NULL")


FUNCTIONS: dict[str, Function] = {
    "area3": Function(("value",), "iri", _area3),
    "country": Function(("value", "list"), "iri", _country),
    "language": Function(("list", "value"), "iri", _language, required=("list", "value")),
}
