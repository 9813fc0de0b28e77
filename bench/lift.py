"""The lift alone: ours against morph-kgc and maplib, and against what no lift can be quicker than.

``python -m bench.lift [--runs R] [--cap S] [--only NAME ...] [--grown N] [--small]``. Works in
``build/bench/lift``, leaves the raw figures beside it in ``lift.json`` and writes the lift section
of ``docs/reference/performance.md``. The triples of each side are compared before any figure is
taken; a peer known to lose some is told its share. ``--small``: the smallest sizes, one run, no
page. POSIX only.
"""

import argparse
import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bench import environments, equal
from bench import lift_sides as sides
from bench.lift_page import lift_section
from bench.lift_sides import EXPORTS, Export
from bench.measure import OtherWork, StageFailed, Usage, run
from bench.page import placed
from bench.pipeline import BUILD, ONCE_ABOVE, PAGE, ROOT, machine, say

_OURS = ("dpc-kg", "duckdb", "lxml")


@dataclass(frozen=True)
class Options:
    """What to run; ``grown`` is the records of the large CSV export, 0 for none."""

    runs: int
    cap: float
    folder: Path
    only: tuple[str, ...] = ()
    small: bool = False
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
    shutil.rmtree(options.folder, ignore_errors=True)
    options.folder.mkdir(parents=True)
    peers = environments.PEERS
    usual = environments.environment(BUILD / "peer-venv", peers / "requirements-usual.txt")
    maplib = environments.environment(BUILD / "maplib-venv", peers / "requirements-maplib.txt")
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
        self._once_checked(
            "morph-kgc", lambda out: sides.morph(usual, self.export, self.folder, out)
        )
        if self.export.name == "cases":
            self._tables(maplib)
        return self.figures

    def _tables(self, maplib: Path) -> None:
        """Run what is measured on tables only: maplib, the floors, the load."""
        self._once_checked("maplib", lambda out: sides.maplib(maplib, self.folder, out))
        self._once_checked("built by hand", lambda out: sides.floor(self.folder, out))
        self._runs("bytes written", sides.raw_write(self.data, self.folder / "copy.nq"))
        self._loads()

    def _once_checked(self, name: str, command: Callable[[Path], list[str]]) -> None:
        """Run a side; compare its triples with ours after the first run."""
        out = self.folder / f"{name.replace(' ', '-')}.nt"
        self._runs(name, command(out), lambda: self._check(name, out))

    def _runs(
        self, name: str, command: Sequence[str], check: Callable[[], None] | None = None
    ) -> None:
        side = self.figures.sides.setdefault(name, Side())
        for number in range(self.options.runs):
            used = run(command, self.folder / "log", cwd=self._home(name), cap=self.options.cap)
            state = " (stopped)" if used.stopped else ""
            say(f"{self.export.title}, {name}: {used.wall:.1f} s, CPU {used.cpu:.1f} s{state}")
            side.runs.append(used)
            if used.stopped:
                return
            if check is not None and not number:
                check()
            if name != "ours" and used.wall > ONCE_ABOVE:
                return

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
        """Load the lifted file alone, then what a lift gives while it lifts: into a new store."""
        store = self.folder / "store"
        commands = {
            "load alone": sides.load(str(self.data), store),
            "lift and load": sides.piped(
                sides.ours(self.export, self.folder, Path("-")), sides.load("-", store)
            ),
        }
        for name, command in commands.items():
            side = self.figures.sides.setdefault(name, Side())
            for _ in range(self.options.runs):
                shutil.rmtree(store, ignore_errors=True)
                side.runs.append(run(command, self.folder / "log", cwd=ROOT))
                say(f"{self.export.title}, {name}: {side.runs[-1].wall:.1f} s")
                self._check_loaded()
        shutil.rmtree(store)

    def _check_loaded(self) -> None:
        said = (self.folder / "log").read_text(encoding="utf-8")
        if f"{self.figures.triples} quads in " not in said:
            raise equal.Unequal(f"{self.export.title}: the store holds other quads.")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the bench and write its section; 1 if the sides differ, 2 if a lift failed."""
    parser = argparse.ArgumentParser(prog="bench.lift", description=__doc__)
    parser.add_argument("--runs", type=int, default=5, help="runs of each side")
    parser.add_argument("--cap", type=float, default=600.0, help="seconds for a process")
    parser.add_argument("--only", nargs="+", default=[], choices=[e.name for e in EXPORTS])
    parser.add_argument("--grown", type=int, default=1_000_000, help="rows of the large CSV")
    parser.add_argument("--small", action="store_true", help="smallest sizes, one run, no page")
    given = parser.parse_args(arguments)
    name = "lift-small" if given.small else "lift"
    runs, grown = (1, 0) if given.small else (given.runs, given.grown)
    chosen = Options(runs, given.cap, BUILD / name, tuple(given.only), given.small, grown)
    try:
        figures = bench(chosen)
    except equal.Unequal as e:
        sys.stderr.write(f"{e}\n")
        return 1
    except StageFailed as e:
        sys.stderr.write(f"{e}\n")
        return 2
    raw = asdict(figures)
    text = json.dumps(raw, indent=1) + "\n"
    (BUILD / f"{name}.json").write_text(text, encoding="utf-8", newline="\n")
    if not (given.small or given.only):
        page = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
        PAGE.write_text(placed(page, "lift", lift_section(raw)), encoding="utf-8", newline="\n")
    for one in figures.exports:
        say(f"{one.title}: {one.triples} triples, checked.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
