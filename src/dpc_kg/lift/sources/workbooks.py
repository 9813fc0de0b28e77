"""Workbooks (XLSX, ODS, XLS): one sheet as a person sees it, dates and numbers in ISO form.

Read by python-calamine in the worker. A formula gives the value that was saved with it; a cell that
shows an error, or was never calculated, is told as such and makes no value. Of joined cells the
first holds the value, and those it covers in a mapped column are told, for nobody can say whether
the value is theirs.
"""

import datetime as dt
import itertools
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import python_calamine as calamine

from dpc_kg.base.errors import SourceError, shown
from dpc_kg.lift.sources import limits, signature
from dpc_kg.lift.sources.dialect import Style, style_of
from dpc_kg.lift.sources.grid import Grid, Job, Row
from dpc_kg.lift.sources.header import check_columns, known_as
from dpc_kg.lift.sources.sheets import Place, Sheet, check_size, listed, look_at, sheet_meant
from dpc_kg.lift.unusable import BAD_CELL, empty_file, locked, unreadable

Joined = tuple[Place, Place]
"""The first and the last place that a joined cell covers."""

_EXACT = 2.0**53
"""Whole numbers below it have no rounding."""


def read_workbook(job: Job) -> Grid:
    """Give the table of a workbook's only sheet, the named one, or the one with all the columns.

    Raises:
        SourceError: locked, damaged, too large, no such sheet, or a column is missing.
        MappingError: a dialect option that is not supported.
    """
    style = style_of(job.options)
    table = _chosen(_tables(job, style), job)
    check_columns(
        table.header, job.wanted, job.name, row=style.first_row - 1 or None, sheet=table.title
    )
    grid = Grid(table.header, iter(()), style.first_row, table.title, shown=table.shown)
    bad = table.bad_cells(set(job.wanted))
    grid.rows = table.rows(bad)
    grid.rejects = [(row, name, BAD_CELL) for row, name in sorted(bad)]
    return grid


def first_rows_of_sheets(job: Job) -> list[tuple[str, list[list[str]], list[Joined]]]:
    """Give the title and the first rows of every sheet that can be seen, or of the named one.

    With them go the joined cells that begin there. A sheet that is too large is left out, unless
    the job is strict.

    Raises:
        SourceError: the workbook is locked, damaged or too large, or there is no such sheet.
        MappingError: a dialect option that is not supported.
    """
    tables = _tables(job, style_of(job.options), lenient=not job.strict)
    return [
        (title, table.first_rows(job.first), table.joined_in(job.first))
        for title, table in tables.items()
    ]


def _tables(job: Job, style: Style, *, lenient: bool = False) -> "dict[str, _Table]":
    """Give the sheets to look at by their titles; with ``lenient`` without those too large."""
    is_old = job.kind == signature.XLS
    seen = {} if is_old else look_at(job.path, job.name)
    for title, sheet in seen.items():
        if sheet.eager:
            check_size(sheet, job.name, title, style.max_rows or limits.MAX_ROWS)
    try:
        with calamine.load_workbook(job.path) as book:
            titles = _titles(book, job)
            tables = {}
            for title in titles:
                try:
                    tables[title] = _Table(book, title, seen.get(title), job, style)
                except SourceError:
                    if not lenient:
                        raise
            return tables
    except calamine.PasswordError as e:
        raise locked(job.name) from e
    except (calamine.CalamineError, OSError) as e:
        raise unreadable(job.name, "This is no whole workbook.", "Save it again.") from e


def _titles(book: Any, job: Job) -> list[str]:
    """Give the titles of the sheets to look at: the named one, else all that can be seen."""
    sheets = [s for s in book.sheets_metadata if s.typ == calamine.SheetTypeEnum.WorkSheet]
    seen = [s.name for s in sheets if s.visible == calamine.SheetVisibleEnum.Visible]
    if job.table is not None:
        if job.table not in {s.name for s in sheets}:
            raise unreadable(
                job.name,
                f"There is no sheet named {shown(job.table)}.",
                f"Give the sheet with the data this name. There are: {listed(seen)}.",
            )
        return [job.table]
    if not seen:
        raise empty_file(job.name)
    return seen


def _chosen(tables: "dict[str, _Table]", job: Job) -> "_Table":
    """Give the table of the sheet that is meant."""
    return tables[sheet_meant({k: t.header for k, t in tables.items()}, job.wanted, job.name)]


class _Table:
    """A sheet's header and rows; the header is read at once, and its size checked before."""

    def __init__(self, book: Any, title: str, seen: Sheet | None, job: Job, style: Style) -> None:
        self.title = title
        self._seen = seen or Sheet()
        self._style = style
        most = style.max_rows or limits.MAX_ROWS
        check_size(self._seen, job.name, title, most)
        self._sheet = book.get_sheet_by_name(title)
        end = self._sheet.end
        if end is not None:
            check_size(Sheet(end[0] + 1, end[1] + 1), job.name, title, most)
        self._left = self._sheet.start[1] if self._sheet.start else 0
        self.shown = self._header()
        self.header = known_as(self.shown, dict(job.titles))

    def _cells(self) -> Iterator[tuple[int, list[Any]]]:
        """Give (row number, cells from column A) of rows below the skipped ones."""
        pad = [""] * self._left
        for row, cells in enumerate(self._sheet.iter_rows(), start=1):
            if row > self._style.skip:
                yield row, pad + cells

    def _header(self) -> tuple[str, ...]:
        _, cells = next(self._cells(), (0, []))
        if not self._style.header:
            return tuple(f"_col.{i}" for i in range(1, len(cells) + 1))
        return tuple((cell_text(c) or "").strip() for c in cells)

    def first_rows(self, count: int) -> list[list[str]]:
        """Give the texts of the first rows, the header among them."""
        found = itertools.islice(self._cells(), count)
        return [[(cell_text(c) or "").strip() for c in cells] for _, cells in found]

    def joined_in(self, count: int) -> list[Joined]:
        """Give the first and last places of the joined cells that begin in the first rows."""
        skip = self._style.skip
        return [
            ((start[0] - skip, start[1]), (end[0] - skip, end[1]))
            for start, end in self._joined()
            if skip <= end[0] and start[0] < skip + count
        ]

    def _joined(self) -> list[Joined]:
        return [*(self._sheet.merged_cell_ranges or ()), *self._seen.joined]

    def rows(self, bad: set[tuple[int, str]]) -> Iterator[Row]:
        """Give the rows of data that are not blank throughout."""
        told = {row for row, _ in bad}
        for row, cells in self._cells():
            if row < self._style.first_row:
                continue
            texts = [cell_text(c) for c in cells]
            if row in told or any(texts):
                yield row, texts, None

    def bad_cells(self, wanted: set[str]) -> set[tuple[int, str]]:
        """Give (row number, column) of wanted cells with an error, or covered by a joined one."""
        width = len(self.header)
        covered = {
            (row, column)
            for start, end in self._joined()
            for row in range(start[0], min(end[0], self._sheet.total_height) + 1)
            for column in range(start[1], min(end[1], width - 1) + 1)
            if (row, column) != start
        }
        places: set[Place] = covered | set(self._seen.errors)
        return {
            (row + 1, self.header[column])
            for row, column in places
            if row + 1 >= self._style.first_row and column < width and self.header[column] in wanted
        }


def cell_text(value: Any) -> str | None:
    """Give a cell's text; None for a blank one.

    >>> cell_text(3.0), cell_text(1.5), cell_text(True), cell_text(dt.date(2024, 5, 1))
    ('3', '1.5', 'true', '2024-05-01')
    """
    if isinstance(value, str):
        return value or None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dt.datetime):
        return _whole_seconds(value).isoformat()
    if isinstance(value, dt.timedelta):
        return _hours(value)
    if isinstance(value, dt.time):
        return value.isoformat("seconds")
    if isinstance(value, float):
        return _number(value)
    return str(value)  # a date gives its ISO form


def _number(value: float) -> str:
    """Give a number with the 15 digits that a workbook keeps, never with an exponent."""
    if value.is_integer() and abs(value) < _EXACT:
        return str(int(value))
    return format(Decimal(f"{value:.15g}"), "f")


def _whole_seconds(value: dt.datetime) -> dt.datetime:
    """Round to seconds: a day's fraction has no more to say, and 0.9999 of one means the next."""
    return (value + dt.timedelta(microseconds=500_000)).replace(microsecond=0)


def _hours(value: dt.timedelta) -> str:
    """Give a duration as hours, minutes and seconds, as ``[h]:mm:ss`` shows it."""
    seconds = round(value.total_seconds())
    sign, seconds = ("-", -seconds) if seconds < 0 else ("", seconds)
    return f"{sign}{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
