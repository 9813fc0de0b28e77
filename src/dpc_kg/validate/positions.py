"""Where in an RDF file the statements stand that results are about: line and column, from 1.

Columns count characters. A line ends with a line feed. Kept are the places that are asked for.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from dpc_kg.validate.jsonplaces import json_places
from dpc_kg.validate.results import Result
from dpc_kg.validate.shaclreport import term
from dpc_kg.validate.shapesgraph import Term, parse, term_of
from dpc_kg.validate.turtleplaces import placed
from dpc_kg.validate.turtletokens import Unfamiliar
from dpc_kg.validate.xmlplaces import xml_places

_LINES = (".ttl", ".trig", ".nt", ".nq")
_XML = (".rdf", ".owl")
_INVERSE = re.compile(r"\^<([^<>]*)>")
_OWN_NODE = re.compile(r"_:(?:0_)?(b\d+)")
"""A node of the data as engines give it back: one of them puts the number of the graph first."""


@dataclass(frozen=True)
class Place:
    """A place in a text."""

    line: int
    character: int


@dataclass(frozen=True)
class Asked:
    """A statement that is looked for, as far as it is known."""

    subject: Term
    predicate: ox.NamedNode | None = None
    value: Term | None = None


def places(data: Path, results: Iterable[Result]) -> list[Place | None]:
    """Give the place of each result.

    With a value it is that of the value in its statement; without, the first value of the path;
    else the first statement of the focus node; None where the text does not tell it for certain.
    """
    wanted = [asked(result) for result in results]
    index = _Index(one for one in wanted if one is not None)
    try:
        _fill(index, data)
    except (Unfamiliar, UnicodeDecodeError):
        return [None] * len(wanted)
    return [None if one is None else index.place(one) for one in wanted]


def asked(result: Result) -> Asked | None:
    """Give the statement that a result is about; None where its focus node is a literal."""
    focus = _term(result.focus)
    value = None if result.value is None else _term(result.value)
    inverse = _INVERSE.fullmatch(result.path or "")
    if inverse and value is not None and not isinstance(value, ox.Literal):
        return Asked(value, ox.NamedNode(inverse[1]), focus)
    if isinstance(focus, ox.Literal):
        return None
    if not result.path or "<" in result.path:
        return Asked(focus)
    return Asked(focus, ox.NamedNode(result.path), value)


def _term(text: str) -> Term:
    own = _OWN_NODE.fullmatch(text)
    return ox.BlankNode(own[1]) if own else term(text)


class _Index:
    """The first place of each statement that is asked for, and of each part of it."""

    def __init__(self, wanted: Iterable[Asked]) -> None:
        self._known: dict[Asked, Place | int | None] = {}
        self._subjects: set[Term] = set()
        for one in wanted:
            self._subjects.add(one.subject)
            for part in _parts(one):
                self._known.setdefault(part, None)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is asked for."""
        return not self._subjects

    def add(
        self,
        subject: Term,
        predicate: ox.NamedNode | None,
        value: Term | None,
        at: "tuple[Place | int, Place | int]",
    ) -> None:
        """Take in a statement, as far as it is known, and where its subject and value begin."""
        if subject not in self._subjects:
            return
        self._keep(Asked(subject), at[0])
        if predicate is not None:
            self._keep(Asked(subject, predicate), at[1])
            if value is not None:
                self._keep(Asked(subject, predicate, value), at[1])

    def _keep(self, part: Asked, at: Place | int) -> None:
        if part in self._known and self._known[part] is None:
            self._known[part] = at

    def settle(self, text: str) -> None:
        """Turn offsets into lines and columns."""
        offsets = sorted({at for at in self._known.values() if isinstance(at, int)})
        settled = dict(zip(offsets, lines_of(text, offsets), strict=True))
        for part, at in self._known.items():
            if isinstance(at, int):
                self._known[part] = settled[at]

    def place(self, wanted: Asked) -> Place | None:
        """Give the place of a statement; where it does not stand there, of its subject."""
        found = (self._known[part] for part in _parts(wanted))
        return next((place for place in found if isinstance(place, Place)), None)


def _parts(wanted: Asked) -> tuple[Asked, ...]:
    """Give what is looked for in turn; a value that is not found is not taken for another one."""
    return (wanted,) if wanted.predicate is None else (wanted, Asked(wanted.subject))


def lines_of(text: str, offsets: Iterable[int]) -> Iterator[Place]:
    """Give the lines and columns of offsets that come in order."""
    line, start, before = 1, 0, 0
    for offset in offsets:
        passed = text.count("\n", before, offset)
        if passed:
            line += passed
            start = text.rfind("\n", before, offset) + 1
        before = offset
        yield Place(line, offset - start + 1)


def _fill(index: _Index, data: Path) -> None:
    """Look the file through.

    Raises:
        Unfamiliar: its places cannot be told.
    """
    ending = data.suffix.lower()
    if index.is_empty:
        return
    if ending in _LINES:
        text = data.read_bytes().decode("utf-8-sig")
        for triple, subject, value in placed(text, parse(data)):
            own = term_of(triple.subject)
            index.add(own, triple.predicate, term_of(triple.object), (subject, value))
        index.settle(text)
    elif ending == ".jsonld":
        text = data.read_bytes().decode("utf-8-sig")
        for node, start in json_places(text, data.resolve().as_uri()):
            index.add(node, None, None, (start, start))
        index.settle(text)
    elif ending in _XML:

        def take(
            node: Term, path: ox.NamedNode | None, value: Term | None, at: tuple[int, int]
        ) -> None:
            index.add(node, path, value, (Place(*at), Place(*at)))

        xml_places(data.read_bytes(), data.resolve().as_uri(), take)
