"""What a check may look at: the tree, the model as a store, shared material, other programs."""

import os
import sysconfig
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pyoxigraph as ox

from dpc_kg.model import targets
from tests.quality import environment, owl
from tests.quality.tree import BRIDGES, NOT_FOR_DATA, ONTOLOGY, REPOSITORY, SHAPES, STRUCTURES, Tree

FILE = "https://w3id.org/dpc/file/"
"""Every file of the model is a named graph of the store under this name."""

FIGURES = "mappings/lift/ncmec-statistics/expected.nq"


class Absent(Exception):
    """Something a check needs is not there; such a check is no pass."""


@dataclass(frozen=True)
class Context:
    """One tree and what surrounds it; ``shared`` and ``program`` are None where absent."""

    tree: Tree
    shared: Path | None
    program: Path | None
    """The Python of the check environment."""

    @classmethod
    def here(cls) -> "Context":
        """Give the context of this checkout."""
        named = os.environ.get("DPC_SHARED")
        shared = Path(named) if named else REPOSITORY.parent / "shared"
        program = environment.program(REPOSITORY)
        return cls(Tree(), shared if (shared / "data").is_dir() else None, program)

    @contextmanager
    def changed(self, changes: Mapping[str, str | None]) -> Iterator["Context"]:
        """Give the context with other file texts.

        It borrows this one's store, with the graphs of the changed files exchanged meanwhile.
        """
        other = Context(self.tree.changed(changes), self.shared, self.program)
        held = {*self.tree.names(*ONTOLOGY), *self.shape_files}
        held |= {*other.tree.names(*ONTOLOGY), *other.shape_files}
        names = sorted(held & changes.keys())
        try:
            self._exchange(names, other.tree)
            # where the cached property looks first
            other.__dict__["store"] = self.store
            yield other
        finally:
            self._exchange(names, self.tree)

    def _exchange(self, names: list[str], tree: Tree) -> None:
        for name in names:
            graph = ox.NamedNode(FILE + name)
            self.store.remove_graph(graph)
            if tree.exists(name):
                triples = tree.triples(name)
                self.store.extend(ox.Quad(t.subject, t.predicate, t.object, graph) for t in triples)

    def data(self, *parts: str) -> Path:
        """Give a file or folder of the shared material.

        Raises:
            Absent: there is no such material here.
        """
        if self.shared is None:
            raise Absent("the shared material (DPC_SHARED)")
        path = self.shared.joinpath("data", *parts)
        if not path.exists():
            raise Absent("/".join(parts) + " of the shared material")
        return path

    @property
    def checker(self) -> Path:
        """Give the Python of the check environment.

        Raises:
            Absent: it was not made.
        """
        if self.program is None:
            raise Absent("the check environment (make check-env)")
        return self.program

    @property
    def places(self) -> targets.Places:
        """Where the pinned files of other standards may lie."""
        folders = [sysconfig.get_paths()["purelib"]]
        if self.program is not None:
            folders += map(str, self.program.parents[1].glob("lib/*/site-packages"))
        return targets.Places(self.shared, tuple(Path(folder) for folder in folders))

    def need(self, *patterns: str) -> list[str]:
        """Give the names of files that must be there.

        Raises:
            Absent: there is none.
        """
        found = self.tree.names(*patterns)
        if not found:
            raise Absent(" ".join(patterns))
        return found

    @cached_property
    def shape_files(self) -> list[str]:
        """The shapes that data is validated against."""
        return [name for name in self.tree.names(*SHAPES) if name not in NOT_FOR_DATA]

    @cached_property
    def store(self) -> ox.Store:
        """The ontology, code lists, processes and shapes: a named graph a file."""
        return self._store([*self.tree.names(*ONTOLOGY), *self.shape_files])

    @cached_property
    def bridges(self) -> ox.Store:
        """The bridges to other models, and nothing else."""
        return self._store(self.tree.names(*BRIDGES))

    def _store(self, names: list[str]) -> ox.Store:
        store = ox.Store()
        for name in names:
            graph = ox.NamedNode(FILE + name)
            store.extend(
                ox.Quad(triple.subject, triple.predicate, triple.object, graph)
                for triple in self.tree.triples(name)
            )
        return store

    @cached_property
    def cube(self) -> ox.Store:
        """The sample of published figures as a data cube, with structures and code lists."""
        figures = ox.Store()
        for name in self.need(FIGURES):
            figures.load(self.tree.data(name), format=ox.RdfFormat.N_QUADS)
        query = self.tree.text("queries/construct/qb.rq")
        made = figures.query(query, use_default_graph_as_union=True)
        assert isinstance(made, ox.QueryTriples)
        store = self._store([*self.tree.names(*ONTOLOGY), *self.need(*STRUCTURES)])
        cube = ox.NamedNode(f"{FILE}cube")
        store.extend(ox.Quad(t.subject, t.predicate, t.object, cube) for t in made)
        return store

    @cached_property
    def owl(self) -> owl.Answers:
        """What the OWL API says; asked once."""
        return owl.answers(self.tree, self.checker)

    def rows(self, query: str, store: ox.Store | None = None) -> Iterator[dict[str, str]]:
        """Ask the union of the files; a row has the text of each bound variable by name."""
        asked = store or self.store
        answer = asked.query(query, use_default_graph_as_union=True)
        assert isinstance(answer, ox.QuerySolutions)
        names = [variable.value for variable in answer.variables]
        for solution in answer:
            yield {
                name: term.value if isinstance(term, _PLAIN) else str(term)
                for name, term in zip(names, solution, strict=True)
                if term is not None
            }


_PLAIN = (ox.NamedNode, ox.Literal, ox.BlankNode)
