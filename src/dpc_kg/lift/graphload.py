"""The solutions of a mapping's queries over an RDF file, brought into tables."""

import duckdb

from dpc_kg.lift.graphs import Graph
from dpc_kg.lift.plan import Source, View
from dpc_kg.lift.rows import Loaded, RecordRows


def load_graph(
    con: duckdb.DuckDBPyConnection,
    source: Source,
    views: list[View],
    graph: Graph,
    *,
    is_first: bool,
) -> Loaded:
    """Fill the tables of one source of a graph: a row's number is the place of its node.

    The first source of a graph stands for the file: its digest, its nodes and the counts of all
    its fields, so that they are told once however many queries there are.

    Raises:
        MappingError: the query cannot be read, or does not give the node.
    """
    loaded = Loaded(source, files=[graph.name])
    if is_first:
        loaded.digests = [graph.digest]
        loaded.rows = len(graph.places)
        loaded.cells = graph.cells
    rows = RecordRows(con, source, views, None)
    for place, found in graph.solutions(source):
        rows.base.add(0, place, (found[0].get(source.key or ""), None, None))
        for solution in found:
            rows.expand(0, place, solution)
    rows.flush()
    return loaded
