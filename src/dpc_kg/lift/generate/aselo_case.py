"""One case of a synthetic Aselo export, with its sections; words of one invented deployment."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from dpc_kg.lift.generate.aselo_contact import Document, ExportFile, stamp

_FIRST_ID = 901
_FIRST_DAY = datetime(2024, 2, 1, tzinfo=UTC)
_MIXED = (True, False, "mixed", None)
_ANSWERS = ("yes", "no", "not known", "")
_STATUSES = ("open", "followedUp", "closed", "handedOver")
_UNKNOWN = 0.12


@dataclass(frozen=True)
class Case:
    """A case as it is written, and its cells with a code that has no place."""

    file: ExportFile
    unknown: tuple[str, ...] = ()


def case(seed: int, index: int, *, unknown: bool = True) -> Case:
    """Give case ``index`` (0-based) of the export with this seed.

    >>> case(7, 3) == case(7, 3)
    True
    """
    rng = Random(f"aselo:{seed}:case:{index}")  # noqa: S311
    opened = _FIRST_DAY + timedelta(minutes=rng.randrange(400 * 24 * 60))
    document = _document(rng, str(_FIRST_ID + index), opened)
    columns: tuple[str, ...] = ()
    if unknown and rng.random() < _UNKNOWN:
        document["sections"]["incident"][0]["sectionTypeSpecificData"]["location"] = "under a tree"
        columns = ("sections.incident[0].sectionTypeSpecificData.location",)
    path = f"hrm-data/{opened:%Y/%m/%d}/cases/{document['id']}.json"
    return Case(ExportFile(path, document), columns)


def _document(rng: Random, key: str, opened: datetime) -> Document:
    changed = opened + timedelta(days=rng.randrange(1, 60))
    return {
        "id": key,
        "accountSid": "AC_EXAMPLE",
        "label": f"Sample Testname {rng.randrange(100, 999)}",
        "helpline": "Example Helpline",
        "status": rng.choice(_STATUSES),
        "previousStatus": "open",
        "statusUpdatedAt": stamp(changed),
        "statusUpdatedBy": "WK_EXAMPLE_2",
        "definitionVersion": "example-en-v2",
        "twilioWorkerId": "WK_EXAMPLE_2",
        "createdAt": stamp(opened),
        "createdBy": "WK_EXAMPLE_2",
        "updatedAt": stamp(changed),
        "updatedBy": "WK_EXAMPLE_2",
        "connectedContacts": [str(100_001 + rng.randrange(50))],
        "info": {
            "childIsAtRisk": rng.random() < 0.3,
            "followUpDate": f"{changed + timedelta(days=7):%Y-%m-%d}",
            "operatingArea": rng.choice(("Example harbour", "Example hills", "")),
            "priority": rng.choice(("first", "soon", "can wait", "")),
            "summary": "Synthetic summary under @example_handle_77.",
        },
        "sections": {
            "incident": [_incident(rng, opened, n) for n in range(rng.choice((1, 1, 2)))],
            "perpetrator": [_perpetrator(rng, opened)],
            "household": [_member(rng, opened, n) for n in range(rng.choice((1, 2)))],
            "referral": [_referral(rng, opened)],
            "note": [_section(rng, "note", opened, {"note": "Synthetic note by Sample Testname"})],
        },
    }


def _section(rng: Random, kind: str, at: datetime, data: dict[str, Any]) -> Document:
    return {
        "sectionId": f"{kind}-{rng.randrange(10**9):09d}",
        "sectionType": kind,
        "eventTimestamp": stamp(at),
        "createdAt": stamp(at + timedelta(minutes=5)),
        "updatedAt": stamp(at + timedelta(minutes=9)),
        "createdBy": "WK_EXAMPLE_3",
        "sectionTypeSpecificData": data,
    }


def _incident(rng: Random, opened: datetime, number: int) -> Document:
    happened = opened - timedelta(days=rng.randrange(2, 90) + number)
    data: dict[str, Any] = {
        "date": f"{happened:%Y-%m-%d}",
        "duration": rng.choice(("just once", "again and again ", "does not stop")),
        "location": rng.choice(("where the child lives", "at lessons", "on a screen", "")),
        "locationType": rng.choice(("on the internet", "face to face", "")),
        "incidentAddress": "12 Example Street",
        "isCaregiverAware": rng.choice(_MIXED),
        "abuseReportedElsewhere": rng.choice(_MIXED),
        "incidentWitnessed": rng.choice(_MIXED),
        "unknownDate": False,
        "incidentDetails": "Synthetic details about Sample Testname",
    }
    if rng.random() < 0.3:
        filed = rng.random() < 0.5
        data |= {
            "firRegistered": rng.choice(_ANSWERS),
            "chargeSheet": "yes" if filed else "no",
            "chargeSheetDate": f"{opened:%Y-%m-%d}" if filed else "",
            "judgeName": "Judge Sample Testname",
        }
    if rng.random() < 0.2:
        data |= {"SISalertActivated": rng.choice(("yes", "no", "not known"))}
    return _section(rng, "incident", opened, data)


def _person(rng: Random) -> dict[str, Any]:
    return {
        "firstName": f"Sample-{rng.randrange(100, 999)}",
        "lastName": "Testname",
        "age": rng.choice(("17", "41", ">25", "no idea", "Unknown", "")),
        "gender": rng.choice(("girl", "boy", "another gender", "not known", "boy ")),
        "relationshipToChild": rng.choice(("relative", "neighbour nearby", "met online", "")),
        "province": rng.choice(("Example North", "Example South", "")),
        "phone1": f"+1-202-555-01{rng.randrange(100):02d}",
    }


def _perpetrator(rng: Random, opened: datetime) -> Document:
    data = {
        **_person(rng),
        "perpetratorType": rng.choice(("did it", "let it happen")),
        "knownToChild": rng.choice(_ANSWERS),
        "noOfPerpetrators": rng.choice(("1", "2", "a pair", "")),
        "location": rng.choice(
            (["on the internet"], ["on the internet", "face to face"], ["face to face"], [])
        ),
        "ifOnline": rng.choice((["a game", "a messenger"], [])),
        "nationalityperp": rng.choice((["Uruguayan"], [])),
        "locatedInPhilippines": rng.random() < 0.2,
        "passportNo": "X0000000-EXAMPLE",
    }
    return _section(rng, "perpetrator", opened, data)


def _member(rng: Random, opened: datetime, number: int) -> Document:
    data = {
        **_person(rng),
        "language": rng.choice((["Esperanto", "Latin"], "Latin", "")),
        "countryhouse": rng.choice(("Uruguay", "")),
        "courtProceedings": rng.choice(("yes", "no", "")) if not number else "",
        "custodyRights": "Synthetic words on custody",
    }
    return _section(rng, "household", opened, data)


def _referral(rng: Random, opened: datetime) -> Document:
    data = {
        "date": f"{opened + timedelta(days=rng.randrange(1, 20)):%Y-%m-%d}",
        "referredTo": rng.choice(("clinic nearby", ["a lawyer", "safe house"], "")),
        "hotlineList": rng.choice((["Example hotline"], [])),
        "consentApproval": rng.choice((["the child said yes", "carer said yes"], [])),
        "name": "Sample Testname",
        "email": "sample.testname@example.org",
    }
    return _section(rng, "referral", opened, data)
