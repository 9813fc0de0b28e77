"""Our side of the bench of validation, a process a task; figures go to standard output as JSON.

``python -m bench.validate_run whole DATA SHAPES OUT`` writes focus node and component of every
result. ``warm DATA SHAPES``: ten records again and again in one process. ``changed DATA SHAPES
STORE PLANTED``: a hundred changed records of a store on disk, checked against the planted list.
SHAPES is a file, or the name of a profile.
"""

import json
import shutil
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pyoxigraph as ox

from bench import equal
from dpc_kg.base.settings import PROFILES
from dpc_kg.base.vocab import RDF_TYPE
from dpc_kg.validate.engines import graph_of, validate_quads
from dpc_kg.validate.incremental import revalidate, touched
from dpc_kg.validate.pieces import read_pieces
from dpc_kg.validate.results import Result
from dpc_kg.validate.shapesgraph import ShapesGraph

ROUNDS = 20
_FEW, _CHANGED = 10, 100
_RECORD_CLASSES = (b"cdm#PlatformReport>", b"dpc#Case>")
"""What types of nodes are counted as records."""


def whole(data: Path, shapes: ShapesGraph, out: Path) -> None:
    """Validate a file."""
    found = _lines(validate_quads(data, shapes=shapes).results)
    out.write_text("".join(f"{line}\n" for line in found), encoding="utf-8", newline="\n")


def warm(data: Path, shapes: ShapesGraph) -> list[float]:
    """Validate a file that holds the first ten records of another; give seconds, the first cold."""
    few = data.with_name("few.nq")
    _, text = next(read_pieces(data, 10_000_000))
    lines = text.splitlines(True)
    records = [place for place, line in enumerate(lines) if _is_record(line)]
    end = records[_FEW] if len(records) > _FEW else len(lines)
    few.write_bytes(b"".join(lines[:end]))
    return _times(lambda: validate_quads(few, shapes=shapes))


def changed(data: Path, shapes: ShapesGraph, folder: Path, planted: Path) -> list[float]:
    """Look again at a hundred records, spread over a store on disk; give seconds."""
    shutil.rmtree(folder, ignore_errors=True)
    store = ox.Store(str(folder))
    store.bulk_load(path=str(data), format=ox.RdfFormat.N_QUADS)
    store.flush()
    with data.open("rb") as file:
        records = [line.split(b">", 1)[0][1:].decode() for line in file if _is_record(line)]
    nodes = records[:: max(1, len(records) // _CHANGED)][:_CHANGED]

    def again() -> tuple[frozenset[str], Sequence[Result]]:
        before = touched(store, nodes, shapes=shapes)
        found = revalidate(store, nodes, before=before, shapes=shapes)
        return found.nodes, found.results

    names, results = again()
    wanted = [line for line in equal.lines(planted) if line.split("\t")[0] in names]
    equal.check("results of changed records", _lines(results), wanted, "the planted list")
    return _times(again)


def _times(task: Callable[[], object]) -> list[float]:
    found = []
    for _ in range(ROUNDS + 1):
        start = time.perf_counter()
        task()
        found.append(time.perf_counter() - start)
    return found


def _is_record(line: bytes) -> bool:
    return f"<{RDF_TYPE}>".encode() in line and any(c in line for c in _RECORD_CLASSES)


def _lines(results: Sequence[Result]) -> list[str]:
    return sorted({f"{result.focus}\t{result.component}" for result in results})


def main(arguments: Sequence[str]) -> int:
    """Do one task."""
    task, data, named, *rest = arguments
    shapes = graph_of(None, named) if named in PROFILES else graph_of([Path(named)], "full")
    if task == "whole":
        whole(Path(data), shapes, Path(rest[0]))
        return 0
    if task == "warm":
        times = warm(Path(data), shapes)
    else:
        times = changed(Path(data), shapes, Path(rest[0]), Path(rest[1]))
    sys.stdout.write(json.dumps(times) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
