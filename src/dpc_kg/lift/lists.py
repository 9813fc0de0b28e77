"""One list read by several term maps of a quad: every term map reads it for itself.

RML-Core: a quad comes of every combination of the terms that its term maps make. A row holds one
value of a field, so a further term map that reads a list gets it as a field of its own.
"""

from collections.abc import Callable
from dataclasses import replace

from dpc_kg.lift.paths import is_list_path
from dpc_kg.lift.plan import (
    Call,
    Const,
    Expression,
    PredicateObject,
    Ref,
    Template,
    TermMap,
    TriplesPlan,
    expressions,
    references,
)

Named = dict[str, str]
"""Field names by the name under which they are read once more."""


def may_be_several(reference: str, formulation: str) -> bool:
    """Tell whether a reference to a document may give several values of a record."""
    if formulation == "XPath":
        return not reference.startswith("@") and reference != "." and not reference.endswith("#")
    return formulation == "JSONPath" and is_list_path(reference)


def apart(triples: TriplesPlan, formulation: str) -> tuple[TriplesPlan, Named]:
    """Give a triples map whose term maps share no list, and what its new fields read.

    What a condition of the pair reads is left as it is: it is asked of each value.
    """
    first = _lists(expressions(triples.subject), formulation)
    again: Named = {}
    pairs = tuple(_pair(pair, set(first), formulation, again) for pair in triples.pairs)
    return replace(triples, pairs=pairs), again


def _pair(
    pair: PredicateObject, taken: set[str], formulation: str, again: Named
) -> PredicateObject:
    condition = pair.predicate.condition
    held = set(references(condition))
    number = 0

    def own(read: list[Expression]) -> Callable[[str], str]:
        nonlocal taken, number
        number += 1
        found = _lists(read, formulation) - held
        names = {n: f"{n}~{number}" for n in found & taken}
        again.update({new: old for old, new in names.items()})
        taken |= found
        return lambda name: names.get(name, name)

    join, made = pair.join, pair.object
    if join is None:
        made = _term(made, own(expressions(made)))
    else:
        name = own([child for child, _ in join.conditions])
        conditions = tuple((_renamed(child, name), parent) for child, parent in join.conditions)
        join = replace(join, conditions=conditions)
    predicate = _term(pair.predicate, own(expressions(replace(pair.predicate, condition=None))))
    graphs = tuple(_term(graph, own(expressions(graph))) for graph in pair.graphs)
    return PredicateObject(replace(predicate, condition=condition), made, graphs, join)


def _lists(read: list[Expression], formulation: str) -> set[str]:
    return {n for e in read for n in references(e) if may_be_several(n, formulation)}


def _term(term: TermMap, name: Callable[[str], str]) -> TermMap:
    def other(expression: Expression | None) -> Expression | None:
        return None if expression is None else _renamed(expression, name)

    return replace(
        term,
        expression=_renamed(term.expression, name),
        datatype_map=other(term.datatype_map),
        language_map=other(term.language_map),
        condition=other(term.condition),
    )


def _renamed(expression: Expression, name: Callable[[str], str]) -> Expression:
    if isinstance(expression, Ref):
        return Ref(name(expression.field))
    if isinstance(expression, Template):
        parts = (p if isinstance(p, Const) else Ref(name(p.field)) for p in expression.parts)
        return Template(tuple(parts))
    if isinstance(expression, Call):
        args = tuple((p, _renamed(arg, name)) for p, arg in expression.args)
        return replace(expression, args=args)
    return expression
