"""Focus nodes are counted whatever chooses them; doc examples run."""

import doctest
import importlib
from pathlib import Path

import pytest

from dpc_kg.validate.focus import count_focus
from dpc_kg.validate.shapesgraph import parse, shapes_graph

HEAD = """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix e: <http://e/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""
DATA = "e:x a e:C ; e:p e:y . e:D rdfs:subClassOf e:C . e:z a e:D . _:b a e:C . e:y e:q 1 , 2 ."
TARGETS = {
    "sh:targetClass e:C": 3,
    "sh:targetClass e:D": 1,
    "sh:targetNode e:nobody , 7": 2,
    "sh:targetSubjectsOf e:p": 1,
    "sh:targetObjectsOf e:q": 2,
    "sh:targetClass e:C ; sh:targetSubjectsOf e:p , e:q": 4,
    'sh:target [ sh:select "SELECT ?this WHERE { ?this <http://e/p> ?v }" ]': 1,
    "sh:targetClass e:Nothing": 0,
    "a rdfs:Class": 0,
}


@pytest.mark.parametrize("target", TARGETS)
def test_targets(tmp_path: Path, target: str) -> None:
    shapes, data = tmp_path / "s.ttl", tmp_path / "d.ttl"
    shapes.write_text(f"{HEAD} e:S a sh:NodeShape ; {target} .", encoding="utf-8")
    data.write_text(HEAD + DATA, encoding="utf-8")
    assert count_focus(list(parse(data)), shapes_graph([shapes])) == TARGETS[target]


def test_implicit_class_target(tmp_path: Path) -> None:
    shapes, data = tmp_path / "s.ttl", tmp_path / "d.ttl"
    shapes.write_text(f"{HEAD} e:C a sh:NodeShape , rdfs:Class .", encoding="utf-8")
    data.write_text(HEAD + DATA, encoding="utf-8")
    assert count_focus(list(parse(data)), shapes_graph([shapes])) == 3


@pytest.mark.parametrize("name", ["focus", "results"])
def test_examples_in_the_code(name: str) -> None:
    found = doctest.testmod(importlib.import_module(f"dpc_kg.validate.{name}"))
    assert found.attempted
    assert not found.failed
