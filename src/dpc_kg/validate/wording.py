"""The report's own words in every language; the sentences about rules are in ``messages``."""

import re
import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files

from dpc_kg.base.settings import LANGS, RIGHT_TO_LEFT

Forms = str | list[str]

_LEFT_TO_RIGHT, _FIRST_STRONG, _END = "\u2066", "\u2068", "\u2069"
_LATIN = re.compile(r"[A-Za-z0-9]")
_NUMBERS = re.compile(r"(?<![\u2066\d])\d+(?:[-/:.]\d+)+")


def word(key: str, lang: str, **places: object) -> str:
    """Give a word or sentence in a language, English where that is unknown."""
    text = _forms(key, lang)
    text = text if isinstance(text, str) else text[0]
    if lang not in RIGHT_TO_LEFT:
        return text.format(**places)
    given = {name: isolated(each) for name, each in places.items()}
    return with_numbers_apart(text).format(**given)


def isolated(given: object) -> object:
    """Give a text so that its direction is its own inside a sentence written right to left.

    Source: Unicode Standard Annex 9, section 2.4 (first strong isolate).
    """
    if isinstance(given, str) and _LATIN.search(given) and not given.startswith(_FIRST_STRONG):
        return f"{_FIRST_STRONG}{given}{_END}"
    return given


def with_numbers_apart(text: str) -> str:
    """Keep dates and cell names of a sentence written right to left in their own order.

    Without it 2024-12-31 would be shown as 31-12-2024 there.
    """
    return _NUMBERS.sub(rf"{_LEFT_TO_RIGHT}\g<0>{_END}", text)


def counted(key: str, lang: str, count: int) -> str:
    """Give a number of things: ``3 rows``, ``1 row``."""
    forms = _forms(key, lang)
    return forms[1] if count == 1 else forms[0].format(count=count)


def _forms(key: str, lang: str) -> Forms:
    found = _words()[key]
    return found[lang if lang in found else LANGS[0]]


@lru_cache(maxsize=1)
def _words() -> Mapping[str, Mapping[str, Forms]]:
    text = files("dpc_kg.validate").joinpath("wording.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
