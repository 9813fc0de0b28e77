"""Functions that look a value up in the declared lists (``codes.csv``), or in ISO 3166."""

from dpc_kg.base.vocab import EXT
from dpc_kg.lift.functions.base import (
    CODE,
    Args,
    Function,
    Made,
    code_iri,
    looked_up,
    quote,
    variable,
)


def _code(a: Args) -> Made:
    value, code = a.clean("value"), looked_up(a, "code")
    unmapped = code_iri(a.const("scheme"), "unmapped")
    default = a.const("default")
    blank = code_iri(default) if default else "NULL"
    sql = f"CASE WHEN {value} IS NULL THEN {blank} ELSE coalesce({CODE}' || {code}, {unmapped}) END"
    return Made(sql, unknown=f"{value} IS NOT NULL AND {code} IS NULL")


def _listed(a: Args) -> Made:
    value, code = a.clean("value"), looked_up(a, "code")
    sql = f"{quote(a.const('base'))} || {code}"
    return Made(sql, unknown=f"{value} IS NOT NULL AND {code} IS NULL")


def _declared(a: Args) -> Made:
    return Made(looked_up(a, "value"))


def _source_scheme(a: Args) -> Made:
    listed = quote(variable(a.const("list"), "scheme"))
    scheme = f"getvariable({listed})"
    sql = f"{quote(EXT)} || {scheme}"
    if "value" not in a.sql:
        return Made(sql)
    return Made(f"CASE WHEN {a.clean('value')} IS NOT NULL THEN {sql} END")


def _tristate(a: Args) -> Made:
    value = f"lower({a.clean('value')})"
    sql = (
        f"{CODE}tristate/' || CASE WHEN {value} IS NULL OR {value} = 'unknown' THEN 'unknown'"
        f" WHEN {value} IN ('true','yes','1','y') THEN 'yes'"
        f" WHEN {value} IN ('false','no','0','n') THEN 'no'"
        f" WHEN {value} = 'mixed' THEN 'mixed' END"
    )
    return Made(
        f"coalesce({sql}, {CODE}tristate/unknown')",
        rule=f"CASE WHEN ({sql}) IS NULL THEN 'boolean' END",
    )


def _present(a: Args) -> Made:
    sql = f"CASE WHEN {a.sql['value']} IS NULL THEN 'no' ELSE 'yes' END"
    return Made(f"{CODE}tristate/' || {sql}")


def _country(a: Args) -> Made:
    base = quote(EXT + "iso3166-1-alpha-2/")
    value = a.clean("value")
    if a.const("list"):
        code = looked_up(a, "code")
        return Made(f"{base} || {code}", unknown=f"{value} IS NOT NULL AND {code} IS NULL")
    good = f"regexp_full_match({value}, '[A-Za-z]{{2}}')"
    rule = f"CASE WHEN {value} IS NOT NULL AND NOT {good} THEN 'country' END"
    return Made(f"CASE WHEN {good} THEN {base} || upper({value}) END", rule=rule)


def _area3(a: Args) -> Made:
    base, value = quote(EXT + "iso3166-1-alpha-3/"), a.clean("value")
    good = f"regexp_full_match({value}, '[A-Z]{{3}}')"
    rule = f"CASE WHEN {value} IS NOT NULL AND NOT {good} THEN 'country' END"
    return Made(f"CASE WHEN {good} THEN {base} || {value} END", rule=rule)


FUNCTIONS: dict[str, Function] = {
    "area3": Function(("value",), "iri", _area3),
    "code": Function(
        ("list", "scheme", "value", "default"),
        "iri",
        _code,
        required=("list", "scheme", "value"),
    ),
    "country": Function(("value", "list"), "iri", _country),
    "declared": Function(("list", "value"), "literal", _declared, required=("list", "value")),
    "listed": Function(
        ("list", "base", "value"), "iri", _listed, required=("list", "base", "value")
    ),
    "present": Function(("value",), "iri", _present),
    "sourceScheme": Function(("list", "value"), "iri", _source_scheme, required=("list",)),
    "tristate": Function(("value",), "iri", _tristate),
}
