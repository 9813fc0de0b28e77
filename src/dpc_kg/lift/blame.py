"""Which fields a value is made of, and which of them is named first."""

from collections.abc import Callable

from dpc_kg.lift.functions import FUNCTIONS
from dpc_kg.lift.functions.base import KEYS, LAST
from dpc_kg.lift.plan import Call, Expression, PredicateObject
from dpc_kg.lift.plan import references as fields_of


def blamed(expression: Expression) -> list[str]:
    """Give the fields an expression reads, the one to blame first."""
    found = fields_of(expression)
    if isinstance(expression, Call):
        given = [name for name, _ in expression.args]
        principal = expression.arg(FUNCTIONS[expression.function].blamed(given))
        if principal is not None:
            found = list(dict.fromkeys([*blamed(principal), *found]))
    return found


def alternatives(expression: Expression) -> list[str]:
    """Give the fields of which an expression takes the first that is filled, the one to blame."""
    if not isinstance(expression, Call):
        return []
    function = FUNCTIONS[expression.function]
    if function.principal == LAST:
        return [field for _, arg in expression.args for field in blamed(arg)[:1]]
    principal = expression.arg(function.principal)
    return alternatives(principal) if principal is not None else []


def referring(expression: Expression) -> str | None:
    """Give the field that names what an expression refers to: of several keys the last."""
    if not isinstance(expression, Call):
        return next(reversed(fields_of(expression)), None)
    keys = [arg for name, arg in expression.args if name in KEYS]
    given = [name for name, _ in expression.args]
    principal = expression.arg(FUNCTIONS[expression.function].blamed(given)) if given else None
    inner = keys or ([] if principal is None else [principal])
    return next((field for arg in reversed(inner) if (field := referring(arg))), None)


def deciding(pair: PredicateObject, is_filled: Callable[[str], bool]) -> list[str]:
    """Give the fields of its own view a pair is made of, the one that decided in a row first.

    An object that another record gives is tied by the fields of the join's conditions; what only
    a condition or a tag reads comes last.
    """
    term = pair.object
    found: list[str] = []
    if pair.join is None:
        found += [f for f in alternatives(term.expression) if is_filled(f)][:1]
        found += blamed(term.expression)
    else:
        found += [f for child, _ in pair.join.conditions for f in fields_of(child)]
    further = (term.condition, term.datatype_map, term.language_map) if pair.join is None else ()
    made = (*further, pair.predicate.expression, pair.predicate.condition)
    found += [f for e in made if e is not None for f in blamed(e)]
    return [f for f in dict.fromkeys(found) if f != "#"]
