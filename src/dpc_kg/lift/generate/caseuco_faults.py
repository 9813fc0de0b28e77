"""The mistakes a graph of an investigation can carry, each in one place of one record."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from dpc_kg.base.errors import DpcError
from dpc_kg.lift.generate.caseuco_case import Made
from dpc_kg.lift.generate.caseuco_nodes import Node, moment

Spoil = Callable[[Node], None]


@dataclass(frozen=True)
class Mistake:
    """One way to go wrong: ``spoil`` changes the node ``part`` (or its facet of class ``at``).

    ``blamed`` is the node whose row is named, where it is another than ``part``. One that is
    ``apart`` is a mistake only where the file has other investigations too.
    """

    file: str
    kind: str
    rules: tuple[str, ...]
    part: str
    column: str
    spoil: Spoil
    at: str | None = None
    blamed: str | None = None
    apart: bool = False

    def __call__(self, made: Made) -> tuple[Node, str]:
        """Spoil a record; give the node whose row a check must name, and the path."""
        node = made.parts[self.part]
        holder = node
        for name in (self.at or "").split():
            inner = [v for vs in holder.values() if isinstance(vs, list) for v in vs]
            holder = next(v for v in inner if isinstance(v, dict) and v.get("@type") == name)
        self.spoil(holder)
        return made.parts[self.blamed or self.part], self.column


def _without(*names: str) -> Spoil:
    def spoil(node: Node) -> None:
        for name in names:
            node.pop(name, None)

    return spoil


def _with(name: str, value: object) -> Spoil:
    return lambda node: node.update({name: value})


def _twice(name: str) -> Spoil:
    def spoil(node: Node) -> None:
        node[name] = [node[name], moment("2019-01-01T00:00:00Z")]

    return spoil


def _unlisted(name: str) -> Spoil:
    def spoil(node: Node) -> None:
        node["core:object"] = [o for o in node["core:object"] if f"-{name}-" not in o["@id"]]

    return spoil


_CASE, _CAC = "case-uco.json", "cac.ttl"
_NEVER, _DAY_FIRST = moment("2024-02-30T10:00:00Z"), moment("14/03/2024 10:00")
_HOTLINES = "cac-hotlines"
_STEP = "InvestigativeAction/action:startTime"
_RELATION = "RecordRelationShape-"
_HASH = {"@type": "xsd:hexBinary", "@value": "not a digest"}

MISTAKES: tuple[Mistake, ...] = (
    Mistake(_CASE, "missing", ("source:missing-key",), "file", "node", _without("@id")),
    Mistake(_CASE, "format", ("source:date",), "seizure", _STEP, _with("action:startTime", _NEVER)),
    Mistake(
        _CASE,
        "duplicate",
        ("InvestigativeActionShape-startedAt",),
        "imaging",
        _STEP,
        _twice("action:startTime"),
    ),
    Mistake(
        _CAC,
        "order",
        ("ReferralShape-reportToReferralSeconds",),
        "forward",
        "ForwardToLEAction/core:startTime",
        _with("core:startTime", moment("2001-01-01T00:00:00Z")),
    ),
    Mistake(
        _CASE,
        "format",
        ("source:date-order",),
        "file",
        "FileFacet/observable:modifiedTime",
        _with("observable:modifiedTime", _DAY_FIRST),
        "observable:FileFacet",
    ),
    Mistake(
        _CASE,
        "format",
        ("source:number",),
        "file",
        "FileFacet/observable:sizeInBytes",
        _with("observable:sizeInBytes", "about 3 MB"),
        "observable:FileFacet",
    ),
    Mistake(
        _CASE,
        "format",
        ("source:hash",),
        "file",
        "Hash/types:hashValue",
        _with("types:hashValue", _HASH),
        "observable:ContentDataFacet types:Hash",
    ),
    Mistake(
        _CASE,
        "format",
        ("source:boolean",),
        "relation",
        "Relationship/core:isDirectional",
        _with("core:isDirectional", "perhaps"),
    ),
    Mistake(
        _CASE,
        "format",
        ("source:number",),
        "relation",
        "ConfidenceFacet/core:confidence",
        _with("core:confidence", "rather"),
        "core:ConfidenceFacet",
    ),
    Mistake(
        _CASE,
        "missing",
        (f"{_RELATION}relationKind",),
        "owned",
        "ObservableRelationship/core:kindOfRelationship",
        _without("core:kindOfRelationship"),
    ),
    Mistake(
        _CASE,
        "missing",
        (f"{_RELATION}relationFrom",),
        "relation",
        "Relationship/core:source",
        _without("core:source"),
    ),
    Mistake(
        _CASE,
        "missing",
        ("LegalAuthorizationShape-isAuthorizationOf",),
        "inquiry",
        "Investigation/investigation:relevantAuthorization",
        _without("investigation:relevantAuthorization"),
        blamed="warrant",
    ),
    Mistake(
        _CASE,
        "missing",
        ("ProvenanceRecordShape-isProvenanceOf",),
        "provenance",
        "ProvenanceRecord/core:object",
        _without("core:object"),
    ),
    Mistake(
        _CASE,
        "missing",
        ("EvidenceItemShape-isEvidenceIn",),
        "inquiry",
        "Investigation/core:object",
        _unlisted("phone"),
        blamed="phone",
        apart=True,
    ),
    Mistake(
        _CASE,
        "missing",
        ("OnlineAccountShape-isReportedIn",),
        "inquiry",
        "Investigation/core:object",
        _unlisted("mail"),
        blamed="mail",
        apart=True,
    ),
    Mistake(
        _CASE,
        "format",
        ("InvestigativeActionShape-toolVersion",),
        "tool",
        "Tool/tool:version",
        _with("tool:version", "5 (built here)"),
        blamed="imaging",
    ),
    Mistake(
        _CASE,
        "format",
        ("source:date",),
        "message",
        "MessageFacet/observable:sentTime",
        _with("observable:sentTime", _NEVER),
        "observable:MessageFacet",
    ),
    Mistake(
        _CAC,
        "missing",
        ("HotlineReportShape-receivedAt", "HotlineReportShape-receivedAtPrecision"),
        "reporter",
        f"ReporterRole/{_HOTLINES}:roleAssignmentTime",
        _without(f"{_HOTLINES}:roleAssignmentTime"),
        blamed="report",
    ),
    Mistake(
        _CAC,
        "missing",
        ("ReferralShape-sentAt", "ReferralShape-sentAtPrecision"),
        "forward",
        "ForwardToLEAction/core:startTime",
        _without("core:startTime"),
    ),
    Mistake(
        _CAC,
        "missing",
        ("HashFeedbackShape-isFeedbackOn",),
        "feedback",
        f"HashFeedbackAction/{_HOTLINES}:referencesHash",
        _without(f"{_HOTLINES}:referencesHash"),
    ),
    Mistake(
        _CAC,
        "format",
        ("source:boolean",),
        "reporter",
        f"ReporterRole/{_HOTLINES}:isAnonymous",
        _with(f"{_HOTLINES}:isAnonymous", "maybe"),
    ),
    Mistake(
        _CAC,
        "format",
        ("source:date-order",),
        "place",
        f"URLReference/{_HOTLINES}:firstSeen",
        _with(f"{_HOTLINES}:firstSeen", _DAY_FIRST),
    ),
    Mistake(
        _CAC,
        "format",
        ("source:hash",),
        "hash",
        "Hash/observable:hashValue",
        _with("observable:hashValue", _HASH),
    ),
)


def choose(records: list[Made], faults: int, rng: Random) -> dict[int, Mistake]:
    """Give the mistakes by number of record: as many as asked for, in turn of their kinds.

    Raises:
        DpcError: fewer fitting records than faults.
    """
    several = sum(one.file == _CASE for one in records) > 1
    free = {f: [r.number for r in records if r.file == f] for f in (_CASE, _CAC)}
    for numbers in free.values():
        rng.shuffle(numbers)
    kinds = [m for m in MISTAKES if several or not m.apart]
    chosen: dict[int, Mistake] = {}
    turn = 0
    while len(chosen) < faults:
        mistake = kinds[turn % len(kinds)]
        turn += 1
        if free[mistake.file]:
            chosen[free[mistake.file].pop()] = mistake
        elif not any(free.values()):
            raise DpcError(
                "There are too few records for that many mistakes.",
                advice="Ask for more records or fewer faults: a record can hold one.",
            )
    return chosen
