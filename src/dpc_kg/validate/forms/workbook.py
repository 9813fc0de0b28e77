"""The report as a workbook: a summary, a row a fault to filter and tick off, what was left."""

import io
from collections.abc import Sequence
from typing import Any

import xlsxwriter

from dpc_kg.base.faults import Fault
from dpc_kg.base.settings import MADE, RIGHT_TO_LEFT
from dpc_kg.validate.forms.grid import cells, heads_of
from dpc_kg.validate.forms.left import left_out
from dpc_kg.validate.report import (
    CheckReport,
    FieldCount,
    Group,
    all_groups,
    titles,
    verdict,
)
from dpc_kg.validate.wording import word

_WIDTHS = {"head-file": 22, "head-column": 26, "head-hint": 44, "head-number": 22, "head-node": 60}
_WIDTH, _TEXT = 12, 60
_TOLD = ("head-kind", "head-problem", "head-remedy", "head-example", "head-severity", "rule")
_COUNTED = ("head-source", "head-field", "head-count")
_BADE = {"Violation": "bad", "Warning": "warned", "Info": "noted"}


def to_xlsx(report: CheckReport, lang: str = "en") -> bytes:
    """Give the report as an XLSX file; texts are written as texts, never as formulas."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        book.set_properties({"title": word(titles(report)[0], lang), "created": MADE})
        writer = _Writer(book, report, lang)
        writer.summary()
        writer.faults()
        writer.left_out()
    return out.getvalue()


class _Writer:
    """Writes the sheets of one report."""

    def __init__(self, book: Any, report: CheckReport, lang: str) -> None:
        self.book = book
        self.report = report
        self.lang = lang
        self.head = book.add_format(
            {"bold": True, "bg_color": "#E7ECF2", "text_wrap": True, "valign": "top", "border": 1}
        )
        self.bold = book.add_format({"bold": True})
        self.wrap = book.add_format({"text_wrap": True, "valign": "top"})
        self.marks = {
            "bad": book.add_format({"bg_color": "#FBD9D6", "valign": "top"}),
            "warned": book.add_format({"bg_color": "#FFF0C2", "valign": "top"}),
            "noted": book.add_format({"bg_color": "#DCEBFA", "valign": "top"}),
        }

    def summary(self) -> None:
        """Write the verdict, the counts, and one row a rule."""
        sheet = self._sheet("summary")
        sheet.set_column(0, 0, _TEXT)
        sheet.set_column(1, 1, _WIDTH)
        sheet.set_column(2, 4, _TEXT)
        sheet.write_string(0, 0, verdict(self.report, self.lang), self.bold)
        _, read, refused = titles(self.report)
        self._pair(sheet, 1, read, self.report.records)
        self._pair(sheet, 2, refused, self.report.refused)
        self._heads(sheet, 4, ("head-kind", "rule", "head-problem", "head-remedy", "head-why"))
        for row, group in enumerate(self._groups(), start=5):
            said = group.said
            heading = " ".join(filter(None, (group.heading(self.lang), group.beyond(self.lang))))
            told = (heading, group.rule, said.problem, said.remedy or "", said.why)
            for column, text in enumerate(told):
                sheet.write_string(row, column, text, self.wrap)

    def faults(self) -> None:
        """Write one row a fault, with a filter on every column."""
        sheet = self._sheet("faults")
        keys = (*(head.key for head in heads_of(self.report)), *_TOLD)
        for column, key in enumerate(keys):
            told = _TEXT if key in ("head-problem", "head-remedy") else _WIDTH
            sheet.set_column(column, column, _WIDTHS.get(key, told))
        self._heads(sheet, 0, keys)
        row = 0
        for group in self._groups():
            for fault in group.faults:
                row += 1
                self._fault(sheet, row, fault, group)
            if group.more:
                row += 1
                sheet.write_string(row, keys.index("head-problem"), group.beyond(self.lang))
                sheet.write_string(row, keys.index("rule"), group.rule)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(row, 1), len(keys) - 1)

    def left_out(self) -> None:
        """Write the fields that were left out, and those with codes without a place."""
        sheet = self._sheet("left-out")
        sheet.set_column(0, 1, 34)
        row = 0
        for key, entries in left_out(self.report):
            row = self._counts(sheet, row, key, entries) + 1

    def _fault(self, sheet: Any, row: int, fault: Fault, group: Group) -> None:
        mark, heads = self.marks[_BADE[fault.severity]], heads_of(self.report)
        said = group.said
        told = (
            word(f"kind-{fault.kind}", self.lang),
            said.problem,
            said.remedy or "",
            group.example or "",
            word(f"severity-{fault.severity}", self.lang),
            ", ".join(fault.rules),
        )
        for column, cell in enumerate((*cells(self.report, fault, heads, self.lang), *told)):
            if isinstance(cell, int):
                sheet.write_number(row, column, cell, mark)
            elif cell:
                sheet.write_string(row, column, cell, mark)
            else:
                sheet.write_blank(row, column, None, mark)

    def _counts(self, sheet: Any, row: int, key: str, entries: Sequence[FieldCount]) -> int:
        sheet.write_string(row, 0, word(key, self.lang), self.bold)
        self._heads(sheet, row + 1, _COUNTED)
        for at, entry in enumerate(entries, start=row + 2):
            sheet.write_string(at, 0, entry.source or "")
            sheet.write_string(at, 1, entry.field)
            sheet.write_number(at, 2, entry.count)
        return row + 2 + len(entries)

    def _groups(self) -> list[Group]:
        return all_groups(self.report, self.lang)

    def _sheet(self, key: str) -> Any:
        sheet = self.book.add_worksheet(word(key, self.lang))
        if self.lang in RIGHT_TO_LEFT:
            sheet.right_to_left()
        return sheet

    def _pair(self, sheet: Any, row: int, key: str, number: int) -> None:
        sheet.write_string(row, 0, word(key, self.lang))
        sheet.write_number(row, 1, number)

    def _heads(self, sheet: Any, row: int, keys: Sequence[str]) -> None:
        for column, key in enumerate(keys):
            sheet.write_string(row, column, word(key, self.lang), self.head)
