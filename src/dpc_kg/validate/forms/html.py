"""The report as one HTML file: no script, nothing from outside, to read, print and mail."""

from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any

from jinja2 import Template
from markupsafe import Markup

from dpc_kg import __version__
from dpc_kg.base.assets import look
from dpc_kg.base.faults import Fault
from dpc_kg.base.settings import RIGHT_TO_LEFT
from dpc_kg.base.templates import environment
from dpc_kg.validate.explanation import Explanation
from dpc_kg.validate.forms.grid import Head, cells, used
from dpc_kg.validate.forms.left import left_out
from dpc_kg.validate.report import (
    CheckReport,
    Group,
    groups,
    titles,
    untranslated,
    verdict,
)
from dpc_kg.validate.wording import word

MAX_PLACES = 1000
"""Places shown of one rule: a page with more is slow to open; XLSX and JSON give more."""


@dataclass(frozen=True)
class _Shown:
    """A group as the page shows it."""

    anchor: str
    heading: str
    rule: str
    said: Explanation
    example: str | None
    heads: list[dict[str, Any]]
    rows: list[list[tuple[Head, str | int]]]
    more: int
    beyond: str


def to_html(report: CheckReport, lang: str = "en", max_places: int = MAX_PLACES) -> str:
    """Give the whole report as one page in one language."""
    parts, fallen = [], 0
    for key, found in report.parts:
        grouped = groups(report, found, lang)
        fallen += untranslated(grouped)
        shown = [
            _shown(report, group, f"{key}-{number}", lang, max_places)
            for number, group in enumerate(grouped, start=1)
        ]
        parts.append({"title": word(key, lang), "groups": shown})
    return _template().render(
        lang=lang,
        dir="rtl" if lang in RIGHT_TO_LEFT else "ltr",
        style=Markup(look()),  # noqa: S704 (a file of ours)
        word=partial(_word, lang),
        verdict=verdict(report, lang),
        titles=titles(report),
        conforms=report.conforms,
        records=report.records,
        refused=report.refused,
        parts=parts,
        left=[(word(key, lang), entries) for key, entries in left_out(report)],
        untranslated=fallen,
        version=__version__,
    )


def _word(lang: str, key: str, **places: object) -> str:
    return word(key, lang, **places)


def _shown(report: CheckReport, group: Group, anchor: str, lang: str, max_places: int) -> _Shown:
    faults = group.faults[:max_places]
    heads = used(report, faults, lang)
    return _Shown(
        anchor,
        group.heading(lang),
        group.rule,
        group.said,
        group.example,
        [{"title": word(head.key, lang), "is_number": head.is_number} for head in heads],
        [_row(report, fault, heads, lang) for fault in faults],
        len(group.faults) - len(faults),
        group.beyond(lang),
    )


def _row(
    report: CheckReport, fault: Fault, heads: list[Head], lang: str
) -> list[tuple[Head, str | int]]:
    found = cells(report, fault, heads, lang)
    return [(head, "" if cell is None else cell) for head, cell in zip(heads, found, strict=True)]


@lru_cache(maxsize=1)
def _template() -> Template:
    return environment("dpc_kg.validate").get_template("report.html")
