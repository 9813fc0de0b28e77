"""What the keeper of an export is told: verdict, faults and their places, what was left out.

No form of the report holds the value of a cell. The forms themselves are in ``forms``.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby

from dpc_kg.base.faults import Fault, More, Statement, column_letter
from dpc_kg.base.settings import RIGHT_TO_LEFT
from dpc_kg.lift.examples import general
from dpc_kg.validate.explanation import Explanation, explained, explained_shape
from dpc_kg.validate.results import Result
from dpc_kg.validate.rules import Rule
from dpc_kg.validate.wording import counted, isolated, word

DROPPED = ("personal", "none", "undeclared", "key")
"""Why a field was left out: personal data, no place in the model, not declared, no key."""

_SHOWN_COLUMNS = 3

Row = tuple[str, str | None, int]
"""File, sheet and row (of a table) or number (of a record in a document)."""

Column = tuple[str, str | None, str]
"""File, sheet and column."""


@dataclass(frozen=True)
class FieldCount:
    """How many values of one field of one source were left out or not understood."""

    field: str
    count: int
    source: str | None = None
    reason: str = "personal"


@dataclass(frozen=True)
class Hint:
    """A likely reading of a cell that was not understood: its key in the wording, and a text.

    The text is one of a published list, never the value of the cell.
    """

    key: str
    text: str = ""

    def said(self, lang: str) -> str:
        """Give the sentence."""
        return word(f"hint-{self.key}", lang, text=self.text)


@dataclass(frozen=True)
class CheckReport:
    """The outcome of checking an export (DESIGN section 6, ``validate --format json``).

    ``records`` read and ``refused``; ``faults``, ``warnings`` and ``notes`` (likely slips, which
    refuse nothing) sorted by place; ``dropped`` and
    ``unknown`` by field; ``headers``: the header row of each table file (a file without one is a
    document: its places are records and fields); ``numbers``: the partner's own number of a record,
    where it is not personal; ``hints`` by the place of a fault; ``examples`` by column;
    ``results``: what the shapes said, each with the fault it was traced to; ``more``: how many
    faults there are beyond those that are told one by one.

    Of RDF data (``is_data``) ``records`` are the nodes that were checked, ``refused`` those with a
    violation; ``shapes`` explains the rules that are not ours, each with the component it breaks.
    """

    records: int
    refused: int
    faults: tuple[Fault, ...] = ()
    warnings: tuple[Fault, ...] = ()
    notes: tuple[Fault, ...] = ()
    dropped: tuple[FieldCount, ...] = ()
    unknown: tuple[FieldCount, ...] = ()
    headers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    numbers: Mapping[Row, str] = field(default_factory=dict)
    hints: Mapping[tuple[str, str, int, str], Hint] = field(default_factory=dict)
    examples: Mapping[Column, str] = field(default_factory=dict)
    results: tuple[tuple[Result, Fault], ...] = ()
    more: tuple[More, ...] = ()
    is_data: bool = False
    shapes: Mapping[str, tuple[Rule, str]] = field(default_factory=dict)

    @property
    def conforms(self) -> bool:
        """Whether nothing is refused; ``validate`` exits 0.

        RDF data conforms if there is no result of any severity (SHACL 1.0, section 3.6.1.1).
        """
        if self.is_data and (self.warnings or self.notes):
            return False
        return not self.faults and not self.refused

    def explained(self, fault: Fault, lang: str) -> Explanation:
        """Explain the rule that a fault breaks."""
        if fault.rule in self.shapes:
            rule, component = self.shapes[fault.rule]
            return explained_shape(rule, component, fault.kind, lang)
        return explained(fault.rule, "personal" if fault.looks else fault.kind, lang)

    @property
    def parts(self) -> tuple[tuple[str, tuple[Fault, ...]], ...]:
        """What is told cell by cell, the gravest first, under its keys in the wording."""
        found = (("faults", self.faults), ("warnings", self.warnings), ("notes", self.notes))
        return tuple((key, faults) for key, faults in found if faults)

    def is_table(self, fault: Fault) -> bool:
        """Tell whether a fault is in a table, which has columns with letters."""
        return fault.file in self.headers

    def letter(self, fault: Fault) -> str | None:
        """Give the spreadsheet letter of a fault's column."""
        if fault.letter is not None:
            return fault.letter
        header = self.headers.get(fault.file, ())
        return column_letter(header.index(fault.column)) if fault.column in header else None

    def number(self, fault: Fault) -> str | None:
        """Give the partner's own number of the record that a fault is in."""
        return self.numbers.get((fault.file, fault.sheet, fault.row or 0))

    def hint(self, fault: Fault, lang: str) -> str | None:
        """Give the likely reading of the cell that a fault is in; of a column, what is in it."""
        if fault.looks:
            return _looks(self, fault, lang)
        found = self.hints.get(fault.place)
        return None if found is None else found.said(lang)

    def example(self, fault: Fault) -> str | None:
        """Give what would be right in the column that a fault is in."""
        return self.examples.get((fault.file, fault.sheet, general(fault.column or "")))


@dataclass(frozen=True)
class Group:
    """The faults of one rule: counted, explained once, each with its place.

    ``unit`` is what is counted: ``rows``, ``records``, ``files``, ``columns`` or, of RDF data,
    ``results``; ``columns`` are those concerned, the most frequent first. ``more`` of the faults
    are counted and not told.
    """

    rule: str
    kind: str
    severity: str
    unit: str
    count: int
    said: Explanation
    example: str | None
    columns: tuple[str, ...]
    faults: tuple[Fault, ...]
    more: int = 0

    def beyond(self, lang: str) -> str:
        """Say how many faults are not told; empty if all are."""
        return word("beyond", lang, count=self.more) if self.more else ""

    def heading(self, lang: str) -> str:
        """Give its heading: ``412 rows: not a code of the list (status)``."""
        is_column = any(fault.looks for fault in self.faults)
        kind = word("looks-personal" if is_column else f"kind-{self.kind}", lang)
        heading = f"{counted(self.unit, lang, self.count)}{word('colon', lang)}{kind}"
        if not self.columns:
            return heading
        names = [str(isolated(name)) if lang in RIGHT_TO_LEFT else name for name in self.columns]
        shown = word("comma", lang).join(names[:_SHOWN_COLUMNS])
        return f"{heading} ({shown}{', ...' if len(names) > _SHOWN_COLUMNS else ''})"


def groups(report: CheckReport, faults: Iterable[Fault], lang: str) -> list[Group]:
    """Give the faults by rule, the most frequent first, the faults of each by place."""
    ordered = sorted(faults, key=_rule_and_kind)
    made = [_group(report, list(found), lang) for _, found in groupby(ordered, key=_rule_and_kind)]
    return sorted(made, key=lambda group: -(len(group.faults) + group.more))


def all_groups(report: CheckReport, lang: str) -> list[Group]:
    """Give the faults, warnings and notes by rule, the gravest first."""
    return [group for _, found in report.parts for group in groups(report, found, lang)]


def untranslated(found: Iterable[Group]) -> int:
    """Count the groups whose words are in English for want of a translation."""
    return sum(1 for group in found if group.said.fallback)


def verdict(report: CheckReport, lang: str) -> str:
    """Give the verdict in one sentence."""
    key = "warned" if report.warnings else "conforms"
    if report.is_data:
        key = "conforms" if report.conforms else "refused" if report.faults else "warned"
        return word(f"data-{key}", lang, records=report.records, refused=report.refused)
    if not report.conforms:
        key = "nothing" if report.refused >= report.records else "refused"
        key = "personal" if any(fault.looks for fault in report.faults) else key
        key = key if report.records else "unusable"
    return word(key, lang, records=report.records, refused=report.refused)


def titles(report: CheckReport) -> tuple[str, str, str]:
    """Give the keys in the wording of its title, of what was read, and of what was refused."""
    if report.is_data:
        return ("data-title", "nodes-checked", "nodes-refused")
    return ("report-title", "records-read", "records-refused")


def place(report: CheckReport, fault: Fault, lang: str) -> str:
    """Give the place of a fault: ``cases.csv row 14, column registration_date (F14)``.

    In RDF data: ``cases.ttl line 8, column 15, property closedAt, node https://example.org/7``.
    """
    is_table = report.is_table(fault)
    first = fault.file or fault.record or "-"
    if lang in RIGHT_TO_LEFT:
        first = str(isolated(first))
    if fault.row is not None:
        first += " " + word("row" if is_table else "record", lang, row=fault.row)
    elif fault.line is not None:
        first += " " + word("line", lang, line=fault.line)
    if fault.statement:
        return word("comma", lang).join([first, *_stated(fault, fault.statement, lang)])
    parts = [first]
    if fault.sheet:
        parts.append(word("sheet", lang, sheet=fault.sheet))
    if fault.column:
        name = word("column" if is_table else "field", lang, column=fault.column)
        cell = cell_name(report, fault)
        parts.append(f"{name} ({cell})" if cell else name)
    number = report.number(fault)
    if number is not None:
        parts.append(word("record-number", lang, number=number))
    return word("comma", lang).join(parts)


def _stated(fault: Fault, statement: Statement, lang: str) -> Iterator[str]:
    if statement.character is not None:
        yield word("column", lang, column=statement.character)
    if fault.column:
        yield word("property", lang, path=fault.column)
    yield word("node", lang, node=statement.focus) if statement.focus else word("nameless", lang)


def cell_name(report: CheckReport, fault: Fault) -> str | None:
    """Give the name of a cell as spreadsheets have it (``F14``), or of a column; None elsewhere."""
    letter = report.letter(fault)
    return f"{letter}{fault.row or ''}" if letter else None


def _rule_and_kind(fault: Fault) -> tuple[str, str]:
    return (fault.rule, fault.kind)


def _group(report: CheckReport, found: list[Fault], lang: str) -> Group:
    head = found[0]
    beyond = [m for m in report.more if _is_of(m, head)]
    more = sum(m.count for m in beyond)
    files = {fault.file for fault in found} | {m.file for m in beyond}
    unit, count = "files", len(files)
    if head.looks:
        unit, count = "columns" if report.is_table(head) else "fields", len(found)
    elif head.statement:
        unit, count = "results", len(found)
    elif head.kind != "file" and head.row is not None:
        unit, count = "rows" if report.is_table(head) else "records", len(found) + more
    examples = {report.example(fault) for fault in found}
    return Group(
        head.rule,
        head.kind,
        head.severity,
        unit,
        count,
        report.explained(head, lang),
        examples.pop() if len(examples) == 1 else None,
        tuple(name for name, _ in Counter(f.column for f in found if f.column).most_common()),
        tuple(sorted(found, key=lambda fault: fault.order)),
        more,
    )


def _is_of(more: More, fault: Fault) -> bool:
    """Tell whether what is beyond would be told together with a fault."""
    is_same = (more.rule, more.kind) == (fault.rule, fault.kind)
    return is_same and (more.severity == "Violation") == (fault.severity == "Violation")


def _looks(report: CheckReport, fault: Fault, lang: str) -> str:
    """Give what the cells of a column look like, with counts, and where the first of them are."""
    comma = word("comma", lang)
    kinds = comma.join(f"{word(f'looks-{kind}', lang)} ({count})" for kind, count in fault.looks)
    if not fault.rows:
        return f"{kinds}."
    unit = "first-rows" if report.is_table(fault) else "first-records"
    return f"{kinds}{comma}{word(unit, lang, rows=comma.join(map(str, fault.rows)))}."
