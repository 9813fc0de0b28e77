"""Functions of lists that name lists, and of organisations that a list names."""

from dpc_kg.base.vocab import CODES, ID
from dpc_kg.lift.functions.base import Args, Function, Made, quote

OWN = "self"
"""The code of a value that names the organisation whose export it is."""


def _code_of_scheme(a: Args) -> Made:
    """Give the code of a value in the list of the scheme that another cell names.

    The scheme's code in ``list`` is the name of its list and of its codes alike. A value without
    a place is ``unmapped`` in its scheme; without a known scheme it is none, and is counted.
    """
    value, scheme = a.clean("value"), a.clean("named")
    named = f"s.list = {quote(a.const('list'))} AND s.value = {scheme}"
    name = f"(SELECT s.code FROM dpc_codes s WHERE {named})"
    code = (
        "(SELECT k.code FROM dpc_codes s JOIN dpc_codes k ON k.list = s.code"
        f" WHERE {named} AND k.value = {value})"
    )
    made = f"{quote(CODES)} || coalesce({code}, {name} || '/unmapped')"
    sql = f"CASE WHEN {value} IS NOT NULL THEN {made} END"
    return Made(sql, unknown=f"{value} IS NOT NULL AND {code} IS NULL")


def _organization_listed(a: Args) -> Made:
    """Give the organisation a cell names: by its own name if listed, else by a pseudonym."""
    value = a.clean("value")
    own = quote(f"{ID}{a.org}/organization/{a.org}")
    listed = (
        f"(SELECT CASE k.code WHEN {quote(OWN)} THEN {own}"
        f" ELSE {quote(ID)} || k.code || '/organization/' || k.code END FROM dpc_codes k"
        f" WHERE k.list = {quote(a.const('list'))} AND k.value = {value})"
    )
    text = f"{quote(a.org)} || chr(31) || 'organization' || chr(31) || {value}"
    pseudonym = f"{quote(f'{ID}{a.org}/organization/')} || dpc_partner({text})"
    return Made(f"CASE WHEN {value} IS NOT NULL THEN coalesce({listed}, {pseudonym}) END")


FUNCTIONS: dict[str, Function] = {
    "codeOfScheme": Function(
        ("list", "named", "value"), "iri", _code_of_scheme, required=("list", "named", "value")
    ),
    "organizationListed": Function(
        ("list", "value"), "iri", _organization_listed, required=("list", "value")
    ),
}
