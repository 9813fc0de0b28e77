"""Where quads go: into a file that appears when it is whole, or a stream while they are made."""

import os
import shutil
import threading
from collections.abc import Callable
from pathlib import Path
from typing import IO

from dpc_kg.base.errors import DpcError
from dpc_kg.base.platform import widen_pipe

_BLOCK = 1 << 20


def count_lines(path: Path) -> int:
    """Give the number of line breaks of a file."""
    with path.open("rb") as file:
        return sum(block.count(b"\n") for block in iter(lambda: file.read(_BLOCK), b""))


def move(made: Path, out: Path) -> None:
    """Bring a finished file to its place in one step, from another file system too."""
    try:
        made.replace(out)
    except OSError:
        part = out.with_name(out.name + ".part")
        shutil.copyfile(made, part)
        part.replace(out)
        made.unlink()


def passed_on(write: Callable[[Path], None], path: Path, out: IO[bytes]) -> int:
    """Let ``write`` fill a path that is not there yet; give how many lines went into ``out``.

    Where there are named pipes they go on while they are made, elsewhere afterwards.

    Raises:
        DpcError: the stream takes no more.
    """
    if hasattr(os, "mkfifo"):
        pump = _through_a_pipe(write, path, out)
    else:
        write(path)
        pump = _Pump(os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0)), out)
        pump.run()
    path.unlink()
    if pump.error is not None:
        raise DpcError(
            "The stream takes no more.", advice="Look why the other command ended."
        ) from pump.error
    return pump.lines


def _through_a_pipe(write: Callable[[Path], None], path: Path, out: IO[bytes]) -> "_Pump":
    os.mkfifo(path, 0o600)
    # opened so, a pipe waits for no writer; with a writer of our own it has no end before its time
    end = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    held = os.open(path, os.O_WRONLY)
    os.set_blocking(end, True)
    widen_pipe(held)
    pump = _Pump(end, out)
    thread = threading.Thread(target=pump.run)
    thread.start()
    try:
        write(path)
    finally:
        os.close(held)
        thread.join()
    return pump


class _Pump:
    """Brings what comes out of a file descriptor into a stream, and closes it."""

    def __init__(self, end: int, out: IO[bytes]) -> None:
        self.end = end
        self.out = out
        self.lines = 0
        self.error: OSError | None = None

    def run(self) -> None:
        """Pump to the end; after an error what still comes is let go, lest its writer waits."""
        while block := os.read(self.end, _BLOCK):
            self.lines += block.count(b"\n")
            if self.error is None:
                try:
                    self.out.write(block)
                except OSError as e:
                    self.error = e
        os.close(self.end)
