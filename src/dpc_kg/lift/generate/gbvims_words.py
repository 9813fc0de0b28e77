"""The words of a synthetic Incident Recorder workbook: its columns, lists and personal canaries.

The deployment is invented. Every personal value holds the word ``Canary``, so that a test can see
that none of it leaves.
"""

import csv
from dataclasses import dataclass
from functools import lru_cache

from dpc_kg.base.assets import asset

SERVICES = ("safehouse", "medical", "psycho", "legal", "police", "livelihoods", "protection")

COLUMNS = (
    *("incident_id", "survivor_code", "case_manager_code", "date_of_interview"),
    *("date_of_incident", "date_of_birth", "age", "sex", "ethnicity", "country_of_origin"),
    *("marital_status", "displacement_status", "disability_type"),
    *("unaccompanied_separated_status", "stage_of_displacement", "time_of_day", "location"),
    *("county", "district", "camp_town", "gbv_type", "harmful_traditional_practice"),
    *("goods_money_exchanged", "abduction_type", "previously_reported", "gbv_previous_incidents"),
    *("number_primary_perpetrators", "perpetrator.sex", "perpetrator.former"),
    *("perpetrator.age_group", "perpetrator.relationship", "perpetrator.occupation"),
    *("service.referred_from", "service.safehouse_referral", "service.medical_referral"),
    *("service.psycho_referral", "service.wants_legal_action", "service.legal_referral"),
    *("service.police_referral", "service.livelihoods_referral", "service.protection_referral"),
    *("consent", "agency_code"),
)
"""The columns of ``Incident Data`` in order; an export has the age group or the age type."""

MENU = ("case_worker_code", "ethnicity", "location", "county", "district", "camp")
"""The columns of ``Menu Data``."""

LISTS = {
    "sex": "sex",
    "country_of_origin": "country",
    "marital_status": "civil-status",
    "displacement_status": "displacement-status",
    "disability_type": "disability",
    "unaccompanied_separated_status": "separation",
    "stage_of_displacement": "displacement-stage",
    "time_of_day": "time-of-day",
    "location": "location",
    "gbv_type": "gbv-type",
    "harmful_traditional_practice": "harmful-practice",
    "goods_money_exchanged": "yes-no",
    "abduction_type": "abduction",
    "previously_reported": "previously-reported",
    "gbv_previous_incidents": "yes-no",
    "perpetrator.sex": "perpetrator-sex",
    "perpetrator.former": "yes-no",
    "perpetrator.age_group": "perpetrator-age",
    "perpetrator.age_type": "perpetrator-age",
    "perpetrator.relationship": "relationship",
    "perpetrator.occupation": "occupation",
    "service.referred_from": "referred-from",
    "service.wants_legal_action": "legal-action",
    "consent": "yes-no",
    **{f"service.{name}_referral": "referral" for name in SERVICES},
}
"""The list of each column whose words are drawn from it."""

JOINT = " & "
"""What stands between several values in one cell; a value may hold it too."""

TYPED = "Canary Typed Into A List"
AGENCIES = ("EX1", "EX2", "SMP")
AREAS = {
    "North Sample": ("Canary County One", "Upper Valley"),
    "South Sample": ("Canary County Two", ""),
    "Sample Shore": ("", "Canary County Three"),
}
"""Districts and the counties in them; only Upper Valley stands in the list of areas."""

MONTHS = (
    *("Jan", "Feb", "Mar", "Apr", "May", "Jun"),
    *("Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
)


@dataclass(frozen=True)
class Words:
    """The values of the deployment's lists, with a code and without."""

    placed: dict[str, tuple[str, ...]]
    unplaced: dict[str, tuple[str, ...]]

    def all(self, name: str) -> tuple[str, ...]:
        """Give every value of a list."""
        return self.placed.get(name, ()) + self.unplaced.get(name, ())


@lru_cache(maxsize=1)
def words() -> Words:
    """Give the lists the mapping declares, so that generator and mapping cannot disagree."""
    placed: dict[str, tuple[str, ...]] = {}
    unplaced: dict[str, tuple[str, ...]] = {}
    path = asset("mappings", "lift", "gbvims", "codes.csv")
    with path.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            side = placed if row["code"] else unplaced
            side[row["list"]] = (*side.get(row["list"], ()), row["value"])
    return Words(placed, unplaced)


def canary(what: str, number: object) -> str:
    """Give a personal value that no person has."""
    return f"Canary {what} {number}"
