"""The inverse of the plan: from a subject and a property back to file, row and column."""

from dataclasses import dataclass

import duckdb

from dpc_kg.base.vocab import RDF_TYPE
from dpc_kg.lift.functions import FUNCTIONS
from dpc_kg.lift.functions.base import KEYS, LAST
from dpc_kg.lift.plan import (
    Call,
    Const,
    Expression,
    Plan,
    PredicateObject,
    Source,
    TriplesPlan,
    View,
)
from dpc_kg.lift.plan import references as fields_of
from dpc_kg.lift.resolved import Resolved
from dpc_kg.lift.rows import Loaded, column_name, identifier
from dpc_kg.lift.terms import Setting, subject_sql
from dpc_kg.lift.walkers import JsonWalker, Walker, XmlWalker


@dataclass(frozen=True)
class Place:
    """A cell of a source, and the record it belongs to."""

    source: str
    file: str
    row: int
    column: str | None
    letter: str | None
    record: str | None
    sheet: str | None = None


def blamed(expression: Expression) -> list[str]:
    """Give the fields an expression reads, the one to blame first."""
    found = fields_of(expression)
    if isinstance(expression, Call):
        given = [name for name, _ in expression.args]
        principal = expression.arg(FUNCTIONS[expression.function].blamed(given))
        if principal is not None:
            found = list(dict.fromkeys([*blamed(principal), *found]))
    return found


def alternatives(expression: Expression) -> list[str]:
    """Give the fields of which an expression takes the first that is filled, the one to blame."""
    if not isinstance(expression, Call):
        return []
    function = FUNCTIONS[expression.function]
    if function.principal == LAST:
        return [field for _, arg in expression.args for field in blamed(arg)[:1]]
    principal = expression.arg(function.principal)
    return alternatives(principal) if principal is not None else []


def referring(expression: Expression) -> str | None:
    """Give the field that names what an expression refers to: of several keys the last."""
    if not isinstance(expression, Call):
        return next(reversed(fields_of(expression)), None)
    keys = [arg for name, arg in expression.args if name in KEYS]
    given = [name for name, _ in expression.args]
    principal = expression.arg(FUNCTIONS[expression.function].blamed(given)) if given else None
    inner = keys or ([] if principal is None else [principal])
    return next((field for arg in reversed(inner) if (field := referring(arg))), None)


def column_of(plan: Plan, view: View, field: str, at: str | None) -> str:
    """Give the column or path of a view's field in the row whose iterable stands at ``at``."""
    source = plan.source(view.source)
    reference = dict(view.fields).get(field, field)
    owner = next((i for i in view.iterables if field.startswith(f"{i.name}.")), None)
    if field not in dict(view.fields):
        made = dict(view.computed).get(field)
        under = fields_of(made)
        if under:
            below = plan.view(view.on) if view.on is not None else view
            return column_of(plan, below, under[0], at)
    if source.formulation == "SPARQL":
        return field_of(reference, source)
    if source.formulation == "CSV":
        return reference if owner is None else owner.cell or reference
    walker: Walker = JsonWalker() if source.formulation == "JSONPath" else XmlWalker()
    return walker.column((at or "") if owner is not None else "", reference)


def field_of(variable: str, source: Source) -> str:
    """Give the field a query's variable holds: ``Class__prefix_name`` is ``Class/prefix:name``.

    A further part only tells two variables of one field apart. Without declared name spaces, and
    in a name without ``__``, the variable is its own field.
    """
    parts = variable.split("__")
    if len(parts) == 1:
        return variable
    for prefix, _ in sorted(source.namespaces, key=lambda pair: -len(pair[0])):
        start = prefix.replace("-", "_") + "_"
        if parts[1].startswith(start):
            return f"{parts[0]}/{prefix}:{parts[1].removeprefix(start)}"
    return parts[0] if source.namespaces else variable


def declared_path(plan: Plan, view: View, field: str) -> str:
    """Give the general path of a field (indexes as ``[*]``), as ``fields.csv`` writes it."""
    owner = next((i for i in view.iterables if field.startswith(f"{i.name}.")), None)
    if owner is None:
        return column_of(plan, view, field, None)
    reference = dict(view.fields).get(field, field)
    if owner.cell is not None and owner.formulation == "Split":
        return owner.cell  # the parts of a text have no names of their own
    if owner.cell is not None:
        walker: Walker = JsonWalker()
        return walker.column(f"{owner.cell}{owner.path.removeprefix('$')}", reference)
    chain = [i for i in view.iterables if field.startswith(f"{i.name}.")]
    if plan.source(view.source).formulation == "XPath":
        at = "/".join(i.path for i in chain).split("[", maxsplit=1)[0]
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
            if pair is None or not self._same_rows(other.view, view):
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

    def _same_rows(self, other: View, view: View) -> bool:
        """Tell whether rows of one number are one record: of one source, or of one file."""
        own = self.plan.source(view.source)
        return self.plan.source(other.source).given == own.given and not other.iterables

    def _column(self, view: View, pair: PredicateObject, row: dict[str, object]) -> str | None:
        """Give the cell to blame: a blank or rejected one first, else the principal one."""
        fields = _blamed(pair)
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
            loaded.shown(column),
            loaded.letter(column),
            None if record is None else str(record),
            loaded.sheet,
        )


def _blamed(pair: PredicateObject) -> list[str]:
    """Give the fields to blame for an object: of one in another table, those that name it here."""
    if pair.join is not None and pair.join.conditions:
        return [field for child, _ in pair.join.conditions for field in fields_of(child)]
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
