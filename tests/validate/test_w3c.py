"""The W3C SHACL test suite, through the command's own path: validate_data and to_turtle."""

import warnings
from collections import Counter
from pathlib import Path

import pytest
from rdflib import RDF, BNode, Graph, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from dpc_kg.base.errors import DpcError
from dpc_kg.validate.engines import choose, validate_data
from dpc_kg.validate.shaclreport import to_turtle

pytestmark = pytest.mark.shared

SH = Namespace("http://www.w3.org/ns/shacl#")
SHT = Namespace("http://www.w3.org/ns/shacl-test#")
MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")

KNOWN_DIFFERENCES = {
    "shacl": {"unsupported-sparql-004"},
    "pyshacl": {"uniqueLang-002", "shapesGraph-001"},
}
"""Tests each engine is known to get wrong; a test that starts to pass must be taken out."""


def _path(graph: Graph, node: Node) -> str:
    if isinstance(node, URIRef):
        return str(node)
    if graph.value(node, RDF.first) is not None:
        return "(" + " ".join(_path(graph, item) for item in Collection(graph, node)) + ")"
    for predicate, value in graph.predicate_objects(node):
        return f"[{predicate} {_path(graph, value)}]"
    raise AssertionError("a path without triples")


def _results(graph: Graph, report: Node) -> Counter[tuple[str, ...]]:
    found: Counter[tuple[str, ...]] = Counter()
    for result in graph.objects(report, SH.result):
        path = graph.value(result, SH.resultPath)
        parts = [_path(graph, path) if path is not None else ""]
        for name in ("focusNode", "value", "sourceConstraintComponent", "resultSeverity"):
            value = graph.value(result, SH[name])
            parts.append("_:" if isinstance(value, BNode) else repr(value))
        found[tuple(parts)] += 1
    return found


def _graph(path: Path) -> Graph:
    with warnings.catch_warnings():  # the suite holds ill-formed literals on purpose
        warnings.simplefilter("ignore")
        return Graph().parse(path, format="turtle")


def _cases(suite: Path) -> list[tuple[str, Path, Graph, Node]]:
    cases = []
    for path in sorted(suite.rglob("*.ttl")):
        if path.name == "manifest.ttl":
            continue
        graph = _graph(path)
        for test in graph.subjects(RDF.type, SHT.Validate):
            cases.append((path.stem, path, graph, test))
    return cases


def _agrees(path: Path, graph: Graph, test: Node, engine: str) -> bool:
    action, expected = graph.value(test, MF.action), graph.value(test, MF.result)
    assert expected is not None
    files = [graph.value(action, SHT[name]) for name in ("dataGraph", "shapesGraph")]
    data, shapes = (Path(str(file).removeprefix("file://")) for file in files)
    try:
        run = validate_data(data, shapes, engine)
    except DpcError:
        return expected == SHT.Failure
    if expected == SHT.Failure:
        return False
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        report = Graph().parse(data=to_turtle(run), format="turtle")
    node = report.value(None, RDF.type, SH.ValidationReport)
    assert node is not None
    return _results(report, node) == _results(graph, expected)


@pytest.mark.parametrize("engine", ["shacl", "pyshacl"])
def test_suite(shared: Path, engine: str) -> None:
    if choose().name != "shacl" and engine == "shacl":
        pytest.skip("the fast engine has no wheel here")
    cases = _cases(shared / "suites" / "w3c-shacl" / "data-shapes-test-suite" / "tests")
    assert len(cases) == 121
    wrong = {name for name, path, graph, test in cases if not _agrees(path, graph, test, engine)}
    assert wrong == KNOWN_DIFFERENCES[engine]
