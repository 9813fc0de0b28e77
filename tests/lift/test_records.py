"""Live records: keys and versions decide, whatever the order and the white space around them."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

KEYED = '; dpcf:recordKey "id" ; dpcf:recordVersion "v"'


def test_white_space_around_a_key_is_no_other_key(outside: Any) -> None:
    made = outside.csv(
        'id,v,a\n1,2024-01-01,x\n"1 ",2024-01-02,y\n"1\n",2024-01-03,z\n', "id a", source=KEYED
    )
    assert {o for _, p, o in made.pairs if p == "p1"} == {"z"}
    assert made.superseded == 2


@pytest.mark.parametrize("key", ["", " ", '"\t"', '"\n"'])
def test_a_record_without_key_is_refused_alone(outside: Any, key: str) -> None:
    made = outside.csv(f"id,v,a\n1,2024-01-01,x\n{key},2024-01-01,y\n", "id a", source=KEYED)
    assert made.rejects == (("t.csv", 3, "id", "missing-key"),)
    assert made.pairs == {("1", "p0", "1"), ("1", "p1", "x")}


def test_keys_are_compared_as_written(outside: Any) -> None:
    made = outside.csv("id,v,a\n1,,x\n01,,x\n1.0,,x\nA,,x\na,,x\n", "id a", source=KEYED)
    assert {s for s, _, _ in made.pairs} == {"1", "01", "1.0", "A", "a"}


VERSIONS = st.sampled_from(["2024-01-01", "2024-02-01T00:00:00Z", "2024-02-01T01:00:00+00:00"])
ROWS = st.lists(st.tuples(st.sampled_from("12"), VERSIONS), min_size=1, max_size=6)


@given(ROWS, st.randoms(use_true_random=False))
@settings(derandomize=True, deadline=None, max_examples=12)
def test_the_latest_of_each_key_lives(
    outside: Any, rows: list[tuple[str, str]], random: Any
) -> None:
    """Content follows from key and version, so equal versions are copies."""
    lines = [f"{key},{version},{key} at {version}" for key, version in rows]
    random.shuffle(lines)
    made = outside.csv("\n".join(["id,v,a", *lines]), "id a", source=KEYED)
    expected = {key: max(v for k, v in rows if k == key) for key, _ in rows}
    found = {s: o for s, p, o in made.pairs if p == "p1"}
    assert found == {key: f"{key} at {version}" for key, version in expected.items()}
    assert made.superseded == len(rows) - len(expected)
    assert made.rejects == ()


def test_the_members_of_a_json_record_have_no_order(outside: Any) -> None:
    source = '; dpcf:recordKey "$.id" ; dpcf:recordVersion "$.v"'
    made = outside.json(
        '[{"id":1,"v":"2024-01-01","a":"x"},{"a":"x","v":"2024-01-01","id":1}]', source=source
    )
    assert (made.rejects, made.superseded) == ((), 1)
    made = outside.json(
        '[{"id":1,"v":"2024-01-01","a":"x"},{"a":"y","v":"2024-01-01","id":1}]', source=source
    )
    assert made.rejects == (("t.json", 2, "id", "duplicate"),)


def test_without_a_key_every_row_lives(outside: Any) -> None:
    made = outside.csv("id,a\n1,x\n1,y\n", "id a")
    assert {o for _, p, o in made.pairs if p == "p1"} == {"x", "y"}
    assert (made.superseded, made.rejects) == (0, ())
