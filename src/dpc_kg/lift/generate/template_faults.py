"""The mistakes that a filled template can carry, each one cell, and which rows carry them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from dpc_kg.base.errors import DpcError
from dpc_kg.lift.generate.template_rows import (
    CANARY,
    CASE,
    CONTACT,
    INCIDENT,
    REFERRAL,
    SERVICE,
    Row,
    Story,
)

Wrong = Callable[[Row], Row | None]
"""From a right row to a wrong one; none where the row cannot carry the mistake."""


@dataclass(frozen=True)
class Mistake:
    """One way to go wrong in a row of a sheet; ``column`` is the one that a check must name.

    A ``twin`` is written as a further row at the end of the sheet.
    """

    kind: str
    rule: str
    sheet: str
    column: str
    wrong: Wrong
    twin: bool = False


def _put(column: str, text: str) -> Wrong:
    return lambda row: row | {column: text}


def _over(column: str, text: str) -> Wrong:
    """Write over a cell that holds something."""
    return lambda row: row | {column: text} if row.get(column) else None


def _day_first(row: Row) -> Row:
    year, month, day = row["receivedAt"].split("-")
    return row | {"receivedAt": f"{day}/{month}/{year}"}


MISTAKES = (
    Mistake(
        "missing",
        "CaseShape-consentForServices",
        CASE,
        "consentForServices",
        _put("consentForServices", ""),
    ),
    Mistake("missing", "HelplineContactShape-callType", CONTACT, "callType", _put("callType", "")),
    Mistake(
        "missing", "source:missing-key", INCIDENT, "incidentNumber", _put("incidentNumber", "")
    ),
    Mistake("format", "source:date-order", CASE, "receivedAt", _day_first),
    Mistake("format", "source:date", REFERRAL, "sentAt", _put("sentAt", "2025-02-30")),
    Mistake("format", "source:number", CONTACT, "childCount", _put("childCount", f"{CANARY} two")),
    Mistake(
        "range", "HelplineContactShape-childCount", CONTACT, "childCount", _put("childCount", "0")
    ),
    Mistake("format", "source:country", INCIDENT, "refArea", _put("refArea", f"{CANARY} land")),
    Mistake(
        "reference", "source:reference", SERVICE, "caseNumber", _put("caseNumber", f"{CANARY}-9")
    ),
    Mistake(
        "order", "CaseShape-openToCloseSeconds", CASE, "closedAt", _over("closedAt", "2024-01-01")
    ),
    Mistake("rule", "CaseShape-closedAt-whenClosed", CASE, "closedAt", _over("closedAt", "")),
    Mistake(
        "duplicate",
        "source:duplicate",
        INCIDENT,
        "incidentNumber",
        _put("refArea", "BR"),
        twin=True,
    ),
)


def choose(stories: Iterable[Story], faults: int) -> dict[int, tuple[Mistake, Row]]:
    """Give the mistake of each story that carries one, with the wrong row, spread over the kinds.

    Raises:
        DpcError: fewer fitting stories than faults.
    """
    open_ = [MISTAKES[number % len(MISTAKES)] for number in range(faults)]
    chosen: dict[int, tuple[Mistake, Row]] = {}
    for told in stories:
        for mistake in open_ if not told.unknown else ():
            right = told.rows.get(mistake.sheet)
            wrong = mistake.wrong(right) if right is not None else None
            if wrong is not None:
                chosen[told.number] = mistake, wrong
                open_.remove(mistake)
                break
    if open_:
        raise DpcError(
            "There are too few records for so many faults.",
            term=f"{faults} faults",
            advice="Ask for more records, or for fewer faults.",
        )
    return chosen
