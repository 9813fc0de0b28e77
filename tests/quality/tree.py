"""The project's files as the checks see them, with changes laid over them for the tests."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import lru_cache
from pathlib import Path

import pyoxigraph as ox
from rdflib import Graph

REPOSITORY = Path(__file__).resolve().parents[2]
MODULES = ("ontology/*.ttl",)
CODES = ("ontology/codes/*.ttl",)
ONTOLOGY = (*MODULES, *CODES, "ontology/processes/*.ttl")
BRIDGES = ("ontology/bridges/*.ttl",)
LANGUAGE = ("ontology/language/*.ttl",)
"""Glossary and reviews: ontologies of their own, which the model does not import."""

STRUCTURES = ("ontology/structures/*.ttl",)
SHAPES = ("shapes/*.ttl",)
TIERS = ("shapes/tiers/*.ttl",)
SHAPE_CASES = ("tests/shapes/*/*.ttl",)
NOT_FOR_DATA = frozenset({"shapes/lint.ttl", "shapes/lint-extension.ttl", "shapes/profiles.ttl"})
"""Shape files that partners' data never meets: rules over the model, and the PROF description."""


@dataclass(frozen=True)
class Tree:
    """Files below ``root`` by name (``ontology/case.ttl``).

    ``changes`` hides, replaces or adds files: a test breaks one without touching the disk.
    """

    root: Path = REPOSITORY
    changes: Mapping[str, str | None] = field(default_factory=dict)

    def changed(self, changes: Mapping[str, str | None]) -> "Tree":
        """Give the tree with other texts; None takes a file away."""
        return Tree(self.root, {**self.changes, **changes})

    def names(self, *patterns: str) -> list[str]:
        """Give the names of the files that fit one of the patterns, sorted."""
        found = {
            path.relative_to(self.root).as_posix()
            for pattern in patterns
            for path in self.root.glob(pattern)
            if path.is_file()
        }
        for name, text in self.changes.items():
            fits = any(_fits(name, pattern) for pattern in patterns)
            if text is None:
                found.discard(name)
            elif fits:
                found.add(name)
        return sorted(found)

    def exists(self, name: str) -> bool:
        """Tell whether there is a file of this name."""
        if name in self.changes:
            return self.changes[name] is not None
        return (self.root / name).is_file()

    def data(self, name: str) -> bytes:
        """Give the bytes of a file."""
        text = self.changes.get(name)
        return (self.root / name).read_bytes() if text is None else text.encode()

    def text(self, name: str) -> str:
        """Give the text of a file."""
        return self.data(name).decode()

    def triples(self, name: str) -> tuple[ox.Triple, ...]:
        """Give the triples of a Turtle file as the store's engine reads them."""
        return _triples(name, self.data(name))

    def file(self, name: str) -> Graph:
        """Give one Turtle file with its own prefixes; shared: do not change it."""
        return _graph(name, self.data(name))

    def graph(self, *patterns: str) -> Graph:
        """Give all Turtle files that fit as one graph; a new one at every call."""
        merged = Graph()
        for name in self.names(*patterns):
            for triple in _graph(name, self.data(name)):
                merged.add(triple)
        return merged

    def export(self, folder: Path, *patterns: str) -> list[Path]:
        """Write files into a folder under their own names, and give their paths."""
        made = []
        for name in self.names(*patterns):
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(self.data(name))
            made.append(path)
        return made


def _fits(name: str, pattern: str) -> bool:
    """Match as ``Path.glob`` does: a star stays inside its folder, two cross folders."""
    if "**" in pattern:
        head, _, tail = pattern.partition("**/")
        return name.startswith(head) and fnmatchcase(name.rsplit("/", 1)[-1], tail)
    steps, wanted = name.split("/"), pattern.split("/")
    return len(steps) == len(wanted) and all(map(fnmatchcase, steps, wanted))


@lru_cache(maxsize=4096)
def _triples(name: str, data: bytes) -> tuple[ox.Triple, ...]:
    base = f"https://w3id.org/dpc/file/{name}"
    try:
        found = ox.parse(data, format=ox.RdfFormat.TURTLE, base_iri=base)
        return tuple(quad.triple for quad in found)
    except SyntaxError as e:
        raise ValueError(f"{name}: {e}") from e


@lru_cache(maxsize=4096)
def _graph(name: str, data: bytes) -> Graph:
    graph = Graph()
    # relative names resolve against the bare file name, as in base.rdfio
    graph.parse(data=data.decode(), format="turtle", publicID=name.rsplit("/", 1)[-1])
    return graph
