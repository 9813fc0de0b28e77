"""The tokens of Turtle and TriG, and of N-Triples and N-Quads, each with its place in the text.

Only for texts that the parser has taken: what is well-formed is not asked again. Source: RDF 1.1
Turtle, section 6.5; RDF 1.1 TriG, section 4.5; N-Triples 1.1, section 7.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

_CHAR = (
    r"A-Za-z0-9_\-\u00B7\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u037D\u037F-\u1FFF\u200C\u200D\u203F\u2040"
    r"\u2070-\u218F\u2C00-\u2FEF\u3001-\uD7FF\uF900-\uFDCF\uFDF0-\uFFFD\U00010000-\U000EFFFF"
)
_LATER = r"\-\u00B7\u0300-\u036F\u203F\u2040"  # not at the beginning of a local name
_LOCAL = rf"(?:[{_CHAR}:]|%[0-9A-Fa-f]{{2}}|\\[_~.\-!$&'()*+,;=/?#@%])"
_TOKEN = re.compile(
    rf"""(?P<space>[ \t\r\n]++|\#[^\r\n]*+)
    |(?P<iri><[^\x00-\x20<>"{{}}|^`]*+>)
    |(?P<text>\"\"\"(?>[^"\\]++|\\.|"(?!""))*+\"\"\"|'''(?>[^'\\]++|\\.|'(?!''))*+'''
        |"(?>[^"\\\n\r]++|\\.)*+"|'(?>[^'\\\n\r]++|\\.)*+')
    |(?P<blank>_:(?:[{_CHAR}:]|\.++(?=[{_CHAR}:]))++)
    |(?P<at>@[A-Za-z]++(?:-[A-Za-z0-9]++)*+)
    |(?P<typed>\^\^)
    |(?P<name>(?:[{_CHAR}](?:[{_CHAR}]|\.++(?=[{_CHAR}]))*+)?
        :(?:(?![{_LATER}.])(?:{_LOCAL}|\.++(?={_LOCAL}))++)?+)
    |(?P<number>[+-]?(?:[0-9]++(?:\.[0-9]*+)?+[eE][+-]?[0-9]++|\.[0-9]++[eE][+-]?[0-9]++
        |[0-9]*+\.[0-9]++|[0-9]++))
    |(?P<word>[A-Za-z]++)
    |(?P<sign>[.;,\[\](){{}}])""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_LETTERS = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}


class Unfamiliar(Exception):
    """The text has something that is not known here, so no place in it is given."""


class Token(NamedTuple):
    """A token or the term it begins.

    ``kind`` is a group of the grammar above, or ``node`` (a node without a name; ``text`` tells it
    from others), ``nil``, ``first``, ``rest``; ``start`` the offset in characters; ``suffix`` the
    language (``@en``) or datatype of a text.
    """

    kind: str
    text: str
    start: int
    suffix: str = ""


def tokens(text: str) -> Iterator[Token]:
    """Give the tokens, spaces and comments left out; at the end one of kind ``end``.

    Raises:
        Unfamiliar: a part is no token of RDF 1.1.
    """
    at = 0
    for found in _TOKEN.finditer(text):
        start = found.start()
        if start != at:
            break
        at = found.end()
        kind = found.lastgroup or ""
        if kind != "space":
            yield Token(kind, found.group(), start)
    if at != len(text):
        raise Unfamiliar
    yield Token("end", "", at)


def unescaped(text: str) -> str:
    r"""Give a text with its escapes as the characters they stand for.

    >>> unescaped(r"a\u00e9\-")
    'aé-'
    """
    return _ESCAPE.sub(_character, text) if "\\" in text else text


def content(quoted: str) -> str:
    """Give what a quoted text says, without the quotes."""
    marks = 3 if quoted[:3] in ('"""', "'''") and len(quoted) > 5 else 1
    return unescaped(quoted[marks:-marks])


def _character(found: re.Match[str]) -> str:
    code = found[1] or found[2]
    if code:
        return chr(int(code, 16))
    return _LETTERS.get(found[3], found[3])
