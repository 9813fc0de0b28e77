"""Regular expressions of shapes: what XPath, Rust and Python read alike, and the rest told.

``sh:pattern`` is a regular expression of XPath (SHACL 1.0, section 4.4.3); the engines have those
of Rust and of Python. What they would read differently is refused, or written for Python anew.
"""

import re
import sys
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

_TOKEN = re.compile(
    r"\\[pP]\{(?P<category>[^}]*)\}|\\(?P<escape>.)|(?P<group>\(\?(?!:))|(?P<open>\[\^?\]?)"
    r"|(?P<close>\])|(?P<end>\$)|(?P<twice>&&|~~|--)|.",
    re.DOTALL,
)
_CATEGORY = re.compile(r"[LMNPZSC][a-z]?")
_WORD = ("L", "M", "Nd", "Nl", "Pc")
FLAGS = frozenset("ims")

MAX_LENGTH = 10_000
"""Characters of a pattern; one engine makes of each up to a thousand bytes of its own."""


def problem(pattern: str, flags: str = "") -> str | None:
    r"""Say what of a pattern engines cannot do or would read differently; None of a sound one.

    >>> problem("^(?!x)"), problem(r"^\p{L}+$")
    ('looks ahead or behind, or changes its flags inside; XPath has no such thing', None)
    """
    if set(flags) - FLAGS:
        return f"has flags other than {', '.join(sorted(FLAGS))}"
    if len(pattern) > MAX_LENGTH:
        return f"is longer than {MAX_LENGTH:,} characters"
    inside = False
    for found in _TOKEN.finditer(pattern):
        said = _problem(found, inside=inside)
        if said:
            return said
        inside = _inside(found, inside=inside)
    return _unreadable(pattern, flags)


def _unreadable(pattern: str, flags: str) -> str | None:
    try:
        re.compile(for_python(pattern, flags))
    except (re.error, OverflowError):
        return "is no regular expression"
    except RecursionError:
        return "is nested too deeply"
    return None


def _problem(found: "re.Match[str]", *, inside: bool) -> str | None:
    kind, text = found.lastgroup, found.group()
    if kind == "category" and not _CATEGORY.fullmatch(found["category"]):
        return f"names {text}, which is no general category such as \\p{{L}}"
    if kind == "escape" and found["escape"] in "iIcC":
        return f"has {text}: classes of XML names are not supported"
    if kind == "escape" and found["escape"] in "123456789":
        return "refers back to a group, which is not supported"
    if kind == "group" and not inside:
        return "looks ahead or behind, or changes its flags inside; XPath has no such thing"
    if inside and (kind == "open" or kind == "twice"):
        return f"has {text[:2]} inside brackets, which is read in different ways: put \\ before it"
    return None


def _inside(found: "re.Match[str]", *, inside: bool) -> bool:
    if found.lastgroup == "open":
        return True
    return inside and found.lastgroup != "close"


def for_python(pattern: str, flags: str = "") -> str:
    r"""Give a sound pattern as Python's ``re`` reads it with the same meaning.

    Classes of Unicode are written out, and ``$`` is the very end, not before a last line feed.

    >>> for_python("^a$")
    '^a\\Z'
    """
    out = ["(?s)"] if "s" in flags else []
    inside = False
    for found in _TOKEN.finditer(pattern):
        out.append(_written(found, inside=inside, lines="m" in flags))
        inside = _inside(found, inside=inside)
    return "".join(out)


def _written(found: "re.Match[str]", *, inside: bool, lines: bool) -> str:
    text = found.group()
    if found.lastgroup == "end" and not inside and not lines:
        return r"\Z"
    if found.lastgroup == "category":
        ranges = _ranges((found["category"],), inverted=text[1] == "P")
        return ranges if inside else f"[{ranges}]"
    if found.lastgroup == "escape" and text in (r"\w", r"\W"):
        ranges = _ranges(_WORD, inverted=text == r"\W")
        return ranges if inside else f"[{ranges}]"
    return text


@lru_cache(maxsize=64)
def _ranges(categories: tuple[str, ...], *, inverted: bool) -> str:
    """Give the inside of a bracket that holds all characters of some general categories."""
    runs = _runs(categories, inverted=inverted)
    return "".join(f"\\U{low:08x}-\\U{high:08x}" for low, high in runs)


def _runs(categories: tuple[str, ...], *, inverted: bool) -> Iterator[tuple[int, int]]:
    start: int | None = None
    for point in range(sys.maxunicode + 2):
        among = point <= sys.maxunicode and (
            unicodedata.category(chr(point)).startswith(categories) != inverted
        )
        if among and start is None:
            start = point
        elif not among and start is not None:
            yield start, point - 1
            start = None
