"""Writing the triples map of one kind of record into a graph: its pairs, constants and calls."""

from rdflib import BNode, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from dpc_kg.base.vocab import FN, RML
from dpc_kg.model import fields as shapes

PRECISION = "month"
"""How far dates are cut."""

_RML = Namespace(RML)
_FN = Namespace(FN)


class Pen:
    """Writes about one triples map, ``head``, whose records are of the class ``cls``."""

    def __init__(self, graph: Graph, head: URIRef, cls: str) -> None:
        self.graph = graph
        self.head = head
        self.cls = cls

    def add(self, subject: Node, predicate: URIRef, value: Node) -> None:
        """Write one statement."""
        self.graph.add((subject, predicate, value))

    def pair(self, prop: str, value: Node) -> None:
        """Write that a property gets what an object map makes."""
        pair = BNode()
        self.add(self.head, _RML.predicateObjectMap, pair)
        self.add(pair, _RML.predicate, URIRef(prop))
        self.add(pair, _RML.objectMap, value)

    def instant(self, prop: str, reference: str) -> None:
        """Write a date cut to its month, and how far it was cut where the class tells."""
        made = self.call("instant", value=self.reference(reference), precision=PRECISION)
        self.pair(prop, made)
        companion = f"{prop}Precision"
        if (self.cls, companion) in shapes.fields():
            again = self.reference(reference)
            self.pair(companion, self.call("precision", value=again, precision=PRECISION))

    def constant(self, iri: str) -> Node:
        """Give the map of a constant, or that of the lifting organisation where none is given."""
        if not iri:
            return self.call("organization")
        node = BNode()
        self.add(node, _RML.constant, URIRef(iri))
        return node

    def reference(self, text: str) -> Node:
        """Give the map of a column or field."""
        node = BNode()
        self.add(node, _RML.reference, Literal(text))
        return node

    def call(self, function: str, **inputs: Node | str) -> BNode:
        """Give the map of what a function makes; a text is a constant."""
        node, execution = BNode(), BNode()
        self.add(node, _RML.functionExecution, execution)
        self.add(execution, _RML.function, _FN[function])
        for parameter, value in inputs.items():
            item = BNode()
            self.add(execution, _RML.input, item)
            self.add(item, _RML.parameter, _FN[parameter])
            if not isinstance(value, BNode):
                self.add(item, _RML.inputValue, Literal(value))
            else:
                self.add(item, _RML.inputValueMap, value)
        return node
