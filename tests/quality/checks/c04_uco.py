"""Validate ontology and shapes against the OWL 2 DL review shapes of UCO."""

from typing import cast

import pyshacl
from rdflib import RDF, SH, Graph

from dpc_kg.base.vocab import local_name
from tests.quality.context import Context
from tests.quality.parts import Outcome
from tests.quality.tree import ONTOLOGY

TITLE = "UCO review shapes"
TOOL = "pySHACL"
NEEDS = ("shared", "time")


def run(context: Context) -> Outcome:
    """Look at ontology, code lists and shapes as one graph."""
    path = context.data("standards", "uco-case", "uco-owl-dl-review-shapes.ttl")
    rules = Graph().parse(data=path.read_text(encoding="utf-8"), format="turtle")
    data = context.tree.graph(*ONTOLOGY, *context.shape_files)
    _, report, _ = pyshacl.validate(data, shacl_graph=rules)
    results = cast("Graph", report)
    problems = sorted(
        f"{local_name(str(results.value(node, SH.focusNode)))}: "
        f"{results.value(node, SH.resultMessage)}"
        for node in results.subjects(RDF.type, SH.ValidationResult)
    )
    shapes = len(set(rules.subjects(RDF.type, SH.NodeShape)))
    figure = f"0 results of {shapes} shapes on {len(data)} statements"
    return Outcome(min(shapes, len(data)), "shapes", tuple(problems), figure)
