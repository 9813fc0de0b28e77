"""Faults: one a cell, whatever the number of rules it trips, in the order of places."""

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dpc_kg.base.faults import Fault, column_letter, merge

AT = Fault("a.csv", None, 2, "age", "range", ("CaseShape-ageBand",))
RULES = ["CaseShape-ageBand", "CaseShape-sex", "source:age", "source:date"]


def test_one_cell_is_one_fault_with_all_its_rules() -> None:
    other = replace(AT, rules=("CaseShape-aaa",), kind="missing")
    (merged,) = merge([AT, other])
    assert merged.rules == ("CaseShape-aaa", "CaseShape-ageBand")
    assert (merged.rule, merged.kind) == ("CaseShape-aaa", "missing")


def test_the_cell_itself_comes_before_what_follows_from_it() -> None:
    unreadable = replace(AT, rules=("source:age",), kind="range", record="r1")
    (merged,) = merge([replace(AT, record="r1"), unreadable])
    assert merged.rules == ("source:age",)


def test_the_record_is_kept_from_whichever_knows_it() -> None:
    known = replace(AT, record="r1")
    (merged,) = merge([replace(AT, rules=("source:age",)), known])
    assert merged.record == "r1"


def test_rules_given_in_any_order() -> None:
    (merged,) = merge([replace(AT, rules=("b", "a"))])
    assert merged.rules == ("a", "b")


def test_other_cells_stay_apart() -> None:
    places = [
        AT,
        replace(AT, row=3),
        replace(AT, column="sex"),
        replace(AT, file="b.csv"),
        replace(AT, row=None, column=None),
    ]
    assert len(merge(places)) == len(places)


@given(
    st.lists(
        st.builds(
            Fault,
            file=st.sampled_from(["a.csv", "b.csv"]),
            sheet=st.none(),
            row=st.sampled_from([None, 1, 2]),
            column=st.sampled_from([None, "age"]),
            kind=st.just("range"),
            rules=st.sampled_from(RULES).map(lambda rule: (rule,)),
        ),
        max_size=12,
    ),
    st.integers(),
)
@settings(derandomize=True, deadline=None, max_examples=60)
def test_merging_ignores_order_and_repetition(faults: list[Fault], seed: int) -> None:
    merged = merge(faults)
    mixed = [*faults, *merged]
    random.Random(seed).shuffle(mixed)
    assert merge(mixed) == merged
    assert [f.place for f in merged] == sorted({f.place for f in faults})


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
