"""Parts of one and distances: what is a number, and how far miles are cut."""

from collections.abc import Callable

import pytest

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
