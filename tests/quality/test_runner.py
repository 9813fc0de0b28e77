"""The runner: a check that fails, finds nothing to look at or cannot look is no pass."""

from collections.abc import Callable

import pytest

from tests.quality import __main__ as runner
from tests.quality.context import Absent, Context
from tests.quality.parts import Outcome, Part, part
from tests.quality.report import Check, Result, judge, lines, page, summary
from tests.quality.tree import Tree

CHECK = Check(7, "labels", "")
HERE = Context(Tree(), None, None)


def made(run: Callable[[Context], Outcome], number: int = 7) -> Part:
    return Part(number, "made", "made", "own", frozenset(), run)


def absent(_: Context) -> Outcome:
    raise Absent("the moon")


def test_a_part_that_finds_nothing_wrong_passes() -> None:
    result = judge(CHECK, [made(lambda _: Outcome(3, "terms"))], HERE)
    assert (result.state, result.figure) == ("ok", "0 of 3 terms")


def test_a_part_that_finds_something_fails_and_says_what() -> None:
    result = judge(CHECK, [made(lambda _: Outcome(3, "terms", ("Case",), "all well"))], HERE)
    assert (result.state, result.figure) == ("fails", "1 of 3 terms")
    assert "      made: Case" in list(lines(result))


def test_a_part_that_looks_at_nothing_is_no_pass() -> None:
    result = judge(CHECK, [made(lambda _: Outcome(0, "terms"))], HERE)
    assert result.state == "fails"


def test_a_part_that_cannot_look_is_no_pass_and_says_what_it_needs() -> None:
    result = judge(CHECK, [made(lambda _: Outcome(3, "terms")), made(absent)], HERE)
    assert (result.state, result.figure) == ("absent", "0 of 3 terms; needs the moon")


def test_a_part_that_stops_is_no_pass_and_the_others_go_on() -> None:
    def stops(_: Context) -> Outcome:
        raise ValueError("case.ttl: line 3")

    result = judge(CHECK, [made(stops), made(lambda _: Outcome(3, "terms"))], HERE)
    assert result.state == "fails"
    assert result.problems == ("made: stopped: case.ttl: line 3",)
    assert result.figure == "stopped; 0 of 3 terms"


def test_a_check_without_a_part_is_no_pass() -> None:
    assert judge(CHECK, [made(lambda _: Outcome(3, "terms"), 8)], HERE).state == "absent"


def test_a_check_that_comes_later_says_so_and_counts_as_no_pass() -> None:
    result = judge(Check(35, "context", "comes with publication"), [], HERE)
    assert (result.state, result.figure) == ("not yet", "comes with publication")
    assert summary([result]).startswith("0 of 1 checks pass")


def test_long_lists_of_problems_are_cut() -> None:
    result = Result(CHECK, ("own",), "fails", "99", tuple(map(str, range(99))))
    assert list(lines(result))[-1].endswith("and 74 more")


def test_the_page_holds_every_check_once_without_a_date() -> None:
    results = [Result(CHECK, ("own",), "ok", "0 of 3 terms", ())]
    text = page(results)
    assert "| 7 | labels | own | 0 of 3 terms | ok |" in text
    assert "1 of 1 checks pass." in text
    assert page(results) == text


def test_what_is_absent_is_named_by_the_context() -> None:
    with pytest.raises(Absent, match="DPC_SHARED"):
        HERE.data("standards")
    with pytest.raises(Absent, match="make check-env"):
        _ = HERE.checker
    with pytest.raises(Absent, match="nowhere"):
        HERE.need("nowhere/*.ttl")


@pytest.mark.parametrize("arguments", [["99"], ["--wright"], ["--write", "7"]])
def test_wrong_arguments_are_refused(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert runner.main(arguments) == 2
    assert "usage" in capsys.readouterr().err


def test_one_check_can_be_run_alone(capsys: pytest.CaptureFixture[str]) -> None:
    assert runner.main(["35"]) == 0
    assert capsys.readouterr().out.splitlines()[0].startswith("35  JSON-LD")


def test_a_failing_check_gives_1(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = made(lambda _: Outcome(1, "terms", ("Case",)), 12)
    monkeypatch.setattr(runner, "parts", lambda: [broken])
    assert runner.main(["12"]) == 1


def test_a_changed_tree_hides_adds_and_replaces() -> None:
    tree = Tree().changed({"ontology/case.ttl": None, "ontology/new.ttl": "# nothing"})
    names = tree.names("ontology/*.ttl")
    assert "ontology/case.ttl" not in names
    assert "ontology/new.ttl" in names
    assert "ontology/new.ttl" not in tree.names("ontology/codes/*.ttl")
    assert not tree.exists("ontology/case.ttl")
    assert tree.text("ontology/new.ttl") == "# nothing"


def test_a_query_says_what_it_looks_at() -> None:
    assert part("c12-cycles").run(HERE).what == "classes, properties and codes"
