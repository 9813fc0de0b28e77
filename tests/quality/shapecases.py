"""Run the examples of the shapes, hundreds of files, in a few runs of an engine.

The organisation in a file's names is replaced by one of its own, so that files share no node; those
that still do go into different batches. A result belongs to the file that speaks of its focus node.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import pyoxigraph as ox

from dpc_kg.base.vocab import ID, SHAPES
from dpc_kg.validate.engines import Engine, choose
from dpc_kg.validate.results import Result
from dpc_kg.validate.shapesgraph import ShapesGraph, shapes_graph
from tests.quality.tree import SHAPE_CASES, Tree

FAST, REFERENCE = "shacl", "pyshacl"
_ORG = f"{ID}example-org/"
_STRANGE = "?"


@dataclass
class Batch:
    """Files that share no node: their statements, and the file of every subject."""

    triples: list[ox.Triple] = field(default_factory=list)
    owner: dict[str, str] = field(default_factory=dict)
    named: set[str] = field(default_factory=set)

    def takes(self, subjects: set[str], objects: set[str]) -> bool:
        """Tell whether a file shares nothing with those already here."""
        mine = set(self.owner)
        return not (subjects & (mine | self.named) or objects & mine)

    def add(self, file: str, triples: Sequence[ox.Triple], objects: set[str]) -> None:
        """Take a file."""
        self.triples += triples
        self.named |= objects
        self.owner.update({_node(t.subject): file for t in triples})


Found = dict[str, frozenset[Result]]
"""By file; results on a node that no file speaks of stand under ``?``."""


def shapes_of(tree: Tree, names: Iterable[str]) -> ShapesGraph:
    """Read shapes files of a tree, whatever was laid over it."""
    with TemporaryDirectory() as folder:
        return shapes_graph(tuple(tree.export(Path(folder), *names)))


def batches(tree: Tree, patterns: Sequence[str] = SHAPE_CASES) -> list[Batch]:
    """Put the example files into as few batches as can be."""
    made: list[Batch] = []
    for number, file in enumerate(tree.names(*patterns)):
        triples = [_own(t, f"{ID}case-{number:05}/") for t in tree.triples(file)]
        subjects = {_node(t.subject) for t in triples}
        objects = {_node(t.object) for t in triples if isinstance(t.object, ox.NamedNode)}
        batch = next((each for each in made if each.takes(subjects, objects - subjects)), None)
        if batch is None:
            batch = Batch()
            made.append(batch)
        batch.add(file, triples, objects - subjects)
    return made


def judge(
    engine: str, shapes: ShapesGraph, made: Sequence[Batch], beside: Sequence[ox.Triple] = ()
) -> Found:
    """Give the results of every file; ``beside`` are statements put next to the data."""
    chosen: Engine = choose(engine)
    compiled = chosen.compile(shapes)
    found: dict[str, set[Result]] = {}
    for batch in made:
        data = ox.serialize([*batch.triples, *beside], format=ox.RdfFormat.N_TRIPLES) or b""
        for result in compiled.validate(data):
            found.setdefault(batch.owner.get(result.focus, _STRANGE), set()).add(result)
    return {file: frozenset(results) for file, results in found.items()}


def expected_rule(file: str, shapes: ShapesGraph) -> str | None:
    """Give the rule that ``fail-<rule>[-why].ttl`` is named after: the longest name that is one.

    None for a file whose name begins with ``pass-``; an empty text where it names no rule.
    """
    kind, _, name = Path(file).stem.partition("-")
    if kind == "pass":
        return None
    while name and not shapes.predicates(ox.NamedNode(SHAPES + name)):
        name = name.rpartition("-")[0]
    return name


def _own(triple: ox.Triple, org: str) -> ox.Triple:
    subject, value = triple.subject, triple.object
    if isinstance(subject, ox.NamedNode):
        subject = ox.NamedNode(subject.value.replace(_ORG, org))
    if isinstance(value, ox.NamedNode):
        value = ox.NamedNode(value.value.replace(_ORG, org))
    return ox.Triple(subject, triple.predicate, value)


def _node(term: object) -> str:
    return term.value if isinstance(term, ox.NamedNode) else str(term)
