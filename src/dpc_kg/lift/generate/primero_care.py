"""The further forms of a synthetic case: plan, care, family, follow-up, tracing, links."""

from random import Random

from dpc_kg.lift.generate import primero_values as words
from dpc_kg.lift.generate.primero_values import CodeLists, Value

_HEADER = """
workflow created_at address_is_permanent location_last urgent_protection_concern
consent_for_tracing withholding_info_reason unhcr_export_opt_in created_by_agency previous_agency
assessment_approved approval_status_assessment assessment_approved_date assessment_requested_on
assessment_due_date case_plan_due_date case_plan_approval_type case_plan_approved
approval_status_case_plan case_plan_approved_date date_case_plan
cp_case_plan_subform_case_plan_interventions closure_approved approval_status_closure
closure_approved_date current_care_arrangements_type current_care_arrangement_started_date
care_arrangements_section child_preferences_section wishes_child_family_tracing
followup_subform_section protection_concern_detail_subform_section reopened_logs incident_details
tracing_actions_section tracing_status matched_tracing_request_id date_of_separation
separation_cause location_separation family_id duplicate_case_id name_caregiver religion
"""
COLUMNS = tuple(_HEADER.split())

Fields = dict[str, Value]


class Desk:
    """What a form is filled in with: chance, the deployment's lists, the dates of the case."""

    def __init__(self, rng: Random, lists: CodeLists, lang: str, number: int) -> None:
        self.rng = rng
        self.lists = lists
        self.lang = lang
        self.number = number

    def pick(self, name: str) -> str:
        """Give a value of a list that has a place in the model."""
        return self.rng.choice(self.lists.placed[name])

    def maybe(self, name: str, percent: int = 70) -> str | None:
        """Give such a value, or none."""
        return self.pick(name) if self.chance(percent) else None

    def chance(self, percent: int) -> bool:
        """Tell whether something happens."""
        return self.rng.randrange(100) < percent

    def key(self) -> str:
        """Give the id of a row of a subform."""
        return words.hex_id(self.rng)

    def day(self) -> str:
        """Give a day of the years 2024 and 2025."""
        return f"{self.rng.choice((2024, 2025))}-{self.rng.randint(1, 12):02d}-{self._day()}"

    def _day(self) -> str:
        return f"{self.rng.randint(1, 28):02d}"

    def tick(self) -> Value:
        """Give a box as the forms of different times write it; mostly it was left alone."""
        return self.rng.choice((None, None, False, True, "true", "false"))

    def name(self) -> str:
        """Give a name nobody bears."""
        return " ".join(words.full_name(self.rng, self.lang, self.number))


def wide(desk: Desk, fields: Fields) -> Fields:
    """Give the further fields of a case whose basic ones are known."""
    made: Fields = dict.fromkeys(COLUMNS)
    for part in (_course, _approvals, _care, _needs, _tracing, _links):
        made |= part(desk, fields)
    return made


def _course(desk: Desk, fields: Fields) -> Fields:
    started = str(fields["registration_date"])
    share = bool(fields["disclosure_other_orgs"])
    reasons = list[Value]([desk.pick("withheld-reason")])
    return {
        "workflow": desk.maybe("workflow"),
        "created_at": f"{started}T06:30:00.250Z",
        "address_is_permanent": desk.tick(),
        "location_last": desk.maybe("location", 25),
        "urgent_protection_concern": desk.rng.choice((None, "true", "false")),
        "consent_for_tracing": desk.rng.choice((None, None, "true", "false")),
        "withholding_info_reason": reasons if not share and desk.chance(40) else None,
        "unhcr_export_opt_in": desk.tick(),
        "created_by_agency": desk.rng.choice((None, *words.AGENCIES)),
        "previous_agency": desk.rng.choice((None, None, None, *words.AGENCIES)),
        "reopened_logs": _reopened(desk) if fields["case_status_reopened"] else None,
        "name_caregiver": desk.name() if desk.chance(40) else None,
        "religion": ["test-belief"] if desk.chance(20) else None,
    }


def _reopened(desk: Desk) -> Value:
    return [{"unique_id": desk.key(), "reopened_date": desk.day(), "reopened_user": "worker3"}]


def _approval(desk: Desk, prefix: str) -> Fields:
    """Give the approval of a step: a status, a tick of older forms, or none."""
    status = desk.maybe("approval-status", 60)
    agreed = status is not None and desk.lists.codes["approval-status", status].endswith("approved")
    return {
        f"approval_status_{prefix}": status,
        f"{prefix}_approved": True if agreed and desk.chance(50) else None,
        f"{prefix}_approved_date": desk.day() if agreed else None,
    }


def _approvals(desk: Desk, fields: Fields) -> Fields:
    made: Fields = {}
    if desk.chance(35):
        made |= _approval(desk, "assessment")
        made |= {"assessment_requested_on": desk.day(), "assessment_due_date": desk.day()}
    if desk.chance(40):
        made |= _approval(desk, "case_plan")
        made |= {
            "date_case_plan": desk.day(),
            "case_plan_due_date": desk.day(),
            "case_plan_approval_type": desk.maybe("approval-subject", 40),
            "cp_case_plan_subform_case_plan_interventions": _interventions(desk),
        }
    if fields["status"] == "closed" and desk.chance(40):
        made |= _approval(desk, "closure")
    return made


def _interventions(desk: Desk) -> Value:
    return [
        {
            "unique_id": desk.key(),
            "intervention_service_to_be_provided": words.note(desk.rng, desk.lang),
            "case_plan_timeframe": desk.day(),
            "intervention_service_success": desk.maybe("success"),
        }
        for _ in range(desk.rng.randint(0, 2))
    ]


def _care(desk: Desk, _: Fields) -> Fields:
    made: Fields = {}
    if desk.chance(45):
        made["current_care_arrangements_type"] = desk.pick("living-situation")
        made["current_care_arrangement_started_date"] = desk.day() if desk.chance(60) else None
        made["care_arrangements_section"] = [_arrangement(desk)]
    if desk.chance(20):
        made["child_preferences_section"] = [
            {
                "unique_id": desk.key(),
                "wishes_name": desk.name(),
                "wishes_preference_relocated": rank,
                "wishes_relationship": desk.pick("relationship"),
            }
            for rank in desk.lists.placed["preference"][: desk.rng.randint(1, 3)]
        ]
    return made


def _arrangement(desk: Desk) -> Fields:
    return {
        "unique_id": desk.key(),
        "child_caregiver_status": desk.rng.choice(("true", "false", None)),
        "child_caregiver_reason_change": desk.maybe("care-change", 40),
        "care_arrangements_type": desk.pick("living-situation"),
        "name_caregiver": desk.name(),
        "caregiver_age": desk.rng.choice((None, 24, 37, 61)),
        "relationship_caregiver": desk.maybe("relationship"),
        "care_arrangement_started_date": desk.day(),
    }


def _needs(desk: Desk, _: Fields) -> Fields:
    made: Fields = {}
    if desk.chance(30):
        made["followup_subform_section"] = [
            {
                "unique_id": desk.key(),
                "followup_type": desk.pick("follow-up"),
                "followup_service_type": desk.maybe("service-type"),
                "followup_assessment_type": desk.maybe("assessment", 30),
                "protection_concern_type": desk.maybe("protection-concern", 40),
                "followup_needed_by_date": desk.day(),
                "followup_date": desk.day() if desk.chance(60) else None,
                "followup_comments": words.note(desk.rng, desk.lang),
            }
        ]
    if desk.chance(25):
        made["protection_concern_detail_subform_section"] = [
            {
                "unique_id": desk.key() if desk.chance(80) else None,
                "protection_concern_type": desk.pick("protection-concern"),
                "date_concern_identified": desk.maybe("occasion"),
                "concern_details": words.note(desk.rng, desk.lang),
            }
            for _ in range(desk.rng.randint(1, 2))
        ]
    if desk.chance(20):
        inner = {"cp_incident_identification_violence": desk.maybe("discovery")}
        made["incident_details"] = [{"unique_id": desk.key(), **inner, **incident(desk)}]
    return made


def incident(desk: Desk) -> Fields:
    """Give what the form of an incident asks, inside a case or as a record of its own."""
    return {
        "incident_date": desk.day() if desk.chance(85) else None,
        "cp_incident_location_type": desk.maybe("incident-place"),
        "incident_location": desk.maybe("location"),
        "cp_incident_timeofday": desk.maybe("time-of-day"),
        "cp_incident_violence_type": desk.maybe("violence", 90),
        "cp_incident_previous_incidents": desk.rng.choice(("true", "false", None)),
        "cp_incident_abuser_name": desk.name() if desk.chance(40) else None,
        "perpetrator_sex": desk.maybe("sex", 60),
        "cp_incident_perpetrator_nationality": desk.maybe("country", 30),
        "cp_incident_perpetrator_age": desk.rng.choice((None, 17, 29, 44)),
        "cp_incident_perpetrator_marital_status": desk.maybe("civil-status", 20),
        "cp_incident_perpetrator_relationship": desk.maybe("perpetrator-relation", 60),
    }


def _tracing(desk: Desk, _: Fields) -> Fields:
    if not desk.chance(30):
        return {"wishes_child_family_tracing": desk.rng.choice((None, None, "true", "false"))}
    actions: list[Value] = [
        {
            "unique_id": desk.key(),
            "date_tracing": desk.day(),
            "tracing_type": desk.pick("tracing-action"),
            "address_tracing": words.address(desk.rng, desk.lang),
            "location_tracing": desk.maybe("location"),
            "tracing_outcome": desk.maybe("outcome"),
        }
        for _ in range(desk.rng.randint(0, 2))
    ]
    return {
        "wishes_child_family_tracing": "true",
        "tracing_status": desk.maybe("tracing-status"),
        "matched_tracing_request_id": desk.key() if desk.chance(20) else None,
        "date_of_separation": desk.day(),
        "separation_cause": desk.maybe("separation-cause"),
        "location_separation": desk.maybe("location"),
        "tracing_actions_section": actions,
    }


def _links(desk: Desk, fields: Fields) -> Fields:
    doubled = fields["status"] == "duplicate"
    return {
        "family_id": desk.key() if desk.chance(15) else None,
        "duplicate_case_id": desk.key() if doubled else None,
    }
