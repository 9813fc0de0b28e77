"""The rows of a synthetic Incident Recorder workbook: one incident, drawn from seed and number."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from dpc_kg.lift.generate.gbvims_words import (
    AGENCIES,
    AREAS,
    COLUMNS,
    JOINT,
    LISTS,
    MONTHS,
    SERVICES,
    TYPED,
    canary,
    words,
)

Cell = str | int | date
_START = date(2024, 1, 5)
_SELDOM = 0.06
_BLANK = 0.12
_NOT_BLANK = {"sex", "gbv_type"}
_SPECIAL = {"perpetrator.sex", "perpetrator.age_group", "service.referred_from"}


@dataclass(frozen=True)
class Incident:
    """One row: its cells by column, whether an exact copy follows; ``unknown`` has no place."""

    number: int
    cells: dict[str, Cell]
    copied: bool = False
    unknown: frozenset[str] = frozenset()

    def having(self, column: str, cell: Cell) -> "Incident":
        """Give the same incident with another cell."""
        return replace(self, cells={**self.cells, column: cell})


def columns(seed: int) -> tuple[str, ...]:
    """Give the columns of an export: the kind of an age where a deployment has no groups."""
    if seed % 2 == 0:
        return COLUMNS
    return tuple(c.replace("age_group", "age_type") for c in COLUMNS)


def incident(seed: int, org: str, number: int) -> Incident:
    """Give the incident of this number, the same whatever else is in the export."""
    rng = Random(f"gbvims/{org}/{seed}/{number}")  # noqa: S311 - test data, not a secret
    cells: dict[str, Cell] = {}
    unknown: set[str] = set()
    _keys(cells, rng, seed, number)
    _dates(cells, rng, number)
    for column, name in LISTS.items():
        if column in columns(seed) and column not in _SPECIAL and name != "referral":
            _answer(cells, unknown, rng, column, name)
    _place(cells, unknown, rng, number)
    _perpetrators(cells, unknown, rng, columns(seed))
    _services(cells, unknown, rng)
    kept = {c: v for c, v in cells.items() if v != ""}
    return Incident(number, kept, number % 11 == 7, frozenset(unknown))


def _keys(cells: dict[str, Cell], rng: Random, seed: int, number: int) -> None:
    cells["incident_id"] = f"{rng.getrandbits(28):07x}{number:03d}"
    # a child may come again: the same code in two incidents
    cells["survivor_code"] = f"SV-{seed}-{number - number % 5 if number % 5 == 1 else number:05d}"
    cells["case_manager_code"] = f"CM-{rng.randrange(4)}" if rng.random() > _BLANK else ""
    cells["agency_code"] = rng.choice(AGENCIES)
    cells["ethnicity"] = canary("Ethnicity", number)


def _dates(cells: dict[str, Cell], rng: Random, number: int) -> None:
    seen = _START + timedelta(days=rng.randrange(500))
    happened = seen - timedelta(days=rng.randrange(60))
    cells["date_of_interview"] = _shown(seen, number % 3)
    cells["date_of_incident"] = _shown(happened, (number + 1) % 3)
    cells["date_of_birth"] = f"Canary 01-Jan-{2008 + number % 9}"
    cells["age"] = rng.randrange(3, 18) if rng.random() > _BLANK else ""


def _shown(day: date, way: int) -> Cell:
    """Give a date as the export writes it, as a date cell, or as ISO 8601."""
    if way == 0:
        return f"{day.day:02d}-{MONTHS[day.month - 1]}-{day.year}"
    return day if way == 1 else day.isoformat()


def _answer(cells: dict[str, Cell], unknown: set[str], rng: Random, column: str, name: str) -> None:
    """Draw a word of a column's list, seldom one without a place, sometimes none."""
    if rng.random() < _SELDOM:
        cells[column] = rng.choice((TYPED, *words().unplaced.get(name, ())))
        unknown.add(column)
    elif column in _NOT_BLANK or rng.random() > _BLANK:
        cells[column] = rng.choice(words().placed[name])


def _place(cells: dict[str, Cell], unknown: set[str], rng: Random, number: int) -> None:
    district = rng.choice(list(AREAS))
    cells["district"] = district
    cells["county"] = rng.choice(AREAS[district])
    if cells["county"] and cells["county"] not in words().placed["area"]:
        unknown.add("county")
    cells["camp_town"] = canary("Camp", number)


def _perpetrators(
    cells: dict[str, Cell], unknown: set[str], rng: Random, present: tuple[str, ...]
) -> None:
    """Draw how many there are, and what is said of them; nothing is said of none."""
    count = rng.choice((0, 1, 1, 1, 2, 3, words().placed["perpetrator-count"][0]))
    cells["number_primary_perpetrators"] = count
    if count == 0:
        for column in [c for c in cells if c.startswith("perpetrator.")]:
            del cells[column]
            unknown.discard(column)
        return
    both = words().unplaced["perpetrator-sex"]
    sexes = words().placed["perpetrator-sex"] if count == 1 else words().all("perpetrator-sex")
    cells["perpetrator.sex"] = rng.choice(sexes)
    if cells["perpetrator.sex"] in both:
        unknown.add("perpetrator.sex")
    of_groups = "perpetrator.age_group" in present
    column = "perpetrator.age_group" if of_groups else "perpetrator.age_type"
    known = words().all("perpetrator-age")
    cells[column] = rng.choice([w for w in known if ("rown" in w) != of_groups])
    if cells[column] in words().unplaced["perpetrator-age"]:
        unknown.add(column)
    else:
        unknown.discard(column)


def _services(cells: dict[str, Cell], unknown: set[str], rng: Random) -> None:
    """Draw who sent the child, and for each service what was decided, some with two entries."""
    cells["service.referred_from"] = JOINT.join(
        rng.sample(words().placed["referred-from"], rng.choice((1, 1, 2, 3)))
    )
    for name in SERVICES:
        column = f"service.{name}_referral"
        several = rng.choice((0, 1, 1, 1, 2))
        drawn = rng.sample(words().placed["referral"], several)
        if drawn and rng.random() < _SELDOM:
            drawn[-1] = words().unplaced["referral"][0]
            unknown.add(column)
        cells[column] = JOINT.join(drawn)


Change = Callable[[Incident], tuple[str, Cell] | None]
"""Gives a column and its wrong cell, or nothing where the incident has no such cell."""
