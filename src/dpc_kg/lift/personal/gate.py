"""The gate: every column that a mapping reads, and every one that it does not know, looked at."""

from collections import Counter
from collections.abc import Iterable
from typing import Protocol

import duckdb

from dpc_kg.base.errors import MappingError
from dpc_kg.lift.fieldpaths import declared_path
from dpc_kg.lift.personal.cells import Place, cells, columns, listed_values
from dpc_kg.lift.personal.column import Column, cell_kinds
from dpc_kg.lift.personal.finding import Finding
from dpc_kg.lift.personal.glimpse import glimpse
from dpc_kg.lift.personal.headers import headed
from dpc_kg.lift.personal.kinds import NAME, NATIONAL, TEXT, kinds
from dpc_kg.lift.personal.names import is_shaped, unnumbered
from dpc_kg.lift.personal.numbers import number_in
from dpc_kg.lift.personal.uses import Use, uses
from dpc_kg.lift.plan import NOWHERE, Plan
from dpc_kg.lift.privacy import Decisions
from dpc_kg.lift.request import LiftRequest
from dpc_kg.lift.rows import Loaded, rows_table

_ANSWERS = 3
"""Different values of a column that says yes, no or unknown, whatever its header."""

_ROWS = 5
"""Rows that are named of a column."""

_Key = tuple[str, str]


class Looked(Protocol):
    """What the gate asks of a lift."""

    con: duckdb.DuckDBPyConnection
    plan: Plan
    decisions: Decisions | None
    loaded: dict[str, Loaded]
    request: LiftRequest


def look(lifted: Looked) -> list[Finding]:
    """Give the columns that look personal, by source and column.

    A column that leaves only as keyed pseudonyms is what it is declared to be. An outside document
    declares nothing and is not looked at.

    Raises:
        MappingError: ``fields.csv`` names a kind that there is not.
    """
    if lifted.decisions is None:
        return []
    _check_kinds(lifted.decisions)
    found = [*_read(lifted, lifted.decisions), *_unknown(lifted, lifted.decisions)]
    return sorted(found, key=lambda f: (not f.refuses, f.source, f.column))


def _check_kinds(decisions: Decisions) -> None:
    known = kinds().names
    for decision in decisions.decisions:
        for kind in sorted(decision.holds - set(known)):
            raise MappingError(
                f"There is no kind of personal data named {kind}.",
                file="fields.csv",
                column="holds",
                term=decision.path,
                advice=f"Known: {', '.join(known)}.",
            )


def _read(lifted: Looked, decisions: Decisions) -> Iterable[Finding]:
    """Give the findings in columns that the mapping reads."""
    places, strongest = _places(lifted.plan)
    listed = listed_values(lifted.con)
    suspects: dict[_Key, set[str]] = {}
    for source, table in dict.fromkeys((key[0], p.table) for key, ps in places.items() for p in ps):
        own = [p for key, ps in places.items() if key[0] == source for p in ps if p.table == table]
        for place, column in columns(lifted.con, table, own, listed):
            use = strongest[source, place.path]
            looks = column.kinds(use) - _declared(decisions, source, place.path, use)
            if looks:
                suspects.setdefault((source, place.path), set()).update(looks)
    for key, found in suspects.items():
        # a name in a column of codes becomes no text: it is counted as unmapped, and told
        refuses = strongest[key] is Use.OPEN or found != {NAME}
        yield from _counted(lifted, key, places[key], found, listed, refuses=refuses)


def _unknown(lifted: Looked, decisions: Decisions) -> Iterable[Finding]:
    """Give the columns that look personal of those the mapping does not know: nothing leaves."""
    for name, loaded in lifted.loaded.items():
        fields = [p for p, n in loaded.cells.items() if n and decisions.decide(name, p) is None]
        if not fields:
            continue
        path = lifted.request.sources.get(loaded.source.given)
        seen = {column.path: column for column in glimpse(loaded.source, path, fields)}
        for field in fields:
            looks = _told(seen.get(field), field, loaded.cells[field])
            if looks:
                yield Finding(name, loaded.files[0], field, looks, refuses=False)


def _told(column: Column | None, path: str, filled: int) -> tuple[tuple[str, int], ...]:
    """Give what an unknown column looks like by its cells; else by its header, if they are many."""
    counts: Counter[str] = Counter()
    if column is not None:
        found = column.kinds(None)
        for value, cells in column.candidates.items():
            counts.update({k: cells for k, _ in cell_kinds(value, path) if k in found})
        counts.update({k: column.seen for k in found & {NAME, NATIONAL, TEXT} if not counts[k]})
        if not counts and column.different <= _ANSWERS:
            return ()
    if not counts:
        counts.update(dict.fromkeys(headed(path), filled))
    return tuple(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


def _places(plan: Plan) -> tuple[dict[_Key, list[Place]], dict[_Key, Use]]:
    """Give where the cells of each field stand that leaves in clear, and what of it leaves."""
    places: dict[_Key, list[Place]] = {}
    strongest: dict[_Key, Use] = {}
    for (name, field), use in uses(plan).items():
        view = plan.view(name)
        if use is Use.KEYED or dict(view.fields).get(field) in {None, NOWHERE}:
            continue
        key = (view.source, declared_path(plan, view, field))
        places.setdefault(key, []).append(Place(rows_table(view), field, key[1]))
        strongest[key] = max(use, strongest.get(key, use))
    return places, strongest


def _declared(decisions: Decisions, source: str, path: str, use: Use) -> frozenset[str]:
    """Give the kinds that the mapping says a column holds.

    Where the text itself leaves, only what is a guess can be declared away.
    """
    decision = decisions.decide(source, path)
    held = decision.holds if decision is not None else frozenset()
    return held & kinds().guesses if use is Use.OPEN else held


def _counted(
    lifted: Looked,
    key: _Key,
    places: list[Place],
    suspected: set[str],
    listed: frozenset[str],
    *,
    refuses: bool,
) -> Iterable[Finding]:
    """Count the cells of a column by what they look like, and find the first of them."""
    source, path = key
    found: Counter[str] = Counter()
    first: int | None = None
    rows: dict[int, None] = {}
    for file, row, value in cells(lifted.con, places):
        if value.casefold() in listed:
            continue
        kept = _looks(value, path, suspected)
        found.update(kept)
        first = file if first is None and kept else first
        if kept and file == first and len(rows) < _ROWS:
            rows[row] = None
    loaded = lifted.loaded[source]
    if first is not None:
        shown = loaded.shown(path) or path
        looks = tuple(sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))
        yield Finding(source, loaded.files[first], shown, looks, tuple(rows), refuses)


def _looks(value: str, path: str, suspected: set[str]) -> list[str]:
    """Give the suspected kinds of a cell; a name or a text only where it is nothing else."""
    kept = [kind for kind, _ in cell_kinds(value, path) if kind in suspected]
    if kept:
        return kept
    if NATIONAL in suspected and number_in(value):
        return [NATIONAL]
    bare = unnumbered(value)
    if NAME in suspected and (is_shaped(bare) or is_shaped(bare.title())):
        return [NAME]
    return [TEXT] if TEXT in suspected and len(value.split()) > 1 else []
