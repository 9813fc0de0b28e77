"""What the keeper of an export is told: verdict, faults and their places, what was left out.

No form of the report holds the value of a cell.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby

from dpc_kg.base.faults import Fault, column_letter
from dpc_kg.validate.messages import Message, message
from dpc_kg.validate.wording import counted, word

MAX_PLACES = 5
"""Places shown of one rule in the terminal; the other forms give all."""

DROPPED = ("personal", "none", "undeclared", "key")
"""Why a field was left out: personal data, no place in the model, not declared, no key."""


@dataclass(frozen=True)
class FieldCount:
    """How many values of one field of one source were left out or not understood."""

    field: str
    count: int
    source: str | None = None
    reason: str = "personal"


@dataclass(frozen=True)
class CheckReport:
    """The outcome of checking an export (DESIGN section 6, ``validate --format json``).

    ``records`` read and ``refused``; ``faults`` and ``warnings`` sorted by place; ``dropped`` and
    ``unknown`` by field; ``headers``: the header row of each table file, for column letters (a file
    without one is a document: its places are records and fields).
    """

    records: int
    refused: int
    faults: tuple[Fault, ...] = ()
    warnings: tuple[Fault, ...] = ()
    dropped: tuple[FieldCount, ...] = ()
    unknown: tuple[FieldCount, ...] = ()
    headers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def conforms(self) -> bool:
        """Whether nothing is refused; ``validate`` exits 0."""
        return not self.faults and not self.refused

    def letter(self, fault: Fault) -> str | None:
        """Give the spreadsheet letter of a fault's column."""
        header = self.headers.get(fault.file, ())
        return column_letter(header.index(fault.column)) if fault.column in header else None


def to_text(report: CheckReport, lang: str = "en", max_places: int = MAX_PLACES) -> str:
    """Give the report for a terminal: the verdict in one sentence, then faults by rule."""
    blocks = [verdict(report, lang)]
    for key, found in (("faults", report.faults), ("warnings", report.warnings)):
        if found:
            groups = (_group(report, group, lang, max_places) for group in _by_rule(found))
            blocks.append("\n\n".join([word(key, lang), *groups]))
    for reason in DROPPED:
        fields = [entry for entry in report.dropped if entry.reason == reason]
        blocks += _counts(f"dropped-{reason}", fields, lang)
    blocks += _counts("unknown", report.unknown, lang)
    return "\n\n".join(blocks) + "\n"


def to_json(report: CheckReport, lang: str = "en") -> str:
    """Give the report as JSON in the published form (``report.schema.json``)."""
    document = {
        "verdict": "conforms" if report.conforms else "refused",
        "lang": lang,
        "records": report.records,
        "refused": report.refused,
        "faults": [_fault(report, fault, lang) for fault in report.faults],
        "warnings": [_fault(report, fault, lang) for fault in report.warnings],
        "dropped": [_count(entry) | {"reason": entry.reason} for entry in report.dropped],
        "unknown": [_count(entry) for entry in report.unknown],
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def verdict(report: CheckReport, lang: str) -> str:
    """Give the verdict in one sentence."""
    key = "warned" if report.warnings else "conforms"
    if not report.conforms:
        key = "nothing" if report.refused >= report.records else "refused"
        key = "personal" if any(fault.looks for fault in report.faults) else key
        key = key if report.records else "unusable"
    return word(key, lang, records=report.records, refused=report.refused)


def place(report: CheckReport, fault: Fault, lang: str) -> str:
    """Give the place of a fault: ``cases.csv row 14, column registration_date (F14)``."""
    is_table = fault.file in report.headers
    first = fault.file or fault.record or "-"
    if fault.row is not None:
        first += " " + word("row" if is_table else "record", lang, row=fault.row)
    elif fault.line is not None:
        first += " " + word("line", lang, line=fault.line)
    parts = [first]
    if fault.sheet:
        parts.append(word("sheet", lang, sheet=fault.sheet))
    if fault.column:
        name = word("column" if is_table else "field", lang, column=fault.column)
        letter = report.letter(fault)
        parts.append(f"{name} ({letter}{fault.row or ''})" if letter else name)
    return word("comma", lang).join(parts)


def _by_rule(faults: Iterable[Fault]) -> Iterator[list[Fault]]:
    """Give the faults of each rule, the most frequent rule first."""
    ordered = sorted(faults, key=_rule_and_kind)
    groups = [list(group) for _, group in groupby(ordered, key=_rule_and_kind)]
    return iter(sorted(groups, key=len, reverse=True))


def _rule_and_kind(fault: Fault) -> tuple[str, str]:
    return (fault.rule, fault.kind)


def _group(report: CheckReport, group: list[Fault], lang: str, max_places: int) -> str:
    head = group[0]
    unit, count = "files", len({fault.file for fault in group})
    if head.looks:
        unit, count = "columns" if head.file in report.headers else "fields", len(group)
    elif head.kind != "file" and head.row is not None:
        unit, count = "rows" if head.file in report.headers else "records", len(group)
    kind = word("looks-personal" if head.looks else f"kind-{head.kind}", lang)
    colon = word("colon", lang)
    lines = [f"{counted(unit, lang, count)}{colon}{kind} [{head.rule}]"]
    for fault in sorted(group, key=lambda fault: fault.place)[:max_places]:
        said = [*_looks(report, fault, lang), _message(fault, lang).text]
        lines.append(f"  {place(report, fault, lang)}{colon}{' '.join(said)}")
    if len(group) > max_places:
        lines.append("  " + word("more", lang, count=len(group) - max_places))
    return "\n".join(lines)


def _looks(report: CheckReport, fault: Fault, lang: str) -> list[str]:
    """Give what the cells of a column look like, with counts, and where the first of them are."""
    if not fault.looks:
        return []
    comma = word("comma", lang)
    kinds = comma.join(f"{word(f'looks-{kind}', lang)} ({n})" for kind, n in fault.looks)
    unit = "first-rows" if fault.file in report.headers else "first-records"
    rows = word(unit, lang, rows=comma.join(map(str, fault.rows))) if fault.rows else ""
    return [f"{kinds}{comma}{rows}." if rows else f"{kinds}."]


def _counts(key: str, entries: Iterable[FieldCount], lang: str) -> list[str]:
    colon = word("colon", lang)
    lines = []
    for entry in entries:
        names = [entry.source, entry.field] if entry.source else [entry.field]
        lines.append("  " + colon.join([*names, str(entry.count)]))
    return ["\n".join([word(key, lang), *lines])] if lines else []


def _fault(report: CheckReport, fault: Fault, lang: str) -> dict[str, object]:
    said = _message(fault, lang)
    return {
        "file": fault.file,
        "sheet": fault.sheet,
        "row": fault.row,
        "column": fault.column,
        "letter": report.letter(fault),
        "line": fault.line,
        "kind": fault.kind,
        "rule": fault.rule,
        "rules": list(fault.rules),
        "looks": [{"kind": kind, "count": count} for kind, count in fault.looks],
        "first": list(fault.rows),
        "problem": said.problem,
        "remedy": said.remedy,
        "severity": fault.severity,
    }


def _message(fault: Fault, lang: str) -> Message:
    return message(fault.rule, lang)


def _count(entry: FieldCount) -> dict[str, object]:
    return {"source": entry.source, "field": entry.field, "count": entry.count}
