"""From a CSV file to a store that answers: ours against the usual stack, stage by stage.

``python -m bench.pipeline [--rows N] [--runs R] [--cap S] [--small]``. Works in ``build/bench``,
leaves the raw figures there in ``pipeline.json`` and writes ``docs/reference/performance.md``.
Whatever is compared must be equal first: triples, validation results (also equal to what was
planted), and the answer. POSIX only.
"""

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bench import environments, equal, ours, runner, usual
from bench.cases import SEED, Planted, write_cases, write_planted
from bench.environments import ROOT
from bench.measure import OtherWork, StageFailed, Usage, run
from bench.page import performance_page, placed, section_of
from bench.runner import ONCE_ABOVE, emptied, machine, repeated, say

SMALL = 5_000
ASSETS = ROOT / "bench" / "assets"
_OURS = ("dpc-kg", "duckdb", "pyoxigraph", "shacl")

Runs = dict[str, list[Usage]]


@dataclass(frozen=True)
class Options(runner.Options):
    """What to run; ``rows`` are case rows."""

    rows: int = 100_000


@dataclass
class Figures:
    """The raw figures of a bench."""

    rows: int
    machine: dict[str, Any]
    versions: dict[str, dict[str, str]]
    bytes_in: int = 0
    bytes_lifted: int = 0
    triples: int = 0
    violations: int = 0
    answers: int = 0
    ours: Runs = field(default_factory=dict)
    usual: Runs = field(default_factory=dict)


def bench(options: Options) -> Figures:
    """Make the data, run both sides, check that they agree.

    Raises:
        StageFailed: a stage ended with an error.
        equal.Unequal: the sides differ.
    """
    folder = emptied(options.folder)
    cases = folder / "cases.csv"
    planted = write_cases(cases, options.rows, SEED)
    write_planted(folder / "planted.json", planted)
    python = environments.environment("usual")
    names = {"ours": {name: version(name) for name in _OURS}, "usual": usual.versions(python)}
    others = OtherWork()
    figures = Figures(options.rows, machine(), names, bytes_in=cases.stat().st_size)
    for number in range(options.runs):
        say(f"ours, run {number + 1} of {options.runs}")
        _run_ours(folder / "ours", cases, figures.ours)
        _check_results(folder / "ours", planted, "the planted list")
    figures.bytes_lifted = (folder / "ours" / "data.nq").stat().st_size
    _run_usual(python, options, figures, planted)
    figures.violations = len(planted)
    figures.machine["others"] = others.cores()
    return figures


def _run_ours(folder: Path, cases: Path, runs: Runs) -> None:
    emptied(folder)
    for stage, command in ours.commands(folder, cases, ASSETS).items():
        used = run(command, folder / f"{stage}.log", cwd=ROOT)
        runs.setdefault(stage, []).append(used)
        say(f"  {stage}: {used.wall:.1f} s")


def _run_usual(
    python: Path, options: Options, figures: Figures, planted: Sequence[Planted]
) -> None:
    """Lift, check the triples, then the other stages; each process again if it is short."""
    folder = options.folder / "usual"
    folder.mkdir()

    def lifted(used: Usage) -> None:
        if used.stopped:
            raise StageFailed("The lift of the usual stack did not end within the cap.")
        figures.triples = _check_triples(options.folder)

    def rested(whole: Usage) -> None:
        for stage, used in usual.stages(folder, whole).items():
            say(f"  {stage}: {used.wall:.1f} s{' (stopped)' if used.stopped else ''}")
            figures.usual.setdefault(stage, []).append(used)
        figures.answers = _check_answers(options.folder)
        if not whole.stopped:
            _check_results(folder, planted, "the planted list")

    figures.usual["lift"] = repeated(
        "usual stack, lift",
        usual.lift_command(python, folder, ASSETS),
        folder / "lift.log",
        runs=options.runs,
        cwd=options.folder,
        cap=options.cap,
        once_above=ONCE_ABOVE,
        check=lifted,
    )
    repeated(
        "usual stack, load, query and validate",
        usual.rest_command(python, folder, ASSETS),
        folder / "rest.log",
        runs=options.runs,
        cap=options.cap,
        once_above=ONCE_ABOVE,
        check=rested,
    )


def _check_triples(folder: Path) -> int:
    command = [sys.executable, "-m", "bench.equal"]
    files = [str(folder / "ours" / "data.nq"), str(folder / "usual" / "data.nt")]
    done = subprocess.run([*command, *files], cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        raise equal.Unequal(done.stdout.strip() or done.stderr.strip())
    return int(done.stdout)


def _check_answers(folder: Path) -> int:
    own, other = (equal.lines(folder / side / "answer.tsv") for side in ("ours", "usual"))
    return equal.check("answers", own, other, "the usual stack")


def _check_results(folder: Path, planted: Sequence[Planted], name: str) -> None:
    found = equal.lines(folder / "results.tsv")
    equal.check(f"validation results ({folder.name})", found, [p.result for p in planted], name)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the bench and write its page; 1 if the sides differ, 2 if a stage failed."""
    parser = runner.parser("pipeline", __doc__, cap=1800.0)
    parser.add_argument("--rows", type=int, default=100_000, help="case rows")
    given = parser.parse_args(arguments)
    options = Options(**runner.chosen("pipeline", given), rows=SMALL if given.small else given.rows)
    return runner.conduct(
        options,
        lambda: bench(options),
        lambda figures: [
            f"Equal: {figures.triples} triples, {figures.violations} results,"
            f" {figures.answers} rows."
        ],
        None if given.small else _page,
    )


def _page(old: str, figures: dict[str, Any]) -> str:
    page = performance_page(figures)
    for part in ("lift", "validate"):  # written by benches of their own
        section = section_of(old, part)
        page = placed(page, part, section) if section else page
    return page


if __name__ == "__main__":
    sys.exit(main())
