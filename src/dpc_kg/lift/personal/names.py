"""Whether the cells of a column look like names of persons: by their shape, never by a list.

A name is a few words of letters. Where a script has capitals each word begins with one; where it
has none, words are of one script and short. One value tells nothing: many different ones do.
"""

import re
import unicodedata
from collections.abc import Collection, Mapping
from functools import lru_cache

from dpc_kg.lift.personal.headers import particles

_PARTS = re.compile(r"(?:[\s,،、፣.\-'’‘`´ʼ·・᛫\"“”„«»]|(?<=[\u1200-\u137f])/)+")
_NUMBERED = re.compile(r"\d{1,4}[.)]\s*(?=[^\W\d_])")
_MOST_WORDS, _LONGEST, _LONGEST_WORD = 6, 60, 24
_SHORTEST = 2
_LEAST = 12
"""Different values that a column has at least, to be told apart from a list of codes."""

_SHARE = 0.75
"""Of the different values, so many are shaped like a name."""

_APART = 0.3
"""Of the filled cells, so many are different: codes repeat, names hardly do."""

_POOL = 35
"""Single words that a column seems to be drawn from, at least: a list of places has fewer."""

_FEWEST_WORDS = 20
"""Different words that are enough, however many names are made of them."""

_LOOSE = 40
"""With so many different values, names may repeat as often as this fraction says."""

_LOOSE_APART = 0.12
_STRICT_APART = 0.5
_LONG, _WORDY = 80, 9
"""Letters and words of a sentence, at least."""

_LETTERS = {"Lu", "Ll", "Lt", "Lo", "Lm", "Mn", "Mc"}
_SPACELESS = {"HAN", "HIRAGANA", "KATAKANA", "THAI", "LAO", "KHMER", "MYANMAR", "TIBETAN"}
_JOINED = _SPACELESS | {"HANGUL"}
_HAN, _SPOKEN = 8, 40


@lru_cache(maxsize=65_536)
def _script(letter: str) -> str:
    """Give the script of a letter: the first word of its name, those of Japan and China as one."""
    name = unicodedata.name(letter, "").partition(" ")[0].partition("-")[0]
    return "HAN" if name in {"CJK", "HIRAGANA", "KATAKANA", "IDEOGRAPHIC"} else name


def is_shaped(value: str) -> bool:
    """Tell whether a value has the shape of a name.

    >>> is_shaped("Mirova Telen"), is_shaped("TELEN, M."), is_shaped("open case"), is_shaped("A")
    (True, True, False, False)
    """
    text = unicodedata.normalize("NFKC", value).strip()
    if not _SHORTEST <= len(text) <= _LONGEST:
        return False
    parts = [p for p in _PARTS.split(text) if p]
    if not 1 <= len(parts) <= _MOST_WORDS or not all(map(_is_word, parts)):
        return False
    scripts = {_script(c) for part in parts for c in part if unicodedata.category(c)[0] == "L"}
    if len(scripts) != 1:
        return False
    if any(c.lower() != c.upper() for c in text):
        return _is_titled(parts)
    return len(text) <= (_HAN if scripts == {"HAN"} else _SPOKEN)


def _is_word(part: str) -> bool:
    if len(part) > (_SPOKEN if _script(part[0]) in _SPACELESS else _LONGEST_WORD):
        return False
    return all(unicodedata.category(c) in _LETTERS for c in part)


def _is_titled(parts: list[str]) -> bool:
    """Tell whether the words begin with a capital, or stand in capitals, with small words between.

    A script whose letters have pairs but whose words have no capitals (Georgian) passes as it is.
    """
    if all(_script(p[0]) == "GEORGIAN" for p in parts):
        return True
    if len(parts) == 1 and parts[0].isupper():
        return False  # a code in capitals
    own = [p for p in parts if p.casefold() not in particles()]
    return bool(own) and all(p[0].isupper() or p[0].istitle() for p in own)


def unnumbered(value: str) -> str:
    """Give a value without the number of its line.

    >>> unnumbered("12. Mirova Telen"), unnumbered("12 Mirova")
    ('Mirova Telen', '12 Mirova')
    """
    found = _NUMBERED.match(value) if value[:1].isdecimal() else None
    return value[found.end() :] if found else value


def are_names(
    values: Mapping[str, int], filled: int, *, headed: bool = False, strict: bool = False
) -> bool:
    """Tell whether a column holds names.

    ``values`` are the different values of some of its cells, with how many have each; ``filled``
    are all those cells.
    Under a ``headed`` column of names a few values are enough, in small letters too. A ``strict``
    judgement is for columns of codes, in which labels of a list may stand that nobody declared.
    """
    if not values:
        return False
    if headed:
        shaped = sum(is_shaped(v) or is_shaped(v.title()) for v in values)
        return shaped >= _SHARE * len(values)
    if strict and (len(values) < _LOOSE or len(values) < _STRICT_APART * filled):
        return False
    if len(values) < _LEAST or not _is_various(len(values), filled):
        return False
    if _are_single(values) and _pool(values) < _POOL:
        return False
    # one word in small letters is a code or a plain word: of a name there are two and more
    shaped = sum(is_shaped(v) or (" " in v.strip() and _is_small(v)) for v in values)
    return shaped >= _SHARE * len(values) and _are_own_words(values)


def _is_various(different: int, filled: int) -> bool:
    apart = different / max(filled, different)
    return apart >= (_LOOSE_APART if different >= _LOOSE else _APART)


def _are_single(values: Collection[str]) -> bool:
    """Tell whether most values are one word, in a script that parts words: names of places are."""
    parted = [v for v in values if _script(v[0]) not in _JOINED]
    single = sum(len([p for p in _PARTS.split(v) if p]) == 1 for v in parted)
    return 2 * single > len(values)


def _pool(values: Mapping[str, int]) -> float:
    """Estimate of how many values there are that these were drawn from (Chao's lower bound)."""
    once, twice = (sum(n == times for n in values.values()) for times in (1, 2))
    return len(values) + once * (once - 1) / (2 * (twice + 1))


def _is_small(value: str) -> bool:
    """Tell whether a value is a name in small letters: two or three words, none a small one."""
    parts = value.split()
    small = all(p.islower() and p.isalpha() and p not in particles() for p in parts)
    return small and 2 <= len(parts) <= 3 and is_shaped(value.title())


def _are_own_words(values: Collection[str]) -> bool:
    """Tell whether words are many, as in names; the labels of a list say a few again and again."""
    found = [p.casefold() for v in values for p in _PARTS.split(v.strip()) if p]
    return len(set(found)) >= max(_LEAST // 2, min(len(values) // 4, _FEWEST_WORDS))


def are_texts(values: Collection[str]) -> bool:
    """Tell whether a column holds sentences: a fifth of its different values are long or wordy."""
    long = sum(len(v) > _LONG or len(v.split()) > _WORDY for v in values)
    return bool(values) and long * 5 >= len(values)
