"""What the gate found in a column: kinds and counts, and never a value."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """A column that looks personal.

    ``looks`` holds each kind with how many cells look so, the most frequent first; ``rows`` are
    the first of them in ``file``, which is the first file with one. ``refuses`` tells that the
    mapping reads the column, so that nothing may leave; else it is dropped anyway, and told.
    """

    source: str
    file: str
    column: str
    looks: tuple[tuple[str, int], ...]
    rows: tuple[int, ...] = ()
    refuses: bool = True
