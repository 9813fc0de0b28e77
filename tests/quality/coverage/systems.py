"""The ten systems, and the files below the shared data that define the fields of each."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

from dpc_kg.lift.privacy import Decisions, FieldDecision
from tests.quality.coverage import definitions, samples
from tests.quality.coverage.fields import Part, System
from tests.quality.tree import Tree

OURS = frozenset({("hotline", "exchange")})
"""Tables whose columns are our own invention: that they have a place is no evidence."""

_TABLES = {
    "years": "ocse-reports-per-year",
    "countries": "ocse-reports-per-country",
    "contents": "ocse-report-contents",
    "comparable": "comparable-reports-by-provider",
    "recipients": "ocse-report-recipients",
    "relationships": "csam-pieces-by-relationship-to-victim",
    "states": "ocse-reports-by-state",
    "per-capita": "ocse-reports-per-year-country-capita",
    "comparable-rows": "comparable-reports",
    "country-codes": "countries",
    "regions": "regions",
    "meta": "meta-2024-q2-child-rows",
}
_CASE = ("Oresteia", "accounts", "file", "forensic_lifecycle", "message")
_CAC = ("hotline-lifecycle", "investigation-lifecycle")
_ANSWERS = {"attribute": "value", "dataElement": "value"}


def systems(tree: Tree, data: Path) -> list[System]:
    """Give the ten systems with their decisions and definitions, in the order of their value."""
    return [System(name, decisions(tree, name), parts(data)) for name, parts in _PARTS.items()]


def decisions(tree: Tree, name: str) -> Decisions:
    """Give the rows of a mapping's ``fields.csv`` as they stand, a status not checked."""
    text = tree.text(f"mappings/lift/{name}/fields.csv")
    return Decisions(
        [
            FieldDecision(
                source=row["source"],
                path=row["path"],
                status=row["status"],
                term=row["term"],
                reason=row["reason"],
            )
            for row in csv.DictReader(io.StringIO(text))
        ]
    )


def _aselo(data: Path) -> tuple[Part, ...]:
    found = definitions.aselo(data / "aselo" / "form-definitions")
    return (Part("forms", "definition: forms of 8 helplines", found, is_typed=True),)


def _cybertipline(data: Path) -> tuple[Part, ...]:
    found = definitions.cybertipline(data / "ncmec" / "cybertip-element-inventory.csv")
    return (Part("elements", "definition: 105 lines of an inventory, types written out", found),)


def _primero(data: Path) -> tuple[Part, ...]:
    found = definitions.primero(data / "primero" / "forms-derived.json")
    return (Part("forms", "definition: the forms it comes with", found, is_typed=True),)


def _statistics(data: Path) -> tuple[Part, ...]:
    tables = [samples.columns(s, data / "ncmec" / f"{file}.csv") for s, file in _TABLES.items()]
    figures = samples.platforms(data / "ncmec" / "ocse-reports-per-platform.json")
    return (
        Part("tables", "published files: columns of 12 tables", sum(tables, ())),
        Part("platforms", "published file: members and labels of columns", figures),
    )


def _hotline(data: Path) -> tuple[Part, ...]:
    path = data / "aselo" / "iwf-report.synthetic.json"
    return (Part("iwf", "sample", samples.json_sample("iwf", path)),)


def _hash_lists(data: Path) -> tuple[Part, ...]:
    case = samples.json_sample("vics-case", data / "vics" / "vics-2.0-case.synthetic.json")
    known = samples.json_sample("vics-hashset", data / "vics" / "vics-2.0-hashset.synthetic.json")
    shared = samples.xml_sample(
        "ncmec-hash-sharing", data / "ncmec" / "hashsharing-v2.synthetic.xml"
    )
    return (
        Part("vics-case", "sample", case),
        Part("vics-hashset", "sample", known),
        Part("ncmec-hash-sharing", "sample", shared),
    )


def _ssd(data: Path) -> tuple[Part, ...]:
    found = definitions.ssd(data / "la-england" / "ssd-objects")
    return (Part("tables", "definition: columns of 49 tables", found),)


def _gbvims(data: Path) -> tuple[Part, ...]:
    path = data / "primero" / "config_locales_incident_recorder_en.yml"
    return (Part("incident-data", "definition: keys of the headers", definitions.gbvims(path)),)


def _ngo(data: Path) -> tuple[Part, ...]:
    ngo = data / "ngo"
    kobo = samples.json_sample("kobo", ngo / "kobo-submission.synthetic.json", "results")
    commcare = samples.json_sample("commcare", ngo / "commcare-case-v2.sample.json")
    dhis2 = samples.json_sample(
        "dhis2", ngo / "dhis2-tracker.synthetic.json", "trackedEntities", _ANSWERS
    )
    return (
        Part("kobo", "sample", kobo),
        Part("commcare", "sample", commcare),
        Part("dhis2", "sample", dhis2),
    )


def _case_uco(data: Path) -> tuple[Part, ...]:
    folder = data / "case-uco-cac"
    case = samples.graph_sample("case-uco", [folder / f"{name}.json" for name in _CASE])
    cac = samples.graph_sample("cac", [folder / f"{name}.ttl" for name in _CAC])
    return (
        Part("case-uco", "5 published examples", case),
        Part("cac", "2 published examples", cac),
    )


_PARTS: dict[str, Callable[[Path], tuple[Part, ...]]] = {
    "aselo": _aselo,
    "cybertipline": _cybertipline,
    "primero": _primero,
    "ncmec-statistics": _statistics,
    "hotline": _hotline,
    "hash-lists": _hash_lists,
    "ssd": _ssd,
    "gbvims": _gbvims,
    "ngo": _ngo,
    "case-uco": _case_uco,
}
