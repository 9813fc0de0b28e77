"""pySHACL held to what its work is worth: values of paths are kept, a pattern has an end.

It follows a path anew from each node it comes by, and the inverse of a sequence from the wrong end;
Python's regular expressions can take the power of two of a text's length.
"""

import contextlib
import re
import signal
import threading
from collections.abc import Iterator
from importlib import import_module
from typing import Any

MATCH_SECONDS = 1
"""Processor time for one pattern on one value; an honest one takes thousandths of it."""

KEPT = 2_000_000
"""How many values of paths are kept at a time."""


class Endless(Exception):
    """A pattern has no end on a value."""

    def __init__(self, pattern: str) -> None:
        super().__init__("a pattern takes too long")
        self.pattern = pattern


@contextlib.contextmanager
def held(*, fixed: bool) -> Iterator[None]:
    """Hold pySHACL; ``fixed``: the data does not change while it runs.

    Raises:
        Endless: a pattern takes more than its time.
    """
    shape: Any = import_module("pyshacl.shape")
    paths: Any = import_module("pyshacl.helper.expression_helper")
    texts: Any = import_module("pyshacl.constraints.core.string_based_constraints")
    follow, patterns = paths.value_nodes_from_path, texts.re
    kept = _Kept(follow, KEPT if fixed else 0)
    paths.value_nodes_from_path = shape.value_nodes_from_path = kept
    texts.re = _Patterns()
    try:
        yield
    finally:
        paths.value_nodes_from_path = shape.value_nodes_from_path = follow
        texts.re = patterns


class _Kept:
    """Follows paths as a function does, and keeps what the steps on the way lead to.

    That function calls itself by its name, so its inner calls come here too. They may be as deep
    as the paths that are let in at all: it would end at ten steps.
    """

    def __init__(self, follow: Any, most: int) -> None:
        self._follow = follow
        self._most = most
        self._known: dict[tuple[Any, ...], set[Any]] = {}
        self._size = 0

    def __call__(
        self, sg: Any, focus: Any, path: Any, data: Any, inverse: bool = False, recursion: int = 0
    ) -> set[Any]:
        """Give the value nodes of a path."""
        if recursion == 0:
            return set(self._follow(sg, focus, path, data, inverse, 0))
        key = (focus, path, inverse)
        found = self._known.get(key)
        if found is None:
            found = self._turned(sg, focus, path, data) if inverse else None
            if found is None:
                found = self._follow(sg, focus, path, data, inverse, 1)
            self._keep(key, found)
        return found

    def _turned(self, sg: Any, focus: Any, path: Any, data: Any) -> set[Any] | None:
        """Follow a sequence against its arrows, from its end: pySHACL begins at its head."""
        steps = list(sg.graph.items(path))
        nodes = {focus}
        for step in reversed(steps):
            nodes = {end for node in nodes for end in self(sg, node, step, data, True, 1)}
        return nodes if steps else None

    def _keep(self, key: tuple[Any, ...], found: set[Any]) -> None:
        self._size += len(found) + 1
        if self._size > self._most:
            self._known.clear()
            self._size = 0
        else:
            self._known[key] = found


class _Patterns:
    """What pySHACL uses of ``re``."""

    I, M = re.I, re.M  # noqa: E741 - the names it asks for

    @staticmethod
    def compile(pattern: str, flags: int = 0) -> "_Timed":
        """Compile a pattern."""
        return _Timed(re.compile(pattern, flags))


class _Timed:
    """A pattern that is given up after its time, where the system can tell it."""

    def __init__(self, pattern: "re.Pattern[str]") -> None:
        self._pattern = pattern

    def match(self, _: str) -> None:
        """Give nothing: what matches at the beginning is found by a search too."""

    def search(self, text: str) -> "re.Match[str] | None":
        """Search a text for the pattern."""
        with _limited(self._pattern.pattern):
            return self._pattern.search(text)


@contextlib.contextmanager
def _limited(pattern: str) -> Iterator[None]:
    alone = threading.current_thread() is threading.main_thread()
    if not alone or not hasattr(signal, "setitimer"):
        yield
        return

    def end(*_: object) -> None:
        raise Endless(pattern)

    before = signal.signal(signal.SIGVTALRM, end)
    signal.setitimer(signal.ITIMER_VIRTUAL, MATCH_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
