"""Run SHACL: a fast engine where its wheel exists, pySHACL as reference and everywhere else.

Messages are not taken from the engines (they drop language tags): see ``messages``.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from dpc_kg.base.assets import ontology_files, root, shape_files
from dpc_kg.base.errors import DpcError, NotSupported, VacuousValidation
from dpc_kg.base.settings import PROFILES
from dpc_kg.validate import fastengine, referenceengine
from dpc_kg.validate.chunks import Chunk, cut
from dpc_kg.validate.cost import Limits, Rates, check_cost
from dpc_kg.validate.focus import SUBCLASS, below, count_focus, subclasses
from dpc_kg.validate.locality import locality
from dpc_kg.validate.pieces import CHUNK_BYTES
from dpc_kg.validate.piecework import Compiled, Piecework, validated
from dpc_kg.validate.quadlines import NotCuttable
from dpc_kg.validate.results import Met, Result, ShaclRun, distinct
from dpc_kg.validate.setqueries import SetQuery, split
from dpc_kg.validate.setrun import run_file
from dpc_kg.validate.shapesgraph import ShapesGraph, parse, shapes_graph
from dpc_kg.validate.shapesguard import check_shapes, is_shapes

if TYPE_CHECKING:
    import pyoxigraph as ox

ENGINES = ("auto", "shacl", "pyshacl")


class Engine(Protocol):
    """A SHACL engine: its name, the threads that pay, what it costs, how shapes are made ready."""

    name: str
    threads: int
    rates: Rates

    def compile(self, shapes: ShapesGraph) -> Compiled:
        """Make shapes ready.

        Raises:
            DpcError: the engine cannot use these shapes.
        """


class Taker(Protocol):
    """What takes the results of a run as they come, in any order and some twice."""

    def take(self, results: Iterable[Result]) -> None:
        """Take some in."""

    def clear(self) -> None:
        """Forget what was taken: the run begins anew."""


class Everything:
    """Takes all results and keeps them."""

    def __init__(self) -> None:
        self.results: dict[Result, None] = {}

    def take(self, results: Iterable[Result]) -> None:
        """Take some in."""
        self.results.update(dict.fromkeys(results))

    def clear(self) -> None:
        """Forget what was taken."""
        self.results.clear()


def choose(engine: str = "auto") -> Engine:
    """Give the engine of a name; ``auto`` takes the fast one where it is installed.

    Raises:
        NotSupported: the engine is not there on this system.
        DpcError: there is no engine of this name.
    """
    if engine not in ENGINES:
        known = ", ".join(ENGINES)
        raise DpcError("There is no SHACL engine of this name.", advice=f"Known: {known}.")
    there = fastengine.available()
    if engine == "shacl" and not there:
        raise NotSupported(
            "The fast SHACL engine is not installed on this system.",
            advice="Use the engine auto or pyshacl.",
        )
    fast = there and engine != "pyshacl"
    return fastengine.FastEngine() if fast else referenceengine.ReferenceEngine()


def shapes_of(profile: str) -> tuple[Path, ...]:
    """Give the shapes files of a profile (tier).

    Raises:
        DpcError: there is no such profile.
        NotSupported: its shapes do not exist yet.
    """
    if profile not in PROFILES:
        raise DpcError("There is no such profile.", advice=f"Known: {', '.join(PROFILES)}.")
    if profile == "full":
        return tuple(shape_files())
    tier = root() / "shapes" / "tiers" / f"{profile}.ttl"
    if not tier.exists():
        raise NotSupported("The shapes of this profile do not exist yet.", term=profile)
    return (tier,)


def validate_quads(
    data: Path,
    *,
    profile: str = "full",
    engine: str = "auto",
    shapes: Sequence[Path] | ShapesGraph | None = None,
    chunk_bytes: int = CHUNK_BYTES,
) -> ShaclRun:
    """Validate the union of the graphs of an N-Quads file against our shapes.

    The class hierarchy of the ontology is added. Cut into pieces where shapes and data allow it;
    queries that read beyond a record are asked of all records at once.

    Raises:
        VacuousValidation: no node was chosen by any shape.
        DpcError: the file is missing or not well-formed, or the profile is unknown.
    """
    found = Everything()
    met = pass_results(
        data, found, profile=profile, engine=engine, shapes=shapes, chunk_bytes=chunk_bytes
    )
    return ShaclRun(distinct(found.results), met.focus_nodes, met.engine, met.shapes, met.chunks)


def pass_results(
    data: Path,
    taker: Taker,
    *,
    profile: str = "full",
    engine: str = "auto",
    shapes: Sequence[Path] | ShapesGraph | None = None,
    chunk_bytes: int = CHUNK_BYTES,
) -> Met:
    """Do as ``validate_quads`` does, but hand the results over as they come.

    Where the data can be cut, no more of them are in memory than those of a few pieces.

    Raises:
        VacuousValidation: no node was chosen by any shape.
        DpcError: the file is missing or not well-formed, or the profile is unknown.
    """
    graph = graph_of(shapes, profile)
    chosen = choose(engine)
    hierarchy = class_hierarchy(tuple(ontology_files()))
    try:
        return _in_pieces(data, graph, chosen, hierarchy, chunk_bytes, taker)
    except NotCuttable:
        taker.clear()
        run = _whole(data, graph, chosen, hierarchy)
        taker.take(run.results)
        return Met(run.focus_nodes, run.engine, run.shapes)


def _whole(
    data: Path, graph: ShapesGraph, engine: Engine, hierarchy: "tuple[ox.Triple, ...]"
) -> ShaclRun:
    """Validate a file in one go; queries still at once, where that is sound.

    An engine that looks through all data for each focus node needs the square of the time.
    """
    parted = split(graph, far_only=False)
    if parted.queries:
        try:
            found = tuple(run_file(data, parted.queries, hierarchy))
        except NotCuttable:
            return _in_one_go(data, graph, engine, hierarchy)
        run = _in_one_go(data, parted.rest, engine, hierarchy)
        return replace(run, results=(*run.results, *found))
    return _in_one_go(data, graph, engine, hierarchy)


def _in_pieces(
    data: Path,
    graph: ShapesGraph,
    engine: Engine,
    hierarchy: "tuple[ox.Triple, ...]",
    chunk_bytes: int,
    taker: Taker,
) -> Met:
    """Validate a file piece by piece, and ask at once what reads beyond a record.

    Raises:
        NotCuttable: shapes or data do not allow it.
    """
    near: ShapesGraph = graph
    far: tuple[SetQuery, ...] = ()
    if not locality(graph).is_local:
        parted = split(graph)
        near, far = parted.rest, parted.queries
    reads = locality(near)
    classes = below(reads.targets, subclasses(hierarchy))
    compiled = compiled_shapes(engine, near)
    with Piecework(compiled, serialized(hierarchy), engine.threads, data) as work:
        cutting = cut(data, reads, classes, chunk_bytes, work)
        if not cutting.focus_nodes:
            raise _vacuous(data)
        taker.take(work.results(cutting.standing, cutting.chunks()))
    if far:
        taker.take(run_file(data, far, hierarchy))
    return Met(cutting.focus_nodes, engine.name, graph.paths, len(cutting.pieces))


def graph_of(shapes: Sequence[Path] | ShapesGraph | None, profile: str) -> ShapesGraph:
    """Give the shapes asked for, or else those of a profile.

    Raises:
        DpcError: no such profile, or the shapes cannot be used.
    """
    if shapes is None:  # ours are checked by a test, not by every run
        return shapes_graph(shapes_of(profile))
    graph = shapes if isinstance(shapes, ShapesGraph) else shapes_graph(shapes)
    check_shapes(graph)
    return graph


def validate_data(
    data: Path,
    shapes: Path | None,
    engine: str = "auto",
    *,
    profile: str = "full",
    limits: Limits | None = None,
) -> ShaclRun:
    """Validate any RDF file against any shapes file; the two may be one file.

    Nothing of ours is added and nothing is inferred; without ``shapes`` those of our ``profile``
    hold, and with them the class hierarchy of the ontology. Graph names are dropped. Equal results
    are all kept: the standard's report is a multiset. With ``limits``, what is sure to take more is
    not begun.

    Raises:
        VacuousValidation: no node was chosen by any shape.
        DpcError: a file is missing or not well-formed, or the engine cannot use the shapes.
        NotSupported: it would take more time or memory than the limits.
    """
    graph = graph_of([shapes] if shapes else None, profile)
    above = () if shapes else class_hierarchy(tuple(ontology_files()))
    return _in_one_go(data, graph, choose(engine), above, limits)


def _in_one_go(
    data: Path,
    graph: ShapesGraph,
    engine: Engine,
    hierarchy: "tuple[ox.Triple, ...]",
    limits: Limits | None = None,
) -> ShaclRun:
    triples = list(parse(data))
    focus_nodes = count_focus([*triples, *hierarchy], graph)
    if not focus_nodes:
        raise _vacuous(data, is_shapes(ShapesGraph((data,), tuple(triples))))
    if limits is not None:
        check_cost([*triples, *hierarchy], graph, engine.rates, limits)
    text = serialized([*triples, *hierarchy])
    found = validated(compiled_shapes(engine, graph), Chunk(0, text), b"", data)
    results = tuple(sorted(found, key=lambda result: result.order))
    return ShaclRun(results, focus_nodes, engine.name, graph.paths)


def _vacuous(data: Path, shapes: bool = False) -> VacuousValidation:
    advice = "Check that it is the file you meant and that its classes are those of the model."
    if shapes:
        advice = "There are shapes in it: were shapes and data given the wrong way round?"
    return VacuousValidation(
        "No shape applies to anything in this file, so nothing was checked.",
        file=data.name,
        advice=advice,
    )


def compiled_shapes(engine: Engine, graph: ShapesGraph) -> Compiled:
    """Give shapes made ready by an engine; made once for the same shapes."""
    return _compile(engine.name, graph)


@lru_cache(maxsize=8)
def _compile(name: str, graph: ShapesGraph) -> Compiled:
    return choose(name).compile(graph)


def serialized(triples: "Iterable[ox.Triple]") -> bytes:
    """Give triples as N-Triples."""
    import pyoxigraph as ox

    found = ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES)
    return found or b""


@lru_cache(maxsize=4)
def class_hierarchy(files: tuple[Path, ...]) -> "tuple[ox.Triple, ...]":
    """Give the class hierarchy that the ontology modules state."""
    found = (triple for path in files for triple in parse(path, None))
    return tuple(triple for triple in found if triple.predicate.value == SUBCLASS)
