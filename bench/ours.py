"""Our side: one process a stage, each as the product does it.

``dpc-kg`` has no verb that validates quads of an outside mapping in pieces or asks a plain store
an unsaved question; for these two stages this module is the process, as in
``python -m bench.ours validate DATA SHAPES OUT``, ``python -m bench.ours query STORE QUERY OUT``.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

STAGES = ("lift", "validate", "load", "query")


def commands(folder: Path, cases: Path, assets: Path) -> dict[str, list[str]]:
    """Give the command of every stage, in order; they write into ``folder``.

    They leave ``data.nq``, ``results.tsv``, ``store/`` and ``answer.tsv``.
    """
    python, data, store = sys.executable, str(folder / "data.nq"), str(folder / "store")
    mapping, shapes = str(assets / "cases.rml.ttl"), str(assets / "shapes.ttl")
    stage = [python, "-m", "bench.ours"]
    lift = [python, "-m", "dpc_kg", "lift", "--mapping", mapping, "--source", f"cases={cases}"]
    return {
        "lift": [*lift, "-o", data],
        "validate": [*stage, "validate", data, shapes, str(folder / "results.tsv")],
        "load": [python, "-m", "dpc_kg", "load", data, "--store", store],
        "query": [*stage, "query", store, str(assets / "check.rq"), str(folder / "answer.tsv")],
    }


def validate(data: Path, shapes: Path, out: Path) -> int:
    """Write (focus, path, component) of every result, sorted; give how many."""
    from dpc_kg.validate.engines import validate_quads

    run = validate_quads(data, shapes=[shapes])
    lines = sorted(f"{r.focus}\t{r.path}\t{r.component}\n" for r in run.results)
    out.write_text("".join(lines), encoding="utf-8", newline="\n")
    return len(lines)


def query(store: Path, question: Path, out: Path) -> int:
    """Write the rows of the answer as tab-separated values; give how many."""
    from dpc_kg.store.embedded import EmbeddedStore

    with EmbeddedStore.open(store) as opened:
        rows = list(opened.query(question.read_text(encoding="utf-8")))
    lines = ["\t".join("" if t is None else _text(t) for t in row) + "\n" for row in rows]
    out.write_text("".join(lines), encoding="utf-8", newline="\n")
    return len(lines)


def _text(term: object) -> str:
    return str(getattr(term, "value", term))


def main(arguments: Sequence[str]) -> int:
    """Run one stage."""
    verb, first, second, out = arguments
    stage = {"validate": validate, "query": query}[verb]
    stage(Path(first), Path(second), Path(out))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
