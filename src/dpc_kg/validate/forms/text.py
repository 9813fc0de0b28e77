"""The report for a terminal."""

from collections.abc import Iterable

from dpc_kg.base.faults import Fault
from dpc_kg.validate.forms.left import left_out
from dpc_kg.validate.report import (
    CheckReport,
    FieldCount,
    Group,
    groups,
    place,
    untranslated,
    verdict,
)
from dpc_kg.validate.wording import word

MAX_PLACES = 5
"""Places shown of one rule; the other forms give more."""


def to_text(report: CheckReport, lang: str = "en", max_places: int = MAX_PLACES) -> str:
    """Give the verdict in one sentence, then the faults by rule, then what was left out."""
    blocks, fallen = [verdict(report, lang)], 0
    for key, found in report.parts:
        grouped = groups(report, found, lang)
        fallen += untranslated(grouped)
        told = (_group(report, group, lang, max_places) for group in grouped)
        blocks.append("\n\n".join([word(key, lang), *told]))
    blocks += (_counts(key, entries, lang) for key, entries in left_out(report))
    if fallen:
        blocks.append(word("untranslated", lang, count=fallen))
    return "\n\n".join(blocks) + "\n"


def _group(report: CheckReport, group: Group, lang: str, max_places: int) -> str:
    mark = f" {word('in-english', lang)}" if group.said.fallback else ""
    lines = [f"{group.heading(lang)} [{group.rule}]", f"  {group.said.text}{mark}"]
    lines.append("  " + word("why", lang, text=group.said.why))
    if group.example:
        lines.append("  " + word("example", lang, text=group.example))
    for fault in group.faults[:max_places]:
        lines.append("    " + line(report, fault, lang))
    if len(group.faults) > max_places:
        lines.append("    " + word("more", lang, count=len(group.faults) - max_places))
    if group.more:
        lines.append("  " + group.beyond(lang))
    return "\n".join(lines)


def line(report: CheckReport, fault: Fault, lang: str) -> str:
    """Give the place of a fault, and what is known of its cell."""
    where, hint = place(report, fault, lang), report.hint(fault, lang)
    return f"{where}{word('colon', lang)}{hint}" if hint else where


def _counts(key: str, entries: Iterable[FieldCount], lang: str) -> str:
    colon = word("colon", lang)
    lines = []
    for entry in entries:
        names = [entry.source, entry.field] if entry.source else [entry.field]
        lines.append("  " + colon.join([*names, str(entry.count)]))
    return "\n".join([word(key, lang), *lines])
