"""From a CSV file to a store that answers: ours against the usual stack, stage by stage.

``python -m bench.pipeline [--rows N] [--runs R] [--cap S] [--smoke]``. Works in ``build/bench``,
leaves the raw figures there in ``pipeline.json`` and writes ``docs/reference/performance.md``.
Whatever is compared must be equal first: triples, validation results (also equal to what was
planted), and the answer. POSIX only.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bench import equal, ours, usual
from bench.cases import Planted, write_cases, write_planted
from bench.measure import OtherWork, StageFailed, Usage, run
from bench.page import performance_page, placed, section_of

ROOT = Path(__file__).resolve().parents[1]
ASSETS = ROOT / "bench" / "assets"
BUILD = ROOT / "build" / "bench"
PAGE = ROOT / "docs" / "reference" / "performance.md"
SEED = 7
ONCE_ABOVE = 60.0
"""Seconds above which a run of the usual stack is made once."""

_OURS = ("dpc-kg", "duckdb", "pyoxigraph", "shacl")
_GIB = 1 << 30

Runs = dict[str, list[Usage]]


@dataclass(frozen=True)
class Options:
    """What to run: rows, runs of ours, seconds the usual stack may take, where the files go."""

    rows: int
    runs: int
    cap: float
    folder: Path


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
    folder = options.folder
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    cases = folder / "cases.csv"
    planted = write_cases(cases, options.rows, SEED)
    write_planted(folder / "planted.json", planted)
    python = usual.environment(BUILD / "peer-venv")
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
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
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
    lift = usual.lift_command(python, folder, ASSETS)
    for number in range(options.runs):
        used = run(lift, folder / "lift.log", cwd=options.folder, cap=options.cap)
        say(f"usual stack, lift {number + 1}: {used.wall:.1f} s")
        if used.stopped:
            raise StageFailed("The lift of the usual stack did not end within the cap.")
        figures.usual.setdefault("lift", []).append(used)
        if not number:
            figures.triples = _check_triples(options.folder)
        if used.wall > ONCE_ABOVE:
            break
    rest = usual.rest_command(python, folder, ASSETS)
    for number in range(options.runs):
        whole = run(rest, folder / "rest.log", cap=options.cap)
        say(f"usual stack, load, query and validate {number + 1}: {whole.wall:.1f} s")
        for stage, used in usual.stages(folder, whole).items():
            say(f"  {stage}: {used.wall:.1f} s{' (stopped)' if used.stopped else ''}")
            figures.usual.setdefault(stage, []).append(used)
        if not number:
            figures.answers = _check_answers(options.folder)
            if not whole.stopped:
                _check_results(folder, planted, "the planted list")
        if whole.wall > ONCE_ABOVE:
            break


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


def machine() -> dict[str, Any]:
    """Give the facts of this machine that the figures hang on."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / _GIB
    return {
        "system": os.uname().sysname,
        "architecture": os.uname().machine,
        "python": ".".join(map(str, sys.version_info[:3])),
        "cores": os.cpu_count(),
        "memory GiB": round(memory),
    }


def say(text: str) -> None:
    """Tell how far it is."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the bench and write its page; 1 if the sides differ, 2 if a stage failed."""
    parser = argparse.ArgumentParser(prog="bench.pipeline", description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000, help="case rows")
    parser.add_argument("--runs", type=int, default=5, help="runs of each side")
    parser.add_argument("--cap", type=float, default=1800.0, help="seconds for a peer process")
    parser.add_argument("--smoke", action="store_true", help="5,000 rows, one run, no page")
    given = parser.parse_args(arguments)
    rows, runs = (5_000, 1) if given.smoke else (given.rows, given.runs)
    name = "smoke" if given.smoke else "pipeline"
    try:
        figures = bench(Options(rows, runs, given.cap, BUILD / name))
    except equal.Unequal as e:
        sys.stderr.write(f"{e}\n")
        return 1
    except StageFailed as e:
        sys.stderr.write(f"{e}\n")
        return 2
    raw = asdict(figures)
    out = BUILD / f"{name}.json"
    out.write_text(json.dumps(raw, indent=1) + "\n", encoding="utf-8", newline="\n")
    if not given.smoke:
        PAGE.parent.mkdir(parents=True, exist_ok=True)
        old = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
        page = performance_page(raw)
        for part in ("lift", "validate"):  # written by benches of their own
            section = section_of(old, part)
            page = placed(page, part, section) if section else page
        PAGE.write_text(page, encoding="utf-8", newline="\n")
    say(f"Equal: {figures.triples} triples, {figures.violations} results, {figures.answers} rows.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
