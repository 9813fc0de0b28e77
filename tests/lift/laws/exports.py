"""Exports of every generator, in every form that it has, and the files of their sources."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dpc_kg.base.assets import mapping_dir
from dpc_kg.cli.assign import assigned
from dpc_kg.lift.generate import GenerateRequest, generate, generators
from dpc_kg.lift.plan import Plan, Source
from dpc_kg.lift.privacy import Decisions, read_fields
from dpc_kg.lift.rml import compile_rml

ORG = "example-org"
GENERATORS = generators()
FORMS = {"primero-json": ("primero", "json")}
"""The generators that write an export twice: the folder of the other form, by a name of its own."""

VARIANTS = sorted([*GENERATORS, *FORMS])
"""Every export there is."""


@dataclass(frozen=True)
class Export:
    """A generated export: its mapping, the plan, and the file or folder of each source."""

    mapping: str
    folder: Path
    plan: Plan
    sources: dict[str, Path]
    document: dict[str, Any]

    @property
    def decisions(self) -> Decisions:
        """Give the decisions of the mapping."""
        found = read_fields(mapping_dir(self.mapping))
        assert found is not None
        return found

    def files(self, source: Source) -> list[Path]:
        """Give the files of a source, in order of their paths."""
        path = self.sources[source.given]
        if not path.is_dir():
            return [path]
        ending = {"JSONPath": ".json", "XPath": ".xml"}[source.formulation]
        found = [p for p in path.rglob(f"*{ending}") if p.name != "planted.json"]
        # a folder of several sources has a folder of each one's name around its files
        own = [p for p in found if p.parent.name == source.name]
        return sorted(own or found, key=lambda p: p.relative_to(path).parts)


def export(generator: str, folder: Path, records: int, faults: int = 0, seed: int = 5) -> Export:
    """Generate an export and find its sources."""
    generator, form = FORMS.get(generator, (generator, ""))
    planted = generate(generator, GenerateRequest(records, seed, faults, folder, ORG))
    plan = compile_rml(mapping_dir(planted.mapping) / "mapping.rml.ttl")
    document = json.loads((folder / form / "planted.json").read_text(encoding="utf-8"))
    return Export(planted.mapping, folder, plan, _sources(plan, folder / form), document)


def _sources(plan: Plan, folder: Path) -> dict[str, Path]:
    """Give the sources the program finds; of a tree of documents, those whose folders are there."""
    if books := sorted(folder.glob("*.xlsx")):
        return {s.name: book for s in plan.sources for book in books if s.table is not None}
    if all(s.formulation == "CSV" for s in plan.sources) and not list(folder.glob("*.csv")):
        # what is read from tables is read from the JSON of the same system too
        named = {s.name: folder / f"{s.name}.json" for s in plan.sources}
        return {name: path for name, path in named.items() if path.is_file()}
    inner = {p.name for p in folder.rglob("*") if p.is_dir()}
    named = {
        s.name: folder for s in plan.sources if s.name in inner and not (folder / s.name).is_dir()
    }
    return named or assigned(plan, [folder])


def json_records(document: Any, iterator: str) -> list[Any]:
    """Give the nodes an iterator of names, lists and wildcards reaches."""
    # an array in place of a record is one of records
    nodes = document if iterator == "$" and isinstance(document, list) else [document]
    for name in re.findall(r"\.(\w+|\*)|\[(?=\*\])", iterator.removeprefix("$")):
        if name in ("", "*"):
            nodes = [v for n in nodes for v in (n.values() if isinstance(n, dict) else n)]
        else:
            nodes = [n[name] for n in nodes if name in n]
    return nodes
