"""Whether a compiled plan can run: paths, names and tags checked before any file is read."""

import re
from collections.abc import Iterator

from dpc_kg.lift.document import Document
from dpc_kg.lift.functions import FUNCTIONS
from dpc_kg.lift.iris import is_iri, may_be_iri
from dpc_kg.lift.paths import UnknownPath, json_steps, xpath
from dpc_kg.lift.plan import (
    Call,
    Const,
    Expression,
    Plan,
    Source,
    Template,
    TermMap,
    TriplesPlan,
    View,
    calls,
    expressions,
    terms,
)

_LANGUAGE = re.compile(r"([A-Za-z]{2,3}|[xXiI])(-[A-Za-z0-9]{1,8})*")
_READ_AS = {None: "JSONPath", "JSONPath": "JSONPath", "RubyLiteral": "JSONPath", "XPath": "XPath"}
_XML_ITERATOR = re.compile(r"(//?)?[\w.:-]+(/[\w.:-]+)*")


def check_plan(plan: Plan, document: Document) -> None:
    """Refuse a plan that cannot run.

    Raises:
        MappingError: names the triples map and says what is wrong with it.
    """
    for triples in plan.maps:
        for problem in _problems(plan, triples):
            name = triples.name.partition("~")[0]
            node = next((n for n in document.subjects() if document.name(n) == name), None)
            document.fail(problem, node)


def _problems(plan: Plan, triples: TriplesPlan) -> Iterator[str]:
    view = plan.view(triples.view)
    source = plan.source(view.source)
    yield from _bad_names(plan, triples, source)
    yield from _bad_paths(view, source)
    for term in terms(triples, joined=True):
        if term.language is not None and not _LANGUAGE.fullmatch(term.language):
            yield "A language tag is not well-formed (BCP 47)."
        if term.datatype is not None and not is_iri(term.datatype):
            yield "A datatype is not an absolute IRI."
        if not _may_be_iri(term):
            yield "A template makes no IRI: a letter in it must be percent-encoded."
        for expression in expressions(term):
            for call in calls(expression):
                yield from _bad_arguments(call)
    yield from _bad_constants(triples)


def _bad_constants(triples: TriplesPlan) -> Iterator[str]:
    if _is_literal(triples.subject):
        yield "A subject cannot be a literal."
    for pair in triples.pairs:
        if _is_literal(pair.predicate) or pair.predicate.kind == "blank":
            yield "A predicate must be an IRI."
        if any(_is_literal(g) for g in pair.graphs):
            yield "A graph is named by an IRI or a blank node."


def _may_be_iri(term: TermMap) -> bool:
    made = [term.expression] if term.kind in {"iri", "uri"} else []
    made += [] if term.datatype_map is None else [term.datatype_map]
    return all(may_be_iri(e) for e in made if isinstance(e, Template))


def _is_literal(term: TermMap) -> bool:
    text = term.expression.text if isinstance(term.expression, Const) else ""
    return term.kind == "term" and text.startswith('"')


def _bad_names(plan: Plan, triples: TriplesPlan, source: Source) -> Iterator[str]:
    names = {m.name for m in plan.maps}
    wanted = [p.join.parent for p in triples.pairs if p.join is not None]
    wanted += [p.object.must_exist for p in triples.pairs if p.object.must_exist is not None]
    if source.record_map is not None:
        wanted.append(source.record_map)
    for name in wanted:
        if name not in names:
            yield f"It refers to the triples map {name}, which is not there."


def _bad_paths(view: View, source: Source) -> Iterator[str]:
    if source.formulation == "XPath" and not _XML_ITERATOR.fullmatch(source.iterator or ""):
        yield "The iterator of an XML source must be a path of element names, as in /list/item."
    for name, path in _paths(view, source):
        try:
            if name == "XPath":
                xpath(path, source.namespaces)
            elif name == "JSONPath":
                json_steps(path)
        except UnknownPath:
            yield f"The path {path} is not supported."


def _paths(view: View, source: Source) -> Iterator[tuple[str, str]]:
    """Give (formulation, path) of all that the view reads by a path."""
    base = "table" if source.formulation in {"CSV", "SPARQL"} else source.formulation
    inner = {"": base}
    for iterable in view.iterables:
        own = _owner(inner, iterable.name)
        if iterable.cell is None:
            yield inner[own], iterable.path
            inner[iterable.name] = inner[own]
            continue
        yield inner[own], iterable.cell
        inner[iterable.name] = _READ_AS.get(iterable.formulation, "table")
        yield inner[iterable.name], iterable.path
    for name, reference in view.fields:
        if not name.endswith("#") and reference not in {"~", ".", "", "~text"}:
            yield inner[_owner(inner, name)], reference
    if source.formulation == "JSONPath" and source.iterator is not None:
        yield "JSONPath", source.iterator


def _owner(known: dict[str, str], name: str) -> str:
    above = name.rpartition(".")[0]
    while above not in known:
        above = above.rpartition(".")[0]
    return above


def _bad_arguments(call: Call) -> Iterator[str]:
    function = FUNCTIONS[call.function]
    given: dict[str, Expression] = dict(call.args)
    for name in function.required:
        if name not in given:
            yield f"The function {call.function} needs the parameter {name}."
    for name in sorted(function.constant & set(given)):
        value = given[name]
        if not isinstance(value, Const):
            yield f"The parameter {name} of {call.function} must be a constant."
        elif name in function.choices and value.text not in function.choices[name]:
            known = ", ".join(sorted(function.choices[name]))
            yield f"The parameter {name} of {call.function} must be one of: {known}."
