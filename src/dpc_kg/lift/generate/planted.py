"""What a generator was asked for, and the list of what it planted: the truth tests compare with."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dpc_kg.base.errors import DpcError
from dpc_kg.base.faults import Fault


@dataclass(frozen=True)
class GenerateRequest:
    """Size, seed and faults of a synthetic export; ``overlap_with`` is an earlier export."""

    records: int
    seed: int
    faults: int
    out: Path
    org: str
    overlap_with: Path | None = None


@dataclass(frozen=True)
class Planted:
    """What an export holds on purpose.

    ``unknown`` lists code cells without a place in the model (not faults), ``overlap`` the hashes
    it shares with ``overlap_with``.
    """

    mapping: str
    request: GenerateRequest
    faults: list[Fault] = field(default_factory=list)
    unknown: list[dict[str, Any]] = field(default_factory=list)
    overlap: list[dict[str, str]] = field(default_factory=list)


def refuse_overlap(request: GenerateRequest) -> None:
    """Refuse to share hashes with another export where there are none.

    Raises:
        DpcError: an overlap was asked for.
    """
    if request.overlap_with is not None:
        raise DpcError(
            "This export cannot overlap with another: it holds no hashes.",
            advice="Leave out --overlap-with; hash-lists and cybertipline can overlap.",
        )


def day_first(moment: str) -> str:
    """Write a moment of ISO 8601 day first, as a spreadsheet leaves it."""
    return f"{moment[8:10]}/{moment[5:7]}/{moment[:4]} {moment[11:16]}"


def write_planted(planted: Planted, out: Path) -> Path:
    """Write ``planted.json`` beside the export and give its path."""
    document = {
        "mapping": planted.mapping,
        "org": planted.request.org,
        "records": planted.request.records,
        "seed": planted.request.seed,
        "faults": [fault.as_dict() for fault in sorted(planted.faults, key=lambda f: f.place)],
        "unknown": planted.unknown,
        "overlap": planted.overlap,
    }
    path = out / "planted.json"
    text = json.dumps(document, ensure_ascii=False, indent=1, sort_keys=False)
    path.write_text(text + "\n", encoding="utf-8", newline="\n")
    return path
