"""Dates with unknown parts: cut to the month or year that is known, refused where there is none."""

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
