"""Validation alone: ours against pySHACL, shacl and shacl-rust, each in one go.

``python -m bench.validate [--runs R] [--cap S] [--only SET ...] [--small]``. Works in
``build/bench/validate``, leaves the raw figures beside it in ``validate.json`` and writes the
validate section of ``docs/reference/performance.md``. What each side finds is compared with the
planted list before any figure is taken. ``--small``: one small size, one run, no page. POSIX only.
"""

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bench import environments, equal, runner
from bench.environments import ROOT
from bench.measure import OtherWork, Usage, run
from bench.page import placed
from bench.runner import ONCE_ABOVE, emptied, machine, repeated, say
from bench.validate_data import SETS, prototype
from bench.validate_page import validate_section

SIZES = (100_000, 300_000, 1_000_000, 10_000_000)
SMALL = (3_000,)
STORED = 1_000_000
"""Triples of the store in which records are changed."""
PEERS = {"pySHACL": 300_000, "shacl": 1_000_000, "shacl-rust": 10_000_000}
"""Other engines, each with the most triples it is given."""
_ENGINES = environments.PEERS / "shacl_engines.py"
_PACKAGES = ("pyshacl", "shacl", "shacl-rust")


@dataclass(frozen=True)
class Options(runner.Options):
    """What to run; ``only`` names the sets."""

    only: tuple[str, ...] = SETS


@dataclass
class Measured:
    """The figures of one set at one size; ``warm`` and ``changed`` are seconds, the first cold."""

    name: str
    triples: int
    planted: int
    sides: dict[str, list[Usage]] = field(default_factory=dict)
    warm: list[float] = field(default_factory=list)
    changed: list[float] = field(default_factory=list)


@dataclass
class Figures:
    """The raw figures of a bench of validation; ``skipped`` are sets that are not on hand."""

    machine: dict[str, Any]
    versions: dict[str, dict[str, str]]
    sets: list[Measured] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)


def bench(options: Options, python: Path | None) -> Figures:
    """Make the data, run every side, check what each finds; without ``python`` ours alone.

    Raises:
        StageFailed: a process ended with an error.
        equal.Unequal: a side finds something else than what is planted.
    """
    emptied(options.folder)
    named = {"ours": {name: version(name) for name in ("dpc-kg", "pyoxigraph", "shacl")}}
    if python is not None:
        named["others"] = environments.versions(python, _PACKAGES)
    others = OtherWork()
    figures = Figures(machine(), named)
    for name in options.only:
        if name == "across" and prototype() is None:
            say("across: skipped, the shared prototype is not there (set DPC_SHARED).")
            figures.skipped.append(name)
            continue
        for size in SMALL if options.small else SIZES:
            figures.sets.append(_Bench(options, name, size).all(python))
    figures.machine["others"] = others.cores()
    return figures


class _Bench:
    """The runs on one set at one size."""

    def __init__(self, options: Options, name: str, size: int) -> None:
        self.options = options
        self.size = size
        self.folder = options.folder / f"{name}-{size}"
        self.log = options.folder / "log"
        command = [sys.executable, "-m", "bench.validate_data", name, str(size), str(self.folder)]
        run(command, self.log, cwd=ROOT)
        self.data = self.folder / "data.nq"
        home = prototype()
        across = name == "across" and home is not None
        self.shapes = str(home / "shapes.ttl") if across and home else "full"
        self.planted = sorted(set(equal.lines(self.folder / "planted.tsv")))
        with self.data.open("rb") as file:
            triples = sum(1 for _ in file)
        self.figures = Measured(name, triples, len(self.planted))

    def all(self, python: Path | None) -> Measured:
        """Run every side, then the tasks of one warm process."""
        out = self.folder / "ours.tsv"
        self._runs("ours", self._ours("whole", str(out)), out)
        for engine, most in PEERS.items() if python else ():
            if self.size <= most:
                out = self.folder / f"{engine}.tsv"
                files = [str(self.folder / name) for name in ("data.nt", "shapes.nt")]
                self._runs(engine, [str(python), str(_ENGINES), engine, *files, str(out)], out)
        if self.size in (STORED, *SMALL):
            self.figures.warm = self._times("warm")
            planted = str(self.folder / "planted.tsv")
            self.figures.changed = self._times("changed", str(self.folder / "store"), planted)
        return self.figures

    def _ours(self, task: str, *more: str) -> list[str]:
        ours = [sys.executable, "-m", "bench.validate_run", task]
        return [*ours, str(self.data), self.shapes, *more]

    def _runs(self, name: str, command: Sequence[str], out: Path) -> None:
        def check(used: Usage) -> None:
            if not used.stopped:
                what = f"results of {name} ({self.folder.name})"
                equal.check(what, equal.lines(out), self.planted, "the planted list")

        self.figures.sides[name] = repeated(
            f"{self.folder.name}, {name}",
            command,
            self.log,
            runs=self.options.runs,
            cap=self.options.cap,
            once_above=None if name == "ours" else ONCE_ABOVE,
            check=check,
        )

    def _times(self, task: str, *more: str) -> list[float]:
        run(self._ours(task, *more), self.log, cwd=ROOT)
        found: list[float] = json.loads(self.log.read_text(encoding="utf-8"))
        return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the bench and write its section; 1 if a side is wrong, 2 if a process failed."""
    parser = runner.parser("validate", __doc__, cap=600.0)
    parser.add_argument("--only", nargs="+", default=SETS, choices=SETS)
    given = parser.parse_args(arguments)
    options = Options(**runner.chosen("validate", given), only=tuple(given.only))
    is_whole = not given.small and set(given.only) == set(SETS)
    return runner.conduct(
        options,
        lambda: bench(options, environments.environment("shacl")),
        lambda figures: (
            f"{one.name}: {one.triples} triples, {one.planted} planted results found."
            for one in figures.sets
        ),
        _page if is_whole else None,
    )


def _page(old: str, figures: dict[str, Any]) -> str:
    return placed(old, "validate", validate_section(figures))


if __name__ == "__main__":
    sys.exit(main())
