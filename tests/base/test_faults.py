"""Faults: the form of the contract, and the letters of columns."""

from dataclasses import replace

import pytest

from dpc_kg.base.faults import Fault, column_letter

AT = Fault("a.csv", None, 2, "age", "range", ("CaseShape-ageBand",))


def test_the_contract_of_planted_and_validate() -> None:
    assert AT.as_dict() == {
        "file": "a.csv",
        "sheet": None,
        "row": 2,
        "column": "age",
        "kind": "range",
        "rule": "CaseShape-ageBand",
    }
    assert replace(AT, rules=("a", "b")).as_dict()["rules"] == ["a", "b"]


@pytest.mark.parametrize(
    ("index", "letter"),
    [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (52, "BA"), (701, "ZZ"), (702, "AAA")],
)
def test_spreadsheet_letters(index: int, letter: str) -> None:
    assert column_letter(index) == letter


def test_letters_are_different_for_all_columns_of_a_sheet() -> None:
    letters = [column_letter(i) for i in range(16_384)]
    assert len(set(letters)) == len(letters)
    assert letters[-1] == "XFD"
