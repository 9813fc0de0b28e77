"""The gate on columns that were made up apart from it, from the public descriptions of each number.

Half A was looked at while the gate was mended, B and C only after they had been measured (decision
28 tells those figures). Addresses, postcodes, plates and bare numbers without a check digit are no
kinds that a cell can tell, and are counted apart.
"""

from collections.abc import Iterable
from random import Random

import pytest

from dpc_kg.lift.personal.numbers import are_numbers_of_persons
from tests.lift.holdout.columns import Column, clean, headed, identifiers, persons
from tests.lift.holdout.draws import table
from tests.lift.laws.sizes import FULL, size
from tests.lift.personal_columns import judged

HALVES = ("A", "B", "C")
SEED = "one"
RECALL, NAMES, FALSE = 0.99, 0.95, 0.01
UNTOLD = {"address", "postcode", "plate", "bare number", "bare phone", "birth", "passport"}
"""Kinds that no cell tells, or only under a header with a word of the kind."""

OF_FOUR, OF_TWELVE = size(4, 1), size(12, 1)


def kinds_of(columns: Iterable[Column]) -> list[tuple[Column, frozenset[str]]]:
    """Give the kinds that each column looks like, under headers that say nothing."""
    given = list(columns)
    most = max(len(column.cells) for column in given)
    filled = {
        f"{column.header} #{place}": [*column.cells, *[None] * (most - len(column.cells))]
        for place, column in enumerate(given)
    }
    return list(zip(given, judged(filled).values(), strict=True))


@pytest.mark.parametrize("half", HALVES)
def test_identifiers_are_refused(half: str) -> None:
    told = [c for c in identifiers(half, SEED) if c.kind not in UNTOLD][::OF_FOUR]
    found = kinds_of(told)
    missed = [f"{c.kind} {c.name}" for c, kinds in found if not kinds]
    refused = sum(c.told for c, kinds in found if kinds)
    every = sum(c.told for c in told)
    print(f"{half}: {refused} of {every} identifiers refused; not: {missed}")
    assert refused >= RECALL * every


def test_the_set_is_as_large_and_wide_as_promised() -> None:
    for half in HALVES:
        columns = [c for c in identifiers(half, SEED) if c.kind not in UNTOLD]
        assert sum(c.told for c in columns) >= 10_000
    scripts = {c.name.rpartition("/")[2] for half in HALVES for c in identifiers(half, SEED)}
    assert len(scripts) >= 12
    languages = table("names.toml").values()
    assert len(languages) >= 20
    assert len({language["script"] for language in languages}) >= 12
    assert sum(1 for half in HALVES for _ in persons(half, SEED)) >= 500
    assert sum(len(kinds) for kinds in table("clean.toml").values()) >= 60


@pytest.mark.parametrize("half", HALVES)
def test_columns_of_names_are_refused(half: str) -> None:
    # a step of twelve would take one way of writing alone
    columns = list(persons(half, SEED))[:: OF_TWELVE + 1 if OF_TWELVE > 1 else 1]
    found = kinds_of(columns)
    missed = [c.name for c, kinds in found if "name" not in kinds]
    print(f"{half}: {len(columns) - len(missed)} of {len(columns)} columns of names; not: {missed}")
    assert len(missed) <= (1 - NAMES) * len(columns)


def test_clean_columns_are_let_through() -> None:
    columns = [c for half in HALVES for c in clean(half, SEED, size(1, 6))]
    wrong = [(c.name, sorted(kinds)) for c, kinds in kinds_of(columns) if kinds]
    print(f"{len(wrong)} of {len(columns)} clean columns refused: {wrong}")
    assert len(columns) >= (500 if FULL else 150)
    assert len(wrong) <= FALSE * len(columns)


@pytest.mark.parametrize("half", ["A", "B"])
def test_a_header_in_four_languages_tells_what_cells_do_not(half: str) -> None:
    for column in headed(half, SEED):
        found = judged({column.header: column.cells})[column.header]
        assert bool(found) == (column.kind != "address"), column.header


@pytest.mark.parametrize("length", range(8, 17))
def test_numbers_without_a_check_digit_are_no_numbers_of_persons(length: int) -> None:
    random = Random(length)
    for count in (8, 12, 40, 200):
        numbers = [str(random.randrange(10 ** (length - 1), 10**length)) for _ in range(count)]
        in_turn = [str(int(numbers[0][:-3]) * 1000 + n) for n in range(count)]
        for made in (numbers, in_turn):
            assert not are_numbers_of_persons(dict.fromkeys(made, 1), count)


def test_days_in_numbers_of_cases_are_of_few_years() -> None:
    random = Random("cases")
    days = [f"{random.randint(1, 12):02}{random.randint(1, 28):02}" for _ in range(80)]
    cases = {
        f"{random.choice((2023, 2024, 2025))}{day}-{random.randrange(1000):03}" for day in days
    }
    born = {f"{random.randint(60, 99)}{day}-{random.randrange(10_000):04}" for day in days}
    assert not are_numbers_of_persons(dict.fromkeys(cases, 1), len(cases))
    assert are_numbers_of_persons(dict.fromkeys(born, 1), len(born))
