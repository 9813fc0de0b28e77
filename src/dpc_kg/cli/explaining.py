"""Where the statements of a node came from, as text or JSON: ``lift --explain``."""

import json
import sys
from itertools import groupby
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from dpc_kg.lift import LiftRequest
    from dpc_kg.lift.explain import Statement
    from dpc_kg.lift.origins import Cell

FORMATS = ("text", "json")
_SHOWN_ROWS = 20
_CONSTANT = "said by the mapping of every such row"


def explain(
    request: "LiftRequest", node: str, form: str, output: "Path | None", *, values: bool
) -> int:
    """Lift, look a node up and give what its statements were made of; 1 where it is not made."""
    from dpc_kg.lift import open_lift

    with open_lift(request) as lifted:
        statements = lifted.explain().statements([node])
    if not statements:
        sys.stderr.write(
            "error: No row of this export makes this node.\n"
            "Give its IRI as it stands in the lifted data, with the same --org and --key-file.\n"
            "What the lift counts itself (/unmapped/ in the IRI) stands in lift-report.json.\n"
        )
        return 1
    text = _to_json(statements, values=values) if form == "json" else _to_text(statements, values)
    if output is not None:
        output.write_text(text, encoding="utf-8", newline="\n")
    elif form == "json":
        sys.stdout.buffer.write(text.encode("utf-8"))
    else:
        sys.stdout.write(text)
    return 0


def _to_text(statements: "Sequence[Statement]", values: bool) -> str:
    """Give one block a statement: predicate and object, below it the cells of each row."""
    lines = [f"{statements[0].subject}"]
    for (predicate, item), same in groupby(statements, key=lambda s: (s.predicate, s.object)):
        rows = list(dict.fromkeys(s.cells or s.subject_cells for s in same))
        lines += ["", f"  {predicate} {item}"]
        for cells in rows[:_SHOWN_ROWS]:
            # several members of one text stand in one cell
            places = dict.fromkeys(_cell(cell, values) for cell in cells)
            lines += [f"    {place}" for place in places] or [f"    {_CONSTANT}"]
        if len(rows) > _SHOWN_ROWS:
            lines.append(f"    and {len(rows) - _SHOWN_ROWS} rows more")
    return "\n".join(lines) + "\n"


def _cell(cell: "Cell", values: bool) -> str:
    sheet = f" sheet {cell.sheet}" if cell.sheet is not None else ""
    letter = f" ({cell.letter})" if cell.letter is not None else ""
    place = f"{cell.file}{sheet} row {cell.row} column {cell.column}{letter}"
    if not values:
        return place
    stands = "blank" if cell.value is None else json.dumps(cell.value, ensure_ascii=False)
    return f"{place}: {stands}"


def _to_json(statements: "Sequence[Statement]", *, values: bool) -> str:
    body = {
        "version": 1,
        "subject": statements[0].subject,
        "statements": [
            {
                "predicate": s.predicate,
                "object": s.object,
                "cells": _all_told(s.cells, values=values),
                "subjectCells": _all_told(s.subject_cells, values=values),
            }
            for s in statements
        ],
    }
    return json.dumps(body, ensure_ascii=False, indent=1) + "\n"


def _all_told(cells: "Sequence[Cell]", *, values: bool) -> list[dict[str, Any]]:
    """Give each place once."""
    told: list[dict[str, Any]] = []
    for cell in cells:
        one = _told(cell, values=values)
        if one not in told:
            told.append(one)
    return told


def _told(cell: "Cell", *, values: bool) -> dict[str, Any]:
    told: dict[str, Any] = {
        "source": cell.source,
        "file": cell.file,
        "sheet": cell.sheet,
        "row": cell.row,
        "column": cell.column,
        "letter": cell.letter,
    }
    return {**told, "value": cell.value} if values else told
