"""Published figures, each over a table of cells: value and fault."""

from pathlib import Path
from typing import Any

import pytest

from tests.lift.calling import Bench, Cells

LISTS = """list,value,code,scheme
scale,per cent,100,example
scale,words,,example
"""
NONE = dict.fromkeys(["", "N/A", "-", "…"], (None, None))
FIGURES: Cells = {
    **NONE,
    "0": ("0", None),
    "1,157,390": ("1157390", None),
    "1 157": ("1157", None),
    "12.0": ("12", None),
    "5.43 / 100 * 2,510,798": ("136336", None),
    "2.51/100*100": ("3", None),
    **dict.fromkeys(["1.5", "12,34", "-5", "75.3%", "many", "5 / 10 * 3"], (None, "number")),
}
SHARES: Cells = {
    **NONE,
    "99.1": ("9910", None),
    "75.3%": ("7530", None),
    "0.56": ("56", None),
    "8": ("800", None),
    "most": (None, "number"),
}
DECIMALS: Cells = {
    **NONE,
    "0.0021133359089737366": ("0.002113335908974", None),
    "4.901119493166981e-05": ("0.000049011194932", None),
    "12": ("12", None),
    "10": ("10", None),
    "0": ("0", None),
    "1.50": ("1.5", None),
    **dict.fromkeys(["1,5", "1e999", "half"], (None, "number")),
}


@pytest.fixture
def bench(outside: Any, tmp_path: Path) -> Bench:
    return Bench(outside, tmp_path, LISTS)


@pytest.mark.parametrize(
    ("function", "table", "more"),
    [
        ("figure", FIGURES, {}),
        ("figure", SHARES, {"list": "scale", "key": "$w"}),
        ("rate", DECIMALS, {}),
    ],
    ids=["figure", "share", "rate"],
)
def test_one_cell(bench: Bench, function: str, table: Cells, more: dict[str, str]) -> None:
    rows = [(cell, "per cent") for cell in table]
    assert bench.rows(function, rows, value="$v", **more) == list(table.values())


def test_a_column_of_words_has_no_figures_and_an_unlisted_one_counts(bench: Bench) -> None:
    rows = [("Alphabet", "words"), ("12", "words"), ("12", "new column"), ("1.5", "new column")]
    made = bench.rows("figure", rows, value="$v", list="scale", key="$w")
    assert made == [(None, None), (None, None), ("12", None), (None, "number")]


def test_only_a_share_of_a_number_is_computed(bench: Bench) -> None:
    rows = [("5.43 / 100 * 2,510,798", ""), ("136336", ""), ("", "")]
    assert bench.values("computed", rows, value="$v", then="x") == ["x", None, None]
