"""Whether lines of one map can be equal to others: only then must they go through a set."""

import duckdb

from dpc_kg.lift.plan import (
    Call,
    Const,
    Plan,
    Ref,
    RowNode,
    Template,
    TermMap,
    TriplesPlan,
    expressions,
    references,
    terms,
)
from dpc_kg.lift.resolved import Resolved
from dpc_kg.lift.rows import column, natural
from dpc_kg.lift.terms import has_natural, table_of

_NARROW = 2


class Overlap:
    """Looks at the subjects of maps: how they begin, and whether a row has one of its own."""

    def __init__(
        self, con: duckdb.DuckDBPyConnection, plan: Plan, resolved: dict[str, Resolved]
    ) -> None:
        self.con = con
        self.plan = plan
        self.resolved = resolved
        self.counts: dict[tuple[str, tuple[str, ...]], tuple[int, int]] = {}

    def is_alone(self, triples: TriplesPlan) -> bool:
        """Tell whether no line of a map can be equal to another line of any map."""
        own = _start(triples.subject)
        for other in self.plan.maps:
            if other is triples or not _share_predicate(triples, other):
                continue
            if _may_meet(own, _start(other.subject)):
                return False
        rows, subjects = self._count(triples)
        return rows == subjects and self._pairs_differ(triples)

    def is_narrow(self, triples: TriplesPlan) -> bool:
        """Tell whether many rows of a map say the same."""
        rows, subjects = self._count(triples)
        return (
            subjects * _NARROW < rows
            and not any(p.join for p in triples.pairs)
            and all(not references_calls(t) for t in terms(triples))
        )

    @staticmethod
    def columns(triples: TriplesPlan, resolved: Resolved) -> list[str]:
        """Give the columns a map reads, with the natural datatypes beside them."""
        made = [e for t in terms(triples) for e in expressions(t)]
        names = sorted({n for e in made for n in references(e)})
        kept = [natural(n) for n in names if has_natural(n, resolved)]
        own = ["_file", "_row", "_path"] if any(isinstance(e, RowNode) for e in made) else []
        return [*(column(n) for n in names), *kept, *own] or ["_file"]

    def _pairs_differ(self, triples: TriplesPlan) -> bool:
        """Tell whether two pairs of one row can never give the same line."""
        seen: set[str] = set()
        for pair in triples.pairs:
            if pair.predicate.kind != "term":
                return False
            key = repr((pair.predicate, pair.graphs))
            if key in seen and pair.object.kind != "term":
                return False
            seen.add(key)
        return True

    def _count(self, triples: TriplesPlan) -> tuple[int, int]:
        """Give how many rows and how many different subjects (where there is one) a view has."""
        read = tuple(n for e in expressions(triples.subject) for n in references(e))
        key = (triples.view, read)
        if key not in self.counts:
            self.counts[key] = self._counted(self.resolved[triples.view], triples.subject, read)
        return self.counts[key]

    def _counted(
        self, resolved: Resolved, subject: TermMap, read: tuple[str, ...]
    ) -> tuple[int, int]:
        if not isinstance(subject.expression, Ref | Template) or not _tells_apart(subject):
            return 1, 0
        there = " AND ".join(f"{column(n)} IS NOT NULL" for n in read) or "TRUE"
        cells = ", ".join(column(n) for n in read) or "1"
        row = self.con.execute(
            f"SELECT count(*), count(DISTINCT ({cells})) FROM {table_of(resolved)} WHERE {there}"
        ).fetchone()
        return (int(row[0]), int(row[1])) if row else (0, 0)


def _start(term: TermMap) -> str:
    """Give the text a subject is known to begin with."""
    expression = term.expression
    if isinstance(expression, Const):
        return expression.text.removeprefix("<")
    if isinstance(expression, Template) and expression.parts:
        first = expression.parts[0]
        return first.text if isinstance(first, Const) else ""
    return ""


def _share_predicate(one: TriplesPlan, two: TriplesPlan) -> bool:
    """Tell whether lines of two maps may have the same predicate, as far as the mapping tells."""
    said = [{p.predicate.expression for p in m.pairs} for m in (one, two)]
    fixed = all(p.predicate.kind == "term" for m in (one, two) for p in m.pairs)
    return not fixed or bool(said[0] & said[1])


def _may_meet(one: str, two: str) -> bool:
    return one.startswith(two) or two.startswith(one)


def _tells_apart(term: TermMap) -> bool:
    """Tell whether different cells give different subjects: no two references touch."""
    if isinstance(term.expression, Ref):
        return True
    if not isinstance(term.expression, Template) or term.kind == "unsafe":
        return False
    parts = term.expression.parts
    inner = [p for p in parts if isinstance(p, Ref)]
    if len(inner) <= 1:
        return True
    # percent-encoding keeps "/" out of a cell's text, so such a constant divides two of them
    between = [p for p in parts[parts.index(inner[0]) : parts.index(inner[-1])] if p not in inner]
    return len(between) == len(inner) - 1 and all(
        isinstance(p, Const) and any(c in p.text for c in "/?#=&:;,") for p in between
    )


def references_calls(term: TermMap) -> bool:
    """Tell whether a term is made by a function, whose result stands in a column of its own."""
    return any(isinstance(e, Call) for e in expressions(term))
