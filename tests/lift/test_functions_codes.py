"""Values of declared lists: codes, silent ones, second readings, numbers and bands."""

from collections.abc import Callable

import pytest

from dpc_kg.base.vocab import CODES

Work = Callable[..., list[tuple[str | None, str | None, bool]]]

LISTS: list[tuple[str, str, str | None]] = [
    ("steps", "GO", "step/go"),
    ("steps", "STAY", "step/stay"),
    ("steps", "NOTE", "none"),
    ("steps", "LOST", None),
]


ONLINE = [("online", "there", "tristate/yes"), ("online", "here", "tristate/no")]
NUMBERS = [("number", "a pair", "2"), ("number", "any", None), ("number", "first", "1")]
EDGES = [("edges", "0", "size/none"), ("edges", "10", "size/some"), ("edges", "100", "size/many")]
SCHEMES = [
    ("scheme", "FIRST", "steps"),
    ("scheme", "SECOND", "other"),
    ("scheme", "THIRD", None),
    ("steps", "A", "steps/a"),
]


def short(value: str | None) -> str | None:
    return None if value is None else value.removeprefix(CODES)


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


def test_a_second_reading_may_be_no_code_of_ours(worked: Work) -> None:
    rows = [("GO",), ("NOTE",), ("other",)]
    found = worked("whereListed", rows, codes=LISTS, list="steps", base="https://example.org/")
    assert [value for value, _, _ in found] == ["https://example.org/step/go", None, None]


@pytest.mark.parametrize(
    ("rows", "value", "unknown"),
    [
        (("there", "here"), "tristate/mixed", False),
        (("there", "there"), "tristate/yes", False),
        (("there", None), "tristate/yes", False),
        (("up", None), "tristate/unmapped", True),
        (("up", "here"), "tristate/no", True),
        ((None, " "), None, False),
    ],
)
def test_answers_become_one(
    worked: Work, rows: tuple[str | None, str | None], value: str | None, unknown: bool
) -> None:
    named = {"list": "online", "scheme": "tristate"}
    ((made, rule, counted),) = worked(
        "combined", [rows], codes=ONLINE, cells=("value", "value2"), **named
    )
    assert (short(made), rule, counted) == (value, None, unknown)


def test_words_stand_for_numbers(worked: Work) -> None:
    cells = ["a pair", "any", "tenth", "", "03", "0"]
    rows = [(cell,) for cell in cells]
    ranked = worked("rank", rows, codes=NUMBERS, list="number")
    assert [(v, u) for v, _, u in ranked] == [
        ("2", False),
        (None, True),
        (None, True),
        (None, False),
        (None, True),
        (None, True),
    ]
    counted = worked("count", rows, codes=NUMBERS, list="number")
    assert [(v, u) for v, _, u in counted][4:] == [("3", False), (None, True)]
    assert counted[:4] == ranked[:4]


def test_a_number_falls_into_the_band_of_the_edge_it_reaches(worked: Work) -> None:
    cells = ["0", "9", "10", "99", "100", "1000", "", "-1", "1.5", "many"]
    found = worked("band", [(cell,) for cell in cells], codes=EDGES, list="edges")
    names = ["none", "none", "some", "some", "many", "many"]
    assert [(short(value), rule) for value, rule, _ in found] == [
        *((f"size/{name}", None) for name in names),
        (None, None),
        *[(None, "number")] * 3,
    ]
    late = worked("band", [("5",)], codes=EDGES[1:], list="edges")
    assert late == [(None, None, False)]


@pytest.mark.parametrize(
    ("scheme", "made", "unknown"),
    [
        ("FIRST", ["steps/a", "steps/unmapped", None], [False, True, False]),
        ("SECOND", ["other/unmapped", "other/unmapped", None], [True, True, False]),
        ("THIRD", [None, None, None], [True, True, False]),
        ("else", [None, None, None], [True, True, False]),
        ("", [None, None, None], [True, True, False]),
    ],
)
def test_a_scheme_chooses_the_list(
    worked: Work, scheme: str, made: list[str | None], unknown: list[bool]
) -> None:
    rows = [("A", scheme), ("Z", scheme), ("", scheme)]
    found = worked("codeOfScheme", rows, codes=SCHEMES, cells=("value", "named"), list="scheme")
    assert [short(value) for value, _, _ in found] == made
    assert [told for _, _, told in found] == unknown
