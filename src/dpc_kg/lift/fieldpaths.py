"""Where the fields of a view stand in a source: the column or path, and the row that holds it."""

import re
from dataclasses import dataclass

from dpc_kg.lift.expand import PATHS
from dpc_kg.lift.plan import Iterable, Plan, Source, View
from dpc_kg.lift.plan import references as fields_of
from dpc_kg.lift.walkers import JsonWalker, Walker, XmlWalker

_CONDITION = re.compile(r"\[[^\]]*\]")
PLACE = ("file", "row", "path")
"""What a row's place is made of."""

_TABLES = {"CSV", "SPARQL"}


@dataclass(frozen=True)
class Leaf:
    """A field that a source gives: its view, and the slot of the row that holds it."""

    slot: str
    view: View
    field: str


def slots(plan: Plan, view: View) -> list[str]:
    """Give the slots of a view: one for the row of each view that was joined to its own row.

    Beside its own ``_file``, ``_row`` and ``_path`` a view's table has these three for each slot,
    with the slot at their end.
    """
    found = [f"_o{q}" for q in slots(plan, plan.view(view.on))] if view.on is not None else []
    for number, join in enumerate(view.joins):
        inner = slots(plan, plan.view(join.parent))
        found += [f"_{number}", *(f"_{number}{q}" for q in inner)]
    return found


def leaves(plan: Plan, view: View, field: str) -> list[Leaf]:
    """Give the fields of sources that a field of a view is made of, in order."""
    field = field.removesuffix(".#")
    if field in dict(view.fields):
        return [Leaf("", view, field)]
    made = dict(view.computed).get(field)
    if made is not None:
        if view.on is None:
            return [x for f in fields_of(made) for x in leaves(plan, view, f)]
        inner = [x for f in fields_of(made) for x in leaves(plan, plan.view(view.on), f)]
        return [Leaf(f"_o{x.slot}" if x.slot else "", x.view, x.field) for x in inner]
    for number, join in enumerate(view.joins):
        taken = dict(join.fields).get(field)
        if taken is not None:
            parent = plan.view(join.parent)
            inner = [x for f in fields_of(taken) for x in leaves(plan, parent, f)]
            return [Leaf(f"_{number}{x.slot}", x.view, x.field) for x in inner]
    return [Leaf("", view, field)]


def column_of(plan: Plan, view: View, field: str, at: str | None) -> str:
    """Give the column or path of a view's field in the row whose iterables stand at ``at``.

    Of a field made of several the first; one that a join gives has no part in ``at``.
    """
    found = leaves(plan, view, field)
    if not found:
        return field
    return leaf_column(plan, found[0], at if not found[0].slot else None)


def leaf_column(plan: Plan, leaf: Leaf, at: str | None) -> str:
    """Give the column or path of a source's field in the row whose iterables stand at ``at``."""
    source = plan.source(leaf.view.source)
    owner = owner_of(leaf.view, leaf.field)
    reference = _reference(leaf, owner)
    if source.formulation in _TABLES:
        cell = None if owner is None else _cell(leaf.view, owner)
        column = reference if cell is None else cell
        return field_of(column, source) if source.formulation == "SPARQL" else column
    walker: Walker = JsonWalker() if source.formulation == "JSONPath" else XmlWalker()
    if owner is None:
        return walker.column("", reference)
    places = (at or "").split(PATHS)
    place = places[owner] if owner < len(places) else ""
    is_text = leaf.view.iterables[owner].cell is not None
    return place if is_text and reference.startswith("~") else walker.column(place, reference)


def _reference(leaf: Leaf, owner: int | None) -> str:
    """Give the reference of a field; an iterable itself stands where its items do."""
    is_iterable = owner is not None and leaf.field == leaf.view.iterables[owner].name
    return dict(leaf.view.fields).get(leaf.field, "" if is_iterable else leaf.field)


def _chain(view: View, owner: int) -> list[Iterable]:
    """Give an iterable and those around it, the outermost first."""
    name = view.iterables[owner].name
    return [i for i in view.iterables if name == i.name or name.startswith(f"{i.name}.")]


def _cell(view: View, owner: int) -> str | None:
    """Give the column of a table whose text holds the items of an iterable."""
    return next((i.cell for i in _chain(view, owner) if i.cell is not None), None)


def owner_of(view: View, field: str) -> int | None:
    """Give the place of the innermost iterable that holds a field; None for the record's own."""
    inside = [
        number
        for number, each in enumerate(view.iterables)
        if field.startswith(f"{each.name}.") or field == each.name
    ]
    return max(inside, key=lambda n: len(view.iterables[n].name), default=None)


def field_of(variable: str, source: Source) -> str:
    """Give the field a query's variable holds: ``Class__prefix_name`` is ``Class/prefix:name``.

    A further part only tells two variables of one field apart. Without declared name spaces, and
    in a name without ``__``, the variable is its own field.
    """
    parts = variable.split("__")
    if len(parts) == 1:
        return variable
    for prefix, _ in sorted(source.namespaces, key=lambda pair: -len(pair[0])):
        start = prefix.replace("-", "_") + "_"
        if parts[1].startswith(start):
            return f"{parts[0]}/{prefix}:{parts[1].removeprefix(start)}"
    return parts[0] if source.namespaces else variable


def declared_path(plan: Plan, view: View, field: str) -> str:
    """Give the general path of a field (indexes as ``[*]``), as ``fields.csv`` writes it."""
    field = field.removesuffix(".#")
    owner = owner_of(view, field)
    if owner is None:
        return column_of(plan, view, field, None)
    reference = _reference(Leaf("", view, field), owner)
    here = view.iterables[owner]
    if here.cell is not None and here.formulation == "Split":
        return here.cell  # the parts of a text have no names of their own
    chain = _chain(view, owner)
    texts = [number for number, each in enumerate(chain) if each.cell is not None]
    if texts:
        inner = chain[texts[-1] :]
        at = f"{inner[0].cell}{''.join(i.path.removeprefix('$') for i in inner)}"
        return JsonWalker().column(at, reference)
    if plan.source(view.source).formulation == "XPath":
        at = _CONDITION.sub("", "/".join(i.path for i in chain))
        return XmlWalker().column(at, reference)
    at = "".join(i.path.removeprefix("$") for i in chain).removeprefix(".")
    return JsonWalker().column(at, reference)
