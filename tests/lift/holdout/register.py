"""More numbers with check digits, written after the second half had been opened."""

import random

from tests.lift.holdout.checked import luhn, weighted
from tests.lift.holdout.draws import day, digits, drawn


def baltic(draw: random.Random) -> str:
    """Estonian and Lithuanian personal code: two turns of weights modulo 11."""
    year, month, date = day(draw, 1960, 2019)
    body = f"{draw.choice('34') if year < 2000 else draw.choice('56')}"
    body += f"{year % 100:02d}{month:02d}{date:02d}{digits(draw, 3)}"
    check = weighted(body, [1, 2, 3, 4, 5, 6, 7, 8, 9, 1]) % 11
    if check == 10:
        check = weighted(body, [3, 4, 5, 6, 7, 8, 9, 1, 2, 3]) % 11 % 10
    return body + str(check)


def norwegian(draw: random.Random) -> str:
    """Norwegian birth number: two check digits modulo 11."""
    while True:
        year, month, date = day(draw, 1960, 2019)
        body = f"{date:02d}{month:02d}{year % 100:02d}{digits(draw, 3)}"
        first = -weighted(body, [3, 7, 6, 1, 8, 9, 4, 5, 2]) % 11
        second = -weighted(f"{body}{first}", [5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11
        if first < 10 and second < 10:
            return f"{body}{first}{second}"


def danish(draw: random.Random) -> str:
    """Danish CPR number; those given since 2007 have no check digit."""
    year, month, date = day(draw, 1960, 2019)
    return f"{date:02d}{month:02d}{year % 100:02d}-{digits(draw, 4)}"


def czech(draw: random.Random) -> str:
    """Czech and Slovak birth number: divisible by 11, fifty added to the month of a woman."""
    year, month, date = day(draw, 1960, 2019)
    body = f"{year % 100:02d}{month + draw.choice([0, 50]):02d}{date:02d}{digits(draw, 3)}"
    check = int(body) % 11 % 10
    return f"{body[:6]}/{body[6:]}{check}"


def oib(draw: random.Random) -> str:
    """Croatian OIB: ISO 7064, modulus 11 and 10."""
    body, left = digits(draw, 10), 10
    for digit in body:
        left = ((left + int(digit)) % 10 or 10) * 2 % 11
    return body + str((11 - left) % 10)


def portuguese(draw: random.Random) -> str:
    """Portuguese tax number of a person."""
    body = digits(draw, 8, "123")
    check = 11 - weighted(body, list(range(9, 1, -1))) % 11
    return body + str(0 if check > 9 else check)


def cuil(draw: random.Random) -> str:
    """Argentine CUIL."""
    while True:
        body = draw.choice(["20", "23", "27"]) + digits(draw, 8, "1234")
        check = -weighted(body, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11
        if check < 10:
            return f"{body[:2]}-{body[2:]}-{check}"


def ecuadorian(draw: random.Random) -> str:
    """Ecuadorian identity card: Luhn."""
    return luhn(f"{draw.randint(1, 24):02d}{digits(draw, 7, '012345')}")


def kazakh(draw: random.Random) -> str:
    """Kazakh IIN: weights modulo 11."""
    year, month, date = day(draw, 1960, 2019)
    body = f"{year % 100:02d}{month:02d}{date:02d}{draw.choice('3456')}{digits(draw, 4)}"
    return body + str(weighted(body, list(range(1, 12))) % 11 % 10)


def indonesian(draw: random.Random) -> str:
    """Indonesian NIK: place, day of birth (forty added for a woman), number."""
    year, month, date = day(draw, 1960, 2019)
    born = f"{date + draw.choice([0, 40]):02d}{month:02d}{year % 100:02d}"
    return f"{draw.choice(['317101', '327305', '351507'])}{born}{digits(draw, 4)}"


def malaysian(draw: random.Random) -> str:
    """Malaysian MyKad."""
    year, month, date = day(draw, 1960, 2019)
    return f"{year % 100:02d}{month:02d}{date:02d}-{draw.randint(1, 16):02d}-{digits(draw, 4)}"


def egyptian(draw: random.Random) -> str:
    """Egyptian national number."""
    year, month, date = day(draw, 1960, 2019)
    born = f"{2 if year < 2000 else 3}{year % 100:02d}{month:02d}{date:02d}"
    return f"{born}{draw.randint(1, 35):02d}{digits(draw, 5)}"


def singaporean(draw: random.Random) -> str:
    """Singaporean NRIC of a citizen."""
    lead, body = draw.choice("ST"), digits(draw, 7)
    total = weighted(body, [2, 7, 6, 5, 4, 3, 2]) + (4 if lead == "T" else 0)
    return f"{lead}{body}{'JZIHGFEDCBA'[total % 11]}"


def taiwanese(draw: random.Random) -> str:
    """Taiwanese identity card: a letter of the place, and nine digits."""
    letter, body = draw.choice("ABCDEF"), draw.choice("12") + digits(draw, 7)
    code = 10 + "ABCDEF".index(letter)
    total = code // 10 + code % 10 * 9 + weighted(body, [8, 7, 6, 5, 4, 3, 2, 1])
    return f"{letter}{body}{-total % 10}"


def lankan(draw: random.Random) -> str:
    """Sri Lankan identity card: year and day of the year, without a published check."""
    if draw.random() < 0.5:
        return drawn(draw, f"{draw.randint(60, 99)}{draw.randint(1, 366):03d}####V")
    return drawn(draw, f"{draw.randint(1960, 2009)}{draw.randint(1, 366):03d}#####")
