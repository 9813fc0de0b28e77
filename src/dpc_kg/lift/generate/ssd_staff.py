"""The staff of a synthetic authority, and the tables that are never given to the lift."""

from random import Random

from dpc_kg.lift.generate.ssd_tables import Extract
from dpc_kg.lift.generate.ssd_values import FILLER, Draw

WORKERS = 8
UNITS = 3
_TITLES = ("EX-SOCIAL-WORKER", "EX-REVIEWER", "EX-MANAGER", "EX-SUPPORT")
_APART = {
    "ssd_address": "addr_person_id",
    "ssd_disability": "disa_person_id",
    "ssd_immigration_status": "immi_person_id",
}


def staff(seed: int) -> Extract:
    """Give the units and workers of the authority."""
    rng = Random(f"ssd/{seed}/staff")  # noqa: S311 - test data, not a secret
    out = Extract()
    for at in range(1, UNITS + 1):
        parent = "T01" if at > 1 else ""
        row = {"dept_team_id": f"T{at:02d}", "dept_team_parent_id": parent}
        out.add("ssd_department", {**row, "dept_team_name": f"Example Team {at}"})
    for at in range(1, WORKERS + 1):
        out.add(
            "ssd_professionals",
            {
                "prof_professional_id": f"W{at:03d}",
                "prof_professional_job_title": rng.choice(_TITLES),
                "prof_professional_caseload": str(rng.randint(0, 25)),
                "prof_professional_department": rng.choice(("T01", "T02", "Example Team East", "")),
                "prof_full_time_equivalency": rng.choice(("1", "0.8", "0.5", "")),
                "prof_agency_worker_flag": rng.choice(("Y", "N", FILLER)),
            },
        )
    out.add("ssd_version_log", {"version_number": "1.3.5", "is_current": "1"})
    return out


def personal(out: Extract, draw: Draw, person: str) -> None:
    """Add rows of tables that hold nothing but what may not be shared: canaries in every cell."""
    for table, column in _APART.items():
        if draw.chance(0.3):
            out.add(table, {column: person})
