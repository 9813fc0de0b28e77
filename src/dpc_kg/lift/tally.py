"""Faults joined by cell and counted in DuckDB, of which only the first of each rule come back.

A file that is wrong throughout has millions. Of each a number for all that many share, its row and
its record are kept, sixteen bytes, and DuckDB lays them down where memory is short.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import duckdb

from dpc_kg.base.faults import SOURCE, Fault, More
from dpc_kg.lift.handover import handed_over
from dpc_kg.lift.sqltext import fetched

_BATCH = 20_000
_VIOLATION = "Violation"
_HEAD = (
    "head INTEGER, lead INTEGER, part INTEGER, file INTEGER, sheet INTEGER, col INTEGER,"
    " own BOOLEAN, whole BOOLEAN, told INTEGER, rules BIT"
)
_MERGED = """
CREATE OR REPLACE TABLE dpc_merged AS
SELECT part, file, sheet, row, col, min(lead) AS lead, min(place) AS record,
  coalesce(bit_or(rules) FILTER (own), bit_or(rules))::VARCHAR AS rules
FROM dpc_fault JOIN dpc_head USING (head) LEFT JOIN dpc_record USING (record)
GROUP BY part, file, sheet, row, col"""
_KEPT = """
SELECT lead, row, record, rules FROM
 (SELECT m.*, h.whole, row_number() OVER (PARTITION BY h.told ORDER BY m.file, m.sheet, m.row,
   m.col) AS number FROM dpc_merged m JOIN dpc_head h USING (lead))
WHERE number <= ? OR whole ORDER BY part, file, sheet, row, col"""
_WITHHELD = """
SELECT DISTINCT m.file, m.sheet, m.row, m.col, place, m.rules
FROM dpc_fault JOIN dpc_head h USING (head) JOIN dpc_record USING (record)
JOIN dpc_merged m USING (part, file, sheet, row, col)
WHERE part = 0 ORDER BY ALL"""
_LOOSE = """
SELECT m.lead, m.row, m.rules FROM dpc_merged m JOIN dpc_head h USING (lead)
WHERE m.part = 0 AND m.record IS NULL AND NOT h.whole ORDER BY m.file, m.row, m.sheet, m.col"""
_AT = "SELECT DISTINCT lead, row FROM dpc_merged WHERE row IN (SELECT unnest(?::BIGINT[]))"


@dataclass(frozen=True)
class _Head:
    """What faults of many rows share: one of them without row and record, and what broke.

    ``letter`` stands here again because faults are compared without it.
    """

    fault: Fault
    letter: str | None
    component: str

    @property
    def is_source(self) -> bool:
        return self.fault.rule.startswith(SOURCE)

    @property
    def is_warning(self) -> bool:
        return self.fault.severity != _VIOLATION

    @property
    def order(self) -> tuple[object, ...]:
        """Which head is a cell's own: that it cannot be read goes before what follows from it."""
        fault = self.fault
        what = (not self.is_source, min(fault.rules), self.component, fault.kind, fault.severity)
        return (*what, *fault.place, fault.row is None, self.letter or "", fault.looks, fault.rows)

    @property
    def told(self) -> tuple[object, ...]:
        """Under what it is told and counted."""
        return (self.is_warning, min(self.fault.rules), self.fault.kind)


class Tally:
    """Takes faults, in any order and some twice, and joins those of one cell.

    Where a cell itself cannot be read (``source:``), that is the fault; what follows from it is
    not said again. Of each rule and kind the first ``cap`` cells come back as faults, in the order
    of the files; all of them count, and withhold their records. Whole columns come back all.
    """

    def __init__(self, con: duckdb.DuckDBPyConnection, cap: int) -> None:
        self.con = con
        self.cap = cap
        self.clear()

    def clear(self) -> None:
        """Forget what was taken."""
        self._numbers: dict[tuple[object, ...], int] = {}
        self._heads: list[_Head] = []
        self._records: dict[str, int] = {}
        self._taken: dict[tuple[int, int, int], None] = {}
        self.con.execute(
            "CREATE OR REPLACE TABLE dpc_fault (head INTEGER, row BIGINT, record INTEGER)"
        )

    def add(self, fault: Fault, component: str = "") -> None:
        """Take a fault; ``component`` is what of its rule was broken."""
        f = fault
        shared = (f.file, f.sheet, f.row is None, f.column, f.kind, f.rules, f.severity, f.line)
        key = (*shared, f.letter, f.looks, f.rows, component)
        head = self._numbers.get(key)
        if head is None:
            head = self._numbers[key] = len(self._heads)
            bare = replace(f, row=None if f.row is None else 0, record=None)
            self._heads.append(_Head(bare, f.letter, component))
        record = -1
        if f.record is not None:
            record = self._records.setdefault(f.record, len(self._records))
        self._taken[head, f.row or 0, record] = None
        if len(self._taken) >= _BATCH:
            self._flush()

    def _flush(self) -> None:
        if self._taken:
            kinds = ("INTEGER", "BIGINT", "INTEGER")
            select, args = handed_over(kinds, list(zip(*self._taken, strict=True)))
            self.con.execute(f"INSERT INTO dpc_fault {select}", args)
            self._taken = {}

    def settle(self) -> "Settled":
        """Join what was taken, once all of it is."""
        self._flush()
        names = sorted(self._records)
        places = {name: place for place, name in enumerate(names)}
        self._fill(
            "dpc_record",
            "record INTEGER, place INTEGER",
            [(number, places[name]) for name, number in self._records.items()],
        )
        heads = sorted(self._heads, key=lambda head: head.order)
        rules = sorted({rule for head in heads for rule in head.fault.rules})
        self._fill("dpc_head", _HEAD, self._rows(heads, rules))
        self.con.execute(_MERGED)
        return Settled(self.con, self.cap, heads, rules, names)

    def _rows(self, heads: list[_Head], rules: list[str]) -> list[tuple[object, ...]]:
        """Give the rows of the table of heads; names are numbers in them, in the same order."""
        numbers = {id(head): number for number, head in enumerate(self._heads)}
        places = [head.fault.place for head in heads]
        files = _numbered(place[0] for place in places)
        sheets = _numbered(place[1] for place in places)
        columns = _numbered(place[3] for place in places)
        told = _numbered(head.told for head in heads)
        rows: list[tuple[object, ...]] = []
        for lead, (head, (file, sheet, _, column)) in enumerate(zip(heads, places, strict=True)):
            own = "".join("01"[rule in head.fault.rules] for rule in rules)
            at = (int(head.is_warning), files[file], sheets[sheet], columns[column])
            is_whole = bool(head.fault.looks)
            last = (head.is_source, is_whole, told[head.told], own)
            rows.append((numbers[id(head)], lead, *at, *last))
        return rows

    def _fill(self, table: str, columns: str, rows: list[tuple[object, ...]]) -> None:
        self.con.execute(f"CREATE OR REPLACE TABLE {table} ({columns})")
        for start in range(0, len(rows), _BATCH):
            texts = [
                [str(cell) for cell in column]
                for column in zip(*rows[start : start + _BATCH], strict=True)
            ]
            select, args = handed_over(("VARCHAR",) * len(texts), texts)
            self.con.execute(f"INSERT INTO {table} {select}", args)


@dataclass(frozen=True)
class Settled:
    """Faults joined by cell: those that are told, how many more there are, and what they withhold.

    Numbers in the tables stand for the heads, rules and records given here, in order.
    """

    con: duckdb.DuckDBPyConnection
    cap: int
    heads: Sequence[_Head]
    rules: Sequence[str]
    records: Sequence[str]

    def told(self) -> tuple[list[Fault], list[More]]:
        """Give the first faults of each rule by place, and how many are beyond them."""
        faults = [
            replace(
                self.heads[lead].fault,
                row=self._row(lead, row),
                rules=self._names(rules),
                record=None if record is None else self.records[record],
            )
            for lead, row, record, rules in self._asked(_KEPT, self.cap)
        ]
        beyond: Counter[tuple[str, str, str, str]] = Counter()
        for lead, count in self._asked("SELECT lead, count(*) FROM dpc_merged GROUP BY lead"):
            beyond[_counted(self.heads[lead].fault)] += count
        beyond.subtract(_counted(fault) for fault in faults)
        return faults, [More(*key, count) for key, count in sorted(beyond.items()) if count]

    def withheld(self) -> dict[str, tuple[str, ...]]:
        """Give the records with a violation, and their rules in the order of the file."""
        found: dict[int, tuple[str, ...]] = {}
        joined = lru_cache(maxsize=1000)(_joined)
        for *_, record, rules in self._asked(_WITHHELD):
            found[record] = joined(found.get(record, ()), self._names(rules))
        return {self.records[record]: rules for record, rules in found.items()}

    def loose(self) -> Iterator[tuple[str, int | None, tuple[str, ...]]]:
        """Give file, row and rules of each cell at fault in a row without a record, in order."""
        for lead, row, rules in self._asked(_LOOSE):
            yield self.heads[lead].fault.file, self._row(lead, row), self._names(rules)

    def is_at(self, faults: Iterable[Fault]) -> list[bool]:
        """Tell of each fault whether there is one at its file, row and column, told or not."""
        asked = list(faults)
        rows = sorted({fault.row or 0 for fault in asked})
        found = self._asked(_AT, rows)
        heads = ((self.heads[lead].fault, row) for lead, row in found)
        there = {(head.file, row, head.column) for head, row in heads}
        return [(fault.file, fault.row or 0, fault.column) in there for fault in asked]

    def _asked(self, query: str, *given: object) -> Iterator[tuple[Any, ...]]:
        # a cursor of its own: others may ask while its rows are taken
        cursor = self.con.cursor()
        cursor.execute(query, given)
        return fetched(cursor)

    def _row(self, lead: int, row: int) -> int | None:
        return None if self.heads[lead].fault.row is None else row

    def _names(self, bits: str) -> tuple[str, ...]:
        return _chosen(bits, tuple(self.rules))


def _numbered(names: Iterable[Any]) -> dict[Any, int]:
    return {name: number for number, name in enumerate(sorted(set(names)))}


def _counted(fault: Fault) -> tuple[str, str, str, str]:
    return (fault.file, fault.rule, fault.kind, fault.severity)


def _joined(known: tuple[str, ...], more: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*known, *more)))


@lru_cache(maxsize=1000)
def _chosen(bits: str, rules: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(rule for rule, bit in zip(rules, bits, strict=True) if bit == "1")
