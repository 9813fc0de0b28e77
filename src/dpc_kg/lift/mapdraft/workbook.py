"""A sheet of a workbook as it is found: which one is meant, where its header stands, its cells.

The lift's own worker reads it under its caps, so a cell is the text that a lift would see. The
words of a header are written into a draft, and those of a record must not be: where it is not clear
which row is the header, nothing is read.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from dpc_kg.base.errors import DpcError, SourceError
from dpc_kg.lift.mapdraft.observed import Field, Observed, Sheet
from dpc_kg.lift.mapdraft.values import may_be_header
from dpc_kg.lift.plan import Source
from dpc_kg.lift.sources import signature
from dpc_kg.lift.sources.dialect import Style, style_of
from dpc_kg.lift.sources.grid import Job
from dpc_kg.lift.sources.reading import run_worker
from dpc_kg.lift.sources.sheets import listed, sheet_meant
from dpc_kg.lift.unusable import held, unreadable

ENDINGS = frozenset({".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"})
"""How the name of a workbook ends; a binary one (XLSB) is known, and refused."""

_ROWS = 30
"""How many rows are looked at for the header."""

_OWN = 3
"""How many values come before those of the columns: key, version, digest."""


def is_workbook(path: Path) -> bool:
    """Tell whether a file is a workbook, by its first bytes.

    Raises:
        SourceError: it is called one, and is none that can be read.
    """
    try:
        kind = signature.kind_of(path)
        if kind in {signature.WORKBOOK, signature.XLS}:
            return True
        is_other = kind != signature.CSV or _is_web_page(path)
    except PermissionError as e:
        raise held(path.name) from e
    if is_other and path.suffix.lower() in ENDINGS:
        problem = "This is no workbook, though it is called one."
        raise unreadable(path.name, problem, "Open it, and save it as XLSX.")
    return False


def _is_web_page(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(64).removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<")


def look_for_table(path: Path, name: str, title: str | None = None) -> Observed:
    """Give what a sheet holds: the one of this title, or the only one with a table.

    Raises:
        DpcError: several sheets have a table, or the header of the sheet cannot be told.
        SourceError: the workbook cannot be used, or there is no sheet of that title.
    """
    job = _job(path, table=title)
    tables = _tables(job)
    table = tables[0] if len(tables) == 1 else _only(tables, path.name)
    above = table.header_at
    table.check_header(path.name)
    options = (("skipRows", str(above)),) if above else ()
    named = title is not None or len(tables) > 1
    sheet = Sheet(table.title, above + 1, named, path.suffix.lower().lstrip("."))
    return _read(replace(job, options=options), name, sheet, table.row(above))


def read_as_mapped(path: Path, source: Source, wanted: Collection[str]) -> Observed:
    """Give what the sheet holds that a lift would read for a source that wants some columns.

    Raises:
        SourceError: the workbook cannot be used, there is no such sheet, or several may be meant;
            the header with the wanted columns stands in another row.
        MappingError: the mapping asks for what is not supported.
    """
    job = _job(path, table=source.table, options=source.options)
    style = style_of(source.options)
    whole = tuple((k, v) for k, v in source.options if not k.endswith("skipRows"))
    tables = {t.title: t for t in _tables(replace(job, options=whole), _ROWS + style.skip)}
    headers = {k: _names(t.row(style.skip), style) for k, t in tables.items()}
    title = sheet_meant(headers, wanted, path.name)
    tables[title].check_place(wanted, style, path.name)
    named = source.table is not None
    sheet = Sheet(title, style.first_row - style.header, named, path.suffix.lower().lstrip("."))
    return _read(job, source.name, sheet, headers[title])


def _names(row: Sequence[str], style: Style) -> Sequence[str]:
    """Give the names of columns: those that are written, or where none are those of CSVW."""
    return row if style.header else [f"_col.{i}" for i in range(1, len(row) + 1)]


@dataclass(frozen=True)
class _Table:
    """The first rows of a sheet, and the first and last rows and columns of its joined cells."""

    title: str
    rows: tuple[tuple[str, ...], ...]
    joined: tuple[tuple[tuple[int, int], tuple[int, int]], ...]

    def row(self, at: int) -> tuple[str, ...]:
        """Give a row, from 0; one without cells where there is none."""
        return self.rows[at] if at < len(self.rows) else ()

    @property
    def width(self) -> int:
        """How many cells the fullest row has."""
        return max(map(_filled, self.rows), default=0)

    @property
    def is_filled(self) -> bool:
        """Whether there are columns, and something below their header."""
        return self.width > 1 and any(map(any, self.rows[self.header_at + 1 :]))

    @property
    def header_at(self) -> int:
        """The place of the header, from 0: the first row that has most of the columns.

        Above it stand titles and notes, and in joined cells the names of groups of columns.
        """
        for at, row in enumerate(self.rows):
            is_full = self.width == 1 or 2 * _filled(row) > self.width
            if is_full and not (self._names_groups(at) and self._is_wordy(at + 1)):
                return at
        return 0

    def _names_groups(self, at: int) -> bool:
        return any(start[0] == at and start[1] < end[1] for start, end in self.joined)

    def _is_wordy(self, at: int) -> bool:
        """Tell whether a row can be a header alone: words, none of which stands below it again."""
        row = self.row(at)
        below = self.rows[at + 1 :]
        return any(row) and all(
            may_be_header(cell)
            and not any(c.isdigit() for c in cell)
            and cell not in {other[i] for other in below}
            for i, cell in enumerate(row)
            if cell
        )

    def check_header(self, name: str) -> None:
        """Refuse a row that is no header, or only a part of one.

        Raises:
            DpcError: so it is.
        """
        at = self.header_at
        problem = advice = ""
        if any(start[0] <= at <= end[0] for start, end in self.joined):
            problem = "Joined cells are a part of the header, so some columns have no name there."
            advice = "Split them, and write the name of every column into one row."
        elif not all(may_be_header(cell) for cell in self.row(at) if cell):
            problem = "The header should be here, and there are numbers, dates or contact data."
            advice = "Write one row above the records that names every column in words."
        if problem:
            raise DpcError(problem, file=name, sheet=self.title, row=at + 1, advice=advice)

    def check_place(self, wanted: Collection[str], style: Style, name: str) -> None:
        """Refuse a header that stands in another row than the mapping says.

        Raises:
            SourceError: so it does.
        """
        found = [at for at, row in enumerate(self.rows) if set(wanted) <= set(row)]
        if wanted and style.header and found and style.skip not in found:
            raise SourceError(
                f"The header stands in row {found[0] + 1}, and the mapping looks for it in row"
                f" {style.skip + 1}.",
                rule="missing-column",
                file=name,
                sheet=self.title,
                row=found[0] + 1,
                advice="Export with as many rows above it as before, or have the mapping written"
                " anew: map init --again.",
            )


def _filled(row: Sequence[str]) -> int:
    return sum(map(bool, row))


def _only(tables: list[_Table], name: str) -> _Table:
    """Give the only sheet that is filled."""
    found = [t for t in tables if t.is_filled]
    if len(found) == 1:
        return found[0]
    titles = listed([t.title for t in found or tables])
    problem = f"{'Several sheets hold' if found else 'No sheet seems to hold'} a table of records."
    raise DpcError(problem, file=name, advice=f"Name one with --sheet TITLE. There are: {titles}.")


# -- by the worker


def _job(path: Path, table: str | None, options: tuple[tuple[str, str], ...] = ()) -> Job:
    kind = signature.kind_of(path)
    return Job(kind, path.resolve(), path.name, (), options=options, table=table)


def _tables(job: Job, rows: int = _ROWS) -> list[_Table]:
    """Give the first rows of the sheets that can be seen, or of the one that is named."""
    said = run_worker(replace(job, first=rows, strict=True))
    found = next(part["tables"] for part in said if isinstance(part, dict))
    return [_Table(title, tuple(map(tuple, rows)), tuple(joined)) for title, rows, joined in found]


def _read(job: Job, name: str, sheet: Sheet, header: Sequence[str]) -> Observed:
    """Read the columns of a sheet, each that has a name of its own."""
    fields = [Field(h, h, h) for h in header if h]
    times = Counter(header)
    own = {f.path: f for f in fields if times[f.path] == 1}
    wanted = tuple(sorted(own))
    told: dict[str, Any] = {}
    for part in run_worker(replace(job, table=sheet.title, wanted=wanted)):
        if isinstance(part, dict):
            told = part
        elif not isinstance(part, bool):
            for path, text in zip(wanted, part[1][_OWN:], strict=True):
                own[path].add(text)
    for _, path, _ in told["rejects"]:
        own[path].unread += 1
    for one in fields:
        if one.path not in own:
            one.cells = told["cells"][one.path]
    read = replace(sheet, nameless=told["cells"].get("", 0))
    return Observed(name, job.name, "CSV", None, told["rows"], tuple(fields), read)
