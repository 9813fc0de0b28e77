"""Letters and signs of a text: of the right script, of the right language, nothing lost."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator

from dpc_kg.model.inflection import one_by_one

_PLACEHOLDER = re.compile(r"\{[^{}]*\}")
_WORD = re.compile(r"[^\W_]+")
_NAME = re.compile(r"[A-Za-z][\w.:/#+-]*")
_PLAIN_WORD = re.compile(r"[a-z]+")
_NOT_ARABIC = frozenset("پچژگکیےہھڑڈٹںۀۆ")
"""Letters of Persian, Urdu or Kurdish: in Arabic they are slips of a keyboard."""

_FUNCTION_WORDS = {
    "en": one_by_one("the of and is are with that this for not by which was has it from"),
    "fr": one_by_one("les des du et est une dans pour qui sur au aux avec par ce cette pas"),
    "es": one_by_one("el los las del una para por con se su al lo como sus"),
}
_LONG_ENOUGH = 6
_SURE = 2


def strangers(text: str, lang: str, english: str) -> Iterator[str]:
    """Give the words with letters that are not of the language's script, and unseen signs.

    Names and notations (a capital, a digit or a hyphen in them) may stand in an Arabic text as they
    stand in the English one.
    """
    bare = _PLACEHOLDER.sub(" ", text)
    yield from (f"U+{ord(c):04X}" for c in bare if unicodedata.category(c) == "Cf")
    if lang == "ar":
        yield from _strange_in_arabic(bare, english)
    else:
        words = _WORD.findall(bare)
        yield from (word for word in words if not all(_is_latin(c) for c in word if c.isalpha()))


def _strange_in_arabic(text: str, english: str) -> Iterator[str]:
    if not any(_is_arabic(c) for c in text):
        if text.strip() != english.strip():
            yield text
        return
    kept = {name.rstrip(".:") for name in _NAME.findall(english)}
    for name in _NAME.findall(text):
        bare = name.rstrip(".:")
        if bare not in kept or _PLAIN_WORD.fullmatch(bare):
            yield bare
    for word in _WORD.findall(_NAME.sub(" ", text)):
        if not all(_is_arabic(c) for c in word if c.isalpha()):
            yield word


def repeated(text: str, english: str) -> Iterator[str]:
    """Give the text if it is the English one; numbers, and names all in capitals, are no words."""
    bare = _PLACEHOLDER.sub("", text)
    if any(c.islower() for c in bare + english) and _bare(text) == _bare(english):
        yield text


def other_language(text: str, lang: str) -> Iterator[str]:
    """Give the language that a sentence reads like, if it is another one.

    >>> list(other_language("El caso se cierra con el acuerdo de la familia.", "fr"))
    ['es']
    """
    words = _WORD.findall(text.casefold())
    if lang in _FUNCTION_WORDS and len(words) >= _LONG_ENOUGH:
        count = {one: sum(w in small for w in words) for one, small in _FUNCTION_WORDS.items()}
        likely = max(count, key=lambda one: count[one])
        if count[likely] >= count[lang] + _SURE:
            yield likely


def lost(text: str, english: str) -> Iterator[str]:
    """Give the placeholders that stand in one of the texts and not in the other."""
    ours, theirs = (Counter(_PLACEHOLDER.findall(said)) for said in (text, english))
    yield from sorted(((ours - theirs) + (theirs - ours)).elements())


def _bare(text: str) -> str:
    return text.casefold().strip()


def _is_latin(letter: str) -> bool:
    return unicodedata.name(letter, "").startswith(("LATIN", "FEMININE", "MASCULINE"))


def _is_arabic(letter: str) -> bool:
    return unicodedata.name(letter, "").startswith("ARABIC") and letter not in _NOT_ARABIC
