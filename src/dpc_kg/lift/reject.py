"""Cells and rows of a source that cannot be used, millions of them in little memory."""

from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from heapq import merge
from itertools import groupby

from dpc_kg.base.faults import source_rule

Rows = Mapping[tuple[str, ...], list["array[int]"]]
"""The rows, in order, that are at fault under a name: several runs, each by its rule."""


@dataclass(frozen=True, slots=True)
class Reject:
    """A cell or row of a source that cannot be used; ``rule`` is a notation of ``source-fault``.

    ``reading`` is a word for how the cell was likely meant.
    """

    source: str
    file: str
    row: int | None
    column: str | None
    rule: str
    letter: str | None = None
    reading: str | None = None

    def __post_init__(self) -> None:
        source_rule(self.rule)

    @property
    def order(self) -> tuple[str, int, str, str]:
        """A sortable key: of a cell and a rule there is one reject."""
        return (self.file, self.row or 0, self.column or "", self.rule)


@dataclass(frozen=True, slots=True)
class Alike:
    """What rejects of many rows have in common."""

    source: str
    file: str
    column: str | None
    rule: str
    letter: str | None
    reading: str | None


class Rejects:
    """Rejects in the order of files, rows and columns, each once: eight bytes for each.

    A file that is wrong throughout has one for every row, and often for several cells of it.
    """

    def __init__(self, rejects: Iterable[Reject] = ()) -> None:
        self._rows: dict[Alike, array[int]] = {}
        self._is_settled = True
        self.extend(rejects)

    def append(self, reject: Reject) -> None:
        """Take one in; of two of one cell and rule the later holds."""
        r = reject
        alike = Alike(r.source, r.file, r.column, r.rule, r.letter, r.reading)
        self._rows.setdefault(alike, array("q")).append(r.row or 0)
        self._is_settled = False

    def extend(self, rejects: Iterable[Reject]) -> None:
        """Take many in."""
        for reject in rejects:
            self.append(reject)

    def __iadd__(self, rejects: Iterable[Reject]) -> "Rejects":
        self.extend(rejects)
        return self

    def __len__(self) -> int:
        return sum(len(rows) for rows in self.runs().values())

    def __bool__(self) -> bool:
        return bool(self._rows)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Rejects | list) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]

    def __iter__(self) -> Iterator[Reject]:
        runs = [_run(alike, rows) for alike, rows in self.runs().items()]
        return merge(*runs, key=lambda reject: reject.order)

    def runs(self) -> Mapping[Alike, "array[int]"]:
        """Give the rows of rejects that have all else in common, in order; 0 for no row."""
        if not self._is_settled:
            self._rows = _settled(self._rows)
            self._is_settled = True
        return self._rows

    def rows(self, name: Callable[[Alike], tuple[str, ...]]) -> Rows:
        """Give the rows under names made of what rejects have in common."""
        found: dict[tuple[str, ...], list[array[int]]] = {}
        for alike, rows in self.runs().items():
            found.setdefault(name(alike), []).append(rows)
        return found

    def counts(self) -> Counter[str]:
        """Give how many there are by rule."""
        found: Counter[str] = Counter()
        for alike, rows in self.runs().items():
            found[alike.rule] += len(rows)
        return found


def has_row(rows: Rows, name: tuple[str, ...], row: int) -> bool:
    """Tell whether a row is among those under a name."""
    for run in rows.get(name, ()):
        at = bisect_left(run, row)
        if at < len(run) and run[at] == row:
            return True
    return False


def _run(alike: Alike, rows: "array[int]") -> Iterator[Reject]:
    a = alike
    for row in rows:
        yield Reject(a.source, a.file, row or None, a.column, a.rule, a.letter, a.reading)


def _settled(found: Mapping[Alike, "array[int]"]) -> dict[Alike, "array[int]"]:
    """Give every row once, sorted, under the last that names it of one file, column and rule."""
    several: dict[tuple[str, str, str], list[Alike]] = {}
    for alike in found:
        several.setdefault((alike.file, alike.column or "", alike.rule), []).append(alike)
    out: dict[Alike, array[int]] = {}
    for group in several.values():
        taken: set[int] = set()
        for alike in reversed(group):
            rows = (row for row, _ in groupby(sorted(found[alike])))
            out[alike] = array("q", (row for row in rows if row not in taken))
            if len(group) > 1:
                taken.update(out[alike])
    return {alike: out[alike] for alike in found if out[alike]}
