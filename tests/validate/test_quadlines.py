"""Lines are found by pattern exactly where they are."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dpc_kg.validate.quadlines import (
    NotCuttable,
    any_of,
    check_form,
    lines_of,
    statements,
    subjects,
)

WORDS = st.text("ab/#.*", max_size=6).map(str.encode)
LINE = b'<urn:s> <urn:p> "v" <urn:g> .\n'


@given(st.lists(WORDS, min_size=1, max_size=12), WORDS, st.integers(0, 4))
def test_any_of_matches_its_words_and_no_others(
    words: list[bytes], other: bytes, depth: int
) -> None:
    pattern = re.compile(any_of(words, depth))
    for word in [*words, other]:
        assert bool(pattern.fullmatch(word)) == (word in words)


def test_many_long_names_are_no_trouble() -> None:
    names = [b"urn:" + b"n" * length for length in range(1, 400)]
    pattern = re.compile(any_of(names))
    assert all(pattern.fullmatch(name) for name in names)
    assert not pattern.fullmatch(b"urn:")


IRIS = st.text("sp", min_size=1, max_size=2).map(lambda name: f"<urn:{name}>")
VALUES = IRIS | st.sampled_from(['"> <urn:p> <urn:s>"', '"a\\nb"@en', '"1"^^<urn:p>'])


@given(st.lists(st.tuples(IRIS, IRIS, VALUES), max_size=12), st.sets(IRIS, min_size=1))
def test_patterns_find_what_the_lines_say(
    triples: list[tuple[str, str, str]], wanted: set[str]
) -> None:
    text = "".join(f"{s} {p} {o} <urn:g> .\n" for s, p, o in triples).encode()
    expected = [
        (s.encode(), p[1:-1].encode(), o.encode() if o[0] == "<" else b"") for s, p, o in triples
    ]
    assert statements(text) == expected
    assert subjects(text) == {subject for subject, _, _ in expected}
    found = lines_of(name[1:-1].encode() for name in wanted).findall(b"\n" + text)
    assert [line[:3] for line in found] == [
        e for e in expected if b"<%b>" % e[1] in {name.encode() for name in wanted}
    ]
    lines = [b"%b <%b> %b%b\n" % line for line in found]
    assert lines == [
        line for line in text.splitlines(keepends=True) if line.split(b" ")[1].decode() in wanted
    ]


@pytest.mark.parametrize(
    "damage",
    [
        b"# a comment\n",
        b"\n",
        b"<urn:s>  <urn:p> <urn:o> .\n",
        b"<urn:s> <urn:p>\t<urn:o> .\n",
        b" <urn:s> <urn:p> <urn:o> .\n",
        b"<urn:s> <urn:p> 7 .\n",
        b"<urn:s> <urn:p> <urn:o> .",
    ],
    ids=["comment", "empty", "two-blanks", "tab", "indented", "bare-value", "no-line-break"],
)
@pytest.mark.parametrize("place", ["before", "after"])
def test_other_lines_are_refused(damage: bytes, place: str) -> None:
    text = damage + LINE if place == "before" and damage.endswith(b"\n") else LINE + damage
    for look in (subjects, statements, check_form):
        with pytest.raises(NotCuttable, match="canonical"):
            look(text)


@pytest.mark.parametrize("line", [b"_:a <urn:p> <urn:o> .\n", b"<urn:s> <urn:p> _:b .\n"])
def test_blank_nodes_are_refused(line: bytes) -> None:
    with pytest.raises(NotCuttable):
        check_form(LINE + line)
