"""Cut a file of quads into pieces that can be validated each alone, with the same results.

Two streaming passes: the first notes which nodes stand in several pieces or are referred to from
other pieces, the second gives each piece with the lines it lacks. Where the cuts fall changes the
speed only; data grouped by record, as lift writes it, makes good cuts.
"""

import re
from array import array
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from dpc_kg.base.errors import DpcError
from dpc_kg.base.vocab import RDF_TYPE
from dpc_kg.validate.locality import Locality

CHUNK_LINES = 25_000
"""Lines of a piece: the fastest of the sizes measured, at 60 MiB."""

_SUBJECT = re.compile(rb"^(<[^>]*>) <", re.MULTILINE)
_RUN = re.compile(rb"^(<[^>]*>) <[^\n]*\n(?:\1 <[^\n]*\n)*", re.MULTILINE)
_TYPE = b"<" + RDF_TYPE.encode() + b">"
_BUCKETS = 256


class NotCuttable(Exception):
    """The data cannot be cut without changing results: it must be validated in one go."""


@dataclass(frozen=True)
class Chunk:
    """One piece: its own lines, lines it needs from elsewhere, and the nodes those describe.

    Results about a ``foreign`` node belong to another piece and are dropped.
    """

    first_line: int
    own: bytes
    context: bytes = b""
    foreign: frozenset[str] = frozenset()


@dataclass(frozen=True)
class _Facts:
    """Of one piece, as hashes of IRIs: subjects, targets, and what it refers to elsewhere."""

    subjects: "array[int]"
    targets: "array[int]"
    followed: frozenset[int]
    typed: frozenset[int]


@dataclass(frozen=True)
class _Piece:
    """Where a piece stands in the file, in lines and bytes, and its facts."""

    first_line: int
    offset: int
    size: int
    facts: _Facts

    def read(self, file: BinaryIO) -> bytes:
        file.seek(self.offset)
        return file.read(self.size)


@dataclass
class Cutting:
    """How a file will be cut; ``focus_nodes`` is the number of nodes the shapes choose."""

    data: Path
    pieces: list[_Piece]
    shared: set[int]
    focus_nodes: int
    survey: "Callable[[bytes], _Facts]"
    lines: dict[int, dict[bytes, None]] = field(default_factory=dict)
    complete: set[int] = field(default_factory=set)

    def chunks(self) -> Iterator[Chunk]:
        """Give the pieces in order; at the end one more for the nodes of several pieces."""
        self._collect(
            self.shared.union(*(piece.facts.followed for piece in self.pieces)),
            set().union(*(piece.facts.typed for piece in self.pieces)),
        )
        with self.data.open("rb") as file:
            for piece in self.pieces:
                facts = piece.facts
                whole = self.shared.intersection(facts.subjects) | facts.followed
                yield self._chunk(piece.first_line, piece.read(file), whole, facts.typed)
        if self.shared:
            own = self._text(self.shared)
            facts = self.survey(own)
            self._collect(set(facts.followed), set(facts.typed))
            yield self._chunk(1, own, facts.followed, facts.typed)

    def _chunk(
        self, first_line: int, own: bytes, full: Iterable[int], typed: Iterable[int]
    ) -> Chunk:
        whole = set(full)
        context = self._text(whole) + self._text(set(typed) - whole, types_only=True)
        if not context:
            return Chunk(first_line, own)
        foreign = frozenset(match[1:-1].decode() for match in set(_SUBJECT.findall(context)))
        return Chunk(first_line, own, context, foreign)

    def _text(self, nodes: Iterable[int], *, types_only: bool = False) -> bytes:
        lines = (line for node in sorted(nodes) for line in self.lines.get(node, ()))
        if types_only:
            return b"".join(line for line in lines if _is_type(line))
        return b"".join(lines)

    def _collect(self, full: set[int], typed: set[int]) -> None:
        """Fetch the lines of nodes that pieces need, those of ``typed`` only as to their class."""
        full, typed = full - self.complete, typed - full - self.lines.keys()
        wanted = full | typed
        if not wanted:
            return
        self.complete |= full
        with self.data.open("rb") as file:
            for piece in self.pieces:
                if wanted.isdisjoint(piece.facts.subjects):
                    continue
                for run in _RUN.finditer(piece.read(file)):
                    node = hash(run[1])
                    if node in wanted:
                        lines = run[0].splitlines(keepends=True)
                        kept = (line for line in lines if node in full or _is_type(line))
                        self.lines.setdefault(node, {}).update(dict.fromkeys(kept))


def cut(
    data: Path, locality: Locality, classes: frozenset[str], target: int = CHUNK_LINES
) -> Cutting:
    """Survey a file of quads and plan its pieces of about ``target`` lines.

    ``classes`` are the target classes and all below them.

    Raises:
        NotCuttable: the shapes or the data do not allow it.
    """
    if not locality.is_local:
        raise NotCuttable(locality.reasons[0])
    survey = _survey(locality, classes)
    pieces: list[_Piece] = []
    offset = 0
    for first_line, own in read_pieces(data, target):
        pieces.append(_Piece(first_line, offset, len(own), survey(own)))
        offset += len(own)
    shared = _repeated(piece.facts.subjects for piece in pieces)
    elsewhere = shared or any(piece.facts.followed for piece in pieces)
    if locality.deep and elsewhere:
        raise NotCuttable("shapes read two steps away, and records refer to each other")
    focus_nodes = _distinct(piece.facts.targets for piece in pieces)
    return Cutting(data, pieces, shared, focus_nodes, survey)


def read_pieces(data: Path, target: int) -> Iterator[tuple[int, bytes]]:
    """Give the lines of a file in pieces, each with the number of its first line.

    Raises:
        DpcError: there is no such file.
    """
    try:
        with data.open("rb") as file:
            yield from _pieces(file, target)
    except FileNotFoundError as e:
        raise DpcError("There is no such file of quads.", file=str(data)) from e


def _pieces(file: BinaryIO, target: int) -> Iterator[tuple[int, bytes]]:
    line = 1
    while lines := list(islice(file, target)):
        lines += _rest_of_subject(file, lines)
        yield line, b"".join(lines)
        line += len(lines)


def _rest_of_subject(file: BinaryIO, lines: list[bytes]) -> list[bytes]:
    """Read on while the subject stays; the one line read too far is the start of the next."""
    if not lines:
        return []
    subject = lines[-1].split(b" ", 1)[0] + b" "
    found: list[bytes] = []
    while True:
        before = file.tell()
        line = file.readline()
        if not line.startswith(subject):
            file.seek(before)
            return found
        found.append(line)


def _survey(locality: Locality, classes: frozenset[str]) -> Callable[[bytes], _Facts]:
    """Give the function that notes the facts of a piece."""
    targets = _tokens(classes)
    typing, *_ = _finders([RDF_TYPE])
    bearing = _finders(sorted(locality.bearing))
    followed = _finders(sorted(locality.followed))
    typed = _finders(sorted(locality.typed))

    def survey(own: bytes) -> _Facts:
        subjects = subjects_in(own)
        chosen = {hash(s) for s, value in _links(own, [typing]) if value in targets}
        if bearing and len(chosen) < len(subjects):
            chosen.update(hash(subject) for subject, _ in _links(own, bearing))
        near = {hash(value) for _, value in _links(own, followed) if value}
        types = {hash(value) for _, value in _links(own, typed) if value}
        return _Facts(
            array("q", subjects),
            array("q", chosen),
            frozenset(near - subjects),
            frozenset(types - near - subjects),
        )

    return survey


def subjects_in(own: bytes) -> set[int]:
    """Give the subjects of a piece.

    Raises:
        NotCuttable: a line is not as our writer writes it, or there are blank nodes.
    """
    covered, subjects = 0, set()
    for run in _RUN.finditer(own):
        covered += run.end() - run.start()
        subjects.add(hash(run[1]))
    # the one rare byte is sought first: that is ten times faster than to seek all three
    if covered != len(own) or (b"_" in own and b" _:" in own):
        raise NotCuttable("the lines are not in the canonical form, or have blank nodes")
    return subjects


def _finders(predicates: Iterable[str]) -> "list[re.Pattern[bytes]]":
    """Give patterns that start with fixed text: they search ten times faster than others."""
    heads = (re.escape(f"> <{predicate}>".encode()) for predicate in predicates)
    return [re.compile(head + rb"[ \t]*(<[^>]*>)?") for head in heads]


def _links(
    own: bytes, finders: "Iterable[re.Pattern[bytes]]"
) -> Iterator[tuple[bytes, bytes | None]]:
    """Give subject and value of the lines found; no value where it is a literal."""
    for finder in finders:
        for match in finder.finditer(own):
            start = own.rfind(b"\n", 0, match.start()) + 1
            subject = own[start : match.start() + 1]
            if b" " not in subject:
                yield subject, match[1]


def _tokens(iris: Iterable[str]) -> frozenset[bytes]:
    return frozenset(f"<{iri}>".encode() for iri in iris)


def _buckets(hashes: "Iterable[array[int]]") -> "list[array[int]]":
    buckets = [array("q") for _ in range(_BUCKETS)]
    for piece in hashes:
        for item in piece:
            buckets[item % _BUCKETS].append(item)
    return buckets


def _distinct(hashes: "Iterable[array[int]]") -> int:
    return sum(len(set(bucket)) for bucket in _buckets(hashes))


def _repeated(hashes: "Iterable[array[int]]") -> set[int]:
    """Give what stands in more than one piece; by buckets, to hold one part at a time."""
    found: set[int] = set()
    for bucket in _buckets(hashes):
        seen: set[int] = set()
        for item in bucket:
            (found if item in seen else seen).add(item)
    return found


def _is_type(line: bytes) -> bool:
    return line.startswith(_TYPE, line.index(b"> ") + 2)
