"""The kinds of identifiers and how they are written: the patterns of ``kinds.toml``."""

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from dpc_kg.lift.personal.checks import CHECKS
from dpc_kg.lift.personal.plain import plain

ALWAYS, MOSTLY, HEADED = "always", "mostly", "headed"
"""When a text tells of a kind: each time, where most cells are so, under a header that says so."""

BIRTH, NAME, TEXT = "birth-date", "name", "free-text"
"""Kinds that no pattern tells: a day under a header of birth, a column of names, sentences."""

NATIONAL = "national-id"
"""The kind that patterns tell, and a whole column of numbers with one check digit."""

_LONGEST = 2_000
"""Letters of a cell that are looked at: a longer one is free text whatever stands behind."""


@dataclass(frozen=True)
class Pattern:
    """One way to write an identifier of a kind; ``check`` names a test it has to pass."""

    kind: str
    regex: re.Pattern[str]
    when: str
    check: str | None

    def finds(self, text: str) -> re.Match[str] | None:
        """Give the first place in a text that is written so and passes the test."""
        for found in self.regex.finditer(text):
            if self.check is None or CHECKS[self.check](found.group()):
                return found
        return None


@dataclass(frozen=True)
class Kinds:
    """All kinds: the patterns in order, and which kinds are only a guess."""

    patterns: tuple[Pattern, ...]
    guesses: frozenset[str]
    names: tuple[str, ...]
    least: int
    may_hold: str
    moments: re.Pattern[str]


@lru_cache(maxsize=1)
def kinds() -> Kinds:
    """Give the kinds as the file has them."""
    told = tomllib.loads(
        files("dpc_kg.lift.personal").joinpath("kinds.toml").read_text(encoding="utf-8")
    )
    patterns = tuple(
        Pattern(kind["name"], re.compile(p["regex"]), p.get("when", ALWAYS), p.get("check"))
        for kind in told["kind"]
        for p in kind["pattern"]
    )
    named = tuple(kind["name"] for kind in told["kind"])
    guesses = {kind["name"] for kind in told["kind"] if kind.get("guess")}
    return Kinds(
        patterns,
        frozenset(guesses | {NAME, TEXT}),
        (*named, NAME, TEXT),
        told["least"],
        told["may_hold"],
        re.compile(told["moments"]),
    )


@lru_cache(maxsize=256)
def _in_order(headed: frozenset[str]) -> tuple[Pattern, ...]:
    """Give the patterns that count under a header: of kinds it names, then those that are sure."""
    told = [p for p in kinds().patterns if p.when != HEADED or p.kind in headed]
    return tuple(sorted(told, key=lambda p: (p.kind not in headed, p.when == MOSTLY)))


def scan(text: str, headed: frozenset[str] = frozenset()) -> dict[str, str]:
    """Give what a cell looks like: each kind, and when it counts.

    ``headed`` are the kinds that the column's header names.

    >>> scan("write to one@example.org"), scan("2024-01-31 10:00:00 +03:00"), scan("n/a")
    ({'e-mail': 'always'}, {}, {})
    """
    known = kinds()
    left = plain(text[:_LONGEST])
    found: dict[str, str] = {}
    if BIRTH in headed and known.moments.search(left):
        found[BIRTH] = ALWAYS
    left = known.moments.sub(" ", left)
    for pattern in _in_order(headed):
        place = pattern.finds(left)
        if place is None:
            continue
        found.setdefault(pattern.kind, MOSTLY if pattern.when == MOSTLY else ALWAYS)
        if pattern.when == MOSTLY:
            continue  # a tenth of all numbers pass a check: the column decides what they are
        left = f"{left[: place.start()]} \x00 {left[place.end() :]}"
        if not left.strip(" \x00"):
            break
    return found
