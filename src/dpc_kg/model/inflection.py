"""Words as they bend: enough to see that a sentence uses a term of the glossary.

This is no grammar. A form may be bent at its end, in Arabic also at its beginning, and a few words
may stand inside a phrase; what is too different is named in the glossary.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache


def one_by_one(words: str) -> frozenset[str]:
    """Give the words of a line."""
    return frozenset(words.split())


_WORD = re.compile(r"[^\W_]+")
_ENGLISH_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_SMALL = {
    "fr": one_by_one("a au aux d dans de des du en et l la le les ou par pour sur un une"),
    "es": one_by_one("a al con de del e el en la las los o para por u un una y"),
    "ar": one_by_one("أو في من على إلى عن و ما"),
}
_ONLINE = re.compile(r"\ben (ligne|l[ií]nea)\b")
_ENDINGS = {"fr": ("es", "s", "x", "e"), "es": ("es", "as", "os", "s", "a", "o", "e")}
_LONGEST_ENDING = 3
_GAP = 2
_SHORT = 3
_SHORTEST = 2
_DIACRITICS = re.compile("[\u0640\u064b-\u0652\u0670]")
_ALEF = str.maketrans("أإآٱى", "ااااي")
_CLITICS = one_by_one("و ف ب ك ل ال لل وال فال بال كال ولل ول وب فل")


@dataclass(frozen=True)
class Phrase:
    """Words that must follow each other; ``whole`` words may be bent, others only begin."""

    words: tuple[str, ...]
    whole: bool


def english_words(text: str) -> tuple[str, ...]:
    """Give the words of an English text in the singular, in small letters; names in capitals stay.

    >>> english_words("Children's parties in CASE")
    ('child', 's', 'party', 'in', 'CASE')
    """
    return tuple(
        word if word.isupper() and len(word) > 1 else _singular(word.casefold())
        for word in _ENGLISH_WORD.findall(text)
    )


def words_of(text: str, lang: str) -> tuple[str, ...]:
    """Give the words of a text that carry meaning, in the form in which they are compared."""
    return tuple(_plain(word, lang) for word in _meaning(text, lang))


def phrase(text: str, lang: str, *, whole: bool) -> Phrase:
    """Give an accepted form: a label (``whole``), or beginnings of words."""
    said = [_root(word, lang) if whole else word for word in _meaning(text, lang)]
    return Phrase(tuple(_plain(word, lang) for word in said), whole)


def found_in(phrases: Iterable[Phrase], words: Sequence[str], lang: str) -> bool:
    """Tell whether one of the phrases stands among the words, with at most two words between."""
    return any(_stands(wanted, words, lang) for wanted in phrases)


def _stands(wanted: Phrase, words: Sequence[str], lang: str) -> bool:
    places = [-1]
    for index, part in enumerate(wanted.words):
        near = [
            place
            for place, word in enumerate(words)
            if _bends(part, word, lang, wanted.whole)
            and (index == 0 or any(0 < place - before <= _GAP + 1 for before in places))
        ]
        if not near:
            return False
        places = near
    return bool(wanted.words)


def _bends(part: str, word: str, lang: str, whole: bool) -> bool:
    starts = _unprefixed(word) if lang == "ar" else (word,)
    longest = _LONGEST_ENDING if whole else len(word)
    if len(part) <= _SHORTEST:
        longest = 0
    return any(s.startswith(part) and len(s) - len(part) <= longest for s in starts)


@lru_cache(maxsize=1 << 15)
def _unprefixed(word: str) -> tuple[str, ...]:
    cut = [word.removeprefix(c) for c in _CLITICS if word.startswith(c)]
    return (word, *(rest for rest in cut if len(rest) >= _SHORTEST))


def _singular(word: str) -> str:
    if word == "children":
        return "child"
    if word.endswith("ies") and len(word) > _SHORT + 1:
        return word[:-3] + "y"
    if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > _SHORT:
        return word[:-1]
    return word


def _meaning(text: str, lang: str) -> list[str]:
    # a thing online is no line that one can call
    bare = _DIACRITICS.sub("", text) if lang == "ar" else _ONLINE.sub(r"en\1", text.casefold())
    return [word for word in _WORD.findall(bare) if word not in _SMALL.get(lang, ())]


def _plain(word: str, lang: str) -> str:
    if lang == "ar":
        return word.translate(_ALEF)
    apart = unicodedata.normalize("NFD", word)
    return "".join(c for c in apart if not unicodedata.combining(c))


def _root(word: str, lang: str) -> str:
    if lang == "ar":
        # before letters are made alike: the beginning of an electronic thing is no article
        bare = word.removeprefix("ال") if len(word) > _SHORT + 1 else word
        return bare[:-1] if bare.endswith("ة") and len(bare) > _SHORT else bare
    for ending in _ENDINGS.get(lang, ()):
        if word.endswith(ending) and len(word) - len(ending) >= _SHORT:
            return word[: -len(ending)]
    return word
