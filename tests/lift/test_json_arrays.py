"""Elements of an array read many in one call: the same records, and faults at their own line."""

import json
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dpc_kg.base.errors import SourceError
from dpc_kg.lift import jsonstream
from dpc_kg.lift.jsonstream import json_records

PARTS = pytest.mark.parametrize("part", [1, 60, 1 << 17], ids=["one by one", "few", "many"])


@pytest.fixture(autouse=True)
def _restored(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a test sets is put back after it."""
    monkeypatch.setattr(jsonstream, "_PART", jsonstream._PART)


def read(text: str, part: int, iterator: str = "$") -> tuple[list[Any], list[int]]:
    """Read a document, and count how many elements came of each call that gave more than one."""
    counts: list[int] = []
    whole = jsonstream._Window.several

    def counted(window: jsonstream._Window) -> list[Any]:
        nodes = whole(window)
        counts.extend([len(nodes)] if len(nodes) > 1 else [])
        return nodes

    jsonstream._PART = part
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(jsonstream._Window, "several", counted)
        return list(json_records(BytesIO(text.encode()), iterator, "t.json")), counts


def test_elements_are_read_many_at_once() -> None:
    text = json.dumps([{"id": n, "a": "x" * 20} for n in range(5_000)])
    found, counts = read(text, 1 << 17)
    assert [each["id"] for each in found] == [str(n) for n in range(5_000)]
    assert len(counts) < 10 and sum(counts) > 4_900
    assert read(text, 1) == (found, [])


TRICKS = st.sampled_from(
    ["x", "", '},{"id":', '}, {"id": 1', "}", '"', "\\", '\\"},{"id":"', "\n", "]", "[{", "\u2028"]
)
NODES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | TRICKS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["id", "a"]) | TRICKS, inner, max_size=3)
    ),
    max_leaves=6,
)
ELEMENTS = st.builds(
    lambda value, more: {"id": value, **more}, NODES, st.dictionaries(TRICKS, NODES)
)


@given(
    records=st.lists(ELEMENTS | NODES, max_size=12),
    alike=st.integers(0, 12),
    separators=st.sampled_from([(",", ":"), (", ", ": "), (" ,\n ", " : "), (",\r\n", ":\t")]),
    indent=st.sampled_from([None, None, 1]),
    part=st.integers(1, 300),
)
@settings(derandomize=True, deadline=None, max_examples=250)
def test_many_at_once_are_the_records_one_by_one(
    records: list[Any],
    alike: int,
    separators: tuple[str, str],
    indent: int | None,
    part: int,
) -> None:
    records = [{"id": n, "kids": [{"id": n}, {"id": 0}]} for n in range(alike)] + records
    text = json.dumps(records, indent=indent, separators=separators, ensure_ascii=False)
    assert read(text, part)[0] == read(text, 1)[0] == json.loads(text, parse_int=str)


@given(
    records=st.lists(ELEMENTS, min_size=2, max_size=9),
    place=st.integers(0, 10_000),
    written=st.sampled_from(list('{}[]",:x0 ')),
    part=st.integers(1, 300),
)
@settings(derandomize=True, deadline=None, max_examples=150)
def test_a_fault_is_the_same_however_many_are_read(
    records: list[Any], place: int, written: str, part: int
) -> None:
    text = json.dumps(records, indent=0, ensure_ascii=False)
    place %= len(text)
    text = text[:place] + written + text[place + 1 :]

    def outcome(part: int) -> Any:
        try:
            return read(text, part)[0]
        except SourceError as e:
            return e.rule, e.line, str(e)

    assert outcome(part) == outcome(1)


@PARTS
@pytest.mark.parametrize(
    ("record", "rule"),
    [
        pytest.param('{"id": 1, "a": "x", "id": 2}', "syntax", id="a member twice"),
        pytest.param('{"id": 1, "a": x}', "syntax", id="a bare word"),
        pytest.param('{"id": 1 "a": 2}', "syntax", id="no comma"),
        pytest.param('{"id": 1, "a": "\\ud800"}', "encoding", id="half a letter"),
        pytest.param('{"id": 1}}', "syntax", id="a bracket too many"),
    ],
)
def test_a_late_fault_has_its_own_line(part: int, record: str, rule: str) -> None:
    lines = ['{"id": 0, "a": "y"}'] * 3_000
    lines[2_500] = record
    with pytest.raises(SourceError) as caught:
        read("[" + ",\n".join(lines) + "]", part)
    assert (caught.value.rule, caught.value.line) == (rule, 2_501)


@PARTS
def test_an_array_cut_between_two_elements_is_not_whole(part: int) -> None:
    with pytest.raises(SourceError) as caught:
        read("[" + ",\n".join(['{"id": 0, "a": "y"}'] * 3_000), part)
    assert (caught.value.rule, caught.value.line) == ("truncated", 3_000)
