"""Read a file of quads in pieces of some bytes that tear no line and no run of one subject."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from dpc_kg.base.errors import DpcError
from dpc_kg.validate.facts import Facts

CHUNK_BYTES = 1_000_000
"""Bytes of a piece; up to twice as many are as fast and take more memory, more are slower."""


@dataclass(frozen=True)
class Piece:
    """Where a piece stands in its file, in bytes, and its facts."""

    offset: int
    size: int
    facts: Facts

    def read(self, file: BinaryIO) -> bytes:
        """Give the lines of the piece."""
        file.seek(self.offset)
        return file.read(self.size)


def read_pieces(data: Path, target: int) -> Iterator[tuple[int, bytes]]:
    """Give the lines of a file in pieces of about ``target`` bytes, each with its offset.

    Raises:
        DpcError: there is no such file.
    """
    try:
        with data.open("rb") as file:
            yield from _pieces(file, target)
    except FileNotFoundError as e:
        raise DpcError("There is no such file of quads.", file=str(data)) from e


def lines_before(data: Path, offset: int) -> int:
    """Give how many lines a file has before an offset."""
    with data.open("rb") as file:
        return file.read(offset).count(b"\n")


def _pieces(file: BinaryIO, target: int) -> Iterator[tuple[int, bytes]]:
    offset = 0
    while own := file.read(target):
        if not own.endswith(b"\n"):
            own += file.readline()
        own += _rest_of_subject(file, own[own.rfind(b"\n", 0, -1) + 1 :])
        yield offset, own
        offset += len(own)


def _rest_of_subject(file: BinaryIO, last: bytes) -> bytes:
    """Read on while the subject stays; the one line read too far is the start of the next."""
    subject = last.split(b" ", 1)[0] + b" "
    found: list[bytes] = []
    while True:
        before = file.tell()
        line = file.readline()
        if not line.startswith(subject):
            file.seek(before)
            return b"".join(found)
        found.append(line)
