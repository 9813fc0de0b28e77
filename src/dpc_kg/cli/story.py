"""What the demonstration says: plain words and tables for somebody who keeps data, not for us."""

import re
import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dpc_kg.store.tables import Cell, Table
    from dpc_kg.validate.report import CheckReport

Say = Callable[[str], object]

ORDER = (
    "provider-vs-clearinghouse",
    "shared-hashes-by-pair",
    "shared-hashes",
    "time-report-to-referral",
    "timeliness-by-partner",
    "referral-outcomes",
    "risk-and-age-by-helpline",
    "reports-by-month-platform-organisation",
    "reports-by-year",
    "reports-by-country-year",
    "reports-by-category-year",
    "unmapped-by-partner",
    "what-is-in-the-store",
)
"""The questions, the most telling first; others follow by name."""

INTRODUCTION = """\
dpc-kg, the main job from end to end

Four invented partners export from the systems they use. Their data is synthetic, with mistakes
planted on purpose. Public reporting statistics (real figures, CC BY 4.0) stand beside them.
Each export is lifted into the common model, checked and signed at the partner; the hub checks it
again, keeps it, and answers questions across all partners. No personal field leaves a partner.
"""
_NEXT = """
How to go on
  {program} serve{demo}  the same answers in a browser; SPARQL at /sparql
  {program} query --dir {hub}  all saved questions; name one to ask it
  {program} validate {export} --lang fr  the refused rows in French (en, fr, es, ar)
  docs/tutorial.md  your own export, step by step

Reports of the partners: {reports}
Figures of this run: {summary}
"""
_SHOWN_FAULTS = 3
_SHOWN_ROWS = 8
_HASH_SHOWN = 12
_LONG = 40
_FIGURE = re.compile(r"-?[\d,]+(\.\d+)?( (seconds|minutes|hours|days))?")
_MINUTE, _HOUR, _DAY = 60, 3600, 86400


@dataclass(frozen=True)
class Sent:
    """What is told of one export beside its report."""

    number: int
    org: str
    who: str
    older: int
    personal: int
    unknown: int
    quads: int
    package: str
    reports: str
    receipt: str


def tell_export(report: "CheckReport", sent: Sent, say: Say) -> None:
    """Tell what happened to one export."""
    from dpc_kg.validate.messages import message
    from dpc_kg.validate.report import place

    say(f"\n{sent.number}. {sent.org}, {sent.who}\n")
    older = f" (and {sent.older:,} older versions)" if sent.older else ""
    end = ":" if report.refused else "."
    say(f"   {report.records:,} records read{older}, {report.refused:,} refused{end}\n")
    for fault in report.faults[:_SHOWN_FAULTS]:
        words = message(fault.rule, "en")
        say(f"     {place(report, fault, 'en')}\n         {words.problem}\n")
        if words.remedy:
            say(f"         {words.remedy}\n")
    beyond = sum(each.count for each in report.more if each.severity == "Violation")
    more = len(report.faults) + beyond - _SHOWN_FAULTS
    if more > 0:
        say(f"     ... {more} more\n")
    say(f"   The whole report: {sent.reports}.txt (and .json)\n")
    say(f"   Stayed with the partner: {sent.personal:,} personal cells.")
    say(f" Without a place in the model yet: {sent.unknown:,} code cells.\n")
    say(f"   Signed package {sent.package} with {sent.quads:,} quads: accepted,")
    say(f" receipt {sent.receipt}\n")


def tell_outcomes(rows: Sequence[Mapping[str, Any]], say: Say) -> None:
    """Tell what came of all exports, in one table."""
    say("\nWhat came of each export\n")
    say("  read: records. quads: statements made. dropped: personal cells. unknown: code cells\n")
    say("  without a place. refused: records. planted, found: mistakes; extra: not planted.\n")
    say("\n")
    heads = ["source", "organization", "read", "quads", "dropped", "unknown", "refused"]
    heads += ["planted", "found", "extra"]
    _grid(
        [h if h != "organization" else "organisation" for h in heads],
        [[shown(row[h], h) for h in heads] for row in rows],
        say,
    )


def in_order(names: Sequence[str]) -> list[str]:
    """Give the names of the questions, the most telling first."""
    known = [name for name in ORDER if name in names]
    return known + sorted(set(names) - set(known))


def tell_answer(name: str, question: str, table: "Table", hub: str, say: Say) -> None:
    """Tell one question and its answer."""
    say(f"\n{question}\n  [{name}] {len(table.rows):,} rows\n")
    rows = [
        [shown(cell, column) for cell, column in zip(row, table.columns, strict=True)]
        for row in table.rows[:_SHOWN_ROWS]
    ]
    _grid([heading(column) for column in table.columns], rows, say)
    if len(table.rows) > _SHOWN_ROWS:
        rest = len(table.rows) - _SHOWN_ROWS
        say(f"  ... {rest:,} more: {program()} query {name} --dir {hub}\n")


def tell_remarks(tables: Mapping[str, "Table"], say: Say) -> None:
    """Tell what the answers say taken together, each figure computed from the answers."""
    lines = [*_pairs(tables), *_years(tables), *_files(tables)]
    if lines:
        say("\nIn short\n\n")
    for line in lines:
        say(f"  {line}\n")


def program() -> str:
    """Give what to type for this program here: its path where its name alone is not found."""
    started = Path(sys.argv[0])
    if shutil.which("dpc-kg") or not started.stem.startswith("dpc-kg"):
        return "dpc-kg"
    here = Path.cwd()
    inside = started.is_absolute() and started.is_relative_to(here)
    return (started.relative_to(here) if inside else started).as_posix()


def tell_next(base: str, *, default: bool, say: Say) -> None:
    """Tell how to go on."""
    hub = f"{base}/hub"
    lines = _NEXT.format(
        program=program(),
        demo=" --demo" if default else f" --demo --dir {hub}",
        hub=hub,
        export=f"{base}/exports/example-ngo",
        reports=f"{base}/reports",
        summary=f"{base}/summary.json",
    ).splitlines()
    ways = [line.strip().split("  ") for line in lines if line.startswith("  ")]
    width = max(len(way[0]) for way in ways)
    for line in lines:
        if line.startswith("  "):
            command, words = line.strip().split("  ")
            say(f"  {command.ljust(width)}  {words}\n")
        else:
            say(line + "\n")


def _pairs(tables: Mapping[str, "Table"]) -> list[str]:
    rows = _records(tables, "provider-vs-clearinghouse")
    if not rows:
        return []
    equal = sum(bool(r["equal"]) for r in rows)
    near = sum(bool(r["withinOnePercent"]) for r in rows)
    worst = max(rows, key=lambda r: abs(r["differencePercent"]))
    return [
        f"Of {len(rows)} pairs of provider and clearing house, {equal} are equal and {near}"
        " within 1 % (the equal ones included).",
        f"The largest difference: {shown(worst['organization'], 'organization')}"
        f" {shown(worst['period'], 'period')}, {worst['provider']:,} sent,"
        f" {worst['clearingHouse']:,} received.",
    ]


def _years(tables: Mapping[str, "Table"]) -> list[str]:
    rows = [r for r in _records(tables, "reports-by-year") if r["byCountry"] is not None]
    if not rows:
        return []
    exact = sum(bool(r["equal"]) for r in rows)
    first, last = (shown(rows[i]["period"], "period") for i in (0, -1))
    return [
        f"Reports by country add up to the total of the year exactly in {exact} of {len(rows)}"
        f" years, {first} to {last} ({last}: {rows[-1]['reports']:,} reports)."
    ]


def _files(tables: Mapping[str, "Table"]) -> list[str]:
    rows = _records(tables, "shared-hashes")
    if not rows:
        return []
    return [
        f"{len(rows)} files were seen by more than one organisation: keyed digests were compared,"
        " never a file."
    ]


def _records(tables: Mapping[str, "Table"], name: str) -> list[dict[str, Any]]:
    table = tables.get(name)
    return [dict(zip(table.columns, row, strict=True)) for row in table.rows] if table else []


def heading(column: str) -> str:
    """Give a column's name in words.

    >>> heading("averageSecondsToResponse"), heading("differencePercent")
    ('average time to response', 'difference %')
    """
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", column).lower()
    return words.replace("seconds", "time").replace("percent", "%")


def shown(cell: "Cell", column: str) -> str:
    """Give a cell for people: short names, separated thousands, times in hours and days.

    >>> shown(33690561, "value"), shown(34555.0, "averageSeconds"), shown(True, "equal")
    ('33,690,561', '9.6 hours', 'yes')
    """
    from dpc_kg.store.tables import short_name

    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, str):
        name = short_name(cell) if cell.startswith("https://") else cell
        return name[:_HASH_SHOWN] + "..." if len(name) > _LONG and name.isalnum() else name
    if "seconds" in column.lower():
        return duration(cell)
    is_share = "percent" in column.lower()
    return f"{cell:,}" if isinstance(cell, int) and not is_share else f"{cell:,.2f}"


def duration(seconds: float) -> str:
    """Give a time in the unit people would use.

    >>> duration(90), duration(3300), duration(2735606)
    ('90 seconds', '55 minutes', '31.7 days')
    """
    if seconds < 2 * _MINUTE:
        return f"{seconds:.0f} seconds"
    if seconds < 2 * _HOUR:
        return f"{seconds / _MINUTE:.0f} minutes"
    if seconds < 2 * _DAY:
        return f"{seconds / _HOUR:.1f} hours"
    return f"{seconds / _DAY:.1f} days"


def _grid(heads: Sequence[str], rows: Sequence[Sequence[str]], say: Say) -> None:
    """Write a table; a column of figures stands at the right."""
    columns = list(zip(heads, *rows, strict=True))
    widths = [max(map(len, column)) for column in columns]
    figures = [all(_is_figure(text) for text in column[1:]) for column in columns]
    for row in [heads, *rows]:
        cells = [
            text.rjust(width) if figure else text.ljust(width)
            for text, width, figure in zip(row, widths, figures, strict=True)
        ]
        say("  " + "  ".join(cells).rstrip() + "\n")


def _is_figure(text: str) -> bool:
    return not text or _FIGURE.fullmatch(text) is not None
