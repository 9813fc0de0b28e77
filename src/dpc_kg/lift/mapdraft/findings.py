"""What a check of a mapping says: one sentence about one place, and never a value of a cell."""

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

BROKEN, OPEN, NOTE = "broken", "open", "note"
SEVERITIES = (BROKEN, OPEN, NOTE)
"""``broken``: nothing can be lifted; ``open``: to be done or decided; ``note``: good to know."""

GUESS = "draft:"
"""How the reason of a guess begins."""

_TERMS = 8
MAPPING, FIELDS, CODES = "mapping.rml.ttl", "fields.csv", "codes.csv"


@dataclass(frozen=True)
class Finding:
    """One thing a check found: how bad, which rule, where, what, and what would be right."""

    severity: str
    rule: str
    message: str
    advice: str = ""
    file: str | None = None
    line: int | None = None
    column: str | None = None
    term: str | None = None

    @property
    def place(self) -> str:
        """The place in words."""
        line = f"line {self.line}" if self.line is not None else None
        column = f"column {self.column}" if self.column else None
        return ", ".join(p for p in (self.file, line, column, self.term) if p)

    @property
    def order(self) -> tuple[int, str, int, str, str]:
        """A sortable key: the worst first, then by place."""
        worst = SEVERITIES.index(self.severity)
        return (worst, self.file or "", self.line or 0, self.rule, self.term or "")

    def as_dict(self) -> dict[str, str | int | None]:
        """Give the finding for a program."""
        return dict(vars(self))


def ordered(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Give findings once each, the worst first."""
    return tuple(sorted(dict.fromkeys(findings), key=lambda f: f.order))


@dataclass(frozen=True)
class Group:
    """Findings that say the same of several lines, or fields, of one file."""

    findings: tuple[Finding, ...]

    @property
    def place(self) -> str:
        """The places in words: lines as ranges, and what stands there."""
        first = self.findings[0]
        if len(self.findings) == 1:
            return first.place
        lines = ranges([f.line for f in self.findings if f.line is not None])
        column = f"column {first.column}" if first.column else None
        terms = list(dict.fromkeys(f.term for f in self.findings if f.term))
        more = f" and {len(terms) - _TERMS} more" if len(terms) > _TERMS else ""
        named = f"{', '.join(terms[:_TERMS])}{more}" if terms else None
        return ", ".join(p for p in (first.file, lines, column, named) if p)


def grouped(findings: Iterable[Finding]) -> list[Group]:
    """Give findings with the same words about the same file together, in their order."""
    found: dict[tuple[str | None, ...], list[Finding]] = {}
    for one in findings:
        key = (one.severity, one.rule, one.file, one.column, one.message, one.advice)
        found.setdefault(key, []).append(one)
    return [Group(tuple(group)) for group in found.values()]


def ranges(numbers: Iterable[int], word: str = "line") -> str | None:
    """Give numbers of lines or rows in words.

    >>> ranges([2, 3, 4, 9]), ranges([7], "row"), ranges([])
    ('lines 2-4, 9', 'row 7', None)
    """
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    said = ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in runs)
    plural = "" if len(runs) == 1 and runs[0][0] == runs[0][1] else "s"
    return f"{word}{plural} {said}" if said else None


@dataclass(frozen=True)
class Line:
    """A row of a table of the mapping with its number (header = 1) and its cells by column."""

    number: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


def table_lines(path: Path) -> Iterator[Line]:
    """Give the rows of a table; none where it is not there."""
    if not path.is_file():
        return
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        start = 2
        for row in reader:
            cells = {k: (v or "").strip() for k, v in row.items() if isinstance(k, str)}
            yield Line(start, cells)
            start = reader.line_num + 1


def line_of(text: str, name: str) -> int | None:
    """Give the line of a document where a term's local name or a quoted text first stands."""
    found = re.search(rf'(?:[:#/]|"){re.escape(name)}(?![\w-])', text)
    return text.count("\n", 0, found.start()) + 1 if found else None
