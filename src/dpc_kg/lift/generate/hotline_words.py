"""The words of a synthetic hotline: its lists, and places, persons and texts nobody has.

Hosts end in ``.invalid`` or ``.example``; every personal value carries the mark ``CANARY``, so that
a test finds it wherever it should not be.
"""

import csv
from dataclasses import dataclass
from functools import lru_cache
from random import Random

from dpc_kg.base.assets import asset

CANARY = "canary"
HOSTS = (
    "pictures.example.invalid",
    "Files.Example.INVALID",
    "board.exemple.invalid",
    "صور.example.invalid",
    "u7example7onion7.onion.invalid",
)
PATHS = ("Album", "album", "f/Ünïcode", "watch?v=", "t/%D8%B5/")
PROVIDERS = ("Example Hosting BV", "Hébergeur Exemple", "Alojamiento Muestra", "مضيف المثال")
HOTLINES = ("Ligne Exemple", "Línea Ejemplo", "خط المثال")
POLICE = ("Example Police Unit", "Unité Exemple de Police")
COUNTRIES = ("FR", "NL", "PH", "ES", "EG", "co", "SN", "QZ")
ANALYSTS = (f"Analyst {CANARY} One", f"Analyste {CANARY} É", f"محلل {CANARY}")
NOTES = (
    f'{CANARY}: "call back", then look again; nobody real',
    f"=SUM({CANARY}) note inventée, à l’école",
    f"{CANARY}\nnota ficticia; ¿otra vez?",
    f"ملاحظة {CANARY} وهمية",
)


@dataclass(frozen=True)
class Lists:
    """The deployment's lists (``codes.csv``): values with a place in the model, and without."""

    placed: dict[str, tuple[str, ...]]
    unplaced: dict[str, tuple[str, ...]]


@lru_cache(maxsize=1)
def lists() -> Lists:
    """Give the lists the mapping declares, so that generator and mapping cannot disagree."""
    placed: dict[str, tuple[str, ...]] = {}
    unplaced: dict[str, tuple[str, ...]] = {}
    path = asset("mappings", "lift", "hotline", "codes.csv")
    with path.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            side = placed if row["code"] else unplaced
            side[row["list"]] = (*side.get(row["list"], ()), row["value"])
    return Lists(placed, unplaced)


def address(rng: Random, number: int, place: int = 0) -> str:
    """Give an address that no other report has; host and scheme in any case, the path as it is."""
    scheme = rng.choice(("http", "https", "HTTPS"))
    host = rng.choice(HOSTS)
    if rng.randrange(20) == 0:
        return f"magnet:?xt=urn:btih:{number:08x}{place:032x}"
    port = ":8080" if rng.randrange(10) == 0 else ""
    return f"{scheme}://{host}{port}/{CANARY}/{number}-{place}/{rng.choice(PATHS)}"


def shouted(url: str) -> str:
    """Give the same address with scheme and host in capitals; what follows may not change."""
    scheme, mark, rest = url.partition("://")
    if not mark:
        return url.replace("magnet:", "MAGNET:", 1)
    host, slash, path = rest.partition("/")
    return f"{scheme.upper()}://{host.upper()}{slash}{path}"


def email(number: int) -> str:
    """Give an invented mail address."""
    return f"{CANARY}.{number}@example.org"
