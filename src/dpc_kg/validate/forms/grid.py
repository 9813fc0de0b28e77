"""The places of faults as a table, for the forms that have rows and columns."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from dpc_kg.base.faults import Fault
from dpc_kg.validate.report import CheckReport, cell_name

_Get = Callable[[CheckReport, Fault, str], str | int | None]


@dataclass(frozen=True)
class Head:
    """A column of the table: its key in the wording, whether it holds numbers, how it is got."""

    key: str
    is_number: bool
    get: _Get


HEADS = (
    Head("head-file", False, lambda report, fault, lang: fault.file),
    Head("head-sheet", False, lambda report, fault, lang: fault.sheet),
    Head(
        "head-row",
        True,
        lambda report, fault, lang: (fault.row or fault.line) if report.is_table(fault) else None,
    ),
    Head(
        "head-record",
        True,
        lambda report, fault, lang: None if report.is_table(fault) else fault.row or fault.line,
    ),
    Head("head-column", False, lambda report, fault, lang: fault.column),
    Head("head-cell", False, lambda report, fault, lang: cell_name(report, fault)),
    Head("head-number", False, lambda report, fault, lang: report.number(fault)),
    Head("head-hint", False, lambda report, fault, lang: report.hint(fault, lang)),
)


def used(report: CheckReport, faults: Iterable[Fault], lang: str) -> list[Head]:
    """Give the columns in which any of the faults has something."""
    found = list(faults)
    return [h for h in HEADS if any(h.get(report, fault, lang) for fault in found)]


def cells(
    report: CheckReport, fault: Fault, heads: Sequence[Head], lang: str
) -> list[str | int | None]:
    """Give the cells of the row of a fault."""
    return [head.get(report, fault, lang) for head in heads]
