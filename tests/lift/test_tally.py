"""Faults joined by cell, counted and cut: one a cell, whatever the number of rules it trips."""

import random
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import replace

import duckdb
from hypothesis import given, settings
from hypothesis import strategies as st

from dpc_kg.base.faults import SOURCE, Fault
from dpc_kg.lift.tally import Settled, Tally

AT = Fault("a.csv", None, 2, "age", "range", ("CaseShape-ageBand",))
MANY = 1000
RULES = ["CaseShape-ageBand", "CaseShape-sex", "source:age", "source:date"]


def settled(faults: Iterable[Fault], cap: int) -> Settled:
    tally = Tally(duckdb.connect(), cap)
    for fault in faults:
        tally.add(fault)
    return tally.settle()


def merge(faults: Iterable[Fault]) -> list[Fault]:
    """Give all faults joined by cell."""
    return settled(faults, MANY).told()[0]


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


Cell = tuple[bool, tuple[str, str, int, str]]


def found(cases: Iterable[tuple[int | None, str | None, str, str, str | None]]) -> list[Fault]:
    """Give faults of row, column, rule, severity and record."""
    return [
        Fault("a.csv", None, row, column, "range", (rule,), record, severity)
        for row, column, rule, severity, record in cases
    ]


def naive(faults: list[Fault]) -> dict[Cell, tuple[str, ...]]:
    """Give the rules of every cell, violations apart from warnings, the plain way."""
    cells: defaultdict[Cell, set[str]] = defaultdict(set)
    for fault in faults:
        cells[fault.severity != "Violation", fault.place].add(fault.rule)
    own = {at: {r for r in names if r.startswith(SOURCE)} or names for at, names in cells.items()}
    return {at: tuple(sorted(names)) for at, names in own.items()}


CASES = st.lists(
    st.tuples(
        st.sampled_from([None, 1, 2, 3, 4, 5, 6]),
        st.sampled_from([None, "age", "sex"]),
        st.sampled_from(RULES),
        st.sampled_from(["Violation", "Violation", "Warning"]),
        st.sampled_from([None, "r1", "r2", "r3"]),
    ),
    max_size=40,
).map(found)


@given(CASES, st.integers(1, 4), st.randoms(use_true_random=False))
@settings(derandomize=True, deadline=None, max_examples=80)
def test_a_cap_changes_what_is_told_and_no_count(
    faults: list[Fault], cap: int, mixer: random.Random
) -> None:
    whole = settled(faults, MANY)
    mixer.shuffle(faults)
    cut = settled(faults, cap)
    cells = naive(faults)
    (every, beyond), (first, more) = whole.told(), cut.told()
    assert beyond == []
    assert {(f.severity != "Violation", f.place): f.rules for f in every} == cells
    assert [f for f in every if f in first] == first
    kept = Counter((f.severity, f.rule) for f in first)
    assert all(count <= cap for count in kept.values())
    counted = kept + Counter({(m.severity, m.rule): m.count for m in more})
    assert counted == Counter((f.severity, f.rule) for f in every)
    for fault in first:
        earlier = [f for f in every if (f.severity, f.rule) == (fault.severity, fault.rule)]
        assert fault in earlier[:cap]
    assert cut.withheld() == whole.withheld()
    assert list(cut.loose()) == list(whole.loose())


@given(CASES)
@settings(derandomize=True, deadline=None, max_examples=40)
def test_every_record_of_a_violation_is_withheld_with_its_rules(faults: list[Fault]) -> None:
    cells = naive(faults)
    expected: defaultdict[str, set[str]] = defaultdict(set)
    for fault in faults:
        if fault.severity == "Violation" and fault.record is not None:
            expected[fault.record] |= set(cells[False, fault.place])
    withheld = settled(faults, 1).withheld()
    assert {record: set(rules) for record, rules in withheld.items()} == expected
    assert all(len(set(rules)) == len(rules) for rules in withheld.values())


def test_a_whole_column_is_told_however_many_there_are() -> None:
    columns = [
        replace(AT, row=None, column=name, rules=("source:personal",), looks=(("name", 3),))
        for name in ("a", "b", "c")
    ]
    faults, more = settled(columns, 1).told()
    assert (len(faults), more) == (3, [])


def test_it_knows_of_cells_that_are_not_told() -> None:
    one = settled([replace(AT, row=row) for row in (2, 3, 4)], 1)
    asked = [replace(AT, row=row, rules=("source:unlisted",)) for row in (2, 4, 5)]
    assert one.is_at(asked) == [True, True, False]


def test_more_than_a_batch() -> None:
    """Rows are handed over to DuckDB in batches: the border between two changes nothing."""
    faults = [replace(AT, row=row, record=f"r{row}") for row in range(2, 25_002)]
    one = settled([*faults, *faults[:10]], 3)
    told, (more,) = one.told()
    assert [f.row for f in told] == [2, 3, 4]
    assert more.count == 25_000 - 3
    assert len(one.withheld()) == 25_000
