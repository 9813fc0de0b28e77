"""Seeded sheets of the template, each saved as CSV as a program would, with planted faults.

The headers are the names that ``fields.csv`` has; the words are those of one language.
"""

import csv
from pathlib import Path
from typing import Any

from dpc_kg.base.faults import Fault
from dpc_kg.lift.generate.planted import GenerateRequest, Planted, refuse_overlap
from dpc_kg.lift.generate.template_faults import Mistake, choose
from dpc_kg.lift.generate.template_rows import Row, Story, all_sheets, story


def generate(request: GenerateRequest) -> Planted:
    """Write the sheets about ``request.records`` children and give what was planted.

    Raises:
        DpcError: more faults asked for than the export can carry, or an overlap.
    """
    refuse_overlap(request)
    planted = Planted("template", request)
    stories = [story(request.seed, number) for number in range(request.records)]
    chosen = choose(stories, request.faults)
    for name, sheet in all_sheets().items():
        page = _Page(name)
        for told in stories:
            page.take(told, chosen.get(told.number))
        _write(request.out / page.file, [c.name for c in sheet.columns], page.finished())
        planted.faults.extend(page.faults)
        planted.unknown.extend(page.unknown)
    return planted


class _Page:
    """A sheet under way: its rows, and what was planted in them."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.file = f"{name}.csv"
        self.rows: list[Row] = []
        self.twins: list[tuple[Mistake, Row]] = []
        self.faults: list[Fault] = []
        self.unknown: list[dict[str, Any]] = []

    def take(self, told: Story, planting: tuple[Mistake, Row] | None) -> None:
        """Write the row of a story, or the wrong one in its place."""
        row = told.rows.get(self.name)
        if row is None:
            return
        if planting is not None and planting[0].sheet == self.name:
            if planting[0].twin:
                self.twins.append(planting)
            else:
                self.wrong(*planting)
                return
        self.rows.append(row)
        for _, column in (place for place in told.unknown if place[0] == self.name):
            at = {"file": self.file, "sheet": None, "row": len(self.rows) + 1}
            self.unknown.append({**at, "column": column})

    def wrong(self, mistake: Mistake, row: Row) -> None:
        """Write a wrong row."""
        self.rows.append(row)
        place = (self.file, None, len(self.rows) + 1, mistake.column)
        self.faults.append(Fault(*place, mistake.kind, (mistake.rule,)))

    def finished(self) -> list[Row]:
        """Give all rows, the second versions last."""
        for planting in self.twins:
            self.wrong(*planting)
        return self.rows


def _write(path: Path, header: list[str], rows: list[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, header, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
