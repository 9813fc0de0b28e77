"""The lift report (``lift-report.json``): counts, and where the data came from; never a value."""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Protocol

import duckdb

from dpc_kg import __version__
from dpc_kg.base.vocab import PROV
from dpc_kg.lift.balance import STATES, Balance
from dpc_kg.lift.definitions import Definitions
from dpc_kg.lift.plan import Plan
from dpc_kg.lift.privacy import Decisions, FieldCount, without_names
from dpc_kg.lift.reject import Rejects
from dpc_kg.lift.request import LiftRequest
from dpc_kg.lift.resolved import Resolved
from dpc_kg.lift.rows import Loaded
from dpc_kg.lift.terms import Setting
from dpc_kg.lift.unmapped import UnknownCode

VERSION = 2
_DECIDING = ("mapping.rml.ttl", "fields.csv", "codes.csv")


class Reported(Protocol):
    """What the report asks of a lift."""

    request: LiftRequest
    folder: Path
    con: duckdb.DuckDBPyConnection
    plan: Plan
    setting: Setting
    decisions: Decisions | None
    definitions: Definitions
    loaded: dict[str, Loaded]
    resolved: dict[str, Resolved]
    rejects: Rejects
    superseded: int

    def fields(self) -> list[FieldCount]:
        """Give what became of every field."""

    def unknown(self) -> list[UnknownCode]:
        """Give the fields with values that have no place."""


def mapping_digest(folder: Path) -> str:
    """Give the SHA-256 over the files of a mapping that decide what it makes."""
    total = hashlib.sha256()
    for path in (folder / name for name in _DECIDING):
        if path.is_file():
            total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def lift_report(
    lifted: Reported, quads: int, withheld: Mapping[str, Sequence[str]]
) -> dict[str, Any]:
    """Give the report of a lift that has been written, in the published form."""
    counts = without_names(lifted.fields())
    became = _became(lifted)
    request = lifted.request
    return {
        "version": VERSION,
        "mapping": request.name,
        "organization": request.org,
        "dataset": request.dataset,
        "sources": _sources(lifted),
        "quads": quads,
        "superseded": lifted.superseded,
        "fields": [_field(lifted, c, became) for c in counts],
        "balance": _balance(counts, became),
        "unknownCodes": [asdict(u) for u in lifted.unknown()],
        "definitions": _definitions(lifted),
        "rejects": dict(sorted(lifted.rejects.counts().items())),
        "withheld": [{"record": r, "rules": rules} for r, rules in sorted(withheld.items())],
        "provenance": _provenance(lifted, quads),
    }


def _became(lifted: Reported) -> dict[tuple[str, str], Counter[str]]:
    if lifted.decisions is None:
        return {}
    asked = lifted.con, lifted.plan, lifted.resolved, lifted.setting, lifted.decisions
    return Balance(*asked).count()


def _field(
    lifted: Reported, count: FieldCount, became: Mapping[tuple[str, str], Counter[str]]
) -> dict[str, Any]:
    """Give a field's counts; of a column also its blank cells, which made nothing."""
    told: dict[str, Any] = asdict(count)
    loaded = lifted.loaded.get(count.source)
    if loaded is not None and loaded.shown(count.path) in loaded.header:
        told["blank"] = loaded.rows - count.cells
    states = became.get((count.source, count.path))
    if states is not None and count.status == "placed":
        told["became"] = {state: states[state] for state in STATES if states[state]}
    return told


def _balance(
    counts: list[FieldCount], became: Mapping[tuple[str, str], Counter[str]]
) -> dict[str, Any]:
    """Give where all filled cells went.

    ``listed`` cells are those of lists and queries, which no row of a view stands for one by one.
    """
    dropped: Counter[str] = Counter()
    told: Counter[str] = Counter()
    listed = 0
    for count in counts:
        states = became.get((count.source, count.path))
        if count.status != "placed":
            dropped[count.status] += count.cells
        elif states is None:
            listed += count.cells
        else:
            told += states
    return {
        "cells": sum(c.cells for c in counts),
        "dropped": dict(sorted(dropped.items())),
        "became": {state: told[state] for state in STATES if told[state]},
        "listed": listed,
    }


def _sources(lifted: Reported) -> list[dict[str, Any]]:
    return [
        {
            "name": loaded.source.given,
            "files": len(loaded.files),
            "sha256": sorted(loaded.digests),
            "rows": loaded.rows,
        }
        for _, loaded in sorted(lifted.loaded.items())
        if loaded.digests
    ]


def _definitions(lifted: Reported) -> dict[str, Any] | None:
    """Give which definitions were read, and how many of their values found no code."""
    if lifted.request.definitions is None:
        return None
    unmatched = dict(sorted(lifted.definitions.unmatched.items()))
    return {"version": lifted.definitions.version, "unmatched": unmatched}


def _provenance(lifted: Reported, quads: int) -> dict[str, Any]:
    """Give what was done with what (PROV-O as JSON-LD): files by their digest, never by name."""
    digests = sorted({d for loaded in lifted.loaded.values() for d in loaded.digests})
    plan = {"@type": "Plan", "name": lifted.request.name, "sha256": mapping_digest(lifted.folder)}
    program = {"@type": "SoftwareAgent", "name": "dpc-kg", "version": __version__}
    return {
        "@context": {"@vocab": PROV},
        "@type": "Activity",
        "used": [{"@type": "Entity", "sha256": digest} for digest in digests],
        "qualifiedAssociation": {"@type": "Association", "agent": program, "hadPlan": plan},
        "generated": {"@type": "Entity", "quads": quads},
    }
