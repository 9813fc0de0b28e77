"""Columns of given cells, judged as the gate judges those of a lift: over a table of DuckDB."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from dpc_kg.lift.engine import connect
from dpc_kg.lift.personal.cells import Place, columns
from dpc_kg.lift.personal.column import cell_kinds
from dpc_kg.lift.personal.uses import Use
from dpc_kg.lift.rows import Table, column

CODES = ("open", "closed", "in-progress", "A2", "case type 4", "2024-03-01", "17", "Yes", "n/a")


def judged(
    cells: Mapping[str, Sequence[str | None]], use: Use | None = Use.OPEN
) -> dict[str, frozenset[str]]:
    """Give the kinds that columns look like, by their headers; all are of one length."""
    names = tuple(cells)
    with TemporaryDirectory() as folder, connect(Path(folder), [], None, None) as con:
        table = Table(con, "t", tuple(column(name) for name in names))
        for row, values in enumerate(zip(*cells.values(), strict=True)):
            table.add(0, row, values)
        table.flush()
        places = [Place("t", name, name) for name in names]
        return {
            place.path: found.kinds(use) for place, found in columns(con, "t", places, frozenset())
        }


def found_in(values: Sequence[str], header: str = "value") -> int:
    """Give how many cells of a column are counted as personal."""
    kinds = judged({header: values})[header]
    return sum(any(kind in kinds for kind, _ in cell_kinds(v, header)) for v in values)
