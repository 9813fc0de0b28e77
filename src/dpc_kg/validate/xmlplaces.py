"""Where the nodes and properties of RDF/XML stand: the tags of their elements.

A node without a name has no place. Source: RDF 1.1 XML Syntax, section 6.
"""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urljoin
from xml.parsers import expat  # a document type was refused before

import pyoxigraph as ox

from dpc_kg.base.vocab import RDF, RDF_TYPE, XSD
from dpc_kg.validate.shapesgraph import Term
from dpc_kg.validate.turtletokens import Unfamiliar

_XML = "http://www.w3.org/XML/1998/namespace"
_PLAIN = {RDF + name for name in ("about", "ID", "nodeID", "resource", "datatype", "parseType")}
_GAP = " "

_OF_TEXTS = {RDF + "datatype", RDF + "ID"}

Take = Callable[[ox.NamedNode, ox.NamedNode | None, Term | None, tuple[int, int]], None]
"""Takes subject, predicate and value as far as they are known, and line and column of the tag."""


@dataclass
class _Element:
    """An open element: ``node`` whether its children are properties; ``iri`` its subject.

    ``link`` is the statement that a node in it is the value of, with its place.
    """

    node: bool
    iri: str | None
    base: str
    lang: str
    skipped: bool = False
    link: "tuple[ox.NamedNode, ox.NamedNode, tuple[int, int]] | None" = None


@dataclass(frozen=True)
class _Tag:
    """The start of an element: its name, its attributes that say something, its place."""

    name: str
    named: dict[str, str]
    at: tuple[int, int]


@dataclass
class _Property:
    """An open property whose value is its text, as long as no element begins in it."""

    subject: ox.NamedNode
    predicate: ox.NamedNode
    datatype: str | None
    lang: str
    at: tuple[int, int]
    text: str = ""


def xml_places(data: bytes, base: str, take: Take) -> None:
    """Have the places of well-formed RDF/XML taken in the order of the text.

    Raises:
        Unfamiliar: it is not what this reader takes for well-formed.
    """
    reader = _Reader(base, take)
    try:
        reader.parser.Parse(data, True)
    except (expat.ExpatError, ValueError) as e:
        raise Unfamiliar from e


class _Reader:
    """Takes elements in turn as nodes and as properties."""

    def __init__(self, base: str, take: Take) -> None:
        self._take = take
        self.parser = expat.ParserCreate(namespace_separator=_GAP)
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self._open = [_Element(False, None, base, "")]
        self._property: _Property | None = None

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        outer = self._open[-1]
        named = {name.replace(_GAP, "", 1): value for name, value in attributes.items()}
        base = urljoin(outer.base, named.pop(_XML + "base", ""))
        lang = named.pop(_XML + "lang", outer.lang).lower()
        at = (self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber + 1)
        start = _Tag(tag.replace(_GAP, "", 1), named, at)
        self._property = None
        made = _Element(False, None, base, lang, outer.skipped)
        self._open.append(made)
        if outer.skipped or (start.name == RDF + "RDF" and len(self._open) == 2):
            return
        if outer.node:
            self._add_property(outer, start, made)
        else:
            made.node = True
            self._add_node(outer, start, made)

    def _add_node(self, outer: _Element, start: _Tag, made: _Element) -> None:
        name, named, at = start.name, start.named, start.at
        about = named.get(RDF + "about")
        if RDF + "ID" in named:
            about = "#" + named[RDF + "ID"]
        if about is None:
            return
        made.iri = urljoin(made.base, about) if about else made.base.partition("#")[0]
        subject = ox.NamedNode(made.iri)
        self._take(subject, None, None, at)
        if outer.link:
            self._take(outer.link[0], outer.link[1], subject, outer.link[2])
        if name != RDF + "Description":
            self._take(subject, ox.NamedNode(RDF_TYPE), ox.NamedNode(name), at)
        for key, value in named.items():
            if key not in _PLAIN and ":" in key:
                literal = ox.Literal(value, language=made.lang) if made.lang else ox.Literal(value)
                term = ox.NamedNode(urljoin(made.base, value)) if key == RDF_TYPE else literal
                self._take(subject, ox.NamedNode(key), term, at)

    def _add_property(self, outer: _Element, start: _Tag, made: _Element) -> None:
        name, named, at = start.name, start.named, start.at
        how = named.get(RDF + "parseType")
        made.skipped = how not in (None, "Resource", "Collection")
        made.node = how == "Resource"  # what stands in it is said of a node without a name
        if outer.iri is None or name == RDF + "li":
            return
        subject, predicate = ox.NamedNode(outer.iri), ox.NamedNode(name)
        resource = named.get(RDF + "resource")
        if resource is not None:
            iri = urljoin(made.base, resource) if resource else made.base.partition("#")[0]
            self._take(subject, predicate, ox.NamedNode(iri), at)
            return
        self._take(subject, predicate, None, at)
        if how is None:
            made.link = (subject, predicate, at)
            if set(named) <= _OF_TEXTS:
                datatype = named.get(RDF + "datatype")
                self._property = _Property(subject, predicate, datatype, made.lang, at)

    def _text(self, text: str) -> None:
        if self._property is not None:
            self._property.text += text

    def _end(self, _tag: str) -> None:
        self._open.pop()
        found, self._property = self._property, None
        if found is None:
            return
        value = ox.Literal(found.text, datatype=ox.NamedNode(found.datatype or XSD + "string"))
        if found.datatype is None and found.lang:
            value = ox.Literal(found.text, language=found.lang)
        self._take(found.subject, found.predicate, value, found.at)
