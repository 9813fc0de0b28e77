"""Points in time half known, counted in seconds or named; the common ones: test_functions.py."""

from collections.abc import Callable

import pytest

from dpc_kg.base.vocab import CODES

Work = Callable[..., list[tuple[str | None, str | None, bool]]]


@pytest.mark.parametrize(
    ("cell", "start", "precision"),
    [
        ("14/03/2017", "2017-03-01T00:00:00Z", "month"),
        ("zz/05/2020", "2020-05-01T00:00:00Z", "month"),
        ("ZZ/ZZ/2018", "2018-01-01T00:00:00Z", "year"),
        (" zz/zz/2018 ", "2018-01-01T00:00:00Z", "year"),
    ],
)
def test_known_parts_are_kept(worked: Work, cell: str, start: str, precision: str) -> None:
    assert worked("partialInstant", [(cell,)]) == [(start, None, False)]
    found = worked("partialPrecision", [(cell,)])
    assert found == [(f"{CODES}precision/{precision}", None, False)]


@pytest.mark.parametrize(
    "cell", ["31/02/2020", "14/zz/2020", "2020-05-01", "zz/13/2020", "zz/zz/zzzz", "1/2/2020", "x"]
)
def test_no_such_date(worked: Work, cell: str) -> None:
    assert worked("partialInstant", [(cell,)]) == [(None, "date", False)]
    assert worked("partialPrecision", [(cell,)]) == [(None, None, False)]


def test_a_blank_is_no_fault(worked: Work) -> None:
    assert worked("partialInstant", [("",)]) == [(None, None, False)]


def test_epoch_gives_the_moment_of_seconds_and_refuses_all_else(worked: Work) -> None:
    cells = ["0", "1705746643", "", "1705746643000", "4102444800", "-5", "12.5", "2024-01-20"]
    assert worked("epoch", [(cell,) for cell in cells]) == [
        ("1970-01-01T00:00:00Z", None, False),
        ("2024-01-20T10:30:43Z", None, False),
        (None, None, False),
        *[(None, "date", False)] * 5,
    ]


@pytest.mark.parametrize(
    ("cell", "period", "rule"),
    [
        ("", None, None),
        ("2023", "2023", None),
        ("2022 H2", "2022-H2", None),
        ("2017Q4", "2017-Q4", None),
        ("2023-05", "2023-05", None),
        ("2018 H2 - 2022 H1", "2018-H2", None),
        *((cell, None, "date") for cell in ("23", "2023 Q5", "2023-13", "01/02/2023", "20X1")),
    ],
)
def test_a_period_of_the_calendar(
    worked: Work, cell: str, period: str | None, rule: str | None
) -> None:
    made = None if period is None else f"{CODES}period/{period}"
    assert worked("calendarPeriod", [(cell,)]) == [(made, rule, False)]


def test_time_runs_forward_or_not_at_all(worked: Work) -> None:
    start = "2024-03-01T00:00:00Z"
    later = [start, "2024-03-01T02:00:00+01:00", "2024-02-29T23:59:59Z", ""]
    made = worked("elapsed", [(start, cell) for cell in later], cells=("from", "to"))
    assert [value for value, _, _ in made] == ["0", "3600", None, None]
