"""Both SHACL engines, called directly: what they report, as (focus node, rule)."""

from functools import lru_cache
from pathlib import Path

import pyshacl
import shacl
from rdflib import RDF, SH, Graph, URIRef

from dpc_kg.base import assets
from dpc_kg.base.rdfio import read
from dpc_kg.base.vocab import local_name

Found = frozenset[tuple[str, str]]


def merged(paths: list[Path]) -> Graph:
    graph = Graph()
    for path in paths:
        for triple in read(path):
            graph.add(triple)
    return graph


@lru_cache(maxsize=1)
def shapes() -> Graph:
    return merged(assets.shape_files())


@lru_cache(maxsize=1)
def _compiled() -> shacl.Shapes:
    return shacl.Shapes.from_turtle(shapes().serialize(format="turtle"))


def fast(data: Graph) -> Found:
    report = _compiled().validate_text(data.serialize(format="nt"), format="ntriples")
    return frozenset((_bare(r.focus_node), local_name(_bare(r.source_shape))) for r in report.results)


def reference(data: Graph) -> Found:
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes())
    assert isinstance(report, Graph)
    return frozenset(
        (str(report.value(result, SH.focusNode)), local_name(str(_source(report, result))))
        for result in report.subjects(RDF.type, SH.ValidationResult)
    )


def _source(report: Graph, result: object) -> object:
    return report.value(result, SH.sourceShape)  # type: ignore[arg-type]


def _bare(term: str) -> str:
    return term.removeprefix("<").removesuffix(">")


def is_iri(node: object) -> bool:
    return isinstance(node, URIRef)
