"""The RML suites and their goals; their part of the page."""

from dataclasses import dataclass
from pathlib import Path

from tests.conformance.page import Miss, missed, reasons, unexplained


@dataclass(frozen=True)
class Suite:
    """A published suite: its folder, what it is about, how many of its cases must pass.

    ``prefix`` begins the names of the cases that are run, ``base`` is the base IRI's last part
    where the suite's table names none.
    """

    name: str
    title: str
    cases: int
    goal: int
    prefix: str = "RML"
    base: str = ""


SUITES = (
    Suite("rml-core", "RML-Core", 76, 76),
    Suite("rml-lv", "RML-LV (logical views)", 41, 38),
    Suite("rml-fnml", "RML-FNML (functions)", 20, 20),
    Suite("rml-io", "RML-IO (sources)", 32, 28, "RMLSTC"),
    Suite("rml-legacy", "RML of before 2023 (CSV, JSON, XML), rewritten", 118, 118, base="base/"),
)


@dataclass(frozen=True)
class Case:
    """One case: its folder, the expected quads (None where an error is expected)."""

    suite: str
    folder: Path
    expected: Path | None
    base: str

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


def misses(results: dict[str, list[Result]]) -> list[Miss]:
    """Give the cases that did not pass."""
    return [Miss(r.case.name, r.seen) for found in results.values() for r in found if not r.passed]


def problems(results: dict[str, list[Result]]) -> list[str]:
    """Say what may not be: a goal missed, a case lost, a miss without reason, a reason too many."""
    out = []
    for suite in SUITES:
        found = results[suite.name]
        if len(found) != suite.cases:
            out.append(f"{suite.name} has {len(found)} cases, not {suite.cases}.")
        if sum(r.passed for r in found) < suite.goal:
            out.append(f"{suite.name} is below its goal of {suite.goal}.")
    return out + unexplained(misses(results), reasons("rml"))


_LEAD = """# RML conformance

Written by `make conformance-rml`; do not edit.

Each case of the published suites is run through `dpc-kg lift` in a copy of its folder, with the
base IRI that the suite names. It passes when

- the quads are those expected, blank nodes compared by canonical form; or
- an error is expected, and the command refuses with exit code 1, 2 or 3, says why and writes
  nothing. A crash is no pass.

An error is expected where a suite says so or publishes no output; of RML-IO the output counts
where there is one, and in the suite of before 2023 an empty output is that of an error.

| suite | passed | of | goal |
|---|---|---|---|
"""


def part(results: dict[str, list[Result]]) -> str:
    """Give the part of the page that says what was shown."""
    rows = []
    for suite in SUITES:
        found = results[suite.name]
        passed = sum(r.passed for r in found)
        rows.append(f"| {suite.title} | {passed} | {len(found)} | {suite.goal} |\n")
    return "".join([_LEAD, *rows, missed(misses(results), reasons("rml"))])
