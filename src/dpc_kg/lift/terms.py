"""The SQL of terms: expressions over a resolved view to N-Quads, NULL where there is none."""

from dataclasses import dataclass

from dpc_kg.base.vocab import XSD
from dpc_kg.lift.functions import FUNCTIONS, quote
from dpc_kg.lift.iris import IRI, is_always_iri
from dpc_kg.lift.plan import Call, Const, Expression, Ref, RowNode, Template, TermMap
from dpc_kg.lift.resolved import Resolved
from dpc_kg.lift.rows import column, identifier, natural

_SCHEME = "^[A-Za-z][A-Za-z0-9+.-]*:"
_LANGUAGE = "([A-Za-z]{2,3}|[xXiI])(-[A-Za-z0-9]{1,8})*"
JOINED = " || "
"""What stands between the parts of a text in SQL."""

_SAFE = {"iri": "dpc_iri_safe", "uri": "dpc_uri_safe"}


@dataclass(frozen=True)
class Setting:
    """What a lift runs with: organisation, whether there is a coalition key, base IRI, graph."""

    org: str
    has_coalition_key: bool
    base: str
    graph: str | None


@dataclass(frozen=True)
class Scope:
    """Where a term is made: the resolved view, its alias in the SQL, the base of relative IRIs.

    ``bare`` are the fields in whose texts nothing is to be escaped.
    """

    resolved: Resolved
    alias: str
    base: str
    bare: frozenset[str] = frozenset()


def plain_sql(expression: Expression, alias: str) -> str:
    """Give the SQL of an expression without calls over the columns of a view."""
    if isinstance(expression, Ref):
        return f"{alias}.{column(expression.field)}"
    if isinstance(expression, Const):
        return quote(expression.text)
    if isinstance(expression, Template):
        return JOINED.join(_template(expression, alias, None))
    raise TypeError(expression)


def _template(template: Template, alias: str, safe: str | None) -> list[str]:
    """Give the SQL of the parts of a template."""
    parts = []
    for part in template.parts:
        if isinstance(part, Const):
            parts.append(quote(part.text))
        else:
            cell = f"{alias}.{column(part.field)}"
            parts.append(f"{safe}({cell})" if safe is not None else cell)
    return parts or ["''"]


def value_sql(
    expression: Expression, resolved: Resolved, alias: str, *, kind: str = "literal"
) -> str:
    """Give the SQL of an expression over a resolved view, escaped as the kind of term asks."""
    if isinstance(expression, Call):
        return f"{alias}.{resolved.values[expression]}"
    if isinstance(expression, Template):
        return JOINED.join(_template(expression, alias, _SAFE.get(kind)))
    if isinstance(expression, RowNode):
        inner = f" || 'p' || hex({alias}._path)" if resolved.view.iterables else ""
        owner = quote(expression.owner.encode().hex())
        return f"{owner} || 'f' || {alias}._file || 'r' || {alias}._row{inner}"
    return plain_sql(expression, alias)


def subject_sql(term: TermMap, resolved: Resolved, alias: str) -> str:
    """Give the SQL of a subject's IRI, without brackets (an absolute IRI, or a template of one)."""
    if term.kind == "term" and isinstance(term.expression, Const):
        return quote(term.expression.text.removeprefix("<").removesuffix(">"))
    return value_sql(term.expression, resolved, alias, kind=term.kind)


def term_sql(term: TermMap, scope: Scope) -> str:
    """Give the SQL of a term in N-Quads form; NULL where there is none."""
    return JOINED.join(term_parts(term, scope))


def term_parts(term: TermMap, scope: Scope) -> list[str]:
    """Give the SQL of the parts that make a term in N-Quads form; one is NULL where there is none.

    What is constant is a quoted text.
    """
    made = _parts(term, scope)
    if term.condition is None:
        return made
    test = value_sql(term.condition, scope.resolved, scope.alias)
    return [f"CASE WHEN {test} = 'true' THEN {JOINED.join(made)} END"]


def _parts(term: TermMap, scope: Scope) -> list[str]:
    expression = term.expression
    if term.kind == "term" and isinstance(expression, Const):
        return [quote(expression.text)]
    if term.kind == "blank":
        value = value_sql(expression, scope.resolved, scope.alias)
        return ["'_:n'", value] if isinstance(expression, RowNode) else ["'_:b'", f"hex({value})"]
    if term.kind != "literal":
        return ["'<'", *_iri(expression, term.kind, scope), "'>'"]
    value = value_sql(expression, scope.resolved, scope.alias)
    is_bare = isinstance(expression, Ref) and expression.field in scope.bare
    return ["'\"'", value if is_bare else f"dpc_escape({value})", *_tail(term, scope)]


def _tail(term: TermMap, scope: Scope) -> list[str]:
    """Give the SQL of what follows a literal's text: its language or datatype."""
    if term.language_map is not None:
        tag = value_sql(term.language_map, scope.resolved, scope.alias)
        return [f"CASE WHEN regexp_full_match({tag}, '{_LANGUAGE}') THEN '\"@' || {tag} END"]
    if term.datatype_map is not None:
        return ["'\"^^<'", *_iri(term.datatype_map, "iri", scope), "'>'"]
    if term.language:
        return [quote(f'"@{term.language}')]
    expression, datatype = term.expression, term.datatype
    if datatype is None and isinstance(expression, Call):
        datatype = FUNCTIONS[expression.function].datatype
    if datatype is None and isinstance(expression, Ref):
        return [_natural_tail(expression, scope)]
    is_text = not datatype or datatype == XSD + "string"
    return ["'\"'" if is_text else quote(f'"^^<{datatype}>')]


def _natural_tail(expression: Ref, scope: Scope) -> str:
    if expression.field == "#" or expression.field.endswith(".#"):
        return f"'\"^^<{XSD}integer>'"
    if not has_natural(expression.field, scope.resolved):
        return "'\"'"
    kept = f"{scope.alias}.{natural(expression.field)}"
    return (
        f"CASE WHEN {kept} IS NULL THEN '\"' WHEN {kept} <> 'structure'"
        f" THEN '\"^^<{XSD}' || {kept} || '>' END"
    )


def has_natural(name: str, resolved: Resolved) -> bool:
    """Tell whether the natural datatype of a field is kept beside it."""
    return name in resolved.view.naturals and resolved.keeps_naturals


def _iri(expression: Expression, kind: str, scope: Scope) -> list[str]:
    """Give the SQL of the parts of an IRI, without brackets."""
    value = value_sql(expression, scope.resolved, scope.alias, kind=kind)
    if not is_open(expression):
        if isinstance(expression, Template):
            return _template(expression, scope.alias, _SAFE.get(kind))
        return [value]
    first = expression.parts[0] if isinstance(expression, Template) else None
    absolute = value
    if not (isinstance(first, Const) and ":" in first.text):
        absolute = (
            f"CASE WHEN regexp_matches({value}, '{_SCHEME}') THEN {value}"
            f" ELSE {quote(scope.base)} || {value} END"
        )
    if kind == "unsafe":
        return [absolute]
    return [f"CASE WHEN regexp_full_match({absolute}, {quote(IRI)}) THEN {absolute} END"]


def is_open(expression: Expression) -> bool:
    """Tell whether the cells decide if an IRI is one, and if it is absolute."""
    if isinstance(expression, Call):
        return FUNCTIONS[expression.function].kind != "iri"
    return not (isinstance(expression, Template) and is_always_iri(expression))


def table_of(resolved: Resolved) -> str:
    """Give the SQL identifier of a resolved view's table."""
    return identifier(resolved.table)
