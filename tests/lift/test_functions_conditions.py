"""Values that are there only under a condition, or have to be."""

from collections.abc import Callable

from dpc_kg.base.vocab import CODES

Work = Callable[..., list[tuple[str | None, str | None, bool]]]

LISTS = [("kind", "case", "kind/case"), ("kind", "other", None)]


def values(found: list[tuple[str | None, str | None, bool]]) -> list[str | None]:
    return [None if value is None else value.removeprefix(CODES) for value, _, _ in found]


def test_a_value_is_given_where_another_cell_holds_something(worked: Work) -> None:
    cells = ("value", "when", "when12")
    rows = [("k", "x", None), ("k", " ", "y"), ("k", "", " "), ("k", None, None), ("k", "[]", "")]
    assert values(worked("given", rows, cells=cells)) == ["k", "k", None, None, "k"]


def test_an_empty_list_and_a_box_not_ticked_answer_nothing(worked: Work) -> None:
    told = [("x", ""), ("", "0"), ("true", ""), ("no", "[]"), ('["a"]', "")]
    silent = [("", ""), ("  ", "[]"), ("false", "{}"), (None, None)]
    rows = [("plan", *row) for row in [*told, *silent]]
    made = values(worked("whenAnswered", rows, cells=("value", "when", "when2")))
    assert made == [*["plan"] * len(told), *[None] * len(silent)]


def test_a_value_stays_beside_a_word_of_the_list_or_of_one_code(worked: Work) -> None:
    rows = [("k1", "case"), ("k2", "Case"), ("k3", ""), ("", "case"), ("k4", "other")]
    cells = ("value", "when")
    made = values(worked("whenListed", rows, codes=LISTS, cells=cells, list="kind"))
    assert made == ["k1", None, None, None, "k4"]
    named = {"list": "kind", "is": "kind/case"}
    made = values(worked("whenListed", rows, codes=LISTS, cells=cells, **named))
    assert made == ["k1", None, None, None, None]


def test_what_is_required_is_missed(worked: Work) -> None:
    found = worked("required", [("a",), ("",), ("  ",), (None,)])
    assert [(value, rule) for value, rule, _ in found] == [
        ("a", None),
        *[(None, "missing-key")] * 3,
    ]


def test_any_filled_cell_is_enough(worked: Work) -> None:
    rows = [("x", None), (None, "y"), (" ", ""), (None, None)]
    cells = ("value", "value2")
    made = worked("filled", rows, cells=cells, then="s/there", otherwise="s/not")
    assert values(made) == ["s/there", "s/there", "s/not", "s/not"]
    assert values(worked("filled", rows, cells=cells, then="s/there"))[2:] == [None, None]
    assert values(worked("filled", rows, cells=cells, otherwise="s/not"))[:2] == [None, None]
    assert values(worked("anyFilled", rows, cells=cells)) == ["true", "true", None, None]


def test_the_first_value_there_is(worked: Work) -> None:
    rows = [("x", "y", None), (" ", "y", "z"), (None, "", "z"), (None, None, " ")]
    made = worked("firstOf", rows, cells=("value", "value2", "value24"))
    assert values(made) == ["x", "y", "z", None]


def test_listed_values_give_way(worked: Work) -> None:
    rows = [("case", "x"), ("other", "x"), ("AK", "x"), ("", "x")]
    named = {"codes": LISTS, "list": "kind"}
    made = values(worked("replaced", rows, cells=("value", "other"), **named))
    assert made == ["x", "x", "AK", None]
    bare = values(worked("replaced", [row[:1] for row in rows], **named))
    assert bare == [None, None, "AK", None]


def test_fillers_are_no_values(worked: Work) -> None:
    rows = [("NOT YET",), (" NOT YET ",), ("n/a",), ("NOT YET.",), ("",), (None,)]
    made = values(worked("withoutFillers", rows, fillers="NOT YET | n/a"))
    assert made == [None, None, None, "NOT YET.", None, None]
