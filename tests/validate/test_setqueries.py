"""A query asked of all focus nodes at once gives what the engine finds node by node."""

import random
from pathlib import Path

import pytest

from dpc_kg.base.vocab import SH, XSD
from dpc_kg.validate.engines import Everything, pass_results, validate_data, validate_quads
from dpc_kg.validate.injection import injected, obstacle
from dpc_kg.validate.locality import locality
from dpc_kg.validate.results import Result, distinct
from dpc_kg.validate.setqueries import split
from dpc_kg.validate.shapesgraph import ShapesGraph, shapes_graph
from tests.validate.linked import CLASS, HEAD, QUERIES, E, linked


def _shapes(folder: Path, query: str, target: str = CLASS, more: str = "") -> Path:
    path = folder / "shapes.ttl"
    path.write_text(
        f"{HEAD} e:S a sh:NodeShape ; {target} ; sh:severity sh:Warning ; {more} "
        f'sh:property e:S-key ; sh:sparql [ sh:prefixes e:o ; sh:select """{query}""" ] .'
        "e:S-key sh:path e:key ; sh:minCount 1 .",
        encoding="utf-8",
    )
    return path


def _data(path: Path, seed: int) -> Path:
    """Write linked nodes in three graphs; some lines stand in two of them."""
    lines = linked(random.Random(seed), 14)
    path.write_text("".join(lines), encoding="utf-8")
    return path


def _node_by_node(data: Path, shapes: Path, engine: str = "auto") -> tuple[Result, ...]:
    return distinct(validate_data(data, shapes, engine).results)


@pytest.mark.parametrize("name", QUERIES)
def test_all_at_once_equals_node_by_node(tmp_path: Path, name: str) -> None:
    shapes = _shapes(tmp_path, QUERIES[name])
    graph = shapes_graph([shapes])
    assert obstacle(QUERIES[name], graph.prefixes()) is None
    assert not locality(graph).is_local
    found = 0
    for seed in range(12):
        data = _data(tmp_path / "data.nq", seed)
        run = validate_quads(data, shapes=[shapes], chunk_bytes=600)
        assert run.chunks > 1
        assert run.results == _node_by_node(data, shapes)
        found += sum("SPARQL" in result.component for result in run.results)
    assert found, "the sample must break the rule"


@pytest.mark.parametrize("name", QUERIES)
def test_the_reference_engine_finds_the_same(tmp_path: Path, name: str) -> None:
    shapes = _shapes(tmp_path, QUERIES[name])
    for seed in range(2):
        data = _data(tmp_path / "data.nq", seed)
        run = validate_quads(data, shapes=[shapes], chunk_bytes=600)
        assert run.results == _node_by_node(data, shapes, "pyshacl")


def test_the_value_of_a_count_is_that_of_the_reference_engine(tmp_path: Path) -> None:
    """The fast engine leaves such a value out."""
    query = QUERIES["aggregate"].replace("?n", "?value")
    shapes = _shapes(tmp_path, query)
    data = _data(tmp_path / "data.nq", 2)
    run = validate_quads(data, shapes=[shapes], chunk_bytes=600)
    assert run.chunks > 1
    assert run.results == _node_by_node(data, shapes, "pyshacl")
    assert any(result.value == f'"2"^^<{XSD}integer>' for result in run.results)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT $this WHERE { ?x e:to $this }",
        "SELECT $this ?value WHERE { ?x e:to $this OPTIONAL { $this e:to ?value } }",
    ],
)
def test_a_property_shape_without_a_value_is_left_to_the_engine(tmp_path: Path, query: str) -> None:
    """Engines differ in what the value is then."""
    shapes = tmp_path / "shapes.ttl"
    shapes.write_text(
        f"{HEAD} e:S a sh:NodeShape ; {CLASS} ; sh:property e:P . e:P sh:path e:key ; "
        f'sh:sparql [ sh:prefixes e:o ; sh:select """{query}""" ] .',
        encoding="utf-8",
    )
    data = _data(tmp_path / "data.nq", 2)
    run = validate_quads(data, shapes=[shapes], chunk_bytes=600)
    assert run.chunks == 1
    assert run.results == _node_by_node(data, shapes)


@pytest.mark.parametrize(
    "target", ["sh:targetSubjectsOf e:to", "sh:targetClass e:C , e:D ; sh:targetSubjectsOf e:key"]
)
def test_targets_of_other_kinds(tmp_path: Path, target: str) -> None:
    shapes = _shapes(tmp_path, QUERIES["same-key"], target)
    for seed in range(6):
        data = _data(tmp_path / "data.nq", seed)
        run = validate_quads(data, shapes=[shapes], chunk_bytes=600)
        assert run.chunks > 1
        assert run.results == _node_by_node(data, shapes)


def test_subclasses_of_the_target_are_asked_too(tmp_path: Path) -> None:
    shapes = _shapes(tmp_path, QUERIES["same-key"])
    data = _data(tmp_path / "data.nq", 1)
    below = f"<{E}D> <http://www.w3.org/2000/01/rdf-schema#subClassOf> <{E}C> <{E}g0> .\n"
    data.write_text(data.read_text(encoding="utf-8") + below, encoding="utf-8")
    run = validate_quads(data, shapes=[shapes])
    assert run.chunks == 1
    assert run.results == _node_by_node(data, shapes)
    assert len(run.results) > 3


def test_a_property_shape_gives_its_path_and_severity(tmp_path: Path) -> None:
    shapes = tmp_path / "shapes.ttl"
    shapes.write_text(
        f"{HEAD} e:S a sh:NodeShape ; {CLASS} ; sh:property e:P . "
        'e:P sh:path e:key ; sh:severity sh:Info ; sh:sparql [ sh:prefixes e:o ; sh:select """'
        f'{QUERIES["same-key"]}""" ] ; sh:sparql [ sh:prefixes e:o ; sh:select """'
        f'{QUERIES["inverse"]}""" ] .',
        encoding="utf-8",
    )
    assert len(split(shapes_graph([shapes])).queries) == 2
    for seed in range(6):
        data = _data(tmp_path / "data.nq", seed)
        run = validate_quads(data, shapes=[shapes], chunk_bytes=600)
        assert run.chunks > 1
        assert run.results == _node_by_node(data, shapes)
        assert {result.path for result in run.results} == {E + "key"}


LEFT = {
    "limit": "SELECT $this WHERE { ?x e:to $this } LIMIT 1",
    "not-selected": "SELECT ?x WHERE { ?x e:to $this }",
    "minus": "SELECT $this WHERE { ?x e:to $this MINUS { ?x e:key 1 } }",
    "graph": "SELECT $this WHERE { GRAPH ?g { ?x e:to $this } }",
    "lonely-filter": "SELECT $this WHERE { ?x e:key 1 { ?y e:key ?k FILTER(?y = $this) } }",
    "bound-in-optional": "SELECT $this WHERE { { OPTIONAL { $this e:to ?v } } ?v e:key ?k }",
    "optional-first": "SELECT $this WHERE { ?y e:key ?k { OPTIONAL { ?x e:to $this } "
    "$this e:key ?k } }",
    "bind-first": "SELECT $this WHERE { ?y e:key ?k { BIND(STR($this) AS ?n) $this e:key ?k } }",
    "one-group": "SELECT $this (COUNT(?x) AS ?n) WHERE { ?x e:to $this }",
    "other-group": "SELECT $this ?k WHERE { ?x e:to $this ; e:key ?k } GROUP BY ?k",
    "inner-limit": "SELECT $this WHERE { { SELECT $this WHERE { ?x e:to $this } LIMIT 1 } }",
    "shapes": "SELECT $this WHERE { ?x e:to $this FILTER(?x != $shapesGraph) }",
    "path-variable": "SELECT $this WHERE { $this $PATH ?v . ?x e:to ?v }",
    "subquery-only": "SELECT $this WHERE { SELECT $this WHERE { ?x e:to $this } }",
}


@pytest.mark.parametrize("name", LEFT)
def test_other_queries_are_left_to_the_engine(name: str) -> None:
    assert obstacle(LEFT[name], {"e": E})


SHAPES_LEFT = {
    "node-target": "sh:targetClass e:C ; sh:targetNode e:n1",
    "switched-off": f"{CLASS} ; sh:deactivated true",
    "inner": f"{CLASS} ; sh:node e:S-key . e:T {CLASS} ; sh:node e:S . e:S a sh:NodeShape",
}


@pytest.mark.parametrize("name", SHAPES_LEFT)
def test_other_shapes_are_left_to_the_engine(tmp_path: Path, name: str) -> None:
    shapes = shapes_graph([_shapes(tmp_path, QUERIES["same-key"], SHAPES_LEFT[name])])
    assert split(shapes).queries == ()
    assert split(shapes).rest is shapes


def test_queries_are_asked_at_once_of_data_in_one_go_too(tmp_path: Path) -> None:
    near = "SELECT $this ?value WHERE { $this e:to ?value . ?value e:key ?k FILTER(?k > 2) }"
    turned = "sh:property [ sh:path ( e:to [ sh:inversePath e:to ] ) ; sh:maxCount 1 ] ;"
    shapes = _shapes(tmp_path, near, more=turned)
    for seed in range(6):
        data = _data(tmp_path / "data.nq", seed)
        run = validate_quads(data, shapes=[shapes], chunk_bytes=600)
        assert run.chunks == 1
        assert run.results == _node_by_node(data, shapes)


def test_near_queries_stay_in_the_pieces(tmp_path: Path) -> None:
    near = "SELECT $this ?value WHERE { $this e:to ?value . ?value e:key ?k FILTER(?k > 2) }"
    shapes = shapes_graph([_shapes(tmp_path, near)])
    assert split(shapes).queries == ()
    all_of_them: ShapesGraph = split(shapes, far_only=False).rest
    assert not all_of_them.subjects(SH + "sparql")


def test_a_literal_the_store_would_rewrite_is_left_to_the_engine(tmp_path: Path) -> None:
    shapes = _shapes(tmp_path, QUERIES["same-key"])
    data = _data(tmp_path / "data.nq", 2)
    line = f'<{E}n1> <{E}key> "007"^^<{XSD}integer> <{E}g0> .\n'
    data.write_text(data.read_text(encoding="utf-8") + line, encoding="utf-8")
    run = validate_quads(data, shapes=[shapes], chunk_bytes=600)
    assert run.chunks == 1
    assert run.results == _node_by_node(data, shapes)


def test_a_run_that_begins_anew_forgets_what_it_handed_over(tmp_path: Path) -> None:
    class Watched(Everything):
        forgotten = 0

        def clear(self) -> None:
            self.forgotten += len(self.results)
            super().clear()

    shapes = _shapes(tmp_path, QUERIES["same-key"])
    data = _data(tmp_path / "data.nq", 2)
    line = f'<{E}n1> <{E}key> "007"^^<{XSD}integer> <{E}g0> .\n'
    data.write_text(data.read_text(encoding="utf-8") + line, encoding="utf-8")
    taker = Watched()
    met = pass_results(data, taker, shapes=[shapes], chunk_bytes=600)
    assert taker.forgotten > 0, "the pieces were done before the store met the literal"
    assert met.chunks == 1
    assert distinct(taker.results) == _node_by_node(data, shapes)


def test_the_pattern_goes_into_the_outermost_group() -> None:
    text = "SELECT $this # {\nWHERE { $this <http://e/p> '{' }"
    assert injected(text, "T", {}) == "SELECT $this # {\nWHERE { T  $this <http://e/p> '{' }"
