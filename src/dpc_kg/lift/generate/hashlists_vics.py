"""Synthetic VICS 2.0 documents: a case with its media, and a set of media records."""

from random import Random
from typing import Any

from dpc_kg.lift.generate.hashlists_values import (
    AGENCIES,
    MIME_TYPES,
    SIZES,
    TOOLS,
    UNLISTED_AGENCIES,
    UNLISTED_TOOL,
    Series,
    canary,
    stamp,
    stamp_west,
)

Node = dict[str, Any]
MEDIA_IN_CASE = 8
_CONTEXT = "http://github.com/VICSDATAMODEL/ProjectVic/DataModels/2.0.xml/{}/$metadata#{}"
_FLAGS = (
    "VictimIdentified",
    "OffenderIdentified",
    "IsDistributed",
    "IsSuspected",
    "IsPrecategorized",
)
_ELSEWHERE = 1_000_000
"""Numbers of files that stand in no list begin here."""


def case_document(series: Series, index: int, media: int) -> Node:
    """Give the file of one case; every seventh comes from another region than the US."""
    rng = series.rng("case", index)
    region = ("UK", "Default")[index // 7 % 2] if index % 7 == 6 else "US"
    guid = series.guid("case", index)
    agency = UNLISTED_AGENCIES[index % 2] if index % 9 == 4 else rng.choice(AGENCIES)
    case: Node = {
        "CaseID": "{" + guid.upper() + "}" if index % 2 else guid,
        "CaseNumber": canary("case", index),
        "ContactName": canary("worker", index),
        "ContactEmail": f"Canary.{index}@example.org",
        "ContactPhone": f"Canary +1-555-01{index % 100:02}",
        "ContactTitle": canary("title", index),
        "ContactOrganization": agency,
        "SourceApplicationName": UNLISTED_TOOL if index % 11 == 5 else rng.choice(TOOLS),
        "SourceApplicationVersion": rng.choice(("1.0", "2.14.1", "7.3-b2")),
        "Media": [_case_media(series, index, place) for place in range(media)],
    }
    return {"@odata.context": _CONTEXT.format(region, "Cases"), "value": [case]}


def _case_media(series: Series, case: int, place: int) -> Node:
    """Give one record of media: a third of the files stand in the set as well."""
    number = case * MEDIA_IN_CASE + place
    rng = series.rng("media", number)
    file = rng.randrange(number + 1) if rng.random() < 0.35 else _ELSEWHERE + number
    digests = series.digests(file)
    if series.known and rng.random() < 0.2:
        digests = digests | rng.choice(series.known)
    made = _media(series, rng, place + 1, digests)
    made["RelativeFilePath"] = f"files\\Canary-{number}.jpg"
    made["MediaFiles"] = [
        _instance(series, rng, number, digests["md5"], copy) for copy in range(1 + number % 3 // 2)
    ]
    if number % 4 == 1:
        made["Exifs"] = [
            {"MD5": digests["md5"], "PropertyName": "Make", "PropertyValue": canary("cam", number)}
        ]
    if number % 5 == 2:
        names = [("PhotoDNA", canary("likeness", number)), ("SHA256", digests["sha256"])]
        made["AlternativeHashes"] = [
            {"MD5": digests["md5"], "HashName": name, "HashValue": value} for name, value in names
        ]
    return made


def _media(series: Series, rng: Random, key: object, digests: dict[str, str]) -> Node:
    made: Node = {"MediaID": key}
    category = rng.choice((None, 0, 1, 1, 2, 3, 4))
    if category is not None:
        made["Category"] = category
    upper = rng.random() < 0.3
    for name in ("md5", "sha1"):
        made[name.upper()] = digests[name].upper() if upper else digests[name]
    made |= {flag: rng.choice(("true", "true", "false")) for flag in _FLAGS if rng.random() < 0.4}
    if made.get("IsPrecategorized") == "true":
        made["PrecategorizationSource"] = "Example Clearing House"
    if rng.random() < 0.3:
        made |= {"Series": canary("series", key), "Tags": canary("tag", key)}
    made["DateUpdated"] = rng.choice((stamp, stamp_west))(series.moment(rng))
    made["MediaSize"] = rng.choice(SIZES)
    made["MimeType"] = rng.choice(MIME_TYPES)
    return made


def _instance(series: Series, rng: Random, number: int, md5: str, copy: int) -> Node:
    made: Node = {
        "MD5": md5,
        "FileName": f"Canary-{number}-{copy}.jpg",
        "FilePath": f"Device1\\Canary-{number}-{copy}.jpg",
        "Created": stamp(series.moment(rng)),
        "Written": stamp(series.moment(rng)),
        "SourceID": f"Canary-device-{1 + copy}",
    }
    if rng.random() < 0.4:
        made["Unallocated"] = rng.choice(("true", "false"))
    if rng.random() < 0.2:
        made["Deleted"] = "true"
    if rng.random() < 0.2:
        made["ParentMD5"] = series.digests(_ELSEWHERE * 2 + number // 16)["md5"]
        made["ParentFileName"] = f"Canary-{number // 16}.zip"
    return made


def set_context() -> str:
    """Give the context of a set of media records in the region US."""
    return _CONTEXT.format("US", "Media")


def set_entry(series: Series, index: int) -> Node:
    """Give one record of a set; every fiftieth has a number that its region does not declare."""
    rng = series.rng("set", index)
    guid = series.guid("set", index)
    key = guid if index % 3 else "{" + guid.upper() + "}"
    made = _media(series, rng, key, series.digests(index))
    if index % 50 == 20:
        made["Category"] = 9
    if index % 10 == 3:
        made["PhotoDNA"] = canary("likeness", index)
        made["Comments"] = canary("comment", index)
    return made
