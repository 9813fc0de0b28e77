"""The RML document of a draft: one triples map a source, in the canonical form of our Turtle."""

from rdflib import RDF, BNode, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from dpc_kg.base.rdfio import canonical_turtle
from dpc_kg.base.vocab import BASE, FN, RML, local_name
from dpc_kg.lift.mapdraft.choose import Choice, SourceDraft
from dpc_kg.lift.mapdraft.codes import list_name
from dpc_kg.lift.mapdraft.pen import Pen
from dpc_kg.lift.mapdraft.words import words

_RML = Namespace(RML)
_FN = Namespace(FN)
_CSVW = Namespace("http://www.w3.org/ns/csvw#")


def document(name: str, drafts: tuple[SourceDraft, ...]) -> str:
    """Give the mapping document of some sources as Turtle."""
    graph = Graph(bind_namespaces="none")
    own = Namespace(f"{BASE}mappings/{name}#")
    graph.bind(name, own)
    for draft in drafts:
        _Writer(graph, own, draft).write()
    return canonical_turtle(graph)


class _Writer(Pen):
    def __init__(self, graph: Graph, own: Namespace, draft: SourceDraft) -> None:
        self.own = own
        self.draft = draft
        self.title = "".join(w.capitalize() for w in draft.observed.name.split("-"))
        super().__init__(graph, own[f"{self.title}-{local_name(draft.cls)}"], draft.cls)

    def write(self) -> None:
        self.add(self.head, RDF.type, _RML.TriplesMap)
        self.add(self.head, _RML.logicalSource, self.source())
        self.add(self.head, _RML.subjectMap, self.subject())
        for prop, constant in self.draft.constants:
            self.pair(prop, self.constant(constant))
        for choice in self.draft.choices:
            if choice.match is not None:
                self.placed(choice)

    def source(self) -> URIRef:
        observed = self.draft.observed
        node, file = self.own[self.title], BNode()
        self.add(node, RDF.type, _RML.LogicalSource)
        self.add(node, _RML.referenceFormulation, _RML[observed.formulation])
        if observed.iterator is not None:
            self.add(node, _RML.iterator, Literal(observed.iterator))
        self.add(node, _RML.source, file)
        self.add(file, RDF.type, _RML.RelativePathSource)
        self.add(file, _RML.root, _RML.MappingDirectory)
        self.add(file, _RML.path, Literal(f"{observed.name}.{observed.ending}"))
        self.add(file, _FN.sourceName, Literal(observed.name))
        self.sheet(file)
        self.add(node, _FN.recordKey, Literal(self.draft.key.reference))
        self.add(node, _FN.recordMap, self.head)
        if self.draft.version is not None:
            self.add(node, _FN.recordVersion, Literal(self.draft.version.reference))
        return node

    def sheet(self, file: Node) -> None:
        """Say of a workbook which sheet is read, and from which row on, as far as it must be."""
        sheet = self.draft.observed.sheet
        if sheet is None:
            return
        if sheet.named:
            self.add(file, _FN.table, Literal(sheet.title))
        if sheet.header > 1:
            dialect = BNode()
            self.graph.bind("csvw", _CSVW)
            self.add(file, _CSVW.dialect, dialect)
            self.add(dialect, RDF.type, _CSVW.Dialect)
            self.add(dialect, _CSVW.skipRows, Literal(sheet.header - 1))

    def subject(self) -> Node:
        kind = "-".join(words(local_name(self.draft.cls)))
        node = self.call("entity", type=kind, key=self.reference(self.draft.key.reference))
        self.add(node, _RML["class"], URIRef(self.draft.cls))
        return node

    def placed(self, choice: Choice) -> None:
        found = choice.match
        if found is None:
            return
        prop = found.prop.iri
        if found.way == "instant":
            self.instant(prop, choice.field.reference)
            return
        value = self.reference(choice.field.reference)
        if found.way == "code":
            listed = list_name(self.draft, choice)
            inputs: dict[str, Node | str] = {"list": listed, "scheme": found.scheme, "value": value}
            if found.blank:
                inputs["default"] = found.blank
            self.pair(prop, self.call("code", **inputs))
        else:
            self.pair(prop, self.call(found.way, value=value))
