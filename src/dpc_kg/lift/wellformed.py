"""Whether a compiled plan can run: paths, names and tags checked before any file is read."""

import re
from collections.abc import Iterator

from dpc_kg.base.errors import MappingError
from dpc_kg.lift.functions import FUNCTIONS
from dpc_kg.lift.paths import UnknownPath, json_steps, xpath
from dpc_kg.lift.plan import (
    Call,
    Const,
    Expression,
    Plan,
    Source,
    TermMap,
    TriplesPlan,
    View,
    calls,
)

_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|\\^`]*")
_XML_ITERATOR = re.compile(r"//?[\w.-]+(/[\w.-]+)*")


def check_plan(plan: Plan, file: str) -> None:
    """Refuse a plan that cannot run.

    Raises:
        MappingError: names the triples map and says what is wrong with it.
    """
    for triples in plan.maps:
        for problem in _problems(plan, triples):
            raise MappingError(problem, file=file, term=triples.name)


def _problems(plan: Plan, triples: TriplesPlan) -> Iterator[str]:
    view = plan.view(triples.view)
    source = plan.source(view.source)
    yield from _bad_names(plan, triples, source)
    yield from _bad_paths(view, source)
    for term in _terms(triples):
        if term.language is not None and not _LANGUAGE.fullmatch(term.language):
            yield "A language tag is not well-formed (BCP 47)."
        if term.datatype is not None and not _IRI.fullmatch(term.datatype):
            yield "A datatype is not an absolute IRI."
        for call in calls(term.expression):
            yield from _bad_arguments(call)


def _terms(triples: TriplesPlan) -> Iterator[TermMap]:
    yield triples.subject
    for pair in triples.pairs:
        yield from (pair.predicate, pair.object, *pair.graphs)


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
                xpath(path)
            else:
                json_steps(path)
        except UnknownPath:
            yield f"The path {path} is not supported."


def _paths(view: View, source: Source) -> Iterator[tuple[str, str]]:
    """Give (formulation, path) of all that the view reads by a path."""
    index = {"#"} | {f"{i.name}.#" for i in view.iterables}
    is_table = source.formulation == "CSV"
    for name, reference in view.fields:
        owned = any(name.startswith(f"{i.name}.") for i in view.iterables)
        if name in index or reference in {"~", ".", ""} or (is_table and not owned):
            continue
        yield ("JSONPath" if is_table else source.formulation), reference
    for iterable in view.iterables:
        yield ("JSONPath" if is_table else source.formulation), iterable.path
    if source.formulation == "JSONPath" and source.iterator is not None:
        yield "JSONPath", source.iterator


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
