"""The part of the SHACL suite is what the runner writes; what passes a case, and what does not."""

import re
from collections import Counter
from pathlib import Path

import pytest

from tests.conformance.page import PAGE, parts, reasons
from tests.conformance.shacl import judged
from tests.conformance.shaclpart import CASES, ENGINES, Result, part, problems
from tests.conformance.shaclreports import Case, Outcome, report_of

ROW = re.compile(r"^\| ([a-z]\S*) \| (\d+) \| (\d+) \| (\d+) \|$", re.MULTILINE)
MISS = re.compile(r"^\| `([\w-]+)`, (\w+) \| ([^|]*) \|", re.MULTILINE)
REPORT = """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix e: <http://e/> .
[] a sh:ValidationReport ; sh:conforms false ; sh:result [ a sh:ValidationResult ;
  sh:focusNode e:x ; sh:resultPath ( e:p [ sh:inversePath e:q ] ) ; sh:value %s ;
  sh:sourceConstraintComponent sh:InConstraintComponent ; sh:resultSeverity sh:Violation ] .
"""


def text() -> str:
    return parts(PAGE.read_text(encoding="utf-8"))["# SHACL conformance"]


def case(section: str, name: str, expected: Outcome | None = None) -> Case:
    return Case(section, name, Path("d.ttl"), Path("s.ttl"), expected)


def told() -> dict[str, list[Result]]:
    """Give results that the page may have been written of."""
    lost = {(engine, name): seen for name, engine, seen in MISS.findall(text())}
    out: dict[str, list[Result]] = {}
    for place, engine in enumerate(ENGINES):
        names = [name for of, name in lost if of == engine]
        out[engine] = []
        for section, count, *passed in ROW.findall(text()):
            if section == "goal":
                continue
            missed = [names.pop(0) for _ in range(int(count) - int(passed[place]))]
            out[engine] += [
                Result(case(section, name), engine, False, lost[engine, name]) for name in missed
            ]
            kept = range(int(passed[place]))
            out[engine] += [Result(case(section, f"p{n}"), engine, True, "") for n in kept]
    return out


def test_the_part_is_what_the_runner_writes() -> None:
    assert part(told()) == text()


def test_the_part_reaches_every_goal_and_gives_every_reason() -> None:
    assert problems(told()) == []
    assert [name for name, each in reasons("shacl").items() if not (each.why and each.open)] == []


def test_a_case_lost_and_a_goal_missed_are_problems() -> None:
    found = told()
    found["shacl"] = found["shacl"][2:]
    assert problems(found) == [
        f"shacl has {CASES - 2} cases, not {CASES}.",
        f"shacl is below its goal of {ENGINES['shacl']}.",
    ]


def expecting(value: str) -> Case:
    return case("core", "a", report_of(REPORT % value))


@pytest.mark.parametrize(
    ("expected", "given", "passed"),
    [
        pytest.param("1", "1", True, id="same"),
        pytest.param("1", "01", False, id="another term"),
        pytest.param("[]", "[]", True, id="blank nodes"),
        pytest.param("[]", "e:b", False, id="blank node and IRI"),
        pytest.param('"a"@en', '"a"', False, id="language"),
    ],
)
def test_reports_are_compared_by_what_they_say(expected: str, given: str, passed: bool) -> None:
    assert judged(expecting(expected), "shacl", 1, REPORT % given, "").passed == passed


def test_a_result_given_twice_is_not_one_given_once() -> None:
    once = expecting("1")
    assert once.expected is not None
    twice = Outcome(False, Counter({key: 2 for key in once.expected.results}))
    seen = judged(case("core", "a", twice), "shacl", 1, REPORT % "1", "").seen
    assert seen == "0 results too many, 1 missing"


@pytest.mark.parametrize(
    ("code", "given", "said", "passed"),
    [
        pytest.param(2, "", "error: no", True, id="refused"),
        pytest.param(3, "", "error: no", True, id="not supported"),
        pytest.param(1, REPORT % "1", "", False, id="a report"),
        pytest.param(2, "", "", False, id="without a word"),
        pytest.param(2, REPORT % "1", "error: no", False, id="with a report"),
        pytest.param(-11, "", "", False, id="killed"),
        pytest.param(2, "", "error: no\nTraceback (most recent call last):\n", False, id="crash"),
        pytest.param(2, "", "error: This went wrong in dpc-kg itself", False, id="own mistake"),
    ],
)
def test_a_failure_is_a_refusal_with_a_word(code: int, given: str, said: str, passed: bool) -> None:
    assert judged(case("core", "a"), "shacl", code, given, said).passed == passed


def test_the_exit_code_must_say_what_the_report_says() -> None:
    assert not judged(expecting("1"), "shacl", 0, REPORT % "1", "").passed
    assert not judged(expecting("1"), "shacl", 1, "", "").passed
