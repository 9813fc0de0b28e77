"""What the cells of one column look like together: the judgement about a column."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from dpc_kg.lift.personal.headers import headed, is_version
from dpc_kg.lift.personal.kinds import ALWAYS, NAME, NATIONAL, TEXT, scan
from dpc_kg.lift.personal.names import are_names, are_texts, unnumbered
from dpc_kg.lift.personal.numbers import are_numbers_of_persons
from dpc_kg.lift.personal.uses import Use

_MOST = 0.5
"""Of the filled cells, so many are written like a kind that other things are written like too."""

_FEW = 3
"""Different values that such a column has at least."""

_IP = "ip-address"


@dataclass(frozen=True)
class Column:
    """The cells of a column, as far as they are needed.

    ``filled`` cells hold something other than a blank. ``candidates`` are the values that
    may hold an identifier, with how many cells have each; ``words`` those that begin with a
    letter among the first ``seen`` cells, which have ``different`` values in all.
    """

    path: str
    filled: int
    candidates: Mapping[str, int]
    words: Mapping[str, int] = field(default_factory=dict)
    seen: int = 0
    different: int = 0

    def kinds(self, use: Use | None) -> frozenset[str]:
        """Give the kinds of personal data that the column looks like.

        Sentences count where a text leaves as it stands, or in a column without a use; there a
        header with a word like "name" counts too, for nobody has decided about it. In a column of
        codes only names that can hardly be labels do.
        """
        certain: Counter[str] = Counter()
        likely: Counter[str] = Counter()
        different: Counter[str] = Counter()
        for value, cells in self.candidates.items():
            for kind, when in cell_kinds(value, self.path):
                (certain if when == ALWAYS else likely)[kind] += cells
                different[kind] += 1
        mostly = {k for k, n in likely.items() if n + certain[k] >= _MOST * self.filled}
        found = set(certain) | {k for k in mostly if different[k] >= _FEW or k in headed(self.path)}
        if NATIONAL not in found and are_numbers_of_persons(self.candidates, self.filled):
            found.add(NATIONAL)
        if NAME not in found and self._are_names(use):
            found.add(NAME)
        if use is not Use.CODED and not found and are_texts(self.words.keys()):
            found.add(TEXT)
        return frozenset(found)

    def _are_names(self, use: Use | None) -> bool:
        if len(self.words) < self.different / 2:
            return False
        by_header = use is None and NAME in headed(self.path)
        strict = use is Use.CODED
        return are_names(self.words, self.seen, headed=by_header, strict=strict)


def worded(values: Mapping[str, int]) -> dict[str, int]:
    """Give the values that begin with a letter, the numbers of their lines left out."""
    found: Counter[str] = Counter()
    for value, cells in values.items():
        bare = unnumbered(value)
        if bare[0].isalpha():
            found[bare] += cells
    return found


@lru_cache(maxsize=65_536)
def cell_kinds(value: str, path: str) -> tuple[tuple[str, str], ...]:
    """Give the kinds a cell looks like, and when each counts.

    Of a version four numbers with dots are no address.
    """
    found = scan(value, headed(path))
    if is_version(path):
        found.pop(_IP, None)
    return tuple(found.items())
