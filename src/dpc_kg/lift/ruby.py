"""Cells that hold a Ruby literal: ``["a", "b"]`` and ``[{"k" => "v", "n" => nil}]``.

Primero's CSV export writes arrays and subforms so; Ruby up to 3.3 writes ``=>`` without spaces,
and cells that begin like a formula get a leading apostrophe.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from dpc_kg.lift.walkers import Decimal, Integer

_TOKEN = re.compile(
    r'\s*(?:(?P<string>"(?:[^"\\]|\\.)*")|(?P<arrow>=>)|(?P<nil>(?:nil|null)\b)'
    r"|(?P<symbol>:[A-Za-z_]\w*|[A-Za-z_]\w*(?=:\s))"
    r"|(?P<other>[\[\]{},:]|true\b|false\b|-?\d[\d.eE+-]*))",
    re.DOTALL,
)
_ESCAPE = re.compile(r"\\(x[0-9A-Fa-f]{1,2}|u\{[0-9A-Fa-f]{1,6}\}|u[0-9A-Fa-f]{4}|.)", re.DOTALL)
_ESCAPES = {"e": "\x1b", "a": "\x07", "v": "\x0b", "s": " ", "b": "\b", "f": "\f"}
_ESCAPES |= {"n": "\n", "r": "\r", "t": "\t", "0": "\0"}


class RubyError(ValueError):
    """The cell is not a Ruby literal."""


def parse_ruby(text: str) -> Any:
    """Give the value of a Ruby literal; numbers as written, ``nil`` and JSON's ``null`` as None.

    Raises:
        RubyError: it is not one.

    >>> parse_ruby('[{"a"=>"x", "n" => nil, "on" => true}]')
    [{'a': 'x', 'n': None, 'on': True}]
    >>> parse_ruby('{"a": null}')
    {'a': None}
    """
    rest = text.strip().removeprefix("'").rstrip()
    try:
        value = json.loads("".join(_tokens(rest)), parse_float=Decimal, parse_int=Integer)
        json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, OverflowError, RecursionError) as e:
        raise RubyError from e
    return value


def _tokens(text: str) -> Iterator[str]:
    """Give the tokens of a literal as JSON."""
    position = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise RubyError
        yield _as_json(match)
        position = match.end()


def _as_json(match: re.Match[str]) -> str:
    kind = match.lastgroup or "other"
    token = match[kind]
    if kind == "arrow":
        return ":"
    if kind == "nil":
        return "null"
    if kind == "symbol":
        return json.dumps(token.strip(":"))
    if kind == "string":
        return json.dumps(_unescaped(token[1:-1]))
    return token


def _unescaped(body: str) -> str:
    """Give the text of a double-quoted Ruby string."""
    return _ESCAPE.sub(_character, body)


def _character(match: re.Match[str]) -> str:
    escape = match[1]
    if escape[0] == "x" and len(escape) > 1:
        return chr(int(escape[1:], 16))
    if escape[0] == "u" and len(escape) > 1:
        return chr(int(escape[1:].strip("{}"), 16))
    return _ESCAPES.get(escape, escape)
