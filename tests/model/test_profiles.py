"""The generated closure: current, complete, and only as wide as the shapes."""

from pathlib import Path

import pytest
from rdflib import RDF, SH, URIRef
from rdflib.collection import Collection

from dpc_kg.base import assets
from dpc_kg.base.rdfio import canonical_turtle, read
from dpc_kg.base.vocab import DPC, SHAPES, local_name
from dpc_kg.model import ontology, profiles


def test_the_committed_file_is_current(tmp_path: Path) -> None:
    (written,) = profiles.write(tmp_path)
    committed = assets.asset("shapes", profiles.PRIVACY)
    advice = "run: python -m dpc_kg.model.profiles"
    assert written.read_bytes() == committed.read_bytes(), advice


def test_each_leaf_class_is_closed_over_its_shapes() -> None:
    closed, shapes = read(assets.asset("shapes", profiles.PRIVACY)), profiles.hand_written()
    for iri in ontology.leaf_classes():
        shape = URIRef(f"{SHAPES}{local_name(iri)}Shape-closed")
        assert closed.value(shape, SH.targetClass) == URIRef(iri)
        head = closed.value(shape, SH.ignoredProperties)
        assert head is not None
        allowed = {str(p) for p in Collection(closed, head)}
        assert allowed == {str(RDF.type), *profiles.properties(shapes, iri)}


def test_a_subclass_may_carry_what_its_parent_may() -> None:
    shapes = profiles.hand_written()
    shapes.parse(
        format="turtle",
        data="""
        @prefix sh: <http://www.w3.org/ns/shacl#> .
        @prefix dpc: <https://w3id.org/dpc/cdm#> .
        @prefix dpcsh: <https://w3id.org/dpc/shapes#> .
        dpcsh:RecordShape sh:targetClass dpc:Record ; sh:property dpcsh:RecordShape-occurrences .
        dpcsh:RecordShape-occurrences sh:path dpc:occurrences ; sh:minCount 1 .
        """,
    )
    for name in ("HelplineContact", "Case"):
        assert DPC + "occurrences" in profiles.properties(shapes, DPC + name, required=True)
    assert DPC + "occurrences" not in profiles.properties(shapes, DPC + "Referral")


def test_required_properties_are_a_part_of_all() -> None:
    shapes = profiles.hand_written()
    case = set(profiles.properties(shapes, DPC + "Case"))
    required = set(profiles.properties(shapes, DPC + "Case", required=True))
    assert DPC + "hasStatus" in required < case
    assert DPC + "closedAt" in case - required


def test_the_closure_does_not_depend_on_the_order_of_files(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    text = canonical_turtle(profiles.closure())
    backwards = assets.shape_files()[::-1]
    monkeypatch.setattr(assets, "shape_files", lambda: backwards)
    assert canonical_turtle(profiles.closure()) == text
