"""What was seen of a file: its fields, what their cells hold, and the sheet it was read from.

Values stay in memory: nothing here is written anywhere.
"""

from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property

from dpc_kg.lift.mapdraft.values import Looks, looks

LOOKED_AT = 50_000
"""How many records of a file are looked at."""


@dataclass
class Field:
    """One field: its general path, how it is referred to, its cells and their values.

    ``name`` is the last part of its path; ``values`` holds the distinct values with their counts,
    as far as they could be remembered (``overflow`` if not); ``many`` tells that one record may
    have several. ``unread`` counts the cells of a sheet that show no value of their own: an error,
    a formula never calculated, a place that a joined cell covers.
    """

    path: str
    reference: str
    name: str
    cells: int = 0
    many: bool = False
    overflow: bool = False
    unread: int = 0
    values: Counter[str] = field(default_factory=Counter)

    @cached_property
    def looks(self) -> Looks:
        """What its values look like; asked for when all cells have been taken in."""
        return looks(self.values)

    @property
    def unique(self) -> bool:
        """Whether no value stands twice."""
        return bool(self.cells) and self.cells == len(self.values)

    def add(self, text: str | None) -> None:
        """Take one cell in; blank ones say nothing."""
        value = (text or "").strip()
        if not value:
            return
        self.cells += 1
        if value in self.values or len(self.values) < LOOKED_AT:
            self.values[value] += 1
        else:
            self.overflow = True


@dataclass(frozen=True)
class Sheet:
    """The sheet that was read of a workbook, and the row of its header, from 1.

    ``named`` tells that a mapping has to name the sheet, ``ending`` is that of the file, and
    ``nameless`` counts the filled cells in columns without a header.
    """

    title: str
    header: int
    named: bool
    ending: str
    nameless: int = 0


@dataclass(frozen=True)
class Observed:
    """One file: the name of its source, how it is read, its records and fields."""

    name: str
    file: str
    formulation: str
    iterator: str | None
    records: int
    fields: tuple[Field, ...]
    sheet: Sheet | None = None

    @property
    def ending(self) -> str:
        """How the name of such a file ends, without the dot."""
        endings = {"CSV": "csv", "JSONPath": "json", "XPath": "xml"}
        return endings[self.formulation] if self.sheet is None else self.sheet.ending

    @property
    def header(self) -> int:
        """The number of the row that holds a table's header."""
        return 1 if self.sheet is None else self.sheet.header
