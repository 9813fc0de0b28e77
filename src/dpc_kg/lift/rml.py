"""Compile an RML document (``http://w3id.org/rml/``: Core, Logical Views, FNML) to a plan.

Specification: RML-Core, RML-LV, RML-FNML (Knowledge Graph Construction community group).
What is not compiled is refused by name, never skipped.
"""

import re
from itertools import pairwise
from pathlib import Path
from typing import NoReturn

from rdflib import RDF, BNode, Graph, Literal, URIRef
from rdflib.term import Node

from dpc_kg.base.errors import DpcError, MappingError
from dpc_kg.base.rdfio import read
from dpc_kg.base.vocab import FN, RML, XSD, local_name
from dpc_kg.lift.plan import (
    Call,
    Const,
    Expression,
    Iterable,
    Join,
    Plan,
    PredicateObject,
    Ref,
    Source,
    Template,
    TermMap,
    TriplesPlan,
    View,
    references,
)
from dpc_kg.lift.wellformed import check_plan

_KINDS = {"IRI": "iri", "URI": "iri", "Literal": "literal", "BlankNode": "blank"}
_FORMULATIONS = {"CSV", "JSONPath", "XPath"}


def rml(name: str) -> URIRef:
    """Give a term of the RML vocabulary."""
    return URIRef(RML + name)


def dpcf(name: str) -> URIRef:
    """Give a term of our function vocabulary."""
    return URIRef(FN + name)


def compile_rml(path: Path) -> Plan:
    """Give the plan of an RML document.

    Raises:
        MappingError: the document cannot be read or uses what is not supported; names the
            triples map.
    """
    try:
        graph = read(path)
    except DpcError as e:
        raise MappingError(e.message, file=str(path), line=e.line, advice=e.advice) from e
    plan = _Compiler(graph, path).plan()
    check_plan(plan, path.name)
    return plan


class _Compiler:
    def __init__(self, graph: Graph, path: Path) -> None:
        self.graph = graph
        self.path = path
        self.sources: dict[Node, Source] = {}
        self.views: dict[Node, View] = {}

    def plan(self) -> Plan:
        heads = set(self.graph.subjects(RDF.type, rml("TriplesMap")))
        heads.update(*(self.graph.subjects(rml(name)) for name in ("subjectMap", "subject")))
        if not heads:
            self.fail("There is no triples map in this document.", None)
        maps = [self.triples_map(head) for head in sorted(heads, key=str)]
        self.fill_views(maps)
        return Plan(
            tuple(sorted(self.sources.values(), key=lambda s: s.name)),
            tuple(sorted(self.views.values(), key=lambda v: v.name)),
            tuple(maps),
        )

    def fail(self, message: str, node: Node | None, advice: str | None = None) -> NoReturn:
        term = self.name(node) if node is not None else None
        raise MappingError(message, file=self.path.name, term=term, advice=advice)

    def name(self, node: Node) -> str:
        return local_name(str(node)) if isinstance(node, URIRef) else f"anonymous {node}"

    def value(self, node: Node, *names: str) -> Node | None:
        for name in names:
            found = self.graph.value(node, rml(name))
            if found is not None:
                return found
        return None

    def text(self, node: Node, name: str) -> str | None:
        return None if (found := self.graph.value(node, rml(name))) is None else str(found)

    def ours(self, node: Node, name: str) -> str | None:
        return None if (found := self.graph.value(node, dpcf(name))) is None else str(found)

    # -- sources and views

    def source(self, node: Node) -> Source:
        if node in self.sources:
            return self.sources[node]
        given = self.value(node, "source")
        if given is None:
            self.fail("A logical source has no rml:source.", node)
        path = str(given) if isinstance(given, Literal) else self.text(given, "path")
        if path is None:
            self.fail("A source has no rml:path.", node, "Name the file, as in rml:path.")
        formulation = local_name(self.text(node, "referenceFormulation") or "")
        if formulation not in _FORMULATIONS:
            known = ", ".join(sorted(_FORMULATIONS))
            self.fail("This reference formulation is not supported.", node, f"Known: {known}.")
        record_map = self.graph.value(node, dpcf("recordMap"))
        named = None if isinstance(given, Literal) else self.ours(given, "sourceName")
        source = Source(
            name=named or Path(str(path)).stem,
            path=str(path),
            formulation=formulation,
            iterator=self.text(node, "iterator"),
            key=self.ours(node, "recordKey"),
            version=self.ours(node, "recordVersion"),
            record_map=None if record_map is None else self.name(record_map),
            optional=not isinstance(given, Literal) and self.ours(given, "optional") == "true",
        )
        self.sources[node] = source
        return source

    def view(self, node: Node) -> View:
        if node in self.views:
            return self.views[node]
        on = self.value(node, "viewOn")
        if on is None:
            source = self.source(node)
            view = View(f"{source.name}@{self.name(node)}", source.name, ())
        else:
            if self.value(node, "leftJoin", "innerJoin") is not None:
                self.fail("Joins between logical views are not supported yet.", node)
            source = self.source(on)
            fields, iterables = self.fields(node, "")
            view = View(self.name(node), source.name, tuple(sorted(fields)), tuple(iterables))
        self.views[node] = view
        return view

    def fields(self, node: Node, prefix: str) -> tuple[list[tuple[str, str]], list[Iterable]]:
        fields: list[tuple[str, str]] = []
        iterables: list[Iterable] = []
        for item in sorted(self.graph.objects(node, rml("field")), key=str):
            name = self.text(item, "fieldName")
            if name is None:
                self.fail("A field has no rml:fieldName.", node)
            full = f"{prefix}{name}"
            iterator = self.text(item, "iterator")
            reference = self.text(item, "reference")
            if iterator is None:
                fields.append((full, reference or ""))
                continue
            iterables.append(Iterable(full, iterator, reference))
            inner, deeper = self.fields(item, f"{full}.")
            fields += inner
            iterables += deeper
        if len(iterables) > 1 and not prefix:
            chained = all(b.name.startswith(f"{a.name}.") for a, b in pairwise(iterables))
            if not chained:
                self.fail("One view has two iterables beside each other.", node, "Make two views.")
        return fields, iterables

    def fill_views(self, maps: list[TriplesPlan]) -> None:
        """Give a view without declared fields those its triples maps read."""
        wanted: dict[str, set[str]] = {}
        for plan in maps:
            wanted.setdefault(plan.view, set()).update(_read_by(plan))
            for pair in plan.pairs:
                if pair.join is not None:
                    parent = self.parent(maps, plan, pair.join)
                    joined = {p for _, p in pair.join.conditions}
                    joined.update(references(parent.subject.expression))
                    wanted.setdefault(parent.view, set()).update(joined)
        for node, view in list(self.views.items()):
            names = sorted(wanted.get(view.name, set()))
            if not view.fields and not view.iterables:
                fields = tuple((n, n) for n in names)
                self.views[node] = View(view.name, view.source, fields)
                continue
            known = {name for name, _ in view.fields}
            index = {"#"} | {f"{i.name}.#" for i in view.iterables}
            for missing in [n for n in names if n not in known | index]:
                self.fail(
                    f"The view {view.name} has no field {missing}.",
                    node,
                    "Declare it as rml:field.",
                )
            counted = [(n, n) for n in names if n in index - known]
            fields = (*view.fields, *counted)
            self.views[node] = View(view.name, view.source, fields, view.iterables)

    def parent(self, maps: list[TriplesPlan], child: TriplesPlan, join: Join) -> TriplesPlan:
        found = [m for m in maps if m.name == join.parent]
        if not found:
            raise MappingError(
                "Its parent triples map is not there.", file=self.path.name, term=child.name
            )
        return found[0]

    # -- triples maps

    def triples_map(self, node: Node) -> TriplesPlan:
        logical = self.value(node, "logicalSource")
        if logical is None:
            self.fail("A triples map has no rml:logicalSource.", node)
        view = self.view(logical)
        subjects = self.term_maps(node, "subjectMap", "subject")
        if len(subjects) != 1:
            self.fail("A triples map needs exactly one subject map.", node)
        subject_node = subjects[0]
        subject = self.term_map(subject_node, "iri", node)
        if subject.kind == "literal":
            self.fail("A subject cannot be a literal.", node)
        graphs = self.graphs(subject_node, node)
        pairs = [
            PredicateObject(_constant(RDF.type), _constant(cls), graphs)
            for cls in sorted(self.graph.objects(subject_node, rml("class")), key=str)
        ]
        for pom in sorted(self.graph.objects(node, rml("predicateObjectMap")), key=str):
            pairs += self.pairs(pom, graphs, node)
        pairs.sort(key=repr)
        shared = self.ours(node, "sharedNode") == "true"
        return TriplesPlan(self.name(node), view.name, subject, tuple(pairs), shared)

    def pairs(self, pom: Node, graphs: tuple[TermMap, ...], head: Node) -> list[PredicateObject]:
        out = []
        wanted = graphs + self.graphs(pom, head)
        objects = self.term_maps(pom, "objectMap", "object")
        for predicate in self.term_maps(pom, "predicateMap", "predicate"):
            made = self.term_map(predicate, "iri", head)
            if made.kind not in {"iri", "term"}:
                self.fail("A predicate must be an IRI.", head)
            for item in objects:
                term, join = self.object_map(item, head)
                out.append(PredicateObject(made, term, wanted, join))
        return out

    def object_map(self, node: Node, head: Node) -> tuple[TermMap, Join | None]:
        parent = self.value(node, "parentTriplesMap") if not _is_term(node) else None
        if parent is None:
            return self.term_map(node, "object", head), None
        subject = self.value(parent, "subjectMap", "subject")
        if subject is None:
            self.fail("The parent triples map has no subject map.", head)
        conditions = tuple(
            (self.text(c, "child") or "", self.text(c, "parent") or "")
            for c in sorted(self.graph.objects(node, rml("joinCondition")), key=str)
        )
        return self.term_map(subject, "iri", head), Join(self.name(parent), conditions)

    def graphs(self, node: Node, head: Node) -> tuple[TermMap, ...]:
        if _is_term(node):
            return ()
        found = self.term_maps(node, "graphMap", "graph")
        return tuple(self.term_map(item, "iri", head) for item in found)

    def term_maps(self, node: Node, long: str, short: str) -> list[Node]:
        """Give the nodes of term maps; a constant shortcut stands as a marked term."""
        out: list[Node] = sorted(self.graph.objects(node, rml(long)), key=str)
        out += [_Term(o) for o in sorted(self.graph.objects(node, rml(short)), key=str)]
        return out

    def term_map(self, node: Node, position: str, head: Node) -> TermMap:
        if isinstance(node, _Term):
            return _constant(node.node)
        constant = self.value(node, "constant")
        if constant is not None:
            return _constant(constant)
        expression = self.expression(node, head)
        datatype = self.text(node, "datatype")
        language = self.text(node, "language")
        if self.value(node, "languageMap", "datatypeMap") is not None:
            self.fail("Language maps and datatype maps are not supported yet.", head)
        given = self.text(node, "termType")
        if given is not None:
            kind = _KINDS.get(local_name(given), "")
        elif position != "object":
            kind = "iri"
        else:
            kind = self.object_kind(expression, bool(datatype or language))
        if not kind:
            self.fail("This term type is not supported.", head)
        must = self.graph.value(node, dpcf("mustExist"))
        must_exist = None if must is None else self.name(must)
        return TermMap(expression, kind, datatype, language, must_exist)

    def object_kind(self, expression: Expression, tagged: bool) -> str:
        if tagged or isinstance(expression, Ref):
            return "literal"
        if isinstance(expression, Call):
            from dpc_kg.lift.functions import FUNCTIONS

            return FUNCTIONS[expression.function].kind
        return "iri"

    def expression(self, node: Node, head: Node) -> Expression:
        reference = self.text(node, "reference")
        if reference is not None:
            return Ref(reference)
        template = self.text(node, "template")
        if template is not None:
            return self.template(template, head)
        execution = self.value(node, "functionExecution")
        if execution is not None:
            return self.call(execution, head)
        constant = self.text(node, "constant")
        if constant is not None:
            return Const(constant)
        return self.fail("A term map has no reference, template, constant or function.", head)

    def template(self, text: str, head: Node) -> Template:
        parts: list[Const | Ref] = []
        for piece in re.findall(r"\{(?:\\.|[^{}\\])*\}|(?:\\.|[^{}\\])+|[{}]", text):
            if piece in "{}":
                self.fail("A template has an unmatched brace.", head, "Write \\{ for a brace.")
            clean = re.sub(r"\\([{}\\])", r"\1", piece)
            parts.append(Ref(clean[1:-1]) if piece.startswith("{") else Const(clean))
        return Template(tuple(parts))

    def call(self, node: Node, head: Node) -> Call:
        from dpc_kg.lift.functions import FUNCTIONS

        iri = self.text(node, "function") or ""
        name = local_name(iri)
        if not iri.startswith(FN) or name not in FUNCTIONS:
            known = ", ".join(sorted(FUNCTIONS))
            self.fail("This function is not on the list.", head, f"Known: {known}.")
        args = {}
        for item in self.graph.objects(node, rml("input")):
            parameter = local_name(self.text(item, "parameter") or "")
            value = self.value(item, "inputValue", "inputValueMap")
            if value is None:
                self.fail("A function input has no value.", head)
            is_map = isinstance(value, BNode) or self.value(item, "inputValueMap") is not None
            args[parameter] = self.expression(value, head) if is_map else Const(str(value))
        allowed = FUNCTIONS[name].parameters
        for unknown in sorted(set(args) - set(allowed)):
            self.fail(f"The function {name} has no parameter {unknown}.", head)
        return Call(name, tuple((p, args[p]) for p in allowed if p in args))


class _Term(URIRef):
    """A node that stands for a constant term given by a shortcut property."""

    node: Node

    def __new__(cls, node: Node) -> "_Term":
        made = str.__new__(cls, str(node))
        made.node = node
        return made


def _is_term(node: Node) -> bool:
    return isinstance(node, _Term)


def _constant(node: Node) -> TermMap:
    return TermMap(Const(_nquads(node)), "term")


def _nquads(node: Node) -> str:
    if isinstance(node, URIRef):
        return f"<{node}>"
    if isinstance(node, BNode):
        return f"_:{node}"
    if not isinstance(node, Literal):
        raise MappingError("A constant is neither an IRI nor a literal.", term=str(node))
    body = str(node).replace("\\", "\\\\").replace('"', '\\"')
    body = body.replace("\n", "\\n").replace("\r", "\\r")
    if node.language:
        return f'"{body}"@{node.language}'
    if node.datatype is not None and str(node.datatype) != XSD + "string":
        return f'"{body}"^^<{node.datatype}>'
    return f'"{body}"'


def _read_by(plan: TriplesPlan) -> set[str]:
    """Give the fields of its own view that a triples map reads."""
    found = set(references(plan.subject.expression))
    for pair in plan.pairs:
        found.update(references(pair.predicate.expression))
        for graph in pair.graphs:
            found.update(references(graph.expression))
        if pair.join is None:
            found.update(references(pair.object.expression))
        else:
            found.update(child for child, _ in pair.join.conditions)
    return found
