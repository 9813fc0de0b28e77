"""The reference engine: pySHACL, which runs everywhere and is compared with the fast one.

It sees literals as SHACL means them: ``"a"^^xsd:string`` is ``"a"``, and ``01`` is not ``1``
(rdflib takes the first two for two terms and rewrites the third when it parses). Ill-formed
literals are marked, patterns written as Python reads them. What stays: it refuses dates outside the
years 1 to 9999 and the hour 24, which Python has not.
"""

import contextlib
import io
import logging
import warnings
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import pyoxigraph as ox

from dpc_kg.base.errors import DpcError
from dpc_kg.base.vocab import RDF, SH, XSD
from dpc_kg.validate.cost import Rates
from dpc_kg.validate.marking import marked_triples, unmarked
from dpc_kg.validate.patterns import for_python
from dpc_kg.validate.results import Result
from dpc_kg.validate.shapesgraph import ShapesGraph, Term, restore, shape_name, term_of
from dpc_kg.validate.shapesguard import MAX_SHAPES, place

if TYPE_CHECKING:
    from rdflib import Graph
    from rdflib.term import Node

_TRUE = ox.Literal("true", datatype=ox.NamedNode(XSD + "boolean"))
_PATH_SIGNS = {"zeroOrMorePath": "*", "oneOrMorePath": "+", "zeroOrOnePath": "?"}


class ReferenceEngine:
    """pySHACL: pure Python, one thread."""

    name = "pyshacl"
    threads = 1
    rates = Rates(check=20e-6, edge=4e-7, round=0, seconds_given=60)

    def compile(self, shapes: ShapesGraph) -> "ReferenceShapes":
        """Make shapes ready."""
        advanced = bool(shapes.subjects(SH + "target") or shapes.subjects(SH + "expression"))
        with _quiet():
            graph = to_rdflib(_for_python(shapes))
        return ReferenceShapes(graph, shapes, advanced)


class ReferenceShapes:
    """Shapes as an rdflib graph.

    Prefixes are bound in the data too: pySHACL does not follow ``owl:imports`` to find them.
    """

    def __init__(self, shapes: "Graph", source: ShapesGraph, advanced: bool) -> None:
        self._shapes = shapes
        self._source = source
        self._prefixes = source.prefixes()
        self._advanced = advanced

    def validate(self, quads: bytes) -> list[Result]:
        """Give the results of the union of all graphs in N-Quads.

        Raises:
            ValueError: not well-formed.
            DpcError: pySHACL cannot use the shapes.
        """
        import pyshacl

        from dpc_kg.validate.holding import Endless, held
        from dpc_kg.validate.strictliteral import strictly

        try:
            parsed = [quad.triple for quad in ox.parse(quads, format=ox.RdfFormat.N_QUADS)]
        except SyntaxError as e:
            raise ValueError("not well-formed") from e
        try:
            with _quiet(), strictly(), held(fixed=not self._advanced):
                data = to_rdflib(parsed)
                for prefix, namespace in self._prefixes.items():
                    data.bind(prefix, namespace)
                _, report, _ = pyshacl.validate(
                    data,
                    shacl_graph=self._shapes,
                    advanced=self._advanced,
                    inplace=True,
                    do_owl_imports=False,
                    max_validation_depth=MAX_SHAPES + 1,
                )
        except Endless as e:
            raise _endless(self._source, e.pattern) from None
        except (MemoryError, RecursionError):
            raise
        except Exception as e:  # rdflib's parsers raise plain Exception through pySHACL
            raise _unusable(e, self._source.file) from e
        if isinstance(report, Exception):
            raise _unusable(report, self._source.file)
        return _results(report)


def to_rdflib(triples: Iterable[ox.Triple]) -> "Graph":
    """Give triples as an rdflib graph, every literal with the lexical form it was written in.

    Ill-formed literals are marked: pySHACL takes for well-formed what Python can read.
    """
    from rdflib import Graph

    graph = Graph(bind_namespaces="none")
    for triple in marked_triples(triples):
        graph.add((_node(triple.subject), _node(triple.predicate), _node(triple.object)))
    return graph


def _for_python(shapes: ShapesGraph) -> Iterator[ox.Triple]:
    """Give the shapes as pySHACL must have them to do what SHACL says."""
    for triple in shapes.triples:
        subject, predicate, value = triple.subject, triple.predicate, triple.object
        # it takes any word for true
        if predicate.value == SH + "uniqueLang" and value != _TRUE:
            continue
        if predicate.value == SH + "pattern" and isinstance(value, ox.Literal):
            value = ox.Literal(_pattern(shapes, term_of(subject), value))
        yield ox.Triple(subject, predicate, value)


def _pattern(shapes: ShapesGraph, shape: Term, pattern: Term) -> str:
    flags = "".join(flag.value for flag in shapes.objects(shape, SH + "flags"))
    return for_python(pattern.value, flags)


def _endless(shapes: ShapesGraph, pattern: str) -> DpcError:
    owners = (
        (shape, each)
        for shape in shapes.subjects(SH + "pattern")
        for each in shapes.objects(shape, SH + "pattern")
        if _pattern(shapes, shape, each) == pattern
    )
    owner = next(owners, None)
    file, line = place(shapes, owner[1].value) if owner else (shapes.file, None)
    return DpcError(
        "A pattern takes too long on a value.",
        file=file,
        line=line,
        term=shape_name(owner[0]) if owner else None,
        advice="Write it so that each part of a text fits one part of it only: (a+)+ fits in very "
        "many ways; or use the engine shacl.",
    )


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keep rdflib from telling of values: they are cells of a partner's file."""
    logger = logging.getLogger("rdflib.term")
    logger.addFilter(_nothing)
    try:
        # pySHACL prints what it meets: standard output belongs to the report
        with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.removeFilter(_nothing)


def _nothing(_: logging.LogRecord) -> bool:
    return False


def _node(term: object) -> "Node":
    from rdflib import BNode, URIRef

    from dpc_kg.validate.strictliteral import StrictLiteral

    if isinstance(term, ox.NamedNode):
        return URIRef(term.value)
    if isinstance(term, ox.BlankNode):
        return BNode(term.value)
    if not isinstance(term, ox.Literal):
        raise DpcError("A quoted triple cannot be validated.")
    if term.language:
        return StrictLiteral(term.value, lang=term.language)
    if term.datatype.value == XSD + "string":
        return StrictLiteral(term.value)
    return StrictLiteral(term.value, datatype=URIRef(term.datatype.value), normalize=False)


def _unusable(error: object, file: str | None) -> DpcError:
    name = type(error).__name__
    text = f"pySHACL cannot use these shapes ({name})."
    return DpcError(text, file=file, advice="Mend the shapes; the engine shacl says more of it.")


def _results(report: "Graph") -> list[Result]:
    from rdflib import URIRef

    shacl_results = report.subject_objects(URIRef(SH + "result"))
    return [_result(report, node) for _, node in shacl_results]


def _result(report: "Graph", node: "Node") -> Result:
    details = (_one(report, detail, "sourceShape") for detail in _all(report, node, "detail"))
    path = _all(report, node, "resultPath")
    return Result(
        focus=_one(report, node, "focusNode") or "",
        path=_path(report, path[0], top=True) if path else None,
        value=_one(report, node, "value"),
        component=_one(report, node, "sourceConstraintComponent") or "",
        source_shape=_one(report, node, "sourceShape"),
        severity=_one(report, node, "resultSeverity") or "",
        inner=tuple(sorted(shape for shape in details if shape)),
    )


def _all(report: "Graph", node: "Node", name: str) -> "list[Node]":
    from rdflib import URIRef

    return list(report.objects(node, URIRef(SH + name)))


def _one(report: "Graph", node: "Node", name: str) -> str | None:
    found = _all(report, node, name)
    return restore(_string(found[0])) if found else None


def _string(term: "Node") -> str:
    from rdflib import BNode, Literal

    if isinstance(term, Literal):
        if term.language:
            return str(ox.Literal(str(term), language=term.language))
        datatype = ox.NamedNode(str(term.datatype or XSD + "string"))
        return unmarked(str(ox.Literal(str(term), datatype=datatype)))
    return f"_:{term}" if isinstance(term, BNode) else str(term)


def _path(report: "Graph", path: "Node", *, top: bool = False) -> str:
    """Give an RDF path as a SPARQL property path, in the fast engine's form."""
    from rdflib import URIRef
    from rdflib.collection import Collection

    if isinstance(path, URIRef):
        return str(path) if top else f"<{path}>"
    if report.value(path, URIRef(RDF + "first")) is not None:
        return "(" + "/".join(_path(report, step) for step in Collection(report, path)) + ")"
    for inner in _all(report, path, "inversePath"):
        return "^" + _path(report, inner)
    for either in _all(report, path, "alternativePath"):
        return "(" + "|".join(_path(report, step) for step in Collection(report, either)) + ")"
    for name, sign in _PATH_SIGNS.items():
        for inner in _all(report, path, name):
            return f"({_path(report, inner)}){sign}"
    raise DpcError("A path of these shapes is not well-formed.")
