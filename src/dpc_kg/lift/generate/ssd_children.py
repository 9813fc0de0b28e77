"""What a synthetic children's services department did for one child, up to a protection plan."""

from dpc_kg.lift.generate.ssd_tables import Extract, lists
from dpc_kg.lift.generate.ssd_values import FILLER, Draw


def child(out: Extract, draw: Draw) -> str:
    """Add the child, the contacts and what hangs on no case; give the child's key."""
    person = draw.key("P")
    sex = draw.rng.choice(("F", "M", "U", ""))
    out.add(
        "ssd_person",
        {
            "pers_person_id": person,
            "pers_sex": sex,
            "pers_gender": draw.rng.choice(("01", "02", "09", "")) if not sex else "00",
            "pers_send_flag": draw.answer(),
            "pers_death_date": draw.text(draw.day(700, 800)) if draw.chance(0.02) else "",
            "pers_is_mother": "Y" if draw.chance(0.05) else "N",
        },
    )
    for at in range(draw.rng.randint(1, 2)):
        contact(out, draw, person, at)
    if draw.chance(0.2):
        early_help(out, draw, person)
    if draw.chance(0.3):
        out.add(
            "ssd_family",
            {
                "fami_table_id": draw.key("F"),
                "fami_family_id": f"FAM{draw.number // 3:05d}",
                "fami_person_id": person,
            },
        )
    if draw.chance(0.1):
        mother = {"moth_table_id": draw.key("M"), "moth_person_id": draw.key("P")}
        out.add("ssd_mother", {**mother, "moth_childs_person_id": person})
    if draw.chance(0.2):
        view(out, draw, person)
    if draw.chance(0.25):
        education(out, draw, person)
    return person


def contact(out: Extract, draw: Draw, person: str, at: int) -> None:
    """Add a contact; some say its source in words only, a few in words without a place."""
    row = {
        "cont_contact_id": draw.key("C", at),
        "cont_person_id": person,
        "cont_contact_date": draw.text(draw.day()),
        "cont_contact_source_code": draw.rng.choice(("1A", "2B", "3E", "6", "9", "10")),
        "cont_contact_outcome_json": draw.flags("contact-outcome"),
    }
    unknown: tuple[str, ...] = ()
    if draw.chance(0.1):
        words = lists().unplaced["source"][0]
        row |= {"cont_contact_source_code": "", "cont_contact_source_desc": words}
        unknown = ("cont_contact_source_desc",)
    elif draw.chance(0.2):
        row |= {"cont_contact_source_code": "", "cont_contact_source_desc": "Officers"}
    out.add("ssd_contacts", row, unknown=unknown)


def early_help(out: Extract, draw: Draw, person: str) -> None:
    """Add an episode of early help, with reasons of the authority's own."""
    start = draw.day()
    odd = draw.chance(0.2)
    name = "early-help-reason"
    out.add(
        "ssd_early_help_episodes",
        {
            "earl_episode_id": draw.key("EH"),
            "earl_person_id": person,
            "earl_episode_start_date": draw.text(start),
            "earl_episode_end_date": draw.text(draw.day(start, 500)),
            "earl_episode_reason": lists().unplaced[name][0] if odd else draw.maybe(name),
            "earl_episode_end_reason": draw.maybe("early-help-end"),
            "earl_episode_organisation": draw.rng.choice(("Example Family Hub", "")),
            "earl_episode_worker_id": draw.worker(),
        },
        unknown=("earl_episode_reason",) if odd else (),
    )


def view(out: Extract, draw: Draw, person: str) -> None:
    """Add the child's own answers; most systems deliver fillers."""
    names = ("explained_worries", "story_help_understand", "agree_worker", "plan_safe")
    answers = {f"voch_{n}": draw.rng.choice(("Y", "N", FILLER)) for n in names}
    own = {"voch_table_id": draw.key("VO"), "voch_person_id": person}
    out.add("ssd_voice_of_child", {**own, **answers, "voch_tablet_help_explain": "Y"})


def education(out: Extract, draw: Draw, person: str) -> None:
    """Add a request for an education plan and its assessment."""
    send, request, start = draw.key("SE"), draw.key("ER"), draw.day()
    out.add("ssd_send", {"send_table_id": send, "send_person_id": person})
    out.add(
        "ssd_ehcp_requests",
        {
            "ehcr_ehcp_request_id": request,
            "ehcr_send_table_id": send,
            "ehcr_ehcp_req_date": draw.text(start),
            "ehcr_ehcp_req_outcome_date": draw.rng.choice((draw.text(start + 40), FILLER)),
            "ehcr_ehcp_req_outcome": draw.rng.choice(("Y", "N", "A", "W", "H", FILLER)),
        },
    )
    assessed, outcome = draw.key("EA"), draw.rng.choice(("Y", "Y", "H", "N", "A", "W"))
    out.add(
        "ssd_ehcp_assessment",
        {
            "ehca_ehcp_assessment_id": assessed,
            "ehca_ehcp_request_id": request,
            "ehca_ehcp_assessment_outcome_date": draw.text(start + 90),
            "ehca_ehcp_assessment_outcome": outcome,
            "ehca_ehcp_assessment_exceptions": draw.rng.choice(("1", "0", FILLER)),
        },
    )
    if outcome in ("Y", "H"):
        education_plans(out, draw, request, assessed, start + 120)


def education_plans(out: Extract, draw: Draw, request: str, assessed: str, start: int) -> None:
    """Add the plan that came of an assessment, as it was issued and as it is reviewed."""
    has_ceased = draw.chance(0.5)
    out.add(
        "ssd_ehcp_named_plan",
        {
            "ehcn_named_plan_id": draw.key("EN"),
            "ehcn_ehcp_asmt_id": assessed,
            "ehcn_named_plan_start_date": draw.text(start),
            "ehcn_named_plan_ceased_date": draw.text(start + 400) if has_ceased else FILLER,
            "ehcn_named_plan_ceased_reason": draw.of("education-plan-end") if has_ceased else "",
        },
    )
    out.add(
        "ssd_ehcp_active_plans",
        {
            "ehcp_active_ehcp_id": draw.key("EP"),
            "ehcp_ehcp_request_id": request,
            "ehcp_active_ehcp_last_review_date": draw.text(start + 365),
        },
    )


def case(out: Extract, draw: Draw, person: str) -> tuple[str, int]:
    """Add an episode of need with its assessment and workers; give its key and first day."""
    referral, start = draw.key("R"), draw.day()
    closed = draw.day(start, start + 300) if draw.chance(0.5) else None
    odd = draw.chance(0.1)
    out.add(
        "ssd_cin_episodes",
        {
            "cine_referral_id": referral,
            "cine_person_id": person,
            "cine_referral_date": draw.text(start),
            "cine_cin_primary_need_code": draw.of("primary-need"),
            "cine_referral_source_code": draw.rng.choice(("1C", "5D", "7", "8")),
            "cine_referral_outcome_json": draw.flags(
                "referral-outcome", extra="EXAMPLE_LOCAL_FLAG" if odd else None
            ),
            "cine_referral_nfa": draw.rng.choice(("N", "")),
            "cine_close_reason": draw.of("closure-reason") if closed is not None else "",
            "cine_close_date": draw.text(closed),
            "cine_referral_team": draw.team(),
            "cine_referral_worker_id": draw.worker(),
        },
        unknown=("cine_referral_outcome_json",) if odd else (),
    )
    if draw.chance(0.7):
        assessment(out, draw, person, referral, start)
    involvement(out, draw, person, referral, start)
    return referral, start


def assessment(out: Extract, draw: Draw, person: str, referral: str, start: int) -> None:
    """Add an assessment and the factors found in it."""
    key = draw.key("A")
    out.add(
        "ssd_cin_assessments",
        {
            "cina_assessment_id": key,
            "cina_person_id": person,
            "cina_referral_id": referral,
            "cina_assessment_start_date": draw.text(start + 3),
            "cina_assessment_child_seen": draw.answer(),
            "cina_assessment_auth_date": draw.text(start + 40),
            "cina_assessment_outcome_json": draw.flags("assessment-outcome"),
            "cina_assessment_outcome_nfa": draw.rng.choice(("Y", "N", "")),
            "cina_assessment_team": draw.team(),
            "cina_assessment_worker_id": draw.worker(),
        },
    )
    factors = {"cinf_table_id": draw.key("AF"), "cinf_assessment_id": key}
    out.add(
        "ssd_assessment_factors",
        {**factors, "cinf_assessment_factors_json": draw.factors()},
    )


def involvement(out: Extract, draw: Draw, person: str, referral: str, start: int) -> None:
    """Add the work of a professional, in a role of the authority's own words."""
    odd = draw.chance(0.15)
    name = "worker-role"
    out.add(
        "ssd_involvements",
        {
            "invo_involvements_id": draw.key("I"),
            "invo_professional_id": draw.worker(),
            "invo_professional_role_id": lists().unplaced[name][0] if odd else draw.of(name),
            "invo_professional_team": draw.team(),
            "invo_involvement_start_date": draw.text(start),
            "invo_involvement_end_date": draw.text(start + 60) if draw.chance(0.5) else "",
            "invo_worker_change_reason": draw.maybe("worker-change"),
            "invo_person_id": person,
            "invo_referral_id": referral,
        },
        unknown=("invo_professional_role_id",) if odd else (),
    )


def need_plan(out: Extract, draw: Draw, person: str, referral: str, start: int) -> None:
    """Add a plan for a child in need, and visits under it."""
    out.add(
        "ssd_cin_plans",
        {
            "cinp_cin_plan_id": draw.key("N"),
            "cinp_referral_id": referral,
            "cinp_person_id": person,
            "cinp_cin_plan_start_date": draw.text(start + 45),
            "cinp_cin_plan_end_date": draw.text(start + 120) if draw.chance(0.5) else "",
            "cinp_cin_plan_team": draw.team(),
            "cinp_cin_plan_worker_id": draw.worker(),
        },
    )
    for at in range(draw.rng.randint(1, 3)):
        out.add(
            "ssd_cin_visits",
            {
                "cinv_cin_visit_id": draw.key("NV", at),
                "cinv_person_id": person,
                "cinv_cin_visit_date": draw.text(start + 50 + 10 * at),
                "cinv_cin_visit_seen": draw.answer(),
                "cinv_cin_visit_seen_alone": draw.answer(),
                "cinv_cin_visit_bedroom": draw.answer(),
            },
        )


def protection(out: Extract, draw: Draw, person: str, referral: str, start: int) -> None:
    """Add an enquiry, the conference that followed and the plan that came of it."""
    enquiry, conference, plan = draw.key("S"), draw.key("K"), draw.key("N")
    out.add(
        "ssd_s47_enquiry",
        {
            "s47e_s47_enquiry_id": enquiry,
            "s47e_referral_id": referral,
            "s47e_person_id": person,
            "s47e_s47_start_date": draw.text(start + 5),
            "s47e_s47_end_date": draw.text(start + 12),
            "s47e_s47_nfa": draw.answer(),
            "s47e_s47_outcome_json": draw.flags("enquiry-outcome"),
            "s47e_s47_completed_by_worker_id": draw.worker(),
            "s47e_s47_completed_by_team": draw.team(),
        },
    )
    out.add(
        "ssd_initial_cp_conference",
        {
            "icpc_icpc_id": conference,
            "icpc_icpc_meeting_id": f"MEET{draw.number // 2:05d}",
            "icpc_s47_enquiry_id": enquiry,
            "icpc_person_id": person,
            "icpc_cp_plan_id": plan,
            "icpc_referral_id": referral,
            "icpc_icpc_transfer_in": draw.answer(),
            "icpc_icpc_target_date": draw.text(start + 20),
            "icpc_icpc_date": draw.text(start + 18),
            "icpc_icpc_outcome_cp_flag": "Y",
            "icpc_icpc_outcome_json": draw.flags("conference-outcome"),
            "icpc_icpc_team": draw.team(),
            "icpc_icpc_worker_id": draw.worker(),
        },
    )
    out.add(
        "ssd_cp_plans",
        {
            "cppl_cp_plan_id": plan,
            "cppl_referral_id": referral,
            "cppl_icpc_id": conference,
            "cppl_person_id": person,
            "cppl_cp_plan_start_date": draw.text(start + 18),
            "cppl_cp_plan_end_date": draw.text(start + 200) if draw.chance(0.4) else "",
            "cppl_cp_plan_initial_category": draw.categories(),
            "cppl_cp_plan_ola": draw.answer(),
            "cppl_cp_plan_latest_category": draw.categories(),
        },
    )
    plan_work(out, draw, person, plan, start)


def plan_work(out: Extract, draw: Draw, person: str, plan: str, start: int) -> None:
    """Add the reviews and visits of a protection plan; the last review is still to come."""
    for at in range(2):
        out.add(
            "ssd_cp_reviews",
            {
                "cppr_cp_review_id": draw.key("PR", at),
                "cppr_person_id": person,
                "cppr_cp_plan_id": plan,
                "cppr_cp_review_due": draw.text(start + 90 + 150 * at),
                "cppr_cp_review_date": draw.text(start + 85) if at == 0 else "",
                "cppr_cp_review_meeting_id": f"REVIEW{draw.number // 2:05d}{at}",
                "cppr_cp_review_outcome_continue_cp": draw.of("review-outcome") if not at else "",
                "cppr_cp_review_quorate": draw.answer(),
                "cppr_cp_review_participation": draw.rng.choice((FILLER, "PN1", "")),
            },
        )
        out.add(
            "ssd_cp_visits",
            {
                "cppv_cp_visit_id": draw.key("PV", at),
                "cppv_person_id": person,
                "cppv_cp_plan_id": plan,
                "cppv_cp_visit_date": draw.text(start + 30 + 15 * at),
                "cppv_cp_visit_seen": draw.answer(),
                "cppv_cp_visit_seen_alone": draw.answer(),
                "cppv_cp_visit_bedroom": draw.answer(),
            },
        )
