"""Names of columns and words in cells, in the one form in which they are compared."""

import csv
import re
import unicodedata
from functools import lru_cache

from dpc_kg.base import assets

Words = tuple[str, ...]

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_PARTS = re.compile(r"[^\W_]+")


def words(text: str) -> Words:
    """Give the words of a name: small letters, no accents, camel and snake case taken apart.

    >>> words("receivedAt"), words("Date d'entrée"), words("case_status")
    (('received', 'at'), ('date', 'd', 'entree'), ('case', 'status'))
    """
    flat = unicodedata.normalize("NFKD", _CAMEL.sub(" ", text))
    bare = "".join(c for c in flat if not unicodedata.combining(c) and c != "\u0640")
    return tuple(_PARTS.findall(bare.casefold()))


def meaning(text: str) -> Words:
    """Give the words that carry meaning, plural endings off; all of them if none would be left.

    >>> meaning("Date of closures")
    ('date', 'closure')
    """
    found = words(text)
    kept = tuple(_bare(w) for w in found if (w,) not in listed("small"))
    return kept or found


def _bare(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


@lru_cache(maxsize=8)
def listed(kind: str) -> frozenset[Words]:
    """Give the words of a kind in ``mappings/draft/words.csv``; small ones as they are written."""
    path = assets.asset("mappings", "draft", "words.csv")
    form = words if kind == "small" else meaning
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row["word"] for row in csv.DictReader(file) if row["kind"] == kind]
    return frozenset(form(word) for word in rows)


def holds(kind: str, text: str) -> bool:
    """Tell whether a name has a word of a kind: ``personal``, ``key`` or ``version``.

    >>> holds("personal", "child_first_name"), holds("personal", "risk level")
    (True, False)
    """
    found = meaning(text)
    return any(_within(one, found) for one in listed(kind))


def _within(part: Words, whole: Words) -> bool:
    size = len(part)
    return any(whole[i : i + size] == part for i in range(len(whole) - size + 1))
