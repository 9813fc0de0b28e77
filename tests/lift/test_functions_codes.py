"""Flags, fillers, second readings and lists in a text, each over plain cells."""

from collections.abc import Callable

from dpc_kg.base.vocab import CODES

Work = Callable[..., list[tuple[str | None, str | None, bool]]]

LISTS: list[tuple[str, str, str | None]] = [
    ("steps", "GO", "step/go"),
    ("steps", "STAY", "step/stay"),
    ("steps", "NOTE", "none"),
    ("steps", "LOST", None),
]


def short(value: str | None) -> str | None:
    return None if value is None else value.removeprefix(CODES)


def test_fillers_are_no_values(worked: Work) -> None:
    rows = [("NOT YET",), (" NOT YET ",), ("n/a",), ("NOT YET.",), ("",), (None,)]
    found = worked("withoutFillers", rows, fillers="NOT YET | n/a")
    assert [value for value, _, _ in found] == [None, None, None, "NOT YET.", None, None]


def test_any_filled_cell_is_enough(worked: Work) -> None:
    rows = [("x", None), (None, "y"), (" ", ""), (None, None)]
    cells = ("value", "value2")
    found = worked("filled", rows, cells=cells, then="s/there", otherwise="s/not")
    assert [short(v) for v, _, _ in found] == ["s/there", "s/there", "s/not", "s/not"]
    bare = worked("filled", rows, cells=cells, then="s/there")
    assert [short(v) for v, _, _ in bare] == ["s/there", "s/there", None, None]


def test_a_second_reading_counts_nothing(worked: Work) -> None:
    rows = [("GO",), ("NOTE",), ("LOST",), ("other",), (None,)]
    found = worked("whereListed", rows, codes=LISTS, list="steps")
    assert [(short(v), r, u) for v, r, u in found] == [
        ("step/go", None, False),
        *[(None, None, False)] * 4,
    ]
    told = worked("whereListed", rows, codes=LISTS, list="steps", default="step/else")
    assert [short(v) for v, _, _ in told] == ["step/go", None, *["step/else"] * 3]


def test_a_picked_value_without_code_is_unknown_but_none_is_not(worked: Work) -> None:
    rows = [("GO",), ("NOTE",), ("LOST",), ("other",), ("",)]
    found = worked("code", rows, codes=LISTS, list="steps", scheme="step")
    assert [(short(v), u) for v, _, u in found] == [
        ("step/go", False),
        (None, False),
        ("step/unmapped", True),
        ("step/unmapped", True),
        (None, False),
    ]


def test_flags(worked: Work) -> None:
    rows = [
        ("GO", "Y"),
        ("GO", "Yes"),
        ("GO", "1"),
        ("GO", "N"),
        ("GO", "0"),
        ("GO", ""),
        ("GO", None),
        ("GO", "perhaps"),
        ("NOTE", "some remark"),
        ("LOST", "Y"),
        ("other", "true"),
        ("other", "No"),
        ("GO", "GO"),
        (None, "Y"),
    ]
    found = worked(
        "flagged",
        rows,
        codes=LISTS,
        cells=("value", "flag"),
        list="steps",
        scheme="step",
    )
    nothing = (None, None, False)
    assert [(short(v), r, u) for v, r, u in found] == [
        *[("step/go", None, False)] * 3,
        *[nothing] * 4,
        (None, "boolean", False),
        nothing,
        *[("step/unmapped", None, True)] * 2,
        nothing,
        ("step/go", None, False),
        nothing,
    ]


def test_items_of_a_text(worked: Work) -> None:
    rows = [("GO",), ("Several: GO, STAY",), ("Several: [STAY, odd]",), (None,)]

    def at(number: str, **more: str) -> list[tuple[str | None, bool]]:
        named = {"list": "steps", "scheme": "step", "at": number, **more}
        found = worked("codeOfItem", rows, codes=LISTS, **named)
        return [(short(v), u) for v, _, u in found]

    assert at("1") == [("step/go", False), ("step/go", False), ("step/stay", False), (None, False)]
    assert at("2") == [(None, False), ("step/stay", False), ("step/unmapped", True), (None, False)]
    assert at("3") == [(None, False)] * 4


def test_the_last_item_is_all_the_rest(worked: Work) -> None:
    rows = [("Several: GO, STAY, GO",)]
    named = {"list": "steps", "scheme": "step", "at": "2", "last": "yes"}
    found = worked("codeOfItem", rows, codes=LISTS, **named)
    assert [(short(v), u) for v, _, u in found] == [("step/unmapped", True)]
