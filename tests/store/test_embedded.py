import io
import subprocess
import sys
import threading
from pathlib import Path

import pyoxigraph as ox
import pytest

from dpc_kg.base.errors import QueryError, StoreError
from dpc_kg.store.embedded import SMALL, EmbeddedStore
from dpc_kg.store.sorting import sorted_lines

A = "https://w3id.org/dpc/graph/org-a/one"
B = "https://w3id.org/dpc/graph/org-b/two"
COUNT = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"


def lines(graph: str, count: int, start: int = 0) -> bytes:
    report = "https://w3id.org/dpc/id/x/report/"
    return b"".join(
        f'<{report}{n:064d}> <https://w3id.org/dpc/cdm#n> "{n}" <{graph}> .\n'.encode()
        for n in range(start, start + count)
    )


@pytest.fixture
def store(tmp_path: Path) -> EmbeddedStore:
    return EmbeddedStore.open(tmp_path / "store")


def test_loads_and_drops_graphs(store: EmbeddedStore) -> None:
    store.load_graph(A, lines(A, 3))
    store.load_graph(B, lines(B, 2))
    assert store.graphs() == [A, B]
    assert store.count() == 5
    store.drop_graph(A)
    store.drop_graph(A)
    assert store.graphs() == [B]
    assert store.count() == 2


def test_load_adds_and_never_replaces(store: EmbeddedStore) -> None:
    store.load_graph(A, lines(A, 2))
    store.load_graph(A, lines(A, 2, start=1))
    assert store.count() == 3


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        (b"<a:s> <a:p> \n", "N-Quads"),
        (lines(B, 1), "another graph"),
        (f"<a:s> <a:p> <{A}> .\n".encode(), "default graph"),
        (f"_:b <a:p> <a:o> <{A}> .\n".encode(), "blank node"),
        (f"<a:s> <a:p> _:b <{A}> .\n".encode(), "blank node"),
        (f"<a:s> <a:p> <<( <a:s> <a:p> <a:o> )>> <{A}> .\n".encode(), "triple term"),
    ],
)
@pytest.mark.parametrize("good", [2, SMALL // 100], ids=["small", "large"])
def test_load_is_all_or_nothing(store: EmbeddedStore, bad: bytes, says: str, good: int) -> None:
    with pytest.raises(StoreError, match=says):
        store.load_graph(A, lines(A, good) + bad)
    assert store.count() == 0
    assert store.graphs() == []


def test_refuses_nothing_to_load_and_a_relative_graph(store: EmbeddedStore) -> None:
    with pytest.raises(StoreError, match="no quad"):
        store.load_graph(A, b"\n")
    with pytest.raises(StoreError, match="absolute IRI"):
        store.load_graph("pending", lines(A, 1))


def test_a_syntax_error_names_the_line(store: EmbeddedStore) -> None:
    with pytest.raises(StoreError) as caught:
        store.load_graph(A, lines(A, 4) + b"secret words\n")
    assert caught.value.line == 5
    assert "secret" not in str(caught.value)


def test_digest_follows_from_the_quads_alone(tmp_path: Path) -> None:
    with EmbeddedStore.open(tmp_path / "1") as one, EmbeddedStore.in_memory() as two:
        one.load_graph(A, lines(A, 50))
        one.load_graph(B, lines(B, 5))
        two.load_graph(B, b"".join(reversed(lines(B, 5).splitlines(keepends=True))))
        assert one.digest() != two.digest()
        two.load_graph(A, lines(A, 50))
        assert one.digest() == two.digest()


def test_dump_is_sorted_and_loads_again(store: EmbeddedStore) -> None:
    store.load_graph(A, lines(A, 20))
    store.load_graph(B, lines(B, 20))
    out = io.BytesIO()
    store.dump(out)
    dumped = out.getvalue().splitlines(keepends=True)
    assert dumped == sorted(lines(A, 20).splitlines(True) + lines(B, 20).splitlines(True))


def test_sorting_spills_and_merges() -> None:
    with EmbeddedStore.in_memory() as memory:
        memory.load_graph(A, lines(A, 95))
        whole = list(sorted_lines(memory.engine))
        assert len(whole) == 95
        assert list(sorted_lines(memory.engine, run=10)) == whole


def test_query_sees_the_union_and_binds_terms(store: EmbeddedStore) -> None:
    store.load_graph(A, lines(A, 3))
    store.load_graph(B, lines(B, 3))
    text = "SELECT ?n (COUNT(DISTINCT ?s) AS ?c) WHERE { ?s ?p ?n } GROUP BY ?n ORDER BY ?n"
    solutions = store.query(text, {"n": ox.Literal("1")})
    assert solutions.variables == ("n", "c")
    assert list(solutions) == [(ox.Literal("1"), ox.Literal(1))]


def test_the_union_meets_a_triple_once_a_graph(store: EmbeddedStore) -> None:
    store.load_graph(A, lines(A, 3))
    store.load_graph(B, lines(B, 3))
    assert list(store.query(COUNT)) == [(ox.Literal(6),)]


def test_a_bound_term_is_never_text(store: EmbeddedStore) -> None:
    store.load_graph(A, lines(A, 3))
    hostile = ox.Literal('1") } UNION { ?s ?p ?n } #')
    assert list(store.query("SELECT ?n WHERE { ?s ?p ?n }", {"n": hostile})) == []


@pytest.mark.parametrize(
    ("text", "says"),
    [("SELECT ?s WHERE {", "well-formed"), ("ASK { ?s ?p ?o }", "Only SELECT")],
)
def test_query_refuses_other_text(store: EmbeddedStore, text: str, says: str) -> None:
    with pytest.raises(QueryError, match=says):
        store.query(text)


def test_query_refuses_a_name_that_is_not_selected(store: EmbeddedStore) -> None:
    with pytest.raises(QueryError, match="cannot be evaluated"):
        store.query("SELECT ?s WHERE { ?s ?p ?o }", {"o": ox.Literal("1")})


def test_rows_are_read_in_the_thread_that_asked(store: EmbeddedStore) -> None:
    store.load_graph(A, lines(A, 3))
    solutions = store.query("SELECT ?s WHERE { ?s ?p ?o }")
    caught: list[Exception] = []

    def elsewhere() -> None:
        try:
            list(solutions)
        except StoreError as e:
            caught.append(e)

    thread = threading.Thread(target=elsewhere)
    thread.start()
    thread.join()
    assert len(caught) == 1
    assert len(list(solutions)) == 3


def test_snapshot_stands_still(store: EmbeddedStore, tmp_path: Path) -> None:
    store.load_graph(A, lines(A, 3))
    store.snapshot(tmp_path / "views" / "1")
    store.drop_graph(A)
    with EmbeddedStore.read_only(tmp_path / "views" / "1") as copy:
        assert copy.graphs() == [A]
        with pytest.raises(StoreError, match="cannot be written"):
            copy.load_graph(B, lines(B, 1))
    with pytest.raises(StoreError, match="must not exist"):
        store.snapshot(tmp_path / "views" / "1")


def test_refusals_name_what_would_be_right(store: EmbeddedStore, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="Stop the process"):
        EmbeddedStore.open(tmp_path / "store")
    with pytest.raises(StoreError, match="no store in this folder"):
        EmbeddedStore.read_only(tmp_path / "none")
    with EmbeddedStore.in_memory() as memory, pytest.raises(StoreError, match="in memory"):
        memory.snapshot(tmp_path / "x")
    store.close()
    store.close()
    with pytest.raises(StoreError, match="closed"):
        store.count()
    EmbeddedStore.open(tmp_path / "store").close()


def test_a_load_survives_a_killed_process(tmp_path: Path) -> None:
    code = (
        "import os, sys, pathlib\n"
        "from dpc_kg.store.embedded import EmbeddedStore\n"
        "store = EmbeddedStore.open(pathlib.Path(sys.argv[1]))\n"
        "store.load_graph(sys.argv[2], sys.stdin.buffer.read())\n"
        "os._exit(9)\n"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "store"), A]
    ended = subprocess.run(command, input=lines(A, 7), check=False)
    assert ended.returncode == 9
    with EmbeddedStore.open(tmp_path / "store") as store:
        assert store.count() == 7
        assert list(store.query(COUNT)) == [(ox.Literal(7),)]
