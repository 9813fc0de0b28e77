"""A verb done again whenever one of its files is saved."""

import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from dpc_kg.base.errors import DpcError

_PAUSE = 0.4
"""Seconds between two looks, and for which a file has to stay as it is: it may be half saved."""

Stamps = dict[Path, tuple[int, int]]


def watch(paths: Iterable[Path], once: Callable[[], int]) -> int:
    """Do something, and again after each save of a file, until interrupted; give the last code.

    A file that cannot be used is told, and looked at again when it is saved.
    """
    watched = tuple(paths)
    code = 0
    while True:
        seen = _stamps(watched)
        try:
            code = once()
        except DpcError as e:
            code = e.exit_code
            sys.stderr.write(f"error: {e}\n")
        sys.stdout.flush()
        try:
            sys.stderr.write("Waiting for the next save; Ctrl+C ends.\n")
            sys.stderr.flush()
            _changed(watched, seen)
        except KeyboardInterrupt:
            return code


def _changed(paths: tuple[Path, ...], seen: Stamps) -> None:
    """Wait until something has changed and has settled."""
    while True:
        time.sleep(_PAUSE)
        now = _stamps(paths)
        if now and now != seen:
            while (later := _settled(paths)) != now:
                now = later
            return


def _settled(paths: tuple[Path, ...]) -> Stamps:
    time.sleep(_PAUSE)
    return _stamps(paths)


def _stamps(paths: tuple[Path, ...]) -> Stamps:
    """Give size and time of each file; programs that save put a new file in the old one's place."""
    found: Stamps = {}
    for path in paths:
        for file in sorted(path.rglob("*")) if path.is_dir() else (path,):
            try:
                stat = file.stat()
            except OSError:
                continue
            found[file] = (stat.st_mtime_ns, stat.st_size)
    return found
