"""What a validation will cost, told before it begins: from few nodes, for many."""

from pathlib import Path

import pyoxigraph as ox
import pytest

from dpc_kg.base.assets import shape_files
from dpc_kg.base.errors import NotSupported
from dpc_kg.base.vocab import SH
from dpc_kg.validate.cost import Cost, Limits, Rates, check_cost, estimate, is_steep
from dpc_kg.validate.fastengine import FastEngine
from dpc_kg.validate.referenceengine import ReferenceEngine
from dpc_kg.validate.shapesgraph import ShapesGraph, shapes_graph

HEAD = f"@prefix sh: <{SH}> . @prefix e: <http://e/> .\n"
SHAPE = "e:S a sh:NodeShape ; sh:targetClass e:C ; "
FLAT = "sh:property [ sh:path e:n ; sh:class e:C ] ."
STAR = "sh:property [ sh:path [ sh:zeroOrMorePath e:n ] ; sh:class e:C ] ."
NODE = "sh:property [ sh:path e:n ; sh:node e:T ] . e:T a sh:NodeShape ; " + FLAT
GIVEN = Limits(4 << 30)
RATES = [FastEngine.rates, ReferenceEngine.rates]


def clique(size: int) -> list[ox.Triple]:
    nodes = range(size)
    lines = [f"_:b{n} a e:C .\n" for n in nodes]
    lines += [f"_:b{n} e:n _:b{m} .\n" for n in nodes for m in nodes if n != m]
    text = HEAD + "".join(lines)
    return [quad.triple for quad in ox.parse(text.encode(), format=ox.RdfFormat.TURTLE)]


def chain(size: int) -> list[ox.Triple]:
    lines = (f"e:x{n} a e:C ; e:n e:x{n + 1} .\n" for n in range(size))
    text = HEAD + "".join(lines)
    return [quad.triple for quad in ox.parse(text.encode(), format=ox.RdfFormat.TURTLE)]


def shapes(room: Path, text: str) -> ShapesGraph:
    path = room / "shapes.ttl"
    path.write_text(HEAD + SHAPE + text, encoding="utf-8")
    return shapes_graph([path])


def cost(room: Path, text: str, data: list[ox.Triple]) -> Cost:
    (found,) = estimate(data, shapes(room, text)).values()
    return found


def test_what_is_alike_is_told_exactly(tmp_path: Path) -> None:
    """Each node of a clique passes over all links, in two rounds; its values are all nodes."""
    assert cost(tmp_path, STAR, clique(30)) == Cost(
        checks=30 * (1 + 1 + 1 + 30), edges=30 * (30 * 29), rounds=30 * (30 * 29) * 2
    )


def test_shapes_inside_shapes_multiply(tmp_path: Path) -> None:
    found = cost(tmp_path, NODE, clique(30))
    assert found.edges == 30 * (29 + 29 * 29)
    assert found.checks > 30 * 29 * 29


def test_a_chain_is_told_about_right(tmp_path: Path) -> None:
    found = cost(tmp_path, STAR, chain(100))
    assert found.edges == pytest.approx(100 * 101 / 2, rel=0.1)


@pytest.mark.parametrize(
    "path",
    [
        "[ sh:oneOrMorePath ( e:n e:n ) ]",
        "[ sh:zeroOrOnePath [ sh:inversePath e:n ] ]",
        "[ sh:inversePath ( e:n e:m ) ]",
        "[ sh:zeroOrMorePath [ sh:alternativePath ( e:n [ sh:inversePath e:n ] ) ] ]",
    ],
)
def test_every_kind_of_path_is_followed(tmp_path: Path, path: str) -> None:
    found = cost(tmp_path, f"sh:property [ sh:path {path} ; sh:class e:C ] .", clique(10))
    assert found.edges >= (0 if "e:m" in path else 90)


@pytest.mark.parametrize("rates", RATES)
def test_what_takes_too_long_is_refused(tmp_path: Path, rates: Rates) -> None:
    deep = "".join(
        f"sh:node e:S{n} . e:S{n} a sh:NodeShape ; sh:property [ sh:path e:n ; sh:node e:S{n}b ] . "
        f"e:S{n}b a sh:NodeShape ; "
        for n in range(6)
    )
    with pytest.raises(NotSupported, match=r"S: To validate this would take about .* s of"):
        check_cost(clique(60), shapes(tmp_path, deep + FLAT), rates, GIVEN)


def test_shapes_that_double_are_refused_whatever_the_data(tmp_path: Path) -> None:
    twice = "sh:node e:S{0} ; sh:and ( e:S{0} ) . e:S{0} a sh:NodeShape ; "
    text = "".join(twice.format(n) for n in range(35)) + FLAT
    for rates in RATES:
        with pytest.raises(NotSupported):
            check_cost(chain(1), shapes(tmp_path, text), rates, GIVEN)


def test_what_takes_too_much_memory_is_refused(tmp_path: Path) -> None:
    few = Limits(100_000)
    with pytest.raises(NotSupported, match="about too much memory"):
        check_cost(clique(40), shapes(tmp_path, STAR), FastEngine.rates, few)


def test_time_that_is_given_is_what_counts(tmp_path: Path) -> None:
    graph = shapes(tmp_path, NODE)
    check_cost(clique(60), graph, ReferenceEngine.rates, GIVEN)
    with pytest.raises(NotSupported, match="more time is given by --seconds"):
        check_cost(clique(60), graph, ReferenceEngine.rates, Limits(4 << 30, 1))


def test_shapes_without_depth_are_not_tried(tmp_path: Path) -> None:
    assert not is_steep(shapes(tmp_path, FLAT))
    assert is_steep(shapes(tmp_path, "sh:property [ sh:path ( e:n e:n ) ; sh:minCount 1 ] ."))
    assert is_steep(shapes(tmp_path, "sh:property [ sh:path e:n ; sh:property e:P ] . e:P " + FLAT))


def test_every_kind_of_target_is_counted(tmp_path: Path) -> None:
    text = (
        "sh:targetNode e:a ; sh:targetSubjectsOf e:n ; sh:targetObjectsOf e:n ; sh:not e:T . "
        "e:T a sh:NodeShape ; sh:class e:D ."
    )
    assert cost(tmp_path, text, chain(10)).checks == 12 * (1 + 1 + 2)


def test_our_own_shapes_are_no_danger() -> None:
    check_cost(chain(100), shapes_graph(shape_files()), ReferenceEngine.rates, GIVEN)
