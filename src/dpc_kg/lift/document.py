"""An RML document as a graph of its own: read by pyoxigraph, old vocabularies rewritten on load.

Old terms (``http://semweb.mmlab.be/ns/rml#``, ``http://www.w3.org/ns/r2rml#``) become those of
``http://w3id.org/rml/``; the documents compile alike from there on.
"""

import re
from collections import defaultdict
from pathlib import Path
from typing import NoReturn

import pyoxigraph as ox

from dpc_kg.base.errors import MappingError
from dpc_kg.base.rdfguard import ADVICE, harm
from dpc_kg.base.vocab import FN, RML, local_name

Node = ox.NamedNode | ox.BlankNode | ox.Literal

_OLD_RML = "http://semweb.mmlab.be/ns/rml#"
_R2RML = "http://www.w3.org/ns/r2rml#"
_OLD_QL = "http://semweb.mmlab.be/ns/ql#"
_OLD_FNML = "http://semweb.mmlab.be/ns/fnml#"
_OLD = (_R2RML, _OLD_RML, _OLD_QL, _OLD_FNML)
_FORMATS = "http://www.w3.org/ns/formats/"
_RENAMED = {
    _R2RML + "column": RML + "reference",
    _R2RML + "logicalTable": RML + "logicalSource",
    _OLD_RML + "languageMap": RML + "languageMap",
}
_FORMATS_OF = {".ttl": ox.RdfFormat.TURTLE, ".nt": ox.RdfFormat.N_TRIPLES}


class Document:
    """The statements of an RML document, by subject and property."""

    def __init__(self, path: Path, data: bytes | None = None) -> None:
        """Read the document, or its bytes where they have been read.

        Raises:
            MappingError: it is not there, or not well-formed Turtle; gives the line.
        """
        self.path = path
        data = document_bytes(path) if data is None else data
        self.text = data.decode("utf-8", errors="replace")
        self.is_old = False
        self.found: dict[Node, dict[str, list[Node]]] = defaultdict(lambda: defaultdict(list))
        form = _FORMATS_OF.get(path.suffix.lower(), ox.RdfFormat.TURTLE)
        base = f"file:///{path.name}"
        found = harm(data, form.file_extension)
        if found is not None:
            problem, advice = ADVICE[found[0]]
            raise MappingError(problem, file=str(path), line=found[1], advice=advice)
        try:
            for quad in ox.parse(data, format=form, base_iri=base):
                subject, item = self._new(quad.subject), self._new(quad.object)
                self.found[subject][str(self._new(quad.predicate).value)].append(item)
        except SyntaxError as e:
            raise MappingError(
                "Not well-formed RDF.",
                file=str(path),
                line=e.lineno,
                advice="Mend it here; the document is read as Turtle.",
            ) from e

    def _new(self, node: object) -> Node:
        """Give a term in the new vocabulary."""
        if isinstance(node, ox.NamedNode):
            iri = node.value
            if not iri.startswith(_OLD):
                return node
            for old in _OLD:
                if iri.startswith(old):
                    self.is_old = True
                    return ox.NamedNode(_RENAMED.get(iri, RML + iri.removeprefix(old)))
        if isinstance(node, ox.BlankNode | ox.Literal):
            return node
        raise MappingError("A quoted triple has no place in a mapping.", file=str(self.path))

    # -- looking up

    def subjects(self) -> list[Node]:
        """Give every node that something is said of, in the order of the document."""
        return list(self.found)

    def all(self, node: Node, *names: str) -> list[Node]:
        """Give the values of properties of the RML vocabulary, in the order of the document."""
        pairs = self.found.get(node)
        return [] if pairs is None else [o for name in names for o in pairs.get(RML + name, [])]

    def one(self, node: Node, *names: str) -> Node | None:
        """Give the first value of properties of the RML vocabulary."""
        pairs = self.found.get(node)
        if pairs is not None:
            for name in names:
                found = pairs.get(RML + name)
                if found:
                    return found[0]
        return None

    def text_of(self, node: Node, name: str) -> str | None:
        """Give the text (or IRI) of a property's value."""
        found = self.one(node, name)
        return None if found is None else value(found)

    def ours(self, node: Node, name: str) -> Node | None:
        """Give the value of a property of our own function vocabulary."""
        pairs = self.found.get(node)
        return next(iter(pairs.get(FN + name, [])), None) if pairs is not None else None

    def other(self, node: Node, iri: str) -> Node | None:
        """Give the value of a property of any vocabulary."""
        pairs = self.found.get(node)
        return next(iter(pairs.get(iri, [])), None) if pairs is not None else None

    def said(self, node: Node) -> dict[str, list[Node]]:
        """Give all that is said of a node, by property."""
        return dict(self.found.get(node, {}))

    # -- saying where

    def name(self, node: Node) -> str:
        """Give the short name of a node, as messages and plans use it."""
        return local_name(node.value) if isinstance(node, ox.NamedNode) else "anonymous"

    def line(self, node: Node | None) -> int | None:
        """Give the line on which a named node is described; None for an anonymous one."""
        if not isinstance(node, ox.NamedNode):
            return None
        word = re.escape(self.name(node))
        match = re.search(rf"^\s*(?:[\w.-]*:{word}|<[^>]*{word}>)(?=\s|$)", self.text, re.MULTILINE)
        if match is None:
            return None
        return self.text.count("\n", 0, match.end()) + 1

    def fail(self, message: str, node: Node | None, advice: str | None = None) -> NoReturn:
        """Refuse the document, naming the node and its line."""
        raise MappingError(
            message,
            file=self.path.name,
            line=self.line(node),
            term=None if node is None else self.name(node),
            advice=advice,
        )


def document_bytes(path: Path) -> bytes:
    """Read a document.

    Raises:
        MappingError: it cannot be read.
    """
    try:
        return path.read_bytes()
    except OSError as e:
        raise MappingError("The mapping cannot be read.", file=str(path)) from e


def value(node: Node) -> str:
    """Give the text of a literal, the IRI of a node, the label of a blank node."""
    return str(node.value)
