"""The usual stack after the lift: rdflib holds the graph and answers, pySHACL validates it.

Runs in an environment of its own, in one process so that it reads the data once:
``python usual_stack.py DATA SHAPES QUERY OUT``. The query comes before validation, so that a run
that is stopped while it validates has answered. Each finished stage adds a line to
``OUT/marks.jsonl``; the first one holds the start of the program too.
"""

import json
import logging
import resource
import sys
import time
from pathlib import Path

_PER_MIB = 1024**2 if sys.platform == "darwin" else 1024
"""The system's unit of memory, per MiB."""


class Marks:
    """Writes down what each stage took since the one before it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.wall = time.perf_counter()
        self.cpu = 0.0
        path.write_text("", encoding="utf-8")

    def add(self, stage: str) -> None:
        """End a stage."""
        wall, used = time.perf_counter(), resource.getrusage(resource.RUSAGE_SELF)
        cpu = used.ru_utime + used.ru_stime
        mark = {
            "stage": stage,
            "wall": wall - self.wall,
            "cpu": cpu - self.cpu,
            "peak": used.ru_maxrss / _PER_MIB,
        }
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(mark) + "\n")
        self.wall, self.cpu = wall, cpu


def main(data: Path, shapes: Path, question: Path, out: Path) -> None:
    """Load, query, validate."""
    marks = Marks(out / "marks.jsonl")
    import pyshacl
    from rdflib import SH, Graph

    # a traceback a bad literal on standard error would be counted as its work
    logging.getLogger("rdflib.term").setLevel(logging.ERROR)
    graph = Graph()
    graph.parse(data, format="nt")
    marks.add("load")

    rows = graph.query(question.read_text(encoding="utf-8"))
    write(out / "answer.tsv", ["\t".join(map(str, row)) for row in rows])  # type: ignore[arg-type]
    marks.add("query")

    _, report, _ = pyshacl.validate(graph, shacl_graph=Graph().parse(shapes), inplace=True)
    results = [
        f"{report.value(r, SH.focusNode)}\t{report.value(r, SH.resultPath)}"
        f"\t{report.value(r, SH.sourceConstraintComponent)}"
        for r in report.subjects(SH.focusNode)
    ]
    write(out / "results.tsv", sorted(results))
    marks.add("validate")


def write(path: Path, lines: list[str]) -> None:
    """Write lines."""
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
