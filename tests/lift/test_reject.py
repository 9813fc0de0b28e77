"""Rejects in little memory: the same rejects in the same order as in a list."""

from hypothesis import given, settings
from hypothesis import strategies as st

from dpc_kg.lift.reject import Reject, Rejects, has_row

REJECTS = st.lists(
    st.builds(
        Reject,
        source=st.sampled_from(["one", "two"]),
        file=st.sampled_from(["a.csv", "b.csv"]),
        row=st.sampled_from([None, 1, 2, 3, 400]),
        column=st.sampled_from([None, "age", "sex"]),
        rule=st.sampled_from(["age", "date", "date-order"]),
        letter=st.sampled_from([None, "A"]),
        reading=st.none(),
    ),
    max_size=30,
)


@given(REJECTS)
@settings(derandomize=True, deadline=None, max_examples=200)
def test_they_are_in_order_and_each_once(rejects: list[Reject]) -> None:
    made = Rejects(rejects)
    expected = {reject.order for reject in rejects}
    assert [reject.order for reject in made] == sorted(expected)
    assert len(made) == len(expected)
    assert bool(made) == bool(expected)
    assert set(made) <= set(rejects)
    assert made == Rejects(list(made))
    for rule, count in made.counts().items():
        assert count == sum(order[-1] == rule for order in expected)


@given(REJECTS)
@settings(derandomize=True, deadline=None, max_examples=100)
def test_a_row_is_found_among_its_like(rejects: list[Reject]) -> None:
    rows = Rejects(rejects).rows(lambda alike: (alike.file, alike.column or ""))
    there = {(r.file, r.column or "", r.row or 0) for r in rejects}
    asked = [(f, c, n) for f in ("a.csv", "c.csv") for c in ("", "age") for n in (0, 2, 3, 5)]
    for file, column, row in asked:
        assert has_row(rows, (file, column), row) == ((file, column, row) in there)


def test_of_two_of_one_cell_and_rule_the_later_holds() -> None:
    first = Reject("one", "a.csv", 2, "age", "date", reading="serial")
    later = Reject("one", "a.csv", 2, "age", "date", reading="day-first")
    made = Rejects([first])
    made += [later, Reject("one", "a.csv", 3, "age", "date", reading="serial")]
    assert [(r.row, r.reading) for r in made] == [(2, "day-first"), (3, "serial")]
