"""The mistakes a Primero export can carry, each one cell, and which cases carry them."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from dpc_kg.base.errors import DpcError
from dpc_kg.lift.generate.primero_cases import COLUMNS, CaseRow
from dpc_kg.lift.generate.primero_ruby import cell
from dpc_kg.lift.generate.primero_values import CodeLists, Value, code_lists

Cell = tuple[str, str | None]
"""A column and its wrong text; None = the cell itself is missing from the row."""


@dataclass(frozen=True)
class Mistake:
    """One way to go wrong.

    ``make`` gives the wrong cell, or None where the case has no such cell; ``blamed`` names the
    column of the fault if it is not the column that was changed. With ``twin`` the wrong cell
    stands in a second row of the case at the end of the file. ``turn`` orders the kinds: a small
    number of faults takes the first ones.
    """

    turn: int
    kind: str
    rules: tuple[str, ...]
    make: Callable[[CaseRow], Cell | None]
    blamed: str | None = None
    twin: bool = False


@dataclass(frozen=True)
class Planting:
    """A mistake put into one case."""

    mistake: Mistake
    column: str
    text: str | None

    @property
    def blamed(self) -> str:
        """The column a check must name."""
        return self.mistake.blamed or self.column


def choose(rows: Iterable[CaseRow], faults: int) -> dict[int, Planting]:
    """Give the plantings by case number: ``faults`` of them, in as many different cases.

    The kinds are spread evenly; where too few cases can carry a kind, one that fits any case takes
    its place.

    Raises:
        DpcError: fewer cases without a special role than faults.
    """
    wanted = _quotas(faults)
    chosen: dict[int, Planting] = {}
    spare: list[CaseRow] = []
    for row in _plain(rows):
        if len(chosen) == faults:
            break
        planting = _first_fitting(row, wanted)
        if planting is not None:
            wanted[planting.mistake] -= 1
            chosen[row.number] = planting
        elif len(spare) < faults:
            spare.append(row)
    missing = faults - len(chosen)
    if missing > len(spare):
        raise DpcError(
            f"An export of this size can carry {len(chosen) + len(spare)} faults, not {faults}.",
            advice="Ask for more records or fewer faults.",
        )
    for turn, row in enumerate(spare[:missing]):
        chosen[row.number] = _universal(row, turn)
    return chosen


def _universal(row: CaseRow, turn: int) -> Planting:
    """Give a planting of a kind that nearly every case can carry, each kind in its turn."""
    count = len(_UNIVERSAL)
    made = [(m, m.make(row)) for m in (_UNIVERSAL[(turn + i) % count] for i in range(count))]
    mistake, cell_made = next((m, c) for m, c in made if c is not None)
    return Planting(mistake, *cell_made)


def _plain(rows: Iterable[CaseRow]) -> Iterator[CaseRow]:
    return (row for row in rows if row.plain)


def _quotas(faults: int) -> dict[Mistake, int]:
    each, rest = divmod(faults, len(MISTAKES))
    return {mistake: each + (mistake.turn < rest) for mistake in MISTAKES}


def _first_fitting(row: CaseRow, wanted: dict[Mistake, int]) -> Planting | None:
    for mistake in MISTAKES:
        made = mistake.make(row) if wanted[mistake] else None
        if made is not None:
            return Planting(mistake, *made)
    return None


def _day_first(row: CaseRow) -> Cell:
    year, month, day = str(row.fields["registration_date"]).split("-")
    return "registration_date", f"{day}/{month}/{year}"


def _empty(column: str) -> Callable[[CaseRow], Cell]:
    return lambda _: (column, "")


def _without_key(row: CaseRow) -> Cell | None:
    return None if row.linked else ("id", "")


def _without_status(row: CaseRow) -> Cell | None:
    told = row.fields["approval_status_closure"] or row.fields["closure_approved"]
    return None if told else ("status", "")


def _impossible_age(_: CaseRow) -> Cell:
    return "age", "212"


def _closed_before(row: CaseRow) -> Cell | None:
    if not row.fields["date_closure"]:
        return None
    return "date_closure", "2023-11-30"


def _closed_without_date(row: CaseRow) -> Cell | None:
    return ("date_closure", "") if row.fields["status"] == "closed" else None


def _consent_withdrawn(row: CaseRow) -> Cell | None:
    if row.linked or not _referrals(row):
        return None
    return "disclosure_other_orgs", "false"


def _other_risk(row: CaseRow) -> Cell:
    known = code_lists().placed["risk-level"]
    return "risk_level", next(value for value in known if value != row.fields["risk_level"])


def _broken_literal(row: CaseRow) -> Cell | None:
    columns = ("protection_concerns", "services_section")
    for column in columns if row.number % 2 else reversed(columns):
        if row.fields[column]:
            return column, cell(row.fields[column], row.arrow)[:-1]
    return None


def _too_few_cells(row: CaseRow) -> Cell | None:
    return None if row.linked else (COLUMNS[-1], None)


def _odd_boolean(_: CaseRow) -> Cell:
    return "consent_for_services", "perhaps"


def _referrals(row: CaseRow) -> list[int]:
    found = enumerate(row.rows_of("transitions"))
    return [at for at, member in found if member["type"] == "Referral"]


def _statuses(lists: CodeLists, *codes: str) -> set[str]:
    name = "referral-status"
    return {value for code in codes for value in lists.values_of(name, f"{name}/{code}")}


def _with(row: CaseRow, column: str, at: int, field: str, value: Value) -> Cell:
    members = [dict(member) for member in row.rows_of(column)]
    members[at][field] = value
    return column, cell(list[Value](members), row.arrow)


def _sent_before_registered(row: CaseRow) -> Cell | None:
    at = next(iter(_referrals(row)), None)
    if at is None:
        return None
    return _with(row, "transitions", at, "created_at", "2023-11-30T09:30:00.000Z")


def _answered_without_date(row: CaseRow) -> Cell | None:
    return _in_answered(row, "responded_at", None, "accepted", "done")


def _answered_before_sent(row: CaseRow) -> Cell | None:
    early = "2023-11-30T09:30:00.000Z"
    return _in_answered(row, "responded_at", early, "accepted", "rejected", "done")


def _rejected_without_reason(row: CaseRow) -> Cell | None:
    return _in_answered(row, "rejected_reason", None, "rejected")


def _in_answered(row: CaseRow, field: str, value: Value, *codes: str) -> Cell | None:
    statuses = _statuses(code_lists(), *codes)
    members = row.rows_of("transitions")
    for at in _referrals(row):
        if members[at]["status"] in statuses:
            return _with(row, "transitions", at, field, value)
    return None


def _given_before_asked(row: CaseRow) -> Cell | None:
    for at, member in enumerate(row.rows_of("services_section")):
        if member["service_implemented_day_time"] and member["service_response_day_time"]:
            early = "2023-11-30T09:30:00.000Z"
            return _with(row, "services_section", at, "service_implemented_day_time", early)
    return None


def _service_day_first(row: CaseRow) -> Cell | None:
    for at, member in enumerate(row.rows_of("services_section")):
        moment = str(member["service_implemented_day_time"] or "")
        if moment:
            text = f"{moment[8:10]}/{moment[5:7]}/{moment[:4]} 10:00"
            return _with(row, "services_section", at, "service_implemented_day_time", text)
    return None


def _service_without_type(row: CaseRow) -> Cell | None:
    if not row.rows_of("services_section"):
        return None
    return _with(row, "services_section", 0, "service_type", None)


# The kinds few cases can carry stand first, so that they find one; ``turn`` says which come first
# when only a few faults are asked for.
MISTAKES = (
    Mistake(14, "rule", ("ReferralShape-declineReason-whenRejected",), _rejected_without_reason),
    Mistake(15, "rule", ("ReferralShape-respondedAt-whenAnswered",), _answered_without_date),
    Mistake(16, "order", ("ReferralShape-sentToResponseSeconds",), _answered_before_sent),
    Mistake(12, "order", ("ReferralShape-reportToReferralSeconds",), _sent_before_registered),
    Mistake(4, "rule", ("ReferralShape-consent",), _consent_withdrawn),
    Mistake(13, "order", ("ServiceProvisionShape-plannedToDeliveredSeconds",), _given_before_asked),
    Mistake(18, "format", ("source:date-order",), _service_day_first),
    Mistake(17, "missing", ("ServiceProvisionShape-serviceType",), _service_without_type),
    Mistake(3, "order", ("CaseShape-openToCloseSeconds",), _closed_before),
    Mistake(7, "rule", ("CaseShape-closedAt-whenClosed",), _closed_without_date),
    Mistake(6, "format", ("source:ruby-literal",), _broken_literal),
    Mistake(0, "format", ("source:date-order",), _day_first),
    Mistake(
        1,
        "missing",
        ("CaseShape-receivedAt", "CaseShape-receivedAtPrecision"),
        _empty("registration_date"),
    ),
    Mistake(2, "range", ("source:age",), _impossible_age),
    Mistake(5, "duplicate", ("source:duplicate",), _other_risk, blamed="id", twin=True),
    Mistake(8, "format", ("source:column-count",), _too_few_cells),
    Mistake(9, "missing", ("source:missing-key",), _without_key),
    Mistake(10, "missing", ("CaseShape-hasStatus",), _without_status),
    Mistake(11, "format", ("source:boolean",), _odd_boolean),
)
_UNIVERSAL = MISTAKES[-8:]
