"""Quads that go into a stream while they are made, and what a reader makes of the stream."""

import io
import os
from pathlib import Path

import pytest

from dpc_kg.base.errors import DpcError
from dpc_kg.base.quadstream import MarkedStream, end_mark
from dpc_kg.lift.outlet import passed_on

LINES = b"".join(b"<urn:a%d> <urn:b> <urn:c> .\n" % n for n in range(200_000))


def _write(path: Path) -> None:
    with path.open("wb") as file:
        for at in range(0, len(LINES), 1 << 16):
            file.write(LINES[at : at + (1 << 16)])


class _Full(io.BytesIO):
    def write(self, data: object) -> int:
        raise BrokenPipeError


@pytest.fixture(params=[True, False], ids=["pipes", "no pipes"])
def _pipes(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if not request.param:
        monkeypatch.delattr(os, "mkfifo", raising=False)


@pytest.mark.usefixtures("_pipes")
def test_a_stream_has_the_bytes_of_the_file(tmp_path: Path) -> None:
    out = io.BytesIO()
    assert passed_on(_write, tmp_path / "q", out) == 200_000
    assert out.getvalue() == LINES
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("_pipes")
def test_a_stream_that_takes_no_more_is_said_and_holds_nobody_up(tmp_path: Path) -> None:
    with pytest.raises(DpcError, match="takes no more"):
        passed_on(_write, tmp_path / "q", _Full())
    assert list(tmp_path.iterdir()) == []


def test_an_error_of_the_writer_is_its_own(tmp_path: Path) -> None:
    def write(path: Path) -> None:
        raise ValueError("no disk")

    with pytest.raises(ValueError, match="no disk"):
        passed_on(write, tmp_path / "q", io.BytesIO())


@pytest.mark.parametrize(
    ("data", "whole"),
    [
        (b"a\nb\n" + end_mark(2), True),
        (end_mark(0), True),
        (b"a\nb\n", False),
        (b"a\n" + end_mark(2), False),
        (b"a\nb\n# 2 quads", False),
        (b"", False),
        (end_mark(1) + b"a\n", False),
    ],
)
@pytest.mark.parametrize("size", [1, 3, 1 << 20])
def test_a_stream_is_whole_with_its_last_line(data: bytes, whole: bool, size: int) -> None:
    stream = MarkedStream(io.BytesIO(data))
    while stream.read(size):
        pass
    assert stream.is_whole is whole
