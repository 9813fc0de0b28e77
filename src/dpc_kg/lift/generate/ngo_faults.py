"""The mistakes that programme logs can carry, each one cell, and which records carry them."""

import copy
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from dpc_kg.base.errors import DpcError
from dpc_kg.lift.generate.ngo_records import Members, Record
from dpc_kg.lift.generate.ngo_words import SEX_IN_EVENT, exact, served
from dpc_kg.lift.generate.planted import day_first

Steps = tuple[str | int, ...]
Wrong = Callable[[Members], Any]
"""From a record to the wrong value of a cell."""
Fits = Callable[[Members], bool]

_REPORT, _CASE, _SERVICE = "ConcernReportShape-", "CaseShape-", "ServiceProvisionShape-"
_KEYLESS, _DATE = ("source:missing-key",), ("source:date",)
_ORDER, _TWICE = ("source:date-order",), ("source:duplicate",)
_CLOSED, _SPAN = (f"{_CASE}closedAt-whenClosed",), (f"{_CASE}openToCloseSeconds",)


@dataclass(frozen=True)
class Mistake:
    """One way to go wrong: a record gets another value at ``steps``; ``blamed`` is what is named.

    A ``twin`` stands as a further record at the end of the file; the record itself stays whole.
    """

    source: str
    kind: str
    rules: tuple[str, ...]
    steps: Steps
    wrong: Wrong
    blamed: str
    fits: Fits = bool
    twin: bool = False
    in_linked: bool = False

    def suits(self, record: Record) -> bool:
        """Tell whether a record can carry it without changing what else is counted."""
        if record.source != self.source or record.unknown or record.earlier:
            return False
        return record.is_linked == self.in_linked and self.fits(record.members)

    def spoil(self, record: Record) -> Members:
        """Give the record with the mistake in it."""
        made = copy.deepcopy(record.members)
        inner: Any = made
        for step in self.steps[:-1]:
            inner = inner[step]
        inner[self.steps[-1]] = self.wrong(record.members)
        return made


def _null(_: Members) -> None:
    return None


def _as(value: Any) -> Wrong:
    return lambda _: value


def _at(members: Members, steps: Steps) -> Any:
    inner: Any = members
    for step in steps:
        if isinstance(step, int):
            inner = inner[step] if isinstance(inner, list) and step < len(inner) else None
        else:
            inner = inner.get(step) if isinstance(inner, dict) else None
    return inner


def _has(*steps: str | int) -> Fits:
    return lambda members: bool(_at(members, steps))


def _turned(*steps: str | int) -> Wrong:
    return lambda members: day_first(_at(members, steps))


def _before(write: Callable[[datetime], str], *steps: str | int) -> Wrong:
    """Give a moment a day before that of another cell."""

    def wrong(members: Members) -> str:
        at = datetime.fromisoformat(_at(members, steps))
        return write(at - timedelta(days=1))

    return wrong


def _refers(members: Members) -> bool:
    kinds = {action["actions/action_type"] for action in members["actions"]}
    return not kinds & {"referral", "police_report"}


def _is_child(members: Members) -> bool:
    return bool(members["case_type"] == "child")


def _closed_child(members: Members) -> bool:
    return _is_child(members) and bool(members["date_closed"])


def _open_child(members: Members) -> bool:
    return _is_child(members) and not members["closed"]


def _two_sexes(members: Members) -> bool:
    values = [event["dataValues"] for event in members["enrollments"][0]["events"]]
    return len(values) > 1 and all(len(answers) == 2 for answers in values)


def _other_sex(members: Members) -> Members:
    said = members["enrollments"][0]["events"][0]["dataValues"][1]["value"]
    return {"dataElement": SEX_IN_EVENT, "value": "Male" if said == "Female" else "Female"}


_EN: Steps = ("enrollments", 0)
_EV: Steps = (*_EN, "events", 0)
_EN_AT, _EV_AT = "enrollments[0].", "enrollments[0].events[0]."
_SUB, _INC = "_submission_time", "incident/incident_date"
_VALIDATED: Steps = ("_validation_status", "timestamp")
_RECEIVED = (f"{_CASE}receivedAt", f"{_CASE}receivedAtPrecision")
_ARRIVED = (f"{_REPORT}receivedAt", f"{_REPORT}receivedAtPrecision")
_SEX_AT = f"{_EN_AT}events[*].dataValues[dataElement={SEX_IN_EVENT}].value"
_K, _C, _D = "kobo", "commcare", "dhis2"


def _milliseconds(members: Members) -> Any:
    return 1000 * int(_at(members, _VALIDATED))


# Those that few records can carry stand first, so that they find one.
MISTAKES: tuple[Mistake, ...] = (
    Mistake(
        _D,
        "missing",
        _KEYLESS,
        ("relationships", 0, "relationship"),
        _null,
        "relationships[0].relationship",
        _has("relationships", 0),
        in_linked=True,
    ),
    Mistake(
        _D,
        "duplicate",
        (f"{_CASE}sexRecorded",),
        (*_EN, "events", 1, "dataValues", 1),
        _other_sex,
        _SEX_AT,
        _two_sexes,
    ),
    Mistake(
        _D,
        "order",
        _SPAN,
        (*_EN, "completedAt"),
        _before(served, *_EN, "enrolledAt"),
        f"{_EN_AT}completedAt",
        _has(*_EN, "completedAt"),
    ),
    Mistake(
        _D,
        "rule",
        _CLOSED,
        (*_EN, "completedAt"),
        _null,
        f"{_EN_AT}completedAt",
        _has(*_EN, "completedAt"),
    ),
    Mistake(
        _C,
        "order",
        _SPAN,
        ("date_closed",),
        _before(exact, "date_opened"),
        "date_closed",
        _closed_child,
    ),
    Mistake(_C, "rule", _CLOSED, ("date_closed",), _null, "date_closed", _closed_child),
    Mistake(
        _C,
        "format",
        _DATE,
        ("date_closed",),
        _as("2024-02-30T10:00:00Z"),
        "date_closed",
        _closed_child,
    ),
    Mistake(_C, "missing", (f"{_CASE}hasStatus",), ("closed",), _null, "closed", _open_child),
    Mistake(_C, "missing", _RECEIVED, ("date_opened",), _null, "date_opened", _is_child),
    Mistake(
        _C, "format", _ORDER, ("date_opened",), _turned("date_opened"), "date_opened", _is_child
    ),
    Mistake(
        _C,
        "format",
        _DATE,
        ("server_last_modified",),
        _as("2024-13-01T00:00:00Z"),
        "server_last_modified",
    ),
    Mistake(_C, "missing", _KEYLESS, ("case_id",), _null, "case_id", _is_child),
    Mistake(
        _C,
        "duplicate",
        _TWICE,
        ("last_modified",),
        _as("2022-01-01T00:00:00Z"),
        "case_id",
        _is_child,
        twin=True,
    ),
    Mistake(
        _K,
        "format",
        _DATE,
        _VALIDATED,
        _milliseconds,
        "_validation_status.timestamp",
        _has(*_VALIDATED),
    ),
    Mistake(_K, "missing", _ARRIVED, (_SUB,), _null, _SUB, _refers),
    Mistake(_K, "format", _ORDER, (_SUB,), _turned(_SUB), _SUB),
    Mistake(_K, "format", _DATE, (_INC,), _as("2024-02-30"), f"['{_INC}']", _has(_INC)),
    Mistake(
        _K,
        "format",
        _DATE,
        ("start",),
        _as("2024-04-31T25:61:00.000+03:00"),
        "start",
        _has("start"),
    ),
    Mistake(
        _K,
        "format",
        (f"{_REPORT}definitionVersion",),
        ("__version__",),
        _as("v 1, new"),
        "__version__",
    ),
    Mistake(_K, "format", _DATE, ("end",), _as("2024-04-31T10:00:00.000+03:00"), "end"),
    Mistake(_K, "missing", _KEYLESS, ("_id",), _null, "_id"),
    Mistake(_K, "duplicate", _TWICE, ("today",), _as("2022-01-01"), "_id", twin=True),
    Mistake(_D, "missing", _KEYLESS, ("trackedEntity",), _null, "trackedEntity"),
    Mistake(_D, "missing", _KEYLESS, (*_EN, "enrollment"), _null, f"{_EN_AT}enrollment"),
    Mistake(_D, "missing", _KEYLESS, (*_EV, "event"), _null, f"{_EV_AT}event"),
    Mistake(_D, "missing", _RECEIVED, (*_EN, "enrolledAt"), _null, f"{_EN_AT}enrolledAt"),
    Mistake(
        _D,
        "format",
        _DATE,
        (*_EV, "occurredAt"),
        _as("2024-02-30T00:00:00.000"),
        f"{_EV_AT}occurredAt",
        _has(*_EV, "occurredAt"),
    ),
    Mistake(_D, "missing", (f"{_SERVICE}hasStatus",), (*_EV, "status"), _null, f"{_EV_AT}status"),
    Mistake(
        _D,
        "missing",
        (f"{_SERVICE}serviceType",),
        (*_EV, "programStage"),
        _null,
        f"{_EV_AT}programStage",
    ),
    Mistake(_D, "format", _ORDER, ("updatedAt",), _turned("updatedAt"), "updatedAt"),
    Mistake(_D, "duplicate", _TWICE, ("orgUnit",), _as("OCanary9999"), "trackedEntity", twin=True),
    Mistake(
        _K,
        "reference",
        ("source:reference",),
        ("meta/instanceID",),
        _as("uuid:canary-another"),
        "['meta/instanceID']",
    ),
)

_TURNS = (19, 2, 3, 5, 21, 15, 0, 1, 4, *range(6, 15), 16, 17, 18, 20, *range(22, len(MISTAKES)))
"""Which mistakes come first: six faults are of five kinds, and of the three sources."""


def choose(records: Iterable[Record], faults: int) -> dict[tuple[str, int], Mistake]:
    """Give the mistake by source and number: ``faults`` of them, spread over the kinds.

    Raises:
        DpcError: fewer fitting records than faults.
    """
    wanted = Counter(_TURNS[number % len(_TURNS)] for number in range(faults))
    chosen: dict[tuple[str, int], Mistake] = {}
    spare: list[Record] = []
    for record in records:
        if not wanted:
            return chosen
        found = _first(record, sorted(wanted))
        if found is None:
            spare.append(record)
            continue
        chosen[(record.source, record.number)] = MISTAKES[found]
        wanted -= Counter([found])
    left = wanted.total()
    for record in spare:
        found = _first(record, range(len(MISTAKES))) if left > 0 else None
        if found is not None:
            chosen[(record.source, record.number)] = MISTAKES[found]
            left -= 1
    if left > 0:
        raise DpcError(
            "There are too few records for that many mistakes.",
            advice="Ask for more records or fewer faults: about one record in three can hold one.",
        )
    return chosen


def _first(record: Record, numbers: Iterable[int]) -> int | None:
    return next((n for n in numbers if MISTAKES[n].suits(record)), None)
