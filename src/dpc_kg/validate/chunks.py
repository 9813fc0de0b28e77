"""Cut a file of quads into pieces that can be validated each alone, with the same results.

Two streaming passes: the first notes what each piece holds and refers to, the second gives each
piece with the lines that it lacks. Where the cuts fall changes the speed only; data grouped by
record, as lift writes it, makes good cuts.
"""

import re
from array import array
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from dpc_kg.validate.facts import (
    Facts,
    Links,
    Roles,
    bears,
    is_type,
    links,
    pointers,
    roles_of,
    survey,
)
from dpc_kg.validate.focus import below, subclasses
from dpc_kg.validate.locality import Locality
from dpc_kg.validate.pieces import CHUNK_BYTES, Piece, read_pieces
from dpc_kg.validate.quadlines import NotCuttable, statements

_RUN = re.compile(rb"(<[^>]*>) <.*\n(?:\1 <.*\n)*+")
_BUCKETS = 256
_SHARED = 4
"""Pieces that need a node's class above which they get all its lines.

An engine takes a node of which it knows but the class for a target, and tells of all that lacks.
"""
_SPARE = 32 << 20
"""Bytes of lines from elsewhere that are given to pieces whatever the size of the file."""


@dataclass(frozen=True)
class Chunk:
    """One piece: its own lines, lines it needs from elsewhere, and the nodes those describe.

    ``offset``: where its own lines stand in the file, in bytes. Results about a ``foreign`` node
    belong to another piece and are dropped.
    """

    offset: int
    own: bytes
    context: bytes = b""
    foreign: frozenset[str] = frozenset()


@dataclass(frozen=True)
class _Own:
    """What a piece has of its own; ``borne`` are nodes elsewhere that it makes targets."""

    offset: int
    text: bytes
    subjects: set[int]
    borne: Collection[bytes]


@dataclass(frozen=True)
class _Around:
    """Nodes whose lines are read, nodes whose classes are, and nodes that are read from values."""

    full: set[int]
    kinds: set[int]
    pointed: set[int]


@dataclass
class Cutting:
    """How a file will be cut; ``focus_nodes`` is the number of nodes the shapes choose.

    Nodes that stand ``apart`` have lines in several pieces, or in none and are targets all the
    same: they are validated after the pieces, together. Kept in memory are the ``lines`` of nodes
    that other pieces need, and those ``pointing`` at such nodes. Pieces at the offsets of
    ``standing`` were validated early and need not be again.
    """

    data: Path
    pieces: list[Piece]
    reads: Locality
    roles: Roles
    apart: set[int]
    names: frozenset[bytes]
    focus_nodes: int
    above: bytes
    pointing: dict[int, dict[bytes, None]]
    standing: frozenset[int]
    lines: dict[int, dict[bytes, None]] = field(default_factory=dict)
    _full: set[int] = field(default_factory=set)
    _known: set[int] = field(default_factory=set)
    _pointed: set[int] = field(default_factory=set)
    _links: dict[tuple[int, bool], Links] = field(default_factory=dict)
    _shared: set[int] = field(default_factory=set)
    spent: int = 0

    def chunks(self) -> Iterator[Chunk]:
        """Give the pieces that do not stand, in order; at the end one for the nodes apart.

        Raises:
            NotCuttable: the pieces would need more lines of others than they have themselves.
        """
        self._prepare()
        with self.data.open("rb") as file:
            for piece in self.pieces:
                if piece.offset in self.standing:
                    continue
                subjects = set(piece.facts.subjects)
                near, typed = self._start(subjects, piece.facts)
                own = _Own(piece.offset, piece.read(file), subjects, piece.facts.borne)
                yield self._chunk(own, subjects - self.apart, near, typed)
        if self.apart:
            yield self._last()

    def _prepare(self) -> None:
        """Fetch at once what any piece will need."""
        near, typed = set(self.apart), set(self.apart)
        asked: Counter[int] = Counter()
        for piece in self.pieces:
            near.update(piece.facts.followed)
            asked.update(piece.facts.typed)
        typed |= asked.keys()
        self._shared = {node for node, times in asked.items() if times > _SHARED}
        for node in self.pointing:
            found = self._steps(node)
            near |= found.followed
            typed |= found.typed
        self._fetch(self._shared, set())
        self._around(near, typed)

    def _start(self, subjects: set[int], facts: Facts) -> tuple[set[int], set[int]]:
        """Give the nodes one step away from a piece whose lines, or whose classes, it needs."""
        split = self.apart & subjects
        near, typed = split.union(facts.followed), split.union(facts.typed)
        for node in self.pointing.keys() & subjects:
            found = self._steps(node)
            near |= found.followed - subjects
            typed |= found.typed - subjects
        return near, typed

    def _last(self) -> Chunk:
        """Give the piece of the nodes that stand apart."""
        self._fetch(self.apart, set())
        self._fetch_pointing(self.apart)
        near: set[int] = set()
        typed: set[int] = set()
        for node in self.apart:
            found = self._steps(node)
            near |= found.followed - self.apart
            typed |= found.typed - self.apart
        text = self._text(self.apart)
        return self._chunk(_Own(0, text, self.apart, self._borne(text)), self.apart, near, typed)

    def _chunk(self, own: "_Own", mine: set[int], near: set[int], typed: set[int]) -> Chunk:
        """Give a piece that tells of ``mine`` with all that it needs of others."""
        around = self._around(near, typed)
        full, pointed = around.full, around.pointed | own.subjects
        context = [
            self._text(full),
            self._text(around.kinds & self._shared - full),
            *(line for node in around.kinds - full - self._shared for line in self._types(node)),
            *(line for node in pointed for line in self.pointing.get(node, ())),
        ]
        needed = b"".join(context)
        self._spend(len(needed))
        needed += self.above
        foreign = {subject for subject, _, _ in statements(needed)} | self.names
        foreign.update(own.borne)
        if self.reads.borne:
            foreign |= self._borne(needed)
        names = frozenset(name[1:-1].decode() for name in foreign if hash(name) not in mine)
        return Chunk(own.offset, own.text, needed, names)

    def _borne(self, text: bytes) -> set[bytes]:
        """Give the nodes that lines make targets."""
        of = self.roles.of
        return {value for _, name, value in statements(text) if bears(of.get(name, 0))}

    def _spend(self, size: int) -> None:
        self.spent += size
        if self.spent > _SPARE + 2 * self.data.stat().st_size:
            raise NotCuttable("pieces need too many lines of others")

    def _around(self, near: set[int], typed: set[int]) -> _Around:
        """Give all that is read from nodes one step away on."""
        reads, kinds = self.reads, set(typed)
        full: set[int] = set()
        pointed: set[int] = set()
        front, level = set(near), 1
        while front and level <= max(reads.depth, 1):
            self._fetch(front, kinds)
            back = level <= reads.incoming_depth
            if back:
                self._fetch_pointing(front)
                pointed |= front
            full |= front
            further: set[int] = set()
            for node in front:
                found = self._steps(node, back=back)
                further |= found.followed
                if level <= reads.typed_depth:
                    kinds |= found.typed
            front, level = further - full, level + 1
        self._fetch(set(), kinds)
        return _Around(full, kinds, pointed)

    def _types(self, node: int) -> Iterator[bytes]:
        return (line for line in self.lines.get(node, ()) if is_type(line))

    def _steps(self, node: int, *, back: bool = True) -> Links:
        found = self._links.get((node, back))
        if found is None:
            pointing = self.pointing.get(node, ()) if back else ()
            found = links(self.lines.get(node, ()), pointing, self.roles)
            self._links[node, back] = found
        return found

    def _text(self, nodes: Iterable[int]) -> bytes:
        return b"".join(line for node in nodes for line in self.lines.get(node, ()))

    def _fetch(self, full: set[int], typed: set[int]) -> None:
        """Fetch the lines of nodes that pieces need, those of ``typed`` only as to their class."""
        full = full - self._full
        typed = typed - self._full - full - self._known
        wanted = full | typed
        if not wanted:
            return
        self._full |= full
        self._known |= typed
        for own in self._holding(wanted):
            for run in _RUN.finditer(own):
                node = hash(run[1])
                if node in wanted:
                    lines = run[0].splitlines(keepends=True)
                    kept = (line for line in lines if node in full or is_type(line))
                    self.lines.setdefault(node, {}).update(dict.fromkeys(kept))
        self._forget(full)

    def _holding(self, nodes: set[int]) -> Iterator[bytes]:
        """Give the pieces that have lines of some nodes."""
        with self.data.open("rb") as file:
            for piece in self.pieces:
                if not nodes.isdisjoint(piece.facts.subjects):
                    yield piece.read(file)

    def _fetch_pointing(self, nodes: set[int]) -> None:
        """Fetch the lines that point at nodes, whichever pieces they stand in."""
        wanted = nodes - self._pointed
        predicates = self.reads.incoming | self.reads.borne
        if not wanted or not predicates:
            return
        self._pointed |= wanted
        # the survey has noted those of pieces in which the nodes are no subjects
        for own in self._holding(wanted):
            for value, line in pointers(own, predicates):
                node = hash(value)
                if node in wanted:
                    self.pointing.setdefault(node, {})[line] = None
        self._forget(wanted)

    def _forget(self, nodes: set[int]) -> None:
        for node in nodes:
            self._links.pop((node, True), None)
            self._links.pop((node, False), None)


class Early(Protocol):
    """What may validate a piece while further pieces are still surveyed."""

    def offer(self, offset: int, own: bytes) -> bool:
        """Tell whether the piece is taken."""


def cut(
    data: Path,
    reads: Locality,
    classes: frozenset[str],
    target: int = CHUNK_BYTES,
    early: Early | None = None,
) -> Cutting:
    """Survey a file of quads and plan its pieces of about ``target`` bytes.

    ``classes`` are the target classes and all that our ontology puts below them. Pieces that seem
    to need nothing of others are offered to ``early``.

    Raises:
        NotCuttable: the shapes or the data do not allow it.
        DpcError: there is no such file.
    """
    if not reads.is_local:
        raise NotCuttable(reads.reasons[0])
    roles = roles_of(reads, classes)
    pieces: list[Piece] = []
    taken: list[Piece] = []
    points: dict[int, dict[bytes, bytes]] = {}
    for offset, own in read_pieces(data, target):
        facts_here = survey(own, roles)
        for (node, key), line in facts_here.pointing.items():
            points.setdefault(node, {}).setdefault(key, line)
        piece = Piece(offset, len(own), replace(facts_here, pointing={}))
        pieces.append(piece)
        if early and not reads.named and piece.facts.is_alone and early.offer(offset, own):
            taken.append(piece)
    facts = [piece.facts for piece in pieces]
    named = frozenset(f"<{iri}>".encode() for iri in reads.named)
    names = named | _nowhere(facts)
    above = b"".join(dict.fromkeys(line for one in facts for line in one.above))
    apart = _repeated(one.subjects for one in facts) | {hash(name) for name in names}
    pointing = {node: dict.fromkeys(lines.values()) for node, lines in points.items()}
    touched = apart | pointing.keys()
    stand = (piece.offset for piece in taken if touched.isdisjoint(piece.facts.subjects))
    return Cutting(
        data,
        pieces,
        reads,
        roles,
        apart,
        names,
        _focus_nodes(facts, apart, named, _kinds(above, roles)),
        above,
        pointing,
        frozenset() if above else frozenset(stand),
    )


def _nowhere(facts: list[Facts]) -> frozenset[bytes]:
    """Give the targets that are subjects nowhere."""
    borne: frozenset[bytes] = frozenset().union(*(one.borne for one in facts))
    missing = {hash(name) for name in borne}
    for one in facts:
        missing.difference_update(one.subjects)
    return frozenset(name for name in borne if hash(name) in missing)


def _kinds(above: bytes, roles: Roles) -> frozenset[bytes]:
    """Give the classes that a hierarchy in the data itself puts below target classes."""
    if not above:
        return frozenset()
    import pyoxigraph as ox

    stated = (quad.triple for quad in ox.parse(above, format=ox.RdfFormat.N_QUADS))
    targets = (target[1:-1].decode() for target in roles.targets)
    found = below(targets, subclasses(stated))
    return frozenset(f"<{iri}>".encode() for iri in found)


def _focus_nodes(
    facts: list[Facts], apart: set[int], named: Iterable[bytes], kinds: frozenset[bytes]
) -> int:
    """Count the nodes that shapes choose; what stands in several pieces counts once."""
    several = apart.union(*({hash(name) for name in one.borne} for one in facts))
    met = {hash(name) for name in named}
    count = 0
    for one in facts:
        chosen = set(one.chosen)
        chosen.update(node for kind, nodes in one.kinds.items() if kind in kinds for node in nodes)
        here = chosen & several
        met |= here
        count += len(chosen) - len(here)
    return count + len(met)


def _repeated(hashes: "Iterable[array[int]]") -> set[int]:
    """Give what stands in more than one piece; by buckets, to hold one part at a time."""
    buckets = [array("q") for _ in range(_BUCKETS)]
    for piece in hashes:
        for item in piece:
            buckets[item % _BUCKETS].append(item)
    found: set[int] = set()
    for bucket in buckets:
        seen: set[int] = set()
        for item in bucket:
            (found if item in seen else seen).add(item)
    return found
