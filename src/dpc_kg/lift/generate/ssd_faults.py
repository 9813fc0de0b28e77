"""The mistakes a safeguarding extract can carry, each one cell of one row."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from dpc_kg.base.errors import DpcError
from dpc_kg.lift.generate.ssd_tables import Extract, Row

Make = Callable[[Row], str | None]


@dataclass(frozen=True)
class Mistake:
    """One way to go wrong: a table's column and what is written there (None: not in this row).

    ``blamed`` names the column of the fault where another one was changed. A ``twin`` is a second
    row with the same key and one other cell, ``cut`` takes the last cell away.
    """

    kind: str
    rules: tuple[str, ...]
    table: str
    column: str
    make: Make
    blamed: str | None = None
    twin: bool = False
    cut: bool = False


@dataclass(frozen=True)
class Planting:
    """A mistake put into one row (physical, header = 1)."""

    mistake: Mistake
    row: int


def plant(extract: Extract, faults: int, seed: int) -> list[Planting]:
    """Put ``faults`` mistakes into an extract, each into a row of its own, kinds in turn.

    Raises:
        DpcError: fewer rows that can carry one than faults.
    """
    rng = Random(f"ssd/{seed}/faults")  # noqa: S311 - test data, not a secret
    orders = {table: _order(rng, rows) for table, rows in sorted(extract.rows.items())}
    taken: set[tuple[str, int]] = {(table, at) for table, at, _ in extract.unknown}
    planted: list[Planting] = []
    turn = 0
    idle = 0
    while len(planted) < faults and idle < len(MISTAKES):
        mistake = MISTAKES[turn % len(MISTAKES)]
        turn += 1
        found = _fitting(extract, mistake, orders.get(mistake.table, []), taken)
        idle = 0 if found is not None else idle + 1
        if found is not None:
            taken.add((mistake.table, found))
            planted.append(_put(extract, mistake, found))
    if len(planted) < faults:
        raise DpcError(
            f"An export of this size can carry {len(planted)} faults, not {faults}.",
            advice="Ask for more records or fewer faults.",
        )
    return planted


def _order(rng: Random, rows: list[Row]) -> list[int]:
    order = list(range(2, len(rows) + 2))
    rng.shuffle(order)
    return order


def _fitting(
    extract: Extract, mistake: Mistake, order: list[int], taken: set[tuple[str, int]]
) -> int | None:
    for at in order:
        row = extract.rows[mistake.table][at - 2]
        if (mistake.table, at) not in taken and mistake.make(row) is not None:
            return at
    return None


def _put(extract: Extract, mistake: Mistake, at: int) -> Planting:
    rows = extract.rows[mistake.table]
    row = rows[at - 2]
    text = mistake.make(row) or ""
    if mistake.twin:
        rows.append({**row, mistake.column: text})
        return Planting(mistake, len(rows) + 1)
    if not mistake.cut:
        row[mistake.column] = text
    return Planting(mistake, at)


def _always(text: str) -> Make:
    return lambda _: text


def _instead(column: str, text: str) -> Make:
    return lambda row: text if row.get(column) else None


def _day_first(row: Row) -> str:
    year, month, day = row["cont_contact_date"][:10].split("-")
    return f"{day}/{month}/{year}"


def _odd_flag(row: Row) -> str | None:
    cell = row["s47e_s47_outcome_json"]
    changed = cell.replace('"MONITOR_FLAG": "N"', '"MONITOR_FLAG": "perhaps"')
    return changed if changed != cell else None


def _cut_short(row: Row) -> str:
    return row["cine_referral_outcome_json"][:-1]


def _cancelled(row: Row) -> str | None:
    return "Y" if row["clar_cla_review_date"] else None


def _reason_without_urgency(row: Row) -> str | None:
    return "A" if row.get("prep_care_proc_short_notice") == "No" else None


def _other_kind(row: Row) -> str:
    return "A" if row["miss_missing_episode_type"] == "M" else "M"


def _no_day(row: Row) -> str | None:
    is_read = row["lapp_previous_permanence_option"] != "Z1"
    return "31/02/2020" if is_read else None


def _both(name: str) -> tuple[str, ...]:
    return (name, f"{name}Precision")


_MISSING = ("ssd_missing", "miss_missing_episode_type")
_REVERSED = "perm_decision_reversed_date"

MISTAKES = (
    Mistake("format", ("source:date-order",), "ssd_contacts", "cont_contact_date", _day_first),
    Mistake(
        "missing",
        ("ProtectionEnquiryShape-startedAt", "ProtectionEnquiryShape-startedAtPrecision"),
        "ssd_s47_enquiry",
        "s47e_s47_start_date",
        _always(""),
    ),
    Mistake(
        "range",
        ("PermanenceDecisionShape-adopterCount",),
        "ssd_permanence",
        "perm_number_of_adopters",
        _always("9"),
    ),
    Mistake(
        "order",
        ("CaseShape-openToCloseSeconds",),
        "ssd_cin_episodes",
        "cine_close_date",
        _instead("cine_close_date", "2019-01-31"),
    ),
    Mistake(
        "rule",
        ("PlanReviewShape-doneAt-whenCancelled",),
        "ssd_cla_reviews",
        "clar_cla_review_cancelled",
        _cancelled,
        blamed="clar_cla_review_date",
    ),
    Mistake(
        "duplicate",
        ("source:duplicate",),
        *_MISSING,
        _other_kind,
        blamed="miss_table_id",
        twin=True,
    ),
    Mistake(
        "reference",
        ("source:reference",),
        "ssd_cp_visits",
        "cppv_cp_plan_id",
        _always("N99999999"),
    ),
    Mistake("format", ("source:boolean",), "ssd_cin_visits", "cinv_cin_visit_seen", _always("?")),
    Mistake(
        "format",
        ("source:ruby-literal",),
        "ssd_cin_episodes",
        "cine_referral_outcome_json",
        _cut_short,
    ),
    Mistake("missing", ("source:missing-key",), "ssd_cla_visits", "clav_cla_visit_id", _always("")),
    Mistake(
        "rule",
        ("CareProceedingsShape-urgencyReason-whenNotUrgent",),
        "ssd_pre_proceedings",
        "prep_proc_short_notice_reason",
        _reason_without_urgency,
    ),
    Mistake("format", ("source:boolean",), "ssd_s47_enquiry", "s47e_s47_outcome_json", _odd_flag),
    Mistake(
        "format",
        ("source:date",),
        "ssd_cla_previous_permanence",
        "lapp_previous_permanence_order_date",
        _no_day,
    ),
    Mistake(
        "missing",
        _both("PermanenceDecisionShape-decidedAt"),
        "ssd_permanence",
        _REVERSED,
        lambda row: "" if row[_REVERSED] else None,
    ),
    Mistake(
        "missing",
        ("PlacementShape-placementKind",),
        "ssd_cla_placement",
        "clap_cla_placement_type",
        _always(""),
    ),
    Mistake(
        "format",
        ("source:number",),
        "ssd_cla_placement",
        "clap_cla_placement_distance",
        _always("three"),
    ),
    Mistake(
        "reference", ("source:reference",), "ssd_family", "fami_person_id", _always("P99999999")
    ),
    Mistake(
        "missing",
        ("SupportEpisodeShape-isAbout",),
        "ssd_early_help_episodes",
        "earl_person_id",
        _always(""),
    ),
    Mistake(
        "format",
        ("source:column-count",),
        "ssd_voice_of_child",
        "voch_tablet_help_explain",
        _always(""),
        cut=True,
    ),
    Mistake(
        "format", ("source:date",), "ssd_cp_visits", "cppv_cp_visit_date", _always("2024-13-45")
    ),
    Mistake(
        "reference",
        ("source:reference",),
        "ssd_ehcp_active_plans",
        "ehcp_ehcp_request_id",
        _always("ER99999999"),
    ),
    Mistake(
        "missing",
        ("EducationPlanShape-isAbout",),
        "ssd_ehcp_named_plan",
        "ehcn_ehcp_asmt_id",
        _always(""),
    ),
)
