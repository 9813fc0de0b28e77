"""The sheets of the template and their columns, from the shapes and the tiers of the terms.

Which classes have a sheet, and what the shapes cannot say of it (to which sheet a link leads, what
is computed, what is not asked), stands in ``mappings/lift/template/sheets.csv``.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from dpc_kg.base import assets
from dpc_kg.base.settings import PROFILES
from dpc_kg.base.vocab import DPC, local_name
from dpc_kg.lift.mapdraft.lexicon import way_of
from dpc_kg.lift.mapdraft.words import words
from dpc_kg.model import fields as shapes
from dpc_kg.model import ontology, tiers

FILE = "sheets.csv"
NUMBER, LINK, DATE, CODE, INTEGER, COUNTRY, ORGANIZATION = (
    "number",
    "link",
    "date",
    "code",
    "integer",
    "country",
    "organization",
)
"""What stands in the cells of a column."""

SEVERAL = 3
"""How many columns a property has that may be said several times."""

_OF_WAYS = {
    "instant": DATE,
    "code": CODE,
    "tristate": CODE,
    "ageBand": CODE,
    "integer": INTEGER,
    "country": COUNTRY,
}
"""What a cell holds by the way in which a draft of a mapping would read it."""

_FLAG = "tristate"
_ALL = "*"


@dataclass(frozen=True)
class Column:
    """A column: its name in the mapping, what stands in its cells, the property it fills.

    ``tier`` is the lowest tier whose template has the column. A ``required`` one must be filled
    from that tier on; of those that are ``either`` one must be. ``scheme`` is the code list of a
    code, ``target`` the class of the record that a number names, ``lowest`` the least whole number
    that may stand there, ``place`` tells apart (from 1) the columns of one property.
    """

    name: str
    kind: str
    prop: str | None
    tier: int
    required: bool = False
    either: bool = False
    scheme: str = ""
    target: str = ""
    place: int = 1
    lowest: int = 0

    @property
    def is_flag(self) -> bool:
        """Whether it asks for yes or no."""
        return self.scheme == _FLAG


@dataclass(frozen=True)
class Sheet:
    """A sheet of records of one class; ``own`` and ``between`` are filled without a column.

    ``own`` are the properties that name the organisation itself; ``between`` gives for a number of
    seconds the two dates that it lies between.
    """

    cls: str
    tier: int
    columns: tuple[Column, ...]
    own: tuple[str, ...] = ()
    between: tuple[tuple[str, str, str], ...] = ()

    @property
    def name(self) -> str:
        """The name of its source in the mapping."""
        return source_name(self.cls)

    @property
    def key(self) -> Column:
        """The column with the office's own number of the record."""
        return self.columns[0]

    def of(self, prop: str) -> Column:
        """Give the first column of a property (IRI)."""
        return next(c for c in self.columns if c.prop == prop)

    def always(self, column: Column) -> bool:
        """Tell whether every template with this sheet has the column, and it must be filled."""
        return column.required and column.tier <= self.tier


@dataclass(frozen=True)
class Line:
    """A line of ``sheets.csv``."""

    sheet: str
    term: str
    role: str
    value: tuple[str, ...]


def source_name(cls: str) -> str:
    """Give the name of a class as a source: ``helpline-contact``."""
    return "-".join(words(local_name(cls)))


def number_name(cls: str) -> str:
    """Give the name of the column with numbers of records of a class: ``helplineContactNumber``."""
    name = local_name(cls)
    return f"{name[0].lower()}{name[1:]}Number"


def sheets(profile: str = PROFILES[-1]) -> tuple[Sheet, ...]:
    """Give the sheets of a tier's template, each with the columns of that tier."""
    level = PROFILES.index(profile)
    return tuple(
        Sheet(s.cls, s.tier, tuple(c for c in s.columns if c.tier <= level), s.own, s.between)
        for s in _sheets(assets.root())
        if s.tier <= level
    )


@lru_cache(maxsize=4)
def _sheets(root: Path) -> tuple[Sheet, ...]:
    lines = tuple(_lines(root / "mappings/lift/template" / FILE))
    classes = tuple(line.sheet for line in lines if line.role == "sheet")
    return tuple(_Layout(cls, lines, classes).sheet() for cls in classes)


def _lines(path: Path) -> Iterator[Line]:
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            value = tuple(_iri(name) for name in row["value"].split())
            yield Line(_iri(row["sheet"]), _iri(row["term"]), row["role"], value)


def _iri(name: str) -> str:
    return name if name == _ALL else DPC + name.removeprefix("dpc:")


class _Layout:
    """Lays out the sheet of one class."""

    def __init__(self, cls: str, lines: tuple[Line, ...], classes: tuple[str, ...]) -> None:
        self.cls = cls
        self.classes = classes
        self.tier = tiers.tier_of(cls)
        self.said = {n.term: n for n in lines if n.sheet in (cls, _ALL)}
        self.fields = {p: f for (c, p), f in shapes.fields().items() if c == cls}
        self.ranges = {t.iri: t.range for t in ontology.terms()}

    def sheet(self) -> Sheet:
        key = Column(number_name(self.cls), NUMBER, None, self.tier, True, target=self.cls)
        found = sorted((c for p in self.fields for c in self.of(p)), key=_order)
        own = tuple(sorted(p for p in self.fields if self.is_own(p)))
        between = tuple(
            (p, n.value[0], n.value[1]) for p, n in sorted(self.said.items()) if n.role == "between"
        )
        return Sheet(self.cls, self.tier, (key, *found), own, between)

    def of(self, prop: str) -> Iterator[Column]:
        """Give the columns of a property: none where a cell cannot say it or nobody is asked."""
        line = self.said.get(prop)
        if line is not None and line.role == "link":
            yield from self.links(prop, line.value)
        elif line is None and not self.is_own(prop) and (kind := self.kind(prop)):
            several = kind == CODE and self.fields[prop].many
            for place in range(1, SEVERAL + 1 if several else 2):
                yield self.column(prop, kind, place)

    def column(self, prop: str, kind: str, place: int) -> Column:
        name = local_name(prop) + (f"{place}" if place > 1 else "")
        required = self.fields[prop].required and place == 1
        made = Column(name, kind, prop, self.level(prop), required, place=place)
        if kind == INTEGER:
            return replace(made, lowest=int(self.fields[prop].lowest or 0))
        return replace(made, scheme=min(self.fields[prop].schemes, default=""))

    def links(self, prop: str, targets: tuple[str, ...]) -> Iterator[Column]:
        """Give a column for each class that a link may lead to."""
        for place, target in enumerate(targets, start=1):
            must = self.fields[prop].required
            yield Column(
                number_name(target),
                LINK,
                prop,
                max(self.level(prop), tiers.tier_of(target)),
                required=must and len(targets) == 1,
                either=must and len(targets) > 1,
                target=target,
                place=place,
            )

    def level(self, prop: str) -> int:
        """Give the lowest tier that knows of a property of this class."""
        return max(self.tier, tiers.tier_of(prop))

    def is_own(self, prop: str) -> bool:
        """Tell whether a property names the organisation whose workbook it is."""
        if prop in self.said:
            return self.said[prop].role == "own"
        return self.fields[prop].required and self.ranges.get(prop) == f"{DPC}Organization"

    def kind(self, prop: str) -> str:
        """Give what a cell would hold; empty where no single cell can say it."""
        made = self.ranges.get(prop)
        if not prop.startswith(DPC):
            return ""
        if made == f"{DPC}Organization":
            return ORGANIZATION
        return _OF_WAYS.get(way_of(self.fields[prop], made), "")


_KINDS = (LINK, DATE, CODE, INTEGER, COUNTRY, ORGANIZATION)


def _order(column: Column) -> tuple[object, ...]:
    """Put what must be filled first, then what lower tiers ask, what is alike side by side."""
    must = column.required or column.either
    kind = _KINDS.index(column.kind)
    prop = column.prop or ""
    return column.tier, not must, kind, column.is_flag, prop, column.place
