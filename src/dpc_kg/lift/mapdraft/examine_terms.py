"""The terms of a mapping against the model: do they exist, do they fit, is a demanded one missing.

Triples maps that make one kind of entity count as one: one gives the class, another a property.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches

from dpc_kg.base.vocab import DPC, RDF_TYPE, local_name
from dpc_kg.lift.mapdraft.findings import MAPPING, OPEN, Finding, line_of
from dpc_kg.lift.plan import Call, Const, Expression, Plan, TriplesPlan, calls
from dpc_kg.model import fields as shapes
from dpc_kg.model import ontology


@dataclass
class Node:
    """A kind of node that a mapping makes: its maps, classes, and properties with their maps.

    ``elsewhere`` are properties of maps that say of no class which of several kinds they describe.
    """

    maps: list[str] = field(default_factory=list)
    classes: set[str] = field(default_factory=set)
    properties: dict[str, list[Call]] = field(default_factory=dict)
    elsewhere: set[str] = field(default_factory=set)

    def add(self, triples: TriplesPlan) -> None:
        """Take in what a triples map says of its nodes."""
        self.maps.append(triples.name)
        for predicate, value, made in _pairs(triples):
            if predicate == RDF_TYPE:
                self.classes |= {value}
            else:
                self.properties.setdefault(predicate, []).extend(made)


def nodes(plan: Plan) -> list[Node]:
    """Give the kinds of nodes a plan makes."""
    named: dict[str, list[TriplesPlan]] = {}
    for triples in plan.maps:
        named.setdefault(_named_by(triples.subject.expression), []).append(triples)
    return [node for maps in named.values() for node in _kinds(maps)]


def _kinds(maps: list[TriplesPlan]) -> list[Node]:
    """Give one kind for each set of classes; a map without a class may be about any of them."""
    by_class: dict[frozenset[str], Node] = {}
    for triples in maps:
        by_class.setdefault(_classes(triples), Node()).add(triples)
    loose = by_class.pop(frozenset(), Node())
    if len(by_class) > 1:
        for node in by_class.values():
            node.elsewhere = set(loose.properties)
        return list(by_class.values())
    whole = Node()
    for triples in maps:
        whole.add(triples)
    return [whole]


def _classes(triples: TriplesPlan) -> frozenset[str]:
    return frozenset(value for predicate, value, _ in _pairs(triples) if predicate == RDF_TYPE)


def _named_by(subject: Expression) -> str:
    """Give what tells kinds of nodes apart: the type of entity, whatever its key is called."""
    kind = subject.arg("type") if isinstance(subject, Call) else None
    return kind.text if isinstance(kind, Const) else repr(subject)


def _pairs(triples: TriplesPlan) -> Iterator[tuple[str, str, list[Call]]]:
    for pair in triples.pairs:
        predicate = pair.predicate.expression
        if isinstance(predicate, Const):
            value = pair.object.expression
            text = value.text.strip("<>") if isinstance(value, Const) else ""
            yield predicate.text.strip("<>"), text, calls(value)


def wrong_terms(plan: Plan, text: str) -> Iterator[Finding]:
    """Give the terms that do not exist or do not fit, and what the model demands beside them."""
    known = {t.iri: t.kind for t in ontology.terms()}
    for node in nodes(plan):
        yield from _unknown(node, known, text)
        for cls in sorted(node.classes & set(known)):
            yield from _of_class(node, cls, known, text)
        # a map that says nothing only names the record it stands for
        if node.properties and not node.classes & set(known):
            message = "Its nodes are of no class of the model, so no rule looks at them."
            advice = "Give the subject map an rml:class."
            yield _at(text, node.maps[0], "class", message, advice, node.maps[0])
    yield from _without_key(plan, text)


def _unknown(node: Node, known: dict[str, str], text: str) -> Iterator[Finding]:
    for iri in sorted({*node.classes, *node.properties} - set(known)):
        if not iri.startswith(DPC):
            continue
        kind = "Class" if iri in node.classes else "Property"
        wanted = (local_name(i) for i, k in known.items() if k.endswith(kind))
        near = get_close_matches(local_name(iri), sorted(wanted), n=3)
        advice = (
            f"Near it: {', '.join(near)}." if near else "docs/reference/model.md has all terms."
        )
        message = f"The model has no {kind.lower()} dpc:{local_name(iri)}."
        yield _at(text, local_name(iri), "term", message, advice, node.maps[0])


def _of_class(node: Node, cls: str, known: dict[str, str], text: str) -> Iterator[Finding]:
    name = local_name(cls)
    if cls not in ontology.leaf_classes():
        message = f"Records cannot be a dpc:{name}: it is abstract, or published by the hub alone."
        yield _at(text, name, "class", message, "Take one of the classes below it.", node.maps[0])
        return
    of_class = {prop: f for (c, prop), f in shapes.fields().items() if c == cls}
    for iri in sorted(set(node.properties) & set(known) - set(of_class)):
        fits = sorted({local_name(c) for c, p in shapes.fields() if p == iri})
        message = f"A dpc:{name} has no dpc:{local_name(iri)}."
        advice = f"Classes that have it: {', '.join(fits[:6]) or 'none'}."
        yield _at(text, local_name(iri), "does-not-fit", message, advice, node.maps[0])
    for prop, one in sorted(of_class.items()):
        made = {RDF_TYPE, *node.properties, *node.elsewhere}
        if one.required and prop not in made:
            message = f"Every dpc:{name} must have dpc:{local_name(prop)}, and nothing makes it."
            advice = ontology.definition(prop) or "docs/reference/rules.md says what is right."
            yield _at(text, node.maps[0], "required", message, advice, node.maps[0])


def _without_key(plan: Plan, text: str) -> Iterator[Finding]:
    for source in plan.sources:
        if source.name not in _of_records(plan):
            continue
        missing = [
            name
            for name, value in (("recordKey", source.key), ("recordMap", source.record_map))
            if value is None
        ]
        if missing:
            message = f"The source {source.name} has no dpcf:{' and no dpcf:'.join(missing)}."
            advice = (
                "Say which field names a record and which map makes it; else two versions of one"
                " record cannot be told apart, and no fault can withhold it."
            )
            yield _at(text, source.name, "key", message, advice, None)


def _of_records(plan: Plan) -> set[str]:
    """Give the sources of which records are made: other things are not withheld or replaced."""
    found = set()
    for triples in plan.maps:
        made = {value for predicate, value, _ in _pairs(triples) if predicate == RDF_TYPE}
        if any(f"{DPC}Record" in ontology.superclasses(cls) for cls in made):
            found.add(plan.view(triples.view).source)
    return found


def _at(text: str, name: str, rule: str, message: str, advice: str, term: str | None) -> Finding:
    return Finding(OPEN, rule, message, advice, MAPPING, line_of(text, name), term=term)
