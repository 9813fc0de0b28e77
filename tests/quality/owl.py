"""What the OWL API and HermiT say of the modules, of the bridges and of all of it as one."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from rdflib import OWL, RDF, Graph, URIRef

from tests.quality import environment
from tests.quality.tree import BRIDGES, LANGUAGE, MODULES, ONTOLOGY, Tree

if TYPE_CHECKING:
    from collections.abc import Mapping

CATALOG = "ontology/catalog-v001.xml"
MERGE = "the merge"
ROOT = URIRef("https://w3id.org/dpc/cdm")
Answers = dict[str, dict[str, Any]]
"""By file name: ``axioms imports dl rl consistent unsatisfiable``, or ``error`` alone."""


def answers(tree: Tree, checker: Path) -> Answers:
    """Ask about every module and bridge, each with its imports, and about all of it merged."""
    with TemporaryDirectory() as folder:
        place = Path(folder)
        tree.export(place, *ONTOLOGY, *BRIDGES, *LANGUAGE)
        merged = place / "merged.nt"
        merged.write_bytes(merge(tree).serialize(format="nt", encoding="utf-8"))
        named = {name: str(place / name) for name in tree.names(*MODULES, *BRIDGES, *LANGUAGE)}
        question = {
            "catalog": {iri: str(place / "ontology" / file) for iri, file in catalog(tree).items()},
            "ontologies": {**named, MERGE: str(merged)},
        }
        answer: Answers = environment.ask(checker, "owl_worker.py", question)
        return answer


def merge(tree: Tree) -> Graph:
    """Give modules, code lists and processes as one ontology without imports."""
    graph = tree.graph(*ONTOLOGY)
    graph.remove((None, OWL.imports, None))
    for header in set(graph.subjects(RDF.type, OWL.Ontology)) - {ROOT}:
        graph.remove((header, None, None))
    return graph


def catalog(tree: Tree) -> "Mapping[str, str]":
    """Give the file of each IRI of the catalogue, relative to ``ontology``."""
    entries = ElementTree.fromstring(tree.text(CATALOG))
    return {entry.attrib["name"]: entry.attrib["uri"] for entry in entries}
