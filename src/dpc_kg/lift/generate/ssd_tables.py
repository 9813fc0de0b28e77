"""The tables of a synthetic extract: columns, rows by table, and the lists of the mapping."""

import csv
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from dpc_kg.base.assets import asset

Row = dict[str, str]
"""One row of a table by column; a column that is not there is blank."""

CANARY = "Synthetic-Canary"
"""What stands in every personal cell: nobody's, and nowhere else."""

_INSIDE = (".", "[")


@dataclass(frozen=True)
class Lists:
    """The lists of the mapping (``codes.csv``): values with a code, and values without."""

    placed: dict[str, tuple[str, ...]]
    unplaced: dict[str, tuple[str, ...]]


@dataclass
class Extract:
    """The rows of every table, and the cells that hold a value without a place in the model."""

    rows: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    unknown: list[tuple[str, int, str]] = field(default_factory=list)

    def add(self, table: str, row: Row, *, unknown: tuple[str, ...] = ()) -> Row:
        """Add a row; ``unknown`` names its columns whose value has no place."""
        self.rows[table].append(row)
        at = len(self.rows[table]) + 1
        self.unknown += [(table, at, column) for column in unknown]
        return row

    def extend(self, other: "Extract") -> None:
        """Put the rows of another extract below."""
        shift = {table: len(rows) for table, rows in self.rows.items()}
        self.unknown += [(t, at + shift.get(t, 0), column) for t, at, column in other.unknown]
        for table, rows in other.rows.items():
            self.rows[table] += rows


@lru_cache(maxsize=1)
def columns() -> dict[str, tuple[tuple[str, str], ...]]:
    """Give the columns of every table in order, each with its decision (``fields.csv``)."""
    found: dict[str, list[tuple[str, str]]] = {}
    for row in _table("fields.csv"):
        if not any(mark in row["path"] for mark in _INSIDE):
            found.setdefault(row["source"], []).append((row["path"], row["status"]))
    return {name: tuple(listed) for name, listed in found.items()}


@lru_cache(maxsize=1)
def lists() -> Lists:
    """Give the lists the mapping declares, so that generator and mapping cannot disagree."""
    placed: dict[str, tuple[str, ...]] = {}
    unplaced: dict[str, tuple[str, ...]] = {}
    for row in _table("codes.csv"):
        side = placed if row["code"] else unplaced
        side[row["list"]] = (*side.get(row["list"], ()), row["value"])
    return Lists(placed, unplaced)


def _table(name: str) -> Iterator[dict[str, str]]:
    path = asset("mappings", "lift", "ssd", name)
    with path.open(encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream)


def header(table: str) -> list[str]:
    """Give the header of a table."""
    return [name for name, _ in columns()[table]]


def cells(table: str, row: Row) -> list[str]:
    """Give the cells of a row, with a canary in every personal column."""
    out = []
    for name, status in columns()[table]:
        filler = f"{CANARY}-{name}" if status == "personal" else ""
        out.append(row.get(name, filler))
    return out


def write(extract: Extract, folder: Path, cut: set[tuple[str, int]]) -> None:
    """Write one file a table; rows in ``cut`` (table, physical row) lack their last cell."""
    for table, rows in sorted(extract.rows.items()):
        with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream, lineterminator="\n")
            writer.writerow(header(table))
            for at, row in enumerate(rows, start=2):
                made = cells(table, row)
                writer.writerow(made[:-1] if (table, at) in cut else made)
