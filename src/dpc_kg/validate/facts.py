"""What a piece of a file of quads holds and what it refers to, noted line by line.

Nodes are noted as hashes of their IRIs: a large file has many.
"""

import re
from array import array
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from dpc_kg.base.vocab import RDF_TYPE
from dpc_kg.validate.focus import SUBCLASS
from dpc_kg.validate.locality import Locality
from dpc_kg.validate.sparqlreach import INVERSE

_TYPE, _CLASS, _BEARING, _FOLLOWED, _TYPED, _INCOMING, _BORNE = (1 << bit for bit in range(7))
_FORM = "a line is not in the canonical form"
_WHOLE = _CLASS | _INCOMING | _BORNE
"""Roles of lines that are kept."""

_STATEMENT = re.compile(rb'\n(<[^>]*>) <([^>]*)> (?:(<[^>]*>)|")')


class NotCuttable(Exception):
    """The data cannot be cut without changing results: it must be validated in one go."""


@dataclass(frozen=True)
class Roles:
    """What the lines of some predicates mean for cutting; ``back`` are steps against the arrow.

    ``targets`` are the target classes and those known to be below them, as N-Quads terms.
    """

    of: Mapping[bytes, int]
    back: Mapping[bytes, int]
    targets: frozenset[bytes]


@dataclass(frozen=True)
class Facts:
    """Of one piece: its subjects, those that are targets, and what it needs from other pieces.

    ``kinds``: subjects by a class that is no target as far as is known. ``followed`` and ``typed``:
    nodes elsewhere whose lines, or whose classes, are read. ``pointing``: lines about nodes
    elsewhere, of predicates that are read from their values or make these targets; ``borne``: those
    that a line of this piece makes a target. ``above``: lines of a class hierarchy.
    """

    subjects: "array[int]"
    chosen: "array[int]"
    kinds: Mapping[bytes, "array[int]"]
    followed: "array[int]"
    typed: "array[int]"
    pointing: tuple[tuple[int, bytes], ...]
    borne: frozenset[bytes]
    above: tuple[bytes, ...]


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
    return Roles(of, back, frozenset(f"<{iri}>".encode() for iri in classes))


def statements(own: bytes) -> list[tuple[bytes, bytes, bytes]]:
    """Give subject, predicate without brackets, and value of each line; of a literal nothing.

    Raises:
        NotCuttable: a line is not as our writer writes it.
    """
    found: list[tuple[bytes, bytes, bytes]] = _STATEMENT.findall(b"\n" + own)
    # each is at the start of a line, so if there are as many as lines, each line is one
    if len(found) != own.count(b"\n") or own[-1:] not in (b"\n", b""):
        raise NotCuttable(_FORM)
    return found


def check_form(own: bytes) -> None:
    """Check that a piece is as our writer writes it.

    Raises:
        NotCuttable: it is not, or has blank nodes.
    """
    _refuse_blank(own)
    statements(own)


def survey(own: bytes, roles: Roles) -> Facts:
    """Note the facts of a piece.

    Raises:
        NotCuttable: it is not as our writer writes it, has blank nodes, or chooses a literal.
    """
    _refuse_blank(own)
    found = statements(own)
    get = roles.of.get
    subjects = {hash(subject) for subject in {subject for subject, _, _ in found}}
    with_role = [
        (role, hash(subject), value, place)
        for place, (subject, predicate, value) in enumerate(found)
        if (role := get(predicate))
    ]
    chosen: set[int] = set()
    kinds: dict[bytes, array[int]] = {}
    followed: set[int] = set()
    typed: set[int] = set()
    pointing: dict[tuple[bytes, bytes], tuple[int, bytes]] = {}
    borne: set[bytes] = set()
    above: list[bytes] = []
    lines = own.split(b"\n") if any(one[0] & _WHOLE for one in with_role) else []
    for role, subject, value, place in with_role:
        if role & _TYPE and value in roles.targets:
            chosen.add(subject)
        elif role & _TYPE:
            kinds.setdefault(value, array("q")).append(subject)
        if role & _BEARING:
            chosen.add(subject)
        if role & _CLASS:
            above.append(lines[place] + b"\n")
        if not value:
            _refuse_chosen(role)
            continue
        if role & _FOLLOWED:
            followed.add(hash(value))
        if role & _TYPED:
            typed.add(hash(value))
        if role & _BORNE:
            chosen.add(hash(value))
            borne.add(value)
        if role & (_INCOMING | _BORNE):
            # where the line only makes its value a target, one of each predicate is enough
            key = lines[place] if role & _INCOMING else found[place][1]
            pointing.setdefault((value, key), (hash(value), lines[place] + b"\n"))
    return Facts(
        array("q", subjects),
        array("q", chosen),
        kinds,
        array("q", followed - subjects),
        array("q", typed - subjects),
        tuple(found for found in pointing.values() if found[0] not in subjects),
        frozenset(value for value in borne if hash(value) not in subjects),
        tuple(above),
    )


def _refuse_blank(own: bytes) -> None:
    # the one rare byte is sought first: that is ten times faster than to seek all three
    if b"_" in own and b" _:" in own:
        raise NotCuttable("there are blank nodes")


def _refuse_chosen(role: int) -> None:
    if role & _BORNE:
        raise NotCuttable("a literal is a target")


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
