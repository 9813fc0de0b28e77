"""The words of synthetic programme logs: the deployment's lists, and values that nobody has.

Every personal value and every key carries the mark ``CANARY`` (in any case), so that a test finds
it wherever it should not be.
"""

import csv
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from random import Random

from dpc_kg.base.assets import asset

CANARY = "canary"
OUTSIDE = "own_word_7"
"""A word that stands in no list."""
NAMES = (f"{CANARY} Name", f"{CANARY} Prénom", f"{CANARY} Apellido", f"{CANARY} اسم")
NOTES = (
    f"{CANARY}: invented note, nobody real",
    f"=SUM({CANARY}) note inventée",
    f"ملاحظة {CANARY}",
)
CHILD_TYPE = "nEenWmSyUEp"
SEX_OF_CHILD, SEX_IN_EVENT = "cejWyOfXge6", "oZg33kd9taw"
FREE_QUESTION = "qrur9Dvnyt5"
_START = datetime(2023, 1, 2, tzinfo=UTC)
_SECONDS = 2 * 365 * 24 * 3600


@dataclass(frozen=True)
class Lists:
    """The deployment's lists (``codes.csv``): values with a place in the model, and without."""

    placed: dict[str, tuple[str, ...]]
    unplaced: dict[str, tuple[str, ...]]

    def pick(self, rng: Random, name: str) -> str:
        """Give a value of a list that has a place."""
        return rng.choice(self.placed[name])

    def odd(self, rng: Random, name: str) -> str:
        """Give a value that has no place: of the list, or of none."""
        return rng.choice((*self.unplaced.get(name, ()), OUTSIDE))


@lru_cache(maxsize=1)
def lists() -> Lists:
    """Give the lists the mapping declares, so that generator and mapping cannot disagree."""
    placed: dict[str, tuple[str, ...]] = {}
    unplaced: dict[str, tuple[str, ...]] = {}
    path = asset("mappings", "lift", "ngo", "codes.csv")
    with path.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            side = placed if row["code"] else unplaced
            side[row["list"]] = (*side.get(row["list"], ()), row["value"])
    return Lists(placed, unplaced)


def moment(rng: Random) -> datetime:
    """Give an invented moment of the two years that the export covers."""
    return _START + timedelta(seconds=rng.randrange(_SECONDS))


def later(rng: Random, than: datetime, days: int = 60) -> datetime:
    """Give a moment from an hour to ``days`` after another."""
    return than + timedelta(seconds=rng.randrange(3600, days * 24 * 3600))


def zoned(at: datetime, hours: int = 3) -> str:
    """Write a moment as KoboToolbox writes ``start`` and ``end``: local time with its offset."""
    return f"{(at + timedelta(hours=hours)):%Y-%m-%dT%H:%M:%S}.000+{hours:02}:00"


def zoneless(at: datetime) -> str:
    """Write a moment without its zone, to the second."""
    return f"{at:%Y-%m-%dT%H:%M:%S}"


def served(at: datetime) -> str:
    """Write a moment as DHIS2 writes it: without a zone, to the thousandth."""
    return f"{zoneless(at)}.000"


def exact(at: datetime) -> str:
    """Write a moment as CommCare writes it: UTC, to the millionth."""
    return f"{at:%Y-%m-%dT%H:%M:%S.%f}Z"
