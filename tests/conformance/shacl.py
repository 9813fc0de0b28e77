"""The W3C SHACL suite, run through the command with each engine.

``python -m tests.conformance.shacl [--write] [CASE ...]``; ``--write`` writes its part of
``docs/reference/conformance.md``. The suite stands in the shared material (``DPC_SHARED``).
Exit code 1: an engine is below its goal, or misses and reasons do not agree.
"""

import sys
import tempfile
from functools import partial
from pathlib import Path

from tests.conformance.running import SECONDS, Tasks, crashed, dpc_kg, first_line, run_all
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
    """Run the suite; names narrow the run to cases whose name holds one."""
    return run_all(arguments, _tasks, problems, part)


def _tasks(root: Path, wanted: list[str]) -> Tasks[Result]:
    chosen = [c for c in cases(root) if not wanted or any(w in c.name for w in wanted)]
    for engine in ENGINES:
        yield engine, [partial(run, case, engine) for case in chosen]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
