"""One lift, held open: the loaded sources, resolved views and rejects, ready to write and trace."""

import json
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb

from dpc_kg.base.assets import mapping_dir
from dpc_kg.base.errors import DpcError, MappingError
from dpc_kg.base.faults import Fault, column_letter
from dpc_kg.base.identifiers import check_org, graph_iri
from dpc_kg.lift.documents import load_documents
from dpc_kg.lift.emit import write_quads
from dpc_kg.lift.engine import connect
from dpc_kg.lift.plan import Call, Const, Plan, Source, View, calls
from dpc_kg.lift.privacy import Decisions, FieldCount, load_codes, read_fields
from dpc_kg.lift.records import live_records
from dpc_kg.lift.rml import compile_rml
from dpc_kg.lift.rows import Loaded, Reject, identifier
from dpc_kg.lift.tables import load_table
from dpc_kg.lift.terms import Resolved, Setting, resolve, value_sql
from dpc_kg.lift.trace import Trace, blamed, column_of
from dpc_kg.lift.unmapped import unmapped_quads

_BASE = "http://example.com/base/"


@dataclass(frozen=True)
class LiftRequest:
    """What to lift, with what: a mapping's name or an RML document, its sources by name, keys."""

    mapping: str
    sources: Mapping[str, Path] = field(default_factory=dict)
    org: str | None = None
    dataset: str | None = None
    partner_key: bytes | None = None
    coalition_key: bytes | None = None
    base: str = _BASE

    @property
    def is_outside(self) -> bool:
        """Whether the mapping is a document of the caller's, not one of ours."""
        return self.mapping.endswith(".ttl")


@dataclass(frozen=True)
class UnknownCode:
    """Cells of one field whose value has no place in the model."""

    source: str
    path: str
    list: str
    scheme: str | None
    cells: int


class Lifted:
    """The state of one lift between reading and writing."""

    def __init__(self, request: LiftRequest, plan: Plan, setting: Setting, folder: Path) -> None:
        self.request = request
        self.plan = plan
        self.setting = setting
        self.folder = folder
        self.decisions: Decisions | None = read_fields(folder) if not request.is_outside else None
        self.loaded: dict[str, Loaded] = {}
        self.resolved: dict[str, Resolved] = {}
        self.rejects: list[Reject] = []
        self.refused_records: set[str] = set()
        self.superseded = 0
        self.con: duckdb.DuckDBPyConnection
        self.work: Path

    # -- reading

    def read(
        self, con: duckdb.DuckDBPyConnection, work: Path, sources: Mapping[str, Path]
    ) -> None:
        """Read every source and resolve every view; ``work`` is a private folder."""
        self.con = con
        self.work = work
        load_codes(con, self.folder)
        con.execute("CREATE TABLE dpc_withheld (record VARCHAR PRIMARY KEY)")
        for source in self.plan.sources:
            views = [v for v in self.plan.views if v.source == source.name]
            load = load_table if source.formulation == "CSV" else load_documents
            loaded = load(con, source, views, sources[source.name])
            self.loaded[source.name] = loaded
            live = live_records(con, self.plan, source, loaded, self.setting)
            self.rejects += live.rejects
            self.refused_records |= live.refused
            self.superseded += live.superseded
        for view in self.plan.views:
            self.resolved[view.name] = resolve(con, self.plan, view, self.setting)
        for loaded in self.loaded.values():
            self.rejects += self._live_only(loaded)
        self.rejects += self._cell_rejects() + self._missing_references()
        self.rejects = sorted(
            {(r.file, r.row, r.column, r.rule): r for r in self.rejects}.values(),
            key=lambda r: (r.file, r.row or 0, r.column or "", r.rule),
        )

    def _live_only(self, loaded: Loaded) -> list[Reject]:
        """Give a source's own rejects, but for rows that a later version has replaced."""
        table = identifier(f"r_{loaded.source.name}")
        rows = self.con.execute(f"SELECT _row FROM {table}").fetchall()  # noqa: S608
        live = {row for (row,) in rows}
        return [r for r in loaded.rejects if r.rule == "column-count" or r.row in live]

    def _cell_rejects(self) -> list[Reject]:
        out = []
        for resolved in self.resolved.values():
            for call, rule in resolved.rules.items():
                out += self._found(resolved, call, rule)
        return out

    def _found(self, resolved: Resolved, call: Call, rule: str) -> list[Reject]:
        rows = self.con.execute(
            f"SELECT DISTINCT _file, _row, _path, {rule} FROM {identifier(resolved.table)} t"  # noqa: S608
            f" WHERE {rule} IS NOT NULL AND {self._in_use(resolved, call)}"
        ).fetchall()
        fields = blamed(call)
        return [
            self._reject(resolved.view, file, row, at, fields[0] if fields else None, code)
            for file, row, at, code in rows
        ]

    def _in_use(self, resolved: Resolved, call: Call) -> str:
        """Give SQL true for rows whose cells matter: some node made of the call is there.

        A row without a subject is left out on purpose (a transition that is no referral, say),
        so its other cells are not looked at; what makes the subject itself always is.
        """
        subjects = []
        for triples in self.plan.maps:
            if triples.view != resolved.view.name:
                continue
            if call in calls(triples.subject.expression):
                return "TRUE"
            if any(call in calls(pair.object.expression) for pair in triples.pairs):
                subject = value_sql(triples.subject.expression, resolved, "t", iri=True)
                subjects.append(f"{subject} IS NOT NULL")
        return f"({' OR '.join(subjects)})" if subjects else "TRUE"

    def _reject(  # noqa: PLR0913
        self, view: View, file: int, row: int, at: str | None, name: str | None, rule: str
    ) -> Reject:
        loaded = self.loaded[view.source]
        column = column_of(self.plan, view, name, at) if name is not None else None
        index = loaded.columns.get(column or "")
        letter = column_letter(index) if index is not None else None
        return Reject(view.source, loaded.files[file], row, column, rule, letter=letter)

    def _missing_references(self) -> list[Reject]:
        """Give the cells that refer to a record that was not read (``dpcf:mustExist``)."""
        out = []
        for triples in self.plan.maps:
            resolved = self.resolved[triples.view]
            for pair in triples.pairs:
                if pair.object.must_exist is None:
                    continue
                target = self.plan.triples(pair.object.must_exist)
                there = self.resolved[target.view]
                known = value_sql(target.subject.expression, there, "p", iri=True)
                wanted = value_sql(pair.object.expression, resolved, "t", iri=True)
                rows = self.con.execute(
                    f"SELECT DISTINCT t._file, t._row, t._path FROM {identifier(resolved.table)} t"  # noqa: S608
                    f" WHERE {wanted} IS NOT NULL AND NOT EXISTS (SELECT 1 FROM"
                    f" {identifier(there.table)} p WHERE {known} = {wanted})"
                ).fetchall()
                fields = _last_key(pair.object.expression)
                out += [
                    self._reject(resolved.view, file, row, at, fields, "reference")
                    for file, row, at in rows
                ]
        return out

    # -- what came of it

    @property
    def read_rows(self) -> int:
        """How many rows or records were read."""
        return sum(loaded.rows for loaded in self.loaded.values())

    def rejected_cells(self) -> set[tuple[str, str, int, str]]:
        """Give (source, file, row, column) of every rejected cell."""
        return {(r.source, r.file, r.row or 0, r.column or "") for r in self.rejects}

    def trace(self) -> Trace:
        """Give what finds places for subjects and properties."""
        return Trace(
            self.con, self.plan, self.resolved, self.setting, self.loaded, self.rejected_cells()
        )

    def faults(self, kind_of: Mapping[str, str]) -> list[Fault]:
        """Give the rejects as faults; ``kind_of`` maps their rules to kinds."""
        records = self._records_of({(r.source, r.file, r.row or 0) for r in self.rejects})
        return [
            Fault(
                r.file,
                None,
                r.row,
                r.column,
                kind_of.get(r.rule, "format"),
                (f"source:{r.rule}",),
                records.get((r.source, r.file, r.row or 0)),
            )
            for r in self.rejects
        ]

    def _records_of(
        self, rows: set[tuple[str, str, int]]
    ) -> dict[tuple[str, str, int], str | None]:
        out: dict[tuple[str, str, int], str | None] = {}
        for source in {s for s, _, _ in rows}:
            files = self.loaded[source].files
            wanted = sorted({row for s, _, row in rows if s == source})
            found = self.con.execute(
                f"SELECT _file, _row, _record FROM {identifier(f'r_{source}')}"  # noqa: S608
                " WHERE _row IN (SELECT unnest(?::BIGINT[]))",
                [wanted],
            ).fetchall()
            out.update({(source, files[f], row): record for f, row, record in found})
        return out

    def fields(self) -> list[FieldCount]:
        """Give what became of every field; empty for an outside document."""
        if self.decisions is None:
            return []
        return [c for loaded in self.loaded.values() for c in self.decisions.count(loaded)]

    def unknown(self, *, kept_only: bool = False) -> list[UnknownCode]:
        """Give the fields with values that have no place, with how many cells."""
        cells: Counter[tuple[str, str, str]] = Counter()
        for resolved in self.resolved.values():
            for call, mark in resolved.unknowns.items():
                for source, path, name, count in self._unknown_cells(resolved, call, mark, kept_only):
                    cells[(source, path, name)] += count
        schemes = dict(
            self.con.execute("SELECT list, any_value(scheme) FROM dpc_codes GROUP BY list").fetchall()
        )
        return [
            UnknownCode(source, path, name, schemes.get(name) or None, count)
            for (source, path, name), count in sorted(cells.items())
        ]

    def _unknown_cells(
        self, resolved: Resolved, call: Call, mark: str, kept_only: bool
    ) -> list[tuple[str, str, str, int]]:
        kept = " AND (_record IS NULL OR _record NOT IN (SELECT record FROM dpc_withheld))"
        rows = self.con.execute(
            f"SELECT count(DISTINCT (_file, _row, _path)) FROM {identifier(resolved.table)} t"  # noqa: S608
            f" WHERE {mark} AND {self._in_use(resolved, call)}{kept if kept_only else ''}"
        ).fetchone()
        count = rows[0] if rows else 0
        listed = call.arg("list")
        name = listed.text if isinstance(listed, Const) else ""
        fields = blamed(call)
        if not count or not fields:
            return []
        path = self._declared_path(resolved.view, fields[0])
        return [(resolved.view.source, path, name, count)]

    def _declared_path(self, view: View, name: str) -> str:
        """Give the general path of a field, as ``fields.csv`` declares it."""
        owner = next((i for i in view.iterables if name.startswith(f"{i.name}.")), None)
        at = owner.path.removeprefix("$.") if owner is not None and owner.cell is None else None
        path = column_of(self.plan, view, name, at)
        if self.decisions is None:
            return path
        decision = self.decisions.decide(view.source, path)
        return decision.path if decision is not None else path

    # -- writing

    def write(self, out: Path, withheld: set[str] | None = None) -> int:
        """Write the quads of all records but the withheld ones; give how many."""
        self.con.execute("DELETE FROM dpc_withheld")
        if withheld:
            self.con.execute(
                "INSERT INTO dpc_withheld SELECT unnest(?::VARCHAR[])", [sorted(withheld)]
            )
        extra: list[str] = []
        if self.setting.graph is not None and self.request.dataset:
            extra = unmapped_quads(self, self.request.dataset)
        made = self.work / "data.nq"
        count = write_quads(self.con, self.plan, self.resolved, self.setting, made, extra)
        for ending in (".idx", ".nq"):
            _move(made.with_suffix(ending), out.with_suffix(ending) if ending == ".idx" else out)
        return count

    def report(self, quads: int, withheld: Mapping[str, list[str]] | None = None) -> dict[str, Any]:
        """Give the lift report (``lift-report.json``): counts only, never a value."""
        return {
            "version": 1,
            "mapping": self.request.mapping,
            "organization": self.request.org,
            "dataset": self.request.dataset,
            "sources": [
                {
                    "name": name,
                    "files": len(loaded.files),
                    "sha256": sorted(loaded.digests),
                    "rows": loaded.rows,
                }
                for name, loaded in sorted(self.loaded.items())
            ],
            "quads": quads,
            "superseded": self.superseded,
            "fields": [vars(c) for c in self.fields()],
            "unknownCodes": [vars(u) for u in self.unknown()],
            "rejects": dict(sorted(Counter(r.rule for r in self.rejects).items())),
            "withheld": [
                {"record": record, "rules": rules}
                for record, rules in sorted((withheld or {}).items())
            ],
        }


def _move(made: Path, out: Path) -> None:
    """Bring a finished file to its place in one step, across file systems too."""
    part = out.with_name(out.name + ".part")
    shutil.copyfile(made, part)
    part.replace(out)
    made.unlink()


def _last_key(expression: Any) -> str | None:
    fields = blamed(expression)
    return fields[-1] if fields else None


@contextmanager
def open_lift(request: LiftRequest) -> Iterator[Lifted]:
    """Read the sources of a request and hold the lift open.

    Raises:
        MappingError: the mapping cannot be compiled or a source is not given.
        SourceError: a file cannot be used.
    """
    document, folder = _document(request)
    plan = compile_rml(document)
    sources = _sources(plan, request, folder)
    setting = _setting(request)
    with ExitStack() as stack:
        work = Path(stack.enter_context(TemporaryDirectory(prefix="dpc-lift-")))
        allowed = sorted({p if p.is_dir() else p.parent for p in sources.values()})
        con = stack.enter_context(
            connect(work, allowed, request.partner_key, request.coalition_key)
        )
        lifted = Lifted(request, plan, setting, folder)
        lifted.read(con, work, sources)
        yield lifted


def _document(request: LiftRequest) -> tuple[Path, Path]:
    if not request.is_outside:
        folder = mapping_dir(request.mapping)
        if request.org is None or request.partner_key is None:
            raise DpcError(
                "This mapping needs an organisation and its key.",
                term=request.mapping,
                advice="Give --org and --key-file.",
            )
        return folder / "mapping.rml.ttl", folder
    document = Path(request.mapping)
    if not document.is_file():
        raise MappingError("There is no such mapping document.", file=str(document))
    return document, document.parent


def _setting(request: LiftRequest) -> Setting:
    org = check_org(request.org) if request.org is not None else "example-org"
    graph = None if request.is_outside else graph_iri(org, "pending")
    return Setting(org, request.coalition_key is not None, request.base, graph)


def _sources(plan: Plan, request: LiftRequest, folder: Path) -> dict[str, Path]:
    known = {s.name for s in plan.sources}
    for name in sorted(set(request.sources) - known):
        raise MappingError(
            f"The mapping has no source named {name}.",
            term=request.mapping,
            advice=f"Its sources: {', '.join(sorted(known))}.",
        )
    return {s.name: _source_path(s, plan, request, folder) for s in plan.sources}


def _source_path(source: Source, plan: Plan, request: LiftRequest, folder: Path) -> Path:
    given = request.sources.get(source.name)
    if given is None and not request.is_outside:
        names = " ".join(f"--source {s.name}=PATH" for s in plan.sources)
        raise MappingError(
            f"The source {source.name} is not given.", term=request.mapping, advice=f"Give {names}."
        )
    path = given if given is not None else folder / source.path
    if not path.exists():
        users = sorted(m.name for m in plan.maps if plan.view(m.view).source == source.name)
        raise MappingError(
            "There is no such file or folder.",
            file=path.as_posix(),
            term=f"source {source.name} of {', '.join(users)}",
            advice=f"Name it with --source {source.name}=PATH.",
        )
    return path.resolve()


def report_bytes(report: Mapping[str, Any]) -> bytes:
    """Give a lift report as its canonical bytes."""
    return (json.dumps(report, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()
