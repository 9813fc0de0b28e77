"""The CONSTRUCT queries of ``queries/construct``, filled with the rows of an alignment.

A query is written by hand, runs as it is and gives nothing; a line ``VALUES (?a ?b) { } # name``
is a slot that is filled with the rows of that name. What a query means stands in the query, which
term stands for which in the rows.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pyoxigraph as ox

from dpc_kg.base import assets
from dpc_kg.base.errors import DpcError
from dpc_kg.base.vocab import BASE

Cell = ox.NamedNode | ox.Literal | None
Rows = Mapping[str, Iterable[tuple[Cell, ...]]]

_NOTHING = f"<{BASE}nothing>"
_SLOT = re.compile(r"VALUES \(([^)]*)\) \{ \} # ([a-z-]+)$", re.MULTILINE)
_NAME = re.compile(r"([a-z0-9-]+)-(out|in)-([0-9])-[a-z-]+")


@dataclass(frozen=True)
class Query:
    """One filled query. ``name`` is its file's name without ending."""

    name: str
    text: str


def iri(text: str) -> ox.NamedNode:
    """Give the cell of an IRI."""
    return ox.NamedNode(text)


def word(text: str) -> ox.Literal:
    """Give the cell of a plain text."""
    return ox.Literal(text)


def queries(way: str, families: Iterable[str], rows: Rows) -> tuple[Query, ...]:
    """Give the filled queries of one way (``out`` or ``in``), in the order they are run in.

    Args:
        way: ``out`` from our terms, ``in`` into them.
        families: the first part of the files' names: ``align``, ``places``, ``case-uco``.
        rows: the rows of each slot; a slot without rows stays empty.

    Raises:
        DpcError: a row does not fit its slot.
    """
    wanted = set(families)
    found = []
    for path in (assets.root() / "queries" / "construct").glob("*.rq"):
        name = _NAME.fullmatch(path.stem)
        if name is not None and name[1] in wanted and name[2] == way:
            found.append((name[3], path.stem, path))
    texts = ((stem, path.read_text(encoding="utf-8")) for _, stem, path in sorted(found))
    return tuple(Query(stem, fill(text, rows, stem)) for stem, text in texts)


def fill(text: str, rows: Rows, name: str = "") -> str:
    """Give a query with its slots filled.

    Raises:
        DpcError: a row has more or fewer cells than its slot has variables.

    >>> fill("VALUES (?a) { } # names", {"names": [(word("x"),)]})
    'VALUES (?a) { ("x") }'
    """

    def filled(slot: re.Match[str]) -> str:
        width = len(slot[1].split())
        lines = []
        for row in rows.get(slot[2], ()):
            if len(row) != width:
                raise DpcError("A row does not fit its query.", file=name, term=slot[2])
            lines.append(f"({' '.join('UNDEF' if cell is None else str(cell) for cell in row)})")
        # rdflib fails on a table without rows, so an empty one has a row that nothing matches
        lines = lines or [f"({' '.join([_NOTHING] * width)})"]
        return f"VALUES ({slot[1]}) {{ {' '.join(lines)} }}"

    return _SLOT.sub(filled, text)


def slots(text: str) -> dict[str, int]:
    """Give the slots of a query by name, each with the number of its variables."""
    return {slot[2]: len(slot[1].split()) for slot in _SLOT.finditer(text)}
