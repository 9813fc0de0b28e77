"""Seeded draws for the hold-out columns: patterns, digits of other scripts, choices."""

import random
import re
from pathlib import Path
from tomllib import loads
from typing import Any

HERE = Path(__file__).parent
ZEROS = {
    "arab": 0x0660,
    "arabext": 0x06F0,
    "deva": 0x0966,
    "beng": 0x09E6,
    "guru": 0x0A66,
    "gujr": 0x0AE6,
    "tamldec": 0x0BE6,
    "telu": 0x0C66,
    "knda": 0x0CE6,
    "mlym": 0x0D66,
    "thai": 0x0E50,
    "laoo": 0x0ED0,
    "mymr": 0x1040,
    "khmr": 0x17E0,
    "fullwide": 0xFF10,
}
LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"
HEX = "0123456789abcdef"
BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_TOKEN = re.compile(r"\{([^{}]*)\}|[#%@~]")


def seeded(*words: object) -> random.Random:
    """Give the draws of one purpose: the same words always draw the same."""
    return random.Random("/".join(map(str, words)))


def table(name: str) -> dict[str, Any]:
    """Read one of the data files beside this module."""
    return loads((HERE / name).read_text(encoding="utf-8"))


def drawn(draw: random.Random, pattern: str) -> str:
    """Fill a pattern: '#' a digit, '%' 1-9, '@' a capital, '~' a hex digit, {a|b} a choice.

    A choice of one is taken as it is written: ``{%}`` is a per cent sign.
    """

    def one(match: re.Match[str]) -> str:
        if match[1] is not None:
            options = match[1].split("|")
            return drawn(draw, draw.choice(options)) if len(options) > 1 else options[0]
        within = {"#": "0123456789", "%": "123456789", "@": LETTERS, "~": HEX}[match[0]]
        return draw.choice(within)

    return _TOKEN.sub(one, pattern)


def digits(draw: random.Random, count: int, first: str = "0123456789") -> str:
    """Draw ``count`` decimal digits, the first of those given."""
    return draw.choice(first) + "".join(draw.choices("0123456789", k=count - 1))


def written(script: str, text: str) -> str:
    """Write the ASCII digits of a text in another script."""
    if script == "latn":
        return text
    return text.translate({48 + n: ZEROS[script] + n for n in range(10)})


def day(draw: random.Random, first: int, last: int) -> tuple[int, int, int]:
    """Draw a date between two years as year, month, day (28 days a month)."""
    return draw.randint(first, last), draw.randint(1, 12), draw.randint(1, 28)
