"""Flags: what yes, no, another word and nothing at all become."""

from collections.abc import Callable

import pytest

from dpc_kg.base.vocab import CODES

Worked = tuple[str | None, str | None, bool]
Work = Callable[..., list[Worked]]

FLAGS = ["true", " 1 ", "Yes", "y", "FALSE", "0", "unknown", "mixed", "", " ", None, "perhaps", "2"]
LISTS = [
    ("agreed", "true", "tristate/yes"),
    ("agreed", "false", "tristate/no"),
    ("agreed", "perhaps", "tristate/unknown"),
]


def short(found: list[Worked]) -> list[Worked]:
    return [(v.removeprefix(CODES) if v else v, rule, unknown) for v, rule, unknown in found]


@pytest.mark.parametrize(
    ("function", "blank", "other"),
    [("stated", None, None), ("tristate", "tristate/unknown", "tristate/unknown")],
)
def test_only_a_tristate_says_that_nothing_is_known(
    worked: Work, function: str, blank: str | None, other: str | None
) -> None:
    words = [*["yes"] * 4, *["no"] * 2, "unknown", "mixed"]
    assert short(worked(function, [(cell,) for cell in FLAGS])) == [
        *((f"tristate/{word}", None, False) for word in words),
        *[(blank, None, False)] * 3,
        *[(other, "boolean", False)] * 2,
    ]


def test_a_flag_is_a_text_of_two(worked: Work) -> None:
    cells = ["true", " FALSE ", "1", "no", "", "perhaps"]
    made = [(value, rule) for value, rule, _ in worked("flag", [(cell,) for cell in cells])]
    plain = [("true", None), ("false", None), ("true", None), ("false", None), (None, None)]
    assert made == [*plain, (None, "boolean")]


def test_any_true_is_yes_if_one_is_and_no_if_none(worked: Work) -> None:
    rows = [("true", None), ("", "1"), ("false", "no"), (None, None)]
    made = short(worked("anyTrue", rows, cells=("value", "value2")))
    yes, no = ("tristate/yes", None, False), ("tristate/no", None, False)
    assert made == [yes, yes, no, no]


def test_rows_of_a_key_state_together_or_are_mixed(worked: Work) -> None:
    rows = [("true", "a"), ("", "a"), ("true", "b"), ("false", "b"), ("", "c"), ("unknown", "d")]
    made = short(worked("statedTogether", rows, cells=("value", "key")))
    yes, mixed, unknown = "tristate/yes", "tristate/mixed", "tristate/unknown"
    assert sorted(str(value) for value, _, _ in made) == sorted(
        [yes, yes, mixed, mixed, "None", unknown]
    )
    assert worked("statedTogether", [("perhaps", "a")], cells=("value", "key")) == [
        (None, "boolean", False)
    ]


def test_true_and_false_choose_a_term(worked: Work) -> None:
    rows = [("true",), ("false",), ("",), ("maybe",)]
    told = {"then": "a/b", "otherwise": "a/c"}
    assert short(worked("whenTrue", rows, **told)) == [
        ("a/b", None, False),
        ("a/c", None, False),
        (None, None, False),
        (None, "boolean", False),
    ]
    based = worked("whenTrue", rows, then="there", base="https://example.org/")
    assert [value for value, _, _ in based] == ["https://example.org/there", None, None, None]


def test_a_box_is_ticked_in_the_words_of_a_list(worked: Work) -> None:
    rows = [("true ",), ("false",), ("perhaps",), ("what",), (None,)]
    named = {"list": "agreed", "then": "vulnerability/poverty"}
    nothing = (None, None, False)
    made = short(worked("ticked", rows, codes=LISTS, **named))
    assert made == [
        ("vulnerability/poverty", None, False),
        nothing,
        nothing,
        (None, None, True),
        nothing,
    ]
    made = short(worked("ticked", rows, codes=LISTS, otherwise="tristate/no", **named))
    assert made[1] == ("tristate/no", None, False)
