"""The published RML suites, run through the command; what was shown, case by case.

``python -m tests.conformance.rml [--write] [SUITE or CASE ...]``; ``--write`` writes its part of
``docs/reference/conformance.md``. The suites stand in the folder ``suites`` of the shared material
(``DPC_SHARED``). Exit code 1: a suite is below its goal, or misses and reasons do not agree.
"""

import csv
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyoxigraph as ox

from tests.conformance.page import write
from tests.conformance.rmlpart import SUITES, Case, Result, Suite, part, problems
from tests.conformance.running import REFUSED, SECONDS, crashed, dpc_kg, first_line, suites

BASE = "http://example.com/"
OUTPUTS = ("output.nq", "default.nq")


def cases(root: Path, suite: Suite) -> Iterator[Case]:
    """Give the cases of a suite below the folder of suites."""
    folder = root / suite.name / "test-cases"
    told = _told(root / suite.name)
    for each in sorted(p for p in folder.iterdir() if p.name.startswith(suite.prefix)):
        if (each / "mapping.ttl").is_file():
            yield _case(suite, each, told.get(each.name, {}))


def _case(suite: Suite, folder: Path, row: dict[str, str]) -> Case:
    expected = next((p for p in (folder / n for n in OUTPUTS) if p.is_file()), None)
    base = row.get("base_iri") or BASE + suite.base
    if expected is None:
        return Case(suite.name, folder, None, base)
    is_empty = not expected.read_text(encoding="utf-8").strip()
    if suite.name == "rml-io":
        # its table calls a case an error whose output it publishes: the output counts
        return Case(suite.name, folder, expected, base)
    if suite.name == "rml-legacy" and is_empty:
        # the table of the old suite leaves some errors out; its cases without a result of the
        # data (zero rows) say so in a comment, so an empty file is always an error's
        return Case(suite.name, folder, None, base)
    return Case(suite.name, folder, None if _expects_error(row) else expected, base)


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
        folder.chmod(0o700)
        there = {p.name for p in folder.iterdir()}
        command = ["lift", "--mapping", "mapping.ttl", "--base", case.base, "-o", "made.nq"]
        done = dpc_kg(command, folder)
        if done is None:
            return Result(case, False, f"not done in {SECONDS} seconds")
        written = {p.name for p in folder.iterdir()} - there
        return judged(case, done.returncode, done.stderr, folder / "made.nq", written)


def judged(case: Case, code: int, told: str, made: Path, written: set[str]) -> Result:
    """Judge what the command did: its exit code, what it told, the files it wrote."""
    first = first_line(told)
    if crashed(code, told):
        return Result(case, False, "it crashed")
    if code in REFUSED and written:
        return Result(case, False, "refused, but something was written")
    if code in REFUSED and not first.startswith("error: "):
        return Result(case, False, "refused without a word")
    if case.expected is None:
        return Result(case, code in REFUSED, first if code else "no error was found")
    if code:
        return Result(case, False, f"refused: {first.removeprefix('error: ')}")
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


def main(arguments: list[str]) -> int:
    """Run the suites, a case a core at a time; with ``--write`` write the page.

    Names narrow the run to suites, or to cases whose name holds one; then no page is written.
    """
    root = suites()
    wanted = [a for a in arguments if not a.startswith("-")]
    if not root.is_dir() or (wanted and "--write" in arguments):
        sys.stderr.write("error: The suites are not there (set DPC_SHARED), or a page of a part.\n")
        return 2
    results: dict[str, list[Result]] = {}
    with ThreadPoolExecutor(max_workers=os.cpu_count() or 2) as pool:
        for suite in SUITES:
            chosen = [c for c in cases(root, suite) if _is_wanted(c, wanted)]
            results[suite.name] = list(pool.map(run, chosen))
            _tell(suite, results[suite.name])
    if wanted:
        return 0 if all(r.passed for found in results.values() for r in found) else 1
    wrong = problems(results)
    sys.stdout.write("".join(f"{line}\n" for line in wrong))
    if "--write" in arguments:
        write(part(results))
    return 1 if wrong else 0


def _is_wanted(case: Case, wanted: list[str]) -> bool:
    return not wanted or any(w == case.suite or w in case.name for w in wanted)


def _tell(suite: Suite, results: list[Result]) -> None:
    if not results:
        return
    sys.stdout.write(f"{suite.name}: {sum(r.passed for r in results)} of {len(results)}\n")
    for result in results:
        if not result.passed:
            sys.stdout.write(f"  {result.case.name}: {result.seen}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
