"""Find lines of N-Quads as our writer writes them, without parsing them.

One pattern a task, sought over a whole piece at once: that is several times faster than a look at
each line.
"""

import re
from collections.abc import Iterable
from itertools import groupby

_SUBJECTS = re.compile(
    rb'(<[^>]*>) <[^>]*> [<"].*\n(?:\1 <[^>]*> [<"].*\n)*+'
    # whatever else there is matches too, as nothing
    rb"|(?s:.)"
)
_STATEMENT = re.compile(rb'\n(<[^>]*>) <([^>]*)> (?:(<[^>]*>)|")')


class NotCuttable(Exception):
    """The data cannot be cut without changing results: it must be validated in one go."""


def subjects(lines: bytes) -> set[bytes]:
    """Give the subjects of lines, with brackets.

    Raises:
        NotCuttable: a line is not as our writer writes it.
    """
    found = set(_SUBJECTS.findall(lines))
    if b"" in found:
        raise _not_canonical()
    return found


def statements(lines: bytes) -> list[tuple[bytes, bytes, bytes]]:
    """Give subject, predicate without brackets, and value of each line; of a literal nothing.

    Raises:
        NotCuttable: a line is not as our writer writes it.
    """
    found: list[tuple[bytes, bytes, bytes]] = _STATEMENT.findall(b"\n" + lines)
    # each is at the start of a line, so if there are as many as lines, each line is one
    if len(found) != lines.count(b"\n") or lines[-1:] not in (b"\n", b""):
        raise _not_canonical()
    return found


def check_form(lines: bytes) -> None:
    """Check that lines are as our writer writes them.

    Raises:
        NotCuttable: they are not, or have blank nodes.
    """
    refuse_blank(lines)
    subjects(lines)


def refuse_blank(lines: bytes) -> None:
    """Check that lines have no blank nodes.

    Raises:
        NotCuttable: they have.
    """
    # the one rare byte is sought first: that is ten times faster than to seek all three
    if b"_" in lines and b" _:" in lines:
        raise NotCuttable("there are blank nodes")


def lines_of(predicates: Iterable[bytes]) -> re.Pattern[bytes]:
    """Give the pattern that finds the lines of some predicates after a line break.

    Its groups are subject, predicate without brackets, value (nothing of a literal), and what comes
    after.
    """
    return re.compile(rb"\n(<[^>]*>) <(" + any_of(predicates) + rb')> (?:(<[^>]*>)|(?="))(.*)')


def any_of(words: Iterable[bytes], depth: int = 20) -> bytes:
    """Give a pattern for any of some words, by the beginnings that they share.

    Alternatives are tried one after the other: names of one namespace, each tried whole, take five
    times as long. After ``depth`` steps the rest is tried whole.

    >>> any_of([b"ab", b"acd", b"ac"])
    b'a(?:b|c(?:d)?)'
    """
    given = sorted(set(words))
    first, last = given[0], given[-1]
    pairs = enumerate(zip(first, last, strict=False))
    head = first[: next((place for place, (one, other) in pairs if one != other), len(first))]
    rests = [word[len(head) :] for word in given if word != head]
    if not rests:
        return re.escape(head)
    parts = [re.escape(rest) for rest in reversed(rests)]
    if depth:
        parts = [any_of(some, depth - 1) for _, some in groupby(rests, lambda rest: rest[:1])]
    return re.escape(head) + b"(?:" + b"|".join(parts) + b")" + (b"?" if head in given else b"")


def _not_canonical() -> NotCuttable:
    return NotCuttable("a line is not in the canonical form")
