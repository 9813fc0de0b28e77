"""What a reader of the worker gives: a header, and rows of texts with their natural types."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

Row = tuple[int, list[str | None], list[str | None] | None]
"""The row's number, its texts in the order of the header, their natural types if there are any."""


@dataclass(frozen=True)
class Job:
    """What to read: a file of a kind, and what the mapping says and wants of it.

    ``titles`` are headers of a workbook and the names by which the mapping knows them. With
    ``first`` only so many first rows are told, of every sheet that can be seen, and of one that is
    too large none unless ``strict``: then it is refused.
    """

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
    titles: tuple[tuple[str, str], ...] = ()
    first: int = 0
    strict: bool = False


@dataclass
class Grid:
    """A table under way. ``rejects`` (row, column, rule) fills while the rows are taken.

    ``sheet`` is named where the columns have letters. ``shown`` is the header as it stands in the
    file, where that is not the same.
    """

    header: tuple[str, ...]
    rows: Iterator[Row]
    first: int = 1
    sheet: str | None = None
    typed: bool = False
    rejects: list[tuple[int, str, str]] = field(default_factory=list)
    shown: tuple[str, ...] | None = None
