"""Batches of Python values handed over to DuckDB, column by column.

A Python list would be bound value by value, and a constant text is folded into such a list by the
planner. One text of all columns, split where the query runs, costs a fifth of either.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

_CELL, _COLUMN, _NULL = "\x1f", "\x1e", "\x1d"
_ENCODE = json.JSONEncoder(ensure_ascii=False, check_circular=False).encode


def handed_over(kinds: Sequence[str], columns: Sequence[Sequence[Any]]) -> tuple[str, list[Any]]:
    """Give a SELECT of rows and what is bound to it.

    ``columns`` are of one length, at least 1, and of the SQL types ``kinds``: whole numbers, or
    texts, None for NULL.
    """
    count = len(columns[0])
    args: list[Any] = []
    body: list[str] = []
    texts = _Texts()
    for kind, column in zip(kinds, columns, strict=True):
        first = column[0]
        if column.count(first) == count:
            body.append(f"?::{kind}")
            args.append(first)
        elif kind == "VARCHAR":
            body.append(texts.add(column))
        elif list(column) == list(range(first, first + count)):
            body.append(f"unnest(range({int(first)}, {int(first) + count}))")
        else:
            body.append(f"{texts.add([str(value) for value in column])}::{kind}")
    # a batch whose columns are all constant has no list that gives it its rows
    tables = f"range({count})" if "unnest" not in "".join(body) else ""
    if texts.all:
        tables, more = texts.select()
        args += more
    return f"SELECT {', '.join(body)}" + (f" FROM {tables}" if tables else ""), args


@dataclass
class _Texts:
    """Columns of texts that are handed over together: ``l`` those that are filled, ``m`` others."""

    filled: list[Sequence[str]] = field(default_factory=list)
    others: list[Sequence[str | None]] = field(default_factory=list)

    def add(self, column: Sequence[Any]) -> str:
        """Take a column in; give the SQL of its values."""
        into: list[Any] = self.others if None in column else self.filled
        into.append(column)
        return f"unnest({'l' if into is self.filled else 'm'}[{len(into)}])"

    @property
    def all(self) -> list[Sequence[str | None]]:
        """All columns."""
        return [*self.filled, *self.others]

    def select(self) -> tuple[str, list[str]]:
        """Give the SQL of a table of the lists and what is bound to it."""
        texts = [_joined(self.filled), _joined(self.others)]
        if None in texts:
            return _FROM_JSON, [_ENCODE(self.filled), _ENCODE(self.others)]
        return _FROM_TEXT, [text for text in texts if text is not None]


_FROM_TEXT = """(SELECT
 list_transform(string_split(x, chr(30)), lambda c: string_split(c, chr(31))) AS l,
 list_transform(string_split(y, chr(30)), lambda c: list_transform(
   string_split(c, chr(31)), lambda v: nullif(v, chr(29)))) AS m
 FROM (VALUES (?::VARCHAR, ?::VARCHAR)) t(x, y))"""
_FROM_JSON = """(SELECT from_json(x, '[["VARCHAR"]]') AS l, from_json(y, '[["VARCHAR"]]') AS m
 FROM (VALUES (?::VARCHAR, ?::VARCHAR)) t(x, y))"""


def _joined(columns: Sequence[Sequence[str | None]]) -> str | None:
    """Give all columns as one text; None where a cell holds one of the marks that part them."""
    nulls = sum(column.count(None) for column in columns)
    parts = [_CELL.join([_NULL if v is None else v for v in c] if nulls else c) for c in columns]  # type: ignore[arg-type]
    text = _COLUMN.join(parts)
    cells = sum(map(len, columns)) - len(columns)
    marks = (text.count(_CELL), text.count(_COLUMN), text.count(_NULL))
    return text if marks == (cells, max(len(columns) - 1, 0), nulls) else None
