"""Runaway queries, memory, clients that leave: one query's trouble is nobody else's."""

from __future__ import annotations

import asyncio
import json
import shutil
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import httpx
import pyoxigraph as ox
import pytest

from dpc_kg.base.errors import StoreError
from dpc_kg.base.vocab import DPC, GRAPH
from dpc_kg.serve import guard
from dpc_kg.serve.problems import Problem
from dpc_kg.serve.settings import MIB, ServeSettings
from dpc_kg.serve.workers import Pool
from dpc_kg.store import EmbeddedStore, build_view

if TYPE_CHECKING:
    from pathlib import Path

    from tests.serve.conftest import Serve

RUNAWAY = "SELECT * {?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?c != ?f)} ORDER BY RAND()"
ENDLESS = "SELECT * {?a ?b ?c . ?d ?e ?f . ?g ?h ?i}"
LIGHT = f"SELECT ?c {{ ?c <{DPC}contactSeconds> 7 }}"
COUNT = f"SELECT (COUNT(*) AS ?n) {{ ?c a <{DPC}HelplineContact> }}"
NODE = ox.NamedNode("x:a")
HUGE = 64 * 1024 * MIB


def request(text: str, form: str = "json") -> dict[str, Any]:
    checked = guard.inspect(text)
    return {
        "text": text,
        "dataset": checked.dataset,
        "doubtful": checked.doubtful,
        "format": form,
        "graphs": None,
        "base": "http://127.0.0.1/sparql",
    }


@pytest.mark.parametrize("form", ["SELECT", "ASK", "CONSTRUCT"])
def test_a_runaway_query_ends_at_its_deadline(serve: Serve, form: str) -> None:
    served = serve(deadline_seconds=1.0, workers=1, memory_bytes=HUGE)
    text = {
        "SELECT": RUNAWAY,
        "ASK": "ASK {?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(CONCAT(STR(?c), STR(?i)) = 'x')}",
        "CONSTRUCT": "CONSTRUCT {?a ?b ?i} WHERE {"
        + RUNAWAY.partition("{")[2].replace("ORDER BY RAND()", "ORDER BY RAND() LIMIT 9"),
    }[form]
    began = time.monotonic()
    answer = served.client.get("/sparql", params={"query": text})
    took = time.monotonic() - began
    assert (answer.status_code, answer.json()["reason"]) == (504, "deadline")
    assert 1.0 <= took < 1.5
    assert served.client.get("/sparql", params={"query": LIGHT}).status_code == 200


def test_others_are_served_meanwhile(serve: Serve) -> None:
    served = serve(deadline_seconds=3.0, workers=2, memory_bytes=HUGE)
    with ThreadPoolExecutor(1) as pool:
        runaway = pool.submit(
            httpx.get, served.url + "/sparql", params={"query": RUNAWAY}, timeout=30
        )
        time.sleep(0.3)
        slowest = 0.0
        for _ in range(20):
            began = time.monotonic()
            answer = served.client.get("/sparql", params={"query": LIGHT})
            assert answer.status_code == 200
            slowest = max(slowest, time.monotonic() - began)
        assert not runaway.done()
        assert slowest < 1.0
        assert runaway.result().status_code == 504


def test_a_query_waits_for_a_free_worker_no_longer_than_a_deadline(serve: Serve) -> None:
    served = serve(deadline_seconds=1.0, workers=1, memory_bytes=HUGE)
    with ThreadPoolExecutor(4) as pool:
        ask = [
            pool.submit(httpx.get, served.url + "/sparql", params={"query": RUNAWAY}, timeout=30)
            for _ in range(4)
        ]
        found = sorted(answer.result().status_code for answer in ask)
    assert set(found) <= {503, 504}
    assert 504 in found
    assert served.client.get("/sparql", params={"query": LIGHT}).status_code == 200


def test_after_the_first_byte_the_connection_breaks(serve: Serve) -> None:
    served = serve(deadline_seconds=1.0, workers=1)
    with pytest.raises(httpx.RemoteProtocolError, match="incomplete chunked read"):
        served.client.get("/sparql", params={"query": ENDLESS})
    assert served.client.get("/sparql", params={"query": LIGHT}).status_code == 200
    lines = [json.loads(line) for line in served.audit.read_text().splitlines()]
    assert [line["outcome"] for line in lines] == ["started", "deadline", "complete"]


@pytest.mark.parametrize("accept", ["application/json", "application/xml", "text/csv"])
def test_the_row_cap_breaks_the_connection(serve: Serve, accept: str) -> None:
    served = serve(row_cap=5000, workers=1)
    query = f"SELECT ?c ?n {{ ?c <{DPC}contactSeconds> ?n }}"
    headers = {"Accept": accept}
    with pytest.raises(httpx.RemoteProtocolError):
        served.client.get("/sparql", params={"query": query}, headers=headers)
    within = served.client.get("/sparql", params={"query": query + " LIMIT 5000"}, headers=headers)
    assert within.status_code == 200
    lines = [json.loads(line) for line in served.audit.read_text().splitlines()]
    assert [line["outcome"] for line in lines] == ["started", "result-size", "started", "complete"]
    assert lines[-1]["rows"] == 5000


def test_a_small_result_over_the_cap_is_refused(serve: Serve) -> None:
    served = serve(row_cap=10, workers=1)
    query = f"SELECT ?n {{ ?c <{DPC}contactSeconds> ?n }} LIMIT 11"
    answer = served.client.get("/sparql", params={"query": query})
    assert (answer.status_code, answer.json()["reason"]) == (413, "result-size")


@pytest.mark.parametrize(
    "text",
    [
        RUNAWAY,
        "SELECT ?v9 { BIND('xxxxxxxxxx' AS ?v0) "
        + " ".join(f"BIND(CONCAT({', '.join([f'?v{i}'] * 10)}) AS ?v{i + 1})" for i in range(9))
        + "}",
    ],
    ids=["sort", "concat"],
)
def test_the_memory_cap(serve: Serve, text: str) -> None:
    served = serve(memory_bytes=1024 * MIB, deadline_seconds=60.0, workers=1)
    answer = served.client.get("/sparql", params={"query": text}, timeout=60)
    assert (answer.status_code, answer.json()["reason"]) == (503, "memory")
    assert served.client.get("/sparql", params={"query": LIGHT}).status_code == 200


@pytest.mark.parametrize("text", [RUNAWAY, ENDLESS], ids=["before", "after the first byte"])
def test_a_client_that_leaves_frees_its_worker(serve: Serve, text: str) -> None:
    served = serve(deadline_seconds=60.0, workers=1, memory_bytes=HUGE)
    host, _, port = served.url.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port))) as gone:
        path = str(httpx.URL("/sparql", params={"query": text}))
        gone.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
        time.sleep(0.5)
    began = time.monotonic()
    assert served.client.get("/sparql", params={"query": LIGHT}).status_code == 200
    assert time.monotonic() - began < 5
    outcomes = [json.loads(line)["outcome"] for line in served.audit.read_text().splitlines()]
    assert "gone" in outcomes


def test_a_client_that_does_not_read_holds_no_worker(serve: Serve) -> None:
    served = serve(deadline_seconds=1.0, workers=1)
    host, _, port = served.url.removeprefix("http://").partition(":")
    with socket.socket() as slow:
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        slow.connect((host, int(port)))
        path = str(httpx.URL("/sparql", params={"query": ENDLESS}))
        slow.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
        assert slow.recv(15) == b"HTTP/1.1 200 OK"
        time.sleep(1.2)
        began = time.monotonic()
        assert served.client.get("/sparql", params={"query": LIGHT}).status_code == 200
        assert time.monotonic() - began < 2


def test_many_clients_get_their_own_answers(serve: Serve) -> None:
    served = serve(workers=2)

    def ask(number: int) -> bool:
        query = f"SELECT ?n {{ ?c <{DPC}contactSeconds> ?n FILTER(?n = {number}) }} LIMIT 1"
        answer = httpx.get(served.url + "/sparql", params={"query": query}, timeout=30)
        rows = answer.json()["results"]["bindings"]
        return bool(rows[0]["n"]["value"] == str(number))

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(ask, range(40)))


def test_large_results_are_whole_and_streamed(serve: Serve) -> None:
    served = serve()
    query = "SELECT ?a ?b ?c { ?a ?b ?c }"
    with served.client.stream("GET", "/sparql", params={"query": query}) as answer:
        assert "content-length" not in answer.headers
        body = b"".join(answer.iter_bytes())
    assert len(json.loads(body)["results"]["bindings"]) == 2 * (3000 * 5 + 4)


def test_a_worker_has_no_network_even_without_the_guard(view: Path) -> None:
    """The second wall: the engine itself cannot reach a server that is listening."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        text = f"SELECT * {{ SERVICE <http://127.0.0.1:{port}/> {{ ?s ?p ?o }} }}"
        message = request("SELECT * {}") | {"text": text}
        with pytest.raises(Problem) as caught:
            asyncio.run(_one(ServeSettings(view=view, workers=1), message))
        listener.setblocking(False)
        with pytest.raises(BlockingIOError):
            listener.accept()
    assert caught.value.reason == "engine"
    assert "127.0.0.1" not in str(caught.value.document())


async def _one(settings: ServeSettings, message: dict[str, Any]) -> bytes:
    pool = Pool(settings)
    await pool.start()
    try:
        answer = await pool.ask(message)
        try:
            return (await answer.head())[0]
        finally:
            answer.close()
    finally:
        await pool.close()


def test_no_process_is_left_behind(view: Path) -> None:
    async def go() -> list[int]:
        pool = Pool(ServeSettings(view=view, workers=2, deadline_seconds=0.2, memory_bytes=HUGE))
        await pool.start()
        answer = await pool.ask(request(RUNAWAY))
        with pytest.raises(Problem):
            await answer.head()
        answer.close()
        pids = [worker.pid for worker in pool.workers]
        await pool.close()
        return pids

    from pathlib import Path

    pids = asyncio.run(go())
    assert pids
    assert not [pid for pid in pids if Path(f"/proc/{pid}").exists()]


def test_a_view_that_cannot_be_opened(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="did not start"):
        asyncio.run(_one(ServeSettings(view=tmp_path / "none", workers=1), {}))


def test_new_queries_see_a_new_view(serve: Serve, tmp_path: Path) -> None:
    views = tmp_path / "views"
    with EmbeddedStore.open(tmp_path / "store") as store:
        for number, graph in enumerate((GRAPH + "a/1", GRAPH + "a/2"), start=1):
            line = f'<{graph}/s> <{DPC}notation> "x" <{graph}> .\n'
            store.load_graph(graph, line.encode())
            build_view(store, views)
            if number == 1:
                served = serve(view=views)
                assert _rows(served.client) == 1
    until = time.monotonic() + 10
    while _rows(served.client) != 2:
        assert time.monotonic() < until
        time.sleep(0.1)


def test_a_view_that_is_removed_while_a_query_runs(tmp_path: Path) -> None:
    async def go() -> Problem:
        pool = Pool(ServeSettings(view=view, workers=1))
        await pool.start()
        try:
            shutil.rmtree(view)
            answer = await pool.ask(request("SELECT * { ?s ?p ?o }"))
            with pytest.raises(Problem) as caught:
                await answer.head()
            return caught.value
        finally:
            await pool.close()

    view = tmp_path / "view"
    store = ox.Store(str(tmp_path / "store"))
    # more files than the engine opens at once
    for number in range(40):
        node = ox.NamedNode(f"{GRAPH}a/{number}")
        store.bulk_extend([ox.Quad(node, node, node, node)])
    store.backup(str(view))
    problem = asyncio.run(go())
    assert (problem.status, problem.reason) == (503, "view-gone")


def _rows(client: httpx.Client) -> int:
    answer = client.get("/sparql", params={"query": "SELECT * { ?s ?p ?o }"})
    return len(answer.json()["results"]["bindings"])


def test_the_worker_reads_only(view: Path) -> None:
    with pytest.raises((OSError, RuntimeError, ValueError)):
        ox.Store.read_only(str(view)).add(ox.Quad(NODE, NODE, NODE, NODE))
