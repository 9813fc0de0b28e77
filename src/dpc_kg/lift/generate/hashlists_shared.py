"""Synthetic records of shared lists: the entries of a clearing house, and hashes of a request.

An entry is a plain dictionary of its cells; ``answer`` writes a page of them as XML.
"""

from datetime import timedelta
from typing import Any
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from dpc_kg.lift.generate.hashlists_values import (
    FEEDBACKS,
    MEMBERS,
    PLATFORMS,
    UNLISTED_MEMBER,
    Series,
    canary,
    stamp,
)

Node = dict[str, Any]
HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    "<!-- SYNTHETIC: written by a generator; no file and no member is real. -->\n"
)
_OLDER, _DELETED = (17, 5), (13, 7)
_ELSEWHERE = 3_000_000


def follows(index: int) -> bool:
    """Tell whether an entry speaks of the one before it: an older version, or its deletion."""
    return index % _OLDER[0] == _OLDER[1] or index % _DELETED[0] == _DELETED[1]


def is_plain(index: int) -> bool:
    """Tell whether no other entry speaks of the same thing."""
    return not follows(index) and not follows(index + 1)


def share_entry(series: Series, index: int) -> Node:
    """Give one entry; an older version comes after the newer one, as the source has no order."""
    if follows(index):
        before = share_entry(series, index - 1)
        if "timestamp" not in before:
            return before
        if index % _DELETED[0] == _DELETED[1]:
            kind = str(before["element"]).removeprefix("deleted").capitalize()
            kept = {name: before[name] for name in ("member", "memberId", "id")}
            return {"element": f"deleted{kind}", **kept}
        older = series.moment(series.rng("share", index - 1)) - timedelta(days=70)
        return before | {"timestamp": stamp(older), "classification": "B2"}
    rng = series.rng("share", index)
    at = stamp(series.moment(rng))
    member = UNLISTED_MEMBER if index % 23 == 11 else rng.choice(MEMBERS)
    made: Node = {
        "element": rng.choice(("image", "image", "video")),
        "member": member[1],
        "memberId": member[0],
        "id": f"example-{series.org}-{index}",
    }
    if index % 9 == 8:
        return made | {"element": rng.choice(("deletedImage", "deletedVideo"))}
    shared = rng.random() < 0.3
    digests = series.digests(rng.randrange(index + 1) if shared else _ELSEWHERE + index)
    if series.known and rng.random() < 0.2:
        digests = digests | rng.choice(series.known)
    made |= {"timestamp": at, "classification": rng.choice(("A1", "A2", "B1", "B2"))}
    if index % 12 != 10:
        made["md5"] = digests["md5"]
    if rng.random() < 0.5:
        made["sha1"] = digests["sha1"].upper()
    return made | {"pdna": canary("likeness", index)}


def answer(entries: list[Node]) -> bytes:
    """Give one page of entries as the interface writes it: images first, then videos."""
    root = Element("queryResult")
    for group, kinds in (
        ("images", ("image", "deletedImage")),
        ("videos", ("video", "deletedVideo")),
    ):
        chosen = [e for e in entries if e["element"] in kinds]
        times = [e["timestamp"] for e in chosen if "timestamp" in e]
        latest = max(times) if times else "2025-03-01T00:00:00Z"
        holder = SubElement(root, group, count=str(len(chosen)), maxTimestamp=latest)
        for entry in chosen:
            _entry(holder, entry)
    SubElement(SubElement(root, "paging"), "next").text = "/v2/entries?start=1001&size=1000"
    indent(root, space=" ", level=0)
    return (HEAD + tostring(root, encoding="unicode") + "\n").encode()


def _entry(holder: Element, entry: Node) -> None:
    made = SubElement(holder, entry["element"])
    number = {"id": entry["memberId"]} if "memberId" in entry else {}
    SubElement(made, "member", number).text = entry["member"]
    for name in ("timestamp", "id", "classification"):
        if name in entry:
            SubElement(made, name).text = entry[name]
    if "timestamp" in entry:
        prints = SubElement(made, "fingerprints")
        for name in ("md5", "sha1", "pdna"):
            if name in entry:
                SubElement(prints, name).text = entry[name]


def stop_record(series: Series, index: int) -> Node:
    """Give one hash that a person asked to have found, with what platforms answered."""
    rng = series.rng("stop", index)
    kind = rng.choice(("ImagePDQ", "ImagePDQ", "VideoMD5", "VideoMD5", "VideoTMK", "Text", "URL"))
    shared = rng.random() < 0.3
    file = rng.randrange(index + 1) if shared else _ELSEWHERE * 2 + index
    value = series.digests(file)["md5"] if kind == "VideoMD5" else canary("likeness", index)
    requests = [f"Canary-{index}-{n}" for n in range(rng.choice((1, 1, 2)))]
    states = ("Active", "Active", "Withdrawn")
    made: Node = {
        "lastModtimestamp": int(series.moment(rng).timestamp()),
        "signalType": kind,
        "hashValue": value,
        "hashStatus": rng.choice(("Received", "Active", "Active", "Withdrawn", "Deleted")),
        "caseNumbers": {request: rng.choice(states) for request in requests},
    }
    if rng.random() < 0.4:
        made["CSPFeedbacks"] = [
            {"feedbackValue": rng.choice(FEEDBACKS), "source": by, "tags": [canary("tag", index)]}
            for by in rng.sample(PLATFORMS, rng.choice((1, 2)))
        ]
    return made
