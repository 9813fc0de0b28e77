"""A small view, and real servers on it over loopback."""

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pyoxigraph as ox
import pytest
import uvicorn

from dpc_kg.base.vocab import CODES, DPC, GRAPH, ID, RDF_TYPE, XSD
from dpc_kg.serve.server import config
from dpc_kg.serve.settings import ServeSettings

MONTHS = ("2024-05", "2024-06")
CONTACTS = 3000
RUNAWAY = "SELECT * {?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?c != ?f)} ORDER BY RAND()"


@dataclass(frozen=True)
class Served:
    """A running server."""

    url: str
    client: httpx.Client
    audit: Path


Serve = Callable[..., Served]


@pytest.fixture(scope="session")
def view(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of two helplines, one graph each."""
    path = tmp_path_factory.mktemp("served") / "view"
    store = ox.Store(str(path))
    for org in ("alpha", "beta"):
        store.bulk_extend(_quads(org))
    store.flush()
    return path


def _quads(org: str) -> Iterator[ox.Quad]:
    graph = ox.NamedNode(f"{GRAPH}{org}/one")
    organization = ox.NamedNode(f"{ID}{org}/organization/{org}")

    def quad(subject: ox.NamedNode, name: str, value: ox.NamedNode | ox.Literal) -> ox.Quad:
        predicate = RDF_TYPE if name == "type" else DPC + name
        return ox.Quad(subject, ox.NamedNode(predicate), value, graph)

    yield quad(graph, "type", ox.NamedNode(DPC + "Submission"))
    yield quad(graph, "submittedBy", organization)
    yield quad(graph, "dataset", ox.Literal("contacts"))
    moment = ox.Literal("2024-07-01T00:00:00Z", datatype=ox.NamedNode(XSD + "dateTime"))
    yield quad(graph, "extractedAt", moment)
    for number in range(CONTACTS):
        contact = ox.NamedNode(f"{ID}{org}/contact/{number:064x}")
        yield quad(contact, "type", ox.NamedNode(DPC + "HelplineContact"))
        yield quad(contact, "receivedBy", organization)
        yield quad(contact, "contactSeconds", ox.Literal(number))
        yield quad(contact, "ageBand", ox.NamedNode(CODES + "age-band/13-15"))
        call = "child-calling" if number % 2 else "non-counselling"
        yield quad(contact, "callType", ox.NamedNode(CODES + "call-type/" + call))


@contextlib.contextmanager
def running(settings: ServeSettings) -> Iterator[Served]:
    """Serve on a free port until the block ends."""
    server = uvicorn.Server(config(settings, "127.0.0.1", 0))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        url = f"http://127.0.0.1:{_port(server, thread)}"
        with httpx.Client(base_url=url, timeout=30) as client:
            yield Served(url, client, settings.audit_file)
    finally:
        server.should_exit = True
        thread.join(timeout=20)
    assert not thread.is_alive()


def _port(server: uvicorn.Server, thread: threading.Thread) -> int:
    until = time.monotonic() + 30
    while not server.started:
        assert thread.is_alive(), "the server did not start"
        assert time.monotonic() < until
        time.sleep(0.01)
    port: int = server.servers[0].sockets[0].getsockname()[1]
    return port


@pytest.fixture
def serve(view: Path, tmp_path: Path) -> Iterator[Serve]:
    """Start a server with the settings given; all are stopped when the test ends."""
    with contextlib.ExitStack() as stack:

        def start(**settings: object) -> Served:
            facts = {"view": view, "audit": tmp_path / "audit.jsonl"} | settings
            return stack.enter_context(running(ServeSettings(**facts)))  # type: ignore[arg-type]

        yield start


@pytest.fixture(scope="session")
def served(view: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server as a user starts it, for tests that leave nothing behind."""
    audit = tmp_path_factory.mktemp("audit") / "audit.jsonl"
    with running(ServeSettings(view=view, audit=audit)) as server:
        yield server
