"""The store on this machine: Oxigraph, one graph a submission, nothing in the default graph.

The journal is the truth and this is a view of it (DESIGN section 5): a store that is lost or
damaged is built again, so writes are flushed and never awaited.
"""

import hashlib
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

import pyoxigraph as ox

from dpc_kg.base.errors import QueryError, StoreError
from dpc_kg.store.sorting import sorted_lines

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
SMALL = 1 << 20
"""Bytes up to which a graph is loaded in one transaction; above it as new files of its own."""


class Solutions:
    """The rows of a SELECT query, evaluated while they are read.

    They must be read by the thread that asked: the engine ends the whole process otherwise
    (research/endpoint.md section 9), so a foreign thread is refused before it comes to that.
    """

    def __init__(self, solutions: ox.QuerySolutions) -> None:
        self._solutions = solutions
        self._thread = threading.get_ident()
        self.variables: tuple[str, ...] = tuple(v.value for v in solutions.variables)

    def __iter__(self) -> Iterator[tuple[Term | None, ...]]:
        while True:
            if threading.get_ident() != self._thread:
                raise StoreError(
                    "Rows of a query can be read only by the thread that asked for them.",
                    advice="Ask and read in one thread.",
                )
            try:
                solution = next(self._solutions)
            except StopIteration:
                return
            except (OSError, RuntimeError, ValueError) as e:
                raise QueryError("The query failed while its rows were read.") from e
            yield tuple(solution)


class EmbeddedStore:
    """A dataset of named graphs, on disk or in memory. A context manager; close it when done."""

    def __init__(self, store: ox.Store, path: Path | None) -> None:
        self._store: ox.Store | None = store
        self.path = path

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open the store in the folder ``path`` for reading and writing; make it if need be.

        Raises:
            StoreError: another process has it open, or the folder holds something else.
        """
        try:
            path.mkdir(parents=True, exist_ok=True)
            return cls(ox.Store(str(path)), path)
        except OSError as e:
            raise StoreError(
                "The store cannot be opened for writing.",
                file=str(path),
                advice="Stop the process that has it open, or name another folder.",
            ) from e

    @classmethod
    def read_only(cls, path: Path) -> Self:
        """Open a snapshot (see :meth:`snapshot`) for reading only.

        Never the folder of a store that is being written to: the engine leaves that undefined.

        Raises:
            StoreError: there is no store in this folder.
        """
        try:
            return cls(ox.Store.read_only(str(path)), path)
        except OSError as e:
            raise StoreError("There is no store in this folder.", file=str(path)) from e

    @classmethod
    def in_memory(cls) -> Self:
        """Give an empty store that ends with the process and takes no snapshot."""
        return cls(ox.Store(), None)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def engine(self) -> ox.Store:
        """The engine's own store, for native serialisation in query workers.

        Raises:
            StoreError: the store is closed.
        """
        if self._store is None:
            raise StoreError("The store is closed.")
        return self._store

    def load_graph(self, graph: str, nquads: bytes) -> None:
        """Add quads to one graph: all of them or, if anything is wrong, none.

        Args:
            graph: the IRI of the graph; it may exist already, what is in it stays.
            nquads: N-Quads in UTF-8, every line in that graph, without blank nodes.

        Raises:
            StoreError: bad syntax (with its line), another graph, a blank node, a triple term,
                or nothing to load.
        """
        node = _graph_node(graph)
        store = self.engine
        _check_quads(node, nquads)
        try:
            if len(nquads) <= SMALL:
                store.load(nquads, format=ox.RdfFormat.N_QUADS)
            else:
                store.bulk_load(nquads, format=ox.RdfFormat.N_QUADS)
            store.flush()
        except (OSError, RuntimeError) as e:
            raise StoreError("The store cannot be written.", file=self._name(), term=graph) from e

    def drop_graph(self, graph: str) -> None:
        """Remove one graph and all its quads; a graph that is not there is fine."""
        store = self.engine
        try:
            store.remove_graph(_graph_node(graph))
            store.flush()
        except (OSError, RuntimeError) as e:
            raise StoreError("The store cannot be written.", file=self._name(), term=graph) from e

    def graphs(self) -> list[str]:
        """Give the IRIs of the graphs, sorted."""
        names = (name.value for name in self.engine.named_graphs())
        return sorted(names)

    def count(self) -> int:
        """Give the number of quads (reads the whole store)."""
        return len(self.engine)

    def digest(self) -> str:
        """Give the SHA-256 (hex) of the sorted N-Quads lines: the same quads, the same digest."""
        digest = hashlib.sha256()
        for line in sorted_lines(self.engine):
            digest.update(line)
        return digest.hexdigest()

    def dump(self, out: BinaryIO) -> None:
        """Write every quad as sorted N-Quads lines."""
        for line in sorted_lines(self.engine):
            out.write(line)

    def query(self, text: str, substitutions: Mapping[str, Term] | None = None) -> Solutions:
        """Evaluate a SELECT query over the union of all graphs.

        A triple that stands in two graphs is met twice (other engines merge the graphs first), so
        a query that joins on what organisations share counts ``DISTINCT`` nodes.

        Args:
            text: SPARQL 1.1; prefixes as written in it.
            substitutions: bound terms by variable name. The engine binds only variables of the
                outermost SELECT clause (SEP-0007).

        Raises:
            QueryError: bad syntax, another query form, or a name that is not selected.
        """
        terms = {ox.Variable(name): term for name, term in (substitutions or {}).items()}
        try:
            result = self.engine.query(
                text, use_default_graph_as_union=True, substitutions=terms or None
            )
        except SyntaxError as e:
            raise QueryError("The query is not well-formed SPARQL.", line=e.lineno) from e
        except (RuntimeError, ValueError, OSError) as e:
            raise QueryError(
                "The query cannot be evaluated.",
                advice="Every parameter must stand in the outermost SELECT clause.",
            ) from e
        if not isinstance(result, ox.QuerySolutions):
            raise QueryError("Only SELECT queries give rows.", advice="Write it as a SELECT.")
        return Solutions(result)

    def snapshot(self, target: Path) -> None:
        """Copy the store as it is now into the new folder ``target`` (hard links where possible).

        Raises:
            StoreError: ``target`` exists, or the store is in memory or cannot be copied.
        """
        if self.path is None:
            raise StoreError("A store in memory takes no snapshot.", advice="Open it on disk.")
        if target.exists():
            raise StoreError("The target of a snapshot must not exist yet.", file=str(target))
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            self.engine.flush()
            self.engine.backup(str(target))
        except (OSError, RuntimeError) as e:
            raise StoreError("The snapshot failed.", file=str(target)) from e

    def close(self) -> None:
        """Let go of the folder; closing twice is fine."""
        self._store = None

    def _name(self) -> str | None:
        return None if self.path is None else str(self.path)


def _graph_node(graph: str) -> ox.NamedNode:
    try:
        return ox.NamedNode(graph)
    except ValueError as e:
        raise StoreError("The name of a graph must be an absolute IRI.", term=graph) from e


def _check_quads(graph: ox.NamedNode, nquads: bytes) -> None:
    """Refuse what a submission may not hold, before the store is touched."""
    number = 0
    try:
        for number, quad in enumerate(ox.parse(nquads, format=ox.RdfFormat.N_QUADS), start=1):
            if quad.graph_name != graph:
                raise StoreError(
                    "A quad stands in another graph or in the default graph.",
                    term=graph.value,
                    advice=f"Statement {number}: every quad must be in the graph being loaded.",
                )
            if not isinstance(quad.subject, ox.NamedNode) or isinstance(
                quad.object, ox.BlankNode | ox.Triple
            ):
                raise StoreError(
                    "A quad holds a blank node or a triple term.",
                    term=graph.value,
                    advice=f"Statement {number}: give every node an IRI.",
                )
    except SyntaxError as e:
        raise StoreError(
            "The data is not well-formed N-Quads.", line=e.lineno, term=graph.value
        ) from e
    if number == 0:
        raise StoreError("There is no quad to load.", term=graph.value)
