"""rdflib literals as SPARQL compares them: of two datatypes that have no order, none is less.

rdflib orders them all, by the names of their datatypes, so that a list can be sorted.
"""

import contextlib
from collections.abc import Iterator
from typing import Any

import rdflib
from rdflib import Literal

from dpc_kg.base.vocab import XSD
from dpc_kg.validate.marking import ILL

_INTEGERS = "integer long int short byte nonNegativeInteger positiveInteger nonPositiveInteger "
_MORE = "negativeInteger unsignedLong unsignedInt unsignedShort unsignedByte decimal float double"
_NUMERIC = frozenset(XSD + name for name in (_INTEGERS + _MORE).split())


class StrictLiteral(Literal):
    """A literal that is less than what it can be compared with, and than nothing else."""

    def __lt__(self, other: Any) -> bool:
        return _comparable(self, other) and super().__lt__(other)

    def __le__(self, other: Any) -> bool:
        return _comparable(self, other) and super().__le__(other)


def _comparable(one: Literal, other: Any) -> bool:
    if not isinstance(other, Literal):
        return False
    kinds = [str(literal.datatype or XSD + "string") for literal in (one, other)]
    if any(kind.startswith(ILL) for kind in kinds):
        return False
    return kinds[0] == kinds[1] or _NUMERIC.issuperset(kinds)


@contextlib.contextmanager
def strictly() -> Iterator[None]:
    """Let literals of two datatypes be neither equal nor unequal, as in SPARQL."""
    before = rdflib.DAWG_LITERAL_COLLATION
    rdflib.DAWG_LITERAL_COLLATION = True
    try:
        yield
    finally:
        rdflib.DAWG_LITERAL_COLLATION = before
