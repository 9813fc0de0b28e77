"""What a deployment's own definition files say of its export: its words, fields and headers.

A reader is a room here named after the mapping it serves; it reads the files a partner exports from
its own system, at run time. Nothing of such files is kept in this project. Of a mapping whose
tables we make ourselves, the headers stand beside it: ``headers.csv``.
"""

import csv
import importlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from dpc_kg.base.errors import MappingError, NotSupported
from dpc_kg.lift.privacy import CodeRow, Decisions, FieldDecision

__all__ = [
    "CodeRow",
    "Definitions",
    "FieldDecision",
    "read_definitions",
    "readers",
    "shipped_definitions",
]

HEADERS = "headers.csv"


@dataclass(frozen=True)
class Definitions:
    """A deployment's own definitions.

    ``codes`` replace the mapping's own rows of the lists they name. ``decisions`` tighten those of
    ``fields.csv``: what either calls personal is personal. ``headers`` gives, by source, the field
    key behind each header of a table. ``unmatched`` counts by list the values that found no code.
    """

    version: str = ""
    codes: tuple[CodeRow, ...] = ()
    decisions: tuple[FieldDecision, ...] = ()
    headers: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    unmatched: Mapping[str, int] = field(default_factory=dict)

    def with_codes(self, own: list[CodeRow]) -> list[CodeRow]:
        """Give the mapping's own rows with those of the deployment in their place."""
        replaced = {row.list for row in self.codes}
        return [row for row in own if row.list not in replaced] + list(self.codes)

    def with_decisions(self, own: Decisions) -> Decisions:
        """Give the mapping's decisions with those of the deployment, the stricter one first."""
        stricter = [d for d in self.decisions if self._tightens(own, d)]
        kept = {(d.source, d.path) for d in stricter}
        rest = [d for d in own.decisions if (d.source, d.path) not in kept]
        return Decisions([*stricter, *rest])

    def _tightens(self, own: Decisions, decision: FieldDecision) -> bool:
        known = own.decide(decision.source, decision.path)
        return known is None or (decision.status == "personal" and known.status != "personal")


def shipped_definitions(mapping_folder: Path) -> Definitions:
    """Give what a mapping of ours says of headers (``headers.csv``); nothing without such a file.

    Raises:
        MappingError: a header of a table stands for two of its columns.
    """
    path = mapping_folder / HEADERS
    headers: dict[str, dict[str, str]] = {}
    if path.is_file() and (mapping_folder / "fields.csv").is_file():
        with path.open(encoding="utf-8-sig", newline="") as file:
            for line, row in enumerate(csv.DictReader(file), start=2):
                known = headers.setdefault(row["source"], {}).setdefault(row["header"], row["path"])
                if known != row["path"]:
                    raise MappingError(
                        "A header stands for two columns.", file=path.name, row=line, column="path"
                    )
    return Definitions(headers=headers)


def readers() -> list[str]:
    """Give the names of the mappings that take definitions."""
    here = Path(__file__).parent
    return sorted(p.stem for p in here.glob("*.py") if "_" not in p.stem)


def read_definitions(mapping: str, folder: Path, mapping_folder: Path) -> Definitions:
    """Give what the definition files in ``folder`` say for a mapping.

    Raises:
        NotSupported: the mapping takes no definitions.
        MappingError: a definition file cannot be used; names the file.
    """
    if mapping not in readers():
        raise NotSupported(
            "This mapping takes no definitions.",
            term=mapping,
            advice=f"Those that do: {', '.join(readers()) or 'none yet'}.",
        )
    module = importlib.import_module(f"dpc_kg.lift.definitions.{mapping}")
    made: Definitions = module.read(folder, mapping_folder)
    return made
