"""A seeded synthetic CyberTipline archive of one provider: ``reports.xml`` and ``files.xml``.

The element names and value strings are the public notations of the reporting interface; every
person, place, service and hash is invented. ``records`` counts the submissions in
``reports.xml``; a few of them only retract the report before them (same number, later
``updatedAt``), which is no fault.
"""

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any
from xml.etree.ElementTree import Element, indent, tostring

from lxml import etree

from dpc_kg.base.errors import DpcError
from dpc_kg.base.faults import Fault
from dpc_kg.lift.generate.cybertipline_faults import Place, Planned, plan
from dpc_kg.lift.generate.cybertipline_records import WIDTHS, Record, Series, build
from dpc_kg.lift.generate.planted import GenerateRequest, Planted

REPORTS, FILES = "reports.xml", "files.xml"
HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    "<!-- SYNTHETIC: written by a generator; no person, account or file is real. -->\n"
    "<submissions>\n"
)
FOOT = "</submissions>\n"


def generate(request: GenerateRequest) -> Planted:
    """Write the archive into ``request.out`` and give what was planted.

    Raises:
        DpcError: too few records for the faults, or ``overlap_with`` holds no ``files.xml``.
    """
    known = tuple(_shareable(request.overlap_with)) if request.overlap_with else ()
    series = Series(request.org, request.seed, known)
    planned = plan(series, request.records, request.faults)
    planted = Planted("cybertipline", request)
    shared: set[tuple[tuple[str, str], ...]] = set()
    with ExitStack() as stack:
        reports, files = (_open(stack, request.out / name) for name in (REPORTS, FILES))
        file_row = 0
        for index in range(request.records):
            record = build(series, index)
            _note_unknown(planted, index, record)
            shared.update(tuple(sorted(h.items())) for h in record.overlap.values())
            _put(reports, record.submission, planned, ("report", index, 0), index + 1, planted)
            for k, element in enumerate(record.files):
                file_row += 1
                _put(files, element, planned, ("files", index, k), file_row, planted)
        reports.write(FOOT)
        files.write(FOOT)
    planted.overlap.extend(dict(hashes) for hashes in sorted(shared))
    return planted


def _open(stack: ExitStack, path: Path) -> IO[str]:
    out = stack.enter_context(path.open("w", encoding="utf-8", newline="\n"))
    out.write(HEAD)
    return out


def _put(
    out: IO[str],
    element: Element,
    planned: dict[Place, Planned],
    place: Place,
    row: int,
    planted: Planted,
) -> None:
    """Write one submission, with its mistake if it has one."""
    todo = planned.get(place)
    if todo is not None:
        file = REPORTS if place[0] == "report" else FILES
        column = todo.apply(element)
        planted.faults.append(Fault(file, None, row, column, todo.mistake.kind, todo.mistake.rules))
    indent(element, space=" ", level=0)
    out.write(tostring(element, encoding="unicode") + "\n")


def _note_unknown(planted: Planted, index: int, record: Record) -> None:
    cells: Iterator[dict[str, Any]] = (
        {"file": REPORTS, "row": index + 1, "column": path} for path in record.unknown
    )
    planted.unknown.extend(cells)


def _shareable(folder: Path) -> Iterator[dict[str, str]]:
    """Give the hashes of another export that this one may repeat, one entry a distinct file.

    Files with a planted fault, and their twins by number, are left out: their records may be
    refused. About a quarter is known by MD5 alone.
    """
    source = folder / FILES
    if not source.is_file():
        raise DpcError("There is no files.xml to overlap with.", file=str(source))
    refused = _planted_rows(folder / "planted.json")
    files = list(_hashes_of(source))
    numbers = Counter(number for number, _ in files)
    sound: dict[str, dict[str, str]] = {}
    for row, (number, hashes) in enumerate(files, start=1):
        if row not in refused and numbers[number] == 1 and len(hashes) == 2:
            sound[hashes["md5"]] = hashes
    for md5, hashes in sorted(sound.items()):
        yield {"md5": md5} if md5[0] in "0123" else hashes


def _planted_rows(path: Path) -> set[int]:
    if not path.is_file():
        return set()
    faults = json.loads(path.read_text(encoding="utf-8"))["faults"]
    return {fault["row"] for fault in faults if fault["file"] == FILES}


def _hashes_of(source: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """Give each file's number, and its MD5 and SHA1 in lower case where they are well-formed."""
    events = etree.iterparse(
        str(source), events=("end",), tag="submission", resolve_entities=False, no_network=True
    )
    for _, submission in events:
        values = {
            str(e.get("hashType")): (e.text or "").strip().lower()
            for e in submission.iterfind("fileDetails/originalFileHash")
        }
        both = ((name, values.get(name, "")) for name in ("MD5", "SHA1"))
        hashes = {name.lower(): value for name, value in both if len(value) == WIDTHS[name]}
        yield submission.findtext("fileDetails/fileId") or "", hashes
        submission.clear()
