"""The whitelist of functions a mapping may call (RML-FNML), each compiled to DuckDB SQL.

There is no other way to run code from a mapping. A function gives its value, and, where a
non-empty cell has no valid value, the rule of the source fault; where a code has no place, a mark.
Each room here is a family and lists its own in ``FUNCTIONS``.
"""

from dpc_kg.lift.functions import choices, codes, keys, measures, partial, times, values
from dpc_kg.lift.functions.base import Args, Function, Made, quote

__all__ = ["FUNCTIONS", "Args", "Function", "Made", "quote"]

FUNCTIONS: dict[str, Function] = {
    **choices.FUNCTIONS,
    **codes.FUNCTIONS,
    **keys.FUNCTIONS,
    **measures.FUNCTIONS,
    **partial.FUNCTIONS,
    **times.FUNCTIONS,
    **values.FUNCTIONS,
}
