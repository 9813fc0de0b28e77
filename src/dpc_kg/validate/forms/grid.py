"""The places of faults as a table, for the forms that have rows and columns."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from dpc_kg.base.faults import Fault, Statement
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

DATA_HEADS = (
    HEADS[0],
    Head("head-line", True, lambda report, fault, lang: fault.line),
    Head("head-character", True, lambda report, fault, lang: _stated(fault).character),
    Head("head-property", False, lambda report, fault, lang: fault.column),
    Head("head-node", False, lambda report, fault, lang: _stated(fault).focus),
)
"""The columns of RDF data, whose faults stand at a line."""


def heads_of(report: CheckReport) -> tuple[Head, ...]:
    """Give the columns of a report."""
    return DATA_HEADS if report.is_data else HEADS


def used(report: CheckReport, faults: Iterable[Fault], lang: str) -> list[Head]:
    """Give the columns in which any of the faults has something."""
    found = list(faults)
    return [h for h in heads_of(report) if any(h.get(report, fault, lang) for fault in found)]


def cells(
    report: CheckReport, fault: Fault, heads: Sequence[Head], lang: str
) -> list[str | int | None]:
    """Give the cells of the row of a fault."""
    return [head.get(report, fault, lang) for head in heads]


def _stated(fault: Fault) -> Statement:
    return fault.statement or Statement(None, None)
