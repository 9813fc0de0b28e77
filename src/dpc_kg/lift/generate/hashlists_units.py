"""The parts of a hash-lists export: what is written to which file, and where each cell stands."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from dpc_kg.lift.generate.hashlists_shared import (
    Node,
    answer,
    is_plain,
    share_entry,
    stop_record,
)
from dpc_kg.lift.generate.hashlists_values import (
    AGENCIES,
    MEMBERS,
    PLATFORMS,
    TOOLS,
    Series,
)
from dpc_kg.lift.generate.hashlists_vics import (
    MEDIA_IN_CASE,
    case_document,
    set_context,
    set_entry,
)

PAGE = 500
"""How many entries or records a page of a list holds."""
_US = "/US/$metadata"


@dataclass
class Unit:
    """One record of the export that can hold a mistake: a case, or an entry of a list.

    ``prefix`` leads from the record that the lift reads to the unit. An entry without a subject
    (``silent``) tells nothing, so its unlisted values are not counted. ``twin`` is a second,
    contradicting copy of a case.
    """

    source: str
    file: str
    row: int
    prefix: str
    node: Node
    plain: bool = True
    silent: bool = False
    twin: Node | None = None


@dataclass
class Export:
    """All units by source, in the order of the files."""

    series: Series
    cases: list[Unit] = field(default_factory=list)
    entries: list[Unit] = field(default_factory=list)
    shares: list[Unit] = field(default_factory=list)
    stops: list[Unit] = field(default_factory=list)

    def units(self, source: str) -> list[Unit]:
        """Give the units of a source."""
        return {
            "vics-case": self.cases,
            "vics-hashset": self.entries,
            "ncmec-hash-sharing": self.shares,
            "stopncii": self.stops,
        }[source]


def build(series: Series, records: int) -> Export:
    """Give a correct export: ``records`` media in cases, and as many entries of each list."""
    made = Export(series)
    for index, start in enumerate(range(0, records, MEDIA_IN_CASE)):
        media = min(MEDIA_IN_CASE, records - start)
        document = case_document(series, index, media)
        name = f"vics-case/case-{index + 1:05}.json"
        made.cases.append(Unit("vics-case", name, 1, "value[0].", document))
    for index in range(records):
        node, at = set_entry(series, index), f"value[{index}]."
        made.entries.append(Unit("vics-hashset", "vics-hashset/set.json", 1, at, node))
        page = index // PAGE + 1
        share, stop = share_entry(series, index), stop_record(series, index)
        name = f"ncmec-hash-sharing/answer-{page:05}.xml"
        plain = is_plain(index)
        made.shares.append(Unit("ncmec-hash-sharing", name, 1, "", share, plain))
        name = f"stopncii/page-{page:05}.json"
        made.stops.append(Unit("stopncii", name, index % PAGE + 1, "", stop))
    place_shares(made.shares)
    return made


def place_shares(shares: list[Unit]) -> None:
    """Give each entry of the clearing house its path in its answer, with an index where needed."""
    kinds = Counter((u.file, u.node["element"]) for u in shares)
    seen: Counter[tuple[str, str]] = Counter()
    for unit in shares:
        kind = (unit.file, str(unit.node["element"]))
        seen[kind] += 1
        group = "images" if kind[1].endswith(("image", "Image")) else "videos"
        index = f"[{seen[kind]}]" if kinds[kind] > 1 else ""
        unit.prefix = f"{group}/{kind[1]}{index}/"


def files(export: Export) -> Iterator[tuple[str, bytes]]:
    """Give (path, content) of every file of the export."""
    for unit in export.cases:
        yield unit.file, _json(unit.node, bom=unit.file.endswith("3.json"))
        if unit.twin is not None:
            yield twin_file(unit), _json(unit.twin)
    document = {"@odata.context": set_context(), "value": [u.node for u in export.entries]}
    yield export.entries[0].file, _json(document, bom=True)
    for name, nodes in _pages(export.shares):
        yield name, answer(nodes)
    for name, nodes in _pages(export.stops):
        yield name, _json({"count": len(nodes), "hashRecords": nodes, "hasMoreRecords": False})


def twin_file(unit: Unit) -> str:
    """Give the name of the file that contradicts a case; it comes after the case's own."""
    return unit.file.replace(".json", "b.json")


def _pages(units: list[Unit]) -> Iterator[tuple[str, list[Node]]]:
    pages: dict[str, list[Node]] = {}
    for unit in units:
        pages.setdefault(unit.file, []).append(unit.node)
    yield from pages.items()


def _json(document: object, *, bom: bool = False) -> bytes:
    text = json.dumps(document, ensure_ascii=False, indent=1) + "\n"
    return ("\ufeff" if bom else "").encode() + text.encode()


def unknown(export: Export) -> Iterator[dict[str, Any]]:
    """Give the cells whose value the mapping's lists do not hold."""
    finders = (
        (export.cases, _of_case),
        (export.entries, _of_entry),
        (export.shares, _of_share),
        (export.stops, _of_stop),
    )
    for units, find in finders:
        for unit in units:
            for column in find(unit):
                path = unit.prefix + column
                yield {"file": unit.file, "row": unit.row, "column": path}


def _of_case(unit: Unit) -> Iterator[str]:
    if unit.silent:
        return
    (case,) = unit.node["value"]
    if case["ContactOrganization"] not in AGENCIES:
        yield "ContactOrganization"
    if case["SourceApplicationName"] not in TOOLS:
        yield "SourceApplicationName"
    for place, media in enumerate(case["Media"]):
        if _US not in unit.node["@odata.context"] and "MediaID" in media:
            yield f"Media[{place}].Category"
        for number, other in enumerate(media.get("AlternativeHashes", ())):
            if other["HashName"] == "PhotoDNA":
                yield f"Media[{place}].AlternativeHashes[{number}].HashName"


def _of_entry(unit: Unit) -> Iterator[str]:
    if not unit.silent and unit.node.get("Category") == 9:
        yield "Category"


def _of_share(unit: Unit) -> Iterator[str]:
    if unit.node.get("memberId", unit.node["member"]) not in {n for m in MEMBERS for n in m}:
        yield "member"


def _of_stop(unit: Unit) -> Iterator[str]:
    if unit.node.get("signalType", "VideoMD5") != "VideoMD5":
        yield "signalType"
    for number, feedback in enumerate(unit.node.get("CSPFeedbacks", ())):
        if feedback.get("source", PLATFORMS[0]) not in PLATFORMS:
            yield f"CSPFeedbacks[{number}].source"
