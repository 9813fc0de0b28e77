"""One query worker: answers one request after another on a read-only view, until it is killed.

Started by ``workers`` as ``python -m dpc_kg.serve.worker FD VIEW MEMORY``. It holds no state that
matters, so the server ends it at a deadline and starts another.
"""

import contextlib
import io
import json
import re
import socket
import sys
from pathlib import Path
from typing import IO, TYPE_CHECKING, NoReturn, cast

import pyoxigraph as ox

from dpc_kg.base.errors import DpcError, QueryError
from dpc_kg.base.platform import limit_memory
from dpc_kg.serve import frames, guard
from dpc_kg.serve.frames import Message
from dpc_kg.serve.isolation import die_with_parent, without_network

if TYPE_CHECKING:
    from dpc_kg.store.tables import Table

RESULTS = {
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
}
GRAPHS = {
    "turtle": ox.RdfFormat.TURTLE,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "rdfxml": ox.RdfFormat.RDF_XML,
    "jsonld": ox.RdfFormat.JSON_LD,
}
_ROW_MARK = {"json": b"},{", "xml": b"<result>", "csv": b"\n", "tsv": b"\n"}
_FIRST_ROW = {"json": b'"bindings":[{'}
_HEAD_ROWS = {"json": 0, "xml": 0, "csv": 1, "tsv": 1}
_PLACE = re.compile(r"error at (\d+):(\d+)")


class _TooLargeError(Exception):
    """The result passed the cap."""


class Outlet:
    """Where the engine writes: cuts the result into frames, counts rows, stops at the caps.

    Rows are counted by the mark that each format puts between them, so a literal that holds the
    mark counts too: the cap may come early for such a result, never late. ``rows`` is None for a
    graph.
    """

    def __init__(self, connection: socket.socket, request: Message) -> None:
        self._connection = connection
        self._row_cap: int = request["row_cap"]
        self._byte_cap: int = request["byte_cap"]
        table = request["format"] if "name" not in request else None
        self._mark = _ROW_MARK.get(table or "")
        self._first = _FIRST_ROW.get(table or "", b"")
        self.rows = None if self._mark is None else -_HEAD_ROWS[table or ""]
        self._waiting = bytearray()
        self._tail = b""
        self.bytes = 0
        self.failure: Exception | None = None

    def write(self, data: bytes) -> int:
        """Take a piece of the result."""
        self._waiting += data
        if len(self._waiting) >= frames.CHUNK:
            self.flush_out()
        return len(data)

    def flush(self) -> None:
        """Nothing to do: part of what the engine expects of a writer."""

    def flush_out(self) -> None:
        """Send what is waiting."""
        if not self._waiting or self.failure is not None:
            return
        data = bytes(self._waiting)
        self._waiting.clear()
        try:
            self._count(data)
            self._connection.sendall(frames.pack(frames.DATA, data))
        except (_TooLargeError, OSError) as e:
            # the engine wraps what a writer raises, so the reason is kept here
            self.failure = e
            raise

    def _count(self, data: bytes) -> None:
        if self._mark is not None and self.rows is not None:
            if self.bytes == 0 and self._first and self._first in data:
                self.rows += 1
            # a mark may lie across two frames
            self.rows += (self._tail + data).count(self._mark)
            self._tail = data[-(len(self._mark) - 1) :] if len(self._mark) > 1 else b""
        self.bytes += len(data)
        if (self.rows or 0) > self._row_cap or self.bytes > self._byte_cap:
            raise _TooLargeError


class Worker:
    """The loop: read a request, answer it in frames, read the next."""

    def __init__(self, connection: socket.socket, view: Path) -> None:
        self._connection = connection
        self._store = ox.Store.read_only(str(view))
        self._nothing = ox.Store()
        self._view = view

    def run(self) -> None:
        """Answer until the server goes away."""
        self._connection.sendall(frames.pack(frames.READY))
        while (request := self._next()) is not None:
            self._answer(request)

    def _answer(self, request: Message) -> None:
        outlet = Outlet(self._connection, request)
        answer = self._saved if "name" in request else self._free
        try:
            answer(request, outlet)
            outlet.flush_out()
        except MemoryError:
            self._refuse("memory")
        except SyntaxError as e:
            self._refuse("query-syntax", **_place(e))
        except QueryError as e:
            self._refuse("parameter", detail=e.message, term=e.term, advice=e.advice)
        except (_TooLargeError, DpcError, OSError, RuntimeError, ValueError) as e:
            self._fail(outlet.failure or e)
        else:
            summary = {"rows": outlet.rows, "bytes": outlet.bytes}
            self._connection.sendall(frames.pack_json(frames.END, summary))

    def _fail(self, error: Exception) -> None:
        if isinstance(error, _TooLargeError):
            self._refuse("result-size")
        elif isinstance(error, BrokenPipeError | ConnectionError):
            raise SystemExit(0)
        elif isinstance(error, RuntimeError) and "custom function" in str(error):
            self._refuse("query-function")
        else:
            # the engine's own words may hold paths and addresses: they stay here
            self._refuse("engine")

    def _free(self, request: Message, outlet: Outlet) -> None:
        text: str = request["text"]
        if request["doubtful"]:
            # fails as a syntax error, at the right place, wherever the word was the keyword
            self._nothing.query(guard.disguised(text), base_iri=request["base"])
        results = self._query(request)
        form = request["format"]
        # write and flush are all the engine uses of a file
        sink = cast("IO[bytes]", outlet)
        # one thread makes, writes and drops the results: the engine ends the process otherwise
        if isinstance(results, ox.QueryTriples):
            results.serialize(sink, format=GRAPHS[form])
        else:
            results.serialize(sink, format=RESULTS[form])
        if isinstance(results, ox.QueryBoolean):
            outlet.rows = None

    def _query(self, request: Message) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
        text: str = request["text"]
        base: str = request["base"]
        if request["graphs"] is not None:
            default, named = (self._present(iris) for iris in request["graphs"])
            return self._store.query(
                text, base_iri=base, default_graph=[*default], named_graphs=[*named]
            )
        # FROM means what it says, within the view; without it the view is one graph
        union = not request["dataset"]
        return self._store.query(text, base_iri=base, use_default_graph_as_union=union)

    def _present(self, iris: list[str]) -> list[ox.NamedNode]:
        nodes = [ox.NamedNode(iri) for iri in iris]
        return [node for node in nodes if self._store.contains_named_graph(node)]

    def _saved(self, request: Message, outlet: Outlet) -> None:
        from dpc_kg.store.catalogue import catalogue, run, write_table
        from dpc_kg.store.embedded import EmbeddedStore

        query = catalogue()[request["name"]]
        table = run(EmbeddedStore(self._store, self._view), query, request["params"])
        outlet.rows = len(table.rows)
        if request["format"] == "page":
            outlet.write(_page(table, request["limit"]))
        else:
            body = io.BytesIO()
            write_table(table, request["format"], body)
            outlet.write(body.getvalue())

    def _refuse(self, reason: str, **facts: str | int | None) -> None:
        self._connection.sendall(frames.pack_json(frames.REFUSED, {"reason": reason, **facts}))

    def _next(self) -> Message | None:
        head = self._read(frames.HEADER.size)
        if head is None:
            return None
        _, size = frames.HEADER.unpack(head)
        body = self._read(size)
        return None if body is None else frames.unpack_json(body)

    def _read(self, size: int) -> bytes | None:
        data = bytearray()
        while len(data) < size:
            piece = self._connection.recv(size - len(data))
            if not piece:
                return None
            data += piece
        return bytes(data)


def _place(error: SyntaxError) -> dict[str, int]:
    """Give line and column of a syntax error; the engine's other words list its grammar."""
    match = _PLACE.match(str(error))
    return {"line": int(match[1]), "column": int(match[2])} if match else {}


def _page(table: "Table", limit: int) -> bytes:
    rows = table.rows[:limit]
    return json.dumps(
        {"columns": table.columns, "rows": rows, "total": len(table.rows)}, ensure_ascii=False
    ).encode()


def main() -> NoReturn:
    """Take the place described by the arguments: a socket's number, a view, a memory cap."""
    number, view, memory = sys.argv[1:4]
    die_with_parent()
    without_network()
    limit_memory(int(memory))
    with contextlib.suppress(BrokenPipeError, ConnectionError, KeyboardInterrupt):
        Worker(socket.socket(fileno=int(number)), Path(view)).run()
    raise SystemExit(0)


if __name__ == "__main__":
    main()
