"""One synthetic case of a Primero deployment: its form fields before they become a CSV row."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING

from dpc_kg.lift.generate import primero_care
from dpc_kg.lift.generate import primero_values as words
from dpc_kg.lift.generate.primero_care import Desk
from dpc_kg.lift.generate.primero_ruby import RUBY_33, RUBY_34
from dpc_kg.lift.generate.primero_values import CodeLists, Value

if TYPE_CHECKING:
    from collections.abc import Callable

_HEADER = """
id case_id short_id case_id_display cpims_id status case_status_reopened name name_first
name_last name_nickname registration_date sex age date_of_birth estimated national_id_no
unhcr_individual_no nationality country_of_origin maritial_status language address_current
location_current telephone_current protection_status risk_level displacement_status
protection_concerns protection_concerns_other unhcr_needs_codes disability_type
consent_for_services consent_reporting disclosure_other_orgs consent_info_sharing
legitimate_basis interview_subject family_details_section services_section transitions
notes_section closure_reason date_closure owned_by owned_by_agency_id assigned_user_names
reassigned_tranferred_on created_by last_updated_at module_id
"""
COLUMNS = (*_HEADER.split(), *primero_care.COLUMNS)

_FIRST_DAY = datetime(2024, 1, 1, tzinfo=UTC)
_LAST_DAY = 546  # 2025-06-30, counted from the first day
_LAST_REGISTRATION = 515
_CHILD_AGES = (0, 2, 4, 5, 7, 9, 10, 11, 12, 12, 13, 13, 14, 14, 15, 15, 16, 16, 17, 17, 18, 24)
_ANSWERED = {"accepted", "rejected", "done"}


@dataclass(frozen=True)
class CaseRow:
    """The winning version of a case. ``unknown`` names its columns with values without a place."""

    number: int
    fields: dict[str, Value]
    arrow: str
    unknown: tuple[str, ...] = ()
    superseded: bool = False
    copied: bool = False

    @property
    def plain(self) -> bool:
        """Tell whether one row says all there is: the only cases that may carry a planted fault."""
        return not (self.unknown or self.superseded or self.copied)

    @property
    def linked(self) -> bool:
        """Tell whether incidents and transitions of their own files speak of the case."""
        return self.number % 3 == 0

    def desk(self, seed: int, org: str, lists: CodeLists, room: str = "wide") -> Desk:
        """Give what further forms of the case are filled in with, in a room of its own."""
        rng = Random(f"primero/{seed}/{org}/{self.number}/{room}")  # noqa: S311 - test data
        return Desk(rng, lists, rng.choice(("en", "fr", "es", "ar")), self.number)

    def rows_of(self, column: str) -> list[dict[str, Value]]:
        """Give the rows of a subform."""
        value = self.fields.get(column)
        members = value if isinstance(value, list) else []
        return [member for member in members if isinstance(member, dict)]

    def having(self, column: str, value: Value) -> "CaseRow":
        """Give this case with one other field."""
        return replace(self, fields={**self.fields, column: value})


@dataclass(frozen=True)
class _Scene:
    rng: Random
    lists: CodeLists
    number: int
    lang: str
    registered: int

    def day(self, offset: int) -> str:
        return f"{_FIRST_DAY + timedelta(days=offset):%Y-%m-%d}"

    def later(self, start: datetime, most_hours: int) -> datetime:
        end = _FIRST_DAY + timedelta(days=_LAST_DAY, hours=23)
        hours = int((end - start).total_seconds()) // 3600
        wait = timedelta(
            hours=self.rng.randint(0, max(0, min(most_hours, hours))),
            minutes=self.rng.randrange(60),
            milliseconds=self.rng.randrange(1, 60_000),
        )
        return start + wait

    def pick(self, name: str) -> str:
        return self.rng.choice(self.lists.placed[name])

    def chance(self, percent: int) -> bool:
        return self.rng.randrange(100) < percent

    @property
    def start(self) -> datetime:
        return _FIRST_DAY + timedelta(days=self.registered)


def instant(moment: datetime) -> str:
    """Give a moment as Primero writes it: UTC with milliseconds."""
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z"


def case(seed: int, org: str, number: int, lists: CodeLists) -> CaseRow:
    """Give case ``number`` of an export; it depends on its arguments alone."""
    rng = Random(f"primero/{seed}/{org}/{number}")  # noqa: S311 - test data, not a secret
    scene = _Scene(
        rng, lists, number, rng.choice(("en", "fr", "es", "ar")), rng.randint(0, _LAST_REGISTRATION)
    )
    fields: dict[str, Value] = {}
    for part in (_identity, _person, _course, _concerns, _consent, _subforms, _ownership):
        fields |= part(scene, fields)
    row = CaseRow(number, fields, RUBY_34 if scene.chance(60) else RUBY_33)
    row.fields.update(primero_care.wide(row.desk(seed, org, lists), row.fields))
    if scene.chance(6):
        return _with_unknown(scene, row)
    fate = rng.randrange(100)
    return replace(row, superseded=fate < 3, copied=fate == 3)


def older_version(row: CaseRow) -> CaseRow:
    """Give an earlier version of the case: the later one wins, so this row is no fault."""
    registered = str(row.fields["registration_date"])
    earlier: dict[str, Value] = {
        "status": "open",
        "closure_reason": None,
        "date_closure": None,
        "transitions": None,
        "protection_concerns_other": None,
        "last_updated_at": f"{registered}T00:00:00.001Z",
    }
    return replace(row, fields=row.fields | earlier)


def _identity(scene: _Scene, _: dict[str, Value]) -> dict[str, Value]:
    rng, lang = scene.rng, scene.lang
    uuid, case_id = words.hex_id(rng), words.hex_id(rng)
    first, last = words.full_name(rng, lang, scene.number)
    return {
        "id": uuid,
        "case_id": case_id,
        "short_id": case_id[-7:],
        "case_id_display": f"TEST-{case_id[-7:]}",
        "cpims_id": f"-{scene.number}" if scene.chance(20) else None,
        "name": f"{first} {last}",
        "name_first": first,
        "name_last": last,
        "name_nickname": words.handle(scene.number) if scene.chance(25) else None,
        "national_id_no": f"TEST-{rng.randrange(10**8):08d}" if scene.chance(30) else None,
        "unhcr_individual_no": f"000-{rng.randrange(10**5):05d}" if scene.chance(15) else None,
        "address_current": words.address(rng, lang) if scene.chance(70) else None,
        "telephone_current": words.phone(rng) if scene.chance(60) else None,
    }


def _person(scene: _Scene, _: dict[str, Value]) -> dict[str, Value]:
    rng = scene.rng
    age = None if scene.chance(8) else rng.choice(_CHILD_AGES)
    born = f"{2024 - age}-01-01" if age is not None and scene.chance(50) else None
    countries = rng.sample(("nat_ke", "nat_so", "nat_co", "nat_iq", "nat_sn"), rng.randint(1, 2))
    return {
        "sex": None if scene.chance(4) else scene.pick("sex"),
        "age": None if age is None else str(age),
        "date_of_birth": born,
        "estimated": born is not None and born.endswith("01-01"),
        "nationality": list[Value](countries) if scene.chance(80) else None,
        "country_of_origin": countries[0],
        "maritial_status": rng.choice((None, "not_married", "lives_with_partner")),
        "language": list[Value]([f"lang_{scene.lang}"]),
        "location_current": None if scene.chance(15) else scene.pick("location"),
        "protection_status": rng.choice((None, "alone", "with_relative")),
        "displacement_status": rng.choice((None, "at_home", "moved_inside", "crossed_border")),
        "disability_type": rng.choice((None, None, "seeing", "hearing")),
    }


def _course(scene: _Scene, _: dict[str, Value]) -> dict[str, Value]:
    rng = scene.rng
    roll = rng.randrange(100)
    status = "closed" if roll < 38 else "open" if roll < 90 else scene.pick("case-status")
    closed = scene.registered + rng.randint(0, min(300, _LAST_DAY - scene.registered))
    return {
        "status": status,
        "case_status_reopened": scene.chance(5),
        "registration_date": scene.day(scene.registered),
        "risk_level": None if scene.chance(10) else scene.pick("risk-level"),
        "date_closure": scene.day(closed) if status == "closed" else None,
        "closure_reason": rng.choice(("goals_met", "moved_away")) if status == "closed" else None,
    }


def _concerns(scene: _Scene, _: dict[str, Value]) -> dict[str, Value]:
    rng = scene.rng
    chosen = rng.sample(scene.lists.placed["protection-concern"], rng.randint(1, 4))
    if scene.chance(3):
        chosen.append(chosen[0])
    needs = rng.sample(scene.lists.placed["needs-code"], rng.randint(1, 2))
    empty: Value = [] if scene.chance(50) else None
    return {
        "protection_concerns": empty if scene.chance(6) else list[Value](chosen),
        "protection_concerns_other": words.note(rng, scene.lang) if scene.chance(10) else None,
        "unhcr_needs_codes": list[Value](needs) if scene.chance(30) else None,
    }


def _consent(scene: _Scene, _: dict[str, Value]) -> dict[str, Value]:
    rng = scene.rng
    services = rng.choices((True, False, None), (88, 6, 6))[0]
    share = rng.choices((True, False, None), (76, 15, 9))[0]
    return {
        "consent_for_services": services,
        "consent_reporting": rng.choice(("true", "false", None)),
        "disclosure_other_orgs": share,
        "consent_info_sharing": ["relatives", "authorities"] if share else None,
        "legitimate_basis": ["child_agreed"] if services else ["best_for_child"],
        "interview_subject": rng.choice(("the_child", "an_adult")),
    }


def _subforms(scene: _Scene, fields: dict[str, Value]) -> dict[str, Value]:
    rng = scene.rng
    services = [_service(scene) for _ in range(rng.choice((0, 1, 1, 2, 3)))]
    agreed = fields["consent_for_services"] is True and fields["disclosure_other_orgs"] is True
    transitions = [_handover(scene, agreed) for _ in range(rng.choice((0, 0, 0, 1)))]
    if agreed:
        transitions += [_referral(scene) for _ in range(rng.choice((0, 0, 1, 1, 2)))]
    notes = [_note(scene)] if scene.chance(40) else []
    family = [_relative(scene)] if scene.chance(30) else []
    return {
        "services_section": list[Value](services) or None,
        "transitions": list[Value](transitions) or None,
        "notes_section": list[Value](notes) or None,
        "family_details_section": list[Value](family) or None,
    }


def _service(scene: _Scene) -> dict[str, Value]:
    rng = scene.rng
    asked = scene.later(scene.start, 24 * 40)
    given = scene.later(asked, 24 * 20)
    done = scene.pick("service-implemented")
    row: dict[str, Value] = {
        "unique_id": words.hex_id(rng),
        "service_type": scene.pick("service-type"),
        "service_response_type": rng.choice(("planned_support", "urgent_support")),
        "service_response_day_time": instant(asked) if scene.chance(95) else None,
        "service_response_timeframe": rng.choice((None, scene.pick("service-timeframe"))),
        "service_appointment_date": f"{given:%Y-%m-%d}" if scene.chance(60) else None,
        "service_implementing_agency": rng.choice(words.AGENCIES),
        "service_status_referred": rng.choice((True, False, "true", "false")),
        "service_implemented": done if done != "not_implemented" or scene.chance(70) else None,
        "service_implemented_day_time": instant(given) if done == "implemented" else None,
    }
    if scene.chance(40):
        row["service_provider"] = " ".join(words.full_name(rng, scene.lang, scene.number))
    if scene.chance(25):
        row["note_on_referral_from_provider"] = words.note(rng, scene.lang)
    return row


def _transition(scene: _Scene, kind: str, status: str) -> dict[str, Value]:
    rng = scene.rng
    sent = scene.later(scene.start + timedelta(hours=8), 24 * 60)
    answered = scene.later(sent, 24 * 14) if status in _ANSWERED else None
    remote = scene.chance(25)
    return {
        "id": words.hex_id(rng),
        "type": kind,
        "status": status,
        "remote": remote,
        "transitioned_by": f"worker{rng.randrange(20)}@example.org",
        "transitioned_by_user_agency": rng.choice(words.AGENCIES),
        "transitioned_to": None if remote else f"worker{rng.randrange(20, 40)}@example.org",
        "transitioned_to_user_agency": None if remote else rng.choice(words.AGENCIES),
        "transitioned_to_agency": rng.choice(words.AGENCY_NAMES) if remote else None,
        "consent_overridden": False,
        "created_at": instant(sent),
        "responded_at": None if answered is None else instant(answered),
        "notes": words.note(rng, scene.lang) if scene.chance(50) else None,
    }


def _referral(scene: _Scene) -> dict[str, Value]:
    status = scene.pick("referral-status")
    row = _transition(scene, "Referral", status)
    row["service"] = scene.pick("service-type") if scene.chance(90) else None
    if status == "rejected":
        row["rejected_reason"] = scene.pick("decline-reason")
        row["rejection_note"] = words.note(scene.rng, scene.lang)
    return row


def _handover(scene: _Scene, agreed: bool) -> dict[str, Value]:
    """Give a row that is no referral: Primero keeps all kinds of transition in one subform."""
    kinds = ("Assign", "TransferRequest", *(("Transfer",) if agreed else ()))
    row = _transition(scene, scene.rng.choice(kinds), "done")
    row["consent_individual_transfer"] = True
    return row


def _note(scene: _Scene) -> dict[str, Value]:
    return {
        "unique_id": words.hex_id(scene.rng),
        "note_date": scene.day(scene.registered),
        "note_subject": words.note(scene.rng, scene.lang),
        "note_text": words.note(scene.rng, scene.lang),
        "note_created_by": f"worker{scene.rng.randrange(20)}@example.org",
    }


def _relative(scene: _Scene) -> dict[str, Value]:
    return {
        "unique_id": words.hex_id(scene.rng),
        "relation_name": " ".join(words.full_name(scene.rng, scene.lang, scene.number)),
        "relation": scene.rng.choice(("parent", "relative")),
        "relation_age": scene.rng.randint(19, 70),
        "relation_sex": scene.pick("sex"),
        "relation_language": list[Value]([f"lang_{scene.lang}", "lang_kmr"]),
        "relation_nationality": list[Value](["nat_so", "nat_ke"]),
        "relation_location_current": scene.pick("location"),
        "relation_is_caregiver": scene.chance(50),
        "relation_is_alive": scene.pick("life-status"),
        "relation_telephone": words.phone(scene.rng),
        "relation_address_current": words.address(scene.rng, scene.lang),
    }


def _ownership(scene: _Scene, fields: dict[str, Value]) -> dict[str, Value]:
    rng = scene.rng
    moved = scene.day(scene.registered) if scene.chance(10) else None
    updated = _FIRST_DAY + timedelta(days=_LAST_DAY, milliseconds=rng.randrange(86_400_000))
    return {
        "owned_by": f"worker{rng.randrange(20)}@example.org",
        "owned_by_agency_id": rng.choice(words.AGENCIES),
        "assigned_user_names": ["worker1", "worker2"] if fields["status"] == "open" else None,
        "reassigned_tranferred_on": moved,
        "created_by": f"worker{rng.randrange(20)}@example.org",
        "last_updated_at": instant(updated),
        "module_id": "example-module-cp",
    }


def _with_unknown(scene: _Scene, row: CaseRow) -> CaseRow:
    makers: tuple[Callable[[_Scene, CaseRow], CaseRow | None], ...] = (
        _typed_name,
        _unplaced_concern,
        _undeclared_needs,
        _unplaced_choice,
        _unplaced_service,
    )
    for maker in scene.rng.sample(makers, len(makers)):
        made = maker(scene, row)
        if made is not None:
            return made
    return row


def _marked(row: CaseRow, column: str, value: Value) -> CaseRow:
    return replace(row.having(column, value), unknown=(column,))


def _typed_name(scene: _Scene, row: CaseRow) -> CaseRow | None:
    column = scene.rng.choice(("sex", "risk_level", "location_current"))
    return _marked(row, column, words.TYPED_NAME)


def _unplaced_concern(scene: _Scene, row: CaseRow) -> CaseRow | None:
    known = scene.pick("protection-concern")
    extra = (*scene.lists.unplaced["protection-concern"], *words.LEGACY_CODES)
    return _marked(row, "protection_concerns", [known, scene.rng.choice(extra)])


def _undeclared_needs(scene: _Scene, row: CaseRow) -> CaseRow | None:
    extra = (*scene.lists.unplaced["needs-code"], *words.LEGACY_CODES)
    return _marked(row, "unhcr_needs_codes", [scene.rng.choice(extra)])


def _unplaced_choice(scene: _Scene, row: CaseRow) -> CaseRow | None:
    columns = {"sex": "sex", "risk_level": "risk-level", "location_current": "location"}
    column = scene.rng.choice(sorted(columns))
    return _marked(row, column, scene.rng.choice(scene.lists.unplaced[columns[column]]))


def _unplaced_service(scene: _Scene, row: CaseRow) -> CaseRow | None:
    services = row.rows_of("services_section")
    if not services:
        return None
    extra = (*scene.lists.unplaced["service-type"], *words.LEGACY_CODES)
    changed = [{**services[0], "service_type": scene.rng.choice(extra)}, *services[1:]]
    return _marked(row, "services_section", list[Value](changed))
