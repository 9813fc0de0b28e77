"""The W3C SHACL suite, run through the command with each engine.

``python -m tests.conformance.shacl [--write] [CASE ...]``; ``--write`` writes its part of
``docs/reference/conformance.md``. The suite stands in the shared material (``DPC_SHARED``).
Exit code 1: an engine is below its goal, or misses and reasons do not agree.
"""

import os
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.conformance.page import write
from tests.conformance.running import SECONDS, crashed, dpc_kg, first_line, suites
from tests.conformance.shaclpart import ENGINES, Result, part, problems
from tests.conformance.shaclreports import Case, cases, report_of


def run(case: Case, engine: str) -> Result:
    """Run one case through the command."""
    command = ["validate", "--shapes", str(case.shapes), "--data", str(case.data)]
    with tempfile.TemporaryDirectory(prefix="dpc-conformance-") as folder:
        done = dpc_kg([*command, "--format", "ttl", "--engine", engine], Path(folder))
    if done is None:
        return Result(case, engine, False, f"not done in {SECONDS} seconds")
    return judged(case, engine, done.returncode, done.stdout, done.stderr)


def judged(case: Case, engine: str, code: int, given: str, told: str) -> Result:
    """Judge what the command did: its exit code, the report it gave, what it told."""
    said = first_line(told)
    if crashed(code, told):
        return Result(case, engine, False, "it crashed")
    if code in {2, 3}:
        if not said.startswith("error: ") or given:
            return Result(case, engine, False, "refused without a word, or with a report")
        seen = said.removeprefix("error: ")
        return Result(case, engine, case.expected is None, f"refused: {seen}")
    if case.expected is None:
        return Result(case, engine, False, "no failure was found")
    found = report_of(given)
    if found is None:
        return Result(case, engine, False, "no report was given")
    if found.conforms != case.expected.conforms or found.conforms != (code == 0):
        return Result(
            case, engine, False, f"conforms is {str(found.conforms).lower()}, exit {code}"
        )
    more, fewer = found.results - case.expected.results, case.expected.results - found.results
    if more or fewer:
        seen = f"{more.total()} results too many, {fewer.total()} missing"
        return Result(case, engine, False, seen)
    return Result(case, engine, True, "")


def main(arguments: list[str]) -> int:
    """Run the suite, a case a core at a time; with ``--write`` write the page.

    Names narrow the run to cases whose name holds one; then no page is written.
    """
    root = suites()
    wanted = [a for a in arguments if not a.startswith("-")]
    if not root.is_dir() or (wanted and "--write" in arguments):
        sys.stderr.write("error: The suites are not there (set DPC_SHARED), or a page of a part.\n")
        return 2
    chosen = [c for c in cases(root) if not wanted or any(w in c.name for w in wanted)]
    results: dict[str, list[Result]] = {}
    with ThreadPoolExecutor(max_workers=os.cpu_count() or 2) as pool:
        for engine in ENGINES:
            found = list(pool.map(lambda case, engine=engine: run(case, engine), chosen))
            results[engine] = found
            _tell(engine, found)
    if wanted:
        return 0 if all(r.passed for found in results.values() for r in found) else 1
    wrong = problems(results)
    sys.stdout.write("".join(f"{line}\n" for line in wrong))
    if "--write" in arguments:
        write(part(results))
    return 1 if wrong else 0


def _tell(engine: str, results: list[Result]) -> None:
    sys.stdout.write(f"{engine}: {sum(r.passed for r in results)} of {len(results)}\n")
    for result in results:
        if not result.passed:
            sys.stdout.write(f"  {result.case.name}: {result.seen}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
