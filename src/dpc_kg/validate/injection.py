"""Turn the query of one focus node into the query of all of them: ``$this`` bound by a pattern.

SHACL 1.0, appendix A, gives ``$this`` its value wherever it stands; a pattern put at the start of
the outermost group binds it there alone. The two are the same where every inner group that speaks
of ``$this`` binds it itself. A query of which that cannot be shown is left to the engine.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from dpc_kg.validate.queryguard import problem
from dpc_kg.validate.sparqlreach import head, parsed, parts

_THIS = "this"
_RESERVED = frozenset({"PATH", "shapesGraph", "currentShape", "failure"})
_GROUPS = ("GroupGraphPatternSub", "SubSelect")
_FORBIDDEN = {
    "GraphGraphPattern": "names a graph",
    "LimitOffsetClauses": "takes a part of its rows",
    "DatasetClause": "names a dataset",
}
_SKIPPED = re.compile(
    r"""<[^<>"{}|^`\\\s]*>|\"{3}(?:\\.|[^\\])*?\"{3}|'{3}(?:\\.|[^\\])*?'{3}"""
    r"""|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|\#[^\n]*|(?P<open>\{)""",
    re.DOTALL,
)


def obstacle(select: str, prefixes: Mapping[str, str]) -> str | None:
    """Say why a SELECT query cannot be asked of all focus nodes at once; None if it can.

    >>> obstacle("SELECT $this WHERE { ?other <urn:p> $this }", {})
    >>> obstacle("SELECT $this WHERE { $this <urn:p> ?v } LIMIT 1", {})
    'takes a part of its rows'
    """
    said = problem(select, prefixes, frozenset({_THIS}))
    if said:
        return said
    tree = parsed(select, prefixes)
    names = _variables(tree)
    if found := sorted(_RESERVED.intersection(names)):
        return f"asks for ${found[0]}"
    for part in parts(tree):
        if part.name in _FORBIDDEN:
            return _FORBIDDEN[part.name]
    query = tree[1]
    if query.name != "SelectQuery" or query.where.name == "SubSelect":
        return "is not a plain SELECT"
    return _selecting(query) or _inside(query.where, top=True)


def selects(select: str, prefixes: Mapping[str, str], name: str) -> bool:
    """Tell whether a SELECT query gives a variable, or all it has."""
    projection = dict.get(parsed(select, prefixes)[1], "projection")
    return not projection or any(name in _variables(each) for each in projection)


def injected(select: str, pattern: str, prefixes: Mapping[str, str]) -> str:
    """Give the query with a pattern that binds ``?this`` at the start of its outermost group."""
    for found in _SKIPPED.finditer(select):
        if found["open"]:
            place = found.end()
            return f"{head(prefixes)}{select[:place]} {pattern} {select[place:]}"
    return head(prefixes) + select


def _selecting(query: Any) -> str | None:
    """Say what is wrong with the SELECT clause and the grouping of a query or a subquery."""
    projection = dict.get(query, "projection")
    if any(each.name in ("Builtin_EXISTS", "Builtin_NOTEXISTS") for each in parts(projection)):
        return "tests a pattern in its SELECT clause"
    plain = {str(dict.get(each, "var")) for each in projection or ()}
    if projection and _THIS not in plain:
        return "does not select $this"
    grouped = dict.get(query, "groupby")
    clauses = [projection, dict.get(query, "having"), dict.get(query, "orderby")]
    totals = any(each.name.startswith("Aggregate_") for each in parts(clauses))
    if grouped is None:
        return "aggregates without GROUP BY" if totals else None
    names = {str(each) for each in grouped.condition}
    return None if _THIS in names else "does not group by $this"


def _inside(group: Any, *, top: bool) -> str | None:
    """Say what is wrong in a group; in an inner one ``$this`` must be bound by its own triples."""
    if group.name == "SubSelect":
        return _selecting(group) or _inside(group.where, top=False)
    members = dict.get(group, "part") or []
    if not top and _THIS in _variables(group):
        # filters hold for the whole group; all else sees only what stands before it
        speaking = [m for m in members if m.name != "Filter" and _THIS in _variables(m)]
        if not speaking or speaking[0].name != "TriplesBlock":
            return "has a group that does not bind $this itself first"
    for member in members:
        # an EXISTS has the value of $this put into it, as an outermost group has
        tested = member.name in ("Filter", "Bind")
        for inner in _groups(member):
            said = _inside(inner, top=tested)
            if said:
                return said
    return None


def _groups(part: Any) -> Iterator[Any]:
    """Give the groups right inside a part, not those inside these."""
    if getattr(part, "name", None) in _GROUPS:
        yield part
        return
    for inner in _children(part):
        yield from _groups(inner)


def _variables(part: Any) -> set[str]:
    from rdflib import Variable

    if isinstance(part, Variable):
        return {str(part)}
    return set().union(*(_variables(inner) for inner in _children(part)))


def _children(part: Any) -> list[Any]:
    from pyparsing import ParseResults

    if isinstance(part, dict):
        return list(part.values())
    return list(part) if isinstance(part, list | tuple | ParseResults) else []
