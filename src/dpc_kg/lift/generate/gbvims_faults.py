"""The mistakes a workbook can carry, each in one cell of an incident of its own."""

from dataclasses import dataclass
from datetime import date
from random import Random

from dpc_kg.base.errors import DpcError
from dpc_kg.lift.generate.gbvims_rows import Cell, Change, Incident

ERROR = "#N/A"
"""The cell that shows an error of a formula."""


@dataclass(frozen=True)
class Mistake:
    """A way to go wrong; with ``twin`` the wrong cell stands in a second row of the incident.

    ``blamed`` is the column of the fault where it is not the one that was changed.
    """

    kind: str
    rules: tuple[str, ...]
    make: Change
    twin: bool = False
    blamed: str | None = None


@dataclass(frozen=True)
class Planting:
    """A mistake put into one incident."""

    mistake: Mistake
    column: str
    cell: Cell

    @property
    def blamed(self) -> str:
        """The column a check must name."""
        return self.mistake.blamed or self.column


def choose(rows: list[Incident], faults: int, seed: int) -> dict[int, Planting]:
    """Give ``faults`` plantings by number of the incident, the kinds in turn.

    Raises:
        DpcError: fewer plain incidents than faults.
    """
    order = [row for row in rows if not row.copied]
    Random(f"gbvims/{seed}/faults").shuffle(order)  # noqa: S311 - test data, not a secret
    chosen: dict[int, Planting] = {}
    turn = idle = 0
    while len(chosen) < faults:
        mistake = MISTAKES[turn % len(MISTAKES)]
        turn += 1
        free = (row for row in order if row.number not in chosen)
        made = next(((r.number, m) for r in free if (m := mistake.make(r)) is not None), None)
        idle = 0 if made is not None else idle + 1
        if idle == len(MISTAKES):
            raise DpcError(
                f"There is no room for {faults} faults in different incidents.",
                advice="Ask for more records or fewer faults.",
            )
        if made is not None:
            number, (column, cell) = made
            chosen[number] = Planting(mistake, column, cell)
    return chosen


def _blank(column: str) -> Change:
    """Take a cell away; what is unknown in a row without its keys is not looked at any more."""
    return lambda row: (column, "") if column in row.cells and not row.unknown else None


def _put(column: str, cell: Cell) -> Change:
    return lambda row: (column, cell)


def _day_first(row: Incident) -> tuple[str, Cell] | None:
    cell = row.cells["date_of_incident"]
    if not isinstance(cell, date):
        return None
    return "date_of_incident", f"{cell.day:02d}/{cell.month:02d}/{cell.year}"


def _other_type(row: Incident) -> tuple[str, Cell] | None:
    if row.cells["gbv_type"] == "Beating or burning":
        return None
    return "gbv_type", "Beating or burning"


_DATE, _AGE, _KEY = ("source:date",), ("source:age",), ("source:missing-key",)

MISTAKES: tuple[Mistake, ...] = (
    Mistake("format", ("source:date-order",), _day_first),
    Mistake("missing", _KEY, _blank("survivor_code")),
    Mistake("duplicate", ("source:duplicate",), _other_type, twin=True, blamed="incident_id"),
    Mistake("range", ("source:adult",), _put("age", 34)),
    Mistake("format", _DATE, _put("date_of_interview", "31-Feb-2024")),
    Mistake("missing", _KEY, _blank("incident_id")),
    Mistake("missing", ("ChildShape-heldBy",), _blank("agency_code")),
    Mistake("format", ("source:cell-error",), _put("date_of_incident", ERROR)),
    Mistake("format", _DATE, _put("date_of_incident", "12-Xyz-2024")),
    Mistake("range", _AGE, _put("age", "about eleven")),
    Mistake("format", ("source:cell-error",), _put("gbv_type", ERROR)),
)
