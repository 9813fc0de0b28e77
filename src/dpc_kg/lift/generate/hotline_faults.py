"""The mistakes a hotline's export can carry, each one cell, and which reports carry them."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from dpc_kg.base.errors import DpcError
from dpc_kg.lift.generate.hotline_reports import COLUMNS, POLICE_FIRST, Report, Row, stamp
from dpc_kg.lift.generate.hotline_sent import Member, Sent
from dpc_kg.lift.generate.planted import day_first

_REPORT, _PLACE = "HotlineReportShape-", "OnlineLocationShape-"
_JUDGED, _NOTICE, _SENT = "ContentAssessmentShape-", "TakedownNoticeShape-", "ReferralShape-"


@dataclass(frozen=True)
class Planting:
    """A mistake put into one report: the wrong cell, and the cell that a check must name.

    ``row`` is the place of the wrong row among the report's own, ``blamed_row`` of the one named.
    With no ``text`` in a table the row ends before the cell. A ``twin`` is written as a second
    record at the end of the file.
    """

    kind: str
    rules: tuple[str, ...]
    column: str
    text: Member
    blamed: str
    row: int = 0
    blamed_row: int = 0
    twin: bool = False

    def spoil(self, columns: tuple[str, ...], cells: list[str]) -> list[str]:
        """Give the cells of a row with the mistake in it."""
        at = columns.index(self.column)
        if self.text is None:
            return cells[:at]
        return [*cells[:at], str(self.text), *cells[at + 1 :]]


Wrong = Callable[[Row], str | None]
"""From a row to the wrong text of a cell; none where the row has no such cell."""


@dataclass(frozen=True)
class Mistake:
    """One way to go wrong in a table: a report of one row gets another text in ``column``."""

    kind: str
    rules: tuple[str, ...]
    column: str
    wrong: Wrong
    blamed: str | None = None

    def __call__(self, made: Report | Sent) -> Planting | None:
        """Give the planting, or nothing where the report has no such cell."""
        if not isinstance(made, Report) or len(made.rows) != 1:
            return None
        text = self.wrong(made.rows[0])
        if text is None:
            return None
        return Planting(self.kind, self.rules, self.column, text, self.blamed or self.column)


@dataclass(frozen=True)
class SentMistake:
    """One way to go wrong in ``iwf``; with ``twin`` in a second record of the same number."""

    kind: str
    rules: tuple[str, ...]
    member: str
    wrong: Callable[[dict[str, Member]], Member]
    blamed: str | None = None
    twin: bool = False

    def __call__(self, made: Report | Sent) -> Planting | None:
        """Give the planting, or nothing where the report is of the other file."""
        if not isinstance(made, Sent):
            return None
        text = self.wrong(made.members)
        blamed = self.blamed or self.member
        return Planting(self.kind, self.rules, self.member, text, blamed, twin=self.twin)


def _short_row(made: Report | Sent) -> Planting | None:
    """End a row one cell too early."""
    if not isinstance(made, Report) or len(made.rows) != 1:
        return None
    last = COLUMNS[-1]
    return Planting("format", ("source:column-count",), last, None, last)


def _two_sources(made: Report | Sent) -> Planting | None:
    """Let the second place of a report say that it came from somebody else."""
    if not isinstance(made, Report) or len(made.rows) == 1 or not made.rows[1].get("source"):
        return None
    other = "child" if made.rows[0]["source"] != "child" else "public"
    rules = (f"{_REPORT}hotlineReportSource",)
    return Planting("duplicate", rules, "source", other, "source", row=1)


def _two_hosts(made: Report | Sent) -> Planting | None:
    """Let the second row of a place say that it is hosted elsewhere."""
    if not isinstance(made, Report) or len(made.rows) == 1 or made.rows[1].get("source"):
        return None
    other = "BR"  # no place of a synthetic export is hosted there
    rules = (f"{_PLACE}hostCountry",)
    return Planting("duplicate", rules, "host_country", other, "host_country", row=1)


def _blank(_: Row) -> str:
    return ""


def _filled(column: str, wrong: Wrong) -> Wrong:
    return lambda row: wrong(row) if row.get(column) else None


def _as(text: str) -> Wrong:
    return lambda _: text


def _day_first(column: str) -> Wrong:
    return lambda row: day_first(row[column])


def _before(column: str) -> Wrong:
    """Give a moment two hours before that of another cell."""
    return lambda row: stamp(datetime.fromisoformat(row[column]) - timedelta(hours=2))


def _where(column: str, value: str, wrong: Wrong) -> Wrong:
    return lambda row: wrong(row) if row.get(column) == value else None


def _provider_first(row: Row) -> str | None:
    """Tell the provider before the police, where the country's rule forbids that."""
    told = row.get("le_notified_at") and not row.get("removed_at")
    return _before("le_notified_at")(row) if told and row["law_of"] == POLICE_FIRST else None


def _no_scheme(row: Row) -> str | None:
    scheme, mark, rest = row["url"].partition("://")
    return rest if mark and scheme else None


def _disarmed(members: dict[str, Member]) -> Member:
    return f"hxxp://{str(members['Reported_URL']).partition('://')[2] or 'example.invalid'}"


def _never(*_: object) -> None:
    return None


_RECEIVED = (f"{_REPORT}receivedAt", f"{_REPORT}receivedAtPrecision")
_SENT_AT = (f"{_SENT}sentAt", f"{_SENT}sentAtPrecision")
_ANSWER = _filled("forward_answered_at", _before("forwarded_at"))
_UNANSWERED = _where("forward_status", "accepted", _blank)
_NO_REASON = _where("forward_status", "refused_known", _as("refused"))
_STILL_THERE = _where("notice_status", "removed", _as("sent"))
_UNDATED = _where("notice_status", "removed", _blank)
_GONE_BEFORE = _where("notice_status", "removed", _before("provider_notified_at"))
_POLICE_BEFORE = _filled("le_notified_at", _before("received_at"))
_PENDING = (f"{_NOTICE}removedAt-whenPending",)
_TWICE = ("source:duplicate",)
_SENT_BEFORE = _filled("forwarded_at", _before("received_at"))
_ORDER_OF_TWO = (f"{_NOTICE}lawEnforcementToProviderSeconds",)

# Those that few reports can carry stand first, so that they find one.
MISTAKES: tuple[Callable[[Report | Sent], Planting | None], ...] = (
    Mistake("order", _ORDER_OF_TWO, "provider_notified_at", _provider_first),
    Mistake("rule", (f"{_SENT}declineReason-whenRejected",), "forward_status", _NO_REASON),
    Mistake("rule", (f"{_SENT}respondedAt-whenAnswered",), "forward_answered_at", _UNANSWERED),
    Mistake("rule", _PENDING, "notice_status", _STILL_THERE, "removed_at"),
    Mistake("order", (f"{_NOTICE}providerToRemovalSeconds",), "removed_at", _GONE_BEFORE),
    Mistake("rule", (f"{_NOTICE}removedAt-whenRemoved",), "removed_at", _UNDATED),
    _two_sources,
    _two_hosts,
    Mistake("order", (f"{_SENT}sentToResponseSeconds",), "forward_answered_at", _ANSWER),
    Mistake("order", (f"{_SENT}reportToReferralSeconds",), "forwarded_at", _SENT_BEFORE),
    Mistake("missing", _SENT_AT, "forwarded_at", _filled("forwarded_at", _blank)),
    Mistake("missing", (f"{_NOTICE}noticeKind",), "notice_kind", _filled("notice_kind", _blank)),
    Mistake(
        "order", (f"{_NOTICE}receiptToLawEnforcementSeconds",), "le_notified_at", _POLICE_BEFORE
    ),
    SentMistake("duplicate", _TWICE, "Reporter_Anonymous", _never, "report_id", True),
    SentMistake("missing", ("source:missing-key",), "report_id", _never),
    SentMistake("missing", _RECEIVED, "received_at", _never),
    SentMistake("missing", (f"{_REPORT}hotlineReportSource",), "Origin_ID", _never),
    SentMistake("format", ("source:boolean",), "Reporter_Anonymous", lambda _: "ask"),
    SentMistake("format", ("source:web-address",), "Reported_URL", _disarmed),
    Mistake("format", ("source:web-address",), "url", _no_scheme),
    Mistake("format", ("source:date-order",), "received_at", _day_first("received_at")),
    Mistake("range", (f"{_REPORT}priorReportCount",), "earlier_reports", _as("-2")),
    Mistake("missing", _RECEIVED, "received_at", _blank),
    Mistake("format", ("source:date",), "assessed_at", _as("2024-02-30T10:00:00Z")),
    Mistake("missing", ("source:missing-key",), "url", _blank),
    Mistake("missing", ("source:missing-key",), "report_id", _blank),
    Mistake("missing", (f"{_REPORT}hotlineReportSource",), "source", _blank),
    Mistake("missing", (f"{_PLACE}siteType",), "site_type", _blank),
    Mistake("missing", (f"{_JUDGED}outcome",), "outcome", _blank),
    Mistake("missing", (f"{_JUDGED}assessedBy",), "assessed_by", _blank),
    Mistake("format", ("source:boolean",), "is_urgent", _as("perhaps")),
    Mistake("format", ("source:number",), "content_count", _as("3 or 4")),
    Mistake("format", ("source:country",), "host_country", _as("Netherlands")),
    _short_row,
)
_EACH_KIND = (13, 20, 21, 22, 12, 3)
_TURNS = (*_EACH_KIND, *(n for n in range(len(MISTAKES)) if n not in _EACH_KIND))
"""The order in which kinds are taken when few faults are asked for: one of each sort first."""


def choose(reports: Iterable[Report | Sent], faults: int) -> dict[int, Planting]:
    """Give the plantings by report number: ``faults`` of them, spread over the kinds.

    Where too few reports can carry a kind, another takes its place.

    Raises:
        DpcError: fewer fitting reports than faults.
    """
    wanted = Counter(_TURNS[number % len(_TURNS)] for number in range(faults))
    chosen: dict[int, Planting] = {}
    spare: list[Report | Sent] = []
    for made in reports:
        if not wanted:
            break
        if not made.plain:
            continue
        found = _first(made, sorted(wanted))
        if found is None:
            spare.append(made)
            continue
        chosen[made.number] = found[1]
        wanted -= Counter([found[0]])
    _fill(spare, wanted.total(), chosen)
    return chosen


def _first(made: Report | Sent, numbers: Iterable[int]) -> tuple[int, Planting] | None:
    for number in numbers:
        planting = MISTAKES[number](made)
        if planting is not None:
            return number, planting
    return None


def _fill(spare: list[Report | Sent], left: int, chosen: dict[int, Planting]) -> None:
    for made in spare[: left if left > 0 else 0]:
        found = _first(made, reversed(range(len(MISTAKES))))
        if found is not None:
            chosen[made.number] = found[1]
            left -= 1
    if left > 0:
        raise DpcError(
            "There are too few reports for that many mistakes.",
            advice="Ask for more records or fewer faults: about one report in three can hold one.",
        )
