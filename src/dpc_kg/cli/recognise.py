"""Which system an export comes from: its files held against the sources of every mapping."""

import re
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NoReturn

from dpc_kg.base.assets import mapping_dir, mapping_names
from dpc_kg.base.errors import DpcError, MappingError
from dpc_kg.cli.assign import TABLES, Fit, Look, assigned, of_interest, says_otherwise
from dpc_kg.cli.fitting import fit_of_leaves, fit_of_rdf, fit_of_tables, wanted_of
from dpc_kg.lift.definitions import (
    Definitions,
    read_definitions,
    readers,
    shipped_definitions,
)
from dpc_kg.lift.heads import Heads
from dpc_kg.lift.paths import UnknownPath
from dpc_kg.lift.plan import Plan, Source
from dpc_kg.lift.privacy import Decisions, read_fields
from dpc_kg.lift.rml import compile_rml

_NEAR = 0.2
_SHOWN = 5


@dataclass(frozen=True)
class Known:
    """A mapping that an export may be of, with the headers of the deployment's own definitions."""

    name: str
    definitions: Path | None = None
    _wanted: dict[str, frozenset[str]] = field(default_factory=dict, compare=False)

    @cached_property
    def document(self) -> Path:
        """The RML document."""
        is_path = self.name.endswith(".ttl")
        return Path(self.name) if is_path else mapping_dir(self.name) / "mapping.rml.ttl"

    @property
    def plan(self) -> Plan:
        """The compiled document."""
        return self._read[0]

    @property
    def decisions(self) -> Decisions:
        """What the mapping decided about fields; nothing, for a document of others."""
        return self._read[1]

    @cached_property
    def _read(self) -> tuple[Plan, Decisions]:
        return (_read if self.name.endswith(".ttl") else _read_once)(self.document)

    def wanted(self, source: Source) -> frozenset[str]:
        """Give the columns that a table of a source must have."""
        if source.given not in self._wanted:
            self._wanted[source.given] = wanted_of(self.plan, self.decisions, source)
        return self._wanted[source.given]

    @cached_property
    def own(self) -> Definitions:
        """The deployment's definitions, if they are of this mapping; else what it ships itself."""
        if self.definitions is None or self.name not in readers():
            return shipped_definitions(self.document.parent)
        try:
            return read_definitions(self.name, self.definitions, self.document.parent)
        except DpcError:
            return Definitions()


def _read(document: Path) -> tuple[Plan, Decisions]:
    return compile_rml(document), read_fields(document.parent) or Decisions([])


_read_once = cache(_read)
"""Mappings of ours do not change while the program runs."""


@dataclass
class Recogniser:
    """Looks at the heads of files for mappings; what it saw it remembers."""

    heads: Heads
    seen: dict[tuple[str, str, Path], Fit | None] = field(default_factory=dict)

    def look(self, known: Known) -> Look:
        """Give what tells how well a file is a source of a mapping."""

        def fit(source: Source, path: Path) -> Fit | None:
            key = (known.name, source.given, path)
            if key not in self.seen:
                self.seen[key] = self._fit(known, source, path)
            return self.seen[key]

        return fit

    def _fit(self, known: Known, source: Source, path: Path) -> Fit | None:
        try:
            if source.formulation == "SPARQL":
                if path.is_dir():
                    return None
                return fit_of_rdf(known.decisions, source, self.heads.head(source, path))
            if source.formulation != "CSV":
                return fit_of_leaves(known.decisions, source, self.heads.leaves(source, path))
            if path.is_dir():
                return None
            titles = known.own.headers.get(source.name, {})
            tables = self.heads.tables(source, path)
            return fit_of_tables(known.decisions, source, known.wanted(source), tables, titles)
        except (DpcError, UnknownPath):
            return None

    def nearest(self) -> tuple[str, str, Path, Fit] | None:
        """Give mapping, source, file and fit of the best that was seen."""
        fits = [(m, s, p, f) for (m, s, p), f in self.seen.items() if f is not None]
        return max(fits, key=lambda f: (f[3].good, f[3].found, f[3].rank), default=None)


def recognised(
    files: list[Path], mapping: str | None = None, definitions: Path | None = None
) -> tuple[str, dict[str, Path]]:
    """Give the mapping of an export, unless it is named, and its sources' files.

    Raises:
        MappingError: no mapping fits, or several do; a source has no file, or a file no source; the
            header of a table does not stand in its first row.
        SourceError: no mapping fits, and a file is none that can be read.
    """
    with TemporaryDirectory(prefix="dpc-look-") as work:
        one = Recogniser(Heads(Path(work)))
        known = Known(mapping or _guessed(one, files, definitions), definitions)
        look = one.look(known)
        found = assigned(known.plan, files, look)
        sources = {s.given: s for s in known.plan.sources}
        for name, path in found.items():
            _refuse_low_header(path, look(sources[name], path))
    return known.name, found


def guess_mapping(files: list[Path], definitions: Path | None = None) -> str:
    """Give the mapping that fits these files, by what stands at their heads.

    Raises:
        MappingError: none fits, or several do.
        SourceError: none fits, and a file is none that can be read.
    """
    with TemporaryDirectory(prefix="dpc-look-") as work:
        return _guessed(Recogniser(Heads(Path(work))), files, definitions)


def _guessed(one: Recogniser, files: list[Path], definitions: Path | None) -> str:
    fitting: dict[str, tuple[float, ...]] = {}
    for name in mapping_names():
        known = Known(name, definitions)
        # what the endings rule out need not be compiled
        fitted = None if _ruled_out(known, files) else _fitted(one, known, files)
        if fitted is not None:
            fitting[name] = fitted
    most = max(fitting.values(), default=None)
    best = [name for name, fitted in fitting.items() if fitted == most]
    if len(best) != 1:
        _refuse(one, files, best, definitions)
    return best[0]


_FORMULATION = re.compile(r"\breferenceFormulation\s+(\S+)")
_TOLD = {"rml:CSV": "CSV", "rml:JSONPath": "JSONPath", "rml:XPath": "XPath"}


def _ruled_out(known: Known, files: list[Path]) -> bool:
    """Tell whether every file's ending is one of formulations that a mapping does not name."""
    named = set(_FORMULATION.findall(known.document.read_text(encoding="utf-8")))
    told = {_TOLD.get(name, "SPARQL") for name in named}
    inside = [p for f in files for p in (sorted(f.rglob("*")) if f.is_dir() else [f])]
    looked = of_interest([p for p in inside if not p.is_dir()])
    return bool(looked) and all(says_otherwise(path, told) for path in looked)


def _fitted(one: Recogniser, known: Known, files: list[Path]) -> tuple[float, ...] | None:
    """Give how well an export is of a mapping: of how many files, then how well; None if not."""
    sources = {s.given: s for s in known.plan.sources}
    look = one.look(known)
    for by_name in (True, False):
        try:
            found = assigned(known.plan, files, look, by_name=by_name)
        except MappingError:
            continue
        fits = [look(sources[name], path) for name, path in found.items()]
        there = [fit for fit in fits if fit is not None]
        if there and all(fit.good for fit in there):
            ranks = [fit.rank for fit in there]
            return len(there), *(sum(part) / len(there) for part in zip(*ranks, strict=True))
    return None


def _refuse(
    one: Recogniser, files: list[Path], best: list[str], definitions: Path | None
) -> NoReturn:
    """Say why no mapping is clear."""
    if files[0].name.startswith("~$"):
        raise MappingError(
            "This is the mark of a program that holds a workbook open, and no export.",
            file=files[0].name,
            advice="Name the workbook itself, without ~$.",
        )
    known = best or mapping_names()
    inside = sorted(files[0].iterdir()) if len(files) == 1 and files[0].is_dir() else files
    near = one.nearest() if not best else None
    if near is not None:
        _refuse_low_header(near[2], near[3])
    if near is not None and near[3].good:
        _refuse_part(one, Known(near[0], definitions), files)
    if not best:
        for path in inside:
            _refuse_fault(one, path)
    said = _nearest_in_words(near[0], near[1], near[3]) if near is not None else ""
    is_table = any(p.suffix.lower() in TABLES for p in inside)
    if is_table and not best and not said and definitions is None:
        said = "If its headers are in another language, give --mapping and --definitions. "
    raise unclear(files[0].name, known, said)


def _refuse_part(one: Recogniser, known: Known, files: list[Path]) -> None:
    """Say what an export lacks, or has too much, that is of a mapping else."""
    try:
        assigned(known.plan, files, one.look(known))
    except MappingError as e:
        raise MappingError(
            e.message, file=e.file or files[0].name, term=f"mapping {known.name}", advice=e.advice
        ) from e


def _refuse_low_header(path: Path, fit: Fit | None) -> None:
    """Refuse a table above whose header something else stands."""
    if fit is None or fit.row == 1:
        return
    raise MappingError(
        f"The header of the table stands in row {fit.row}, and is looked for in row 1.",
        file=path.name,
        sheet=fit.sheet,
        row=fit.row,
        advice="Delete the rows above it, or export without a title, and save it again.",
    )


def _refuse_fault(one: Recogniser, path: Path) -> None:
    """Refuse a file that cannot be read, whatever its system; RDF has no head to tell by."""
    if path.is_dir() or path.suffix.lower() in _RDF:
        return
    fault = one.heads.fault(Source("any", path.name, "CSV"), path)
    if fault is not None:
        raise fault


_RDF = {".jsonld", ".nq", ".nt", ".trig", ".ttl"}


def _nearest_in_words(mapping: str, source: str, fit: Fit) -> str:
    """Say what came nearest, in names of the mapping's own."""
    if max(fit.needed, fit.known) < _NEAR or not fit.missing:
        return ""
    more = len(fit.missing) - _SHOWN
    missing = ", ".join(fit.missing[:_SHOWN]) + (f" and {more} more" if more > 0 else "")
    return f"Nearest is {mapping} (source {source}), which also needs: {missing}. "


def unclear(file: str | None, known: list[str], said: str = "") -> MappingError:
    """Give the error of an export that none or several mappings fit."""
    return MappingError(
        "It is not clear which system this export comes from.",
        file=file,
        advice=f"{said}Say it with --mapping; known: {', '.join(known)}.",
    )


def mapping_of(names: set[str]) -> str:
    """Give the one mapping whose sources have these names; of several, one that needs no other.

    Raises:
        MappingError: none has, or several have.
    """
    plans = {mapping: Known(mapping).plan for mapping in mapping_names()}
    fitting = [m for m, plan in plans.items() if names <= {s.given for s in plan.sources}]
    whole = [m for m in fitting if {s.given for s in plans[m].sources if not s.optional} <= names]
    for found in (fitting, whole):
        if len(found) == 1:
            return found[0]
    raise unclear(None, fitting or mapping_names())
