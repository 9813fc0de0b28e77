"""Cells that hold a Ruby literal: ``["a", "b"]`` and ``[{"k" => "v", "n" => nil}]``.

Primero's CSV export writes arrays and subforms so; Ruby up to 3.3 writes ``=>`` without spaces,
and cells that begin like a formula get a leading apostrophe.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import duckdb

from dpc_kg.lift.paths import Found, JsonWalker
from dpc_kg.lift.plan import Source, View
from dpc_kg.lift.rows import Table, base_table, column, identifier, view_table

_TOKEN = re.compile(
    r'\s*(?:(?P<string>"(?:[^"\\]|\\.)*")|(?P<arrow>=>)|(?P<nil>nil\b)'
    r"|(?P<symbol>:[A-Za-z_]\w*|[A-Za-z_]\w*(?=:\s))"
    r"|(?P<other>[\[\]{},:]|true\b|false\b|-?\d[\d.eE+-]*))",
    re.DOTALL,
)
_ESCAPE = re.compile(r"\\(x[0-9A-Fa-f]{1,2}|u\{[0-9A-Fa-f]{1,6}\}|u[0-9A-Fa-f]{4}|.)", re.DOTALL)
_ESCAPES = {"e": "\x1b", "a": "\x07", "v": "\x0b", "s": " ", "b": "\b", "f": "\f"}
_ESCAPES |= {"n": "\n", "r": "\r", "t": "\t", "0": "\0"}
_BATCH = 10_000


class RubyError(ValueError):
    """The cell is not a Ruby literal."""


def parse_ruby(text: str) -> Any:
    """Give the value of a Ruby literal; numbers as written, ``nil`` as None.

    Raises:
        RubyError: it is not one.

    >>> parse_ruby('[{"a"=>"x", "n" => nil, "on" => true}]')
    [{'a': 'x', 'n': None, 'on': True}]
    """
    rest = text.strip().removeprefix("'").rstrip()
    try:
        value = json.loads("".join(_tokens(rest)), parse_float=str, parse_int=str)
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


def load_cells(
    con: duckdb.DuckDBPyConnection, source: Source, view: View, cells: Counter[str]
) -> list[tuple[int, str]]:
    """Fill the table of a view whose iterable reads a literal in a cell.

    What the literals hold is counted in ``cells`` by general path, once for each column. Gives
    the (row, column) of each cell that is not a literal.
    """
    first = view.iterables[0]
    name = first.cell or ""
    counted = any(path.startswith(f"{name}[") for path in cells)
    own = [ref for name, ref in view.fields if _is_own(view, name)]
    columns = "".join(f", {column(c)}" for c in own)
    cell = column(name)
    cursor = con.cursor()
    cursor.execute(
        f"SELECT _file, _row, {cell}{columns} FROM {identifier(base_table(source))}"
        f" WHERE dpc_clean({cell}) IS NOT NULL ORDER BY _row"
    )
    table = Table(con, view_table(view), ("_path", *(column(n) for n, _ in view.fields)))
    bad = []
    while batch := cursor.fetchmany(_BATCH):
        for file, row, text, *values in batch:
            try:
                literal = parse_ruby(text)
            except RubyError:
                bad.append((row, name))
                continue
            if not counted:
                _count(name, literal, cells)
            for made in _expand(view, literal, dict(zip(own, values, strict=True)), row):
                table.add(file, row, made)
    table.flush()
    return bad


def _count(name: str, literal: Any, cells: Counter[str]) -> None:
    for path, holds in JsonWalker().leaves(literal):
        if path != "[*]":
            cells[f"{name}{path}"] += holds


def _is_own(view: View, name: str) -> bool:
    return not name.startswith(f"{view.iterables[0].name}.") and name != "#"


def _expand(
    view: View, literal: Any, own: dict[str, str | None], row: int
) -> list[tuple[str | None, ...]]:
    """Give the rows of one cell: its elements with the record's own columns beside them."""
    first, walker = view.iterables[0], JsonWalker()
    return [
        (
            first.cell,
            *(_value(view, walker, found, i, name, ref, own, row) for name, ref in view.fields),
        )
        for i, found in enumerate(walker.iterate(literal, first.path, ""))
    ]


def _value(
    view: View,
    walker: JsonWalker,
    found: Found,
    index: int,
    name: str,
    reference: str,
    own: dict[str, str | None],
    row: int,
) -> str | None:
    first = view.iterables[0].name
    if name == f"{first}.#":
        return str(index)
    if name == "#":
        return str(row - 2)
    if name.startswith(f"{first}."):
        return walker.texts(found, reference)[0]
    return own.get(reference)
