"""Small mappings drawn at random, and the RML that says them."""

import json
from dataclasses import dataclass

from hypothesis import strategies as st

from tests.lift.laws.cells import DOCUMENTS, KIDS, TAGS, Table

EX = "http://example.org/"
XSD = "http://www.w3.org/2001/XMLSchema#"
GREL = "http://users.ugent.be/~bjdmeest/function/grel.ttl#"
IDLAB = "http://example.com/idlab/function/"
FN = "https://w3id.org/dpc/fn#"
CODES_CSV = (
    "list,value,code,scheme\nanswers,Yes,answer/yes,made-up\nanswers,no,answer/no,made-up\n"
    "answers,12,answer/twelve,made-up\nanswers,a,,made-up\n"
)
"""What the mappings' functions look up."""


@dataclass(frozen=True)
class Ref:
    """A reference."""

    name: str


@dataclass(frozen=True)
class Template:
    """Constant texts and references in turn."""

    parts: tuple[str | Ref, ...]


@dataclass(frozen=True)
class Fn:
    """A function by its IRI; arguments by parameter, references or constants."""

    iri: str
    args: tuple[tuple[str, Ref | str], ...]


Expression = Ref | Template | Fn


@dataclass(frozen=True)
class Term:
    """A term map: what its expression makes, under a condition (two references that differ)."""

    expression: Expression
    kind: str = "Literal"
    datatype: str | None = None
    language: str | None = None
    condition: tuple[Ref, Ref] | None = None


@dataclass(frozen=True)
class Mapping:
    """One triples map over a table; ``inner`` reads its inner records beside the record."""

    subject: Term
    objects: tuple[Term, ...]
    graph: Template | None = None
    inner: bool = False
    nulls: tuple[str, ...] = ()


# -- drawing


def references(table: Table, *, inner: bool) -> list[str]:
    """Give the references to the members of a table's records."""
    if inner:
        kept = ["id", "a", "b"]
        return [*kept, f"{KIDS}.x", f"{KIDS}.y"]
    if table.form == "xml":
        return [*table.names, TAGS]
    if table.form in DOCUMENTS:
        plain = [f"$.{n}" if n.isidentifier() else f"$['{n}']" for n in table.names]
        return [*plain, f"$.{TAGS}[*]"]
    return list(table.names)


@st.composite
def mappings(draw: st.DrawFn, table: Table) -> Mapping:
    """Draw a mapping of a table."""
    inner = table.form in DOCUMENTS and draw(st.booleans())
    ref = st.sampled_from([Ref(n) for n in references(table, inner=inner)])
    names = references(table, inner=inner)
    key = Ref(names[0])
    one = st.sampled_from([Ref(n) for n in names])
    more = draw(st.one_of(st.just(()), st.tuples(st.just("/"), one)))
    subject = Term(Template((f"{EX}s/", key, *more)), draw(st.sampled_from(["IRI", "URI"])))
    objects = tuple(draw(st.lists(_object(ref), min_size=1, max_size=4)))
    graph = draw(st.one_of(st.none(), st.none(), one.map(lambda r: Template((f"{EX}g/", r)))))
    nulls = draw(st.sampled_from([(), (), ("",), ("", "NULL", "007")]))
    return Mapping(subject, objects, graph, inner, nulls if table.form not in DOCUMENTS else ())


def _object(ref: st.SearchStrategy[Ref]) -> st.SearchStrategy[Term]:
    plain = st.builds(
        Term,
        ref,
        datatype=st.sampled_from([None, None, f"{XSD}integer", f"{XSD}string", f"{EX}d"]),
    )
    spoken = st.builds(Term, ref, language=st.sampled_from(["en", "ar", "pt-BR"]))
    some = st.builds(Term, ref, condition=st.tuples(ref, ref))
    mixed = st.builds(lambda a, b: Template(("x {", a, '} "\\ ', b)), ref, ref)
    text = st.builds(Term, mixed)
    made = st.builds(
        Term,
        st.builds(lambda a, b: Template((f"{EX}o/é?", a, "&n=", b)), ref, ref),
        st.sampled_from(["IRI", "URI"]),
    )
    given = st.builds(Term, ref, st.sampled_from(["IRI", "IRI", "BlankNode"]))
    return st.one_of(plain, spoken, some, text, made, given, st.builds(Term, _function(ref)))


ONE = (
    (f"{GREL}toUpperCase", f"{GREL}valueParam"),
    (f"{GREL}string_length", f"{GREL}valueParam"),
    (f"{FN}integer", f"{FN}value"),
    (f"{FN}instant", f"{FN}value"),
    (f"{FN}precision", f"{FN}value"),
    (f"{FN}tristate", f"{FN}value"),
)
"""The functions of one cell, with their parameter."""

TWO = (
    (f"{FN}concat", f"{FN}value", f"{FN}value2"),
    (f"{FN}firstOf", f"{FN}value", f"{FN}value2"),
    (f"{FN}given", f"{FN}value", f"{FN}when"),
    (f"{FN}seconds", f"{FN}from", f"{FN}to"),
)
"""The functions of two."""

LISTED = (f"{FN}code", f"{FN}declared")


def _function(ref: st.SearchStrategy[Ref]) -> st.SearchStrategy[Fn]:
    return st.one_of(
        st.builds(lambda f, r: Fn(f[0], ((f[1], r),)), st.sampled_from(ONE), ref),
        st.builds(lambda f, r, s: Fn(f[0], ((f[1], r), (f[2], s))), st.sampled_from(TWO), ref, ref),
        st.builds(_lookup, st.sampled_from(LISTED), ref),
    )


def _lookup(iri: str, ref: Ref) -> Fn:
    args: tuple[tuple[str, Ref | str], ...] = ((f"{FN}list", "answers"), (f"{FN}value", ref))
    return Fn(iri, (*args, (f"{FN}scheme", "answer")) if iri.endswith("code") else args)


# -- saying it in RML


def to_rml(mapping: Mapping, table: Table) -> str:
    """Give the RML document of a mapping, its source beside it."""
    logical = "ex:V" if mapping.inner else "ex:S"
    objects = " ;\n ".join(
        f"rml:predicateObjectMap [ rml:predicate ex:p{number} ; rml:objectMap {_term(term)}"
        + (f" ; rml:graphMap {_term(Term(mapping.graph, 'IRI'))}" if mapping.graph else "")
        + " ]"
        for number, term in enumerate(mapping.objects)
    )
    view = _view(table) if mapping.inner else ""
    return (
        "PREFIX rml: <http://w3id.org/rml/>\nPREFIX dpcf: <https://w3id.org/dpc/fn#>\n"
        f"PREFIX ex: <{EX}>\n{_source(mapping, table)}{view}"
        f"ex:T a rml:TriplesMap ; rml:logicalSource {logical} ;\n"
        f" rml:subjectMap {_term(mapping.subject)} ;\n {objects} .\n"
    )


def _source(mapping: Mapping, table: Table) -> str:
    said = {
        "xml": 'rml:XPath ; rml:iterator "/r/i"',
        "json": 'rml:JSONPath ; rml:iterator "$[*]"',
        "ndjson": 'rml:JSONPath ; rml:iterator "$"',
        "wrapped": 'rml:JSONPath ; rml:iterator "$.data[*]"',
        "sqlite": 'rml:SQL2008Table ; rml:iterator "cases"',
    }.get(table.form, "rml:CSV")
    nulls = "".join(f" ; rml:null {json.dumps(n)}" for n in mapping.nulls)
    return (
        "ex:S rml:source [ a rml:RelativePathSource ; rml:root rml:MappingDirectory ;"
        f' rml:path "{table.file}" ; dpcf:sourceName "t"{nulls} ] ;'
        f" rml:referenceFormulation {said} .\n"
    )


def _view(table: Table) -> str:
    """Give a logical view of the record's members and, for each inner record, its own."""
    mark = "" if table.form == "xml" else "$."
    loop = f"{KIDS}/k" if table.form == "xml" else f"$.{KIDS}[*]"
    plain = "".join(_field(n, f"{mark}{n}") for n in ("id", "a", "b"))
    inner = "".join(_field(n, f"{mark}{n}") for n in ("x", "y"))
    return (
        f'ex:V a rml:LogicalView ; rml:viewOn ex:S {plain} ; rml:field [ rml:fieldName "{KIDS}" ;'
        f' rml:iterator "{loop}" {inner} ] .\n'
    )


def _field(name: str, reference: str) -> str:
    return f'; rml:field [ rml:fieldName "{name}" ; rml:reference "{reference}" ]'


def _quote(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _term(term: Term) -> str:
    more = f" ; rml:datatype <{term.datatype}>" if term.datatype else ""
    more += f' ; rml:language "{term.language}"' if term.language else ""
    if not isinstance(term.expression, Fn) and not (term.datatype or term.language):
        more += f" ; rml:termType rml:{term.kind}"
    if term.condition is not None:
        one, two = (f"[ rml:reference {_quote(r.name)} ]" for r in term.condition)
        more += (
            f" ; rml:condition [ rml:functionExecution [ rml:function <{IDLAB}notEqual> ;"
            f" rml:input [ rml:parameter <{IDLAB}valueParameter> ; rml:inputValueMap {one} ] ,"
            f" [ rml:parameter <{IDLAB}valueParameter2> ; rml:inputValueMap {two} ] ] ]"
        )
    return f"[ {_expression(term.expression)}{more} ]"


def _expression(expression: Expression) -> str:
    if isinstance(expression, Ref):
        return f"rml:reference {_quote(expression.name)}"
    if isinstance(expression, Template):
        parts = (_part(p) for p in expression.parts)
        return f"rml:template {_quote(''.join(parts))}"
    inputs = ", ".join(
        f"[ rml:parameter <{parameter}> ; "
        + (
            f"rml:inputValueMap [ {_expression(arg)} ]"
            if isinstance(arg, Ref)
            else f"rml:inputValue {_quote(arg)}"
        )
        + " ]"
        for parameter, arg in expression.args
    )
    return f"rml:functionExecution [ rml:function <{expression.iri}> ; rml:input {inputs} ]"


def _part(part: str | Ref) -> str:
    if isinstance(part, Ref):
        return "{" + part.name + "}"
    return part.replace("\\", "\\\\").replace("{", "\\{").replace("}", "\\}")
