"""All quads of a store as sorted N-Quads lines, in bounded memory."""

import heapq
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from typing import IO, cast

import pyoxigraph as ox

RUN = 500_000
"""Lines sorted in memory at a time (about 150 MB); more are merged from nameless files."""


def sorted_lines(store: ox.Store, run: int = RUN) -> Iterator[bytes]:
    """Give every quad as one N-Quads line with its line feed, sorted by bytes."""
    with ExitStack() as stack:
        writer = _Runs(run, stack)
        # the engine asks no more of a sink than write and flush
        store.dump(cast("IO[bytes]", writer), format=ox.RdfFormat.N_QUADS)
        yield from writer.merged()


class _Runs:
    """A sink for the engine's dump: cuts it into lines, sorts and spills every ``size`` lines."""

    def __init__(self, size: int, stack: ExitStack) -> None:
        self._size = size
        self._stack = stack
        self._lines: list[bytes] = []
        self._rest = b""
        self._files: list[IO[bytes]] = []

    def write(self, data: bytes) -> int:
        lines = (self._rest + data).splitlines(keepends=True)
        self._rest = lines.pop() if lines and not lines[-1].endswith(b"\n") else b""
        self._lines.extend(lines)
        if len(self._lines) >= self._size:
            self._spill()
        return len(data)

    def flush(self) -> None:
        """Do nothing: lines go to a file only by the run."""

    def merged(self) -> Iterator[bytes]:
        self._lines.sort()
        if not self._files:
            return iter(self._lines)
        return heapq.merge(*self._files, self._lines)

    def _spill(self) -> None:
        self._lines.sort()
        file = tempfile.TemporaryFile()  # noqa: SIM115 - the stack closes it
        self._stack.callback(file.close)
        file.writelines(self._lines)
        file.seek(0)
        self._files.append(file)
        self._lines = []
