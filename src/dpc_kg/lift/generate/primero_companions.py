"""The incidents and transitions that a deployment exports in files of their own, with faults."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from dpc_kg.lift.generate import primero_values as words
from dpc_kg.lift.generate.primero_care import Desk, incident
from dpc_kg.lift.generate.primero_cases import CaseRow, instant
from dpc_kg.lift.generate.primero_values import CodeLists, Value

INCIDENTS, TRANSITIONS = "incidents", "transitions"
_INCIDENT = """
id incident_id short_id incident_case_id status enabled created_at last_updated_at description
incident_date date_of_first_report incident_date_end is_incident_date_range
cp_incident_location_type incident_location cp_incident_timeofday cp_incident_violence_type
cp_incident_previous_incidents cp_incident_abuser_name perpetrator_sex
cp_incident_perpetrator_nationality cp_incident_perpetrator_age
cp_incident_perpetrator_marital_status cp_incident_perpetrator_relationship age sex cp_sex
cp_nationality national_id_no maritial_status educational_status cp_disability_type owned_by
owned_by_agency_id owned_by_location created_by created_organization previous_agency has_case_plan
module_id
"""
_TRANSITION = """
id type record_id record_type status service service_record_id remote transitioned_by
transitioned_to transitioned_by_user_agency transitioned_to_user_agency transitioned_to_agency
consent_overridden consent_individual_transfer created_at responded_at rejected_reason
rejection_note type_of_export notes
"""
HEADERS = {INCIDENTS: tuple(_INCIDENT.split()), TRANSITIONS: tuple(_TRANSITION.split())}
_ANSWERED = ("accepted", "rejected", "done")


@dataclass(frozen=True)
class Companion:
    """A record of another file that speaks of a case; ``arrow`` is the style of its literals."""

    table: str
    fields: dict[str, Value]
    arrow: str

    def having(self, column: str, value: Value) -> "Companion":
        """Give this record with one other field."""
        return replace(self, fields={**self.fields, column: value})


@dataclass(frozen=True)
class Slip:
    """One way to go wrong in such a record: the column, its wrong value, and what is found.

    With ``twin`` the wrong value stands in a second row with the same id.
    """

    table: str
    column: str
    kind: str
    rules: tuple[str, ...]
    make: Callable[[Companion], Value]
    blamed: str | None = None
    twin: bool = False


def companions(seed: int, org: str, row: CaseRow, lists: CodeLists) -> Iterator[Companion]:
    """Give the incidents and transitions of a case; those of its own subforms are others."""
    if not row.linked:
        return
    desk = row.desk(seed, org, lists, "companions")
    yield Companion(INCIDENTS, _incident(desk, row), row.arrow)
    if row.fields["consent_for_services"] is True and row.fields["disclosure_other_orgs"] is True:
        yield Companion(TRANSITIONS, _transition(desk, row), row.arrow)


def _incident(desk: Desk, row: CaseRow) -> dict[str, Value]:
    started = desk.day()
    countries = list[Value](desk.rng.sample(desk.lists.placed["country"], desk.rng.randint(1, 3)))
    return incident(desk) | {
        "id": desk.key(),
        "incident_id": desk.key(),
        "short_id": f"{desk.rng.randrange(16**7):07x}",
        "incident_case_id": row.fields["id"],
        "status": desk.pick("incident-status"),
        "enabled": True,
        "created_at": f"{started}T07:00:00.500Z",
        "last_updated_at": f"2026-01-0{desk.rng.randint(1, 9)}T08:00:00.125Z",
        "description": words.note(desk.rng, desk.lang),
        "date_of_first_report": desk.day() if desk.chance(60) else None,
        "incident_date_end": desk.day() if desk.chance(20) else None,
        "is_incident_date_range": desk.tick(),
        "age": desk.rng.choice((None, 3, 9, 14, 17)),
        "sex": desk.pick("sex") if desk.chance(50) else None,
        "cp_sex": desk.pick("sex") if desk.chance(50) else None,
        "cp_nationality": countries if desk.chance(60) else None,
        "national_id_no": f"TEST-{desk.rng.randrange(10**8):08d}" if desk.chance(30) else None,
        "maritial_status": desk.maybe("civil-status"),
        "educational_status": desk.maybe("education"),
        "cp_disability_type": desk.maybe("disability", 20),
        "owned_by": f"worker{desk.rng.randrange(20)}@example.org",
        "owned_by_agency_id": desk.rng.choice(words.AGENCIES),
        "owned_by_location": desk.maybe("location", 40),
        "created_by": f"worker{desk.rng.randrange(20)}@example.org",
        "created_organization": desk.rng.choice((None, *words.AGENCIES)),
        "previous_agency": desk.rng.choice((None, None, *words.AGENCIES)),
        "has_case_plan": desk.tick(),
        "module_id": "example-module-cp",
    }


def _transition(desk: Desk, row: CaseRow) -> dict[str, Value]:
    status, remote = desk.pick("referral-status"), desk.chance(30)
    services = [s["unique_id"] for s in row.rows_of("services_section")]
    sent = datetime.fromisoformat(f"{row.fields['registration_date']}T09:15:00+00:00")
    sent += timedelta(days=desk.rng.randint(0, 20), milliseconds=desk.rng.randrange(1, 50_000))
    answered = sent + timedelta(hours=desk.rng.randint(1, 200))
    return {
        "id": desk.key(),
        "type": desk.rng.choice(("Referral", "Referral", "Transfer")),
        "record_id": row.fields["id"],
        "record_type": "Child",
        "status": status,
        "service": desk.maybe("service-type"),
        "service_record_id": desk.rng.choice(services) if services else None,
        "remote": remote,
        "transitioned_by": f"worker{desk.rng.randrange(20)}@example.org",
        "transitioned_to": None if remote else f"worker{desk.rng.randrange(20, 40)}@example.org",
        "transitioned_by_user_agency": desk.rng.choice((None, *words.AGENCIES)),
        "transitioned_to_user_agency": None if remote else desk.rng.choice(words.AGENCIES),
        "transitioned_to_agency": desk.rng.choice(words.AGENCY_NAMES) if remote else None,
        "consent_overridden": False,
        "consent_individual_transfer": desk.tick(),
        "created_at": instant(sent),
        "responded_at": instant(answered) if status in _ANSWERED else None,
        "rejected_reason": desk.pick("decline-reason") if status == "rejected" else None,
        "rejection_note": words.note(desk.rng, desk.lang) if status == "rejected" else None,
        "notes": words.note(desk.rng, desk.lang) if desk.chance(50) else None,
    }


def fitting(companion: Companion, slip: Slip) -> bool:
    """Tell whether a record can carry a slip."""
    if companion.table != slip.table:
        return False
    if slip.rules == ("ReferralShape-respondedAt-whenAnswered",):
        return bool(companion.fields["responded_at"]) and companion.fields["status"] != "rejected"
    return slip.rules != ("ReferralShape-sentToResponseSeconds",) or bool(
        companion.fields["responded_at"]
    )


def _nobody(companion: Companion) -> Value:
    """Give an id no case has: that of the record itself."""
    return companion.fields["id"]


def _other_status(companion: Companion) -> Value:
    return "open" if companion.fields["status"] != "open" else "closed"


SLIPS = (
    Slip(INCIDENTS, "incident_case_id", "reference", ("source:reference",), _nobody),
    Slip(TRANSITIONS, "record_id", "reference", ("source:reference",), _nobody),
    Slip(
        TRANSITIONS,
        "responded_at",
        "order",
        ("ReferralShape-sentToResponseSeconds",),
        lambda _: "2023-11-30T09:30:00.000Z",
    ),
    Slip(
        TRANSITIONS,
        "responded_at",
        "rule",
        ("ReferralShape-respondedAt-whenAnswered",),
        lambda _: None,
    ),
    Slip(INCIDENTS, "incident_case_id", "missing", ("IncidentShape-isIncidentIn",), lambda _: None),
    Slip(INCIDENTS, "incident_date", "format", ("source:date-order",), lambda _: "31/12/2025"),
    Slip(INCIDENTS, "age", "range", ("source:age",), lambda _: 212),
    Slip(INCIDENTS, "id", "missing", ("source:missing-key",), lambda _: None),
    Slip(INCIDENTS, "status", "duplicate", ("source:duplicate",), _other_status, "id", twin=True),
    Slip(
        TRANSITIONS,
        "created_at",
        "missing",
        ("ReferralShape-sentAt", "ReferralShape-sentAtPrecision"),
        lambda _: None,
    ),
)
