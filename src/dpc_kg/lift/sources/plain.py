"""The plain form in which the worker hands a table over: the wanted columns alone, as strict CSV.

Every value stands in quotation marks and a missing one is bare, so that nothing is guessed twice.
"""

import hashlib
from collections import Counter
from typing import IO, Any

from dpc_kg.lift.sources.grid import Grid, Job
from dpc_kg.lift.sources.limits import MAX_LINE
from dpc_kg.lift.unusable import too_large, wrong_encoding


def write_plain(job: Job, grid: Grid, out: IO[str]) -> dict[str, Any]:
    """Write the rows of a grid; give what is told about them: counts and rejects, never a value.

    Columns: row, key, version, digest, then the wanted ones in order of name, then, of a typed
    grid, their natural types.

    Raises:
        SourceError: a row is too long, or holds a NUL.
    """
    cells: Counter[str] = Counter(dict.fromkeys(grid.header, 0))
    places = [grid.header.index(name) for name in sorted(job.wanted)]
    own = [grid.header.index(n) if n is not None else None for n in (job.key, job.version)]
    nulls = frozenset(job.nulls)
    count = 0
    for row, given, kinds in grid.rows:
        count += 1
        texts = [None if text in nulls else text for text in given]
        for name, text in zip(grid.header, texts, strict=True):
            cells[name] += text is not None and bool(text.strip())
        digest = _digest(given) if job.key is not None else None
        values = [str(row), *(texts[p] if p is not None else None for p in own), digest]
        values += [texts[p] for p in places]
        if grid.typed:
            values += [kinds[p] if kinds and texts[p] is not None else None for p in places]
        line = ",".join(_quoted(v) for v in values)
        if len(line) * 4 >= MAX_LINE:
            raise too_large(job.name, f"row {row} holds over 4 MB", sheet=grid.sheet)
        if "\0" in line:
            raise wrong_encoding(job.name, row)
        out.write(line + "\n")
    return {
        "header": grid.header if grid.sheet is not None else (),
        "rows": count,
        "cells": dict(cells),
        "rejects": grid.rejects,
        "first": grid.first,
        "typed": grid.typed,
    }


def _quoted(value: str | None) -> str:
    return "" if value is None else '"' + value.replace('"', '""') + '"'


def _digest(texts: list[str | None]) -> str:
    body = "\x1f".join("\x1e" if t is None else t for t in texts)
    return hashlib.sha256(body.encode()).hexdigest()
