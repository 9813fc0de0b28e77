"""A seeded synthetic export of a hotline: ``exchange.csv``, and ``iwf.json`` of a sending helpline.

Every address, person and organisation is invented. ``records`` counts the reports of both files;
every fourth is one of ``iwf``.
"""

import csv
import json
from random import Random
from typing import Any

from dpc_kg.base.faults import Fault
from dpc_kg.lift.generate.hotline_faults import Planting, choose
from dpc_kg.lift.generate.hotline_reports import COLUMNS, Report, report
from dpc_kg.lift.generate.hotline_sent import Sent, sent
from dpc_kg.lift.generate.planted import GenerateRequest, Planted, refuse_overlap

EXCHANGE, IWF = "exchange.csv", "iwf.json"
_EVERY = 4


def generate(request: GenerateRequest) -> Planted:
    """Write both files into ``request.out`` and give what was planted in them.

    Raises:
        DpcError: too few records for the faults, or an overlap was asked for (there are no hashes).
    """
    refuse_overlap(request)
    order = list(range(request.records))
    Random(f"hotline/{request.seed}/faults").shuffle(order)  # noqa: S311 - test data, not a secret
    chosen = choose((_made(request, number) for number in order), request.faults)
    planted = Planted("hotline", request)
    _write_exchange(request, chosen, planted)
    _write_sent(request, chosen, planted)
    return planted


def _made(request: GenerateRequest, number: int) -> Report | Sent:
    make = sent if number % _EVERY == _EVERY - 1 else report
    return make(request.seed, request.org, number)


def _write_exchange(
    request: GenerateRequest, chosen: dict[int, Planting], planted: Planted
) -> None:
    with (request.out / EXCHANGE).open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(COLUMNS)
        at = 2
        for number in range(request.records):
            made = _made(request, number)
            if not isinstance(made, Report):
                continue
            planting = chosen.get(number)
            for place, row in enumerate(made.rows):
                cells = [row.get(column, "") for column in COLUMNS]
                if planting is not None and planting.row == place:
                    cells = planting.spoil(COLUMNS, cells)
                writer.writerow(cells)
            planted.unknown.extend(_cell(EXCHANGE, at, column) for column in made.unknown)
            if planting is not None:
                planted.faults.append(_fault(planting, EXCHANGE, at + planting.blamed_row))
            at += len(made.rows)


def _write_sent(request: GenerateRequest, chosen: dict[int, Planting], planted: Planted) -> None:
    records: list[dict[str, Any]] = []
    twins: list[tuple[dict[str, Any], Planting]] = []
    for number in range(request.records):
        made = _made(request, number)
        if not isinstance(made, Sent):
            continue
        planting = chosen.get(number)
        members = dict(made.members)
        if planting is not None and planting.twin:
            twins.append((members | {planting.column: planting.text}, planting))
        elif planting is not None:
            members[planting.column] = planting.text
            planted.faults.append(_fault(planting, IWF, len(records) + 1))
        records.append(members)
        planted.unknown.extend(_cell(IWF, len(records), column) for column in made.unknown)
    for members, planting in twins:
        records.append(members)
        planted.faults.append(_fault(planting, IWF, len(records)))
    if records:
        text = json.dumps(records, ensure_ascii=False, indent=1)
        (request.out / IWF).write_text(text + "\n", encoding="utf-8", newline="\n")


def _fault(planting: Planting, file: str, row: int) -> Fault:
    return Fault(file, None, row, planting.blamed, planting.kind, planting.rules)


def _cell(file: str, row: int, column: str) -> dict[str, Any]:
    return {"file": file, "row": row, "column": column}
