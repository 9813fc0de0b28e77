"""One contact of a synthetic Aselo export, as the files it is written to.

The content of contact ``index`` follows from the seed and the index alone.
"""

import json
import re
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, TypeVar

from dpc_kg.lift import paths
from dpc_kg.lift.generate.aselo_words import (
    ACTIONS,
    AGES,
    DEPLOYMENTS,
    GRADES,
    LIVE_CHANNELS,
    MIXED,
    ODD_AGES,
    OFFLINE_CHANNELS,
    RESOURCES,
    SPEAKING_AGES,
    UNLISTED_CHANNEL,
    Deployment,
    Pairs,
)

Document = dict[str, Any]
T = TypeVar("T")

_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_FIRST_ID = 100_001
_FIRST_DAY = datetime(2024, 1, 1, tzinfo=UTC)
_MINUTES = 520 * 24 * 60
_OLD_FORM, _NOT_COUNSELLING, _OFFLINE, _ODD_AGE = 0.15, 0.12, 0.1, 0.08
_REFERRED, _TO_HOTLINE, _UPDATED, _REPEATED = 0.35, 0.15, 0.08, 0.02
_UNKNOWN = 0.08


@dataclass(frozen=True)
class ExportFile:
    """One JSON file of the export: its path below the export folder, and what it holds."""

    path: str
    document: Document

    def content(self) -> bytes:
        """Give the bytes, written as ``JSON.stringify`` does."""
        text = json.dumps(self.document, ensure_ascii=False, separators=(",", ":"))
        return text.encode()


@dataclass(frozen=True)
class Contact:
    """A contact: its current file, earlier or repeated ones, and cells with an unknown code."""

    current: ExportFile
    others: tuple[ExportFile, ...]
    unknown: tuple[str, ...]


def contact(seed: int, index: int) -> Contact:
    """Give contact ``index`` (0-based) of the export with this seed.

    >>> contact(7, 3) == contact(7, 3)
    True
    """
    rng = Random(f"aselo:{seed}:{index}")  # noqa: S311
    forms = rng.choice(DEPLOYMENTS)
    document = _document(rng, forms, index)
    unknown: tuple[str, ...] = ()
    others: list[ExportFile] = []
    if _is_live(document) and rng.random() < _UNKNOWN:
        unknown = (_unknown_code(rng, forms, document),)
    elif rng.random() < _UPDATED:
        others.append(export_file(_earlier(document)))
        later = moment(document["updatedAt"]) + timedelta(days=rng.randrange(1, 12))
        document["updatedAt"] = stamp(later)
    elif rng.random() < _REPEATED:
        later = moment(document["updatedAt"]) + timedelta(days=1)
        others.append(ExportFile(path_of(document["id"], later), deepcopy(document)))
    return Contact(export_file(document), tuple(others), unknown)


def moment(text: str) -> datetime:
    """Read a timestamp as Aselo writes it."""
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def stamp(at: datetime) -> str:
    """Write a timestamp as Aselo does: UTC with milliseconds."""
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"


def path_of(key: str, day: datetime) -> str:
    """Give the path of the file a contact is written to on a day."""
    return f"hrm-data/{day:%Y/%m/%d}/contacts/{key}.json"


def export_file(document: Document) -> ExportFile:
    """Give the file of a contact: it stands in the folder of the day of its last update."""
    return ExportFile(path_of(document["id"], moment(document["updatedAt"])), document)


def _is_live(document: Document) -> bool:
    return bool(document["rawJson"]["childInformation"]) and document["channel"] != "default"


def _document(rng: Random, forms: Deployment, index: int) -> Document:
    start = _FIRST_DAY + timedelta(minutes=rng.randrange(_MINUTES), seconds=rng.randrange(60))
    seconds = rng.randrange(30, 4200)
    counselling = rng.random() >= _NOT_COUNSELLING
    offline = counselling and rng.random() < _OFFLINE
    old = counselling and rng.random() < _OLD_FORM
    worker = f"WK_EXAMPLE_{rng.randrange(1, 9)}"
    key = str(_FIRST_ID + index)
    entered = start + timedelta(hours=rng.randrange(2, 30)) if offline else start
    end = entered + timedelta(seconds=seconds + rng.randrange(60, 900))
    referrals = _referrals(rng, start) if counselling else []
    reports = _csam_reports(rng, key, worker, start) if counselling else []
    changes = [moment(r["referredAt"]) for r in referrals]
    changes += [moment(r["updatedAt"]) for r in reports]
    return {
        "id": key,
        "accountSid": "AC_EXAMPLE",
        "createdAt": stamp(entered + timedelta(milliseconds=rng.randrange(1, 999))),
        "finalizedAt": stamp(end),
        "updatedAt": stamp(max([end, *changes]) + timedelta(seconds=5)),
        "updatedBy": worker,
        "definitionVersion": forms.old_version if old else forms.version,
        "helpline": forms.helpline,
        "number": _number(rng),
        "channel": "default" if offline else rng.choice(LIVE_CHANNELS),
        "conversationDuration": seconds,
        "timeOfContact": stamp(start),
        "taskId": f"offline-contact-task-{key}" if offline else f"WT_EXAMPLE_{key}",
        "queueName": "Example queue",
        "twilioWorkerId": worker,
        "createdBy": worker,
        "channelSid": f"CH_EXAMPLE_{key}",
        "serviceSid": "IS_EXAMPLE",
        "caseId": str(rng.randrange(1, 900)) if rng.random() < 0.4 else None,
        "profileId": rng.randrange(1, 5000) if counselling else None,
        "identifierId": rng.randrange(1, 5000) if counselling else None,
        "rawJson": _raw(rng, forms, old=old, counselling=counselling, offline=offline, at=start),
        "csamReports": reports,
        "referrals": referrals,
        "conversationMedia": _media(key) if counselling and not offline else [],
    }


def _raw(
    rng: Random,
    forms: Deployment,
    *,
    old: bool,
    counselling: bool,
    offline: bool,
    at: datetime,
) -> Document:
    if not counselling:
        return _without_counselling(rng, forms)
    chosen = _chosen(rng, forms.categories)
    case = _case_information(rng, forms)
    if old:
        case["categories"] = _all_with_choice(forms, chosen)
    adult = rng.random() < 0.4
    return {
        "definitionVersion": forms.old_version if old else forms.version,
        "callType": forms.adult_calls if adult else forms.child_calls,
        "childInformation": _child(rng, forms, old=old, ages=AGES if adult else SPEAKING_AGES),
        "callerInformation": _caller(rng, forms) if adult else {},
        "categories": {} if old else chosen,
        "caseInformation": case,
        "contactlessTask": _contactless(rng, forms, offline=offline, at=at),
        "llmSupportedEntries": {},
        "hangUpBy": rng.choice(("Customer", "Counselor")),
    }


def _without_counselling(rng: Random, forms: Deployment) -> Document:
    return {
        "definitionVersion": forms.version,
        "callType": rng.choice(forms.not_counselling),
        "childInformation": {},
        "callerInformation": {},
        "categories": {},
        "caseInformation": {},
        "contactlessTask": _contactless(rng, forms, offline=False, at=_FIRST_DAY),
        "llmSupportedEntries": {},
        "hangUpBy": "Customer",
    }


def _child(rng: Random, forms: Deployment, *, old: bool, ages: Sequence[str]) -> Document:
    first = f"{rng.choice(forms.first_names)}-{rng.randrange(100, 999)}"
    name = {"firstName": first, "lastName": forms.last_name}
    several = rng.random() < 0.1
    odd = rng.random() < _ODD_AGE
    return {
        **({"name": name} if old else name),
        "anonymousReport": rng.random() < 0.3,
        "multipleVictims": rng.choice(MIXED),
        "numberOfVictims": str(rng.randrange(2, 6)) if several else "",
        "age": rng.choice(ODD_AGES if odd else ages),
        "gender": _maybe_padded(rng, _weighted_gender(rng, forms)),
        "streetAddress": f"{rng.randrange(1, 99)} {forms.street}",
        "province": rng.choice(forms.provinces),
        "phone1": f"+1-202-555-01{rng.randrange(100):02d}",
        "otherContact": _handle(rng),
        "schoolName": forms.school,
        "gradeLevel": rng.choice(GRADES),
        "livingSituation": rng.choice(forms.living),
        "vulnerableGroups": some(rng, forms.groups, 2),
    }


def _caller(rng: Random, forms: Deployment) -> Document:
    return {
        "firstName": f"{rng.choice(forms.first_names)}-{rng.randrange(100, 999)}",
        "lastName": forms.last_name,
        "relationshipToChild": rng.choice(forms.relations),
        "age": rng.choice((">25", "19", "Unknown", "")),
        "gender": rng.choice(forms.genders),
        "phone1": f"+1-202-555-01{rng.randrange(100):02d}",
        "email": f"caller.{rng.randrange(100, 999)}@example.org",
    }


def _case_information(rng: Random, forms: Deployment) -> Document:
    return {
        "callSummary": forms.summary.format(handle=_handle(rng)) + '\n"2nd line", with a comma.',
        "repeatCaller": rng.choice(MIXED),
        "actionTaken": some(rng, ACTIONS, 3),
        "okForCaseWorkerToCall": rng.choice(MIXED),
        "riskLevel": rng.choice((*forms.risks, "")),
    }


def _contactless(rng: Random, forms: Deployment, *, offline: bool, at: datetime) -> Document:
    return {
        "channel": rng.choice(OFFLINE_CHANNELS) if offline else "",
        "date": f"{at:%Y-%m-%d}" if offline else "",
        "time": f"{at:%H:%M}" if offline else "",
        "createdOnBehalfOf": f"WK_EXAMPLE_{rng.randrange(1, 9)}" if offline else "",
        "helpline": forms.helpline,
    }


def _chosen(rng: Random, categories: Pairs) -> dict[str, list[str]]:
    names = rng.sample(sorted(categories), rng.choice((1, 1, 1, 2)))
    chosen = {name: some(rng, categories[name], 2) or [categories[name][0]] for name in names}
    return {name: [_maybe_padded(rng, sub) for sub in subs] for name, subs in chosen.items()}


def _all_with_choice(forms: Deployment, chosen: dict[str, list[str]]) -> Document:
    """Give the old nesting: every category with every subcategory, true or false."""
    picked = {(name, sub.strip()) for name, subs in chosen.items() for sub in subs}
    every = {**forms.categories, **forms.placeless}
    return {name: {sub: (name, sub) in picked for sub in subs} for name, subs in every.items()}


def _referrals(rng: Random, start: datetime) -> list[Document]:
    if rng.random() >= _REFERRED:
        return []
    delays = (rng.randrange(3, 60), rng.randrange(120, 4320))
    times = [start + timedelta(minutes=m) for m in sorted(some(rng, delays, 2) or delays[:1])]
    picked = [rng.choice(RESOURCES) for _ in times]
    return [
        {"resourceId": resource, "referredAt": stamp(at), "resourceName": name}
        for at, (resource, name) in zip(times, picked, strict=True)
    ]


def _csam_reports(rng: Random, key: str, worker: str, start: datetime) -> list[Document]:
    if rng.random() >= _TO_HOTLINE:
        return []
    at = stamp(start + timedelta(minutes=rng.randrange(5, 90)))
    by_helpline = rng.random() < 0.7
    return [
        {
            "id": 5000 + int(key) - _FIRST_ID,
            "reportType": "counsellor-generated" if by_helpline else "self-generated",
            "csamReportId": f"HOTLINE-EXAMPLE-{key}",
            "acknowledged": by_helpline,
            "contactId": key,
            "twilioWorkerId": worker,
            "createdAt": at,
            "updatedAt": at,
        }
    ]


def _media(key: str) -> list[Document]:
    location = {"bucket": "example-bucket", "key": f"transcripts/{key}.example"}
    specific = {"type": "transcript", "location": location}
    return [{"id": int(key), "storeType": "S3", "storeTypeSpecificData": specific}]


def _unknown_code(rng: Random, forms: Deployment, document: Document) -> str:
    """Put one code without a place, or one that no form declares, and give its path."""
    raw = document["rawJson"]
    where = rng.choice(("call", "channel", "gender", "placeless", "unlisted"))
    if where == "call":
        raw["callType"] = forms.placeless_call
        return "rawJson.callType"
    if where == "channel":
        document["channel"] = UNLISTED_CHANNEL
        return "channel"
    if where == "gender":
        raw["childInformation"]["gender"] = forms.typed_name
        return "rawJson.childInformation.gender"
    source = forms.placeless if where == "placeless" else forms.unlisted
    name = rng.choice(sorted(source))
    sub = rng.choice(source[name])
    if old := raw["caseInformation"].get("categories"):
        old[name][sub] = True
        return f"rawJson.caseInformation.categories{member(name)}{member(sub)}"
    raw["categories"].setdefault(name, []).append(sub)
    place = len(raw["categories"][name]) - 1
    return f"rawJson.categories{member(name)}[{place}]"


def member(name: str) -> str:
    """Give the step of a JSONPath to a member whose name need not be a word.

    >>> member("age"), member("Harm online")
    ('.age', "['Harm online']")
    """
    return f".{name}" if _WORD.fullmatch(name) else paths.member("", name)


def _earlier(document: Document) -> Document:
    """Give a contact as it was first saved; its last update comes on a later day."""
    earlier = deepcopy(document)
    earlier["referrals"] = []
    earlier["csamReports"] = []
    if earlier["rawJson"]["childInformation"]:
        earlier["rawJson"]["childInformation"]["age"] = ""
    return earlier


def _weighted_gender(rng: Random, forms: Deployment) -> str:
    return rng.choice((*forms.genders[:2], *forms.genders, ""))


def _maybe_padded(rng: Random, value: str) -> str:
    return value + " " if value and rng.random() < 0.05 else value


def _number(rng: Random) -> str:
    if rng.random() < 0.4:
        return f"192.0.2.{rng.randrange(1, 254)}"
    return f"+1-202-555-01{rng.randrange(100):02d}"


def _handle(rng: Random) -> str:
    return f"@example_handle_{rng.randrange(1000, 9999)}"


def some(rng: Random, options: Sequence[T], most: int) -> list[T]:
    """Give up to ``most`` different options in their order, sometimes none."""
    picked = set(rng.sample(range(len(options)), rng.randrange(most + 1)))
    return [option for place, option in enumerate(options) if place in picked]
