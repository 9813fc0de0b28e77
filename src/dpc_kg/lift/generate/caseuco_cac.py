"""One synthetic report to a hotline in the CAC ontology: review, hash, forwarding, feedback."""

from datetime import UTC, datetime, timedelta
from random import Random

from dpc_kg.lift.generate.caseuco_case import Made
from dpc_kg.lift.generate.caseuco_nodes import Node, link, moment, node
from dpc_kg.lift.generate.caseuco_words import CANARY, Words


def report(seed: int, at: int) -> Made:
    """Give the report of that number; the same seed gives the same one."""
    rng = Random(f"cac/{seed}/{at}")  # noqa: S311 - test data, not a secret
    words = Words(rng)
    start = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=rng.randrange(500_000))
    parts = _around(rng, at, start)
    parts |= _actions(rng, at, start, parts)
    head = node(
        f"{CANARY}-report-{at}",
        "cac-hotlines:PublicReport",
        rdfs__label=f"{CANARY} report",
        **{
            "cac-hotlines__reportedBy": link(parts["reporter"]),
            "cac-hotlines__receivedBy": link(parts["hotline"]),
            "cac-hotlines__hasEvidence": link(parts["place"]),
            "cac-hotlines__intakeChannel": link(parts["channel"]),
            "cac-hotlines__status": link(parts["status"]),
            "cac-hotlines__triggersAction": link(
                parts["review"], parts["hashing"], parts["forward"]
            ),
        },
    )
    made = Made(at, "cac.ttl", {"report": head, **parts})
    made.say(words, "report", "intake-channel", "IntakeChannel/rdfs:label", parts["channel"])
    made.say(words, "report", "report-status", "HotlineCaseStatus/rdfs:label", parts["status"])
    kind = "HashFeedbackAction/cac-hotlines:feedbackType"
    made.say(words, "feedback", "feedback", kind, parts["feedback"])
    return made


def _at(start: datetime, minutes: int) -> Node:
    return moment((start + timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%SZ"))


def _around(rng: Random, at: int, start: datetime) -> dict[str, Node]:
    return {
        "reporter": node(
            f"{CANARY}-reporter-{at}",
            "cac-hotlines:ReporterRole",
            rdfs__label=f"{CANARY} person",
            **{
                "cac-hotlines__isAnonymous": rng.random() < 0.7,
                "cac-hotlines__roleAssignmentTime": _at(start, 0),
            },
        ),
        "hotline": node(
            f"hotline-{at}", "cac-hotlines:HotlineOrganization", core__name="Example Hotline"
        ),
        "police": node(
            f"{CANARY}-police-{at}", "identity:Organization", rdfs__label=f"{CANARY} police"
        ),
        "place": node(
            f"{CANARY}-place-{at}",
            "cac-hotlines:URLReference",
            **{"cac-hotlines__firstSeen": _at(start, -60)},
        ),
        "channel": node(f"channel-{at}", "cac-hotlines:IntakeChannel"),
        "status": node(f"status-{at}", "cac-hotlines:HotlineCaseStatus"),
        "label": node(f"label-{at}", "cac-hotlines:ClassificationLabel", rdfs__label="CSAM"),
        "hash": node(
            f"hash-{at}",
            "observable:Hash",
            observable__hashMethod=rng.choice(["MD5", "md5"]),
            observable__hashValue={
                "@type": "xsd:hexBinary",
                "@value": f"{rng.getrandbits(128):032x}",
            },
        ),
        "role": node(f"role-{at}", "role:Role", rdfs__label="Hotline Analyst"),
        "analyst": node(
            f"{CANARY}-analyst-{at}",
            "identity:Identity",
            rdfs__label=f"{CANARY} analyst",
            identity__hasRole=[{"@id": f"kb:role-{at}"}],
        ),
    }


def _actions(rng: Random, at: int, start: datetime, parts: dict[str, Node]) -> dict[str, Node]:
    analyst = link(parts["analyst"])
    review = node(
        f"{CANARY}-review-{at}",
        "cac-hotlines:ReportReviewAction",
        core__startTime=_at(start, 30),
        core__endTime=_at(start, 40) if rng.random() < 0.8 else None,
        action__performer=analyst,
        **{"cac-hotlines__classification": link(parts["label"])},
    )
    hashing = node(
        f"{CANARY}-hashing-{at}",
        "cac-hotlines:HashSubmissionAction",
        core__startTime=_at(start, 50),
        action__performer=analyst,
        **{
            "cac-hotlines__producesHash": link(parts["hash"]),
            "cac-hotlines__previousStep": link(review),
        },
    )
    forward = node(
        f"{CANARY}-forward-{at}",
        "cac-hotlines:ForwardToLEAction",
        core__startTime=_at(start, 90 + rng.randrange(3_000)),
        action__performer=analyst,
        **{
            "cac-hotlines__forwardsTo": link(parts["police"]),
            "cac-hotlines__previousStep": link(hashing),
        },
    )
    feedback = node(
        f"{CANARY}-feedback-{at}",
        "cac-hotlines:HashFeedbackAction",
        core__startTime=_at(start, 9_000),
        **{"cac-hotlines__referencesHash": link(parts["hash"])},
    )
    return {"review": review, "hashing": hashing, "forward": forward, "feedback": feedback}
