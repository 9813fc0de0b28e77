"""What a reader of the worker gives: a header, and rows of texts with their natural types."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

Row = tuple[int, list[str | None], list[str | None] | None]
"""The row's number, its texts in the order of the header, their natural types if there are any."""


@dataclass(frozen=True)
class Job:
    """What to read: a file of a kind, and what the mapping says and wants of it."""

    kind: str
    path: Path
    name: str
    wanted: tuple[str, ...]
    key: str | None = None
    version: str | None = None
    nulls: tuple[str, ...] = ("",)
    options: tuple[tuple[str, str], ...] = ()
    table: str | None = None
    query: str | None = None


@dataclass
class Grid:
    """A table under way. ``rejects`` (row, column, rule) fills while the rows are taken.

    ``sheet`` is named where the columns have letters.
    """

    header: tuple[str, ...]
    rows: Iterator[Row]
    first: int = 1
    sheet: str | None = None
    typed: bool = False
    rejects: list[tuple[int, str, str]] = field(default_factory=list)
