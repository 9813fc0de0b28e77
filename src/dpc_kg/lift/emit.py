"""Write the quads of resolved views: ours by record, lines sorted; those of others as they come.

Ours are the same bytes for any order of the rows. Of a mapping of others no line is written twice.
"""

from collections.abc import Iterable
from pathlib import Path

import duckdb

from dpc_kg.base.vocab import RML
from dpc_kg.lift.bare import bare_fields
from dpc_kg.lift.blocks import Line, block_sql
from dpc_kg.lift.functions import quote
from dpc_kg.lift.overlap import Overlap
from dpc_kg.lift.plan import Const, Join, Plan, PredicateObject, TermMap, TriplesPlan
from dpc_kg.lift.resolved import Resolved
from dpc_kg.lift.rows import identifier
from dpc_kg.lift.sqltext import folded
from dpc_kg.lift.terms import (
    JOINED,
    Scope,
    Setting,
    plain_sql,
    subject_sql,
    table_of,
    term_parts,
    term_sql,
)
from dpc_kg.lift.views import record_table

_COPY = r"(USE_TMP_FILE false, FORMAT csv, HEADER false, QUOTE '', ESCAPE '', DELIMITER E'\x01')"
_AS_THEY_COME = _COPY.replace("(", "(PRESERVE_ORDER false, ", 1)
"""Where no order is promised none is kept: a later part would wait in memory for the first."""

_DEFAULT = Const(f"<{RML}defaultGraph>")
_WITHHELD = "(SELECT record FROM dpc_withheld)"


def write_quads(
    con: duckdb.DuckDBPyConnection,
    plan: Plan,
    resolved: dict[str, Resolved],
    setting: Setting,
    out: Path,
    extra: Iterable[str] = (),
) -> None:
    """Write ``out`` (N-Quads).

    Records in the table ``dpc_withheld`` stay out, and nodes that are their own record. ``extra``
    lines follow as one last group.
    """
    writer = _Writer(plan, resolved, setting)
    if setting.graph is not None:
        _write_ordered(con, writer, out)
    else:
        _write_as_they_come(con, writer, out)
    more = sorted(set(extra))
    if more:
        with out.open("a", encoding="utf-8", newline="\n") as file:
            file.writelines(f"{line}\n" for line in more)


def _write_ordered(con: duckdb.DuckDBPyConnection, writer: "_Writer", out: Path) -> None:
    parts = [part for m in writer.plan.maps for part in writer.grouped(m)]
    union = " UNION ALL ".join(parts) or "SELECT '' AS g, []::VARCHAR[] AS lines"
    body = (
        f"SELECT line FROM (SELECT DISTINCT g, unnest(lines) AS line FROM ({union}))"
        " ORDER BY g, line"
    )
    con.execute(f"COPY ({folded(body)}) TO {quote(str(out))} {_COPY}")


def _write_as_they_come(con: duckdb.DuckDBPyConnection, writer: "_Writer", out: Path) -> None:
    """Write maps whose lines cannot meet as blocks of a row, the others through a set."""
    writer.bare = bare_fields(con, writer.plan, writer.resolved)
    overlap = Overlap(con, writer.plan, writer.resolved)
    apart: list[str] = []
    together: list[str] = []
    for triples in writer.plan.maps:
        alone = overlap.is_alone(triples)
        own = [p for p in triples.pairs if p.join is None]
        lines = [line for pair in own for line in writer.lines(triples, pair)]
        if lines and alone:
            apart.append(writer.block(triples, own))
        elif lines:
            together.append(writer.unnested(triples, lines, narrow=overlap.is_narrow(triples)))
        together += [
            part for p in triples.pairs if p.join for part in writer.joined(triples, p, p.join)
        ]
    parts = [*apart]
    if together:
        parts.append(f"SELECT DISTINCT line FROM ({' UNION ALL '.join(together)}) WHERE line <> ''")
    if not parts:
        out.write_bytes(b"")
        return
    body = " UNION ALL ".join(parts)
    con.execute(f"COPY ({folded(body)}) TO {quote(str(out))} {_AS_THEY_COME}")


class _Writer:
    """Makes the SQL of the lines of triples maps."""

    def __init__(self, plan: Plan, resolved: dict[str, Resolved], setting: Setting) -> None:
        self.plan = plan
        self.resolved = resolved
        self.setting = setting
        self.bare: dict[str, frozenset[str]] = {}

    def scope(self, triples: TriplesPlan, alias: str = "t") -> Scope:
        base = triples.base or self.setting.base
        bare = self.bare.get(triples.view, frozenset())
        return Scope(self.resolved[triples.view], alias, base, bare)

    def grouped(self, triples: TriplesPlan) -> list[str]:
        """Give SELECTs of (group, lines): a group is a record, or a node shared by records.

        A shared node that is a record itself is in that record's group: its lines may be equal.
        """
        scope = self.scope(triples)
        subject = term_sql(triples.subject, scope)
        group = f"coalesce({self._owner(triples, scope)}, {subject})"
        own = [p for p in triples.pairs if p.join is None]
        lines = [line for pair in own for line in self.lines(triples, pair)]
        parts = []
        if lines:
            listed = f"list_filter([{', '.join(lines)}], lambda l: l IS NOT NULL)"
            parts.append(
                f"SELECT {group} AS g, {listed} AS lines FROM {table_of(scope.resolved)} t"
                f" WHERE {subject} IS NOT NULL AND {self.kept(triples)}"
            )
        for pair in triples.pairs:
            if pair.join is not None:
                parts += self.joined(triples, pair, pair.join, group)
        return parts

    def kept(self, triples: TriplesPlan) -> str:
        """Give SQL true for a row whose record, or whose node alone, is not withheld."""
        node = subject_sql(triples.subject, self.resolved[triples.view], "t")
        kept = f"coalesce(t._record, {node}) NOT IN {_WITHHELD}"
        return f"{kept} AND {node} NOT IN {_WITHHELD}" if triples.shared else kept

    def _owner(self, triples: TriplesPlan, scope: Scope) -> str:
        """Give the SQL of the record that a row's lines belong to; NULL where there is none."""
        if not triples.shared:
            return "t._record"
        tables = [record_table(s.name) for s in self.plan.sources if s.record_map is not None]
        if not tables:
            return "NULL"
        records = " UNION ALL ".join(f"SELECT _record FROM {identifier(t)}" for t in tables)
        node = subject_sql(triples.subject, scope.resolved, "t")
        return f"CASE WHEN {node} IN ({records}) THEN {node} END"

    def lines(self, triples: TriplesPlan, pair: PredicateObject) -> list[str]:
        """Give the SQL of the lines of one predicate and object, one for each graph."""
        scope = self.scope(triples)
        subject = term_sql(triples.subject, scope)
        return [JOINED.join((subject, "' '", *line)) for line in self.said(pair, scope)]

    def said(self, pair: PredicateObject, scope: Scope) -> list[Line]:
        """Give the SQL of the parts of the lines of a pair after their subject."""
        predicate, item = term_parts(pair.predicate, scope), term_parts(pair.object, scope)
        return [(*predicate, "' '", *item, *end) for end in self.ends(pair, scope)]

    def ends(self, pair: PredicateObject, scope: Scope) -> list[Line]:
        """Give the SQL of the parts of what ends a line: its graph."""
        if self.setting.graph is not None:
            return [(quote(f" <{self.setting.graph}> ."),)]
        return [self._graph(g, scope) for g in pair.graphs] or [("' .'",)]

    def _graph(self, graph: TermMap, scope: Scope) -> Line:
        if graph.expression == _DEFAULT:
            return ("' .'",)
        return ("' '", *term_parts(graph, scope), "' .'")

    def block(self, triples: TriplesPlan, pairs: list[PredicateObject]) -> str:
        """Give a SELECT of one text a row that holds all its lines."""
        scope = self.scope(triples)
        lines = [line for pair in pairs for line in self.said(pair, scope)]
        return block_sql(term_parts(triples.subject, scope), lines, f"{table_of(scope.resolved)} t")

    def unnested(self, triples: TriplesPlan, lines: list[str], *, narrow: bool) -> str:
        """Give a SELECT of lines; ``narrow`` takes equal rows together first."""
        table = table_of(self.scope(triples).resolved)
        if narrow:
            read = Overlap.columns(triples, self.resolved[triples.view])
            table = f"(SELECT DISTINCT {', '.join(read)} FROM {table})"
        return f"SELECT unnest([{', '.join(lines)}]) AS line FROM {table} t"

    def joined(
        self,
        triples: TriplesPlan,
        pair: PredicateObject,
        join: Join,
        group: str | None = None,
    ) -> list[str]:
        """Give SELECTs of the lines of a referencing object map, grouped where asked."""
        parent_map = self.plan.triples(join.parent)
        scope, parent = self.scope(triples), self.scope(parent_map, "p")
        on = join_condition(join)
        subject = term_parts(triples.subject, scope)
        said = (*term_parts(pair.predicate, scope), "' '", *term_parts(parent_map.subject, parent))
        lines = [(*said, *end) for end in self.ends(pair, scope)]
        tables = f"{table_of(scope.resolved)} t JOIN {table_of(parent.resolved)} p ON {on}"
        if group is None:
            return [block_sql(subject, [line], tables) for line in lines]
        there = JOINED.join(subject)
        made = [JOINED.join((*subject, "' '", *line)) for line in lines]
        return [
            f"SELECT {group} AS g, list_filter([{line}], lambda l: l IS NOT NULL) AS lines"
            f" FROM {tables} WHERE {there} IS NOT NULL AND {self.kept(triples)}"
            for line in made
        ]


def join_condition(join: Join) -> str:
    """Give SQL true where a row (``t``) meets a row of the parent's view (``p``)."""
    if not join.conditions:
        return "t._file = p._file AND t._row = p._row"
    return " AND ".join(f"{plain_sql(c, 't')} = {plain_sql(p, 'p')}" for c, p in join.conditions)
