"""Validate pieces in threads, with no more of them in memory than threads need."""

from collections import deque
from collections.abc import Collection, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from dpc_kg.base.errors import DpcError
from dpc_kg.validate.chunks import Chunk
from dpc_kg.validate.pieces import lines_before
from dpc_kg.validate.results import Result

_HELD = 20_000
"""Results of early pieces above which no further piece is validated early."""


_KEPT = 16 << 20
"""Bytes of memory that are kept from one piece to the next."""


class Compiled(Protocol):
    """Shapes made ready by an engine; may be used by several threads at once."""

    def validate(self, quads: bytes) -> list[Result]:
        """Give the results of the union of all graphs in N-Quads.

        Raises:
            ValueError: not well-formed.
        """


class Piecework:
    """Threads that validate the pieces of one file; a context, for the threads end with it.

    ``hierarchy`` is given to each piece. With one thread nothing is done early.
    """

    def __init__(self, compiled: Compiled, hierarchy: bytes, threads: int, data: Path) -> None:
        self._compiled = compiled
        self._hierarchy = hierarchy
        self._data = data
        self._threads = threads
        self._pool = ThreadPoolExecutor(threads) if threads > 1 else None
        self._early: dict[int, Future[list[Result]]] = {}
        self._busy: list[Future[list[Result]]] = []
        self._held = 0
        _keep_memory()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        if self._pool:
            self._pool.shutdown(cancel_futures=True)

    def offer(self, offset: int, own: bytes) -> bool:
        """Validate a piece early if a thread has nothing to do; tell whether.

        Its results are held back until it is known whether the piece ``stands`` alone.
        """
        if self._pool is None:
            return False
        done = [one for one in self._busy if one.done()]
        self._busy = [one for one in self._busy if not one.done()]
        self._held += sum(len(one.result()) for one in done if not one.exception())
        if len(self._busy) >= self._threads or self._held > _HELD:
            return False
        self._early[offset] = self._pool.submit(self._validate, Chunk(offset, own))
        self._busy.append(self._early[offset])
        return True

    def results(self, standing: Collection[int], chunks: Iterable[Chunk]) -> Iterator[Result]:
        """Give the results of early pieces that stand, by offset, and those of further pieces.

        Raises:
            DpcError: a line is damaged.
        """
        waiting = deque(self._early[offset] for offset in standing)
        self._early.clear()
        for chunk in chunks:
            if self._pool is None:
                yield from self._validate(chunk)
                continue
            waiting.append(self._pool.submit(self._validate, chunk))
            while len(waiting) > self._threads:
                yield from waiting.popleft().result()
        while waiting:
            yield from waiting.popleft().result()

    def _validate(self, chunk: Chunk) -> list[Result]:
        return validated(self._compiled, chunk, self._hierarchy, self._data)


def validated(compiled: Compiled, chunk: Chunk, hierarchy: bytes, data: Path) -> list[Result]:
    """Give the results of one piece.

    Raises:
        DpcError: a line is damaged.
    """
    try:
        found = compiled.validate(chunk.own + chunk.context + hierarchy)
    except ValueError:
        raise _damaged(chunk, data) from None
    if not chunk.foreign:
        return found
    return [result for result in found if result.focus not in chunk.foreign]


def _damaged(chunk: Chunk, data: Path) -> DpcError:
    """Find the damaged line of a piece: engines' own texts may repeat a value."""
    import pyoxigraph as ox

    advice = "Write the file anew; a line holds subject, predicate, object, graph and a full stop."
    first = lines_before(data, chunk.offset) + 1
    for number, line in enumerate(chunk.own.splitlines(), start=first):
        try:
            list(ox.parse(line, format=ox.RdfFormat.N_QUADS))
        except (SyntaxError, ValueError):
            text = "This is not well-formed N-Quads."
            return DpcError(text, file=data.name, line=number, advice=advice)
    return DpcError("The engine cannot read this file.", file=data.name, advice=advice)


def _keep_memory() -> None:
    """Keep the memory of one piece for the next.

    The C library of Linux gives freed memory back to the system above twice the size of the largest
    block freed so far, and each piece would ask for it anew, page by page. This block is never
    written to, so it costs nothing.
    """
    bytes(_KEPT)
