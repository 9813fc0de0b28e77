"""Compare our texts with the lists of systems whose licences forbid to copy them."""

import csv
import json
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import pyoxigraph as ox

from tests.quality.context import Context
from tests.quality.nested import strings
from tests.quality.parts import Outcome
from tests.quality.tree import BRIDGES, ONTOLOGY, SHAPES, STRUCTURES

TITLE = "copied text"
TOOL = "own"
NEEDS = ("shared",)
SYSTEMS = ("aselo", "primero")
MOST = 5
"""Words in a row that may be the same by chance."""


def run(context: Context) -> Outcome:
    """Look at labels, definitions and messages in every language."""
    theirs: set[str] = set()
    for system in SYSTEMS:
        theirs |= _runs_of(context.data(system))
    if not theirs:
        return Outcome(0, "runs of words")
    problems, looked_at = [], 0
    for name in context.tree.names(*ONTOLOGY, *BRIDGES, *SHAPES, *STRUCTURES):
        for triple in context.tree.triples(name):
            value = triple.object
            if isinstance(value, ox.Literal) and value.language:
                looked_at += 1
                shared = sorted(_runs(value.value) & theirs)
                problems += [f"{name}: {triple.subject}: {run}" for run in shared[:1]]
    return Outcome(looked_at, "texts", tuple(dict.fromkeys(problems)))


def _runs(text: str) -> set[str]:
    words = re.findall(r"\w+", text.casefold())
    return {" ".join(words[i : i + MOST + 1]) for i in range(len(words) - MOST)}


@lru_cache(maxsize=4)
def _runs_of(folder: Path) -> frozenset[str]:
    found: set[str] = set()
    for path in sorted(folder.rglob("*")):
        for text in _texts(path):
            found |= _runs(text)
    return frozenset(found)


def _texts(path: Path) -> Iterator[str]:
    if path.suffix == ".json":
        yield from strings(json.loads(path.read_text(encoding="utf-8-sig")))
    elif path.suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield from (cell for row in csv.reader(file) for cell in row)
    elif path.suffix in (".yml", ".yaml"):
        # one value a line is enough: no value of these lists runs over two
        yield from path.read_text(encoding="utf-8").splitlines()
