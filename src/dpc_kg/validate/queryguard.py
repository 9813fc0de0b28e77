"""What a query of a shapes graph may not hold: the restrictions on pre-binding.

SHACL 1.0, sections 5.2.1, 6.2 and appendix A: variables are given their value before the query
runs, and that is not defined for every form of SPARQL. Engines differ in what they let pass.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from dpc_kg.base.errors import DpcError
from dpc_kg.base.vocab import SH, local_name
from dpc_kg.validate.shapesgraph import ShapesGraph, Term, shape_name
from dpc_kg.validate.sparqlreach import parsed, parts

_CLAUSES = {
    "MinusGraphPattern": "MINUS",
    "ServiceGraphPattern": "SERVICE",
    "InlineData": "VALUES",
    "ValuesClause": "VALUES",
}
_ASSIGNING = {"Bind", "GroupAs", "vars"}
_VALIDATORS = tuple(SH + name for name in ("validator", "nodeValidator", "propertyValidator"))


@dataclass(frozen=True)
class Query:
    """A query of a shapes graph: whose it is, its text, the variables bound before it runs."""

    owner: Term
    text: str
    bound: frozenset[str]


def check_queries(graph: ShapesGraph) -> None:
    """Refuse shapes whose queries cannot be run as SHACL says.

    Raises:
        DpcError: a query is not well-formed, or breaks a restriction on pre-binding.
    """
    prefixes = graph.prefixes()
    for query in queries(graph):
        said = problem(query.text, prefixes, query.bound)
        if said:
            raise DpcError(
                f"A query of these shapes {said}.",
                file=graph.file,
                term=shape_name(query.owner),
                advice="Write it so that $this and the other given variables keep their values "
                "(SHACL 1.0, appendix A).",
            )


def queries(graph: ShapesGraph) -> Iterator[Query]:
    """Give the queries of ``sh:sparql`` constraints and of validators, in a fixed order."""
    this = frozenset({"this"})
    for shape in graph.subjects(SH + "sparql"):
        for constraint in graph.objects(shape, SH + "sparql"):
            for text in graph.objects(constraint, SH + "select"):
                yield Query(shape, text.value, this)
    for component in graph.subjects(SH + "parameter"):
        given = this | _parameters(graph, component)
        for predicate in _VALIDATORS:
            for validator in graph.objects(component, predicate):
                for text in graph.objects(validator, SH + "ask"):
                    yield Query(component, text.value, given | {"value"})
                for text in graph.objects(validator, SH + "select"):
                    yield Query(component, text.value, given)


def problem(text: str, prefixes: Mapping[str, str], bound: frozenset[str]) -> str | None:
    """Say what a query does that it may not do; None of a sound one.

    >>> problem("SELECT $this WHERE { $this ?p ?o MINUS { $this ?p 1 } }", {}, frozenset({"this"}))
    'uses MINUS'
    """
    tree = parsed(text, prefixes)
    if tree is None:
        return "cannot be read"
    for part in parts(tree):
        if part.name in _CLAUSES:
            return f"uses {_CLAUSES[part.name]}"
        given = _of(part, "evar" if part.name == "vars" else "var")
        if part.name in _ASSIGNING and str(given) in bound:
            return f"gives ${given} another value"
        if part.name == "SubSelect" and (lost := sorted(bound - _selected(part))):
            return f"has a subquery that does not select ${lost[0]}"
    return None


def _parameters(graph: ShapesGraph, component: Term) -> set[str]:
    found = graph.objects(component, SH + "parameter")
    paths = [path for each in found for path in graph.objects(each, SH + "path")]
    return {local_name(path.value) for path in paths}


def _selected(subquery: Any) -> set[str]:
    """Give the variables a subquery gives back; of ``*``, those of its patterns."""
    projection = _of(subquery, "projection")
    if projection:
        return {str(_of(each, "var") or _of(each, "evar")) for each in projection}
    found: set[str] = set()
    for part in parts(subquery.where):
        if part.name == "SubSelect":
            found |= _selected(part)
        for triple in _of(part, "triples") or ():
            found.update(str(term) for term in triple)
    return found


def _of(part: Any, key: str) -> Any:
    """Give what a part of a tree has under a key; its own ``get`` makes up what is not there."""
    return dict.get(part, key)
