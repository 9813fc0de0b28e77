"""What differs between two releases of the model: terms, codes, lists and shapes.

A thing may leave only if the earlier release had deprecated it: whoever read that release was
warned. Labels and definitions are compared too, since they are what people decide by.
"""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from dpc_kg.base.errors import UnknownAsset
from dpc_kg.base.rdfio import read
from dpc_kg.base.vocab import BASE, local_name

if TYPE_CHECKING:
    from rdflib import Graph
    from rdflib.term import Node

_FOLDERS = ("ontology", "ontology/codes", "ontology/processes", "shapes")
_ROOT = BASE + "cdm"


@dataclass(frozen=True)
class Change:
    """One difference. ``how`` is ``added``, ``changed``, ``deprecated``, ``removed`` or ``abrupt``.

    ``kind`` is the local name of the thing's class (``Class``, ``Concept``, ``NodeShape``);
    ``properties`` are the local names of what changed; ``abrupt`` is a removal without warning.
    """

    how: str
    kind: str
    iri: str
    properties: tuple[str, ...] = ()

    def __str__(self) -> str:
        said = "removed without deprecation" if self.how == "abrupt" else self.how
        what = f" ({', '.join(self.properties)})" if self.properties else ""
        return f"{said:12} {self.kind:20} {self.iri}{what}"


@dataclass(frozen=True)
class Comparison:
    """All differences, by IRI, and what the later release says of the earlier."""

    changes: tuple[Change, ...]
    old_version: str
    prior: str | None
    compatible: bool
    """Whether the later release says that it is backward compatible with the earlier."""

    @cached_property
    def abrupt(self) -> tuple[Change, ...]:
        """Give the removals that nothing had announced."""
        return tuple(change for change in self.changes if change.how == "abrupt")

    def header_problems(self) -> tuple[str, ...]:
        """Say where the later release's header and the differences disagree."""
        found = []
        if self.prior != self.old_version:
            found.append(f"owl:priorVersion is not {self.old_version}")
        gone = [c for c in self.changes if c.how in ("removed", "abrupt")]
        if self.compatible and gone:
            found.append("owl:backwardCompatibleWith, and yet something was removed")
        if not self.compatible and not gone:
            found.append("nothing was removed: owl:backwardCompatibleWith is missing")
        return tuple(found)

    def summary(self) -> str:
        """Give one line that counts."""
        counts = Counter(change.how for change in self.changes)
        hows = ("added", "changed", "deprecated", "removed", "abrupt")
        words = ("added", "changed", "deprecated", "removed", "removed without deprecation")
        said = [f"{counts[how]} {word}" for how, word in zip(hows, words, strict=True)]
        return ", ".join(said) + "."


def compare(old: Path, new: Path) -> Comparison:
    """Compare two folders that hold ``ontology`` and ``shapes``.

    Raises:
        UnknownAsset: a folder holds no ontology.
        DpcError: a file is not well-formed Turtle.
    """
    return compare_graphs(_release(old), _release(new))


def compare_graphs(old: "Graph", new: "Graph") -> Comparison:
    """Compare two releases, each as one graph."""
    from rdflib import OWL, URIRef

    before, after = _things(old), _things(new)
    changes = [_came(iri, after[iri]) for iri in after.keys() - before.keys()]
    changes += [_went(iri, before[iri]) for iri in before.keys() - after.keys()]
    for iri in before.keys() & after.keys():
        if before[iri] != after[iri]:
            changes.append(_differs(iri, before[iri], after[iri]))
    root = URIRef(_ROOT)
    version = str(old.value(root, OWL.versionIRI))
    prior = new.value(root, OWL.priorVersion)
    return Comparison(
        changes=tuple(sorted(changes, key=lambda change: (change.iri, change.how))),
        old_version=version,
        prior=None if prior is None else str(prior),
        compatible=(root, OWL.backwardCompatibleWith, URIRef(version)) in new,
    )


def _release(folder: Path) -> "Graph":
    from rdflib import Graph

    merged = Graph()
    for name in _FOLDERS:
        for path in sorted((folder / name).glob("*.ttl")):
            for triple in read(path):
                merged.add(triple)
    if not len(merged):
        raise UnknownAsset("There is no release in this folder.", file=str(folder))
    return merged


Statements = frozenset[tuple[str, str]]
"""What is said of a thing: pairs of property and value, lists and blank nodes written out."""


def _things(graph: "Graph") -> dict[str, Statements]:
    """Give all our terms, codes, lists and shapes with what is said of each."""
    from rdflib import OWL, RDF, SH, SKOS, URIRef

    terms = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
    kinds = (*terms, SKOS.Concept, SKOS.ConceptScheme, SH.NodeShape, SH.PropertyShape)
    found = {
        subject
        for kind in kinds
        for subject in graph.subjects(RDF.type, kind)
        if isinstance(subject, URIRef) and subject.startswith(BASE)
    }
    return {
        str(subject): frozenset(
            (str(p), _written(graph, o))
            for p, o in graph.predicate_objects(subject)
            # every release has another version: that alone is no change
            if p != OWL.versionInfo
        )
        for subject in found
    }


def _written(graph: "Graph", node: "Node") -> str:
    from rdflib import BNode

    if not isinstance(node, BNode):
        return node.n3()
    parts = sorted(f"{p.n3()} {_written(graph, o)}" for p, o in graph.predicate_objects(node))
    return f"[{'; '.join(parts)}]"


def _kind(statements: Statements) -> str:
    from rdflib import RDF

    kinds = sorted(value for name, value in statements if name == str(RDF.type))
    return local_name(kinds[0].strip("<>"))


def _deprecated(statements: Statements) -> bool:
    from rdflib import OWL

    name = str(OWL.deprecated)
    return any(p == name and value.startswith('"true"') for p, value in statements)


def _came(iri: str, after: Statements) -> Change:
    return Change("added", _kind(after), iri)


def _went(iri: str, before: Statements) -> Change:
    return Change("removed" if _deprecated(before) else "abrupt", _kind(before), iri)


def _differs(iri: str, before: Statements, after: Statements) -> Change:
    if _deprecated(after) and not _deprecated(before):
        return Change("deprecated", _kind(after), iri)
    names = {local_name(name) for name, _ in before ^ after}
    return Change("changed", _kind(after), iri, tuple(sorted(names)))
