"""Parts of one, distances, ages in words; the common ones stand in test_functions.py."""

from collections.abc import Callable

import pytest

from dpc_kg.base.vocab import CODES

Work = Callable[..., list[tuple[str | None, str | None, bool]]]


@pytest.mark.parametrize(
    ("cell", "value", "rule"),
    [
        ("1", "1", None),
        (" 0.75 ", "0.75", None),
        ("", None, None),
        ("half", None, "number"),
        ("-1", None, "number"),
        ("1e3", None, "number"),
        ("0,5", None, "number"),
    ],
)
def test_decimal(worked: Work, cell: str, value: str | None, rule: str | None) -> None:
    assert worked("decimal", [(cell,)]) == [(value, rule, False)]


@pytest.mark.parametrize(
    ("miles", "kilometres", "rule"),
    [
        ("0", "0", None),
        ("0.1", "10", None),
        ("6.2", "10", None),
        ("6.3", "20", None),
        ("100", "170", None),
        ("near", None, "number"),
        ("", None, None),
    ],
)
def test_kilometres_go_up_to_the_next_ten(
    worked: Work, miles: str, kilometres: str | None, rule: str | None
) -> None:
    assert worked("kilometresOfMiles", [(miles,)]) == [(kilometres, rule, False)]


AGES = [("age", "grown up", "age-band/18-plus"), ("age", "who knows", None)]


@pytest.mark.parametrize(
    ("cell", "band", "rule", "unknown"),
    [
        ("grown up", "18-plus", None, False),
        ("07", "5-9", None, False),
        ("", "unknown", None, False),
        ("who knows", "unmapped", None, True),
        ("212", None, "age", False),
    ],
)
def test_words_of_a_list_go_before_those_known_everywhere(
    worked: Work, cell: str, band: str | None, rule: str | None, unknown: bool
) -> None:
    made = None if band is None else f"{CODES}age-band/{band}"
    assert worked("ageBand", [(cell,)], codes=AGES, list="age") == [(made, rule, unknown)]
