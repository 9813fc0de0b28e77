"""What shapes read is derived from the shapes themselves."""

from pathlib import Path

import pytest

from dpc_kg.base.assets import shape_files
from dpc_kg.base.vocab import DPC, SH
from dpc_kg.validate.locality import Locality, locality
from dpc_kg.validate.shapesgraph import shapes_graph
from dpc_kg.validate.sparqlreach import reach

E = "http://e/"


def _reads(tmp_path: Path, shape: str, target: str = "sh:targetClass e:C") -> Locality:
    path = tmp_path / "shapes.ttl"
    head = f"@prefix sh: <{SH}> . @prefix e: <{E}> ."
    path.write_text(f"{head} e:S a sh:NodeShape ; {target} ; {shape}", encoding="utf-8")
    return locality(shapes_graph([path]))


def test_our_shapes_are_local() -> None:
    reads = locality(shapes_graph(shape_files()))
    assert reads.reasons == ()
    assert reads.depth <= 1
    assert DPC + "Case" in reads.targets


LOCAL = {
    "own-values": ("sh:property [ sh:path e:p ; sh:minCount 1 ] .", "", "", False),
    "class-of-value": ("sh:property [ sh:path e:p ; sh:class e:D ] .", "", "p", False),
    "own-class": ("sh:class e:D .", "", "", False),
    "siblings": ("sh:property [ sh:path e:p ; sh:lessThan e:q ] .", "", "", False),
    "sequence": ("sh:property [ sh:path (e:p e:q) ; sh:minCount 1 ] .", "p", "", False),
    "long-sequence": ("sh:property [ sh:path (e:p e:q e:r) ; sh:minCount 1 ] .", "pq", "", True),
    "class-after-sequence": ("sh:property [ sh:path (e:p e:q) ; sh:class e:D ] .", "p", "q", False),
    "alternative": (
        "sh:property [ sh:path [ sh:alternativePath (e:p (e:q e:r)) ] ; sh:minCount 1 ] .",
        "q",
        "",
        False,
    ),
    "nested-node": (
        "sh:property [ sh:path e:p ; sh:node [ sh:property [ sh:path e:q ; sh:minCount 1 ] ] ] .",
        "p",
        "",
        False,
    ),
    "nested-property": (
        "sh:property [ sh:path e:p ; sh:property [ sh:path e:q ; sh:minCount 1 ] ] .",
        "p",
        "",
        False,
    ),
    "nested-closed": ("sh:property [ sh:path e:p ; sh:node [ sh:closed true ] ] .", "p", "", False),
    "qualified": (
        "sh:property [ sh:path e:p ; sh:qualifiedValueShape [ sh:class e:D ] ;"
        " sh:qualifiedMinCount 1 ] .",
        "",
        "p",
        False,
    ),
    "or": ("sh:or ( [ sh:path (e:p e:q) ; sh:minCount 1 ] [ sh:class e:D ] ) .", "p", "", False),
    "not": ("sh:not [ sh:path e:p ; sh:class e:D ] .", "", "p", False),
    "sparql": (
        'sh:sparql [ sh:select "SELECT $this WHERE { $this <http://e/p> ?v . '
        '?v <http://e/q> ?w }" ] .',
        "p",
        "",
        False,
    ),
}


@pytest.mark.parametrize("name", LOCAL)
def test_local_shapes(tmp_path: Path, name: str) -> None:
    shape, followed, typed, deep = LOCAL[name]
    reads = _reads(tmp_path, shape)
    assert reads.is_local
    assert reads.targets == {E + "C"}
    assert reads.followed == {E + letter for letter in followed}
    assert reads.typed == {E + letter for letter in typed}
    assert (reads.depth > 1) is deep


FAR = {
    "turned-back": "sh:property [ sh:path ( e:p [ sh:inversePath e:p ] ) ; sh:maxCount 1 ] .",
    "unbounded": "sh:property [ sh:path [ sh:zeroOrMorePath e:p ] ; sh:maxCount 1 ] .",
    "recursive": "sh:property [ sh:path e:p ; sh:node e:S ] .",
    "aggregate": (
        'sh:sparql [ sh:select "SELECT $this (COUNT(?v) AS ?n) WHERE { $this <http://e/p> ?v }'
        ' GROUP BY $this" ] .'
    ),
    "free-variable": (
        'sh:sparql [ sh:select "SELECT $this WHERE { $this <http://e/p> ?v . '
        '?o <http://e/p> ?v }" ] .'
    ),
    "not-sparql": 'sh:sparql [ sh:select "SELECT nonsense" ] .',
    "expression": "sh:expression [ sh:path e:p ] .",
}


@pytest.mark.parametrize("name", FAR)
def test_shapes_that_reach_further(tmp_path: Path, name: str) -> None:
    assert not _reads(tmp_path, FAR[name]).is_local


def test_literal_targets_are_not_cut(tmp_path: Path) -> None:
    assert not _reads(tmp_path, "sh:closed true .", 'sh:targetNode "x"').is_local


@pytest.mark.parametrize(
    ("target", "noted"),
    [
        ("sh:targetSubjectsOf e:p", "bearing"),
        ("sh:targetObjectsOf e:p", "borne"),
        ("sh:targetNode e:p", "named"),
    ],
)
def test_other_targets_are_local(tmp_path: Path, target: str, noted: str) -> None:
    reads = _reads(tmp_path, "sh:closed true .", target)
    assert reads.is_local
    assert getattr(reads, noted) == {E + "p"}


QUERIES = {
    "optional": ("OPTIONAL { $this e:p ?v . ?v e:q ?w }", {"p"}, False),
    "not-exists": ("$this e:p ?v FILTER NOT EXISTS { ?v e:q ?w . ?w e:r ?x }", {"p", "q"}, True),
    "union": ("{ $this e:a ?v } UNION { $this e:b ?v } ?v e:c ?w", {"a", "b"}, False),
    "sequence": ("$this e:p/e:q ?v", {"p"}, False),
    "variable-predicate": ("$this ?p ?v FILTER(?p != e:p)", set(), False),
}


@pytest.mark.parametrize("name", QUERIES)
def test_queries_that_stay_near(name: str) -> None:
    pattern, followed, deep = QUERIES[name]
    found = reach(f"SELECT $this WHERE {{ {pattern} }}", {"e": E})
    assert found.reason is None
    assert found.followed == {E + letter for letter in followed}
    assert found.deep is deep


@pytest.mark.parametrize(
    "pattern",
    [
        "?x e:p $this",
        "$this ^e:p ?x",
        "$this e:p* ?x",
        "e:constant e:p ?x",
        "$this ?p ?v . ?v e:q ?w",
        "GRAPH ?g { $this e:p ?v }",
        "$this e:p ?v { SELECT ?v WHERE { ?v e:q ?w } }",
        "{ $this e:p ?v } UNION { ?v e:q ?w }",
        "OPTIONAL { $this e:p ?v } ?v e:q ?w",
        "$this e:p ?v { OPTIONAL { ?v e:q ?w } }",
        "FILTER NOT EXISTS { $this e:p ?v } ?v e:q ?w",
        "SERVICE <http://e/sparql> { $this e:p ?v }",
    ],
)
def test_queries_that_reach_further(pattern: str) -> None:
    assert reach(f"SELECT $this WHERE {{ {pattern} }}", {"e": E}).reason


AROUND = {
    "inverse": ("?x e:p $this . ?x e:q ?y", {"^p"}, {"p"}, 1),
    "same-value": ("$this e:k ?v . ?o e:k ?v ; e:q ?w", {"k", "^k"}, {"k"}, 2),
    "inverse-path": ("$this ^e:p/e:q ?v", {"^p"}, {"p"}, 1),
    "not-exists": ("$this e:p ?v FILTER NOT EXISTS { ?x e:q ?v FILTER NOT EXISTS { ?v e:r ?y } }",
                   {"p"}, {"q"}, 1),
}  # fmt: skip


@pytest.mark.parametrize("name", AROUND)
def test_queries_that_a_neighbourhood_holds(name: str) -> None:
    pattern, followed, incoming, depth = AROUND[name]
    found = reach(f"SELECT $this WHERE {{ {pattern} }}", {"e": E})
    assert found.reason
    assert found.far is None
    assert {step.replace(E, "") for step in found.followed} == followed
    assert {step.replace(E, "") for step in found.incoming} == incoming
    assert found.depth == depth


def test_inverse_paths_are_read_from_the_value(tmp_path: Path) -> None:
    path = "[ sh:inversePath ( e:p e:q ) ]"
    reads = _reads(tmp_path, f"sh:property [ sh:path {path} ; sh:class e:D ] .")
    assert reads.is_local
    assert reads.incoming == {E + "p", E + "q"}
    assert reads.followed == {"^" + E + "q"}
    assert reads.typed == {"^" + E + "p"}
    assert (reads.depth, reads.incoming_depth, reads.typed_depth) == (1, 1, 1)
