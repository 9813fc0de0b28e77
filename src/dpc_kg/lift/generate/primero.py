"""A seeded case export of Primero (``csv_exporter``: raw codes, lists as Ruby literals)."""

import csv
from collections.abc import Iterator
from random import Random
from typing import Any

from dpc_kg.base.faults import Fault
from dpc_kg.lift.generate.planted import GenerateRequest, Planted
from dpc_kg.lift.generate.primero_cases import COLUMNS, CaseRow, case, older_version
from dpc_kg.lift.generate.primero_faults import Planting, choose
from dpc_kg.lift.generate.primero_values import code_lists

FILE = "cases.csv"


def generate(request: GenerateRequest) -> Planted:
    """Write ``cases.csv`` with ``request.records`` cases and give what was planted.

    Some cases have an older version or an exact copy as a second row; these are no faults. A case
    does not depend on the faults but for its one wrong cell.

    Raises:
        DpcError: more faults asked for than the export can carry.
    """
    planted = Planted("primero", request)
    chosen = _choose(request) if request.faults else {}
    twins: list[tuple[CaseRow, Planting]] = []
    with (request.out / FILE).open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(COLUMNS)
        at = 1
        for number in range(request.records):
            winner = case(request.seed, request.org, number, code_lists())
            planting = chosen.get(number)
            for row in _versions(winner):
                at += 1
                in_place = planting is not None and not planting.mistake.twin
                writer.writerow(_texts(row, planting if in_place else None))
                if row is winner:
                    planted.unknown.extend(_unknown(winner, at))
                    if planting is not None and in_place:
                        planted.faults.append(_fault(planting, at))
            if planting is not None and planting.mistake.twin:
                twins.append((winner, planting))
        for row, planting in twins:
            at += 1
            writer.writerow(_texts(row, planting))
            planted.faults.append(_fault(planting, at))
    return planted


def _choose(request: GenerateRequest) -> dict[int, Planting]:
    order = list(range(request.records))
    Random(f"primero/{request.seed}/faults").shuffle(order)  # noqa: S311 - test data, not a secret
    lists = code_lists()
    rows = (case(request.seed, request.org, number, lists) for number in order)
    return choose(rows, request.faults)


def _versions(winner: CaseRow) -> Iterator[CaseRow]:
    """Give the rows of a case; the older version stands on either side of the one that wins."""
    if winner.superseded and winner.number % 2:
        yield older_version(winner)
    yield winner
    if winner.superseded and winner.number % 2 == 0:
        yield older_version(winner)
    if winner.copied:
        yield winner.having("id", winner.fields["id"])


def _texts(row: CaseRow, planting: Planting | None) -> list[str]:
    texts = row.texts()
    if planting is None:
        return texts
    at = COLUMNS.index(planting.column)
    if planting.text is None:
        return texts[:at]
    return [*texts[:at], planting.text, *texts[at + 1 :]]


def _fault(planting: Planting, at: int) -> Fault:
    mistake = planting.mistake
    return Fault(FILE, None, at, planting.blamed, mistake.kind, mistake.rules)


def _unknown(row: CaseRow, at: int) -> list[dict[str, Any]]:
    return [{"file": FILE, "row": at, "column": column} for column in row.unknown]
