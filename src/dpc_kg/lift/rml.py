"""Compile an RML document (``http://w3id.org/rml/``: Core, Logical Views, FNML, IO) to a plan.

Specification: RML-Core, RML-LV, RML-FNML, RML-IO (Knowledge Graph Construction community group).
What is not compiled is refused by name, never skipped.
"""

from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from dpc_kg.base.vocab import RDF_TYPE, RML
from dpc_kg.lift import lists
from dpc_kg.lift.document import Document, Node, document_bytes, value
from dpc_kg.lift.logical import Logical, conditions_of
from dpc_kg.lift.paths import is_list_path
from dpc_kg.lift.plan import (
    Const,
    Join,
    Plan,
    PredicateObject,
    Ref,
    RowNode,
    Template,
    TermMap,
    TriplesPlan,
    expressions,
    references,
    terms,
)
from dpc_kg.lift.termmaps import IRI_KINDS, Terms, both, constant
from dpc_kg.lift.wellformed import check_plan

_SUBJECT = ("subjectMap", "subject")


def compile_rml(path: Path) -> Plan:
    """Give the plan of an RML document; one whose bytes have not changed is compiled once.

    Raises:
        MappingError: the document cannot be read or uses what is not supported; names the
            triples map and its line.
    """
    return _compiled(path, document_bytes(path))


@lru_cache(maxsize=16)
def _compiled(path: Path, data: bytes) -> Plan:
    document = Document(path, data)
    plan = _Compiler(document).plan()
    check_plan(plan, document)
    return plan


class _Compiler:
    def __init__(self, document: Document) -> None:
        self.document = document
        self.terms = Terms(document)
        self.logical = Logical(document, self.terms.expression)

    def plan(self) -> Plan:
        doc = self.document
        heads = sorted((n for n in doc.subjects() if self._is_head(n)), key=doc.name)
        if not heads:
            doc.fail("There is no triples map in this document.", None)
        maps = [part for head in heads for part in self.triples_map(head)]
        # the old language knows no natural datatypes
        naturals = {} if doc.is_old else self._naturals(maps)
        views = self.logical.fill(self._wanted(maps), naturals)
        used = {v.source for v in views}
        sources = [s for s in self.logical.sources.values() if s.name in used]
        return Plan(
            tuple(sorted(sources, key=lambda s: s.name)),
            tuple(sorted(views, key=lambda v: v.name)),
            tuple(maps),
            of_old=doc.is_old,
        )

    def _is_head(self, node: Node) -> bool:
        said = self.document.found[node]
        if any(RML + n in said for n in _SUBJECT):
            return True
        return any(value(k) == RML + "TriplesMap" for k in said.get(RDF_TYPE, ()))

    # -- triples maps

    def triples_map(self, node: Node) -> list[TriplesPlan]:
        """Give the parts of a triples map: its lists are read apart from its single values."""
        doc = self.document
        logical = doc.one(node, "logicalSource")
        if logical is None:
            doc.fail("A triples map has no rml:logicalSource.", node)
        subjects = [(n, False) for n in doc.all(node, "subjectMap")]
        subjects += [(n, True) for n in doc.all(node, "subject")]
        if len(subjects) != 1:
            doc.fail("A triples map needs exactly one subject map.", node)
        subject_node, short = subjects[0]
        subject = self.terms.of(subject_node, "subject", node, short=short)
        if subject.kind == "literal":
            doc.fail("A subject cannot be a literal.", node)
        graphs = () if short else self.graphs(subject_node, node)
        classes = [] if short else doc.all(subject_node, "class")
        pairs = [PredicateObject(_type(), constant(cls), graphs) for cls in classes]
        for pom in doc.all(node, "predicateObjectMap"):
            pairs += self.pairs(pom, graphs, node)
        pairs.sort(key=repr)
        shared = doc.ours(node, "sharedNode")
        made = TriplesPlan(
            doc.name(node),
            self.logical.view(logical, node).name,
            subject,
            tuple(pairs),
            shared is not None and value(shared) == "true",
            doc.text_of(node, "baseIRI"),
        )
        if doc.one(logical, "viewOn") is not None:
            return [made]
        formulation = self.logical.source(logical).formulation
        parts = []
        for part in self._apart(made, logical, node, formulation):
            single, again = lists.apart(part, formulation)
            self.logical.again.update(again)
            parts.append(single)
        return parts

    def _apart(
        self, made: TriplesPlan, logical: Node, node: Node, formulation: str
    ) -> list[TriplesPlan]:
        """Give a map's list-valued pairs each a view of its own, so that no row is repeated."""
        if formulation != "JSONPath":
            return [made]
        if any(is_list_path(n) for e in expressions(made.subject) for n in references(e)):
            return [made]
        many = [p for p in made.pairs if p.join is None and _reads_list(p)]
        if not many or len(made.pairs) == 1:
            return [made]
        rest = tuple(p for p in made.pairs if p not in many)
        parts = [replace(made, pairs=rest)]
        for number, pair in enumerate(many):
            view = self.logical.view(logical, node, f"~{number}")
            name = f"{made.name}~{number}"
            parts.append(replace(made, name=name, view=view.name, pairs=(pair,)))
        return parts

    def pairs(self, pom: Node, graphs: tuple[TermMap, ...], head: Node) -> list[PredicateObject]:
        doc = self.document
        out = []
        wanted = graphs + self.graphs(pom, head)
        condition = self.terms.condition(pom, head)
        objects = [(n, False) for n in doc.all(pom, "objectMap")]
        objects += [(n, True) for n in doc.all(pom, "object")]
        predicates = [(n, False) for n in doc.all(pom, "predicateMap")]
        predicates += [(n, True) for n in doc.all(pom, "predicate")]
        for predicate, short in predicates:
            made = self.terms.of(predicate, "predicate", head, short=short)
            if made.kind not in IRI_KINDS | {"term"}:
                doc.fail("A predicate must be an IRI.", head)
            made = replace(made, condition=both(made.condition, condition))
            for item, is_constant in objects:
                term, join = self.object_map(item, head, is_constant)
                out.append(PredicateObject(made, term, wanted, join))
        return out

    def object_map(self, node: Node, head: Node, short: bool) -> tuple[TermMap, Join | None]:
        doc = self.document
        parent = None if short else doc.one(node, "parentTriplesMap")
        if parent is None:
            return self.terms.of(node, "object", head, short=short), None
        subject = doc.one(parent, *_SUBJECT)
        if subject is None:
            doc.fail("The parent triples map has no subject map.", head)
        conditions = conditions_of(doc, node, self.terms.expression)
        is_constant = doc.one(parent, "subjectMap") is None
        term = self.terms.of(subject, "subject", head, short=is_constant)
        return term, Join(doc.name(parent), conditions)

    def graphs(self, node: Node, head: Node) -> tuple[TermMap, ...]:
        doc = self.document
        found = [self.terms.of(n, "graph", head) for n in doc.all(node, "graphMap")]
        found += [constant(n) for n in doc.all(node, "graph")]
        for graph in found:
            if graph.kind == "literal" or isinstance(graph.expression, RowNode):
                doc.fail("A graph is named by an IRI or a blank node.", head)
        return tuple(found)

    # -- what is read of the views

    def _wanted(self, maps: list[TriplesPlan]) -> dict[str, set[str]]:
        """Give, by view, the fields that maps and joins read."""
        wanted: dict[str, set[str]] = {}
        heads = {m.name: m for m in maps}
        for plan in maps:
            own = wanted.setdefault(plan.view, set())
            own |= {n for t in terms(plan) for e in expressions(t) for n in references(e)}
            for pair in plan.pairs:
                if pair.join is None:
                    continue
                parent = heads.get(pair.join.parent)
                if parent is None:
                    self.document.fail(f"The parent triples map of {plan.name} is not there.", None)
                joined = wanted.setdefault(parent.view, set())
                joined |= {n for e in expressions(parent.subject) for n in references(e)}
                for child, other in pair.join.conditions:
                    own |= set(references(child))
                    joined |= set(references(other))
        return wanted

    def _naturals(self, maps: list[TriplesPlan]) -> dict[str, set[str]]:
        """Give, by view, the fields that terms are made of directly: they keep natural types."""
        found: dict[str, set[str]] = {}
        for plan in maps:
            own = found.setdefault(plan.view, set())
            for term in terms(plan):
                if isinstance(term.expression, Ref | Template):
                    own |= set(references(term.expression))
        return found


def _reads_list(pair: PredicateObject) -> bool:
    made = [e for t in (pair.predicate, pair.object, *pair.graphs) for e in expressions(t)]
    return any(is_list_path(n) for e in made for n in references(e))


def _type() -> TermMap:
    return TermMap(Const(f"<{RDF_TYPE}>"), "term")
