"""The report's own words in every language; the sentences about rules are in ``messages``."""

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files

from dpc_kg.base.settings import LANGS

Forms = str | list[str]


def word(key: str, lang: str, **places: object) -> str:
    """Give a word or sentence in a language, English where that is unknown."""
    found = _words()[key]
    text = found[lang if lang in found else LANGS[0]]
    return (text if isinstance(text, str) else text[0]).format(**places)


def counted(key: str, lang: str, count: int) -> str:
    """Give a number of things: ``3 rows``, ``1 row``."""
    found = _words()[key]
    forms = found[lang if lang in found else LANGS[0]]
    return forms[1] if count == 1 else forms[0].format(count=count)


@lru_cache(maxsize=1)
def _words() -> Mapping[str, Mapping[str, Forms]]:
    text = files("dpc_kg.validate").joinpath("wording.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
