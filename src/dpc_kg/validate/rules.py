"""The rules by name: what a shape says of itself (messages, path, kind of fault)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pyoxigraph as ox

from dpc_kg.base.assets import root, shape_files
from dpc_kg.base.vocab import CODES, DPC, EXT, ID, SH, SHAPES, SKOS
from dpc_kg.validate.shapesgraph import ShapesGraph, Term, shapes_graph

_INTERVAL = re.compile(r"[a-z]+To[A-Z]\w*Seconds")


@dataclass(frozen=True)
class Rule:
    """One rule that data can break.

    ``problems`` and ``remedies`` by language; ``path`` the IRI of the property the rule is about,
    ``blames`` of the one to correct if it is another; ``values`` what its values are where that is
    known: ``code`` of a list, or ``reference`` to another node.
    """

    name: str
    problems: Mapping[str, str]
    remedies: Mapping[str, str]
    path: str | None = None
    blames: str | None = None
    kind: str | None = None
    severity: str = "Violation"
    values: str | None = None

    @property
    def is_interval(self) -> bool:
        """Whether it is about the time between two events, as in ``reportToReferralSeconds``."""
        return _INTERVAL.search(self.name) is not None


def rules(shapes: tuple[Path, ...] | None = None) -> Mapping[str, Rule]:
    """Give our rules by name, those about the source as ``source:CODE``; each file is read once."""
    files = tuple(shape_files()) if shapes is None else shapes
    faults = root() / "ontology" / "codes" / "source-fault.ttl"
    return _rules(shapes_graph(files), shapes_graph([faults] if faults.exists() else []))


def shape_rule(graph: ShapesGraph, shape: Term, name: str) -> Rule:
    """Give what a shape says of itself."""
    constraints = [shape, *graph.objects(shape, SH + "sparql")]
    problems: dict[str, str] = {}
    for owner in constraints:
        problems = {**_texts(graph, owner, SH + "message"), **problems}
    return Rule(
        name,
        problems,
        _texts(graph, shape, DPC + "remedy"),
        path=_first(graph, shape, SH + "path"),
        blames=_first(graph, shape, DPC + "blames"),
        kind=_first(graph, shape, DPC + "faultKind"),
        severity=(_first(graph, shape, SH + "severity") or "Violation").removeprefix(SH),
        values=_values(graph, shape),
    )


@lru_cache(maxsize=4)
def _rules(shapes: ShapesGraph, faults: ShapesGraph) -> Mapping[str, Rule]:
    named = {
        subject
        for predicate in ("path", "message", "property", "sparql")
        for subject in shapes.subjects(SH + predicate)
        if isinstance(subject, ox.NamedNode) and subject.value.startswith(SHAPES)
    }
    found = {}
    for subject in sorted(named, key=str):
        name = subject.value.removeprefix(SHAPES)
        found[name] = shape_rule(shapes, subject, name)
    for code in faults.subjects(DPC + "faultKind"):
        name = "source:" + code.value.rsplit("/", 1)[-1]
        found[name] = Rule(
            name,
            _texts(faults, code, SKOS + "definition"),
            _texts(faults, code, DPC + "remedy"),
            kind=_first(faults, code, DPC + "faultKind"),
        )
    return found


def _values(graph: ShapesGraph, shape: Term) -> str | None:
    if graph.objects(shape, SH + "class"):
        return "reference"
    for pattern in graph.objects(shape, SH + "pattern"):
        start = pattern.value.removeprefix("^").replace("\\", "")
        if start.startswith((CODES, EXT)):
            return "code"
        if start.startswith(ID):
            return "reference"
    return "code" if graph.objects(shape, SH + "in") else None


def _texts(graph: ShapesGraph, subject: Term, predicate: str) -> dict[str, str]:
    """Give texts by language, those without one under ``""``; of several the first in order."""
    found: dict[str, str] = {}
    for text in sorted(graph.objects(subject, predicate), key=str):
        if isinstance(text, ox.Literal):
            found.setdefault((text.language or "").split("-")[0], text.value)
    return found


def _first(graph: ShapesGraph, subject: Term, predicate: str) -> str | None:
    values = sorted(graph.objects(subject, predicate), key=str)
    found = [value.value for value in values if not isinstance(value, ox.BlankNode)]
    return found[0] if found else None
