"""N-Quads in a stream between two processes: the last line says that it is whole.

A file that is half written can be taken away; of what came through a pipe the reader must know it.
The mark is a comment, so that any other reader of N-Quads may have the stream too.
"""

import re
from typing import IO

_MARK = re.compile(rb"(?:\A|\n)# ([0-9]{1,18}) quads\n\Z")
_TAIL = 64


def end_mark(count: int) -> bytes:
    r"""Give the last line of a stream of so many quads, each on a line of its own.

    >>> end_mark(3)
    b'# 3 quads\n'
    """
    return f"# {count} quads\n".encode()


class MarkedStream:
    """A stream as it is read, and whether what was read is whole."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.stream = stream
        self.lines = 0
        self.tail = b""

    def read(self, size: int = -1) -> bytes:
        """Read, as of any binary stream."""
        data = self.stream.read(size)
        self.lines += data.count(b"\n")
        self.tail = (self.tail + data[-_TAIL:])[-_TAIL:]
        return data

    @property
    def is_whole(self) -> bool:
        """Whether all has been read, and the mark at its end counts the lines before it."""
        mark = _MARK.search(self.tail)
        return mark is not None and int(mark[1]) == self.lines - 1
