"""What tests of mappings look at: a whole check of an export, and the statements about a node."""

from collections import Counter
from pathlib import Path

from dpc_kg.base.faults import Fault
from dpc_kg.base.vocab import CODES, DPC
from dpc_kg.lift import LiftRequest, report_bytes
from dpc_kg.validate.check import check

ORG = "example-org"
Looked = tuple[list[Fault], Counter[tuple[str, str]], bytes, bytes, int]
"""The faults, the cells without a place, the quads, the report, how many records were left out."""


def checked(mapping: str, sources: dict[str, Path], out: Path, key: bytes) -> Looked:
    """Check an export and write what is left of it into the folder ``out``."""
    with check(LiftRequest(mapping, sources, ORG, "test", key, None)) as one:
        quads = one.write(out / "data.nq")
        unknown = Counter({(u.source, u.path): u.cells for u in one.lifted.unknown()})
        report = report_bytes(one.lifted.report(quads, one.withheld))
        return list(one.faults), unknown, (out / "data.nq").read_bytes(), report, len(one.withheld)


def told(fault: Fault) -> tuple[object, ...]:
    """Give what a report says of a fault."""
    return (fault.file, fault.sheet, fault.row, fault.column, fault.kind, sorted(fault.rules))


def about(quads: str, subject: str) -> dict[str, set[str]]:
    """Give the objects of a node by the name of the property."""
    found: dict[str, set[str]] = {}
    for line in quads.splitlines():
        node, predicate, rest = line.split(" ", 2)
        if node == f"<{subject}>":
            item = rest.split(" <https://w3id.org/dpc/graph/")[0]
            short = item.strip("<>").removeprefix(CODES).split("^^")[0].strip('"')
            found.setdefault(predicate.strip("<>").removeprefix(DPC), set()).add(short)
    return found
