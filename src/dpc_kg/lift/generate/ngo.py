"""Seeded synthetic programme logs: ``kobo.json``, ``commcare.json`` and ``dhis2.json``.

Every child, place and worker is invented. ``records`` counts the records of all three files, taken
in turns; an earlier version of a record stands before it and counts as none.
"""

import json
from collections.abc import Iterator
from random import Random
from typing import Any

from dpc_kg.base.faults import Fault
from dpc_kg.lift.generate.ngo_entities import entity
from dpc_kg.lift.generate.ngo_faults import Mistake, choose
from dpc_kg.lift.generate.ngo_records import Members, Record, case, submission
from dpc_kg.lift.generate.planted import GenerateRequest, Planted, refuse_overlap

SOURCES = ("kobo", "commcare", "dhis2")
_MAKE = {"kobo": submission, "commcare": case, "dhis2": entity}


def generate(request: GenerateRequest) -> Planted:
    """Write the files into ``request.out`` and give what was planted in them.

    Raises:
        DpcError: too few records for the faults, or an overlap was asked for (there are no hashes).
    """
    refuse_overlap(request)
    order = list(range(request.records))
    Random(f"ngo/{request.seed}/faults").shuffle(order)  # noqa: S311 - test data, not a secret
    chosen = choose((_made(request, number) for number in order), request.faults)
    planted = Planted("ngo", request)
    for place, source in enumerate(SOURCES):
        records = [_made(request, n) for n in range(place, request.records, len(SOURCES))]
        if records:
            _write(request, source, list(_rows(source, records, chosen, planted)))
    return planted


def _made(request: GenerateRequest, number: int) -> Record:
    return _MAKE[SOURCES[number % len(SOURCES)]](request.seed, number)


def _rows(
    source: str,
    records: list[Record],
    chosen: dict[tuple[str, int], Mistake],
    planted: Planted,
) -> Iterator[Members]:
    """Give the records of a file in order, noting what stands where; twins come last."""
    file, row = f"{source}.json", 0
    twins: list[tuple[Record, Mistake]] = []
    for record in records:
        yield from record.earlier
        row += len(record.earlier) + 1
        planted.unknown.extend({"file": file, "row": row, "column": c} for c in record.unknown)
        mistake = chosen.get((source, record.number))
        if mistake is None or mistake.twin:
            yield record.members
            twins += [] if mistake is None else [(record, mistake)]
            continue
        planted.faults.append(_fault(mistake, file, row))
        yield mistake.spoil(record)
    for record, mistake in twins:
        row += 1
        planted.faults.append(_fault(mistake, file, row))
        yield mistake.spoil(record)


def _fault(mistake: Mistake, file: str, row: int) -> Fault:
    return Fault(file, None, row, mistake.blamed, mistake.kind, mistake.rules)


def _write(request: GenerateRequest, source: str, records: list[Members]) -> None:
    held: Any = records
    if source == "kobo":
        held = {"count": len(records), "next": None, "previous": None, "results": records}
    elif source == "dhis2":
        held = {"trackedEntities": records}
    text = json.dumps(held, ensure_ascii=False, indent=1)
    (request.out / f"{source}.json").write_text(text + "\n", encoding="utf-8", newline="\n")
