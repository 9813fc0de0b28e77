"""How engines are told which literals are ill-formed: under a datatype that nobody asks for.

So ``sh:datatype`` refuses such a literal wherever in a shape it stands, nothing can be compared
with it, and equal ones stay equal. Results have the datatype back. The one who can see it is a
query that asks an ill-formed literal for its datatype.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

import pyoxigraph as ox

from dpc_kg.base.vocab import XSD
from dpc_kg.validate.lexical import well_formed

ILL = "urn:dpc:ill-formed:"
"""Before the IRI of the datatype that an ill-formed literal was given."""

_FAST = (
    "base64Binary|dateTimeStamp|dayTimeDuration|duration|gDay|gMonth|gMonthDay|gYear|gYearMonth"
    "|hexBinary|language|normalizedString|time|token|yearMonthDuration"
)
_SUSPECTS = (
    re.compile(rf'"\^\^<{re.escape(XSD)}(?:{_FAST})>'.encode()),
    re.compile(rb'"-?[0-9]{10}'),
)
"""Datatypes whose forms the fast engine does not know, and years that are too long for it.

Two patterns that start with fixed text are sought faster than one with alternatives.
"""

_LONG = 1_000
"""Bytes of a line above which its value is not kept."""

_MARK = f'"^^<{ILL}'


def marked(quads: bytes) -> bytes:
    """Give N-Quads with the ill-formed literals marked that the fast engine does not see."""
    out: list[bytes] = []
    done = 0
    for place in sorted(found.start() for one in _SUSPECTS for found in one.finditer(quads)):
        if place < done:
            continue
        start = quads.rfind(b"\n", 0, place) + 1
        end = quads.find(b"\n", place) + 1 or len(quads)
        if end - start < _LONG and not _is_marked(quads[quads.find(b'"', start, end) : end]):
            continue
        out += [quads[done:start], _line(quads[start:end])]
        done = end
    return b"".join([*out, quads[done:]]) if done else quads


def marked_triples(triples: Iterable[ox.Triple]) -> Iterator[ox.Triple]:
    """Give triples with every ill-formed literal marked."""
    for triple in triples:
        value = triple.object
        if isinstance(value, ox.Literal) and not value.language:
            value = marked_literal(value)
        yield ox.Triple(triple.subject, triple.predicate, value)


def marked_literal(literal: ox.Literal) -> ox.Literal:
    """Give a literal under the datatype of ill-formed ones if it is one."""
    datatype = literal.datatype.value
    if well_formed(literal.value, datatype):
        return literal
    return ox.Literal(literal.value, datatype=ox.NamedNode(ILL + datatype))


def unmarked(term: str) -> str:
    """Give a term of a result with its own datatype.

    >>> unmarked('"x"^^<urn:dpc:ill-formed:http://www.w3.org/2001/XMLSchema#gYear>')
    '"x"^^<http://www.w3.org/2001/XMLSchema#gYear>'
    """
    head, mark, datatype = term.rpartition(_MARK)
    return f'{head}"^^<{datatype}' if mark else term


@lru_cache(maxsize=10_000)
def _is_marked(value: bytes) -> bool:
    """Tell whether the value that ends a line gets a mark; the same years come again and again."""
    line = b"<urn:s> <urn:p> " + value
    return _line(line) != line


def _line(line: bytes) -> bytes:
    """Give a line with its literal marked; a damaged one as it is, for the engine to refuse."""
    try:
        quads = list(ox.parse(line, format=ox.RdfFormat.N_QUADS))
    except SyntaxError:
        return line
    triples = marked_triples(quad.triple for quad in quads)
    named = [
        ox.Quad(triple.subject, triple.predicate, triple.object, quad.graph_name)
        for triple, quad in zip(triples, quads, strict=True)
    ]
    return ox.serialize(named, format=ox.RdfFormat.N_QUADS) or b""
