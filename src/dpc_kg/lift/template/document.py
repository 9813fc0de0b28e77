"""The RML document of the template: one triples map a sheet, as canonical Turtle."""

from rdflib import RDF, BNode, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from dpc_kg.base.rdfio import canonical_turtle
from dpc_kg.base.vocab import BASE, FN, RML, local_name
from dpc_kg.lift.mapdraft.pen import Pen
from dpc_kg.lift.template.sheets import (
    CODE,
    COUNTRY,
    DATE,
    INTEGER,
    LINK,
    NUMBER,
    ORGANIZATION,
    Column,
    Sheet,
    source_name,
)

NAME = "template"
_RML = Namespace(RML)
_FN = Namespace(FN)
_OWN = Namespace(f"{BASE}mappings/{NAME}#")
_WAYS = {COUNTRY: "country", INTEGER: "integer", ORGANIZATION: "organizationNamed"}


def document(sheets: tuple[Sheet, ...]) -> str:
    """Give the mapping document of the sheets as Turtle."""
    graph = Graph(bind_namespaces="none")
    graph.bind(NAME, _OWN)
    for sheet in sheets:
        _Writer(graph, sheet).write()
    return canonical_turtle(graph)


def _head(cls: str) -> URIRef:
    return _OWN[local_name(cls)]


class _Writer(Pen):
    def __init__(self, graph: Graph, sheet: Sheet) -> None:
        super().__init__(graph, _head(sheet.cls), sheet.cls)
        self.sheet = sheet

    def write(self) -> None:
        subject = self.entity(self.sheet.key)
        self.add(self.head, RDF.type, _RML.TriplesMap)
        self.add(self.head, _RML.logicalSource, self.source())
        self.add(self.head, _RML.subjectMap, subject)
        self.add(subject, _RML["class"], URIRef(self.sheet.cls))
        for prop in self.sheet.own:
            self.pair(prop, self.constant(""))
        for prop, start, end in self.sheet.between:
            dates = {"from": self.date(start), "to": self.date(end)}
            self.pair(prop, self.call("seconds", **dates))
        for column in self.sheet.columns:
            self.column(column)

    def source(self) -> URIRef:
        """Describe the sheet: any may be left out, and its title is in the office's language."""
        node, file = _OWN[f"{local_name(self.sheet.cls)}Sheet"], BNode()
        self.add(node, RDF.type, _RML.LogicalSource)
        self.add(node, _RML.referenceFormulation, _RML.CSV)
        self.add(node, _RML.source, file)
        self.add(file, RDF.type, _RML.RelativePathSource)
        self.add(file, _RML.root, _RML.MappingDirectory)
        self.add(file, _RML.path, Literal(f"sample.{self.sheet.name}.csv"))
        self.add(file, _FN.sourceName, Literal(self.sheet.name))
        self.add(file, _FN.optional, Literal(True))
        self.add(node, _FN.recordKey, Literal(self.sheet.key.name))
        self.add(node, _FN.recordMap, self.head)
        return node

    def entity(self, column: Column) -> BNode:
        """Give the map of the record that a number names."""
        return self.call("entity", type=source_name(column.target), key=self.reference(column.name))

    def date(self, prop: str) -> Node:
        return self.reference(self.sheet.of(prop).name)

    def column(self, column: Column) -> None:
        if column.kind == NUMBER or column.prop is None:
            return
        if column.kind == DATE:
            self.instant(column.prop, column.name)
            return
        self.pair(column.prop, self.made(column))

    def made(self, column: Column) -> Node:
        """Give the map of what a cell becomes."""
        if column.kind == LINK:
            made = self.entity(column)
            self.add(made, _FN.mustExist, _head(column.target))
            return made
        value = self.reference(column.name)
        if column.kind == CODE:
            return self.call("code", list=column.scheme, scheme=column.scheme, value=value)
        return self.call(_WAYS[column.kind], value=value)
