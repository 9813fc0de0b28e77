"""The shapes as one graph: read once, every shape with a name, for engines, locality, messages."""

from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

import pyoxigraph as ox

from dpc_kg.base.errors import DpcError
from dpc_kg.base.rdfguard import ADVICE, harm
from dpc_kg.base.vocab import RDF, RDF_TYPE, RDFS, SH, local_name

Term = ox.NamedNode | ox.BlankNode | ox.Literal

BLANK = "urn:dpc:blank:"
"""Names given to blank shapes while a run lasts: engines renumber blank nodes, each its own way."""

MAX_VALUE = 1 << 24
"""Bytes of one value: the parser's own limit."""

_UTF_16 = (BOM_UTF16_LE, BOM_UTF16_BE)
_FORMATS = {
    ".ttl": ox.RdfFormat.TURTLE,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".nq": ox.RdfFormat.N_QUADS,
    ".trig": ox.RdfFormat.TRIG,
    ".rdf": ox.RdfFormat.RDF_XML,
    ".owl": ox.RdfFormat.RDF_XML,
    ".jsonld": ox.RdfFormat.JSON_LD,
}
SHAPE_VALUED = frozenset(SH + name for name in ("property", "node", "not", "qualifiedValueShape"))
LIST_VALUED = frozenset(SH + name for name in ("and", "or", "xone"))
"""Predicates whose values are shapes, or lists of shapes (SHACL 1.0, section 3.4.3)."""
_TARGETS = tuple(
    SH + name for name in ("targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf")
)
_NIL = ox.NamedNode(RDF + "nil")


@dataclass(frozen=True, eq=False)
class ShapesGraph:
    """The triples of one or more shapes files, blank shapes named."""

    paths: tuple[Path, ...]
    triples: tuple[ox.Triple, ...]

    @property
    def file(self) -> str | None:
        """The name of the file that an error is about, as far as it is known."""
        return self.paths[0].name if self.paths else None

    @cached_property
    def text(self) -> str:
        """The graph as N-Triples."""
        found = ox.serialize(self.triples, format=ox.RdfFormat.N_TRIPLES)
        return (found or b"").decode()

    @cached_property
    def _out(self) -> dict[Term, dict[str, list[Term]]]:
        out: dict[Term, dict[str, list[Term]]] = {}
        for triple in self.triples:
            values = out.setdefault(term_of(triple.subject), {})
            values.setdefault(triple.predicate.value, []).append(term_of(triple.object))
        return out

    def objects(self, subject: Term, predicate: str) -> list[Term]:
        """Give the values of a predicate."""
        return self._out.get(subject, {}).get(predicate, [])

    def predicates(self, subject: Term) -> set[str]:
        """Give the predicates a subject has."""
        return set(self._out.get(subject, {}))

    @cached_property
    def _bearing(self) -> dict[str, list[Term]]:
        """The subjects that have each predicate, in a fixed order."""
        found: dict[str, list[Term]] = {}
        for subject, values in self._out.items():
            for predicate in values:
                found.setdefault(predicate, []).append(subject)
        return {predicate: sorted(each, key=str) for predicate, each in found.items()}

    @cached_property
    def _instances(self) -> dict[str, list[Term]]:
        """The instances of each class, in a fixed order."""
        found: dict[str, list[Term]] = {}
        for subject in self.subjects(RDF_TYPE):
            for cls in sorted(self.iris(subject, RDF_TYPE)):
                found.setdefault(cls, []).append(subject)
        return found

    def subjects(self, predicate: str) -> list[Term]:
        """Give the subjects that have a predicate, in a fixed order."""
        return list(self._bearing.get(predicate, ()))

    def members(self, head: Term) -> Iterator[Term]:
        """Give the members of an RDF list.

        Raises:
            DpcError: it leads back to itself.
        """
        seen: set[Term] = set()
        while head != _NIL:
            if head in seen:
                raise DpcError(
                    "A list leads back to itself.",
                    file=self.file,
                    advice="End it with rdf:nil, or write it in round brackets.",
                )
            seen.add(head)
            yield from self.objects(head, RDF + "first")[:1]
            rest = self.objects(head, RDF + "rest")
            head = rest[0] if rest else _NIL

    def listed(self) -> set[Term]:
        """Give the shapes that stand in the lists of others (``sh:and`` and the like)."""
        return {
            member
            for predicate in LIST_VALUED
            for subject in self.subjects(predicate)
            for head in self.objects(subject, predicate)
            for member in self.members(head)
        }

    def of_class(self, cls: str) -> list[Term]:
        """Give the instances of a class."""
        return list(self._instances.get(cls, ()))

    def iris(self, subject: Term, predicate: str) -> set[str]:
        """Give the IRIs among the values of a predicate."""
        values = self.objects(subject, predicate)
        return {value.value for value in values if isinstance(value, ox.NamedNode)}

    def prefixes(self) -> dict[str, str]:
        """Give the prefixes that ``sh:declare`` states."""
        owners = self.subjects(SH + "declare")
        found = {}
        for declared in (item for each in owners for item in self.objects(each, SH + "declare")):
            names = self.objects(declared, SH + "prefix")
            spaces = self.objects(declared, SH + "namespace")
            if names and spaces:
                found[names[0].value] = spaces[0].value
        return found

    def target_shapes(self) -> list[Term]:
        """Give the shapes that choose focus nodes, in a fixed order."""
        found = {shape for target in (*_TARGETS, SH + "target") for shape in self.subjects(target)}
        return sorted(found | set(self.class_shapes()), key=str)

    def target_values(self, kind: str) -> set[Term]:
        """Give the values of one kind of target, such as ``targetClass``; implicit ones too."""
        target = SH + kind
        found = {value for shape in self.subjects(target) for value in self.objects(shape, target)}
        return found | set(self.class_shapes()) if kind == "targetClass" else found

    def class_shapes(self) -> Iterator[Term]:
        """Give the shapes that are classes too: their targets are their own instances."""
        shapes = {*self.of_class(SH + "NodeShape"), *self.of_class(SH + "PropertyShape")}
        yield from (subject for subject in self.of_class(RDFS + "Class") if subject in shapes)


def shapes_graph(paths: Sequence[Path]) -> ShapesGraph:
    """Read shapes files into one graph; a file that has not changed is read once.

    Raises:
        DpcError: a file is missing or is not well-formed.
    """
    return _load(tuple(paths), tuple(_stamp(path) for path in paths))


def parse(path: Path, blank: str | None = "b") -> Iterator[ox.Triple]:
    """Give the triples of an RDF file, graph names dropped; the syntax follows from its ending.

    Blank nodes are numbered as they come, after ``blank``: the same file gives the same names. With
    None they have any names: that is three times faster.

    Raises:
        DpcError: unknown ending, missing file, a syntax error (with its line), or a value that is
            too long.
    """
    syntax = _FORMATS.get(path.suffix.lower())
    if syntax is None:
        known = " ".join(sorted(_FORMATS))
        raise DpcError("Unknown RDF file ending.", file=path.name, advice=f"Known: {known}.")
    data = _read(path, syntax)
    try:
        found = _quads(path, data, syntax)
        if blank is None:
            yield from (quad.triple for quad in found)
        else:
            yield from _numbered(found, blank)
    except MemoryError as e:
        if "buffer" not in str(e):
            raise
        raise _too_long(path, data) from None
    except SyntaxError as e:
        raise DpcError(
            "This is not well-formed RDF.",
            file=path.name,
            line=e.lineno,
            advice="Repair this line, or write the file anew.",
        ) from None


def _read(path: Path, syntax: ox.RdfFormat) -> bytes:
    """Give the bytes of a file that no parser can be harmed by, without a byte order mark."""
    try:
        data = path.read_bytes()
    except FileNotFoundError as e:
        raise DpcError("There is no such file.", file=str(path)) from e
    found = harm(data, syntax.file_extension)
    if found is not None:
        problem, advice = ADVICE[found[0]]
        raise DpcError(problem, file=path.name, line=found[1], advice=advice)
    if data.startswith(_UTF_16) and syntax != ox.RdfFormat.RDF_XML:
        raise DpcError(
            "The file is not in UTF-8.", file=path.name, advice="Export it again as UTF-8."
        )
    return data.removeprefix(BOM_UTF8)


def _quads(path: Path, data: bytes, syntax: ox.RdfFormat) -> Iterator[ox.Quad]:
    quads = ox.parse(data, format=syntax, base_iri=path.resolve().as_uri())
    if len(data) <= MAX_VALUE:
        return quads
    return _none_too_long(path, data, quads)


def _none_too_long(path: Path, data: bytes, quads: Iterator[ox.Quad]) -> Iterator[ox.Quad]:
    for quad in quads:
        if _is_too_long(quad.object):
            raise _too_long(path, data)
        yield quad


def _numbered(quads: Iterator[ox.Quad], blank: str) -> Iterator[ox.Triple]:
    names: dict[ox.BlankNode, ox.BlankNode] = {}
    for quad in quads:
        subject, value = quad.subject, quad.object
        bare = [node for node in (subject, value) if isinstance(node, ox.BlankNode)]
        if not bare:
            yield quad.triple
            continue
        for node in bare:
            if node not in names:
                names[node] = ox.BlankNode(f"{blank}{len(names)}")
        yield _rename(quad.triple, names)


def _is_too_long(term: object) -> bool:
    """Tell whether a term is longer than text syntaxes may have it; RDF/XML is read without end."""
    return isinstance(term, ox.Literal) and len(term.value) > MAX_VALUE


def _too_long(path: Path, data: bytes) -> DpcError:
    """Give the error of a file with a value that is too long, and its longest line."""
    lines = data.split(b"\n")
    longest = max(range(len(lines)), key=lambda number: len(lines[number]))
    return DpcError(
        f"A value is longer than {MAX_VALUE // 10**6} MB.",
        file=path.name,
        line=longest + 1 if len(lines[longest]) > MAX_VALUE else None,
        advice="Files, pictures and long texts have no place in the data: take it out.",
    )


def restore(term: str) -> str:
    """Give a term as the shapes file has it: names given to blank shapes become blank again."""
    return "_:" + term[len(BLANK) :] if term.startswith(BLANK) else term


def shape_node(term: str) -> ox.NamedNode:
    """Give the node that a shape of a result has in the shapes graph; see :func:`restore`."""
    return ox.NamedNode((BLANK + term[2:] if term.startswith("_:") else term) or BLANK)


def shape_name(shape: Term) -> str | None:
    """Give the local name of a shape; None of one without a name."""
    return None if shape.value.startswith(BLANK) else local_name(shape.value)


def _stamp(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except FileNotFoundError as e:
        raise DpcError("There is no such shapes file.", file=str(path)) from e


@lru_cache(maxsize=8)
def _load(paths: tuple[Path, ...], _stamps: tuple[int, ...]) -> ShapesGraph:
    graph = ShapesGraph(paths, tuple(triple for path in paths for triple in parse(path, None)))
    if not _blank_shapes(graph):
        return graph
    files = enumerate(paths, start=1)
    triples = [triple for number, path in files for triple in parse(path, f"f{number}b")]
    graph = ShapesGraph(paths, tuple(triples))
    names = {blank: ox.NamedNode(BLANK + blank.value) for blank in _blank_shapes(graph)}
    return ShapesGraph(paths, tuple(_rename(triple, names) for triple in triples))


def _blank_shapes(graph: ShapesGraph) -> set[ox.BlankNode]:
    found = {*graph.subjects(SH + "path"), *graph.listed()}
    for predicate in SHAPE_VALUED:
        for subject in graph.subjects(predicate):
            found.update(graph.objects(subject, predicate))
    return {shape for shape in found if isinstance(shape, ox.BlankNode)}


def _rename(
    triple: ox.Triple, names: Mapping[ox.BlankNode, ox.NamedNode | ox.BlankNode]
) -> ox.Triple:
    subject, value = triple.subject, triple.object
    if isinstance(subject, ox.BlankNode):
        subject = names.get(subject, subject)
    if isinstance(value, ox.BlankNode):
        value = names.get(value, value)
    return ox.Triple(subject, triple.predicate, value)


def term_of(term: object) -> Term:
    """Give a term of a triple as one that a shapes graph may hold.

    Raises:
        DpcError: it is a quoted triple.
    """
    if isinstance(term, ox.NamedNode | ox.BlankNode | ox.Literal):
        return term
    raise DpcError("A quoted triple cannot stand in a shapes graph.")
