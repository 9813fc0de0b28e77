"""What the tests of an alignment share: CASE's table, and records given out through a table."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import pyoxigraph as ox

from dpc_kg.model import align, crossing, rdffiles

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

NGO = "https://schema.org/NGO"


@lru_cache(maxsize=8)
def case() -> align.Alignment:
    return align.find("case-uco")


def stored(triples: Iterable[ox.Triple]) -> ox.Store:
    store = ox.Store()
    store.extend(ox.Quad(t.subject, t.predicate, t.object) for t in triples)
    return store


def out(path: Path, alignment: align.Alignment) -> list[ox.Triple]:
    return crossing.outward(stored(rdffiles.read([path])), alignment)
