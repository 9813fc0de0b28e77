"""A run as the standard's own report: ``sh:ValidationReport`` in Turtle."""

import re
from collections.abc import Callable, Iterator

import pyoxigraph as ox

from dpc_kg.base.settings import LANGS
from dpc_kg.base.vocab import PREFIXES, RDF, RDF_TYPE, SH, XSD
from dpc_kg.validate.messages import message_of
from dpc_kg.validate.results import Result, ShaclRun
from dpc_kg.validate.rules import Rule, shape_rule
from dpc_kg.validate.shapesgraph import shape_node, shapes_graph

_TOKEN = re.compile(r"<[^>]*>|[()/|^*+?]")
_LITERAL = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_SIGNS = {"*": "zeroOrMorePath", "+": "oneOrMorePath", "?": "zeroOrOnePath"}
_NIL = ox.NamedNode(RDF + "nil")
_PREFIXES = ("sh", "xsd", "rdf", "dpc", "dpcsh", "code", "ext", "id")
_Node = ox.NamedNode | ox.BlankNode


def to_turtle(run: ShaclRun, lang: str | None = None) -> str:
    """Give the report of a run (SHACL 1.0, section 3.6), messages in one language or in all.

    The report holds the values that broke a rule: it stays with the person who has the file.
    """
    triples = list(_report(run, lang))
    prefixes = {name: PREFIXES[name] for name in _PREFIXES}
    found = ox.serialize(triples, format=ox.RdfFormat.TURTLE, prefixes=prefixes)
    return (found or b"").decode()


def _report(run: ShaclRun, lang: str | None) -> Iterator[ox.Triple]:
    report = ox.BlankNode("report")
    conforms = ox.Literal("true" if run.conforms else "false", datatype=_name(XSD, "boolean"))
    yield ox.Triple(report, _name(RDF_TYPE), _name(SH, "ValidationReport"))
    yield ox.Triple(report, _name(SH, "conforms"), conforms)
    rule = _rule_finder(run)
    for number, result in enumerate(run.results, start=1):
        node = ox.BlankNode(f"r{number}")
        yield ox.Triple(report, _name(SH, "result"), node)
        yield from result_triples(node, result, _messages(result, rule(result), lang))


def result_triples(
    node: ox.BlankNode, result: Result, texts: list[ox.Literal]
) -> Iterator[ox.Triple]:
    """Give a ``sh:ValidationResult``: everything a result says, and its messages."""
    yield ox.Triple(node, _name(RDF_TYPE), _name(SH, "ValidationResult"))
    yield ox.Triple(node, _name(SH, "focusNode"), term(result.focus))
    yield ox.Triple(node, _name(SH, "resultSeverity"), _name(result.severity))
    yield ox.Triple(node, _name(SH, "sourceConstraintComponent"), _name(result.component))
    if result.source_shape:
        yield ox.Triple(node, _name(SH, "sourceShape"), term(result.source_shape))
    if result.value is not None:
        yield ox.Triple(node, _name(SH, "value"), term(result.value))
    for text in texts:
        yield ox.Triple(node, _name(SH, "resultMessage"), text)
    if result.path:
        triples: list[ox.Triple] = []
        path = _PathReader(result.path, f"{node.value}p", triples).read()
        yield ox.Triple(node, _name(SH, "resultPath"), path)
        yield from triples


def _rule_finder(run: ShaclRun) -> Callable[[Result], Rule]:
    graph = shapes_graph(run.shapes)
    known: dict[str, Rule] = {}

    def find(result: Result) -> Rule:
        shape = result.source_shape or ""
        if shape not in known:
            known[shape] = shape_rule(graph, shape_node(shape), result.rule)
        return known[shape]

    return find


def _messages(result: Result, rule: Rule, lang: str | None) -> list[ox.Literal]:
    if lang is None and rule.problems:
        return [_text(text, of, result) for of, text in sorted(rule.problems.items())]
    langs = LANGS if lang is None else (lang,)
    found = (message_of(rule, wanted, result.component) for wanted in langs)
    return [_text(each.text, each.lang, result) for each in found]


def _text(text: str, lang: str, result: Result) -> ox.Literal:
    """Fill the places that a message of an ``sh:sparql`` may leave (SHACL 1.0, section 5.2.2)."""
    places = {"this": result.focus, "value": result.value or ""}
    for name, filling in places.items():
        plain = term(filling).value if filling else ""
        for sign in "?$":
            text = text.replace("{" + sign + name + "}", plain)
    return ox.Literal(text, language=lang) if lang else ox.Literal(text)


def term(text: str) -> ox.NamedNode | ox.BlankNode | ox.Literal:
    """Give the term of a string in the form of ``Result``."""
    if text.startswith("_:"):
        return ox.BlankNode(text[2:])
    literal = _LITERAL.match(text)
    if not literal:
        return ox.NamedNode(text)
    line = f"<x:s> <x:p> {text} .".encode()
    found = next(iter(ox.parse(line, format=ox.RdfFormat.N_TRIPLES))).object
    return found if isinstance(found, ox.Literal) else ox.Literal(text)


def _name(space: str, local: str = "") -> ox.NamedNode:
    return ox.NamedNode(space + local)


class _PathReader:
    """Reads a SPARQL property path into the triples of a SHACL path (section 2.3.1)."""

    def __init__(self, path: str, label: str, triples: list[ox.Triple]) -> None:
        self._tokens = _TOKEN.findall(path if "<" in path else f"<{path}>")
        self._label = label
        self._triples = triples
        self._made = 0

    def read(self) -> _Node:
        """Give the node of the path."""
        token = self._tokens.pop(0)
        if token == "^":  # noqa: S105 - a sign of the path syntax
            return self._node("inversePath", self.read())
        if token.startswith("<"):
            return _name(token[1:-1])
        return self._group()

    def _group(self) -> _Node:
        parts, sign = [self.read()], ""
        while (token := self._tokens.pop(0)) != ")":
            sign = token
            parts.append(self.read())
        if self._tokens and self._tokens[0] in _SIGNS:
            inner = parts[0]
            return self._node(_SIGNS[self._tokens.pop(0)], inner)
        if sign == "|":
            return self._node("alternativePath", self._list(parts))
        return self._list(parts) if len(parts) > 1 else parts[0]

    def _node(self, predicate: str, value: _Node) -> _Node:
        node = self._blank()
        self._triples.append(ox.Triple(node, _name(SH, predicate), value))
        return node

    def _list(self, parts: list[_Node]) -> _Node:
        head: _Node = _NIL
        for part in reversed(parts):
            node = self._blank()
            self._triples.append(ox.Triple(node, _name(RDF, "first"), part))
            self._triples.append(ox.Triple(node, _name(RDF, "rest"), head))
            head = node
        return head

    def _blank(self) -> ox.BlankNode:
        self._made += 1
        return ox.BlankNode(f"{self._label}{self._made}")
