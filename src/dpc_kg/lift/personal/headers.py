"""What the header of a column says about its cells: the words of ``words.csv``."""

import csv
import re
from functools import lru_cache
from importlib.resources import files

from dpc_kg.lift.mapdraft.words import Words, meaning, words

_STEP = re.compile(r"\[[^\]]*\]|[./]")
_LISTS = {"particle", "version"}
"""Kinds of words that are no kind of personal data."""


@lru_cache(maxsize=1)
def _listed() -> dict[str, frozenset[Words]]:
    made: dict[str, set[Words]] = {}
    text = files("dpc_kg.lift.personal").joinpath("words.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(text.splitlines()):
        form = words if row["kind"] == "particle" else meaning
        made.setdefault(row["kind"], set()).add(form(row["word"]))
    return {kind: frozenset(found) for kind, found in made.items()}


@lru_cache(maxsize=1)
def particles() -> frozenset[str]:
    """Give the small words that stand between the words of a name."""
    return frozenset(word for found in _listed()["particle"] for word in found)


@lru_cache(maxsize=4096)
def headed(path: str) -> frozenset[str]:
    """Give the kinds that the last part of a path, or a header, has a word of.

    >>> sorted(headed("contact.childFirstName")), sorted(headed("Date de naissance"))
    (['name'], ['birth-date'])
    """
    return frozenset(kind for kind in _kinds_in(path) if kind not in _LISTS)


def is_version(path: str) -> bool:
    """Tell whether a path is that of a version, which is written like an IP address."""
    return "version" in _kinds_in(path)


def _kinds_in(path: str) -> list[str]:
    parts = [p for p in _STEP.split(path) if p]
    found = meaning(parts[-1] if parts else path)
    runs = {found[i:j] for i in range(len(found)) for j in range(i + 1, len(found) + 1)}
    return [kind for kind, listed in _listed().items() if not runs.isdisjoint(listed)]
