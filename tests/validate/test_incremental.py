"""After a change, the results about the affected nodes and the earlier ones give the whole."""

import random
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest

from dpc_kg.base.errors import NotSupported
from dpc_kg.base.vocab import DPC, ID
from dpc_kg.validate.engines import validate_quads
from dpc_kg.validate.incremental import revalidate, touched
from dpc_kg.validate.results import Result
from dpc_kg.validate.shapesgraph import ShapesGraph, shapes_graph
from tests.validate.linked import CLASS, HEAD, QUERIES, E, linked, node_lines

NODES = 40
SHAPES = {
    "own": "sh:property [ sh:path e:key ; sh:minCount 1 ; sh:maxCount 1 ] .",
    "sequence": "sh:property [ sh:path ( e:to e:to e:key ) ; sh:maxInclusive 3 ] .",
    "class": "sh:property [ sh:path e:to ; sh:class e:D ] .",
    "inverse": "sh:property [ sh:path [ sh:inversePath e:to ] ; sh:class e:C ; sh:minCount 1 ] .",
    "there-and-back": "sh:property [ sh:path ( e:to [ sh:inversePath e:to ] ) ; sh:maxCount 2 ] .",
    "nested": "sh:property [ sh:path e:to ; sh:node [ sh:property [ sh:path e:to ; "
    "sh:qualifiedValueShape [ sh:class e:D ] ; sh:qualifiedMaxCount 0 ] ] ] .",
    "values-as-targets": "sh:targetObjectsOf e:to , e:name ; sh:nodeKind sh:IRI ; "
    "sh:property [ sh:path e:key ; sh:maxInclusive 3 ] .",
    "bearers": "sh:targetSubjectsOf e:to ; sh:not [ sh:path e:to ; sh:class e:C ] .",
}
ACROSS = ("same-key", "inverse", "aggregate", "union", "optional", "not-exists")


def _shapes(folder: Path, body: str) -> ShapesGraph:
    path = folder / "shapes.ttl"
    path.write_text(f"{HEAD} e:S a sh:NodeShape ; {CLASS} ; {body}", encoding="utf-8")
    return shapes_graph([path])


def _whole(store: ox.Store, shapes: ShapesGraph, folder: Path) -> tuple[Result, ...]:
    data = folder / "data.nq"
    store.dump(str(data), format=ox.RdfFormat.N_QUADS)
    return validate_quads(data, shapes=shapes).results


def _change(dice: random.Random) -> tuple[list[str], list[ox.Quad]]:
    """Give the nodes to change and the quads they will have; some are taken away or are new."""
    numbers = [*dice.sample(range(NODES), 2), NODES + dice.randrange(2)]
    lines = [
        line
        for number in numbers
        if dice.random() < 0.8
        for line in node_lines(dice, number, NODES)
    ]
    quads = ox.parse("".join(lines), format=ox.RdfFormat.N_QUADS)
    return [f"{E}n{number}" for number in numbers], list(quads)


def _apply(store: ox.Store, nodes: list[str], quads: list[ox.Quad]) -> None:
    for node in nodes:
        for quad in list(store.quads_for_pattern(ox.NamedNode(node), None, None)):
            store.remove(quad)
    store.extend(quads)


def _law(shapes: ShapesGraph, folder: Path, seeds: int, engine: str = "auto") -> int:
    """Check the law on changes of linked nodes; give how many results there were about them."""
    found = 0
    for seed in range(seeds):
        dice = random.Random(seed)
        store = ox.Store()
        store.load("".join(linked(dice, NODES)), format=ox.RdfFormat.N_QUADS)
        earlier = _whole(store, shapes, folder)
        nodes, quads = _change(dice)
        before = touched(store, nodes, shapes=shapes)
        _apply(store, nodes, quads)
        after = revalidate(store, nodes, before=before, shapes=shapes, engine=engine)
        whole = _whole(store, shapes, folder)
        assert after.merged(earlier) == whole
        assert after.results == tuple(r for r in whole if r.focus in after.nodes)
        found += len(after.results)
    return found


@pytest.mark.parametrize("name", SHAPES)
def test_earlier_and_new_results_give_the_whole(tmp_path: Path, name: str) -> None:
    assert _law(_shapes(tmp_path, SHAPES[name]), tmp_path, 10)


@pytest.mark.parametrize("name", ACROSS)
def test_queries_across_records(tmp_path: Path, name: str) -> None:
    query = f'sh:sparql [ sh:prefixes e:o ; sh:select """{QUERIES[name]}""" ] .'
    assert _law(_shapes(tmp_path, query), tmp_path, 10)


def test_the_reference_engine_gives_the_same(tmp_path: Path) -> None:
    assert _law(_shapes(tmp_path, SHAPES["inverse"]), tmp_path, 2, "pyshacl")


def test_our_shapes(make_records: Callable[[int, int], list[list[str]]], tmp_path: Path) -> None:
    for seed in range(4):
        records, others = make_records(seed, 12), make_records(seed + 100, 12)
        store = ox.Store()
        store.load("".join(line for r in records for line in r), format=ox.RdfFormat.N_QUADS)
        data = tmp_path / "data.nq"
        store.dump(str(data), format=ox.RdfFormat.N_QUADS)
        earlier = validate_quads(data).results
        quads = list(ox.parse("".join(others[3]), format=ox.RdfFormat.N_QUADS))
        nodes = sorted({q.subject.value for q in quads if isinstance(q.subject, ox.NamedNode)})
        before = touched(store, nodes)
        _apply(store, nodes, quads)
        after = revalidate(store, nodes, before=before)
        store.dump(str(data), format=ox.RdfFormat.N_QUADS)
        assert after.merged(earlier) == validate_quads(data).results
        assert after.results
        assert f"{ID}example-org/case/{3:064x}" in after.nodes


def test_only_what_a_change_concerns_is_looked_at(tmp_path: Path) -> None:
    shapes = _shapes(tmp_path, SHAPES["class"])
    store = ox.Store()
    store.load("".join(linked(random.Random(1), NODES)), format=ox.RdfFormat.N_QUADS)
    pointing = store.quads_for_pattern(None, ox.NamedNode(E + "to"), ox.NamedNode(E + "n3"))
    wanted = {E + "n3", *(quad.subject.value for quad in pointing)}  # type: ignore[union-attr]
    found = revalidate(store, [E + "n3"], shapes=shapes)
    assert found.nodes == wanted
    assert found.triples < len(store) / 2


FAR = {
    "unbounded": "sh:property [ sh:path [ sh:zeroOrMorePath e:to ] ; sh:maxCount 1 ] .",
    "free": 'sh:sparql [ sh:select "SELECT $this WHERE { ?x a <http://e/D> }" ] .',
}


@pytest.mark.parametrize("name", FAR)
def test_shapes_that_may_concern_any_node_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(NotSupported, match="any node"):
        revalidate(ox.Store(), [E + "n1"], shapes=_shapes(tmp_path, FAR[name]))


def test_a_change_of_the_class_hierarchy_is_refused() -> None:
    store = ox.Store()
    line = f"<{E}A> <http://www.w3.org/2000/01/rdf-schema#subClassOf> <{DPC}Case> .\n"
    store.load(line, format=ox.RdfFormat.N_TRIPLES)
    with pytest.raises(NotSupported, match="hierarchy"):
        revalidate(store, [E + "A"])


def test_blank_nodes_are_refused() -> None:
    store = ox.Store()
    store.load(f"<{E}a> <{E}p> _:b .", format=ox.RdfFormat.N_TRIPLES)
    with pytest.raises(NotSupported, match="Blank nodes"):
        revalidate(store, [E + "a"])
