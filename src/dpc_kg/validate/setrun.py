"""Ask set queries of the data of a file, in a store in memory that holds what they read."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

import pyoxigraph as ox

from dpc_kg.base.vocab import RDF_TYPE, SH, XSD
from dpc_kg.validate.focus import SUBCLASS, below, subclasses
from dpc_kg.validate.marking import marked, unmarked
from dpc_kg.validate.pieces import CHUNK_BYTES, read_pieces
from dpc_kg.validate.quadlines import NotCuttable, any_of, check_form
from dpc_kg.validate.results import Result, bare
from dpc_kg.validate.setqueries import SetQuery
from dpc_kg.validate.shapesgraph import restore

_COMPONENT = SH + "SPARQLConstraintComponent"
_PLAIN = {
    XSD + "string": re.compile(r"", re.DOTALL),
    XSD + "anyURI": re.compile(r"", re.DOTALL),
    XSD + "integer": re.compile(r"(?:0|-?[1-9][0-9]{0,17})$"),
    XSD + "boolean": re.compile(r"(?:true|false)$"),
    XSD + "date": re.compile(r"[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}$"),
    XSD + "dateTime": re.compile(
        r"[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-9]{2}:[0-9]{2}Z$"
    ),
}
"""Forms of literals that the store is known to give back as they are, without asking it."""


def run_file(
    data: Path, queries: Iterable[SetQuery], hierarchy: Iterable[ox.Triple]
) -> Iterator[Result]:
    """Give the results of set queries on the union of the graphs of an N-Quads file.

    Raises:
        NotCuttable: lines are not in the canonical form, there are blank nodes, or the store would
            not keep a literal as it is written.
        DpcError: the file is missing.
    """
    asked = tuple(queries)
    store = ox.Store()
    store.bulk_extend(quads_of(hierarchy))
    try:
        store.bulk_extend(quads_of(_triples(data, asked)))
    except SyntaxError as e:
        raise NotCuttable("a line is damaged: the engine tells which") from e
    yield from run_store(store, asked)


def run_store(store: ox.Store, queries: Iterable[SetQuery]) -> Iterator[Result]:
    """Give the results of set queries on the default graph of a store."""
    stated = store.quads_for_pattern(None, ox.NamedNode(SUBCLASS), None, ox.DefaultGraph())
    pairs = subclasses(quad.triple for quad in stated)
    for query in queries:
        found = store.query(query.text(below(query.targets.classes, pairs)))
        if isinstance(found, ox.QuerySolutions):
            yield from _results(query, found)


def _results(query: SetQuery, solutions: ox.QuerySolutions) -> Iterator[Result]:
    """Give solutions as results (SHACL 1.0, section 5.3.2)."""
    names = {variable.value for variable in solutions.variables}
    for solution in solutions:
        focus = _text(solution["this"])
        value = solution["value"] if "value" in names else None
        if value is None and query.path is not None:
            raise NotCuttable("engines differ in the value of such a result")
        path = solution["path"] if "path" in names else None
        yield Result(
            focus=focus,
            path=path.value if isinstance(path, ox.NamedNode) else query.path,
            value=focus if value is None else _text(value),
            component=_COMPONENT,
            source_shape=restore(query.shape),
            severity=query.severity,
        )


def _text(term: object) -> str:
    return unmarked(bare(str(term)))


def _triples(data: Path, queries: tuple[SetQuery, ...]) -> Iterator[ox.Triple]:
    """Give the triples that queries can read."""
    wanted = _wanted(queries)
    for _, piece in read_pieces(data, CHUNK_BYTES):
        check_form(piece)
        text = b"".join(wanted.findall(b"\n" + piece)) if wanted else piece
        for quad in ox.parse(marked(text), format=ox.RdfFormat.N_QUADS):
            if isinstance(quad.object, ox.Literal) and not _is_kept(quad.object):
                raise NotCuttable("the store would write a literal in another form")
            yield quad.triple


def _wanted(queries: tuple[SetQuery, ...]) -> "re.Pattern[bytes] | None":
    read = {RDF_TYPE, SUBCLASS}
    for query in queries:
        if query.predicates is None:
            return None
        read |= query.predicates | query.targets.subjects_of | query.targets.objects_of
    names = any_of(name.encode() for name in read)
    return re.compile(rb"\n<[^>]*> <" + names + rb"> .*")


def _is_kept(literal: ox.Literal) -> bool:
    """Tell whether a store gives a literal back as it is: of ``007`` it makes ``7``."""
    if literal.language:
        return True
    plain = _PLAIN.get(literal.datatype.value)
    return bool(plain and plain.match(literal.value)) or _comes_back(literal)


@lru_cache(maxsize=10_000)
def _comes_back(literal: ox.Literal) -> bool:
    node = ox.NamedNode("urn:dpc:literal")
    store = ox.Store()
    store.add(ox.Quad(node, node, literal))
    return all(quad.object == literal for quad in store)


def quads_of(triples: Iterable[ox.Triple]) -> Iterator[ox.Quad]:
    """Give triples as quads of the default graph."""
    return (ox.Quad(triple.subject, triple.predicate, triple.object) for triple in triples)
