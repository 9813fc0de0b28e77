"""The words of the invented deployment, from ``codes.csv`` of the mapping."""

from functools import cache
from random import Random

from dpc_kg.base.assets import mapping_dir
from dpc_kg.lift.privacy import read_codes

CANARY = "canary"
"""A mark in every personal value and every name of a node: it must never leave."""

_UNPLACED = 0.08


@cache
def _lists() -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    """Give the words of each list: those with a place in the model, and those without."""
    found: dict[str, tuple[list[str], list[str]]] = {}
    for row in read_codes(mapping_dir("case-uco")):
        placed, unplaced = found.setdefault(row.list, ([], []))
        (placed if row.code else unplaced).append(row.value)
    return {name: (tuple(one), tuple(two)) for name, (one, two) in found.items()}


class Words:
    """Words chosen with one source of chance."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng

    def word(self, name: str) -> tuple[str, bool]:
        """Give a word of a list, and whether it has a place in the model."""
        placed, unplaced = _lists()[name]
        if unplaced and self.rng.random() < _UNPLACED:
            return self.rng.choice(unplaced), False
        return self.rng.choice(placed), True
