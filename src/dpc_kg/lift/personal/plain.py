"""Texts of any script made plain, so that one pattern finds a number however it is written."""

import re
import unicodedata

_MARKS = {0x066B: ".", 0x066C: ",", 0x3002: ".", 0xFF61: ".", 0x2010: "-", 0x2011: "-"}
_DASHES = {0x2012: "-", 0x2013: "-", 0x2014: "-", 0x2212: "-", 0x30FC: "-", 0x05BE: "-"}
_TABLE = _MARKS | _DASHES
_SPACES = re.compile(r"\s+")


def plain(text: str) -> str:
    """Give a text with plain digits, dots, dashes and spaces, without invisible marks.

    >>> plain("٠٧٩\u200f ١٢٣"), plain("ｏｎｅ＠ｅｘａｍｐｌｅ．ｏｒｇ")
    ('079 123', 'one@example.org')
    """
    if text.isascii():
        return text.strip()
    made = unicodedata.normalize("NFKC", text).translate(_TABLE)
    made = "".join(_letter(c) for c in made if unicodedata.category(c) != "Cf")
    return _SPACES.sub(" ", made).strip()


def _letter(letter: str) -> str:
    """Give a letter, and for a digit of any script the plain one."""
    return str(unicodedata.decimal(letter)) if letter.isdecimal() else letter
