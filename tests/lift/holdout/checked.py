"""Numbers with check digits, after the public descriptions of each scheme."""

import hashlib
import random
import string

from tests.lift.holdout.draws import LETTERS, day, digits, drawn

_VERHOEFF_D = [
    "0123456789", "1234067895", "2340178956", "3401289567", "4012395678",
    "5987604321", "6598710432", "7659821043", "8765932104", "9876543210",
]  # fmt: skip
_VERHOEFF_P = [
    "0123456789", "1576283094", "5803796142", "8916043527",
    "9453126870", "4286573901", "2793806415", "7046913258",
]  # fmt: skip
_VERHOEFF_INV = "0432156789"
_IBANS = {
    "DE": "#" * 18, "FR": "#" * 23, "GB": "@@@@" + "#" * 14, "ES": "#" * 20, "SA": "#" * 20,
    "NL": "@@@@" + "#" * 10, "IT": "@" + "#" * 22, "PL": "#" * 24, "KW": "@@@@" + "#" * 22,
    "BR": "#" * 23 + "@#", "TR": "#" * 22, "UA": "#" * 25,
}  # fmt: skip


def weighted(text: str, weights: list[int]) -> int:
    """Sum digits times weights."""
    return sum(int(digit) * weight for digit, weight in zip(text, weights, strict=False))


def luhn(text: str) -> str:
    """Add a Luhn check digit."""
    total = 0
    for place, digit in enumerate(reversed(text)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return text + str(-total % 10)


def spaced(draw: random.Random, text: str, groups: list[int], marks: str = " -") -> str:
    """Write a number plain or in groups, as people do."""
    mark: str = draw.choice(["", *marks])
    parts, at = [], 0
    for size in groups:
        parts.append(text[at : at + size])
        at += size
    return mark.join([*parts, text[at:]] if text[at:] else parts)


def card(draw: random.Random) -> str:
    if draw.random() < 0.15:
        return spaced(draw, luhn(draw.choice(["34", "37"]) + digits(draw, 12)), [4, 6, 5])
    start = draw.choice(["4", "51", "53", "55", "2221", "6011"])
    return spaced(draw, luhn(start + digits(draw, 15 - len(start))), [4, 4, 4, 4])


def imei(draw: random.Random) -> str:
    return luhn(draw.choice(["35", "86", "01"]) + digits(draw, 12))


def iban(countries: str, draw: random.Random) -> str:
    country = draw.choice(countries.split())
    body = drawn(draw, _IBANS[country])
    number = "".join(str(int(c, 36)) for c in body + country + "00")
    return spaced(draw, f"{country}{98 - int(number) % 97:02d}{body}", [4] * 7, " ").strip()


def nhs(draw: random.Random) -> str:
    while True:
        body = digits(draw, 9, "4679")
        check = 11 - weighted(body, list(range(10, 1, -1))) % 11
        if check != 10:
            return spaced(draw, body + str(check % 11), [3, 3, 4])


def nino(draw: random.Random) -> str:
    text = draw.choice(["AB", "CE", "JK", "PR", "SX", "WL"]) + digits(draw, 6) + draw.choice("ABCD")
    return spaced(draw, text, [2, 2, 2, 2, 1], " ")


def nir(draw: random.Random) -> str:
    year, month, _ = day(draw, 1960, 2019)
    body = (
        f"{draw.choice('12')}{year % 100:02d}{month:02d}{draw.randint(1, 95):02d}{digits(draw, 6)}"
    )
    return spaced(draw, f"{body}{97 - int(body) % 97:02d}", [1, 2, 2, 2, 3, 3, 2], " ")


def dni(draw: random.Random) -> str:
    body = digits(draw, 8)
    letter = "TRWAGMYFPDXBNJZSQVHLCKE"[int(body) % 23]
    return draw.choice([f"{body}{letter}", f"{body}-{letter}"])


def nie(draw: random.Random) -> str:
    lead, body = draw.choice("XYZ"), digits(draw, 7)
    letter = "TRWAGMYFPDXBNJZSQVHLCKE"[int(str("XYZ".index(lead)) + body) % 23]
    return draw.choice([f"{lead}{body}{letter}", f"{lead}-{body}-{letter}"])


def cpf(draw: random.Random) -> str:
    body = digits(draw, 9)
    for length in (10, 11):
        left = weighted(body, list(range(length, 1, -1))) * 10 % 11
        body += str(left % 10)
    return draw.choice([body, f"{body[:3]}.{body[3:6]}.{body[6:9]}-{body[9:]}"])


def aadhaar(draw: random.Random) -> str:
    body, check = digits(draw, 11, "23456789"), 0
    for place, digit in enumerate(reversed(body), start=1):
        check = int(_VERHOEFF_D[check][int(_VERHOEFF_P[place % 8][int(digit)])])
    return spaced(draw, body + _VERHOEFF_INV[check], [4, 4, 4])


def pesel(draw: random.Random) -> str:
    year, month, date = day(draw, 1960, 2019)
    body = f"{year % 100:02d}{month + (20 if year >= 2000 else 0):02d}{date:02d}{digits(draw, 4)}"
    return body + str(-weighted(body, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3]) % 10)


def south_african(draw: random.Random) -> str:
    year, month, date = day(draw, 1960, 2019)
    return luhn(f"{year % 100:02d}{month:02d}{date:02d}{digits(draw, 4)}{draw.choice('01')}8")


def turkish(draw: random.Random) -> str:
    body = digits(draw, 9, "123456789")
    odd, even = sum(map(int, body[::2])), sum(map(int, body[1::2]))
    body += str((odd * 7 - even) % 10)
    return body + str(sum(map(int, body)) % 10)


def ssn(draw: random.Random) -> str:
    return f"{draw.randint(1, 665):03d}-{draw.randint(1, 99):02d}-{draw.randint(1, 9999):04d}"


def pan(draw: random.Random) -> str:
    return "".join(draw.choices(string.ascii_uppercase, k=3)) + "P" + drawn(draw, "@####@")


def fiscal(draw: random.Random) -> str:
    """Italian codice fiscale with its check letter."""
    year, month, date = day(draw, 1960, 2019)
    body = "".join(draw.choices("BCDFGLMNPRSTVZ", k=6)) + f"{year % 100:02d}"
    body += "ABCDEHLMPRST"[month - 1] + f"{date + draw.choice([0, 40]):02d}"
    body += str(draw.choice("ABCDEFGHIL")) + digits(draw, 3)
    odd = [
        1,
        0,
        5,
        7,
        9,
        13,
        15,
        17,
        19,
        21,
        2,
        4,
        18,
        20,
        11,
        3,
        6,
        8,
        12,
        14,
        16,
        10,
        22,
        25,
        24,
        23,
    ]
    total = 0
    for place, mark in enumerate(body):
        value = int(mark) if mark.isdigit() else ord(mark) - 65
        total += odd[value] if place % 2 == 0 else value
    return body + chr(65 + total % 26)


def bsn(draw: random.Random) -> str:
    while True:
        body = digits(draw, 8, "123456789")
        check = weighted(body, list(range(9, 1, -1))) % 11
        if check < 10:
            return body + str(check)


def cnp(draw: random.Random) -> str:
    year, month, date = day(draw, 1960, 2019)
    lead = draw.choice("12") if year < 2000 else draw.choice("56")
    body = f"{lead}{year % 100:02d}{month:02d}{date:02d}{draw.randint(1, 46):02d}{digits(draw, 3)}"
    check = weighted(body, [2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9]) % 11
    return body + str(1 if check == 10 else check)


def personnummer(draw: random.Random) -> str:
    year, month, date = day(draw, 1960, 2019)
    body = luhn(f"{year % 100:02d}{month:02d}{date:02d}{digits(draw, 3)}")
    return draw.choice([f"{body[:6]}-{body[6:]}", f"{year // 100}{body[:6]}-{body[6:]}"])


def resident(draw: random.Random) -> str:
    """Chinese resident identity number."""
    year, month, date = day(draw, 1960, 2019)
    area = draw.choice(["110101", "310104", "440305", "510107", "330106"])
    body = f"{area}{year}{month:02d}{date:02d}{digits(draw, 3)}"
    weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
    return body + "10X98765432"[weighted(body, weights) % 11]


def curp(draw: random.Random) -> str:
    year, month, date = day(draw, 1960, 2019)
    body = draw.choice(LETTERS) + draw.choice("AEIOU") + drawn(draw, "@@")
    body += f"{year % 100:02d}{month:02d}{date:02d}" + draw.choice(["H", "M"])
    body += draw.choice(["DF", "JC", "NL", "OC", "PL"]) + "".join(draw.choices("BCDFGLMNPRST", k=3))
    body += "0" if year < 2000 else "A"
    order = "0123456789ABCDEFGHIJKLMNÑOPQRSTUVWXYZ"
    total = sum(order.index(mark) * (18 - place) for place, mark in enumerate(body))
    return body + str(-total % 10)


def rut(draw: random.Random) -> str:
    body = str(draw.randint(5_000_000, 25_999_999))
    left = 11 - weighted(body[::-1], [2, 3, 4, 5, 6, 7, 2, 3]) % 11
    check = {10: "K", 11: "0"}.get(left, str(left))
    return draw.choice([f"{int(body):,}".replace(",", ".") + f"-{check}", f"{body}-{check}"])


def resident_korea(draw: random.Random) -> str:
    year, month, date = day(draw, 1960, 2019)
    lead = draw.choice("12") if year < 2000 else draw.choice("34")
    body = f"{year % 100:02d}{month:02d}{date:02d}{lead}{digits(draw, 5)}"
    check = (11 - weighted(body, [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5]) % 11) % 10
    return f"{body[:6]}-{body[6:]}{check}"


def hetu(draw: random.Random) -> str:
    year, month, date = day(draw, 1960, 2019)
    front, number = f"{date:02d}{month:02d}{year % 100:02d}", f"{draw.randint(2, 899):03d}"
    check = "0123456789ABCDEFHJKLMNPRSTUVWXY"[int(front + number) % 31]
    return f"{front}{'-' if year < 2000 else 'A'}{number}{check}"


def ahv(draw: random.Random) -> str:
    body = "756" + digits(draw, 9)
    body += str(-weighted(body, [1, 3] * 6) % 10)
    return draw.choice([body, f"{body[:3]}.{body[3:7]}.{body[7:11]}.{body[11:]}"])


def thai(draw: random.Random) -> str:
    body = digits(draw, 12, "12345678")
    body += str((11 - weighted(body, list(range(13, 1, -1))) % 11) % 10)
    return spaced(draw, body, [1, 4, 5, 2, 1])


def israeli(draw: random.Random) -> str:
    body = digits(draw, 8, "0123")
    total = sum(n - 9 if n > 9 else n for n in (int(d) * (1 + p % 2) for p, d in enumerate(body)))
    return body + str(-total % 10)


def melli(draw: random.Random) -> str:
    body = digits(draw, 9)
    left = weighted(body, list(range(10, 1, -1))) % 11
    return body + str(left if left < 2 else 11 - left)


def bulgarian(draw: random.Random) -> str:
    year, month, date = day(draw, 1960, 2019)
    body = f"{year % 100:02d}{month + (40 if year >= 2000 else 0):02d}{date:02d}{digits(draw, 3)}"
    return body + str(weighted(body, [2, 4, 8, 5, 10, 9, 7, 3, 6]) % 11 % 10)


def belgian(draw: random.Random) -> str:
    year, month, date = day(draw, 1960, 2019)
    body = f"{year % 100:02d}{month:02d}{date:02d}{draw.randint(1, 997):03d}"
    check = 97 - int(("2" if year >= 2000 else "") + body) % 97
    dotted = f"{body[:2]}.{body[2:4]}.{body[4:6]}-{body[6:]}.{check:02d}"
    return draw.choice([dotted, f"{body}{check:02d}"])


def cnic(draw: random.Random) -> str:
    """Pakistani identity card: five, seven, one digit (its check is not public)."""
    return drawn(draw, "{35|42|61}###-#######-#")


def emirates(draw: random.Random) -> str:
    year, _, _ = day(draw, 1960, 2019)
    body = luhn(f"784{year}{digits(draw, 7)}")
    return f"{body[:3]}-{body[3:7]}-{body[7:14]}-{body[14:]}"


def mrz_check(text: str) -> str:
    """Give the check digit of a machine readable field (weights 7, 3, 1)."""
    values = [0 if mark == "<" else int(mark, 36) for mark in text]
    return str(sum(v * (7, 3, 1)[p % 3] for p, v in enumerate(values)) % 10)


def mrz(states: str, draw: random.Random) -> str:
    """Give the second line of a passport's machine readable zone, of one of some states."""
    state = draw.choice(states.split())
    number, year = drawn(draw, "@########"), draw.randint(60, 99)
    birth = f"{year}{draw.randint(1, 12):02d}{draw.randint(1, 28):02d}"
    expiry = f"{draw.randint(27, 35)}{draw.randint(1, 12):02d}{draw.randint(1, 28):02d}"
    line = number + mrz_check(number) + state + birth + mrz_check(birth) + draw.choice("MF")
    line += expiry + mrz_check(expiry) + "<" * 14 + "0"
    return line + mrz_check(line[:10] + line[13:20] + line[21:43])


def base58(draw: random.Random, version: int) -> str:
    """Give a wallet's address: a version and twenty bytes, four bytes of a double SHA-256."""
    body = bytes([version]) + draw.randbytes(20)
    body += hashlib.sha256(hashlib.sha256(body).digest()).digest()[:4]
    letters = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
    number, text = int.from_bytes(body), ""
    while number:
        number, left = divmod(number, 58)
        text = letters[left] + text
    return "1" * (len(body) - len(body.lstrip(b"\0"))) + text
