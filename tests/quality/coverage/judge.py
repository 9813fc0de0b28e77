"""Judge every field: placed, personal, text, separator, or without a place; and count."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain

from tests.quality.coverage.fields import PLAIN, Place, System, by_branch, left, one, places
from tests.quality.coverage.systems import OURS
from tests.quality.coverage.terms import HOLDERS, Terms

PLACED, PERSONAL, NONE, UNDECIDED = "placed", "personal", "none", "undecided"
TEXT, SEPARATOR = "text", "separator"
ENOUGH = Fraction(9, 10)
"""The share of fields, neither personal nor text nor separators, that has to be placed."""

REASONS = {"P2": "fields that never leave a partner"}
"""Ids of the requirements by which a field is personal (research on trust, table of section 1)."""

FREE_TEXT = "P2: free text"
_SEPARATES = "separator"


@dataclass(frozen=True)
class Verdict:
    """What became of one field, in which words, and what is wrong with its row (mostly nothing)."""

    name: str
    bucket: str
    status: str = ""
    reason: str = ""
    fault: str = ""
    by_branch: bool = False


@dataclass(frozen=True)
class Group:
    """Fields that were read from one place."""

    name: str
    basis: str
    verdicts: tuple[Verdict, ...]

    @property
    def counts(self) -> Counter[str]:
        """Give how many fields fell into each bucket."""
        return Counter(v.bucket for v in self.verdicts)

    @property
    def share(self) -> Fraction | None:
        """Give the share placed of what needs a place; None where nothing does."""
        counts = self.counts
        needed = counts[PLACED] + counts[NONE] + counts[UNDECIDED]
        return Fraction(counts[PLACED], needed) if needed else None


@dataclass(frozen=True)
class Coverage:
    """A system: the groups its definitions give, the other rows of ``fields.csv``, and our own.

    ``ours`` are tables that we invented; they count nowhere.
    """

    name: str
    defined: tuple[Group, ...]
    others: Group
    ours: Group

    @property
    def definition(self) -> Group:
        """Give the fields of all definitions as one group."""
        found = tuple(chain.from_iterable(g.verdicts for g in self.defined))
        return Group(self.name, "definitions", found)

    @property
    def whole(self) -> Group:
        """Give the fields of all definitions and the rows beside them as one group."""
        return Group(self.name, "all", self.definition.verdicts + self.others.verdicts)

    @property
    def faults(self) -> list[str]:
        """Give what must be mended, one line each: no field may be left undecided."""
        seen = (*self.whole.verdicts, *self.ours.verdicts)
        return list(dict.fromkeys(f"{self.name}: {v.name}: {v.fault}" for v in seen if v.fault))

    @property
    def is_enough(self) -> bool:
        """Tell whether enough is placed, of the definitions and of all rows."""
        shares = [s for s in (self.definition.share, self.whole.share) if s is not None]
        return bool(shares) and min(shares) >= ENOUGH


def coverage(system: System, terms: Terms) -> Coverage:
    """Judge the fields of a system."""
    found = [places(part.fields, system.decisions) for part in system.parts]
    defined = tuple(
        Group(part.name, part.basis, _verdicts(each, terms, is_typed=part.is_typed))
        for part, each in zip(system.parts, found, strict=True)
    )
    rest = [
        Place(one(row.source, row.path), row)
        for row in left(system.decisions, list(chain.from_iterable(found)))
    ]
    ours = [p for p in rest if p.row and (system.name, p.row.source) in OURS]
    others = [p for p in rest if p not in ours]
    return Coverage(
        system.name,
        defined,
        Group(_sources(others), "fields.csv", _verdicts(others, terms)),
        Group(_sources(ours), "fields.csv", _verdicts(ours, terms)),
    )


def _sources(found: Iterable[Place]) -> str:
    return ", ".join(dict.fromkeys(p.row.source for p in found if p.row))


def _verdicts(
    found: Sequence[Place], terms: Terms, *, is_typed: bool = False
) -> tuple[Verdict, ...]:
    return tuple(verdict(place, terms, is_typed=is_typed) for place in found)


def verdict(place: Place, terms: Terms, *, is_typed: bool = False) -> Verdict:
    """Judge one field; where the definition has no types, the reason tells text and separators."""
    row, name = place.row, place.field.label
    if row is None:
        return Verdict(name, UNDECIDED, fault="no row of fields.csv decides it")
    weak = terms.fault(row.term) if row.status == PLACED else ""
    fault = _fault(row.status, row.reason, weak, row.term)
    bucket = NONE if weak or row.status not in (PLACED, PERSONAL) else row.status
    if is_typed and place.field.kind != PLAIN:
        bucket = place.field.kind
    elif not is_typed and row.status == PERSONAL and row.reason.startswith(FREE_TEXT):
        bucket = TEXT
    elif not is_typed and row.status == NONE and row.reason.startswith(_SEPARATES):
        bucket = SEPARATOR
    reason = f"`{row.term}`: {weak}" if weak else row.reason
    return Verdict(name, bucket, row.status, reason, fault, by_branch(place))


def _fault(status: str, reason: str, weak: str, term: str) -> str:
    """Say what is wrong with a row; a holder of anything is no mistake, but no place either."""
    if status == PLACED:
        is_holder = term.removeprefix("dpc:") in HOLDERS
        return f"placed at {term}: {weak}" if weak and not is_holder else ""
    if status == PERSONAL:
        match = re.match(r"(\w+): \S", reason)
        known = match is not None and match[1] in REASONS
        return "" if known else "personal without the id of a known reason"
    if status == NONE:
        return "" if reason else "without a place and without a reason"
    return f"unknown status {status!r}"
