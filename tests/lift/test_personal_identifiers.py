"""The gate finds identifiers however they are written: recall on seeded ones, in many scripts."""

from random import Random

import pytest

from dpc_kg.lift.personal.kinds import kinds, scan
from tests.lift.laws.sizes import size
from tests.lift.personal_columns import CODES, found_in
from tests.lift.personal_seeds import (
    ALONE,
    BIRTHS,
    PASSPORTS,
    SCRIPTED,
    TOGETHER,
    ZEROS,
    filled,
    written,
)

SEEDS = size(1_500, 10_000)
RECALL = 0.99
SCRIPTS = tuple(ZEROS)


def seeds(kind: str, count: int) -> list[str]:
    """Give identifiers of a kind, in the digits of a script after the other where it has any."""
    random, make = Random(f"seed {kind}"), (ALONE | TOGETHER)[kind]
    made = [make(random) for _ in range(count)]
    if kind not in SCRIPTED:
        return made
    return [written(random, text, SCRIPTS[n % len(SCRIPTS)]) for n, text in enumerate(made)]


@pytest.fixture(scope="module")
def recalled() -> dict[str, tuple[int, int]]:
    """Give how many of the seeds of each kind were found."""
    return {}


@pytest.mark.parametrize("kind", [*ALONE, *TOGETHER])
def test_a_column_of_identifiers_is_found(kind: str, recalled: dict[str, tuple[int, int]]) -> None:
    made = seeds(kind, SEEDS // len(ALONE | TOGETHER) + 1)
    recalled[kind] = found_in(made), len(made)
    print(f"{kind}: {recalled[kind][0]} of {len(made)} found")
    assert recalled[kind][0] >= RECALL * len(made), kind


def test_recall(recalled: dict[str, tuple[int, int]]) -> None:
    if len(recalled) < len(ALONE | TOGETHER):
        pytest.skip("needs the columns of every kind")
    found, made = (sum(counts) for counts in zip(*recalled.values(), strict=True))
    print(f"{found} of {made} identifiers found, in the digits of {len(SCRIPTS)} scripts")
    assert made >= SEEDS
    assert len(SCRIPTS) >= 12
    assert found >= RECALL * made


@pytest.mark.parametrize("kind", ALONE)
def test_one_among_codes_is_found(kind: str) -> None:
    """One cell in fifty is enough where nothing else is written so."""
    random = Random(kind)
    made = seeds(kind, 20)
    values = [random.choice(CODES) for _ in range(49 * len(made))] + made
    random.shuffle(values)
    assert found_in(values) >= RECALL * len(made)
    assert found_in([v for v in values if v not in made]) == 0


def birth(random: Random, form: str) -> str:
    y, m, d = random.randint(1950, 2022), random.randint(1, 12), random.randint(1, 28)
    return form.format(y=y, m=m, d=d)


@pytest.mark.parametrize("header", BIRTHS)
@pytest.mark.parametrize("script", ["latin", "arabic", "devanagari"])
def test_days_under_a_header_of_birth(header: str, script: str) -> None:
    random = Random(header)
    made = [written(random, birth(random, BIRTHS[header]), script) for _ in range(30)]
    assert found_in(made, header) == len(made)
    assert found_in(made, "date_of_interview") == 0


@pytest.mark.parametrize("header", PASSPORTS)
def test_numbers_under_a_header_of_passports(header: str) -> None:
    random = Random(header)
    made = [filled(random, PASSPORTS[header]) for _ in range(30)]
    assert found_in(made, header) == len(made)


NOT_PERSONAL = {
    "moment": ["2024-01-31T10:00:00.000Z", "2024-01-31 10:00:00 +03:00", "31/01/2024 10:30"],
    "number": ["17", "123456", "12.5", "0.00012", "1,234,567", "-3", "2023", "1700000000"],
    "code": ["CT-A01", "rape_or_penetration", "A1", "online/grooming", "0-5", "18+", "n/a", "M;F"],
    "version": ["1.2.3", "v2.10.0-rc1", "es-419", "10.0.19045"],
    "time": ["10:30", "10:30:59", "PT1H30M", "1:02"],
    "digest": ["d41d8cd98f00b204e9800998ecf8427e", "0" * 128, "ab" * 64, "DA39A3EE" * 5],
    "period": ["2023-Q1", "2023-H1", "Jan 2024", "2023/2024", "W32"],
    "range": ["0 - 5", "12-17 years", "10 to 14", "1 000 000", "5:1"],
}


@pytest.mark.parametrize("kind", NOT_PERSONAL)
def test_what_is_no_identifier(kind: str) -> None:
    assert [v for v in NOT_PERSONAL[kind] if scan(v)] == []


def test_of_a_version_four_numbers_are_no_address() -> None:
    assert found_in(["10.0.2.15", "4.16.0.2"], "tool.toolVersion") == 0
    assert found_in(["192.0.2.15", "198.51.100.2"], "tool.address") == 2


def test_what_is_found_is_taken_out_before_the_next_is_tried() -> None:
    assert scan("GB33 BUKB 2020 1555 5555 55") == {"bank-account": "always"}
    assert scan("one@example.org, +44 7700 900123").keys() == {"e-mail", "phone"}


def test_a_very_long_cell_is_looked_at_as_far_as_it_takes() -> None:
    assert "e-mail" in scan("one@example.org " + "x " * 100_000)


def test_every_kind_has_a_name_of_its_own() -> None:
    assert len(set(kinds().names)) == len(kinds().names)
    assert kinds().guesses <= set(kinds().names)
