"""The published RML suites, run through the command; what was shown, case by case.

``python -m tests.conformance.rml --write`` writes ``docs/reference/conformance.md``.
"""

import csv
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

HERE = Path(__file__).parent
REPOSITORY = HERE.parents[1]
PAGE = REPOSITORY / "docs" / "reference" / "conformance.md"
BASE = "http://example.com/"
REFUSED = {1, 2, 3}
"""The exit codes by which the command refuses; anything else is a crash, and no pass."""


_OURS = "went wrong in dpc-kg itself"
"""What the command says of a mistake of its own: that is a crash too."""


@dataclass(frozen=True)
class Suite:
    """A published suite: its folder, what it is about, how many cases must pass."""

    name: str
    title: str
    goal: int
    prefix: str = "RML"


SUITES = (
    Suite("rml-core", "RML-Core (JSON)", 74),
    Suite("rml-lv", "RML-LV (logical views)", 38),
    Suite("rml-fnml", "RML-FNML (functions)", 20),
    Suite("rml-io", "RML-IO, source cases", 28, "RMLSTC"),
    Suite("rml-legacy", "RML of before 2023 (CSV, JSON, XML), rewritten on load", 118),
)


@dataclass(frozen=True)
class Case:
    """One case: its folder, the expected quads (None where an error is expected)."""

    suite: str
    folder: Path
    expected: Path | None
    base: str
    is_empty: bool = False

    @property
    def name(self) -> str:
        """The case's name."""
        return self.folder.name


@dataclass(frozen=True)
class Result:
    """What came of a case: passed or not, and what was seen."""

    case: Case
    passed: bool
    seen: str


def cases(root: Path, suite: Suite) -> Iterator[Case]:
    """Give the cases of a suite below the folder of suites."""
    folder = root / suite.name / "test-cases"
    told = _told(root / suite.name)
    for each in sorted(p for p in folder.iterdir() if p.name.startswith(suite.prefix)):
        if not (each / "mapping.ttl").is_file():
            continue
        row = told.get(each.name, {})
        expected = next((p for p in (each / n for n in _OUTPUTS) if p.is_file()), None)
        is_empty = expected is None or not expected.read_text(encoding="utf-8").strip()
        # the table of rml-io calls a case an error whose output it publishes
        is_error = _expects_error(row) and (is_empty or suite.name != "rml-io")
        is_error = is_error or expected is None
        base = row.get("base_iri") or (BASE + "base/" if suite.name == "rml-legacy" else BASE)
        yield Case(suite.name, each, None if is_error else expected, base, is_empty)


_OUTPUTS = ("output.nq", "default.nq")


def _expects_error(row: dict[str, str]) -> bool:
    return (row.get("error") or row.get("error expected?") or "").lower() == "true"


def _told(folder: Path) -> dict[str, dict[str, str]]:
    for path in (folder / "test-cases" / "metadata.csv", folder / "metadata.csv"):
        if path.is_file():
            with path.open(encoding="utf-8", newline="") as file:
                rows = list(csv.DictReader(file))
            return {row.get("ID") or row.get("RML id") or "": row for row in rows}
    return {}


def run(case: Case) -> Result:
    """Run one case through the command, in a copy of its folder."""
    with tempfile.TemporaryDirectory(prefix="dpc-conformance-") as work:
        folder = Path(work) / "case"
        shutil.copytree(case.folder, folder)
        command = [sys.executable, "-m", "dpc_kg", "lift", "--mapping", "mapping.ttl"]
        command += ["--base", case.base, "-o", "made.nq"]
        done = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, timeout=120, check=False
        )
        made = folder / "made.nq"
        return _judged(case, done, made)


def _judged(case: Case, done: subprocess.CompletedProcess[str], made: Path) -> Result:
    crashed = done.returncode not in {0, *REFUSED} or _OURS in done.stderr
    if crashed:
        return Result(case, False, "it crashed")
    said = done.stderr.strip().splitlines()
    first = said[0] if said else ""
    if case.expected is None:
        return Result(case, done.returncode in REFUSED, first or "no error was found")
    if case.is_empty and done.returncode in REFUSED:
        # nothing was to be made, and nothing was
        return Result(case, True, first)
    if done.returncode != 0:
        return Result(case, False, f"refused: {first}")
    wanted, given = canonical(case.expected), canonical(made)
    if wanted == given:
        return Result(case, True, "")
    return Result(
        case, False, f"{len(given - wanted)} quads too many, {len(wanted - given)} missing"
    )


def canonical(path: Path) -> set[str]:
    """Give the quads of a file, its blank nodes named alike in isomorphic files."""
    quads = ox.parse(path.read_bytes(), format=ox.RdfFormat.N_QUADS, lenient=True)
    data = ox.Dataset(quads)
    data.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    return {str(quad) for quad in data}


def reasons() -> dict[str, str]:
    """Give why a case is missed, by its name (``reasons.toml``)."""
    path = HERE / "reasons.toml"
    return dict(tomllib.loads(path.read_text(encoding="utf-8"))) if path.is_file() else {}


def page(results: dict[str, list[Result]]) -> str:
    """Give the page of what was shown."""
    out = [
        "# RML conformance",
        "",
        "Written by `make conformance-rml`. Each case is run through `dpc-kg lift` in a copy of",
        "its folder, with the base IRI of the suite's metadata; blank nodes are compared by",
        "canonical form. A case that expects an error passes when the command refuses it with",
        "exit code 1, 2 or 3 and says why; a crash is no pass.",
        "",
        "| suite | passed | of | goal |",
        "|---|---|---|---|",
    ]
    for suite in SUITES:
        found = results[suite.name]
        passed = sum(r.passed for r in found)
        out.append(f"| {suite.title} | {passed} | {len(found)} | {suite.goal} |")
    known = reasons()
    missed = [r for found in results.values() for r in found if not r.passed]
    out += ["", "## Missed", ""]
    out += [
        f"- `{r.case.name}` ({r.seen}): {known.get(r.case.name, 'not looked into')}" for r in missed
    ]
    return "\n".join([*out, *([] if missed else ["None."])]) + "\n"


def main(arguments: list[str]) -> int:
    """Run the suites, two cases at a time; with ``--write`` write the page.

    Names narrow the run to suites, or to cases whose name holds one.
    """
    root = Path(os.environ.get("DPC_SHARED", REPOSITORY.parent / "shared")) / "suites"
    wanted = [a for a in arguments if not a.startswith("-")]
    results: dict[str, list[Result]] = {}
    with ThreadPoolExecutor(max_workers=os.cpu_count() or 2) as pool:
        for suite in SUITES:
            chosen = [c for c in cases(root, suite) if _is_wanted(c, wanted)]
            results[suite.name] = list(pool.map(run, chosen))
            _tell(suite, results[suite.name])
    if "--write" in arguments:
        PAGE.write_text(page(results), encoding="utf-8", newline="\n")
    reached = all(sum(r.passed for r in results[s.name]) >= s.goal for s in SUITES)
    return 0 if wanted or reached else 1


def _is_wanted(case: Case, wanted: list[str]) -> bool:
    return not wanted or any(w == case.suite or w in case.name for w in wanted)


def _tell(suite: Suite, results: list[Result]) -> None:
    sys.stdout.write(f"{suite.name}: {sum(r.passed for r in results)} of {len(results)}\n")
    for result in results:
        if not result.passed:
            sys.stdout.write(f"  {result.case.name}: {result.seen}\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
