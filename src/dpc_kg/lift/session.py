"""One lift, held open: the loaded sources, resolved views and rejects, ready to write and trace."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any

import duckdb

from dpc_kg.base.faults import Fault
from dpc_kg.base.quadstream import end_mark
from dpc_kg.lift.definitions import Definitions, read_definitions, shipped_definitions
from dpc_kg.lift.definitions.strict_plan import without_personal
from dpc_kg.lift.documents import load_documents, load_results
from dpc_kg.lift.emit import write_quads
from dpc_kg.lift.engine import connect
from dpc_kg.lift.explain import Explain
from dpc_kg.lift.graphload import load_graph
from dpc_kg.lift.graphs import Graph, read_graph
from dpc_kg.lift.liftreport import lift_report
from dpc_kg.lift.loose import Row, nodes_of_rows, shared_nodes
from dpc_kg.lift.origins import Origins
from dpc_kg.lift.outlet import count_lines, move, passed_on
from dpc_kg.lift.placing import faults_of
from dpc_kg.lift.plan import (
    Plan,
    Source,
    View,
    without_sources,
)
from dpc_kg.lift.planread import has_records, hash_fields, in_order, lists_of
from dpc_kg.lift.privacy import (
    Decisions,
    FieldCount,
    check_projected,
    fields_read,
    load_codes,
    read_codes,
    read_fields,
)
from dpc_kg.lift.records import live_records
from dpc_kg.lift.reject import Reject, Rejects
from dpc_kg.lift.rejects import cell_rejects, missing_references, term_rejects
from dpc_kg.lift.request import LiftRequest, document_of, setting_of, sources_of
from dpc_kg.lift.resolved import Resolved
from dpc_kg.lift.rml import compile_rml
from dpc_kg.lift.rows import Loaded, identifier, load_cells
from dpc_kg.lift.servers import Server
from dpc_kg.lift.sources.natural import has_natural
from dpc_kg.lift.sqltext import fetched
from dpc_kg.lift.tables import load_server, load_table
from dpc_kg.lift.terms import Setting
from dpc_kg.lift.trace import Trace
from dpc_kg.lift.unknown import unknown_cells
from dpc_kg.lift.unmapped import UnknownCode, unmapped_items, unmapped_quads
from dpc_kg.lift.views import check_reached, counts_rows, derive, record_table, resolve, table_view

_TYPED = {"JSONPath", "SPARQL"}
"""The formulations whose values have natural datatypes."""

_BATCH = 20_000

_MEMORY = "128MB"
"""What the tables of an outside mapping may take: all that is done with them can be laid down."""


class Lifted:
    """The state of one lift between reading and writing."""

    def __init__(self, request: LiftRequest, plan: Plan, setting: Setting, folder: Path) -> None:
        self.request = request
        self.plan = plan
        self.setting = setting
        self.folder = folder
        self.decisions: Decisions | None = read_fields(folder) if not request.is_outside else None
        self.definitions = _definitions_of(request, folder)
        self.loaded: dict[str, Loaded] = {}
        self.graphs: dict[str, Graph] = {}
        self.resolved: dict[str, Resolved] = {}
        self.rejects = Rejects()
        self.refused_records: set[str] = set()
        self.superseded = 0
        self.typed = {s.name for s in plan.sources if s.formulation in _TYPED}
        self.con: duckdb.DuckDBPyConnection
        self.work: Path

    # -- reading

    def read(
        self, con: duckdb.DuckDBPyConnection, work: Path, sources: Mapping[str, Path | Server]
    ) -> None:
        """Read every source and resolve every view; ``work`` is a private folder."""
        self.con = con
        self.work = work
        if self.decisions is not None:
            check_projected(self.decisions, self.plan)
            self.decisions = self.definitions.with_decisions(self.decisions)
            if self.definitions.decisions:
                self.plan = without_personal(self.plan, self.decisions)
        codes = self.definitions.with_codes(read_codes(self.folder))
        self.schemes = {row.list: row.scheme for row in reversed(codes) if row.scheme}
        load_codes(con, codes, lists_of(self.plan))
        con.execute("CREATE TABLE dpc_withheld (record VARCHAR PRIMARY KEY)")
        for source in self.plan.sources:
            given = source
            if self.decisions is None and source.nulls is None:
                # RML-IO: an empty cell is a value, unless the mapping says otherwise
                given = replace(source, nulls=())
            self.loaded[source.name] = self._load(given, sources[source.name])
        for view in in_order(self.plan):
            if view.is_derived:
                derive(con, self.plan, view, typed=self._typed)
        for source in self.plan.sources:
            live = live_records(con, self.plan, source, self.loaded[source.name], self.setting)
            self.rejects += live.rejects
            self.refused_records |= live.refused
            self.superseded += live.superseded
        if self.plan.of_old:
            check_reached(con, self.plan)
        for view in self.plan.views:
            self.resolved[view.name] = resolve(
                con, self.plan, view, self.setting, typed=view.name in self._typed
            )
        for loaded in self.loaded.values():
            self.rejects += self._live_only(loaded)
        self.rejects += cell_rejects(con, self.plan, self.resolved, self.loaded)
        self.rejects += missing_references(con, self.plan, self.resolved, self.loaded)
        base = self.setting.base
        self.rejects += term_rejects(con, self.plan, self.resolved, self.loaded, base)

    def _load(self, source: Source, path: Path | Server) -> Loaded:
        """Read one source into its tables, and those of the views on it."""
        views = [v for v in self.plan.views if v.source == source.name and v.on is None]
        if isinstance(path, Server):
            return self._viewed(source, views, self._load_server(source, views, path))
        if source.formulation in {"JSONPath", "XPath"}:
            own = self.decisions is not None
            return load_documents(self.con, source, views, path, counted=own, may_be_empty=not own)
        if source.formulation == "SPARQL" and self.decisions is not None:
            is_first = source.given not in self.graphs
            if is_first:
                self.graphs[source.given] = read_graph(path, source, self.decisions)
            graph = self.graphs[source.given]
            return load_graph(self.con, source, views, graph, is_first=is_first)
        if source.formulation == "SPARQL":
            return load_results(self.con, source, views, path)
        loaded = load_table(
            self.con,
            source,
            views,
            path,
            allow_empty=self.decisions is None,
            titles=self.definitions.headers.get(source.name),
            optional=self.decisions.optional(source.name) if self.decisions is not None else (),
            counted=self.decisions is not None,
        )
        return self._viewed(source, views, loaded)

    def _load_server(self, source: Source, views: list[View], server: Server) -> Loaded:
        own = self.decisions
        return load_server(
            self.con,
            source,
            views,
            server.address,
            allow_query=self.request.allow_query,
            allow_empty=own is None,
            optional=own.optional(source.name) if own is not None else (),
        )

    def _viewed(self, source: Source, views: list[View], loaded: Loaded) -> Loaded:
        """Fill the tables of the views on a table that has been read."""
        if has_natural(self.con, source):
            self.typed.add(source.name)
        counts = loaded.cells if self.decisions is not None else None
        file = loaded.files[0]
        counted: set[str] = set()
        for view in views:
            if not view.iterables:
                typed = view.name in self._typed
                table_view(self.con, view, source, loaded.first, typed=typed)
                continue
            cells = {i.cell for i in view.iterables if i.cell is not None}
            seen = None if cells & counted else counts
            bad = load_cells(self.con, source, view, seen, loaded.first)
            counted |= cells
            loaded.rejects += [
                Reject(source.name, file, row, at, "ruby-literal", letter=loaded.letter(at))
                for row, at in bad
            ]
        return loaded

    @property
    def _typed(self) -> set[str]:
        """The views that keep the natural datatypes of their fields."""
        return {v.name for v in self.plan.views if v.source in self.typed or v.iterables}

    def _live_only(self, loaded: Loaded) -> Iterable[Reject]:
        """Give a source's own rejects, but for rows that a later version has replaced."""
        if loaded.source.key is None or not loaded.rejects:
            return loaded.rejects
        table = identifier(record_table(loaded.source.name))
        self.con.execute(f"SELECT _row FROM {table}")
        live = {row for (row,) in fetched(self.con)}
        return (r for r in loaded.rejects if r.rule == "column-count" or r.row in live)

    # -- what came of it

    @property
    def read_rows(self) -> int:
        """How many rows or records were read."""
        return sum(loaded.rows for loaded in self.loaded.values())

    @property
    def read_records(self) -> int:
        """How many records were read: rows, without older or contradicting ones of one record."""
        return self.read_rows - self.superseded - self.rejects.counts()["duplicate"]

    def trace(self) -> Trace:
        """Give what finds places for subjects and properties."""
        cells = self.rejects.rows(lambda alike: (alike.source, alike.file, alike.column or ""))
        return Trace(self._origins(), cells)

    def explain(self) -> Explain:
        """Give what finds the statements of subjects with their cells."""
        return Explain(self._origins())

    def _origins(self) -> Origins:
        return Origins(self.con, self.plan, self.resolved, self.setting, self.loaded)

    def faults(self, kind_of: Callable[[str], str]) -> Iterator[Fault]:
        """Give the rejects as faults; ``kind_of`` gives the kind of a rule (``source:date``)."""
        rejects = iter(self.rejects)
        while some := list(islice(rejects, _BATCH)):
            records = self._records_of({(r.source, r.file, r.row or 0) for r in some})
            yield from faults_of(some, self.loaded, records, kind_of)

    def nodes_of_rows(self, rows: Iterable[Row]) -> dict[Row, set[str]]:
        """Give the nodes that rows without a record make.

        They are withheld one by one, where a record is withheld as a whole.
        """
        return nodes_of_rows(self.con, self.plan, self.resolved, self.loaded, rows)

    def shared_nodes(self, nodes: Iterable[str]) -> set[str]:
        """Give those of some nodes that are shared: no record takes them along."""
        return shared_nodes(self.con, self.plan, self.resolved, nodes)

    def _records_of(
        self, rows: set[tuple[str, str, int]]
    ) -> dict[tuple[str, str, int], str | None]:
        out: dict[tuple[str, str, int], str | None] = {}
        for source in {s for s, _, _ in rows}:
            if not has_records(self.plan.source(source)):
                continue
            files = self.loaded[source].files
            wanted = sorted({row for s, _, row in rows if s == source})
            found = self.con.execute(
                f"SELECT _file, _row, _record FROM {identifier(record_table(source))}"
                " WHERE _row IN (SELECT unnest(?::BIGINT[]))",
                [wanted],
            ).fetchall()
            out.update({(source, files[f], row): record for f, row, record in found})
        return out

    def fields(self) -> list[FieldCount]:
        """Give what became of every field; empty for an outside document.

        Hashes have the status ``key`` when there is no coalition key: dropped, and counted.
        """
        if self.decisions is None:
            return []
        keyless = set() if self.setting.has_coalition_key else hash_fields(self.plan)
        counts = [c for loaded in self.loaded.values() for c in self.decisions.count(loaded)]
        read = fields_read(self.decisions, self.plan)
        unread = {(c.source, c.path) for c in counts if c.status == "placed"} - read
        counts = [replace(c, status="none") if (c.source, c.path) in unread else c for c in counts]
        return [replace(c, status="key") if (c.source, c.path) in keyless else c for c in counts]

    def unknown(self, *, kept_only: bool = False) -> list[UnknownCode]:
        """Give the fields with values that have no place, with how many cells."""
        counts = unknown_cells(
            self.con, self.plan, self.resolved.values(), self.decisions, kept_only=kept_only
        )
        return [
            UnknownCode(*place, self.schemes.get(place[2]), count)
            for place, count in sorted(counts.items())
            if count
        ]

    # -- writing

    def write(self, out: Path, withheld: set[str] | None = None) -> int:
        """Write the quads of all records but the withheld ones; give how many.

        A record of which two versions contradict each other is never written.
        """
        made = self.work / "data.nq"
        self._write(made, withheld or set())
        count = count_lines(made)
        move(made, out)
        return count

    def write_into(self, stream: IO[bytes]) -> int:
        """Write the quads of all records into a stream, with its end mark; give how many.

        Raises:
            DpcError: the stream takes no more.
        """
        count = passed_on(lambda path: self._write(path, set()), self.work / "data.nq", stream)
        stream.write(end_mark(count))
        stream.flush()
        return count

    def _write(self, made: Path, withheld: set[str]) -> None:
        left_out = sorted(withheld | self.refused_records)
        self.con.execute("DELETE FROM dpc_withheld")
        if left_out:
            self.con.execute("INSERT INTO dpc_withheld SELECT unnest(?::VARCHAR[])", [left_out])
        extra: list[str] = []
        if self.setting.graph is not None and self.request.dataset:
            extra = unmapped_quads(
                unmapped_items(self.unknown(kept_only=True), self.fields()),
                org=self.setting.org,
                dataset=self.request.dataset,
                graph=self.setting.graph,
                key=self.request.partner_key or b"",
            )
        views = self._kept_views() if left_out else self.resolved
        write_quads(self.con, self.plan, views, self.setting, made, extra)

    def _kept_views(self) -> dict[str, Resolved]:
        """Give the views for writing without the withheld records, so that no count holds them."""
        return {
            name: resolve(
                self.con,
                self.plan,
                one.view,
                self.setting,
                kept=True,
                typed=one.keeps_naturals,
            )
            if counts_rows(one)
            else one
            for name, one in self.resolved.items()
        }

    def report(
        self, quads: int, withheld: Mapping[str, Sequence[str]] | None = None
    ) -> dict[str, Any]:
        """Give the lift report (``lift-report.json``): counts only, never a value."""
        return lift_report(self, quads, withheld or {})


def _definitions_of(request: LiftRequest, folder: Path) -> Definitions:
    if request.definitions is None:
        return shipped_definitions(folder)
    return read_definitions(request.name, request.definitions, folder)


@contextmanager
def open_lift(request: LiftRequest) -> Iterator[Lifted]:
    """Read the sources of a request and hold the lift open.

    Raises:
        MappingError: the mapping cannot be compiled or a source is not given.
        SourceError: a file cannot be used.
    """
    document, folder = document_of(request)
    plan = compile_rml(document)
    sources = sources_of(plan, request, document)
    plan = without_sources(plan, set(sources))
    setting = setting_of(request)
    with ExitStack() as stack:
        work = Path(stack.enter_context(TemporaryDirectory(prefix="dpc-lift-")))
        files = [p for p in sources.values() if isinstance(p, Path)]
        allowed = sorted({p if p.is_dir() else p.parent for p in files})
        con = stack.enter_context(
            connect(
                work,
                allowed,
                request.partner_key,
                request.coalition_key,
                _MEMORY if request.is_outside else None,
            )
        )
        lifted = Lifted(request, plan, setting, folder)
        lifted.read(con, work, sources)
        yield lifted


def report_bytes(report: Mapping[str, Any]) -> bytes:
    """Give a lift report as its canonical bytes."""
    return (json.dumps(report, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()
