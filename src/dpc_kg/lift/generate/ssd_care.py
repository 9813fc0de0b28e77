"""Synthetic care away from home: periods, homes, permanence, courts, and the time after care."""

from dpc_kg.lift.generate.ssd_tables import Extract
from dpc_kg.lift.generate.ssd_values import FILLER, Draw

_STEPS = (
    "perm_adm_decision_date",
    "perm_ffa_cp_decision_date",
    "perm_placement_order_date",
    "perm_placed_for_adoption_date",
    "perm_matched_date",
    "perm_placed_ffa_cp_date",
)
_UNKNOWN_PARTS = ("zz/05/2019", "zz/zz/2018", "14/03/2017", "zz/zz/zzzz")


def care(out: Extract, draw: Draw, person: str, referral: str, start: int) -> None:
    """Add a period of care with all that belongs to it."""
    period = draw.key("L")
    count = draw.rng.randint(1, 3)
    for at in range(count):
        episode(out, draw, person, referral, period, at, count, start)
    care_work(out, draw, person, period, start)
    if draw.chance(0.3):
        missing(out, draw, person, start)
    if draw.chance(0.4):
        permanence(out, draw, person, period, start)
    if draw.chance(0.4):
        earlier_order(out, draw, person)
    if draw.chance(0.6):
        courts(out, draw, person, start)
    if draw.chance(0.4):
        aftercare(out, draw, person, start)


def episode(
    out: Extract,
    draw: Draw,
    person: str,
    referral: str,
    period: str,
    at: int,
    count: int,
    start: int,
) -> None:
    """Add an episode and its home; the next one begins where it ends."""
    begin, end, home = start + 30 * at, start + 30 * (at + 1), draw.key("H", at)
    is_last = at == count - 1
    out.add(
        "ssd_cla_placement",
        {
            "clap_cla_placement_id": home,
            "clap_cla_placement_start_date": draw.text(begin),
            "clap_cla_placement_type": draw.of("placement-kind"),
            "clap_cla_placement_urn": draw.rng.choice(("SC990001", "9900002", "XXXXXXX", "")),
            "clap_cla_placement_distance": draw.rng.choice(("0", "3.2", "17", "999.9", "")),
            "clap_cla_id": period,
            "clap_cla_placement_provider": draw.of("placement-provider"),
            "clap_cla_placement_end_date": "" if is_last else draw.text(end),
            "clap_cla_placement_change_reason": "" if is_last else draw.of("placement-end"),
            "clap_person_id": person,
        },
    )
    out.add(
        "ssd_cla_episodes",
        {
            "clae_cla_episode_id": draw.key("LE", at),
            "clae_person_id": person,
            "clae_cla_episode_start_date": draw.text(begin),
            "clae_cla_episode_start_reason": "S" if at == 0 else draw.of("episode-reason"),
            "clae_cla_primary_need_code": draw.of("primary-need"),
            "clae_cla_episode_ceased_date": "" if is_last else draw.text(end),
            "clae_cla_episode_ceased_reason": "" if is_last else "X1",
            "clae_cla_id": period,
            "clae_referral_id": referral,
            "clae_cla_placement_id": home,
            "clae_entered_care_date": draw.text(start),
            "clae_cla_last_iro_contact_date": draw.text(begin + 9) if draw.chance(0.5) else "",
        },
    )


def care_work(out: Extract, draw: Draw, person: str, period: str, start: int) -> None:
    """Add the care plan, reviews and visits; one review is held, one cancelled, one to come."""
    out.add(
        "ssd_cla_care_plan",
        {
            "lacp_table_id": draw.key("LP"),
            "lacp_person_id": person,
            "lacp_cla_care_plan_start_date": draw.text(start + 10),
            "lacp_cla_care_plan_end_date": "",
            "lacp_cla_care_plan_json": draw.flags("care-plan-goal"),
        },
    )
    for at, (held, cancelled) in enumerate(((True, "N"), (False, "Y"), (False, ""))):
        out.add(
            "ssd_cla_reviews",
            {
                "clar_cla_review_id": draw.key("LR", at),
                "clar_cla_id": period,
                "clar_cla_review_due_date": draw.text(start + 28 * (at + 1)),
                "clar_cla_review_date": draw.text(start + 25) if held else "",
                "clar_cla_review_cancelled": cancelled,
                "clar_cla_review_participation": draw.of("participation") if held else "",
            },
        )
    out.add(
        "ssd_cla_visits",
        {
            "clav_cla_visit_id": draw.key("LV"),
            "clav_cla_id": period,
            "clav_person_id": person,
            "clav_cla_visit_date": draw.text(start + 20),
            "clav_cla_visit_seen": draw.answer(),
            "clav_cla_visit_seen_alone": draw.answer(),
        },
    )


def missing(out: Extract, draw: Draw, person: str, start: int) -> None:
    """Add a time when nobody knew where the child was."""
    out.add(
        "ssd_missing",
        {
            "miss_table_id": draw.key("Z"),
            "miss_person_id": person,
            "miss_missing_episode_start_date": draw.text(start + 21),
            "miss_missing_episode_type": draw.of("absence-kind"),
            "miss_missing_episode_end_date": draw.text(start + 22),
            "miss_missing_rhi_offered": draw.rng.choice(("Y", "N", "NA", "")),
            "miss_missing_rhi_accepted": draw.rng.choice(("Y", "N", "NA", "")),
        },
    )


def permanence(out: Extract, draw: Draw, person: str, period: str, start: int) -> None:
    """Add the way to a home for good: one row with a date for each step that was taken."""
    taken = {step: draw.text(start + 60 + 20 * at) for at, step in enumerate(_STEPS)}
    reversed_on = draw.chance(0.4)
    out.add(
        "ssd_permanence",
        {
            "perm_table_id": draw.key("Q"),
            "perm_person_id": person,
            "perm_cla_id": period,
            **{step: text for step, text in taken.items() if draw.chance(0.6)},
            "perm_placed_foster_carer_date": draw.rng.choice((FILLER, draw.text(start))),
            "perm_adopted_by_carer_flag": draw.answer(),
            "perm_decision_reversed_date": draw.text(start + 190) if reversed_on else "",
            "perm_decision_reversed_reason": draw.of("reversal-reason") if reversed_on else "",
            "perm_part_of_sibling_group": draw.rng.choice(("1", "0")),
            "perm_siblings_placed_together": str(draw.rng.randint(0, 3)),
            "perm_siblings_placed_apart": str(draw.rng.randint(0, 3)),
            "perm_placement_provider_urn": draw.rng.choice(("SC990003", "XXXXXXX")),
            "perm_permanence_order_date": "" if reversed_on else draw.text(start + 200),
            "perm_permanence_order_type": "" if reversed_on else draw.of("order-type"),
            "perm_adoption_worker_id": draw.worker(),
            "perm_number_of_adopters": draw.rng.choice(("1", "2", "")),
        },
    )


def earlier_order(out: Extract, draw: Draw, person: str) -> None:
    """Add an order of earlier years, whose date is known in part."""
    out.add(
        "ssd_cla_previous_permanence",
        {
            "lapp_table_id": draw.key("QE"),
            "lapp_person_id": person,
            "lapp_previous_permanence_order_date": draw.rng.choice(_UNKNOWN_PARTS),
            "lapp_previous_permanence_option": draw.rng.choice(("P1", "P2", "P3", "P4", "Z1")),
            "lapp_previous_permanence_la": draw.rng.choice(("Example Borough", "")),
        },
    )


def courts(out: Extract, draw: Draw, person: str, start: int) -> None:
    """Add the time before and at court; for many systems all but the keys are fillers."""
    own = {"prep_table_id": draw.key("G"), "prep_person_id": person}
    if draw.chance(0.3):
        out.add("ssd_pre_proceedings", {**own, **dict.fromkeys(_COURT, FILLER)})
        return
    is_urgent = draw.chance(0.5)
    is_in_court = draw.chance(0.6)
    plain = "Not in care proceedings"
    before = {
        "prep_plo_family_id": f"PLO{draw.number // 2:05d}",
        "prep_pre_pro_decision_date": draw.text(start + 5),
        "prep_initial_pre_pro_meeting_date": draw.text(start + 15),
        "prep_pre_pro_outcome": draw.maybe("proceedings-outcome"),
        "prep_agree_stepdown_issue_date": draw.text(start + 60),
        "prep_cp_plans_referral_period": str(draw.rng.randint(0, 3)),
        "prep_legal_gateway_outcome": draw.of("gateway-outcome"),
        "prep_prev_pre_proc_child": str(draw.rng.randint(0, 2)),
        "prep_prev_care_proc_child": str(draw.rng.randint(0, 2)),
        "prep_pre_pro_letter_date": draw.text(start + 8),
        "prep_pre_pro_meetings_num": str(draw.rng.randint(0, 4)),
        "prep_pre_pro_parents_legal_rep": draw.answer(words=True),
        "prep_parents_legal_rep_point_of_issue": plain,
        "prep_care_proc_short_notice": plain,
        "prep_la_initial_care_plan": plain,
    }
    court = {
        "prep_care_pro_letter_date": draw.text(start + 70),
        "prep_parents_legal_rep_point_of_issue": draw.answer(words=True),
        "prep_care_proc_court_hearings": str(draw.rng.randint(1, 5)),
        "prep_care_proc_short_notice": "Yes" if is_urgent else "No",
        "prep_proc_short_notice_reason": draw.of("urgency-reason") if is_urgent else "",
        "prep_la_inital_plan_approved": draw.of("approval"),
        "prep_la_initial_care_plan": draw.rng.choice("ABCDEFG"),
        "prep_la_final_plan_approved": "",
        "prep_la_final_care_plan": draw.rng.choice("ABCDEFGH"),
    }
    out.add("ssd_pre_proceedings", {**own, **before, **(court if is_in_court else {})})


_COURT = (
    "prep_plo_family_id",
    "prep_pre_pro_decision_date",
    "prep_pre_pro_outcome",
    "prep_legal_gateway_outcome",
    "prep_cp_plans_referral_period",
    "prep_pre_pro_meetings_num",
    "prep_care_pro_letter_date",
    "prep_care_proc_short_notice",
    "prep_proc_short_notice_reason",
    "prep_la_initial_care_plan",
    "prep_la_final_care_plan",
)


def aftercare(out: Extract, draw: Draw, person: str, start: int) -> None:
    """Add what became of a young person after care; some advisers stand there by name."""
    out.add(
        "ssd_care_leavers",
        {
            "clea_table_id": draw.key("Y"),
            "clea_person_id": person,
            "clea_care_leaver_eligibility": draw.of("entitlement"),
            "clea_care_leaver_in_touch": draw.of("contact-state"),
            "clea_care_leaver_latest_contact": draw.text(start + 300),
            "clea_care_leaver_accommodation": draw.of("aftercare-home"),
            "clea_care_leaver_accom_suitable": draw.maybe("suitable"),
            "clea_care_leaver_activity": draw.of("activity"),
            "clea_pathway_plan_review_date": draw.text(start + 280),
            "clea_care_leaver_personal_advisor": "Testname Omega",
            "clea_care_leaver_allocated_team": draw.team(),
            "clea_care_leaver_worker_id": draw.worker(),
        },
    )
