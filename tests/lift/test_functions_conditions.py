"""The functions of conditions and choices, over a table of cells: value, fault rule, unknown."""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dpc_kg.base.vocab import CODES, EXT
from dpc_kg.lift import LiftRequest, open_lift

KEY = b"k" * 32
ORG = "example-org"
CODES_CSV = """list,value,code,scheme
tongue,fr_word,fr,example
tongue,kmr_word,kmr,example
tongue,no_word,,example
order,first,1,example
order,any,,example
kind,case,case,example
"""
Made = dict[tuple[str, ...], tuple[str | None, str | None]]
Apply = Callable[..., tuple[Made, int]]


def applied(function: str, inputs: dict[str, str]) -> str:
    given = " , ".join(
        f"[ rml:parameter dpcf:{name} ; "
        + (
            f'rml:inputValueMap [ rml:reference "{v[1:]}" ] ]'
            if v[0] == "$"
            else f'rml:inputValue "{v}" ]'
        )
        for name, v in inputs.items()
    )
    return (
        "ex:T a rml:TriplesMap ; rml:logicalSource ex:S ;"
        ' rml:subjectMap [ rml:template "http://example.org/{id}" ] ; rml:predicateObjectMap'
        " [ rml:predicate ex:p ; rml:objectMap [ rml:functionExecution"
        f" [ rml:function dpcf:{function} ; rml:input {given} ] ] ] ."
    )


@pytest.fixture
def apply(outside: Any, tmp_path: Path) -> Apply:
    """Apply a function to rows of cells (columns a, b); also give how many were unknown."""

    def run(function: str, rows: list[tuple[str, ...]], **inputs: str) -> tuple[Made, int]:
        with (tmp_path / "t.csv").open("w", encoding="utf-8", newline="") as stream:
            table = [(str(i), *row, *[""] * (2 - len(row))) for i, row in enumerate(rows)]
            csv.writer(stream).writerows([("id", "a", "b"), *table])
        (tmp_path / "codes.csv").write_text(CODES_CSV, encoding="utf-8", newline="")
        document = tmp_path / "mapping.ttl"
        text = outside.mapping("t.csv", "", maps=applied(function, inputs))
        document.write_text(text, encoding="utf-8")
        with open_lift(LiftRequest(str(document), {}, ORG, "d", KEY)) as lifted:
            lifted.write(tmp_path / "out.nq")
            rules = {(r.row or 0) - 2: r.rule for r in lifted.rejects}
            unknown = sum(u.cells for u in lifted.unknown())
        found: dict[int, str] = {}
        for line in (tmp_path / "out.nq").read_text(encoding="utf-8").splitlines():
            subject, _, item = line.removesuffix(" .").split(" ", 2)
            found[int(subject.removeprefix("<http://example.org/").rstrip(">"))] = short(item)
        return {row: (found.get(i), rules.get(i)) for i, row in enumerate(rows)}, unknown

    return run


def short(item: str) -> str:
    if item.startswith("<"):
        return item.strip("<>").removeprefix(CODES).removeprefix(EXT)
    return item.rpartition('"')[0].removeprefix('"')


def test_when_answered_says_whether_anything_was_told(apply: Apply) -> None:
    told = [("x", ""), ("", "0"), ("true", ""), ("no", "[]"), ('["a"]', "")]
    silent = [("", ""), ("  ", "[]"), ("false", "{}")]
    made, unknown = apply("whenAnswered", [*told, *silent], value="plan", when="$a", when2="$b")
    assert made == {row: ("plan", None) for row in told} | {row: (None, None) for row in silent}
    assert unknown == 0


def test_when_listed_keeps_a_value_only_beside_a_word_of_the_list(apply: Apply) -> None:
    rows = [("case", "k1"), ("Case", "k2"), ("", "k3"), ("case", "")]
    made, _ = apply("whenListed", rows, list="kind", when="$a", value="$b")
    assert [value for value, _ in made.values()] == ["k1", None, None, None]


def test_stated_is_silent_where_nobody_answered(apply: Apply) -> None:
    rows = [("true",), ("NO",), ("unknown",), ("",), ("perhaps",)]
    made, _ = apply("stated", rows, value="$a")
    codes = ["tristate/yes", "tristate/no", "tristate/unknown", None, None]
    assert list(made.values()) == [*((code, None) for code in codes[:4]), (None, "boolean")]


def test_rank_and_language_read_the_list_and_count_what_is_not_there(apply: Apply) -> None:
    made, unknown = apply(
        "rank", [("first",), ("any",), ("tenth",), ("",)], list="order", value="$a"
    )
    assert ([value for value, _ in made.values()], unknown) == (["1", None, None, None], 2)
    rows = [("fr_word",), ("kmr_word",), ("no_word",), ("other",), ("",)]
    made, unknown = apply("language", rows, list="tongue", value="$a")
    wanted = ["iso639-1/fr", "iso639-3/kmr", None, None, None]
    assert ([value for value, _ in made.values()], unknown) == (wanted, 2)


@pytest.mark.parametrize(
    ("place", "wanted"),
    [
        ("1", ["a", "a", "a", "alone", None, '["broken', None]),
        ("2", [None, "b", "b", None, None, None, None]),
        ("3", [None, "c", "c", None, None, None, None]),
        ("rest", [None, None, '["a", "b", "c", "d"]', None, None, None, None]),
    ],
)
def test_answer_at_gives_three_of_a_list_and_the_whole_of_a_longer_one(
    apply: Apply, place: str, wanted: list[str | None]
) -> None:
    cells = ['["a"]', '["a", " b ", "c"]', '["a", "b", "c", "d"]', "alone", "[]", '["broken', ""]
    made, _ = apply("answerAt", [(cell,) for cell in cells], value="$a", at=place)
    found = [None if v is None else v.replace('\\"', '"') for v, _ in made.values()]
    assert found == wanted
