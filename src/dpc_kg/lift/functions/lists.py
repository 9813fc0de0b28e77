"""Functions of lists that name lists, and of organisations that a list names."""

from dpc_kg.base.vocab import CODES, ID
from dpc_kg.lift.functions.base import Args, Function, Made, looked_up, looked_up_in, quote

OWN = "self"
"""The code of a value that names the organisation whose export it is."""


def _code_of_scheme(a: Args) -> Made:
    """Give the code of a value in the list of the scheme that another cell names.

    The scheme's code in ``list`` is the name of its list and of its codes alike. A value without
    a place is ``unmapped`` in its scheme; without a known scheme it is none, and is counted.
    """
    value, scheme = a.clean("value"), a.clean("named")
    name = looked_up_in(quote(a.const("list")), scheme)
    code = looked_up_in(name, value)
    made = f"{quote(CODES)} || coalesce({code}, {name} || '/unmapped')"
    sql = f"CASE WHEN {value} IS NOT NULL THEN {made} END"
    return Made(sql, unknown=f"{value} IS NOT NULL AND {code} IS NULL")


def _organization_listed(a: Args) -> Made:
    """Give the organisation a cell names: by its own name if listed, else by a pseudonym."""
    value = a.clean("value")
    own = quote(f"{ID}{a.org}/organization/{a.org}")
    code = looked_up(a, "code")
    listed = (
        f"CASE {code} WHEN {quote(OWN)} THEN {own}"
        f" ELSE {quote(ID)} || {code} || '/organization/' || {code} END"
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
