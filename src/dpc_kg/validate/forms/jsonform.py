"""The report for programs, in the published form (``report.schema.json``)."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from dpc_kg.base.faults import Fault
from dpc_kg.validate.explanation import Explanation
from dpc_kg.validate.report import CheckReport, FieldCount, Group, all_groups, verdict


def to_json(report: CheckReport, lang: str = "en") -> str:
    """Give the report as JSON: the faults told, how many more, and what is said of each rule."""
    found = all_groups(report, lang)
    said = {(group.rule, group.kind): group.said for group in found}
    document = {
        "verdict": "conforms" if report.conforms else "refused",
        "sentence": verdict(report, lang),
        "lang": lang,
        "records": report.records,
        "refused": report.refused,
        "faults": [_fault(report, fault, said, lang) for fault in report.faults],
        "warnings": [_fault(report, fault, said, lang) for fault in report.warnings],
        "notes": [_fault(report, fault, said, lang) for fault in report.notes],
        "more": [asdict(more) for more in report.more],
        "groups": [_group(group, lang) for group in found],
        "dropped": [_count(entry) | {"reason": entry.reason} for entry in report.dropped],
        "unknown": [_count(entry) for entry in report.unknown],
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _fault(
    report: CheckReport, fault: Fault, words: Mapping[tuple[str, str], Explanation], lang: str
) -> dict[str, Any]:
    said = words[fault.rule, fault.kind]
    told = {
        "file": fault.file,
        "sheet": fault.sheet,
        "row": fault.row,
        "column": fault.column,
        "letter": report.letter(fault),
        "line": fault.line,
        "number": report.number(fault),
        "kind": fault.kind,
        "rule": fault.rule,
        "rules": list(fault.rules),
        "looks": [{"kind": kind, "count": count} for kind, count in fault.looks],
        "first": list(fault.rows),
        "problem": said.problem,
        "remedy": said.remedy,
        "hint": report.hint(fault, lang),
        "severity": fault.severity,
    }
    if fault.statement:
        told |= {
            "character": fault.statement.character,
            "focus": fault.statement.focus,
            "path": fault.statement.path,
        }
    return told


def _group(group: Group, lang: str) -> dict[str, Any]:
    return {
        "rule": group.rule,
        "kind": group.kind,
        "severity": group.severity,
        "heading": group.heading(lang),
        "count": group.count,
        "problem": group.said.problem,
        "remedy": group.said.remedy,
        "why": group.said.why,
        "example": group.example,
        "lang": group.said.lang,
    }


def _count(entry: FieldCount) -> dict[str, Any]:
    return {"source": entry.source, "field": entry.field, "count": entry.count}
