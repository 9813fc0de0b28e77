"""Registered extensions: fields, codes and stricter rules that one organisation adds.

An extension is one Turtle file, ``shapes/profiles/<org>.ttl``. It speaks only in namespaces of its
organisation; its data stand in the graph ``.../ext`` of a submission, so that whoever does not
know it leaves them out. It may ask for more than the model, never for less (DESIGN section 5).
"""

from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from rdflib import OWL, RDF, SKOS, Graph, Namespace, URIRef
from rdflib.namespace import DCTERMS
from rdflib.term import Node

from dpc_kg.base import assets
from dpc_kg.base.errors import UnknownAsset
from dpc_kg.base.rdfio import read
from dpc_kg.base.vocab import BASE, CODES, DPC, EXT, SH, SHAPES, local_name
from dpc_kg.model import ontology, profiles, tiers

_SH = Namespace(SH)
_SCHEMA = Namespace("https://schema.org/")
_PROF = Namespace("http://www.w3.org/ns/dx/prof/")
_PROFILE = BASE + "profile/"


@dataclass(frozen=True, eq=False)
class Extension:
    """One extension file; what is made of its graph is kept: do not change it."""

    path: Path
    graph: Graph

    @cached_property
    def org(self) -> str:
        """The organisation, from its publisher; empty where there is none."""
        publisher = self.graph.value(self.header, DCTERMS.publisher)
        return "" if publisher is None else local_name(str(publisher))

    @cached_property
    def header(self) -> Node | None:
        """The profile that the file describes."""
        found = sorted(self.graph.subjects(RDF.type, _PROF.Profile), key=str)
        return found[0] if found else None

    @cached_property
    def tier(self) -> str:
        """The tier it starts from: basic, essential or full."""
        above = str(self.graph.value(self.header, _PROF.isProfileOf)).removeprefix(_PROFILE)
        return above if above in tiers.TIERS else "full"

    @property
    def namespace(self) -> str:
        """The namespace of its fields."""
        return f"{EXT}{self.org}#"

    def properties(self) -> list[str]:
        """Give the fields it adds, sorted."""
        kinds = (OWL.ObjectProperty, OWL.DatatypeProperty)
        return sorted({str(s) for kind in kinds for s in self.graph.subjects(RDF.type, kind)})

    def codes(self) -> list[str]:
        """Give the codes it adds, sorted."""
        return sorted(str(code) for code in self.graph.subjects(RDF.type, SKOS.Concept))

    def tightened(self) -> list[str]:
        """Give its rules about properties of the model, sorted."""
        rules = self.graph.subject_objects(_SH.path)
        return sorted(str(rule) for rule, path in rules if str(path).startswith(DPC))

    def by_class(self) -> dict[str, list[str]]:
        """Give the fields it adds to each class of the model."""
        found: dict[str, list[str]] = {}
        for prop in self.properties():
            for owner in self.graph.objects(URIRef(prop), _SCHEMA.domainIncludes):
                found.setdefault(str(owner), []).append(prop)
        return found


@dataclass(frozen=True)
class Distance:
    """How far an extension is from the core.

    ``share`` is, over the classes it touches, the part of the fields that are its own (0 to 1);
    ``statements`` the same for the statements of given data, None without data.
    """

    classes: tuple[tuple[str, int, int], ...]
    codes: int
    tightened: int
    share: float
    statements: float | None


def names() -> list[str]:
    """Give the organisations with a registered extension, sorted."""
    return sorted(path.stem for path in (assets.root() / "shapes/profiles").glob("*.ttl"))


def load(name: str) -> Extension:
    """Give an extension: a registered one by its organisation, or any file by its path.

    Raises:
        UnknownAsset: there is neither.
        DpcError: the file is not well-formed Turtle.
    """
    path = Path(name)
    if not path.is_file():
        if name not in names():
            known = ", ".join(names())
            raise UnknownAsset("There is no such extension.", term=name, advice=f"Known: {known}.")
        path = assets.root() / "shapes/profiles" / f"{name}.ttl"
    return Extension(path, read(path))


def trespasses(extension: Extension) -> list[str]:
    """Give what an extension says about nodes that are not its own, and what it aims at wrongly.

    This is what no shape can say, because the namespaces depend on the publisher.
    """
    own = (f"{EXT}{extension.org}#", f"{EXT}{extension.org}/")
    said = {s for s in extension.graph.subjects() if isinstance(s, URIRef)} - {extension.header}
    leaves = set(ontology.leaf_classes())
    found = [
        f"{_name(node)} is not in a namespace of {extension.org or 'its publisher'}."
        for node in sorted(said)
        if not extension.org or not str(node).startswith(own)
    ]
    aims = sorted({str(target) for target in extension.graph.objects(None, _SH.targetClass)})
    found += [f"{_name(a)} is no class that data carry." for a in aims if a not in leaves]
    found += [
        f"{_name(path)} is neither a field of the extension nor one of the model."
        for path in sorted({str(p) for p in extension.graph.objects(None, _SH.path)})
        if path not in extension.properties() and path not in _terms()
    ]
    return found


def shapes(extension: Extension) -> Graph:
    """Give the shapes its data must obey: its tier, closed around its fields, and its own rules."""
    graph = Graph() + _tier(assets.root(), extension.tier)
    for owner, added in extension.by_class().items():
        shape = URIRef(f"{SHAPES}{local_name(owner)}Shape-closed")
        for triple in list(graph.cbd(shape)):
            graph.remove(triple)
        graph += profiles.closed_around(owner, added)
    graph += extension.graph
    return graph


@lru_cache(maxsize=3)
def _tier(root: Path, tier: str) -> Graph:  # the folder is part of the key
    return tiers.shapes(tier)


def distance(extension: Extension, data: Graph | None = None) -> Distance:
    """Say how far an extension, and data that use it, are from the core."""
    core = profiles.hand_written()
    rows = [
        (local_name(owner), len(profiles.properties(core, owner)), len(added))
        for owner, added in sorted(extension.by_class().items())
    ]
    ours, theirs = sum(row[1] for row in rows), sum(row[2] for row in rows)
    return Distance(
        classes=tuple(rows),
        codes=len(extension.codes()),
        tightened=len(extension.tightened()),
        share=theirs / (ours + theirs) if rows else 0.0,
        statements=None if data is None else _statements(extension, data),
    )


def _statements(extension: Extension, data: Graph) -> float:
    own = sum(str(p).startswith(extension.namespace) for _, p, _ in data)
    return own / len(data) if len(data) else 0.0


def _terms() -> set[str]:
    return {term.iri for term in ontology.terms() if term.kind != "Class"}


def _name(iri: object) -> str:
    return str(iri).replace(DPC, "dpc:").replace(CODES, "code:").replace(EXT, "ext:")
