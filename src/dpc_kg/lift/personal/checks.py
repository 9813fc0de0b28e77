"""Check digits and other tests of a text that has the form of an identifier.

Sources: ISO 7064 and ISO 13616 (IBAN), ISO/IEC 7812 annex B (Luhn), the publishers of each number.
"""

import csv
import hashlib
import ipaddress
import re
from collections.abc import Callable
from functools import lru_cache
from importlib.resources import files

_DIGITS = re.compile(r"\d")
_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_DNI = "TRWAGMYFPDXBNJZSQVHLCKE"
_NIE = {"X": "0", "Y": "1", "Z": "2"}
_NRIC = dict.fromkeys("ST", "JZIHGFEDCBA") | dict.fromkeys("FG", "XWUTRQPNMLK")
_NRIC |= {"M": "XWUTRQPNJLK"}
_NRIC_ADDS = {"T": 4, "G": 4, "M": 3}
_PHONE = range(7, 14)
_TURN = (
    (0, 1, 2, 3, 4, 5, 6, 7, 8, 9),
    (1, 5, 7, 6, 2, 8, 3, 0, 9, 4),
    (5, 8, 0, 3, 7, 9, 6, 1, 4, 2),
    (8, 9, 1, 6, 0, 4, 3, 5, 2, 7),
    (9, 4, 5, 3, 1, 2, 6, 8, 7, 0),
    (4, 2, 8, 6, 5, 7, 3, 9, 0, 1),
    (2, 7, 9, 3, 8, 0, 6, 4, 1, 5),
    (7, 0, 4, 6, 9, 1, 3, 2, 5, 8),
)
"""The permutations of Verhoeff's scheme."""

_HALF = 5
"""Rotations of a pentagon; the products of its symmetries are Verhoeff's table."""


def _figures(text: str) -> list[int]:
    return [int(d) for d in _DIGITS.findall(text)]


def _weighed(figures: list[int], weights: tuple[int, ...]) -> int:
    return sum(f * w for f, w in zip(figures, weights, strict=False))


def luhn(text: str) -> bool:
    """Tell whether the digits pass Luhn's test, and are not all one digit."""
    figures = _figures(text)
    doubled = [d if i % 2 == 0 else sum(divmod(2 * d, 10)) for i, d in enumerate(figures[::-1])]
    return sum(doubled) % 10 == 0 and len(set(figures)) > 1


def iban(text: str) -> bool:
    """Tell whether an account number has the check digits of ISO 13616."""
    bare = re.sub(r"[ -]", "", text)
    turned = bare[4:] + bare[:4]
    return int("".join(str(int(c, 36)) for c in turned)) % 97 == 1


def ip(text: str) -> bool:
    """Tell whether a text is an IP address that stands for some machine."""
    try:
        found = ipaddress.ip_address(text)
    except ValueError:
        return False
    return not found.is_unspecified


def ean(text: str) -> bool:
    """Tell whether thirteen digits have the check of an EAN (the Swiss AHV number has it)."""
    return _weighed(_figures(text), (1, 3) * 6 + (1,)) % 10 == 0


def nhs(text: str) -> bool:
    """Tell whether ten digits are an NHS number of the United Kingdom."""
    figures = _figures(text)
    check = (11 - _weighed(figures, tuple(range(10, 1, -1))) % 11) % 11
    return len(set(figures)) > 1 and check == figures[-1]


def nir(text: str) -> bool:
    """Tell whether a French social security number has its key."""
    bare = text.replace(" ", "").replace("2A", "19").replace("2B", "18")
    return 97 - int(bare[:-2]) % 97 == int(bare[-2:])


def dni(text: str) -> bool:
    """Tell whether a Spanish DNI or NIE has its letter."""
    bare = re.sub(r"[ -]", "", text)
    number = _NIE.get(bare[0], bare[0]) + bare[1:-1]
    return _DNI[int(number) % 23] == bare[-1]


def resident(text: str) -> bool:
    """Tell whether a Chinese resident number (18 characters) has its check (ISO 7064, 11-2)."""
    total = sum(int(c) * pow(2, 17 - i, 11) for i, c in enumerate(text[:17]))
    return "10X98765432"[total % 11] == text[17].upper()


def personnummer(text: str) -> bool:
    """Tell whether a Swedish number has its check digit."""
    return luhn("".join(_DIGITS.findall(text))[-10:])


def nric(text: str) -> bool:
    """Tell whether a Singaporean number has its letter."""
    total = _weighed(_figures(text), (2, 7, 6, 5, 4, 3, 2)) + _NRIC_ADDS.get(text[0], 0)
    return _NRIC[text[0]][total % 11] == text[-1]


def bsn(text: str) -> bool:
    """Tell whether nine digits are a Dutch BSN."""
    figures = _figures(text)
    return len(set(figures)) > 1 and _weighed(figures, (9, 8, 7, 6, 5, 4, 3, 2, -1)) % 11 == 0


def eleven(text: str) -> bool:
    """Tell whether eleven digits are a number of Brazil, Poland or Turkey, or begin like none."""
    figures = _figures(text)
    if len(set(figures)) == 1:
        return False
    pesel = _weighed(figures, (1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1)) % 10 == 0
    tenth = (7 * sum(figures[0:9:2]) - sum(figures[1:8:2])) % 10
    kimlik = figures[0] > 0 and [tenth, (sum(figures[:9]) + tenth) % 10] == figures[9:]
    return pesel or kimlik or _cpf(figures)


def _cpf(figures: list[int]) -> bool:
    for size in (9, 10):
        total = _weighed(figures[:size], tuple(range(size + 1, 1, -1)))
        if total * 10 % 11 % 10 != figures[size]:
            return False
    return True


def verhoeff(text: str) -> bool:
    """Tell whether the digits pass Verhoeff's test (the Aadhaar number of India)."""
    figures = _figures(text)
    check = 0
    for place, figure in enumerate(reversed(figures)):
        check = _product(check, _TURN[place % len(_TURN)][figure])
    return check == 0 and len(set(figures)) > 1


def _product(a: int, b: int) -> int:
    """Give the product of two symmetries of a pentagon (0 to 4 turn it, 5 to 9 flip it)."""
    if a < _HALF:
        return (a + b) % _HALF if b < _HALF else _HALF + (a + b) % _HALF
    return _HALF + (a - b) % _HALF if b < _HALF else (a - b) % _HALF


def base58(text: str) -> bool:
    """Tell whether an address in base 58 has its check (four bytes of a double SHA-256)."""
    number = 0
    for letter in text:
        number = number * 58 + _BASE58.index(letter)
    raw = number.to_bytes(64, "big").lstrip(b"\0")
    raw = bytes(len(text) - len(text.lstrip("1"))) + raw
    body, check = raw[:-4], raw[-4:]
    return hashlib.sha256(hashlib.sha256(body).digest()).digest()[:4] == check


def encoded(text: str) -> bool:
    """Tell whether a long run may be encoded bytes: it is no digest in hex, no word, no ruler."""
    bare = text.rstrip("=")
    kinds = [any(map(test, bare)) for test in (str.isupper, str.islower, str.isdigit)]
    return sum(kinds) > 1 and not re.fullmatch(r"[0-9a-f]+|[0-9A-F]+", bare)


def readable(text: str) -> bool:
    """Tell whether the second line of a passport's readable zone has its checks (ICAO 9303)."""
    fields = (text[:10], text[13:20], text[21:28])
    return all(_read(field[:-1]) == int(field[-1]) for field in fields)


def _read(field: str) -> int:
    values = (0 if mark == "<" else int(mark, 36) for mark in field)
    return sum(value * (7, 3, 1)[place % 3] for place, value in enumerate(values)) % 10


def calling(text: str) -> bool:
    """Tell whether a number is a mobile one with the code of its country, and without a plus."""
    return any(text.startswith(start) for start in _mobiles().get(len(text), ()))


@lru_cache(maxsize=1)
def _mobiles() -> dict[int, tuple[str, ...]]:
    """Give how the mobile numbers of the world begin, by how many digits they have."""
    text = files("dpc_kg.lift.personal").joinpath("calling.csv").read_text(encoding="utf-8")
    made: dict[int, list[str]] = {}
    for row in csv.DictReader(text.splitlines()):
        made.setdefault(int(row["digits"]), []).append(row["start"])
    return {digits: tuple(starts) for digits, starts in made.items()}


def phone(text: str) -> bool:
    """Tell whether a number has as many digits as a national phone number (ITU E.164)."""
    return len(_figures(text)) in _PHONE


CHECKS: dict[str, Callable[[str], bool]] = {
    one.__name__: one
    for one in (
        luhn,
        iban,
        ip,
        ean,
        nhs,
        nir,
        dni,
        resident,
        personnummer,
        nric,
        bsn,
        eleven,
        verhoeff,
        base58,
        encoded,
        phone,
        readable,
        calling,
    )
}
"""The tests by the names that ``kinds.toml`` gives them."""
