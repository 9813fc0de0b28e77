"""The rows of a synthetic office's template: what happened with one child, sheet by sheet."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from random import Random

from dpc_kg.base.settings import LANGS
from dpc_kg.base.vocab import local_name
from dpc_kg.lift.template import Column, Sheet, choices, sheets

Row = dict[str, str]

CASE, CONTACT, INCIDENT, REFERRAL, SERVICE = (
    "case",
    "helpline-contact",
    "incident",
    "referral",
    "service-provision",
)
"""The sheets that the mistakes name; the others are filled alike."""

CANARY = "Canary"
UNLISTED = f"{CANARY} word"
"""What somebody writes over a list: no word of it."""

_START = date(2025, 1, 6)
_OFTEN = 0.6
_LATER = {"closedAt": 90, "respondedAt": 12, "deliveredAt": 30, "approvedAt": 5, "endedAt": 3}
_SOMETIMES = {"concern-report": 3, INCIDENT: 2, REFERRAL: 2, SERVICE: 2}
_COUNTRIES = ("KE", "SN", "CO", "JO")


@dataclass(frozen=True)
class Story:
    """The rows about one child by sheet; ``unknown`` names the cells whose words are unlisted."""

    number: int
    rows: Mapping[str, Row]
    unknown: tuple[tuple[str, str], ...] = field(default=())


@lru_cache(maxsize=1)
def all_sheets() -> Mapping[str, Sheet]:
    """Give the sheets of the full template by name."""
    return {sheet.name: sheet for sheet in sheets()}


def story(seed: int, number: int, language: str | None = None) -> Story:
    """Give the rows about a child; an office writes in one language, which else the seed chooses.

    In another language it is the same story.
    """
    random = Random(f"template/{seed}/{number}")  # noqa: S311 - synthetic data, no secret
    lang = language or LANGS[seed % len(LANGS)]
    rows: dict[str, Row] = {}
    for name, sheet in all_sheets().items():
        if number % _SOMETIMES.get(name, 1) == 0:
            rows[name] = _consistent(name, _row(sheet, number, lang, random), lang)
    unknown = []
    if number % 7 == 3 and rows[CONTACT].get("riskLevel"):
        rows[CONTACT]["riskLevel"] = UNLISTED
        unknown.append((CONTACT, "riskLevel"))
    return Story(number, {name: _tied(name, row, rows) for name, row in rows.items()}, (*unknown,))


def number_of(name: str, number: int) -> str:
    """Give the office's own number of a record."""
    return f"{''.join(word[0] for word in name.split('-')).upper()}-{number:05}"


def word(scheme: str, notation: str, lang: str) -> str:
    """Give the word of a code."""
    return next(c.text for c in choices(scheme, lang) if c.notation == notation)


def _row(sheet: Sheet, number: int, lang: str, random: Random) -> Row:
    row = {sheet.key.name: number_of(sheet.name, number)}
    for column in sheet.columns[1:]:
        if column.target:
            continue
        text = _cell(column, number, lang, random)
        if column.required or (random.random() < _OFTEN and column.place == 1):
            row[column.name] = text
    return row


def _cell(column: Column, number: int, lang: str, random: Random) -> str:
    if column.kind == "date":
        name = local_name(column.prop or "")
        return str(_START + timedelta(days=number % 365 + _LATER.get(name, 0)))
    if column.scheme:
        return random.choice(choices(column.scheme, lang)).text
    if column.kind == "integer":
        return str(column.lowest + random.randrange(3))
    if column.kind == "country":
        return random.choice(_COUNTRIES)
    return f"{CANARY} clinic {random.randrange(9)}"


def _consistent(name: str, row: Row, lang: str) -> Row:
    """Make the answers of a row agree, as the rules of the shapes want them."""
    if name == CASE:
        row["consentToShare"] = word("tristate", "yes", lang)
        if row["hasStatus"] == word("case-status", "closed", lang):
            row["closedAt"] = str(date.fromisoformat(row["receivedAt"]) + timedelta(days=90))
        else:
            row.pop("closedAt", None)
    elif name == INCIDENT:
        for column in ("incidentDateKnown", "reportedElsewhere", "wasWitnessed"):
            row[column] = word("tristate", "yes", lang)
    elif name == REFERRAL:
        row["respondedAt"] = str(date.fromisoformat(row["sentAt"]) + timedelta(days=12))
        row["declineReason"] = choices("decline-reason", lang)[0].text
    return row


def _tied(name: str, row: Row, rows: Mapping[str, Row]) -> Row:
    """Give the row with the numbers of the other rows that it belongs to, the case before all."""
    tied = dict(row)
    props: set[str | None] = set()
    for column in all_sheets()[name].columns:
        other = next((s for s in all_sheets().values() if s.cls == column.target), None)
        is_link = column.kind == "link" and other is not None and other.name in rows
        if is_link and other is not None and column.prop not in props:
            tied[column.name] = rows[other.name][other.key.name]
            props.add(column.prop)
    return tied
