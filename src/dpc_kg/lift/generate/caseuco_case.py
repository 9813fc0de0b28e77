"""One synthetic investigation in CASE: what was seized, the steps, the people, the relations."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from dpc_kg.lift.generate.caseuco_nodes import Node, facet, link, moment, node, number
from dpc_kg.lift.generate.caseuco_words import CANARY, Words


@dataclass
class Made:
    """One record of an export: its nodes by name, and where a word without a place stands.

    Each of ``unknown`` is (the node whose row counts, the path of the field).
    """

    number: int
    file: str
    parts: dict[str, Node]
    unknown: list[tuple[Node, str]] = field(default_factory=list)

    @property
    def nodes(self) -> list[Node]:
        """The nodes in the order of the file."""
        return list(self.parts.values())

    def say(self, words: Words, owner: str, name: str, path: str, holder: Node) -> None:
        """Put a word of a list into a node, and note it where it has no place."""
        text, is_placed = words.word(name)
        holder[path.partition("/")[2]] = text
        if not is_placed:
            self.unknown.append((self.parts[owner], path))


def investigation(seed: int, at: int) -> Made:
    """Give the investigation of that number; the same seed gives the same one."""
    rng = Random(f"case-uco/{seed}/{at}")  # noqa: S311 - test data, not a secret
    words = Words(rng)
    start = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=rng.randrange(500_000))
    parts = _things(rng, at, start)
    parts |= _accounts(rng, at, start, parts)
    parts |= _people(at, start)
    parts |= _steps(rng, at, start, parts)
    parts |= _relations(rng, at, start, parts)
    apart = {"agency", "relation", "owned", "provenance", "warrant", "tool", "owner", "scene"}
    listed = [one for name, one in parts.items() if name not in apart]
    head = node(
        f"{CANARY}-inquiry-{at}",
        "investigation:Investigation",
        core__name=f"{CANARY} operation {at}",
        core__description=f"{CANARY} words",
        action__startTime=_at(start, 0),
        action__endTime=_at(start, 90_000) if rng.random() < 0.6 else None,
        investigation__relevantAuthorization=link(parts["warrant"]),
        core__object=link(*listed),
    )
    made = Made(at, "case-uco.json", {"inquiry": head, **parts})
    _words(made, words, rng)
    return made


def _words(made: Made, words: Words, rng: Random) -> None:
    parts = made.parts
    made.say(words, "inquiry", "focus", "Investigation/investigation:focus", parts["inquiry"])
    made.say(words, "seizure", "action-name", "InvestigativeAction/core:name", parts["seizure"])
    kind = "Authorization/investigation:authorizationType"
    made.say(words, "warrant", "authorization-type", kind, parts["warrant"])
    relation = "Relationship/core:kindOfRelationship"
    made.say(words, "relation", "relation", relation, parts["relation"])
    device = parts["phone"]["core:hasFacet"][0]
    made.say(words, "phone", "device-type", "DeviceFacet/observable:deviceType", device)
    address = parts["scene"]["core:hasFacet"][0]
    made.say(words, "seizure", "place", "SimpleAddressFacet/location:addressType", address)
    if rng.random() < 0.5:
        form = "Investigation/investigation:investigationForm"
        made.say(words, "inquiry", "investigation-form", form, parts["inquiry"])


def _at(start: datetime, minutes: int) -> Node:
    return moment((start + timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%SZ"))


def _things(rng: Random, at: int, start: datetime) -> dict[str, Node]:
    digest = f"{rng.getrandbits(256):064x}"
    content = facet(
        "observable:ContentDataFacet",
        observable__mimeType=rng.choice(["image/jpeg", "video/mp4", "text/plain"]),
        observable__dataPayload=f"{CANARY} content",
        observable__hash=[
            facet(
                "types:Hash",
                types__hashMethod="SHA256",
                types__hashValue={"@type": "xsd:hexBinary", "@value": digest},
            )
        ],
    )
    file = facet(
        "observable:FileFacet",
        observable__fileName=f"{CANARY}-{at}.jpg",
        observable__sizeInBytes=number(rng.randrange(1_000, 200_000_000)),
        observable__modifiedTime=_at(start, -20_000),
        observable__accessedTime=_at(start, -9_000),
        observable__metadataChangeTime=_at(start, -8_000),
    )
    hardware = facet("observable:DeviceFacet", observable__serialNumber=f"{CANARY}-{at}")
    memory = facet(
        "observable:MobileDeviceFacet",
        observable__IMEI=f"{CANARY}-imei-{at}",
        observable__storageCapacityInBytes=number(64_000_000_000),
    )
    return {
        "warrant": node(f"{CANARY}-warrant-{at}", "investigation:Authorization"),
        "phone": node(
            f"{CANARY}-phone-{at}", "observable:Device", core__hasFacet=[hardware, memory]
        ),
        "file": node(f"{CANARY}-file-{at}", "observable:File", core__hasFacet=[file, content]),
        "provenance": node(
            f"{CANARY}-exhibit-{at}",
            "investigation:ProvenanceRecord",
            investigation__exhibitNumber=f"{CANARY}-{at}",
            core__object=[{"@id": f"kb:{CANARY}-phone-{at}"}],
        ),
        "place": node(f"{CANARY}-url-{at}", "observable:URL"),
    }


def _accounts(rng: Random, at: int, start: datetime, parts: dict[str, Node]) -> dict[str, Node]:
    program = facet(
        "observable:ApplicationFacet",
        core__name=rng.choice(["Example Messenger", "Example Forum"]),
        observable__version="1.2",
    )
    app = node(f"{CANARY}-app-{at}", "observable:Application", core__hasFacet=[program])
    kept = facet(
        "observable:AccountFacet",
        observable__accountIdentifier=f"{CANARY}{at}@example.org",
        observable__isActive=rng.random() < 0.5,
        observable__observableCreatedTime=_at(start, -300_000),
    )
    used = facet("observable:ApplicationAccountFacet", observable__application=link(app))
    first = node(
        f"{CANARY}-account-{at}", "observable:ApplicationAccount", core__hasFacet=[kept, used]
    )
    second = node(f"{CANARY}-mail-{at}", "observable:EmailAccount")
    said = facet(
        "observable:MessageFacet",
        observable__messageText=f"{CANARY} text",
        observable__sentTime=_at(start, -5_000),
        **{"observable__from": link(first), "observable__to": link(second)},
    )
    message = node(f"{CANARY}-message-{at}", "observable:Message", core__hasFacet=[said])
    return {"app": app, "account": first, "mail": second, "message": message}


def _people(at: int, start: datetime) -> dict[str, Node]:
    name = facet("identity:SimpleNameFacet", identity__familyName=f"{CANARY} family")
    return {
        "agency": node(f"agency-{at}", "identity:Organization", core__name="Example Agency"),
        "examiner": node(
            f"{CANARY}-examiner-{at}",
            "identity:Person",
            core__name=f"{CANARY} name",
            core__createdBy={"@id": f"kb:{CANARY}-clerk-{at}"},
            core__objectCreatedTime=_at(start, 0),
        ),
        "clerk": node(f"{CANARY}-clerk-{at}", "identity:Person", core__name=f"{CANARY} name"),
        "owner": node(f"{CANARY}-owner-{at}", "identity:Person", core__hasFacet=[name]),
        "subject": node(f"{CANARY}-subject-{at}", "investigation:Subject"),
        "victim": node(f"{CANARY}-victim-{at}", "victim:Victim"),
    }


def _steps(rng: Random, at: int, start: datetime, parts: dict[str, Node]) -> dict[str, Node]:
    tool = node(
        f"tool-{at}",
        "tool:Tool",
        core__name="Example Extractor",
        tool__version=f"{rng.randrange(9)}.{rng.randrange(20)}",
    )
    address = facet("location:SimpleAddressFacet", location__street=f"{CANARY} street")
    scene = node(f"{CANARY}-scene-{at}", "location:Location", core__hasFacet=[address])
    seizure = node(
        f"{CANARY}-seizure-{at}",
        "investigation:InvestigativeAction",
        action__startTime=_at(start, 600),
        action__location=link(scene),
        action__performer=link(parts["agency"]),
        action__object=link(parts["phone"]),
        action__result=link(parts["provenance"]),
    )
    imaging = node(
        f"{CANARY}-imaging-{at}",
        "investigation:InvestigativeAction",
        core__name="imaged",
        action__startTime=_at(start, 2_000),
        action__endTime=_at(start, 2_100),
        action__performer=link(parts["examiner"]),
        action__instrument=link(tool),
        action__object=link(parts["provenance"]),
        action__result=link(parts["file"]),
    )
    return {"tool": tool, "scene": scene, "seizure": seizure, "imaging": imaging}


def _relations(rng: Random, at: int, start: datetime, parts: dict[str, Node]) -> dict[str, Node]:
    sure = facet("core:ConfidenceFacet", core__confidence=number(rng.randrange(101)))
    both: dict[str, Any] = {
        "core__source": link(parts["file"]),
        "core__target": link(parts["phone"]),
    }
    return {
        "relation": node(
            f"{CANARY}-relation-{at}",
            "core:Relationship",
            core__isDirectional=True,
            core__objectCreatedTime=_at(start, 2_200),
            core__createdBy=link(parts["examiner"]),
            core__hasFacet=[sure],
            **both,
        ),
        "owned": node(
            f"{CANARY}-owned-{at}",
            "observable:ObservableRelationship",
            core__kindOfRelationship="Has_Role",
            core__source=link(parts["owner"]),
            core__target=link(parts["subject"]),
            core__isDirectional=True,
        ),
    }
