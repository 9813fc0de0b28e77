"""A seeded Incident Recorder workbook (``Incident Data`` and ``Menu Data``) with planted faults."""

from typing import Any

from dpc_kg.base.faults import Fault
from dpc_kg.lift.generate.gbvims_book import DATA, Language, write_book
from dpc_kg.lift.generate.gbvims_faults import Planting, choose
from dpc_kg.lift.generate.gbvims_rows import Cell, Incident, columns, incident
from dpc_kg.lift.generate.planted import GenerateRequest, Planted

FILE = "incidents.xlsx"


def generate(request: GenerateRequest, language: Language | None = None) -> Planted:
    """Write the workbook with ``request.records`` incidents and give what was planted.

    Some incidents stand there twice with the same content, which is no fault. ``language`` gives
    headers and labels in the words of a user; the columns planted are those headers.

    Raises:
        DpcError: more faults asked for than the export can carry.
    """
    planted = Planted("gbvims", request)
    words = language or Language()
    made = [incident(request.seed, request.org, n) for n in range(request.records)]
    chosen = choose(made, request.faults, request.seed)
    rows: list[dict[str, Cell]] = []
    twins: list[tuple[Incident, Planting]] = []
    for row in made:
        planting = chosen.get(row.number)
        if planting is not None and not planting.mistake.twin:
            rows.append(_wrong(row, planting))
            planted.faults.append(_fault(planting, len(rows) + 1, words))
        else:
            rows.append(row.cells)
            if planting is not None:
                twins.append((row, planting))
        planted.unknown.extend(_unknown(row, planting, len(rows) + 1, words))
        if row.copied:
            rows.append(row.cells)
    for row, planting in twins:
        rows.append(_wrong(row, planting))
        planted.faults.append(_fault(planting, len(rows) + 1, words))
    write_book(request.out / FILE, columns(request.seed), rows, words)
    return planted


def _wrong(row: Incident, planting: Planting) -> dict[str, Cell]:
    return row.having(planting.column, planting.cell).cells


def _fault(planting: Planting, at: int, words: Language) -> Fault:
    mistake = planting.mistake
    return Fault(FILE, DATA, at, words.title(planting.blamed), mistake.kind, mistake.rules)


def _unknown(
    row: Incident, planting: Planting | None, at: int, words: Language
) -> list[dict[str, Any]]:
    """Give the cells without a place, but for the one that is wrong anyway."""
    wrong = planting.column if planting is not None and not planting.mistake.twin else None
    names = sorted(c for c in row.unknown if c != wrong)
    return [{"file": FILE, "sheet": DATA, "row": at, "column": words.title(c)} for c in names]
