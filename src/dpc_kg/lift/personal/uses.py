"""How a plan uses the fields of its sources: what of a cell can reach a quad.

``OPEN``: the text itself; ``CODED``: what is made of it (a code of a list, a number, a day);
``KEYED``: a keyed pseudonym. A field that only decides (a condition, a key of a group, whether a
cell is filled) has no use here: nothing of it leaves.
"""

from collections.abc import Iterator
from enum import IntEnum

from dpc_kg.lift.functions import FUNCTIONS
from dpc_kg.lift.functions.base import KEYS
from dpc_kg.lift.plan import Call, Const, Expression, Plan, Ref, RowNode, Template, View, terms


class Use(IntEnum):
    """What of a cell leaves, the least first."""

    KEYED = 1
    CODED = 2
    OPEN = 3


Slot = tuple[str, str]
"""A view by its name, and a field that it reads of its source."""

_KEYED = {"entity", "hash", "organizationNamed", "organizationListed", "observation"}
_SILENT = {
    "present",
    "filled",
    "anyFilled",
    "occurrences",
    "computed",
    "sourceRow",
    "grel:string_length",
    "idlab:equal",
    "idlab:notEqual",
    "elapsed",
    "seconds",
}
"""Functions that tell of a cell only that it is there, or how it compares with another."""

_LISTED = {"declared", "flag"}
"""Functions that give a text, but only one that is listed."""

_DECIDING = {"when", "is", "version", "order", "content", "of", "names", "named", "index"}
_DECIDING |= {f"when{number}" for number in range(2, 7)}


def uses(plan: Plan) -> dict[Slot, Use]:
    """Give the strongest use of every field of a source that reaches a term."""
    found: dict[Slot, Use] = {}
    for triples in plan.maps:
        for term in terms(triples):
            for expression in (term.expression, term.language_map, term.datatype_map):
                if expression is not None:
                    _add(found, _used(plan, plan.view(triples.view), expression, Use.OPEN))
        for pair in triples.pairs:
            if pair.join is not None:
                view = plan.view(plan.triples(pair.join.parent).view)
                _add(found, _used(plan, view, pair.object.expression, Use.OPEN))
    return found


def _add(found: dict[Slot, Use], more: Iterator[tuple[Slot, Use]]) -> None:
    for slot, use in more:
        found[slot] = max(use, found.get(slot, use))


def _used(plan: Plan, view: View, expression: Expression, use: Use) -> Iterator[tuple[Slot, Use]]:
    if isinstance(expression, Ref):
        yield from _read(plan, view, expression.field, use)
    elif isinstance(expression, Template):
        for part in expression.parts:
            yield from _used(plan, view, part, use)
    elif isinstance(expression, Call):
        for name, argument in expression.args:
            inner = _inside(expression.function, name, use)
            if inner is not None and not isinstance(argument, Const | RowNode):
                yield from _used(plan, view, argument, inner)


def _inside(function: str, parameter: str, use: Use) -> Use | None:
    """Give the use of what stands in an argument of a call whose value has a use; None for none."""
    if function in _SILENT:
        return None
    if function in _KEYED:
        return min(use, Use.KEYED)
    if parameter in _DECIDING or (parameter in KEYS and FUNCTIONS[function].spans):
        return None
    made = FUNCTIONS[function]
    closed = made.kind == "iri" or made.datatype is not None or function in _LISTED
    return min(use, Use.CODED) if closed else use


def _read(plan: Plan, view: View, field: str, use: Use) -> Iterator[tuple[Slot, Use]]:
    """Give the fields of sources behind a field of a view: it may be computed, or joined."""
    if field == "#" or field.endswith(".#"):
        return
    if field in dict(view.fields):
        yield (view.name, field), use
        return
    below = plan.view(view.on) if view.on is not None else view
    computed = dict(view.computed)
    if field in computed:
        yield from _used(plan, below, computed[field], use)
        return
    for join in view.joins:
        taken = dict(join.fields).get(field)
        if taken is not None:
            yield from _used(plan, plan.view(join.parent), taken, use)
            return
    if any(field == i.name for i in view.iterables):
        yield (view.name, field), use
