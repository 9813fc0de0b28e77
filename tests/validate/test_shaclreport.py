"""The standard's own report, as another tool reads it."""

from pathlib import Path

import pytest
from rdflib import RDF, Graph, Literal, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from dpc_kg.validate.engines import validate_data
from dpc_kg.validate.results import Result, ShaclRun
from dpc_kg.validate.shaclreport import to_turtle

SH = Namespace("http://www.w3.org/ns/shacl#")
SHAPES = """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix e: <http://e/> .
e:S a sh:NodeShape ; sh:targetClass e:C ; sh:property [ sh:path e:p ; sh:maxCount 0 ;
  sh:message "No p, please."@en , "Pas de p."@fr ] , e:q .
e:q sh:path e:q ; sh:minCount 1 .
e:T a sh:NodeShape ; sh:targetClass e:C ; sh:sparql [ sh:message "Odd: {?value}" ;
  sh:select "SELECT $this ?value WHERE { $this <http://e/p> ?value }" ] .
"""
DATA = '@prefix e: <http://e/> . e:x a e:C ; e:p "a\\"b\\n"@en .'


def _run(tmp_path: Path, engine: str = "auto") -> ShaclRun:
    shapes, data = tmp_path / "shapes.ttl", tmp_path / "data.ttl"
    shapes.write_text(SHAPES, encoding="utf-8")
    data.write_text(DATA, encoding="utf-8")
    return validate_data(data, shapes, engine)


def _report(run: ShaclRun, lang: str | None = None) -> Graph:
    return Graph().parse(data=to_turtle(run, lang), format="turtle")


def _messages(graph: Graph, component: str) -> set[Literal]:
    results = graph.subjects(SH.sourceConstraintComponent, SH[component + "ConstraintComponent"])
    return {
        m for r in results for m in graph.objects(r, SH.resultMessage) if isinstance(m, Literal)
    }


def test_report_holds_every_result(tmp_path: Path) -> None:
    run = _run(tmp_path)
    graph = _report(run)
    report = graph.value(None, RDF.type, SH.ValidationReport)
    assert graph.value(report, SH.conforms) == Literal(False)
    assert len(list(graph.objects(report, SH.result))) == len(run.results) == 3
    assert (None, SH.value, Literal('a"b\n', lang="en")) in graph
    assert (None, SH.sourceShape, URIRef("http://e/q")) in graph


@pytest.mark.parametrize("engine", ["auto", "pyshacl"])
def test_messages_of_the_shapes(tmp_path: Path, engine: str) -> None:
    run = _run(tmp_path, engine)
    both = {Literal("No p, please.", lang="en"), Literal("Pas de p.", lang="fr")}
    assert _messages(_report(run), "MaxCount") == both
    assert _messages(_report(run, "fr"), "MaxCount") == {Literal("Pas de p.", lang="fr")}
    assert _messages(_report(run, "en"), "MinCount") == {
        Literal("A required value is missing. Enter the value.", lang="en")
    }
    assert _messages(_report(run), "SPARQL") == {Literal('Odd: a"b\n')}


def test_same_run_same_bytes(tmp_path: Path) -> None:
    assert to_turtle(_run(tmp_path)) == to_turtle(_run(tmp_path))


def test_conforming_run() -> None:
    graph = _report(ShaclRun((), 3, "shacl"))
    report = graph.value(None, RDF.type, SH.ValidationReport)
    assert graph.value(report, SH.conforms) == Literal(True)
    assert len(graph) == 2


PATHS = {
    "http://e/p": "http://e/p",
    "^<http://e/p>": "[inversePath http://e/p]",
    "(<http://e/p>/<http://e/q>/<http://e/r>)": "(http://e/p http://e/q http://e/r)",
    "(<http://e/p>|<http://e/q>)": "[alternativePath (http://e/p http://e/q)]",
    "(<http://e/p>)*": "[zeroOrMorePath http://e/p]",
    "((<http://e/p>/<http://e/q>))+": "[oneOrMorePath (http://e/p http://e/q)]",
    "(^<http://e/p>)?": "[zeroOrOnePath [inversePath http://e/p]]",
    "(^<http://e/p>/(<http://e/p>|<http://e/q>)/<http://e/r>)": (
        "([inversePath http://e/p] [alternativePath (http://e/p http://e/q)] http://e/r)"
    ),
}


def _drawn(graph: Graph, node: Node) -> str:
    if isinstance(node, URIRef):
        return str(node)
    if graph.value(node, RDF.first) is not None:
        parts = (_drawn(graph, item) for item in Collection(graph, node))
        return f"({' '.join(parts)})"
    ((predicate, value),) = graph.predicate_objects(node)
    return f"[{str(predicate).removeprefix(str(SH))} {_drawn(graph, value)}]"


@pytest.mark.parametrize("path", PATHS)
def test_paths(path: str) -> None:
    result = Result("http://e/x", path, None, f"{SH}MinCountConstraintComponent", None, f"{SH}Info")
    graph = _report(ShaclRun((result,), 1, "shacl"))
    (node,) = graph.objects(None, SH.resultPath)
    assert _drawn(graph, node) == PATHS[path]
