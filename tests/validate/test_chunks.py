"""Validation in pieces gives the results of validation in one go, wherever the cuts fall."""

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from dpc_kg.base.errors import DpcError
from dpc_kg.validate.chunks import cut
from dpc_kg.validate.engines import validate_quads
from dpc_kg.validate.locality import Locality
from dpc_kg.validate.pieces import read_pieces
from dpc_kg.validate.quadlines import NotCuttable
from dpc_kg.validate.results import Result

Make = Callable[[int, int], list[list[str]]]
WHOLE = 10**9

CLASS_TEST = """
@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix dpc: <https://w3id.org/dpc/cdm#> .
@prefix s: <https://example.org/shapes#> .
s:R a sh:NodeShape ; sh:targetClass dpc:Referral ; sh:property s:R-of , s:R-sent , s:R-status .
s:R-of sh:path dpc:isReferralOf ; sh:class dpc:Record ; sh:maxCount 1 .
s:R-sent sh:path dpc:sentAt ; sh:minCount 1 .
s:R-status sh:path ( dpc:isReferralOf dpc:hasStatus ) ; sh:minCount 1 ; sh:maxCount 1 .
s:H a sh:NodeShape ; sh:targetClass dpc:HashReference ; sh:property s:H-algorithm .
s:H-algorithm sh:path dpc:hashAlgorithm ; sh:minCount 1 ; sh:maxCount 1 .
"""


def _write(path: Path, records: list[list[str]]) -> Path:
    path.write_text("".join(line for record in records for line in record), encoding="utf-8")
    return path


def _run(data: Path, size: int, shapes: list[Path] | None = None) -> tuple[tuple[Result, ...], int]:
    run = validate_quads(data, shapes=shapes, chunk_bytes=size)
    return run.results, run.focus_nodes


@pytest.mark.parametrize("seed", range(8))
def test_pieces_equal_one_go(make_records: Make, tmp_path: Path, seed: int) -> None:
    data = _write(tmp_path / "data.nq", make_records(seed, 12))
    whole = _run(data, WHOLE)
    assert whole[0], "the sample must break some rules"
    for size in (1, 1_000, 3_000, 9_000):
        assert _run(data, size) == whole
    assert validate_quads(data, chunk_bytes=3_000).chunks > 2


@pytest.mark.parametrize("seed", range(8))
def test_class_tests_and_longer_paths(make_records: Make, tmp_path: Path, seed: int) -> None:
    shapes = tmp_path / "shapes.ttl"
    shapes.write_text(CLASS_TEST, encoding="utf-8")
    data = _write(tmp_path / "data.nq", make_records(seed, 12))
    whole = _run(data, WHOLE, [shapes])
    for size in (1, 1_000, 3_000):
        assert _run(data, size, [shapes]) == whole


def test_reference_engine_in_pieces(make_records: Make, tmp_path: Path) -> None:
    data = _write(tmp_path / "data.nq", make_records(3, 8))
    whole = validate_quads(data, engine="pyshacl", chunk_bytes=WHOLE)
    pieces = validate_quads(data, engine="pyshacl", chunk_bytes=6_000)
    assert pieces == whole
    assert pieces.chunks > 1


def test_pieces_hold_every_line_once(make_records: Make, tmp_path: Path) -> None:
    data = _write(tmp_path / "data.nq", make_records(5, 30))
    pieces = list(read_pieces(data, 7_500))
    assert b"".join(own for _, own in pieces) == data.read_bytes()
    first = 0
    for offset, own in pieces:
        assert offset == first
        first += len(own)


def test_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(DpcError, match="no such file"):
        validate_quads(tmp_path / "data.nq")


def test_subject_is_not_torn(make_records: Make, tmp_path: Path) -> None:
    data = _write(tmp_path / "data.nq", make_records(1, 4))
    ends = [own.splitlines()[-1].split()[0] for _, own in read_pieces(data, 1)]
    assert all(one != other for one, other in pairwise(ends))


@pytest.mark.parametrize(
    "line",
    [
        "_:b <https://example.org/p> <https://example.org/o> <https://example.org/g> .\n",
        "<https://example.org/s> <https://example.org/p> _:b <https://example.org/g> .\n",
        "<https://example.org/s>\t<https://example.org/p> <https://example.org/o> .\n",
    ],
    ids=["blank-subject", "blank-object", "tab"],
)
def test_unusual_lines_are_validated_in_one_go(
    make_records: Make, tmp_path: Path, line: str
) -> None:
    data = _write(tmp_path / "data.nq", [*make_records(4, 6), [line]])
    run = validate_quads(data, chunk_bytes=1_500)
    assert run.chunks == 1
    plain = _write(tmp_path / "plain.nq", make_records(4, 6))
    assert run.results == validate_quads(plain, chunk_bytes=1_500).results


def test_shapes_that_are_not_local_are_not_cut(make_records: Make, tmp_path: Path) -> None:
    data = _write(tmp_path / "data.nq", make_records(4, 6))
    reads = Locality(("a reason",))
    with pytest.raises(NotCuttable, match="a reason"):
        cut(data, reads, frozenset())


FAR_CLASS = """
@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix dpc: <https://w3id.org/dpc/cdm#> .
@prefix s: <https://example.org/shapes#> .
s:A a sh:NodeShape ; sh:targetClass dpc:A ; sh:property s:A-of .
s:A-of sh:path dpc:of ; sh:class dpc:B .
s:H a sh:NodeShape ; sh:targetClass dpc:H ; sh:property s:H-to .
s:H-to sh:path ( dpc:to dpc:mark ) ; sh:minCount 1 ; sh:maxCount 1 .
"""


def test_node_known_by_class_is_fetched_in_full_when_followed(tmp_path: Path) -> None:
    """A shared node follows a node that other pieces need for its class alone."""
    shapes = tmp_path / "shapes.ttl"
    shapes.write_text(FAR_CLASS, encoding="utf-8")
    space, graph = "https://w3id.org/dpc/cdm#", "https://w3id.org/dpc/graph/o/pending"
    kind = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"

    def line(subject: str, predicate: str, value: str) -> str:
        name = kind if predicate == "a" else f"<{space}{predicate}>"
        return f"<https://example.org/{subject}> {name} <{value}> <{graph}> .\n"

    node = "https://example.org/b"
    records = [
        [line("a", "a", space + "A"), line("a", "of", node)],
        [line("h", "a", space + "H"), line("h", "to", node)],
        [line("b", "a", space + "B"), line("b", "mark", node), line("b", "mark", space)],
        [line("h", "a", space + "H")],
    ]
    data = _write(tmp_path / "data.nq", records)
    whole = _run(data, WHOLE, [shapes])
    assert [result.rule for result in whole[0]] == ["H-to"]
    for size in (1, 200, 400, 600):
        assert _run(data, size, [shapes]) == whole
