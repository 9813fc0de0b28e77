"""The lift alone: ours against morph-kgc and maplib, and against what no lift can be quicker than.

``python -m bench.lift [--runs R] [--cap S] [--only NAME ...] [--grown N] [--small]``. Works in
``build/bench/lift``, leaves the raw figures beside it in ``lift.json`` and writes the lift section
of ``docs/reference/performance.md``. The triples of each side are compared before any figure is
taken; a peer known to lose some is told its share. ``--small``: the smallest sizes, one run, no
page. POSIX only.
"""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bench import environments, equal, runner
from bench import lift_sides as sides
from bench.environments import ROOT
from bench.lift_page import lift_section
from bench.lift_sides import EXPORTS, Export
from bench.measure import OtherWork, Usage
from bench.page import placed
from bench.runner import ONCE_ABOVE, emptied, machine, repeated

_OURS = ("dpc-kg", "duckdb", "lxml")


@dataclass(frozen=True)
class Options(runner.Options):
    """What to run; ``grown`` is the records of the large CSV export, 0 for none."""

    only: tuple[str, ...] = ()
    grown: int = 0


@dataclass
class Side:
    """The runs of one side, and what its triples share with ours."""

    runs: list[Usage] = field(default_factory=list)
    share: equal.Share | None = None


@dataclass
class Measured:
    """The figures of one export."""

    name: str
    title: str
    records: int
    goal: float
    bytes_in: int
    bytes_out: int = 0
    triples: int = 0
    sides: dict[str, Side] = field(default_factory=dict)


@dataclass
class Figures:
    """The raw figures of a bench of lifts."""

    machine: dict[str, Any]
    versions: dict[str, dict[str, str]]
    exports: list[Measured] = field(default_factory=list)
    grown: Measured | None = None


def bench(options: Options) -> Figures:
    """Make the exports, run every side, check that they agree.

    Raises:
        StageFailed: a lift ended with an error.
        equal.Unequal: a side has other triples.
    """
    emptied(options.folder)
    usual, maplib = environments.environment("usual"), environments.environment("maplib")
    named = {
        "ours": {name: version(name) for name in _OURS},
        "morph-kgc": environments.versions(usual, ("morph-kgc", "pandas")),
        "maplib": environments.versions(maplib, ("maplib", "polars")),
    }
    others = OtherWork()
    figures = Figures(machine(), named)
    for export in EXPORTS:
        if not options.only or export.name in options.only:
            records = export.small if options.small else export.records
            figures.exports.append(_Bench(options, export, records).all(usual, maplib))
    if options.grown:
        figures.grown = _Bench(options, EXPORTS[0], options.grown, "grown").own()
    figures.machine["others"] = others.cores()
    return figures


class _Bench:
    """The runs on one export."""

    def __init__(self, options: Options, export: Export, records: int, name: str = "") -> None:
        self.options = options
        self.export = export
        self.folder = options.folder / (name or export.name)
        self.folder.mkdir()
        sides.write_export(export, self.folder, records)
        size = sum((self.folder / file).stat().st_size for _, file in export.sources)
        self.figures = Measured(export.name, export.title, records, export.goal, size)
        self.data = self.folder / "ours.nq"

    def own(self) -> Measured:
        """Run our side alone."""
        self._runs("ours", sides.ours(self.export, self.folder, self.data))
        self.figures.bytes_out = self.data.stat().st_size
        with self.data.open("rb") as file:
            self.figures.triples = sum(1 for _ in file)
        return self.figures

    def all(self, usual: Path, maplib: Path) -> Measured:
        """Run every side."""
        self.own()
        self._compared("morph-kgc", lambda out: sides.morph(usual, self.export, self.folder, out))
        if self.export.name == "cases":
            self._tables(maplib)
        return self.figures

    def _tables(self, maplib: Path) -> None:
        """Run what is measured on tables only: maplib, the floors, the load."""
        self._compared("maplib", lambda out: sides.maplib(maplib, self.folder, out))
        self._compared("built by hand", lambda out: sides.floor(self.folder, out))
        self._runs("bytes written", sides.raw_write(self.data, self.folder / "copy.nq"))
        self._loads()

    def _compared(self, name: str, command: Callable[[Path], list[str]]) -> None:
        """Run a side and compare its triples with ours."""
        out = self.folder / f"{name.replace(' ', '-')}.nt"
        self._runs(name, command(out), lambda: self._check(name, out))

    def _runs(
        self, name: str, command: Sequence[str], check: Callable[[], None] = lambda: None
    ) -> None:
        side = self.figures.sides[name] = Side()
        side.runs = repeated(
            f"{self.export.title}, {name}",
            command,
            self.folder / "log",
            runs=self.options.runs,
            cwd=self._home(name),
            cap=self.options.cap,
            once_above=None if name == "ours" else ONCE_ABOVE,
            check=lambda used: None if used.stopped else check(),
        )

    def _home(self, name: str) -> Path:
        return self.folder if name == "morph-kgc" else ROOT

    def _check(self, name: str, out: Path) -> None:
        """Compare triples.

        A peer known to lose some may lose them, and maplib changes forms; of no other may a triple
        differ, and no reader of RML may have one that we have not.
        """
        command = [sys.executable, "-m", "bench.equal", "--share", str(self.data), str(out)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
        share = equal.Share(**json.loads(done.stdout))
        self.figures.sides[name].share = share
        loses = self.export.loses or name == "maplib"
        wrong = share.other > share.both and name != "maplib"
        if wrong or (share.both < share.ours and not loses):
            raise equal.Unequal(
                f"{self.export.title}: {share.ours} triples of ours, {share.other} of {name},"
                f" {share.both} of both."
            )

    def _loads(self) -> None:
        """Load the lifted file alone, then what a lift gives while it lifts: into new stores."""
        alone, both = self.folder / "store-alone", self.folder / "store-both"
        command = sides.load(str(self.data), alone)
        self._runs("load alone", command, lambda: self._take_away(alone))
        lift = sides.ours(self.export, self.folder, Path("-"))
        command = sides.piped(lift, sides.load("-", both))
        self._runs("lift and load", command, lambda: self._take_away(both))

    def _take_away(self, store: Path) -> None:
        """Check what was loaded; the next run needs the place."""
        said = (self.folder / "log").read_text(encoding="utf-8")
        if f"{self.figures.triples} quads in " not in said:
            raise equal.Unequal(f"{self.export.title}: the store holds other quads.")
        shutil.rmtree(store)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the bench and write its section; 1 if the sides differ, 2 if a lift failed."""
    parser = runner.parser("lift", __doc__, cap=600.0)
    parser.add_argument("--only", nargs="+", default=[], choices=[e.name for e in EXPORTS])
    parser.add_argument("--grown", type=int, default=1_000_000, help="rows of the large CSV")
    given = parser.parse_args(arguments)
    grown = 0 if given.small else given.grown
    options = Options(**runner.chosen("lift", given), only=tuple(given.only), grown=grown)
    return runner.conduct(
        options,
        lambda: bench(options),
        lambda figures: (
            f"{one.title}: {one.triples} triples, checked." for one in figures.exports
        ),
        None if given.small or given.only else _page,
    )


def _page(old: str, figures: dict[str, Any]) -> str:
    return placed(old, "lift", lift_section(figures))


if __name__ == "__main__":
    sys.exit(main())
