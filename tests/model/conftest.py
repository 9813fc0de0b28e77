"""The model's files, and both SHACL engines called directly."""

from collections.abc import Callable
from pathlib import Path

import pyshacl
import pytest
import shacl
from rdflib import RDF, SH, Graph
from rdflib.term import Node

from dpc_kg.base import assets
from dpc_kg.base.rdfio import read
from dpc_kg.base.vocab import local_name

Found = frozenset[tuple[str, str]]
Engine = Callable[[Graph], Found]
"""From data to what is wrong: pairs of focus node and rule id."""


def merge(paths: list[Path]) -> Graph:
    graph = Graph()
    for path in paths:
        for triple in read(path):
            graph.add(triple)
    return graph


def fast_engine(shapes: Graph) -> Engine:
    run = fast_engine_of_text(shapes)
    return lambda data: run(data.serialize(format="nt"))


def fast_engine_of_text(shapes: Graph) -> Callable[[str], Found]:
    """Give the engine for data that is N-Triples already."""
    compiled = shacl.Shapes.from_turtle(shapes.serialize(format="turtle"))

    def run(data: str) -> Found:
        report = compiled.validate_text(data, format="ntriples")
        return frozenset((bare(r.focus_node), rule(bare(r.source_shape))) for r in report.results)

    return run


def reference_engine(shapes: Graph) -> Engine:
    def run(data: Graph) -> Found:
        _, report, _ = pyshacl.validate(data, shacl_graph=shapes)
        assert isinstance(report, Graph)
        return frozenset(
            (str(report.value(node, SH.focusNode)), rule(report.value(node, SH.sourceShape)))
            for node in report.subjects(RDF.type, SH.ValidationResult)
        )

    return run


def bare(term: str | None) -> str:
    return (term or "").removeprefix("<").removesuffix(">")


def rule(shape: str | Node | None) -> str:
    return local_name(str(shape))


@pytest.fixture(scope="session")
def shapes() -> Graph:
    return merge(assets.shape_files())


@pytest.fixture(scope="session")
def lint() -> Graph:
    return read(assets.asset("shapes", "lint.ttl"))


@pytest.fixture(scope="session")
def model_and_shapes(shapes: Graph) -> Graph:
    return merge(assets.ontology_files()) + shapes


@pytest.fixture(scope="session", params=["fast", "reference"])
def engine_of(request: pytest.FixtureRequest) -> Callable[[Graph], Engine]:
    return fast_engine if request.param == "fast" else reference_engine


@pytest.fixture(scope="session")
def engine(engine_of: Callable[[Graph], Engine], shapes: Graph) -> Engine:
    return engine_of(shapes)


@pytest.fixture(scope="session")
def fast_lint(lint: Graph) -> Callable[[str], Found]:
    return fast_engine_of_text(lint)
