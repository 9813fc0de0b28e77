"""The plain form in which a reader hands a table over: the wanted columns alone, row by row.

It is handed on in memory or through a pipe and stands in no file: a cell can hold a name.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from dpc_kg.lift.sources.grid import Grid, Job
from dpc_kg.lift.sources.limits import MAX_LINE
from dpc_kg.lift.unusable import too_large, wrong_encoding

PlainRow = tuple[int, list[str | None]]
"""The row's number, and its key, version, digest and wanted columns in order of name.

Of a typed grid the natural types of those columns follow.
"""


@dataclass
class Plain:
    """A grid in the plain form, and what is told of it once its rows were taken."""

    job: Job
    grid: Grid
    count: int = 0
    cells: Counter[str] = field(default_factory=Counter)

    def rows(self) -> Iterator[PlainRow]:
        """Give the rows.

        Raises:
            SourceError: a row is too long, or holds a NUL.
        """
        job, grid = self.job, self.grid
        self.cells.update(dict.fromkeys(grid.header, 0))
        places = [grid.header.index(name) for name in sorted(job.wanted)]
        own = [grid.header.index(n) if n is not None else None for n in (job.key, job.version)]
        nulls = frozenset(job.nulls)
        for row, given, kinds in grid.rows:
            self.count += 1
            texts = [None if text in nulls else text for text in given]
            for name, text in zip(grid.header, texts, strict=True):
                self.cells[name] += text is not None and bool(text.strip())
            digest = _digest(given) if job.key is not None else None
            values = [*(texts[p] if p is not None else None for p in own), digest]
            values += [texts[p] for p in places]
            if grid.typed:
                values += [kinds[p] if kinds and texts[p] is not None else None for p in places]
            self._check(row, values)
            yield row, values

    def _check(self, row: int, values: list[str | None]) -> None:
        held = [value for value in values if value is not None]
        if 4 * sum(map(len, held)) >= MAX_LINE:
            raise too_large(self.job.name, f"row {row} holds over 4 MB", sheet=self.grid.sheet)
        if any("\0" in value for value in held):
            raise wrong_encoding(self.job.name, row)

    def told(self) -> dict[str, Any]:
        """Give what is told of the rows that were taken: counts and rejects, never a value."""
        grid = self.grid
        return {
            "header": (grid.shown or grid.header) if grid.sheet is not None else (),
            "sheet": grid.sheet,
            "rows": self.count,
            "cells": dict(self.cells),
            "rejects": grid.rejects,
            "first": grid.first,
        }


def _digest(texts: list[str | None]) -> str:
    body = "\x1f".join("\x1e" if t is None else t for t in texts)
    return hashlib.sha256(body.encode()).hexdigest()
