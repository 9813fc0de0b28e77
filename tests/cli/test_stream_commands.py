"""A lift that goes on into a store through a pipe, and what becomes of half a stream."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from dpc_kg.base.quadstream import end_mark

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Run

COMMAND = [sys.executable, "-m", "dpc_kg"]
MAPPING = """
@prefix rml: <http://w3id.org/rml/> .
@base <https://example.org/m> .
<#s> a rml:LogicalSource ; rml:referenceFormulation rml:CSV ;
  rml:source [ a rml:RelativePathSource ; rml:root rml:MappingDirectory ; rml:path "t.csv" ] .
<#m> a rml:TriplesMap ; rml:logicalSource <#s> ;
  rml:subjectMap [ rml:template "https://example.org/{id}" ] ;
  rml:predicateObjectMap [ rml:predicate <urn:a> ; rml:objectMap [ rml:reference "a" ] ] .
"""
ROWS = 30_000


@pytest.fixture
def mapping(tmp_path: Path) -> Path:
    path = tmp_path / "m.ttl"
    path.write_text(MAPPING, encoding="utf-8")
    rows = "".join(f"{n},text {n}\n" for n in range(ROWS))
    (tmp_path / "t.csv").write_text(f"id,a\n{rows}", encoding="utf-8")
    return path


def test_a_lift_goes_on_into_a_store(mapping: Path, tmp_path: Path, run: Run) -> None:
    store, told = tmp_path / "store", tmp_path / "told"
    command = [*COMMAND, "lift", "--mapping", str(mapping), "-o", "-"]
    with (
        told.open("wb") as errors,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors) as lift,
    ):
        load = subprocess.run(
            [*COMMAND, "load", "-", "--store", str(store)], stdin=lift.stdout, capture_output=True
        )
    assert lift.returncode == 0
    assert b"quads written to standard output" in told.read_bytes()
    assert (load.returncode, load.stdout) == (0, b""), load.stderr
    assert run("lift", "--mapping", mapping, "-o", tmp_path / "data.nq").code == 0
    lines = (tmp_path / "data.nq").read_text(encoding="utf-8").splitlines()
    assert len(lines) == ROWS
    assert run("dump", "--store", store).out.splitlines() == sorted(lines)
    assert not (tmp_path / "-").exists()


@pytest.mark.parametrize(
    ("stream", "words"),
    [
        (b"<urn:a> <urn:b> <urn:c> .\n", "before its last line"),
        (b"<urn:a> <urn:b> <urn:c> .\n" + end_mark(2), "before its last line"),
        (b"", "before its last line"),
        (b"<urn:a> <urn:b>\n" + end_mark(1), "-, line 2: This is not well-formed"),
    ],
)
def test_of_half_a_stream_nothing_stays(tmp_path: Path, stream: bytes, words: str) -> None:
    store = tmp_path / "store"
    done = subprocess.run(
        [*COMMAND, "load", "-", "--store", str(store)], input=stream, capture_output=True
    )
    assert done.returncode == 2
    assert words in done.stderr.decode()
    assert list(tmp_path.iterdir()) == []


def test_a_store_that_is_there_takes_no_stream(tmp_path: Path, run: Run) -> None:
    (tmp_path / "store").mkdir()
    done = run("load", "-", "--store", tmp_path / "store")
    assert done.code == 2
    assert "into a new store" in done.err


@pytest.mark.parametrize("more", [["--format", "trig"], ["--explain", "urn:x"]])
def test_only_n_quads_go_into_a_stream(mapping: Path, run: Run, more: list[str]) -> None:
    done = run("lift", "--mapping", mapping, "-o", "-", *more)
    assert done.code == 2
    assert "Only N-Quads" in done.err
