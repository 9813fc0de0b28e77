"""Two releases compared: what came, what went, and whether anybody was warned."""

from pathlib import Path

import pytest
from rdflib import DCTERMS, OWL, RDF, RDFS, SH, BNode, Graph, Literal, Namespace, URIRef
from rdflib.collection import Collection

from dpc_kg.base.errors import UnknownAsset
from dpc_kg.base.vocab import DPC, SHAPES
from dpc_kg.cli import main
from dpc_kg.model.diff import Change, compare, compare_graphs

D = Namespace(DPC)
S = Namespace(SHAPES)
ROOT = URIRef("https://w3id.org/dpc/cdm")
RELEASES = Path(__file__).resolve().parents[1] / "quality" / "fixtures" / "release"


def release(version: str = "1.0.0") -> Graph:
    graph = Graph()
    graph.add((ROOT, RDF.type, OWL.Ontology))
    graph.add((ROOT, OWL.versionIRI, URIRef(f"{ROOT}/{version}")))
    graph.add((D.Plant, RDF.type, OWL.Class))
    graph.add((D.Plant, RDFS.label, Literal("Plant", "en")))
    return graph


def test_releases_that_are_the_same_differ_in_nothing() -> None:
    found = compare_graphs(release(), release())
    assert found.changes == ()
    assert found.summary().startswith("0 added, 0 changed")


def test_a_term_that_comes_or_changes_is_named() -> None:
    new = release()
    new.set((D.Plant, RDFS.label, Literal("Living plant", "en")))
    new.add((D.Shrub, RDF.type, OWL.Class))
    found = compare_graphs(release(), new)
    assert found.changes == (
        Change("changed", "Class", str(D.Plant), ("label",)),
        Change("added", "Class", str(D.Shrub)),
    )


def test_a_removal_is_abrupt_unless_it_was_announced() -> None:
    old, new = release(), release("1.1.0")
    new.remove((D.Plant, None, None))
    assert [c.how for c in compare_graphs(old, new).changes] == ["abrupt"]
    old.add((D.Plant, OWL.deprecated, Literal(True)))
    found = compare_graphs(old, new)
    assert [c.how for c in found.changes] == ["removed"]
    assert not found.abrupt


def test_deprecation_is_told_apart_from_other_changes() -> None:
    new = release()
    new.add((D.Plant, OWL.deprecated, Literal(True)))
    new.add((D.Plant, DCTERMS.isReplacedBy, D.Shrub))
    assert [c.how for c in compare_graphs(release(), new).changes] == ["deprecated"]


def test_a_changed_list_of_a_shape_is_a_change_and_a_renumbered_one_is_none() -> None:
    graphs = []
    for codes in ((D.green,), (D.green,), (D.green, D.blue)):
        graph, head = release(), BNode()
        Collection(graph, head, list(codes))
        graph.add((S["PlantShape-colour"], RDF.type, SH.PropertyShape))
        graph.add((S["PlantShape-colour"], SH["in"], head))
        graphs.append(graph)
    assert not compare_graphs(graphs[0], graphs[1]).changes
    assert compare_graphs(graphs[0], graphs[2]).changes[0].properties == ("in",)


def test_the_header_must_say_what_the_differences_say() -> None:
    new = release("1.1.0")
    said = compare_graphs(release(), new).header_problems()
    assert len(said) == 2
    new.add((ROOT, OWL.priorVersion, URIRef(f"{ROOT}/1.0.0")))
    new.add((ROOT, OWL.backwardCompatibleWith, URIRef(f"{ROOT}/1.0.0")))
    assert not compare_graphs(release(), new).header_problems()
    new.remove((D.Plant, None, None))
    assert "yet something was removed" in compare_graphs(release(), new).header_problems()[0]


def test_a_folder_without_a_release_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnknownAsset):
        compare(tmp_path, RELEASES / "1.0.0")


def test_the_verb_lists_the_changes_and_refuses_abrupt_ones(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["diff", str(RELEASES / "1.0.0"), str(RELEASES / "1.1.0")]) == 0
    said = capsys.readouterr()
    assert "deprecated   Class" in said.out
    assert "1 added, 2 changed, 2 deprecated, 0 removed" in said.err
    assert main(["diff", str(RELEASES / "1.0.0"), str(RELEASES / "2.0.0")]) == 1
    assert "removed without deprecation Class" in capsys.readouterr().out
