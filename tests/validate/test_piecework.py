"""Pieces that seem to need nothing of others are validated early, and again if they did."""

from pathlib import Path

import pytest

from dpc_kg.base.errors import DpcError
from dpc_kg.base.vocab import RDF_TYPE, RDFS
from dpc_kg.validate import piecework
from dpc_kg.validate.chunks import Chunk, cut
from dpc_kg.validate.engines import choose, compiled_shapes, validate_quads
from dpc_kg.validate.locality import locality
from dpc_kg.validate.piecework import Piecework
from dpc_kg.validate.results import Result
from dpc_kg.validate.shapesgraph import ShapesGraph, shapes_graph

E = "https://example.org/"
SHAPES = f"""
@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix e: <{E}> .
e:S a sh:NodeShape ; sh:targetClass e:C ; sh:property e:S-key , e:S-to , e:S-back .
e:S-key sh:path e:key ; sh:minCount 1 ; sh:maxCount 1 .
e:S-to sh:path e:to ; sh:class e:C .
e:S-back sh:path [ sh:inversePath e:to ] ; sh:maxCount 1 .
"""
RECORDS = 40
SIZE = 300


class Takes:
    """Takes every piece that it is offered."""

    def __init__(self) -> None:
        self.offsets: list[int] = []

    def offer(self, offset: int, own: bytes) -> bool:
        """Take it."""
        self.offsets.append(offset)
        return True


@pytest.fixture
def shapes(tmp_path: Path) -> ShapesGraph:
    """Give shapes with a class of values and an inverse path."""
    path = tmp_path / "shapes.ttl"
    path.write_text(SHAPES, encoding="utf-8")
    return shapes_graph([path])


def _record(number: int) -> list[str]:
    node = f"<{E}n{number:03}>"
    key = f'{node} <{E}key> "{number}" <{E}g> .\n'
    return [f"{node} <{RDF_TYPE}> <{E}C> <{E}g> .\n", *([key] if number % 7 else [])]


def _data(tmp_path: Path, *further: str) -> Path:
    data = tmp_path / "data.nq"
    lines = [line for number in range(RECORDS) for line in _record(number)]
    data.write_text("".join([*lines, *further]), encoding="utf-8", newline="\n")
    return data


def _line(subject: str, predicate: str, value: str) -> str:
    return f"<{E}{subject}> <{predicate}> {value} <{E}g> .\n"


ALONE: tuple[str, ...] = ()
FURTHER = {
    "another-line": (_line("n003", E + "key", '"again"'),),
    "points-at-it-twice": (
        _line("z1", E + "to", f"<{E}n003>"),
        _line("z2", E + "to", f"<{E}n003>"),
    ),
    "a-class-above": (
        _line("D", RDFS + "subClassOf", f"<{E}C>"),
        _line("n003", RDF_TYPE, f"<{E}D>"),
    ),
}


def test_pieces_that_are_alone_stand(tmp_path: Path, shapes: ShapesGraph) -> None:
    takes = Takes()
    cutting = cut(_data(tmp_path), locality(shapes), frozenset([E + "C"]), SIZE, takes)
    assert len(cutting.pieces) > 10
    assert takes.offsets == [piece.offset for piece in cutting.pieces]
    assert cutting.standing == set(takes.offsets)
    assert list(cutting.chunks()) == []


@pytest.mark.parametrize("name", FURTHER)
def test_pieces_that_were_touched_are_given_again(
    tmp_path: Path, shapes: ShapesGraph, name: str
) -> None:
    takes = Takes()
    data = _data(tmp_path, *FURTHER[name])
    cutting = cut(data, locality(shapes), frozenset([E + "C"]), SIZE, takes)
    with data.open("rb") as file:
        holding = {p.offset for p in cutting.pieces if b"n003>" in p.read(file)}
    assert holding & set(takes.offsets)
    assert not holding & cutting.standing
    given = {chunk.offset for chunk in cutting.chunks() if chunk.own}
    assert holding <= given


@pytest.mark.parametrize("further", [ALONE, *FURTHER.values()], ids=["alone", *FURTHER])
@pytest.mark.parametrize("held", [20_000, 0], ids=["any", "few"])
def test_early_pieces_give_the_same(
    tmp_path: Path,
    shapes: ShapesGraph,
    further: tuple[str, ...],
    held: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(piecework, "_HELD", held)
    data = _data(tmp_path, *further)
    whole = validate_quads(data, shapes=shapes, chunk_bytes=10**9)
    assert len(whole.results) >= RECORDS // 7
    pieces = validate_quads(data, shapes=shapes, chunk_bytes=SIZE)
    assert pieces.chunks > 10
    assert (pieces.results, pieces.focus_nodes) == (whole.results, whole.focus_nodes)


def test_no_more_results_are_held_back_than_set(
    tmp_path: Path, shapes: ShapesGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(piecework, "_HELD", 1)
    data = _data(tmp_path)
    taken: list[int] = []
    with Piecework(_Three(), b"", 2, data) as work:
        for offset in range(10):
            if work.offer(offset, b""):
                taken.append(offset)
                work._early[offset].result()
    assert taken == [0]


class _Three:
    """Finds three results in anything."""

    def validate(self, quads: bytes) -> list[Result]:
        """Give them."""
        return [Result("n", None, None, str(number), None, "s") for number in range(3)]


def test_with_one_thread_nothing_is_early(tmp_path: Path) -> None:
    with Piecework(_Three(), b"", 1, tmp_path) as work:
        assert not work.offer(0, b"")
        assert len(list(work.results([], [Chunk(0, b"")]))) == 3


def test_damaged_line_of_an_early_piece_is_told(tmp_path: Path, shapes: ShapesGraph) -> None:
    data = _data(tmp_path)
    lines = data.read_text(encoding="utf-8").splitlines(keepends=True)
    lines[40] = lines[40].replace(f"<{E}g>", "<no iri>")
    data.write_text("".join(lines), encoding="utf-8", newline="\n")
    with pytest.raises(DpcError) as told:
        validate_quads(data, shapes=shapes, chunk_bytes=SIZE)
    assert (told.value.file, told.value.line) == ("data.nq", 41)


def test_a_node_that_many_pieces_ask_for_comes_with_all_its_lines(
    tmp_path: Path, shapes: ShapesGraph
) -> None:
    """Otherwise an engine tells in each piece of all that it lacks."""
    links = [_line(f"z{number:03}", E + "to", f"<{E}n001>") for number in range(60)]
    data = _data(tmp_path, *links, _line("z", E + "to", f"<{E}n002>"))
    cutting = cut(data, locality(shapes), frozenset([E + "C"]), SIZE)
    asking = [
        chunk for chunk in cutting.chunks() if b"/to> <https://example.org/n001>" in chunk.own
    ]
    assert len(asking) > 5
    assert all(f'n001> <{E}key> "1"'.encode() in chunk.context for chunk in asking)
    assert not any(f'n002> <{E}key> "2"'.encode() in chunk.context for chunk in asking)
    compiled = compiled_shapes(choose(), shapes)
    for chunk in asking:
        found = compiled.validate(chunk.own + chunk.context)
        assert (E + "n001", E + "key") not in {(result.focus, result.path) for result in found}
