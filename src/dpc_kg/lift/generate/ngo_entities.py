"""The tracked entities of a synthetic DHIS2: children with enrolments, events and links."""

from datetime import datetime, timedelta
from random import Random

from dpc_kg.lift.generate.ngo_records import Members, Record, answer, random_of
from dpc_kg.lift.generate.ngo_words import (
    CHILD_TYPE,
    FREE_QUESTION,
    NOTES,
    SEX_IN_EVENT,
    SEX_OF_CHILD,
    later,
    lists,
    moment,
    served,
)

_LINKS, _LINKED = 4, 3
_ANSWERED = f"attributes[attribute={SEX_OF_CHILD}].value"


def entity(seed: int, number: int) -> Record:
    """Give a tracked entity; of each five children two are linked as siblings."""
    rng = random_of("dhis2", seed, number)
    turn = number // 3
    record = Record("dhis2", number, {}, is_linked=turn % 5 in (_LINKS, _LINKED))
    created = moment(rng)
    changed = later(rng, created, 300)
    record.members |= {
        "trackedEntity": _id("T", number),
        "trackedEntityType": CHILD_TYPE,
        "orgUnit": _id("O", rng.randrange(4)),
        "createdAt": served(created),
        "updatedAt": served(changed),
        "createdBy": {"uid": _id("U", 1), "username": "canary_user"},
        "storedBy": "canary_user",
        "inactive": False,
        "deleted": False,
        "potentialDuplicate": False,
        "attributes": _attributes(rng, record),
        "relationships": [],
    }
    if turn % 17 == 5 and not record.is_linked:
        return _no_child(rng, record, created)
    count = rng.randrange(1, 3)
    enrolments = [_enrolment(rng, record, place, created) for place in range(count)]
    record.members["enrollments"] = enrolments
    if turn % 5 == _LINKS:
        record.members["relationships"] = _links(rng, record)
    if not record.is_linked and rng.randrange(12) == 0:
        before = served(changed - timedelta(minutes=30))
        record.earlier.append(record.members | {"updatedAt": before, "attributes": []})
    return record


def _id(kind: str, number: int) -> str:
    return f"{kind}Canary{number:04}"


def _no_child(rng: Random, record: Record, created: datetime) -> Record:
    """Make it deleted, or of a type that no class stands for."""
    if rng.randrange(2):
        record.members["deleted"] = True
        record.members["enrollments"] = []
        record.unknown = []
        record.is_linked = True
        return record
    record.members["trackedEntityType"] = lists().odd(rng, "dhis2-class")
    record.members["enrollments"] = []
    record.unknown = ["trackedEntityType"]
    return record


def _attributes(rng: Random, record: Record) -> list[Members]:
    made: list[Members] = [{"attribute": "w75KJ2mc4zz", "value": rng.choice(NOTES)}]
    if rng.randrange(8):
        value = answer(rng, record, "dhis2-sex", _ANSWERED)
        made.append({"attribute": SEX_OF_CHILD, "value": value})
    return made


def _links(rng: Random, record: Record) -> list[Members]:
    own, other = record.members["trackedEntity"], _id("T", record.number - 3)
    kind = answer(rng, record, "dhis2-relationship", "relationships[0].relationshipType")
    made = [_link(_id("R", record.number), kind, own, other)]
    if rng.randrange(2):
        # the other child is registered in a unit that was not exported
        away = _link(_id("X", record.number), lists().pick(rng, "dhis2-relationship"), own, "x")
        away["to"]["trackedEntity"]["trackedEntity"] = "TCanaryAway"
        made.append(away)
        record.unknown.append("relationships[1].to.trackedEntity.trackedEntity")
    return made


def _link(key: str, kind: str, one: str, other: str) -> Members:
    return {
        "relationship": key,
        "relationshipType": kind,
        "from": {"trackedEntity": {"trackedEntity": one}},
        "to": {"trackedEntity": {"trackedEntity": other}},
    }


def _enrolment(rng: Random, record: Record, place: int, created: datetime) -> Members:
    at = f"enrollments[{place}]"
    started = later(rng, created, 30)
    is_over = rng.randrange(3) == 0
    ended = later(rng, started, 90)
    made: Members = {
        "enrollment": _id("E", 10 * record.number + place),
        "program": answer(rng, record, "dhis2-program", f"{at}.program"),
        "orgUnit": _id("O", rng.randrange(4)),
        "enrolledAt": served(started),
        "occurredAt": served(started - timedelta(days=9)) if rng.randrange(2) else None,
        "status": "COMPLETED" if is_over else "ACTIVE",
        "completedAt": served(ended) if is_over else None,
        "createdAt": served(started),
        "updatedAt": served(ended),
        "completedBy": "canary_user" if is_over else None,
        "followUp": rng.randrange(4) == 0,
        "notes": [{"note": _id("N", record.number), "value": rng.choice(NOTES)}],
    }
    if not is_over and rng.randrange(25) == 0:
        made["status"] = lists().odd(rng, "dhis2-enrolment-status")
        record.unknown.append(f"{at}.status")
    sex = rng.choice(("Female", "Male", None))
    count = rng.randrange(1, 4)
    made["events"] = [_event(rng, record, (place, n), started, sex) for n in range(count)]
    return made


def _event(
    rng: Random, record: Record, place: tuple[int, int], started: datetime, sex: str | None
) -> Members:
    at = f"enrollments[{place[0]}].events[{place[1]}]"
    planned = later(rng, started, 30)
    status = answer(rng, record, "dhis2-event-status", f"{at}.status", 40)
    is_ahead = status in ("SCHEDULE", "OVERDUE", "SKIPPED")
    values: list[Members] = [{"dataElement": FREE_QUESTION, "value": rng.choice(NOTES)}]
    if sex is not None:
        values.append({"dataElement": SEX_IN_EVENT, "value": sex, "providedElsewhere": False})
    return {
        "event": _id("V", 100 * record.number + 10 * place[0] + place[1]),
        "program": lists().placed["dhis2-program"][0],
        "programStage": answer(rng, record, "dhis2-stage", f"{at}.programStage", 30),
        "orgUnit": _id("O", rng.randrange(4)),
        # a visit may come before its day: no mistake, and no interval is made of it
        "occurredAt": None if is_ahead else served(planned + timedelta(days=rng.randrange(-3, 9))),
        "scheduledAt": served(planned),
        "createdAt": served(started),
        "status": status,
        "storedBy": "canary_user",
        "notes": [],
        "dataValues": values,
    }
