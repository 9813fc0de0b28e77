"""What is still missing in a mapping's folder, said before any data is sent."""

from dataclasses import dataclass
from pathlib import Path

from dpc_kg.base.errors import DpcError, MappingError
from dpc_kg.lift.mapdraft.examine_cells import found_in_files
from dpc_kg.lift.mapdraft.examine_codes import wrong_codes
from dpc_kg.lift.mapdraft.examine_fields import wrong_fields
from dpc_kg.lift.mapdraft.examine_terms import wrong_terms
from dpc_kg.lift.mapdraft.findings import (
    BROKEN,
    CODES,
    FIELDS,
    MAPPING,
    Finding,
    line_of,
    ordered,
)
from dpc_kg.lift.mapdraft.observe import can_observe, observe_source
from dpc_kg.lift.mapdraft.observed import Observed
from dpc_kg.lift.plan import Plan
from dpc_kg.lift.privacy import Decisions, read_codes, read_fields
from dpc_kg.lift.rml import compile_rml
from dpc_kg.lift.tables import wanted_columns

_COLUMNS = {
    FIELDS: ("source", "path", "status", "term", "reason"),
    CODES: ("list", "value", "code", "scheme"),
}


@dataclass(frozen=True)
class Folder:
    """A mapping's folder that could be read: its plan, its decisions, the document's own text."""

    path: Path
    plan: Plan
    decisions: Decisions
    text: str


@dataclass(frozen=True)
class Examined:
    """The outcome: what was found, what the given files hold, and which sources a lift needs."""

    findings: tuple[Finding, ...]
    observed: dict[str, Observed]
    needed: frozenset[str] = frozenset()

    @property
    def whole(self) -> bool:
        """Whether the mapping can be lifted with."""
        return all(f.severity != BROKEN for f in self.findings)


def examine(path: Path, sources: dict[str, Path]) -> Examined:
    """Give all that is wrong or open in a mapping's folder, and in it for these files.

    Raises:
        DpcError: there is no such folder, or a source of that name is not in the mapping.
        SourceError: a file cannot be read.
    """
    if not path.is_dir():
        raise DpcError("There is no such folder.", file=str(path), advice="Make one: map init")
    broken = _missing(path)
    folder = None if broken else _read(path, broken)
    if folder is None:
        return Examined(ordered(broken), {})
    for name in sorted(set(sources) - {s.name for s in folder.plan.sources}):
        known = ", ".join(s.name for s in folder.plan.sources)
        raise MappingError(
            f"The mapping has no source named {name}.", advice=f"Its sources: {known}."
        )
    readable = {name: file for name, file in sorted(sources.items()) if can_observe(file)}
    observed = {name: _observed(folder, name, file) for name, file in readable.items()}
    found = [
        *wrong_fields(path, folder.plan, folder.decisions, folder.text),
        *wrong_terms(folder.plan, folder.text),
        *wrong_codes(path, folder.plan, folder.text),
        *found_in_files(folder.plan, folder.decisions, observed),
    ]
    needed = frozenset(s.name for s in folder.plan.sources if not s.optional)
    return Examined(ordered(found), observed, needed)


def _observed(folder: Folder, name: str, file: Path) -> Observed:
    """Give what a file holds, read where a lift would read it."""
    source = folder.plan.source(name)
    views = [v for v in folder.plan.views if v.source == name and v.on is None]
    wanted = wanted_columns(source, views) - folder.decisions.optional(name)
    return observe_source(file, source, wanted)


def _missing(path: Path) -> list[Finding]:
    needed = {
        MAPPING: "It says what becomes of the fields",
        FIELDS: "It says of every field whether it is placed, personal or none",
        CODES: "It holds the words of your lists; without lists, its header alone",
    }
    return [
        Finding(BROKEN, "missing-file", "This file is missing.", f"{why}.", file=name)
        for name, why in needed.items()
        if not (path / name).is_file()
    ]


def _read(path: Path, broken: list[Finding]) -> Folder | None:
    """Give the folder's content; where it cannot be read, say why in ``broken``."""
    text = (path / MAPPING).read_text(encoding="utf-8", errors="replace")
    broken += [f for name, columns in _COLUMNS.items() for f in _headless(path / name, columns)]
    if broken:
        return None
    plan, decisions = None, None
    try:
        plan = compile_rml(path / MAPPING)
    except DpcError as e:
        line = e.line or (line_of(text, e.term) if e.term else None)
        broken.append(_broken(e, MAPPING, "mapping", line))
    try:
        decisions = read_fields(path)
    except DpcError as e:
        broken.append(_broken(e, FIELDS, "field-status", e.row))
    try:
        read_codes(path)
    except DpcError as e:
        broken.append(_broken(e, CODES, "value-twice", e.row))
    if broken or plan is None or decisions is None:
        return None
    return Folder(path, plan, decisions, text)


def _headless(path: Path, columns: tuple[str, ...]) -> list[Finding]:
    """Give what is wrong with a table's header; a spreadsheet may have put semicolons in it."""
    with path.open(encoding="utf-8-sig", errors="replace") as file:
        header = file.readline().strip()
    if set(columns) <= set(header.replace('"', "").split(",")):
        return []
    advice = f"The first line is: {','.join(columns)}"
    if header.count(";") >= len(columns) - 1:
        advice = "It was saved with semicolons. Save it with commas (CSV UTF-8, comma separated)."
    return [Finding(BROKEN, "columns", "A column is missing.", advice, file=path.name, line=1)]


def _broken(error: DpcError, file: str, rule: str, line: int | None) -> Finding:
    return Finding(
        BROKEN,
        rule,
        error.message,
        error.advice or "",
        file=file,
        line=line,
        column=error.column,
        term=error.term,
    )
