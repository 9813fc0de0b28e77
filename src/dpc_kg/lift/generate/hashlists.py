"""A synthetic export of the four sources of hash-lists, each in a folder of its own.

``records`` is the number of media in the cases, and of the entries in each of the three lists.
"""

import json
from collections.abc import Iterator
from pathlib import Path

from dpc_kg.base.errors import DpcError
from dpc_kg.lift.generate.hashlists_faults import plan
from dpc_kg.lift.generate.hashlists_units import Export, build, files, unknown
from dpc_kg.lift.generate.hashlists_values import Series
from dpc_kg.lift.generate.planted import GenerateRequest, Planted

_SET = Path("vics-hashset/set.json")


def generate(request: GenerateRequest) -> Planted:
    """Write the export into ``request.out`` and give what was planted.

    Raises:
        DpcError: too few records for the faults, or ``overlap_with`` holds no set of media.
    """
    known = tuple(_shareable(request.overlap_with)) if request.overlap_with else ()
    series = Series(request.org, request.seed, known)
    export = build(series, request.records)
    planted = Planted("hash-lists", request)
    planted.faults.extend(plan(export, request.faults))
    planted.unknown.extend(unknown(export))
    planted.overlap.extend(_shared(export))
    for name, content in files(export):
        path = request.out / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return planted


def _shareable(folder: Path) -> Iterator[dict[str, str]]:
    """Give the digests that another export's set holds, but for records with a planted fault."""
    source = folder / _SET
    if not source.is_file():
        raise DpcError("There is no set of media to overlap with.", file=str(source))
    listed = json.loads((folder / "planted.json").read_text(encoding="utf-8"))["faults"]
    spoilt = {
        fault["column"].partition(".")[0] for fault in listed if fault["file"] == _SET.as_posix()
    }
    document = json.loads(source.read_text(encoding="utf-8-sig"))
    for number, record in enumerate(document["value"]):
        if f"value[{number}]" not in spoilt:
            yield {name: record[name.upper()].lower() for name in ("md5", "sha1")}


def _shared(export: Export) -> list[dict[str, str]]:
    """Give the digests of the other export that stand in this one's cases."""
    known = {digests["md5"]: digests for digests in export.series.known}
    media = [m for unit in export.cases for m in unit.node["value"][0]["Media"]]
    used = {m["MD5"].lower() for m in media} & known.keys()
    return [known[md5] for md5 in sorted(used)]
