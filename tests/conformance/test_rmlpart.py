"""The part of the RML suites agrees with its reasons, and is what the runner writes."""

import re
from pathlib import Path

import pytest

from tests.conformance import rmlpart
from tests.conformance.page import PAGE, parts, reasons
from tests.conformance.rmlpart import SUITES, Case, Result, part, problems

ROW = re.compile(r"^\| (.+) \| (\d+) \| (\d+) \| (\d+) \|$", re.MULTILINE)
MISS = re.compile(r"^\| `(\w[\w-]*)` \| ([^|]*) \| ([^|]*) \| ([^|]*) \|$", re.MULTILINE)


def text() -> str:
    return parts(PAGE.read_text(encoding="utf-8"))["# RML conformance"]


def result(suite: str, name: str, passed: bool, seen: str = "") -> Result:
    return Result(Case(suite, Path(name), None, ""), passed, seen)


def told() -> dict[str, list[Result]]:
    """Give results that the page may have been written of."""
    lost = [(name, seen) for name, seen, _, _ in MISS.findall(text())]
    rows = ROW.findall(text())
    out = {}
    for suite, (_, passed, of, _) in zip(SUITES, rows, strict=True):
        missed = int(of) - int(passed)
        mine, lost = lost[:missed], lost[missed:]
        out[suite.name] = [result(suite.name, name, False, seen) for name, seen in mine]
        out[suite.name] += [result(suite.name, f"p{n}", True) for n in range(int(passed))]
    assert lost == []
    return out


def test_the_page_is_what_the_runner_writes() -> None:
    assert part(told()) == text()


def test_the_page_reaches_every_goal_and_gives_every_reason() -> None:
    assert problems(told()) == []


def test_a_reason_says_what_the_specification_leaves_open() -> None:
    assert [name for name, each in reasons("rml").items() if not (each.why and each.open)] == []


def changed(suite: str, *others: Result, drop: int = 1) -> list[str]:
    found = told()
    passed = [r for r in found[suite] if r.passed][drop:]
    found[suite] = [*(r for r in found[suite] if not r.passed), *passed, *others]
    return problems(found)


def test_a_miss_without_a_reason_is_a_problem() -> None:
    wrong = changed("rml-lv", result("rml-lv", "new", False))
    assert wrong == ["new is missed without a reason."]


def test_a_goal_that_is_missed_is_a_problem() -> None:
    assert "rml-core is below its goal of 76." in changed(
        "rml-core", result("rml-core", "new", False)
    )


def test_a_case_that_is_gone_is_a_problem() -> None:
    assert changed("rml-lv") == ["rml-lv has 40 cases, not 41."]


def test_a_reason_of_a_case_that_passes_is_a_problem() -> None:
    found = told()
    io = [r for r in found["rml-io"] if r.passed]
    found["rml-io"] = [*io, *(result("rml-io", name, True) for name in reasons("rml"))]
    assert problems(found) == [
        f"{name} passes, and has a reason." for name in sorted(reasons("rml"))
    ]


def test_a_page_without_a_miss_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rmlpart, "reasons", lambda _: {})
    results = {s.name: [result(s.name, "p", True)] for s in SUITES}
    assert part(results).endswith("## Missed\n\nNone.\n")
