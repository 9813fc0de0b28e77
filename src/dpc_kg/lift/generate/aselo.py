"""A synthetic export of an Aselo helpline: one JSON file a contact, in dated folders."""

from pathlib import Path
from typing import Any

from dpc_kg.lift.generate.aselo_contact import ExportFile, contact
from dpc_kg.lift.generate.aselo_faults import plan
from dpc_kg.lift.generate.planted import GenerateRequest, Planted, refuse_overlap


def generate(request: GenerateRequest) -> Planted:
    """Write the export below ``request.out/hrm-data`` and give what was planted in it.

    The same seed and size give the same bytes; a contact does not depend on the faults but at
    its wrong cell.

    Raises:
        DpcError: too few records for the faults, or an overlap was asked for (contacts hold no
            hashes).
    """
    refuse_overlap(request)
    spoilt = plan(request.seed, request.records, request.faults)
    planted = Planted("aselo", request, faults=[s.fault for s in spoilt.values()])
    for index in range(request.records):
        if index in spoilt:
            _write(request.out, spoilt[index].files)
            continue
        good = contact(request.seed, index)
        _write(request.out, (good.current, *good.others))
        planted.unknown.extend(_cell(good.current, column) for column in good.unknown)
    return planted


def _cell(file: ExportFile, column: str) -> dict[str, Any]:
    return {"file": file.path, "row": 1, "column": column}


def _write(out: Path, files: tuple[ExportFile, ...]) -> None:
    for file in files:
        path = out / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.content())
