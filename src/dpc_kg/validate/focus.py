"""Which nodes the shapes choose: a run that meets none proves nothing."""

from collections.abc import Iterable

import pyoxigraph as ox

from dpc_kg.base.vocab import RDF_TYPE, RDFS, SH
from dpc_kg.validate.shapesgraph import ShapesGraph

SUBCLASS = RDFS + "subClassOf"


def subclasses(triples: Iterable[ox.Triple]) -> list[tuple[str, str]]:
    """Give the pairs (subclass, superclass) that triples state."""
    return [
        (triple.subject.value, triple.object.value)
        for triple in triples
        if triple.predicate.value == SUBCLASS
        and isinstance(triple.subject, ox.NamedNode | ox.BlankNode)
        and isinstance(triple.object, ox.NamedNode | ox.BlankNode)
    ]


def below(classes: Iterable[str], pairs: Iterable[tuple[str, str]]) -> frozenset[str]:
    """Give the classes and all their subclasses.

    >>> sorted(below({"a"}, [("b", "a"), ("c", "b"), ("d", "e")]))
    ['a', 'b', 'c']
    """
    children: dict[str, list[str]] = {}
    for child, parent in pairs:
        children.setdefault(parent, []).append(child)
    found: set[str] = set()
    pending = list(classes)
    while pending:
        item = pending.pop()
        if item not in found:
            found.add(item)
            pending += children.get(item, [])
    return frozenset(found)


def count_focus(triples: list[ox.Triple], shapes: ShapesGraph) -> int:
    """Count the nodes that the targets of all shapes choose (SHACL 1.0, section 2.1.3)."""
    classes = below(_values(shapes, "targetClass"), subclasses(triples))
    by_subject = _values(shapes, "targetSubjectsOf")
    by_object = _values(shapes, "targetObjectsOf")
    found = {str(node) for node in shapes.target_values("targetNode")}
    for triple in triples:
        predicate, value = triple.predicate.value, triple.object
        is_target = predicate == RDF_TYPE and _bare(value) in classes
        if is_target or predicate in by_subject:
            found.add(str(triple.subject))
        if predicate in by_object:
            found.add(str(value))
    return len(found | _selected(triples, shapes))


def _bare(term: object) -> str:
    return term.value if isinstance(term, ox.NamedNode | ox.BlankNode) else ""


def _values(shapes: ShapesGraph, kind: str) -> set[str]:
    return {value.value for value in shapes.target_values(kind)}


def _selected(triples: list[ox.Triple], shapes: ShapesGraph) -> set[str]:
    """Give the nodes chosen by SPARQL targets (SHACL Advanced Features, section 3)."""
    texts = {
        text.value
        for target in shapes.target_values("target")
        for text in shapes.objects(target, SH + "select")
    }
    if not texts:
        return set()
    store = ox.Store()
    store.extend(ox.Quad(t.subject, t.predicate, t.object) for t in triples)
    found: set[str] = set()
    for text in texts:
        solutions = store.query(text)
        if isinstance(solutions, ox.QuerySolutions):
            found |= {str(solution["this"]) for solution in solutions}
    return found
