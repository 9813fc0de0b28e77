"""What the SHACL suite must show of each engine; its part of the page."""

from dataclasses import dataclass

from tests.conformance.page import Miss, missed, reasons, unexplained
from tests.conformance.shaclreports import Case

CASES = 121
ENGINES = {"shacl": 121, "pyshacl": 120}
"""How many cases must pass with each engine."""


@dataclass(frozen=True)
class Result:
    """What came of a case with an engine: passed or not, and what was seen."""

    case: Case
    engine: str
    passed: bool
    seen: str


def misses(results: dict[str, list[Result]]) -> list[Miss]:
    """Give the cases that did not pass."""
    every = (r for found in results.values() for r in found)
    return [Miss(r.case.name, r.seen, r.engine) for r in every if not r.passed]


def problems(results: dict[str, list[Result]]) -> list[str]:
    """Say what may not be: a goal missed, a case lost, a miss without reason, a reason too many."""
    out = []
    for engine, goal in ENGINES.items():
        found = results[engine]
        if len(found) != CASES:
            out.append(f"{engine} has {len(found)} cases, not {CASES}.")
        if sum(r.passed for r in found) < goal:
            out.append(f"{engine} is below its goal of {goal}.")
    return out + unexplained(misses(results), reasons("shacl"))


_LEAD = """# SHACL conformance

Written by `make conformance-shacl`; do not edit.

Each case of the W3C SHACL test suite is run through `dpc-kg validate --shapes S --data D --format
ttl`, with the fast engine (`shacl`, which the command takes where it is installed) and with the
reference (`pyshacl`). It passes when

- the report says whether the data conform as expected, and its results are those expected: as
  often, with the same focus node, path, component, severity and value, blank nodes taken as alike;
  or
- a failure is expected, and the command refuses with exit code 2 or 3, says why and gives no
  report. A crash is no pass.

| section | cases | shacl | pyshacl |
|---|---|---|---|
"""


def part(results: dict[str, list[Result]]) -> str:
    """Give the part of the page that says what was shown."""
    first = results[next(iter(ENGINES))]
    sections = sorted({result.case.section for result in first})
    rows = [_row(section, results, {section}) for section in sections]
    rows.append(_row("**all**", results, set(sections)))
    goals = " | ".join(str(goal) for goal in ENGINES.values())
    rows.append(f"| goal | {CASES} | {goals} |\n")
    return "".join([_LEAD, *rows, missed(misses(results), reasons("shacl"))])


def _row(title: str, results: dict[str, list[Result]], sections: set[str]) -> str:
    chosen = [[r for r in results[name] if r.case.section in sections] for name in ENGINES]
    passed = " | ".join(str(sum(r.passed for r in found)) for found in chosen)
    return f"| {title} | {len(chosen[0])} | {passed} |\n"
