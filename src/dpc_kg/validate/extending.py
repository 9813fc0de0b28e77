"""Check an extension, and data that use one."""

import tempfile
from functools import lru_cache
from pathlib import Path

import pyoxigraph as ox
from rdflib import Graph, Namespace, URIRef

from dpc_kg.base import assets
from dpc_kg.base.errors import DpcError
from dpc_kg.base.rdfio import read
from dpc_kg.base.vocab import EXT, SH
from dpc_kg.model import extensions
from dpc_kg.model.extensions import Extension
from dpc_kg.validate.engines import validate_data, validate_quads
from dpc_kg.validate.results import Result, ShaclRun
from dpc_kg.validate.shapesgraph import ShapesGraph, parse, shapes_graph

_SH = Namespace(SH)


def problems(extension: Extension, engine: str = "auto") -> list[str]:
    """Give what an extension may not say, one sentence each; empty if it can be registered.

    What every extension must hold stands in ``shapes/lint-extension.ttl``.
    """
    lint = assets.asset("shapes", "lint-extension.ttl")
    words = read(lint)
    run = validate_data(extension.path, lint, engine)
    found = {f"{_short(r.focus)}: {_message(words, r)}" for r in run.results}
    return sorted(found) + extensions.trespasses(extension)


def validate_extended(data: Path, extension: Extension, engine: str = "auto") -> ShaclRun:
    """Validate data, base and extension graphs together, against core and extension.

    Raises:
        DpcError: the extension itself may not be used, or a file is not well-formed.
        VacuousValidation: no node was chosen by any shape.
    """
    wrong = problems(extension, engine)
    if wrong:
        raise DpcError(
            f"The extension is refused. {wrong[0]}",
            file=extension.path.name,
            advice="`dpc-kg extension FILE` lists everything that is wrong with it.",
        )
    with tempfile.TemporaryDirectory() as folder:
        quads = Path(folder, "data.nq")
        ox.serialize(parse(data), quads, format=ox.RdfFormat.N_TRIPLES)
        return validate_quads(quads, shapes=_shapes(extension), engine=engine)


@lru_cache(maxsize=2)
def _shapes(extension: Extension) -> ShapesGraph:
    with tempfile.TemporaryDirectory() as folder:
        shapes = Path(folder, "shapes.nt")
        extensions.shapes(extension).serialize(shapes, format="nt", encoding="utf-8")
        return shapes_graph([shapes])


def graph_of(data: Path) -> Graph:
    """Give all statements of an RDF file, graph names dropped."""
    text = ox.serialize(parse(data), format=ox.RdfFormat.N_TRIPLES) or b""
    return Graph().parse(data=text, format="nt")


def _message(words: Graph, result: Result) -> str:
    text = words.value(URIRef(result.source_shape or ""), _SH.message)
    return str(text) if text is not None else f"it breaks {result.rule}."


def _short(node: str) -> str:
    return node.replace(EXT, "ext:") if node.startswith("http") else "a nameless node"
