"""What became of the filled cells of each field that a mapping reads, counted in the views.

The readers count the filled cells of a file as they pass; here the cells are counted again where
their statements are made. Both together are the balance of the report: no cell is lost in silence.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from functools import cached_property

import duckdb

from dpc_kg.lift.blame import blamed
from dpc_kg.lift.fieldpaths import declared_path
from dpc_kg.lift.plan import Plan, TriplesPlan, View, expressions, references
from dpc_kg.lift.privacy import Decisions
from dpc_kg.lift.resolved import Resolved
from dpc_kg.lift.rows import column, identifier, rows_table
from dpc_kg.lift.terms import Scope, Setting, subject_sql, table_of, term_sql

Field = tuple[str, str]
"""A source, and the declared path of a field."""

STATES = ("superseded", "read", "withheld", "terms", "unknown", "rejected")
"""What a cell can become, the weakest first: of a cell that several views read, the strongest.

``read`` cells make no statement by themselves: keys, conditions, and codes that say nothing.
"""

# what Python takes for white space
_FILLED = r"regexp_matches({0}, '[^\s\p{{Z}}\x{{0b}}\x{{1c}}-\x{{1f}}\x{{85}}]')"
_WITHHELD = "(SELECT record FROM dpc_withheld)"


class Balance:
    """Counts cells in the views of one lift."""

    def __init__(
        self,
        con: duckdb.DuckDBPyConnection,
        plan: Plan,
        resolved: Mapping[str, Resolved],
        setting: Setting,
        decisions: Decisions,
    ) -> None:
        self.con = con
        self.plan = plan
        self.resolved = resolved
        self.setting = setting
        self.decisions = decisions

    def count(self) -> dict[Field, Counter[str]]:
        """Give how many cells of each field came to each state, of the fields that can be told."""
        found: dict[Field, Counter[str]] = {}
        for field, readers in sorted(self._readers().items()):
            owners = {self._owner(view, name) for view, name in readers}
            if len(owners) == 1 and None not in owners and "*" not in _plain(field[1]):
                queries = [query for view, name in readers for query in self._cells(view, name)]
                found[field] = self._states(queries)
        return found

    def _readers(self) -> dict[Field, list[tuple[View, str]]]:
        """Give the views that read each placed field, with their names of it."""
        found: defaultdict[Field, list[tuple[View, str]]] = defaultdict(list)
        for view in self.plan.views:
            names = [n for n, _ in view.fields if n != "#" and not n.endswith(".#")]
            for name in names if view.on is None else ():
                decision = self.decisions.decide(view.source, declared_path(self.plan, view, name))
                if decision is not None and decision.status == "placed":
                    found[self.plan.source(view.source).given, decision.path].append((view, name))
        return found

    def _owner(self, view: View, name: str) -> str | None:
        """Give what a row of a view is to a field: the record (blank) or an iteration.

        None where a row is not one cell: a list in a text, a list that is not iterated, an item
        around the one the row stands for, an answer of a query.
        """
        source = self.plan.source(view.source)
        owners = [i for i in view.iterables if name.startswith(f"{i.name}.")]
        if source.formulation == "SPARQL" or any(i.cell is not None for i in owners):
            return None
        reference = dict(view.fields)[name]
        if source.formulation != "CSV" and ("*" in reference or "[" in reference.lstrip("$[")):
            return None
        if not owners:
            return ""
        if owners[-1] is not view.iterables[-1]:
            return None
        return "/".join(i.path for i in owners)

    def _states(self, queries: list[str]) -> Counter[str]:
        rows = self.con.execute(
            "SELECT state, count(*) FROM (SELECT max(state) AS state FROM"
            f" ({' UNION ALL '.join(queries)}) GROUP BY _file, _row, place, cell) GROUP BY state"
        ).fetchall()
        return Counter({STATES[state]: count for state, count in rows})

    def _cells(self, view: View, name: str) -> list[str]:
        """Give queries of the cells of a field: file, row, place in it, text, state."""
        cell = column(name)
        at = "_path" if _is_innermost(view, name) else "NULL::VARCHAR"
        body = f"_file, _row, {at} AS place, {cell} AS cell"
        filled = _FILLED.format(cell)
        if self.plan.source(view.source).formulation == "JSONPath":
            # a list or an object in the place of a value: its members are the cells
            filled += f" AND NOT (left({cell}, 1) IN ('[', '{{') AND json_valid({cell}))"
        made = [
            f"SELECT {body}, 0 AS state FROM {identifier(rows_table(view))} WHERE {filled}",
        ]
        # what is computed of a cell stands in the views above, under another name
        for above in self.plan.views:
            for own in _names(self.plan, above, view, name):
                one = self.resolved[above.name]
                state = self._state(one, own)
                table = table_of(one)
                if above is not view:
                    table = (
                        f"(SELECT b.*, t.state FROM {identifier(rows_table(view))} b JOIN (SELECT"
                        f" _file, _row, _path, max({state}) AS state FROM {table} t GROUP BY ALL) t"
                        " ON t._file = b._file AND t._row = b._row"
                        " AND t._path IS NOT DISTINCT FROM b._path)"
                    )
                    state = "state"
                made.append(f"SELECT {body}, {state} AS state FROM {table} t WHERE {filled}")
        return made

    def _state(self, one: Resolved, name: str) -> str:
        """Give SQL of the state of a cell in a row of its view."""
        rejected = [r for c, r in one.rules.items() if name in blamed(c)[:1]]
        unknown = [u for c, u in one.unknowns.items() if name in blamed(c)[:1]]
        made, kept = self._terms(one, name)
        cases = [(5, [f"t.{r} IS NOT NULL" for r in rejected]), (4, [f"t.{u}" for u in unknown])]
        cases += [(3, kept), (2, made)]
        body = "".join(f" WHEN {' OR '.join(tests)} THEN {n}" for n, tests in cases if tests)
        return f"CASE{body} ELSE 1 END" if body else "1"

    def _terms(self, one: Resolved, name: str) -> tuple[list[str], list[str]]:
        """Give SQL true where a term is made of a field, and where it is written too."""
        found: defaultdict[str, list[str]] = defaultdict(list)
        for triples in self.plan.maps:
            if triples.view != one.view.name:
                continue
            scope = Scope(one, "t", triples.base or self.setting.base)
            subject = subject_sql(triples.subject, one, "t")
            for test in _tests(triples, name, scope):
                found[f"coalesce(t._record, {subject})"].append(f"({test})")
        made = [test for tests in found.values() for test in tests]
        if not self._withholds:
            return [], made
        # every subquery is a join of its own: one for all that a subject has
        kept = [f"(({' OR '.join(t)}) AND {s} NOT IN {_WITHHELD})" for s, t in found.items() if t]
        return made, kept

    @cached_property
    def _withholds(self) -> bool:
        return self.con.execute(f"SELECT EXISTS {_WITHHELD}").fetchone() == (True,)


def _tests(triples: TriplesPlan, name: str, scope: Scope) -> list[str]:
    """Give SQL true where a map makes a term that a field takes part in."""
    subject = f"{subject_sql(triples.subject, scope.resolved, 't')} IS NOT NULL"
    if any(name in references(e) for e in expressions(triples.subject)):
        return [subject]
    found = []
    for pair in triples.pairs:
        if pair.join is not None:
            if any(name in references(child) for child, _ in pair.join.conditions):
                found.append(subject)
            continue
        for term in (pair.predicate, pair.object, *pair.graphs):
            if any(name in references(e) for e in expressions(term)):
                found.append(f"{subject} AND ({term_sql(term, scope)}) IS NOT NULL")
    return found


def _names(plan: Plan, above: View, view: View, name: str) -> list[str]:
    """Give the names under which a view has a field of another: its own, or what it computes."""
    if above is view:
        return [name, *(n for n, made in view.computed if name in references(made))]
    if above.on is None:
        return []
    inner = _names(plan, plan.view(above.on), view, name)
    return [n for n, made in above.computed if set(inner) & set(references(made))]


def _is_innermost(view: View, name: str) -> bool:
    """Tell whether a field is of the iterable whose place the rows tell."""
    return bool(view.iterables) and name.startswith(f"{view.iterables[-1].name}.")


def _plain(path: str) -> str:
    """Give a declared path without the marks of iterated lists."""
    return path.replace("[*]", "")
