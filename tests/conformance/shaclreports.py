"""The cases of the W3C SHACL suite, and reports in a form that can be compared."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pyoxigraph as ox

SH = "http://www.w3.org/ns/shacl#"
SHT = "http://www.w3.org/ns/shacl-test#"
_MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_COMPARED = ("focusNode", "value", "sourceConstraintComponent", "resultSeverity")

Term = ox.NamedNode | ox.BlankNode | ox.Literal


@dataclass(frozen=True)
class Outcome:
    """A report: whether data conform, and its results as a multiset."""

    conforms: bool
    results: Counter[tuple[str, ...]] = field(hash=False)


@dataclass(frozen=True)
class Case:
    """One case: its section and name, its files, what is expected (None: a failure)."""

    section: str
    name: str
    data: Path
    shapes: Path
    expected: Outcome | None = field(compare=False)


class Graph:
    """The triples of a Turtle text, by subject and predicate."""

    def __init__(self, text: bytes, base: str | None = None) -> None:
        self._values: dict[tuple[object, str], list[Term]] = {}
        for quad in ox.parse(text, format=ox.RdfFormat.TURTLE, base_iri=base):
            assert not isinstance(quad.object, ox.Triple)
            key = (quad.subject, quad.predicate.value)
            self._values.setdefault(key, []).append(quad.object)

    def all(self, subject: object, predicate: str) -> list[Term]:
        """Give the values of a predicate."""
        return self._values.get((subject, predicate), [])

    def one(self, subject: object, predicate: str) -> Term | None:
        """Give the first value of a predicate."""
        return next(iter(self.all(subject, predicate)), None)

    def instances(self, cls: str) -> list[object]:
        """Give the nodes of a class."""
        named = ox.NamedNode(cls)
        return [
            s for (s, p), values in self._values.items() if p == _RDF + "type" and named in values
        ]

    def outcome(self, report: object) -> Outcome:
        """Give the outcome that a node of the report's class states; blank nodes are alike."""
        said = self.one(report, SH + "conforms")
        found = Counter(self._result(result) for result in self.all(report, SH + "result"))
        return Outcome(said is not None and said.value == "true", found)

    def _result(self, result: object) -> tuple[str, ...]:
        path = self.one(result, SH + "resultPath")
        parts = [self._path(path) if path is not None else ""]
        for name in _COMPARED:
            value = self.one(result, SH + name)
            parts.append("_:" if isinstance(value, ox.BlankNode) else str(value))
        return tuple(parts)

    def _path(self, node: Term) -> str:
        if not isinstance(node, ox.BlankNode):
            return str(node)
        first, rest = self.one(node, _RDF + "first"), self.one(node, _RDF + "rest")
        if first is not None and rest is not None:
            return f"({self._path(first)} {self._path(rest)})"
        mine = ((p, v) for (s, p), values in self._values.items() if s == node for v in values)
        return " ".join(f"[{predicate} {self._path(value)}]" for predicate, value in mine)


def report_of(text: str) -> Outcome | None:
    """Give the outcome of a report in Turtle; None if there is not exactly one report in it."""
    graph = Graph(text.encode())
    reports = graph.instances(SH + "ValidationReport")
    return graph.outcome(reports[0]) if len(reports) == 1 else None


def cases(suites: Path) -> Iterator[Case]:
    """Give the cases of the suite below the folder of suites."""
    tests = suites / "w3c-shacl" / "data-shapes-test-suite" / "tests"
    for path in sorted(tests.rglob("*.ttl")):
        if path.name == "manifest.ttl":
            continue
        graph = Graph(path.read_bytes(), path.resolve().as_uri())
        for test in graph.instances(SHT + "Validate"):
            yield _case(path.parent.relative_to(tests).as_posix(), path.stem, graph, test)


def _case(section: str, name: str, graph: Graph, test: object) -> Case:
    action, expected = graph.one(test, _MF + "action"), graph.one(test, _MF + "result")
    files = [graph.one(action, SHT + kind) for kind in ("dataGraph", "shapesGraph")]
    data, shapes = (Path(unquote(urlsplit(file.value).path)) for file in files if file is not None)
    failure = expected == ox.NamedNode(SHT + "Failure")
    return Case(section, name, data, shapes, None if failure else graph.outcome(expected))
