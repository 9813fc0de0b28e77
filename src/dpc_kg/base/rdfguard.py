"""What an RDF file that others wrote may not hold: looked at before a parser meets it.

The parser has no limit of its own: entities of RDF/XML grow until the process is ended, and deep
nesting takes memory and time without bound.
"""

import re

MAX_DEPTH = 100
"""How deep brackets may be nested."""

DOCTYPE, DEPTH = "doctype", "depth"

_NESTED = {"ttl", "trig", "n3"}
_DOCTYPES = tuple("<!DOCTYPE".encode(name) for name in ("utf-8", "utf-16-le", "utf-16-be"))
# strings, IRIs and comments are passed over whole; no part of the pattern is tried twice
_TOKEN = re.compile(
    rb'"""(?>[^"\\]++|\\.|"(?!""))*+"""'
    rb"|'''(?>[^'\\]++|\\.|'(?!''))*+'''"
    rb'|"(?>[^"\\\n]++|\\.)*+"'
    rb"|'(?>[^'\\\n]++|\\.)*+'"
    rb"|<[^<>\"{}|^`\x00-\x20]*+>|#[^\n]*+|(?P<open>[\[({])|(?P<close>[\])}])",
    re.DOTALL,
)


def harm(data: bytes, ending: str) -> tuple[str, int] | None:
    """Give what a file may not hold (`DOCTYPE`, `DEPTH`) and its line; None of a sound one.

    ``ending`` is that of the file's syntax: ``rdf`` ``ttl`` ``trig`` ``n3``; others are sound.
    """
    if ending == "rdf":
        places = [at for mark in _DOCTYPES if (at := data.find(mark)) >= 0]
        return (DOCTYPE, _line(data, min(places))) if places else None
    deep = _too_deep(data) if ending in _NESTED else None
    return None if deep is None else (DEPTH, _line(data, deep))


def _too_deep(data: bytes) -> int | None:
    if sum(data.count(letter) for letter in (b"[", b"(", b"{")) <= MAX_DEPTH:
        return None
    depth = 0
    for token in _TOKEN.finditer(data):
        if token.lastgroup == "open":
            depth += 1
            if depth > MAX_DEPTH:
                return token.start()
        elif token.lastgroup == "close":
            depth = max(depth - 1, 0)
    return None


def _line(data: bytes, at: int) -> int:
    return data.count(b"\n", 0, at) + 1


ADVICE = {
    DOCTYPE: (
        "The file declares a document type.",
        "Remove the DOCTYPE, and write its entities out; one can be used for attacks.",
    ),
    DEPTH: (
        "It is nested too deeply.",
        f"At most {MAX_DEPTH} levels of brackets are read.",
    ),
}
"""What is wrong, and what would be right."""
