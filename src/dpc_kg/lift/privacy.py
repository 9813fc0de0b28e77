"""The personal-data gate: what a mapping decided about every field, and what came of it.

A field is ``placed``, ``personal`` or has no place (``none``); one that ``fields.csv`` does not
list is undeclared. Only placed fields are ever projected; the others are counted and dropped.
"""

import csv
import re
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import duckdb

from dpc_kg.base.errors import MappingError
from dpc_kg.lift.fieldpaths import declared_path
from dpc_kg.lift.functions.base import ALL, DECLARED, variable
from dpc_kg.lift.plan import Plan
from dpc_kg.lift.rows import Loaded

UNDECLARED = "(undeclared column)"
_FILTER = re.compile(r"\[\w+=[^\]]*\]")
_STATUSES = {"placed", "personal", "none"}


@dataclass(frozen=True)
class FieldDecision:
    """What happens to one field of a source; an ``optional`` column may be lacking in a table.

    ``holds`` names kinds of personal data that its cells may look like and are not refused for.
    """

    source: str
    path: str
    status: str
    term: str
    reason: str
    optional: bool = False
    holds: frozenset[str] = frozenset()


@dataclass(frozen=True)
class FieldCount:
    """How many non-blank cells a field had, and what was decided about it."""

    source: str
    path: str
    status: str
    cells: int


class Decisions:
    """The decisions of one mapping (``fields.csv``)."""

    def __init__(self, decisions: list[FieldDecision]) -> None:
        self.decisions = decisions

    @cached_property
    def _exact(self) -> dict[tuple[str, str], FieldDecision]:
        return {(d.source, d.path): d for d in self.decisions}

    @cached_property
    def _patterns(self) -> list[tuple[str, re.Pattern[str], FieldDecision]]:
        wild = [d for d in self.decisions if re.search(r"(?<!\[)\*", d.path)]
        wild.sort(key=lambda d: -len(d.path))
        return [(d.source, _pattern(d.path), d) for d in wild]

    def decide(self, source: str, path: str) -> FieldDecision | None:
        """Give the decision about a general path, the most particular one first.

        The values of a list are decided with the list itself, and all queries of one file alike.
        """
        source = source.partition("~")[0]
        general = _unindexed(path)
        every = _FILTER.sub("[*]", general)
        for name in (path, general, general.removesuffix("[*]"), every, every.removesuffix("[*]")):
            exact = self._exact.get((source, name))
            if exact is not None:
                return exact
        for owner, pattern, decision in self._patterns:
            if owner == source and (pattern.fullmatch(path) or pattern.fullmatch(every)):
                return decision
        return None

    def optional(self, source: str) -> set[str]:
        """Give the columns that a table of this source may lack."""
        return {d.path for d in self.decisions if d.source == source and d.optional}

    def count(self, loaded: Loaded) -> list[FieldCount]:
        """Give the counts of a loaded source by decided field; undeclared ones by their path."""
        totals: Counter[tuple[str, str]] = Counter()
        for path, cells in loaded.cells.items():
            decision = self.decide(loaded.source.name, path)
            if decision is None:
                totals[(path, "undeclared")] += cells
            else:
                totals[(decision.path, decision.status)] += cells
        return [
            FieldCount(loaded.source.given, path, status, cells)
            for (path, status), cells in sorted(totals.items())
        ]


def without_names(counts: list[FieldCount]) -> list[FieldCount]:
    """Give the counts with the undeclared fields of a source as one, nameless.

    The name of an undeclared column or member stays at the partner: it may itself be personal.
    """
    totals = Counter({c.source: 0 for c in counts if c.status == "undeclared"})
    for count in counts:
        if count.status == "undeclared":
            totals[count.source] += count.cells
    kept = [c for c in counts if c.status != "undeclared"]
    return kept + [FieldCount(s, UNDECLARED, "undeclared", n) for s, n in sorted(totals.items())]


def _unindexed(path: str) -> str:
    return re.sub(r"\[\d+\]", "[*]", path)


def _pattern(path: str) -> re.Pattern[str]:
    """Give the pattern of a path in which a bare ``*`` stands for a member or a subtree."""
    body = re.escape(path).replace(r"\[\*\]", r"\[(?:\*|\d+)\]")
    body = re.sub(r"\\\.\\\*$", r"(?:[.\\[].*)?", body)
    body = re.sub(r"/\\\*$", r"(?:/.*)?", body)
    body = body.replace(r"\.\*", r"(?:\.\w+|\['[^']*'\])").replace(r"\*", r"[^/]*")
    return re.compile(body)


def read_fields(folder: Path) -> Decisions | None:
    """Give the decisions of a mapping folder; None where it has none (an outside document).

    Raises:
        MappingError: a row is malformed.
    """
    path = folder / "fields.csv"
    if not path.is_file():
        return None
    decisions = []
    # a spreadsheet puts a mark before the first letter of what it saves as CSV UTF-8
    with path.open(encoding="utf-8-sig", newline="") as file:
        for line, row in enumerate(csv.DictReader(file), start=2):
            if row.get("status") not in _STATUSES:
                raise MappingError(
                    "A field has no known status.",
                    file=path.name,
                    row=line,
                    column="status",
                    advice=f"Known: {', '.join(sorted(_STATUSES))}.",
                )
            names = ("source", "path", "status", "term", "reason")
            source, field, status, term, reason = ((row.get(n) or "").strip() for n in names)
            is_optional = (row.get("presence") or "").strip() == "optional"
            holds = frozenset((row.get("holds") or "").split())
            decisions.append(FieldDecision(source, field, status, term, reason, is_optional, holds))
    return Decisions(decisions)


@dataclass(frozen=True)
class CodeRow:
    """A declared value of a list: the code it has in the model, if any, and its source scheme."""

    list: str
    value: str
    code: str | None
    scheme: str


def read_codes(folder: Path) -> list[CodeRow]:
    """Give the declared values of a mapping folder (``codes.csv``); none where it has no such file.

    Raises:
        MappingError: a value stands twice in its list.
    """
    path = folder / "codes.csv"
    if not path.is_file():
        return []
    rows: dict[tuple[str, str], CodeRow] = {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        for line, row in enumerate(csv.DictReader(file, restval=""), start=2):
            key = (row["list"].strip(), row["value"].strip())
            if key in rows:
                raise MappingError(
                    "A value stands twice in its list.", file=path.name, row=line, column="value"
                )
            rows[key] = CodeRow(*key, row["code"].strip() or None, row["scheme"].strip())
    return list(rows.values())


def load_codes(con: duckdb.DuckDBPyConnection, rows: list[CodeRow], lists: set[str]) -> None:
    """Make the maps of declared values that functions look up: by list, and of all together.

    ``lists`` names those a mapping asks for; one without a row is an empty map.
    """
    by_list: dict[str, list[CodeRow]] = {name: [] for name in lists}
    for row in rows:
        if row.list in by_list:
            by_list[row.list].append(row)
    for name, own in by_list.items():
        _set_map(con, variable(name, "code"), [(r.value, r.code) for r in own])
        _set_map(con, variable(name, "value"), [(r.value, r.value) for r in own])
        scheme = next((r.scheme for r in own if r.scheme), None)
        con.execute(f'SET VARIABLE "{variable(name, "scheme")}" = $1::VARCHAR', [scheme])
    _set_map(con, ALL, [(f"{r.list}\x1f{r.value}", r.code) for r in rows])
    _set_map(con, DECLARED, [(v, v) for v in dict.fromkeys(r.value for r in rows)])


def _set_map(
    con: duckdb.DuckDBPyConnection, name: str, pairs: list[tuple[str, str | None]]
) -> None:
    keys, values = [k for k, _ in pairs], [v for _, v in pairs]
    con.execute(f'SET VARIABLE "{name}" = map($1::VARCHAR[], $2::VARCHAR[])', [keys, values])


def fields_read(decisions: Decisions, plan: Plan) -> set[tuple[str, str]]:
    """Give the decided fields that a mapping reads, keys, versions and conditions too.

    A field that is placed but that the mapping does not read yet is lost in this lift: it is
    counted like one without a place.
    """
    asked = [(s.name, n.removeprefix("$.")) for s in plan.sources for n in (s.key, s.version) if n]
    asked += [(s.name, path) for s in plan.sources for path in s.reads]
    for view in plan.views:
        named = [n for n, _ in view.fields if not n.endswith("#")]
        asked += [(view.source, declared_path(plan, view, name)) for name in named]
        asked += [(view.source, i.cell) for i in view.iterables if i.cell]
        asked += [(view.source, path) for i in view.iterables for path in _conditions(i.path)]
    found = ((source, decisions.decide(source, path)) for source, path in asked)
    return {(d.source, d.path) for _, d in found if d is not None}


def _conditions(iterator: str) -> list[str]:
    """Give the attributes an XPath iterator asks about, as ``fields.csv`` writes them."""
    found = []
    for condition in re.finditer(r"\[([^\]]*)\]", iterator):
        at = re.sub(r"\[[^\]]*\]", "", iterator[: condition.start()])
        found += [f"{at}/{name}" for name in re.findall(r"@\w+", condition[1])]
    return found


def check_projected(decisions: Decisions, plan: Plan) -> None:
    """Refuse a mapping that reads a field which is not declared as placed.

    Raises:
        MappingError: names the field; nothing of the source has been read yet.
    """
    for view in plan.views:
        for name, reference in view.fields:
            if name == "#" or name.endswith(".#") or reference in {"~", ""}:
                continue
            _check_placed(decisions, view.source, declared_path(plan, view, name), view.name)
    for source in plan.sources:
        for path in source.reads:
            _check_placed(decisions, source.name, path, source.name)


def _check_placed(decisions: Decisions, source: str, path: str, reader: str) -> None:
    decision = decisions.decide(source, path)
    if decision is None or decision.status != "placed":
        status = "undeclared" if decision is None else f"declared {decision.status}"
        raise MappingError(
            f"The mapping reads a field that is {status}.",
            file="fields.csv",
            column=path,
            term=reader,
            advice="Declare it as placed, or do not read it.",
        )
