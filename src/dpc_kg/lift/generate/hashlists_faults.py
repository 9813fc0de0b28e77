"""The mistakes that can be planted into a hash-lists export, each in one cell."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass

from dpc_kg.base.errors import DpcError
from dpc_kg.base.faults import Fault
from dpc_kg.lift.generate.hashlists_shared import Node
from dpc_kg.lift.generate.hashlists_units import Export, Unit, twin_file
from dpc_kg.lift.generate.planted import day_first

_SILENCING = frozenset({"missing-key", "duplicate"})
_EARLIER = 40
"""How many entries before an entry may be the one it contradicts."""


@dataclass(frozen=True)
class Mistake:
    """A kind of mistake: its source, fault kind, the rules it trips, and what plants it.

    ``plant`` changes one cell of a unit and gives the path of it, or nothing where there is no
    such cell; its last argument is an earlier sound unit of the source.
    """

    source: str
    kind: str
    rules: tuple[str, ...]
    plant: Callable[[Node, Node | None], str | None]


def plan(export: Export, faults: int) -> list[Fault]:
    """Plant ``faults`` mistakes, each in a unit of its own, and give them.

    Raises:
        DpcError: the export is too small for so many.
    """
    orders = {m.source: list(range(len(export.units(m.source)))) for m in MISTAKES}
    for source, order in orders.items():
        export.series.rng("faults", source).shuffle(order)
    used: dict[str, set[int]] = {source: set() for source in orders}
    planted: list[Fault] = []
    idle = turn = 0
    while len(planted) < faults:
        if idle == len(MISTAKES):
            message = f"There is no room for {faults} faults in different records."
            raise DpcError(message, advice="Ask for more records or fewer faults.")
        mistake = MISTAKES[turn % len(MISTAKES)]
        turn += 1
        fault = _plant(export, mistake, orders[mistake.source], used[mistake.source])
        idle = 0 if fault is not None else idle + 1
        if fault is not None:
            planted.append(fault)
    return planted


def _plant(export: Export, mistake: Mistake, order: list[int], used: set[int]) -> Fault | None:
    units = export.units(mistake.source)
    for place in order:
        unit = units[place]
        if place in used or not unit.plain:
            continue
        earlier = _earlier(units, place, used)
        node = deepcopy(unit.node)
        column = mistake.plant(node, None if earlier is None else units[earlier].node)
        if column is None:
            continue
        used.add(place)
        return _put(unit, mistake, node, column, used, earlier)
    return None


def _put(
    unit: Unit, mistake: Mistake, node: Node, column: str, used: set[int], earlier: int | None
) -> Fault:
    """Put the wrong node into its unit; a contradicted unit is not touched again."""
    code = mistake.rules[0].rpartition(":")[2]
    file = unit.file
    if mistake.source == "vics-case" and code == "duplicate":
        unit.twin, file = node, twin_file(unit)
    else:
        unit.node = node
        whole = mistake.source != "vics-case" or column == "CaseID"
        unit.silent = code in _SILENCING and whole
        if code == "duplicate" and earlier is not None:
            used.add(earlier)
    return Fault(file, None, unit.row, unit.prefix + column, mistake.kind, mistake.rules)


def _earlier(units: list[Unit], place: int, used: set[int]) -> int | None:
    """Give a sound unit shortly before, of the same element where the source has elements."""
    element = units[place].node.get("element")
    for other in range(place - 1, max(-1, place - _EARLIER), -1):
        unit = units[other]
        if other not in used and unit.plain and unit.node.get("element") == element:
            return other
    return None


# -- what is wrong


def _media(node: Node) -> list[tuple[str, Node]]:
    return [(f"Media[{i}].", media) for i, media in enumerate(node["value"][0]["Media"])]


def _in_case(name: str, value: Callable[[Node], object]) -> Callable[..., str | None]:
    """Change a cell of the case itself."""

    def plant(node: Node, earlier: Node | None) -> str:
        node["value"][0][name] = value(node)
        return name

    return plant


def _in_media(name: str, value: Callable[[str], object]) -> Callable[..., str | None]:
    """Change a cell of the first record of media that has it."""

    def plant(node: Node, earlier: Node | None) -> str | None:
        for at, media in _media(node):
            if name in media:
                media[name] = value(str(media[name]))
                return at + name
        return None

    return plant


def _in_instance(name: str, value: Callable[[str], object]) -> Callable[..., str | None]:
    """Change a cell of the first instance that has it."""

    def plant(node: Node, earlier: Node | None) -> str | None:
        for at, media in _media(node):
            for number, file in enumerate(media["MediaFiles"]):
                if name in file:
                    file[name] = value(str(file[name]))
                    return f"{at}MediaFiles[{number}].{name}"
        return None

    return plant


def _in_entry(
    name: str, value: Callable[[str], object], path: str | None = None
) -> Callable[..., str | None]:
    """Change a cell of an entry that has it; ``path`` is its path where not its name."""

    def plant(node: Node, earlier: Node | None) -> str | None:
        if name not in node or (name == "hashValue" and node["signalType"] != "VideoMD5"):
            return None
        node[name] = value(str(node[name]))
        return path or name

    return plant


def _without(name: str, path: str | None = None) -> Callable[..., str | None]:
    """Take a cell away."""

    def plant(node: Node, earlier: Node | None) -> str | None:
        return None if node.pop(name, None) is None else path or name

    return plant


def _without_status(node: Node, earlier: Node | None) -> str | None:
    states = set(node["caseNumbers"].values())
    return None if states == {"Withdrawn"} else _without("hashStatus")(node, earlier)


def _without_media_id(node: Node, earlier: Node | None) -> str:
    at, media = _media(node)[-1]
    del media["MediaID"]
    return f"{at}MediaID"


def _written_twice(node: Node, earlier: Node | None) -> str:
    node["value"][0]["Media"][0]["MediaSize"] += 1
    return "CaseID"


def _same_id(node: Node, earlier: Node | None) -> str | None:
    if earlier is None:
        return None
    node["MediaID"] = earlier["MediaID"]
    return "MediaID"


def _same_entry(node: Node, earlier: Node | None) -> str | None:
    """Say of an earlier entry, at the same time, that it has another digest."""
    if earlier is None or "md5" not in node or "timestamp" not in earlier:
        return None
    node |= {name: earlier[name] for name in ("memberId", "member", "id", "timestamp")}
    return "id"


def _no_feedback(name: str) -> Callable[..., str | None]:
    def plant(node: Node, earlier: Node | None) -> str | None:
        if "CSPFeedbacks" not in node:
            return None
        del node["CSPFeedbacks"][-1][name]
        return f"CSPFeedbacks[{len(node['CSPFeedbacks']) - 1}].{name}"

    return plant


def _short(text: str) -> str:
    return text[:-3]


def _offset_and_z(text: str) -> str:
    return f"{text[:19]}.120-05:00Z"


def _no_such_day(text: str) -> str:
    return f"{text[:4]}-02-30T10:00:00Z"


_KEY, _TWICE, _HASH = ("source:missing-key",), ("source:duplicate",), ("source:hash",)
_DATE, _ORDER, _YES_NO = ("source:date",), ("source:date-order",), ("source:boolean",)
_CASE, _SET, _SHARE, _STOP = "vics-case", "vics-hashset", "ncmec-hash-sharing", "stopncii"
_PATTERN = ("InvestigativeActionShape-toolVersion",)
_OTHER_DIGEST = "0" * 8 + "f" * 24

MISTAKES: tuple[Mistake, ...] = (
    Mistake(_CASE, "duplicate", _TWICE, _written_twice),
    Mistake(_SET, "duplicate", _TWICE, _same_id),
    Mistake(_SHARE, "duplicate", _TWICE, _same_entry),
    Mistake(_STOP, "format", _DATE, _in_entry("lastModtimestamp", lambda text: int(text) * 1000)),
    Mistake(_CASE, "missing", _KEY, _in_case("CaseID", lambda _: "")),
    Mistake(_SET, "missing", _KEY, _without("MediaID")),
    Mistake(_SHARE, "missing", _KEY, _without("id")),
    Mistake(_STOP, "missing", ("HashFeedbackShape-feedbackKind",), _no_feedback("feedbackValue")),
    Mistake(
        _CASE, "reference", ("source:reference",), _in_instance("MD5", lambda _: _OTHER_DIGEST)
    ),
    Mistake(_SET, "format", _HASH, _in_entry("SHA1", _short)),
    Mistake(_SHARE, "format", _HASH, _in_entry("md5", _short, "fingerprints/md5")),
    Mistake(_STOP, "format", _HASH, _in_entry("hashValue", _short)),
    Mistake(_CASE, "format", _YES_NO, _in_instance("Unallocated", lambda _: "perhaps")),
    Mistake(_SET, "format", _YES_NO, _in_entry("VictimIdentified", lambda _: "perhaps")),
    Mistake(_SHARE, "missing", _KEY, _without("memberId", "member/@id")),
    Mistake(_STOP, "missing", ("HashListEntryShape-signalKind",), _without("signalType")),
    Mistake(_CASE, "format", _DATE, _in_media("DateUpdated", _offset_and_z)),
    Mistake(_SET, "format", _DATE, _in_entry("DateUpdated", _offset_and_z)),
    Mistake(_SHARE, "format", _DATE, _in_entry("timestamp", _no_such_day)),
    Mistake(_STOP, "missing", ("HashListEntryShape-hasStatus",), _without_status),
    Mistake(_CASE, "format", _ORDER, _in_instance("Created", day_first)),
    Mistake(_SET, "format", _ORDER, _in_entry("DateUpdated", day_first)),
    Mistake(_SHARE, "format", _ORDER, _in_entry("timestamp", day_first)),
    Mistake(_STOP, "missing", ("HashFeedbackShape-feedbackBy",), _no_feedback("source")),
    Mistake(_CASE, "format", ("source:number",), _in_media("MediaSize", lambda _: "large")),
    Mistake(_SET, "format", ("source:number",), _in_entry("MediaSize", lambda text: f"-{text}")),
    Mistake(
        _CASE, "format", _PATTERN, _in_case("SourceApplicationVersion", lambda _: "build of June!")
    ),
    Mistake(_CASE, "format", _HASH, _in_media("SHA1", _short)),
    Mistake(_CASE, "missing", _KEY, _without_media_id),
)
