"""The inverse of the plan: from a subject and a property back to file, row and column."""

import re
from dataclasses import dataclass

import duckdb

from dpc_kg.base.vocab import RDF_TYPE
from dpc_kg.lift.expand import PATHS
from dpc_kg.lift.functions import FUNCTIONS
from dpc_kg.lift.plan import Call, Const, Expression, Plan, PredicateObject, TriplesPlan, View
from dpc_kg.lift.plan import references as fields_of
from dpc_kg.lift.resolved import Resolved
from dpc_kg.lift.rows import Loaded, column_name, identifier
from dpc_kg.lift.terms import Setting, subject_sql
from dpc_kg.lift.walkers import JsonWalker, Walker, XmlWalker

_CONDITION = re.compile(r"\[[^\]]*\]")


@dataclass(frozen=True)
class Place:
    """A cell of a source, and the record it belongs to."""

    source: str
    file: str
    row: int
    column: str | None
    letter: str | None
    record: str | None


def blamed(expression: Expression) -> list[str]:
    """Give the fields an expression reads, the one to blame first."""
    found = fields_of(expression)
    if isinstance(expression, Call):
        principal = expression.arg(FUNCTIONS[expression.function].principal)
        if principal is not None:
            found = list(dict.fromkeys([*blamed(principal), *found]))
    return found


def column_of(plan: Plan, view: View, field: str, at: str | None) -> str:
    """Give the column or path of a view's field in the row whose iterables stand at ``at``."""
    source = plan.source(view.source)
    field = field.removesuffix(".#") if field.endswith(".#") else field
    if field not in dict(view.fields):
        under = fields_of(dict(view.computed).get(field))
        if under:
            below = plan.view(view.on) if view.on is not None else view
            return column_of(plan, below, under[0], at)
        for join in view.joins:
            taken = fields_of(dict(join.fields).get(field))
            if taken:
                return column_of(plan, plan.view(join.parent), taken[0], None)
    reference = dict(view.fields).get(field, field)
    owner = owner_of(view, field)
    if source.formulation in {"CSV", "SPARQL"}:
        return reference if owner is None else view.iterables[owner].cell or reference
    walker: Walker = JsonWalker() if source.formulation == "JSONPath" else XmlWalker()
    if owner is None:
        return walker.column("", reference)
    places = (at or "").split(PATHS)
    place = places[owner] if owner < len(places) else ""
    is_text = view.iterables[owner].cell is not None
    return place if is_text and reference.startswith("~") else walker.column(place, reference)


def owner_of(view: View, field: str) -> int | None:
    """Give the place of the innermost iterable that holds a field; None for the record's own."""
    inside = [
        number
        for number, each in enumerate(view.iterables)
        if field.startswith(f"{each.name}.") or field == each.name
    ]
    return max(inside, key=lambda n: len(view.iterables[n].name), default=None)


def declared_path(plan: Plan, view: View, field: str) -> str:
    """Give the general path of a field (indexes as ``[*]``), as ``fields.csv`` writes it."""
    field = field.removesuffix(".#") if field.endswith(".#") else field
    owner = owner_of(view, field)
    if owner is None:
        return column_of(plan, view, field, None)
    reference = dict(view.fields).get(field, "" if field == view.iterables[owner].name else field)
    if view.iterables[owner].formulation == "Split":
        return view.iterables[owner].cell or reference
    name = view.iterables[owner].name
    chain = [i for i in view.iterables if name == i.name or name.startswith(f"{i.name}.")]
    texts = [i for i in chain if i.cell is not None]
    if texts:
        walker: Walker = JsonWalker()
        at = f"{texts[-1].cell}{''.join(i.path.removeprefix('$') for i in chain)}"
        return walker.column(at, reference)
    if plan.source(view.source).formulation == "XPath":
        at = _CONDITION.sub("", "/".join(i.path for i in chain))
        return XmlWalker().column(at, reference)
    at = "".join(i.path.removeprefix("$") for i in chain).removeprefix(".")
    return JsonWalker().column(at, reference)


class Trace:
    """Finds places for the subjects and properties of one lift."""

    def __init__(
        self,
        con: duckdb.DuckDBPyConnection,
        plan: Plan,
        resolved: dict[str, Resolved],
        setting: Setting,
        loaded: dict[str, Loaded],
        rejected: set[tuple[str, str, int, str]],
    ) -> None:
        self.con = con
        self.plan = plan
        self.resolved = resolved
        self.setting = setting
        self.loaded = loaded
        self.rejected = rejected

    def places(self, wanted: list[tuple[str, str | None]]) -> dict[tuple[str, str | None], Place]:
        """Give the place of each (focus node, predicate) found; the first row in the file's order.

        With no predicate the place is that of the record's key.
        """
        found: dict[tuple[str, str | None], Place] = {}
        for triples in self.plan.maps:
            rows = self._rows(triples, sorted({focus for focus, _ in wanted}))
            for focus, predicate in wanted:
                row = rows.get(focus)
                if row is None or ((focus, predicate) in found and predicate is None):
                    continue
                place = self._place(triples, row, predicate)
                known = found.get((focus, predicate))
                if place is not None and (known is None or known.column is None):
                    found[(focus, predicate)] = place
        return found

    def _rows(self, triples: TriplesPlan, focuses: list[str]) -> dict[str, dict[str, object]]:
        resolved = self.resolved[triples.view]
        subject = subject_sql(triples.subject, resolved, "t")
        if isinstance(triples.subject.expression, Const):
            return {}
        cursor = self.con.execute(
            f"SELECT {subject} AS _subject, t.* FROM {identifier(resolved.table)} t"
            f" WHERE {subject} IN (SELECT unnest(?::VARCHAR[])) ORDER BY t._file, t._row",
            [focuses],
        )
        names = [d[0] for d in cursor.description or []]
        rows: dict[str, dict[str, object]] = {}
        for values in cursor.fetchall():
            row = dict(zip(names, values, strict=True))
            rows.setdefault(str(row["_subject"]), row)
        return rows

    def _place(
        self, triples: TriplesPlan, row: dict[str, object], predicate: str | None
    ) -> Place | None:
        view = self.resolved[triples.view].view
        column = None
        if predicate is not None:
            pair = _pair(triples, predicate)
            if pair is not None:
                column = self._column(view, pair, row)
            else:
                return self._elsewhere(view, row, predicate)
        source = self.plan.source(view.source)
        return self.place(source.name, row, column or self._key_column(source.name), row["_record"])

    def _elsewhere(self, view: View, row: dict[str, object], predicate: str) -> Place | None:
        """Find the property on another node of the same record (a rule that blames it there)."""
        for triples in self.plan.maps:
            pair = _pair(triples, predicate)
            other = self.resolved[triples.view]
            if pair is None or other.view.source != view.source or other.view.iterables:
                continue
            cursor = self.con.execute(
                f"SELECT t.* FROM {identifier(other.table)} t WHERE _file = ? AND _row = ?",
                [row["_file"], row["_row"]],
            )
            names = [d[0] for d in cursor.description or []]
            values = cursor.fetchone()
            if values is not None:
                made = dict(zip(names, values, strict=True))
                column = self._column(other.view, pair, made)
                return self.place(view.source, made, column, made["_record"])
        source = self.plan.source(view.source)
        return self.place(source.name, row, self._key_column(source.name), row["_record"])

    def _column(self, view: View, pair: PredicateObject, row: dict[str, object]) -> str | None:
        """Give the cell to blame: a blank or rejected one first, else the principal one."""
        fields = pair_fields(pair)
        if pair.join is not None and not pair.join.conditions:
            view = self.plan.view(self.plan.triples(pair.join.parent).view)
        if not fields:
            return None
        at = str(row["_path"]) if row["_path"] is not None else None
        for field in fields:
            column = column_of(self.plan, view, field, at)
            value = row.get(column_name(field))
            if value is None or not str(value).strip() or self._is_rejected(view, row, column):
                return column
        return column_of(self.plan, view, fields[0], at)

    def _is_rejected(self, view: View, row: dict[str, object], column: str) -> bool:
        file = self.loaded[view.source].files[int(str(row["_file"]))]
        return (view.source, file, int(str(row["_row"])), column) in self.rejected

    def _key_column(self, source: str) -> str | None:
        key = self.plan.source(source).key
        if key is None:
            return None
        formulation = self.plan.source(source).formulation
        return JsonWalker().column("", key) if formulation == "JSONPath" else key

    def place(
        self, source: str, row: dict[str, object], column: str | None, record: object
    ) -> Place:
        """Give the place of a row's column."""
        loaded = self.loaded[source]
        return Place(
            source,
            loaded.files[int(str(row["_file"]))],
            int(str(row["_row"])),
            column,
            loaded.letter(column),
            None if record is None else str(record),
        )


def pair_fields(pair: PredicateObject) -> list[str]:
    """Give the fields an object is made of; those that tie it where another record gives it."""
    if pair.join is not None and pair.join.conditions:
        return list(dict.fromkeys(n for child, _ in pair.join.conditions for n in fields_of(child)))
    return blamed(pair.object.expression)


def _pair(triples: TriplesPlan, predicate: str) -> PredicateObject | None:
    """Give the pair that makes a property, one that reads the source before a constant one."""
    term = f"<{predicate}>"
    pairs = [
        p
        for p in triples.pairs
        if isinstance(p.predicate.expression, Const) and p.predicate.expression.text == term
    ]
    pairs.sort(key=lambda p: not fields_of(p.object.expression))
    return pairs[0] if pairs and predicate != RDF_TYPE else None
