"""The whitelist of functions a mapping may call (RML-FNML), each compiled to DuckDB SQL.

There is no other way to run code from a mapping. A function gives its value, and, where a
non-empty cell has no valid value, the rule of the source fault; where a code has no place, a mark.
Each room here is a family and lists its own in ``FUNCTIONS``.
"""

from dpc_kg.base.vocab import FN, local_name
from dpc_kg.lift.functions import (
    codes,
    conditions,
    figures,
    flags,
    grel,
    groups,
    keys,
    partners,
    places,
    texts,
    times,
    values,
    web,
    written,
)
from dpc_kg.lift.functions.base import Args, Function, Made, quote

__all__ = [
    "FUNCTIONS",
    "Args",
    "Function",
    "Made",
    "function_of",
    "parameter_of",
    "quote",
    "returns",
]

FUNCTIONS: dict[str, Function] = {
    **codes.FUNCTIONS,
    **conditions.FUNCTIONS,
    **figures.FUNCTIONS,
    **flags.FUNCTIONS,
    **grel.FUNCTIONS,
    **groups.FUNCTIONS,
    **keys.FUNCTIONS,
    **partners.FUNCTIONS,
    **places.FUNCTIONS,
    **texts.FUNCTIONS,
    **times.FUNCTIONS,
    **values.FUNCTIONS,
    **web.FUNCTIONS,
    **written.FUNCTIONS,
}


def function_of(iri: str) -> str | None:
    """Give the name of the whitelisted function an IRI stands for; None when it is not listed."""
    if iri.startswith(FN):
        name = local_name(iri)
        return name if name in FUNCTIONS else None
    return grel.NAMES.get(iri)


def parameter_of(name: str, iri: str) -> str | None:
    """Give the parameter of a function that an IRI stands for; None when it has no such one."""
    given = local_name(iri)
    function = FUNCTIONS[name]
    if given in function.parameters:
        return given
    return grel.PARAMETERS.get(given) if grel.PARAMETERS.get(given) in function.parameters else None


def returns(name: str, iri: str) -> bool:
    """Tell whether a function gives the output an IRI stands for; ours give one, unnamed."""
    return ":" not in name or local_name(iri) in grel.OUTPUTS[name]
