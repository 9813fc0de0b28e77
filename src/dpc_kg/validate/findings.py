"""What is found in an export, while it is found: traced in batches, and of each rule a part kept.

A systematically wrong file has three results a row. None of them is held longer than its batch but
the first of each rule; of all others only what withholds their records is (``lift.tally``).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice

from dpc_kg.base.faults import SOURCE, Fault
from dpc_kg.lift import Lifted
from dpc_kg.lift.reject import Rows, has_row
from dpc_kg.lift.tally import Settled, Tally
from dpc_kg.lift.trace import Asked, Place
from dpc_kg.validate.messages import kind_of
from dpc_kg.validate.results import Result
from dpc_kg.validate.rules import rules

CAP = 10_000
"""Cells told one by one of each rule and kind; all others are counted, and withhold as well."""

_BATCH = 50_000
"""Results traced at once: each batch looks through the rows of the export once more."""

_ROWS = 10_000

TWIN = f"{SOURCE}duplicate"

Row = tuple[str, int | None]
"""A file and a row in it."""


class Findings:
    """Takes the results of a run over one lift, in any order and some twice."""

    def __init__(self, lifted: Lifted, cap: int = CAP) -> None:
        if cap < 1:
            raise ValueError("a report with faults tells at least one")
        self.lifted = lifted
        self.tally = Tally(lifted.con, cap)
        self.results = FirstResults(cap, unread_cells(lifted))
        self.shared: dict[str, set[str]] = {}
        self._trace = lifted.trace()
        # to ask for the rules is to look whether their files have changed
        self._rules = rules()
        self._kind = lru_cache(maxsize=None)(kind_of)
        self._batch: dict[Result, None] = {}

    def take(self, results: Iterable[Result]) -> None:
        """Take results as they come."""
        for result in results:
            self._batch[result] = None
            if len(self._batch) >= _BATCH:
                self._reduce()

    def clear(self) -> None:
        """Forget what was taken: the run begins anew."""
        self.tally.clear()
        self.results.clear()
        self.shared.clear()
        self._batch.clear()

    def settle(self, further: Iterable[Fault]) -> Settled:
        """Join what was taken with the faults of cells themselves and with ``further`` ones."""
        self._reduce()
        for faults in (self.lifted.faults(self._kind), further):
            for fault in faults:
                self.tally.add(fault)
        return self.tally.settle()

    def _reduce(self) -> None:
        results, self._batch = list(self._batch), {}
        broken = {result.focus for result in results if result.is_violation}
        shared = self.lifted.shared_nodes(broken)
        for result, fault in self._traced(results):
            self.tally.add(fault, result.component)
            self.results.add(result, fault)
            if result.focus in shared and result.is_violation:
                self.shared.setdefault(result.focus, set()).add(result.rule)

    def _traced(self, results: list[Result]) -> Iterator[tuple[Result, Fault]]:
        """Give results as faults, each at the cell that made it."""
        wanted = [self._asked(result) for result in results]
        places = self._trace.places(wanted)
        for result, key in zip(results, wanted, strict=True):
            yield result, self._fault(result, places.get(key))

    def _asked(self, result: Result) -> Asked:
        rule = self._rules.get(result.rule)
        other = rule.blames if rule else None
        if other and other != result.path:
            return Asked(result.focus, other)
        return Asked(result.focus, result.path, result.value)

    def _fault(self, result: Result, place: Place | None) -> Fault:
        kind = self._kind(result.component, result.rule)
        severity = result.severity.rsplit("#", 1)[-1]
        if place is None:
            return Fault("", None, None, None, kind, (result.rule,), result.focus, severity)
        return Fault(
            place.file,
            place.sheet,
            place.row,
            place.column,
            kind,
            (result.rule,),
            place.record,
            severity,
            letter=place.letter,
        )


class FirstResults:
    """The first results of each rule by place, each with its fault.

    Those at a cell that cannot be read itself are left out: they follow from it.
    """

    def __init__(self, cap: int, unread: Rows) -> None:
        self.cap = cap
        self.unread = unread
        self._found: dict[str, dict[Result, Fault]] = {}

    def add(self, result: Result, fault: Fault) -> None:
        """Take one in; twice the same is once."""
        file, sheet, row, column = fault.place
        if has_row(self.unread, (file, sheet, column), row):
            return
        found = self._found.setdefault(result.rule, {})
        found[result] = fault
        if len(found) >= 2 * self.cap + 1:
            self._found[result.rule] = self._first(found)

    def clear(self) -> None:
        """Forget all."""
        self._found.clear()

    def all(self) -> tuple[tuple[Result, Fault], ...]:
        """Give them in the order of results."""
        found = (pair for one in self._found.values() for pair in self._first(one).items())
        return tuple(sorted(found, key=lambda pair: pair[0].order))

    def _first(self, found: dict[Result, Fault]) -> dict[Result, Fault]:
        ordered = sorted(found.items(), key=lambda pair: (pair[1].place, pair[0].order))
        return dict(islice(ordered, self.cap))


def unread_cells(lifted: Lifted) -> Rows:
    """Give the rows of the cells that cannot be read, by file, sheet and column."""
    loaded = lifted.loaded
    return lifted.rejects.rows(
        lambda alike: (
            alike.file,
            loaded[alike.source].sheet or "",
            loaded[alike.source].shown(alike.column) or "",
        )
    )


@dataclass
class Withheld:
    """What must not leave, with the rules it breaks, and how many rows or records are refused."""

    nodes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    refused: int = 0

    def add(self, node: str, rules: Iterable[str]) -> None:
        """Withhold a record, or a node beside all records."""
        known = self.nodes.get(node, ())
        joined = tuple(dict.fromkeys((*known, *rules)))
        self.nodes[node] = self._same.setdefault(joined, joined)

    def __post_init__(self) -> None:
        # a million records break few sets of rules
        self._same: dict[tuple[str, ...], tuple[str, ...]] = {}


def withheld_by(found: Findings, settled: Settled) -> Withheld:
    """Give the records that violations withhold, and what no record takes along.

    That is nodes of rows without a record, and nodes that records share.
    """
    made = Withheld()
    for record in sorted(found.lifted.refused_records):
        made.add(record, [TWIN])
    for record, names in settled.withheld().items():
        made.add(record, names)
    # the rows of a contradicted record are that one record, however many they are
    made.refused = len(made.nodes)
    last: Row | None = None
    rows = settled.loose()
    while some := list(islice(rows, _ROWS)):
        broken: dict[tuple[str, int], list[str]] = {}
        for file, row, names in some:
            made.refused += names[0] != TWIN and (file, row) != last
            last = last if names[0] == TWIN else (file, row)
            if row is not None:
                broken.setdefault((file, row), []).extend(names)
        for at, nodes in found.lifted.nodes_of_rows(broken).items():
            for node in nodes:
                made.add(node, broken[at])
    for node, broke in found.shared.items():
        made.add(node, sorted(broke))
    return made
