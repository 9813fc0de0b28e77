"""The records of synthetic programme logs: submissions and cases; tracked entities stand apart."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from dpc_kg.lift.generate.ngo_words import (
    CANARY,
    NAMES,
    NOTES,
    exact,
    later,
    lists,
    moment,
    zoned,
    zoneless,
)

Members = dict[str, Any]
"""A record of a document."""


@dataclass
class Record:
    """One record of an export and the versions of it that were superseded.

    ``unknown`` names its cells without a place in the model. A ``plain`` record can carry a mistake
    without changing what else is counted.
    """

    source: str
    number: int
    members: Members
    unknown: list[str] = field(default_factory=list)
    earlier: list[Members] = field(default_factory=list)
    is_linked: bool = False

    @property
    def plain(self) -> bool:
        """Tell whether a mistake in it changes no other count."""
        return not (self.unknown or self.earlier or self.is_linked)


def random_of(source: str, seed: int, number: int) -> Random:
    """Give the numbers by which a record is made: the same for any size of the export."""
    return Random(f"ngo/{source}/{seed}/{number}")  # noqa: S311 - test data, not a secret


def answer(rng: Random, record: Record, name: str, column: str, rarely: int = 25) -> str:
    """Give a value of a list; one in ``rarely`` has no place, which is noted."""
    if rng.randrange(rarely):
        return lists().pick(rng, name)
    record.unknown.append(column)
    return lists().odd(rng, name)


# -- KoboToolbox


def submission(seed: int, number: int) -> Record:
    """Give a submission of a concern log; one in ten was edited and stands in both versions."""
    rng = random_of("kobo", seed, number)
    at = moment(rng)
    ended = at + timedelta(seconds=rng.randrange(120, 3600))
    record = Record("kobo", number, {})
    record.members |= _envelope(rng, number, at, ended)
    record.members |= _answers(rng, record, at)
    if rng.randrange(3) == 0:
        given = later(rng, ended)
        uid = answer(rng, record, "kobo-validation", "_validation_status.uid", 20)
        record.members["_validation_status"] = {
            "uid": uid,
            "timestamp": int(given.timestamp()),
            "by_whom": f"{CANARY}_lead",
            "label": f"{CANARY} label",
        }
    if rng.randrange(10) == 0:
        before = dict(record.members)
        record.earlier.append(before | {"end": zoned(ended - timedelta(seconds=60))})
        edit = f"{CANARY}-edit-{number:06}"
        record.members |= {"_uuid": edit, "meta/instanceID": f"uuid:{edit}"}
    return record


def _envelope(rng: Random, number: int, at: datetime, ended: datetime) -> Members:
    uuid = f"{CANARY}00-0000-4000-8000-{number:012}"
    has_start = rng.randrange(8) != 0
    made: Members = {
        "_id": 700_000_000 + number,
        "formhub/uuid": f"{CANARY}form{rng.randrange(2)}",
        "_uuid": uuid,
        "meta/instanceID": f"uuid:{uuid}",
        "meta/rootUuid": f"uuid:{uuid}",
        "_xform_id_string": f"{CANARY}_log",
        "_submission_time": zoneless(later(rng, ended, 2)),
        "_submitted_by": f"{CANARY}_worker",
        "_status": "submitted_via_web",
        "_validation_status": {},
        "_geolocation": [f"{CANARY}-latitude", f"{CANARY}-longitude"],
        "_attachments": [],
        "_tags": [],
        "_notes": [],
        "start": zoned(at) if has_start else None,
        "end": zoned(ended),
        "today": f"{at:%Y-%m-%d}",
        "username": f"{CANARY}_worker",
        "deviceid": f"{CANARY}:device",
        "phonenumber": f"{CANARY} 000",
    }
    if rng.randrange(5):
        made["__version__"] = f"vInvented{rng.randrange(1, 4)}"
    if rng.randrange(6) == 0:
        made["_attachments"] = [{"filename": f"{CANARY}.jpg", "mimetype": "image/jpeg"}]
    return made


def _answers(rng: Random, record: Record, at: datetime) -> Members:
    known = lists().placed["kobo-concern"]
    concerns = rng.sample(known, rng.randrange(1, 4))
    if rng.randrange(20) == 0:
        record.unknown.append("['incident/concern_types']")
        concerns.append(lists().odd(rng, "kobo-concern"))
    parting = rng.choice((" ", " ", "  "))
    made: Members = {
        "incident/concern_types": parting.join(concerns),
        "incident/location": f"{CANARY} point 0 0",
        "actions": [_action(rng, record, place) for place in range(rng.randrange(4))],
    }
    if rng.randrange(4):
        made["incident/incident_date"] = f"{at - timedelta(days=rng.randrange(40)):%Y-%m-%d}"
    if rng.randrange(6):
        made["child/age_group"] = answer(rng, record, "kobo-age", "['child/age_group']")
    if rng.randrange(4) == 0:
        made["question_added_later"] = rng.choice(NOTES)
    return made


def _action(rng: Random, record: Record, place: int) -> Members:
    at = f"actions[{place}]"
    kind = answer(rng, record, "kobo-action", f"{at}['actions/action_type']")
    made: Members = {"actions/action_type": kind}
    if kind in lists().placed["kobo-referral"]:
        column = f"{at}['actions/agency']"
        made["actions/agency"] = answer(rng, record, "kobo-agency", column)
    elif rng.randrange(2):
        made["actions/agency"] = "own"
    return made


# -- CommCare


def case(seed: int, number: int) -> Record:
    """Give a CommCare case: two children to each household, and now and then something else."""
    rng = random_of("commcare", seed, number)
    record = Record("commcare", number, {})
    turn = number // 3
    is_house = turn % 3 == 0
    opened = moment(rng)
    changed = later(rng, opened, 90)
    closed = later(rng, opened, 90) if rng.randrange(3) == 0 else None
    kind = "household" if is_house else "child"
    if not is_house and rng.randrange(25) == 0:
        kind = lists().odd(rng, "commcare-class")
        record.unknown.append("case_type")
    record.members |= {
        "domain": "example-domain",
        "case_id": case_id(number),
        "case_type": kind,
        "case_name": rng.choice(NAMES),
        "external_id": f"{CANARY}-{number}",
        "owner_id": f"{CANARY}-owner-{rng.randrange(5)}",
        "user_id": f"{CANARY}-user",
        "opened_by": f"{CANARY}-user",
        "closed_by": None if closed is None else f"{CANARY}-user",
        "date_opened": exact(opened),
        "last_modified": exact(changed),
        "server_last_modified": exact(changed + timedelta(seconds=5)),
        "indexed_on": exact(changed + timedelta(days=1)),
        "closed": closed is not None,
        "date_closed": None if closed is None else exact(closed),
        "properties": {"mobile": f"{CANARY} 000"},
        "indices": {},
    }
    if kind == "child":
        _of_child(rng, record, case_id(number - 3 * (turn % 3)))
    if kind in ("child", "household") and rng.randrange(12) == 0:
        earlier = exact(changed - timedelta(minutes=30))
        record.earlier.append(record.members | {"server_last_modified": earlier, "closed": False})
    return record


def case_id(number: int) -> str:
    """Give the key of the CommCare case of a number."""
    return f"{CANARY}00-0000-4000-9000-{number:012}"


def _of_child(rng: Random, record: Record, above: str) -> None:
    properties = record.members["properties"]
    properties["dob"] = f"{CANARY} 2012-11-02"
    if rng.randrange(4):
        properties["risk_level"] = answer(rng, record, "commcare-risk", "properties.risk_level")
    word = rng.choice(("parent", "home"))
    held = {"case_id": above, "case_type": "household", "relationship": "child"}
    record.members["indices"][word] = held
    if rng.randrange(25) == 0:
        column = "indices.place.case_type"
        other = {"case_id": f"{CANARY}-place", "relationship": "child"}
        other["case_type"] = lists().odd(rng, "commcare-above")
        record.members["indices"]["place"] = other
        record.unknown.append(column)
