"""The report as SARIF 2.1.0 (OASIS), for editors and code hosts that show results in place."""

import json
from typing import Any

from dpc_kg import __version__
from dpc_kg.base.faults import Fault
from dpc_kg.validate.report import CheckReport, Group, all_groups, cell_name, place, verdict
from dpc_kg.validate.wording import word

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {"Violation": "error", "Warning": "warning", "Info": "note"}
_LINES = (".csv", ".tsv", ".txt")
"""Text files whose rows are lines, as long as no cell holds a line break."""


def to_sarif(report: CheckReport, lang: str = "en") -> str:
    """Give the report as one SARIF run: a rule for each group, a result for each fault."""
    found = all_groups(report, lang)
    run = {
        "tool": {
            "driver": {
                "name": "dpc-kg",
                "semanticVersion": __version__,
                "language": lang,
                "rules": [_rule(group, lang) for group in found],
            }
        },
        "results": [
            _result(report, fault, index, group, lang)
            for index, group in enumerate(found)
            for fault in group.faults
        ],
        "invocations": [_invocation(found, lang)],
        "columnKind": "unicodeCodePoints",
        "properties": {
            "verdict": verdict(report, lang),
            "records": report.records,
            "refused": report.refused,
        },
    }
    document = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _invocation(found: list[Group], lang: str) -> dict[str, Any]:
    """Give what the run says of itself: of which rules there are more results than are told."""
    told = [
        {
            "level": "note",
            "message": {"text": group.beyond(lang)},
            "associatedRule": {"id": group.rule, "index": index},
            "properties": {"count": group.more},
        }
        for index, group in enumerate(found)
        if group.more
    ]
    return {"executionSuccessful": True, "toolExecutionNotifications": told}


def _rule(group: Group, lang: str) -> dict[str, Any]:
    help_text = [group.said.remedy or group.said.problem]
    help_text.append(word("why", lang, text=group.said.why))
    if group.example:
        help_text.append(word("example", lang, text=group.example))
    return {
        "id": group.rule,
        "shortDescription": {"text": word(f"kind-{group.kind}", lang)},
        "fullDescription": {"text": group.said.problem},
        "help": {"text": "\n".join(help_text)},
        "defaultConfiguration": {"level": _LEVELS[group.severity]},
    }


def _result(
    report: CheckReport, fault: Fault, index: int, group: Group, lang: str
) -> dict[str, Any]:
    text = group.said.hinted(report.hint(fault, lang))
    result: dict[str, Any] = {
        "ruleId": group.rule,
        "ruleIndex": index,
        "level": _LEVELS[fault.severity],
        "message": {"text": f"{place(report, fault, lang)}{word('colon', lang)}{text}"},
        "properties": {
            "rules": list(fault.rules),
            "sheet": fault.sheet,
            "row": fault.row,
            "column": fault.column,
            "letter": report.letter(fault),
        },
    }
    locations = _locations(report, fault)
    return {**result, "locations": locations} if locations else result


def _locations(report: CheckReport, fault: Fault) -> list[dict[str, Any]]:
    if not fault.file:
        return []
    physical: dict[str, Any] = {"artifactLocation": {"uri": _uri(fault.file)}}
    line = fault.line or (fault.row if fault.file.lower().endswith(_LINES) else None)
    if line:
        physical["region"] = {"startLine": line}
        if fault.statement and fault.statement.character:
            physical["region"]["startColumn"] = fault.statement.character
    named = "!".join(name for name in _names(report, fault) if name)
    logical = [{"fullyQualifiedName": named, "kind": "element"}] if named else []
    return [{"physicalLocation": physical, "logicalLocations": logical}]


def _names(report: CheckReport, fault: Fault) -> list[str | None]:
    if fault.statement:
        return [fault.statement.focus, fault.column]
    cell = cell_name(report, fault)
    return [fault.sheet, cell] if cell else [str(fault.row or ""), fault.column]


def _uri(file: str) -> str:
    from urllib.parse import quote

    return quote(file)
