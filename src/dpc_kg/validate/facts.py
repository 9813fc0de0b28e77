"""What a piece of a file of quads holds and what it refers to, noted line by line.

Nodes are noted as hashes of their IRIs: a large file has many.
"""

import re
from array import array
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from dpc_kg.base.vocab import RDF_TYPE
from dpc_kg.validate.focus import SUBCLASS
from dpc_kg.validate.locality import Locality
from dpc_kg.validate.quadlines import (
    NotCuttable,
    lines_of,
    refuse_blank,
    statements,
    subjects,
)
from dpc_kg.validate.sparqlreach import INVERSE

_TYPE, _CLASS, _BEARING, _FOLLOWED, _TYPED, _INCOMING, _BORNE = (1 << bit for bit in range(7))


@dataclass(frozen=True)
class Roles:
    """What the lines of some predicates mean for cutting; ``back`` are steps against the arrow.

    ``targets`` are the target classes and those known to be below them, as N-Quads terms;
    ``pattern`` finds the lines of the predicates in ``of``, except those of ``bearing``, which only
    make their subjects targets: most subjects are some already.
    """

    of: Mapping[bytes, int]
    back: Mapping[bytes, int]
    targets: frozenset[bytes]
    pattern: re.Pattern[bytes]
    bearing: re.Pattern[bytes] | None


@dataclass(frozen=True)
class Facts:
    """Of one piece: its subjects, those that are targets, and what it needs from other pieces.

    ``kinds``: subjects by a class that is no target as far as is known. ``followed`` and ``typed``:
    nodes elsewhere whose lines, or whose classes, are read. ``pointing``: lines about nodes
    elsewhere, of predicates that are read from their values or make these targets, by node and by
    what one line is enough of; ``borne``: those that a line of this piece makes a target.
    ``above``: lines of a class hierarchy.
    """

    subjects: "array[int]"
    chosen: "array[int]"
    kinds: Mapping[bytes, "array[int]"]
    followed: "array[int]"
    typed: "array[int]"
    pointing: Mapping[tuple[int, bytes], bytes]
    borne: frozenset[bytes]
    above: tuple[bytes, ...]

    @property
    def is_alone(self) -> bool:
        """Whether the piece needs nothing of others, as far as it can tell itself."""
        return not (self.followed or self.typed or self.borne)


def roles_of(reads: Locality, classes: Iterable[str]) -> Roles:
    """Give the roles of predicates for shapes that read as said.

    Raises:
        NotCuttable: the class hierarchy itself is read from its classes.
    """
    if SUBCLASS in reads.bearing | reads.borne | reads.incoming:
        raise NotCuttable("the class hierarchy itself is looked at")
    of: dict[bytes, int] = {}
    back: dict[bytes, int] = {}
    for iri, role in ((RDF_TYPE, _TYPE), (SUBCLASS, _CLASS)):
        of[iri.encode()] = role
    for names, role in (
        (reads.bearing, _BEARING),
        (reads.borne, _BORNE),
        (reads.incoming, _INCOMING),
        (reads.followed, _FOLLOWED),
        (reads.typed, _TYPED),
    ):
        for name in names:
            ways, iri = (back, name[1:]) if name.startswith(INVERSE) else (of, name)
            key = iri.encode()
            ways[key] = ways.get(key, 0) | role
    targets = frozenset(f"<{iri}>".encode() for iri in classes)
    only_bear = {name for name, role in of.items() if role == _BEARING}
    return Roles(
        of,
        back,
        targets,
        lines_of(of.keys() - only_bear),
        lines_of(only_bear) if only_bear else None,
    )


def survey(own: bytes, roles: Roles) -> Facts:
    """Note the facts of a piece.

    Raises:
        NotCuttable: it is not as our writer writes it, has blank nodes, or chooses a literal.
    """
    refuse_blank(own)
    subjects_here = {hash(subject) for subject in subjects(own)}
    noted = _Noted(roles)
    lines: dict[bytes, list[_Line]] = {}
    for line in roles.pattern.findall(b"\n" + own):
        lines.setdefault(line[1], []).append(line)
    for predicate, some in lines.items():
        noted.note(roles.of[predicate], some)
    if roles.bearing and not subjects_here <= noted.chosen:
        noted.note(_BEARING, roles.bearing.findall(b"\n" + own))
    nodes = array("q", subjects_here)
    return Facts(
        nodes,
        # mostly the same: a large file has many
        nodes if noted.chosen == subjects_here else array("q", noted.chosen),
        {kind: array("q", some) for kind, some in noted.kinds.items()},
        array("q", noted.followed - subjects_here),
        array("q", noted.typed - subjects_here),
        {key: line for key, line in noted.pointing.items() if key[0] not in subjects_here},
        frozenset(value for value in noted.borne if hash(value) not in subjects_here),
        tuple(noted.above),
    )


_Line = tuple[bytes, bytes, bytes, bytes]
"""Subject, predicate, value (nothing of a literal) and what comes after."""


@dataclass
class _Noted:
    """What the lines of some predicates tell of a piece; fields as those of ``Facts``."""

    roles: Roles
    chosen: set[int] = field(default_factory=set)
    kinds: dict[bytes, list[int]] = field(default_factory=dict)
    followed: set[int] = field(default_factory=set)
    typed: set[int] = field(default_factory=set)
    pointing: dict[tuple[int, bytes], bytes] = field(default_factory=dict)
    borne: set[bytes] = field(default_factory=set)
    above: list[bytes] = field(default_factory=list)

    def note(self, role: int, lines: list[_Line]) -> None:
        """Note lines of one predicate."""
        if role & _TYPE:
            self._types(lines)
        if role & _BEARING:
            self.chosen.update([hash(subject) for subject, _, _, _ in lines])
        if role & _CLASS:
            self.above += [_text(line) for line in lines]
        if role & _FOLLOWED:
            self.followed.update([hash(value) for _, _, value, _ in lines if value])
        if role & _TYPED:
            self.typed.update([hash(value) for _, _, value, _ in lines if value])
        if role & _BORNE:
            self._values(lines)
        if role & (_INCOMING | _BORNE):
            self._points(role, lines)

    def _types(self, lines: list[_Line]) -> None:
        targets = self.roles.targets
        for subject, _, value, _ in lines:
            if value in targets:
                self.chosen.add(hash(subject))
            else:
                self.kinds.setdefault(value, []).append(hash(subject))

    def _values(self, lines: list[_Line]) -> None:
        values = {value for _, _, value, _ in lines}
        if b"" in values:
            raise NotCuttable("a literal is a target")
        self.chosen.update(hash(value) for value in values)
        self.borne |= values

    def _points(self, role: int, lines: list[_Line]) -> None:
        for line in lines:
            predicate, value = line[1:3]
            if value:
                # where it only makes its value a target, one of each predicate is enough
                key = _text(line) if role & _INCOMING else predicate
                self.pointing.setdefault((hash(value), key), _text(line))


def _text(line: _Line) -> bytes:
    return b"%b <%b> %b%b\n" % line


@dataclass(frozen=True)
class Links:
    """Where the shapes go from a node: to nodes whose lines are read, or whose classes are."""

    followed: frozenset[int]
    typed: frozenset[int]


def links(lines: Iterable[bytes], pointing: Iterable[bytes], roles: Roles) -> Links:
    """Give where the shapes go from a node, by its own lines and by those that point at it."""
    followed: set[int] = set()
    typed: set[int] = set()
    found = [(roles.of.get(name, 0), value) for _, name, value in statements(b"".join(lines))]
    found += [(roles.back.get(name, 0), node) for node, name, _ in statements(b"".join(pointing))]
    for role, node in found:
        if role & _FOLLOWED and node:
            followed.add(hash(node))
        if role & _TYPED and node:
            typed.add(hash(node))
    return Links(frozenset(followed), frozenset(typed))


def is_type(line: bytes) -> bool:
    """Tell whether a line states a class."""
    return line.startswith(b"<" + RDF_TYPE.encode() + b">", line.index(b"> ") + 2)


def pointers(own: bytes, predicates: Iterable[str]) -> Iterator[tuple[bytes, bytes]]:
    """Give the lines of some predicates whose value is an IRI: the value, the line."""
    for predicate in predicates:
        # a pattern that starts with fixed text is sought ten times faster than others
        head = re.escape(f"> <{predicate}>".encode())
        for found in re.finditer(head + rb"[ \t]*(<[^>]*>)", own):
            start = own.rfind(b"\n", 0, found.start()) + 1
            if b" " not in own[start : found.start()]:
                yield found[1], own[start : own.index(b"\n", found.end()) + 1]


def bears(role: int) -> bool:
    """Tell whether lines of a role make their value a target."""
    return bool(role & _BORNE)
