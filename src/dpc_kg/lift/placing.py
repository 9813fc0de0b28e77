"""Where the faults of a lift are: rejects at their cells, and the partner's own record numbers."""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping

import duckdb

from dpc_kg.base.faults import SOURCE, Fault
from dpc_kg.lift.dateforms import settled
from dpc_kg.lift.plan import Plan, Source
from dpc_kg.lift.planread import hash_fields
from dpc_kg.lift.privacy import Decisions
from dpc_kg.lift.reject import Reject, Rejects
from dpc_kg.lift.rows import Loaded, base_table, identifier
from dpc_kg.lift.walkers import JsonWalker

Row = tuple[str, str | None, int]
"""File, sheet and row (or number of a record)."""

CellPlace = tuple[str, str, int, str]
"""File, sheet, row and column, as `Fault.place` has them."""

_NUMBER = re.compile(
    r"(?:(?:[A-Z]{1,6}|[a-z]{1,3})[-_/. ]?)?[0-9][0-9\-_/. ]{0,40}"
    r"|(?=(?:[^0-9]*[0-9]){2})[0-9A-Fa-f][0-9A-Fa-f-]{5,40}"
)
"""What a record number looks like: a name typed in its place is not shown."""


def faults_of(
    rejects: Iterable[Reject],
    loaded: Mapping[str, Loaded],
    records: Mapping[tuple[str, str, int], str | None],
    kind_of: Callable[[str], str],
) -> list[Fault]:
    """Give rejects as faults; ``kind_of`` gives the kind of a rule (``source:date``)."""
    return [
        Fault(
            r.file,
            loaded[r.source].sheet,
            r.row,
            loaded[r.source].shown(r.column),
            kind_of(f"{SOURCE}{r.rule}"),
            (f"{SOURCE}{r.rule}",),
            records.get((r.source, r.file, r.row or 0)),
            letter=r.letter or loaded[r.source].letter(r.column),
        )
        for r in rejects
    ]


def hints_of(
    rejects: Rejects, loaded: Mapping[str, Loaded], places: Collection[CellPlace]
) -> dict[CellPlace, str]:
    """Give how rejected cells were likely meant, of those whose places are asked for."""
    hints = {}
    readings = settled(rejects.runs())
    for alike, rows in rejects.runs().items():
        if alike not in readings:
            continue
        own = loaded[alike.source]
        for row in rows:
            place = (alike.file, own.sheet or "", row, own.shown(alike.column) or "")
            if place in places:
                hints[place] = readings[alike]
    return hints


def key_column(source: Source) -> str | None:
    """Give the column of the key of a source's records, as places name it."""
    if source.key is None or source.formulation != "JSONPath":
        return source.key
    return JsonWalker().column("", source.key)


def own_numbers(
    con: duckdb.DuckDBPyConnection,
    plan: Plan,
    loaded: Mapping[str, Loaded],
    decisions: Decisions | None,
    rows: Iterable[Row],
) -> dict[Row, str]:
    """Give the partner's own numbers of records, by row.

    None where the mapping declares the key as personal, where it is the hash of a file, where what
    stands there does not look like a number, and where several sources are read of one file or
    sheet.
    """
    hashes = hash_fields(plan)
    wanted: defaultdict[tuple[str, str | None], set[int]] = defaultdict(set)
    for file, sheet, row in rows:
        wanted[file, sheet].add(row)
    numbers: dict[Row, str] = {}
    for (file, sheet), places in wanted.items():
        owners = [o for o in loaded.values() if file in o.files and o.sheet == sheet]
        if len(owners) != 1 or not _may_be_shown(owners[0].source, decisions, hashes):
            continue
        found = con.execute(
            f"SELECT _row, dpc_clean(_key) FROM {identifier(base_table(owners[0].source))}"
            " WHERE _file = ? AND _row IN (SELECT unnest(?::BIGINT[]))",
            [owners[0].files.index(file), sorted(places)],
        ).fetchall()
        shown = ((row, key) for row, key in found if key and _NUMBER.fullmatch(key))
        numbers.update({(file, sheet, row): key for row, key in shown})
    return numbers


def _may_be_shown(
    source: Source, decisions: Decisions | None, hashes: set[tuple[str, str]]
) -> bool:
    column = key_column(source)
    if column is None or (source.given, column) in hashes:
        return False
    decision = decisions.decide(source.name, column) if decisions is not None else None
    return decision is not None and decision.status == "placed"
