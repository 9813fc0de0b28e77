"""The published RML suites, run through the command; what was shown, case by case.

``python -m tests.conformance.rml [--write] [SUITE or CASE ...]``; ``--write`` writes its part of
``docs/reference/conformance.md``. The suites stand in the folder ``suites`` of the shared material
(``DPC_SHARED``). Exit code 1: a suite is below its goal, or misses and reasons do not agree.
"""

import csv
import shutil
import sys
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pyoxigraph as ox

from tests.conformance.rmlpart import SUITES, Case, Result, Suite, part, problems
from tests.conformance.running import REFUSED, SECONDS, Tasks, crashed, dpc_kg, first_line, run_all

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
    """Run the suites; names narrow the run to suites, or to cases whose name holds one."""
    return run_all(arguments, _tasks, problems, part)


def _tasks(root: Path, wanted: list[str]) -> Tasks[Result]:
    for suite in SUITES:
        chosen = [case for case in cases(root, suite) if _is_wanted(case, wanted)]
        yield suite.name, [partial(run, case) for case in chosen]


def _is_wanted(case: Case, wanted: list[str]) -> bool:
    return not wanted or any(w == case.suite or w in case.name for w in wanted)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
