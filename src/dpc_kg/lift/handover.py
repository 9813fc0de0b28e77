"""Batches of Python values handed over to DuckDB, column by column.

A Python list would be bound value by value, and a constant text is folded into such a list by the
planner. One text of all columns, split where the query runs, costs a fifth of either.
"""

import json
from collections.abc import Sequence
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
    split: list[Sequence[str | None]] = []
    for kind, column in zip(kinds, columns, strict=True):
        first = column[0]
        if column.count(first) == count:
            body.append(f"?::{kind}")
            args.append(first)
        elif kind == "VARCHAR":
            split.append(column)
            body.append(_nth(len(split)))
        elif list(column) == list(range(first, first + count)):
            body.append(f"unnest(range({int(first)}, {int(first) + count}))")
        else:
            split.append([str(value) for value in column])
            body.append(f"{_nth(len(split))}::{kind}")
    # a batch whose columns are all constant has no list that gives it its rows
    tables = f"range({count})" if "unnest" not in "".join(body) else ""
    if split:
        text = _joined(split)
        args.append(_ENCODE(split) if text is None else text)
        tables = _FROM_JSON if text is None else _FROM_TEXT
    return f"SELECT {', '.join(body)}" + (f" FROM {tables}" if tables else ""), args


def _nth(number: int) -> str:
    return f"unnest(l[{number}])"


_FROM_TEXT = (
    "(SELECT list_transform(string_split(x, chr(30)), lambda c: list_transform("
    "string_split(c, chr(31)), lambda v: nullif(v, chr(29)))) AS l FROM (VALUES (?::VARCHAR)) t(x))"
)
_FROM_JSON = """(SELECT from_json(x, '[["VARCHAR"]]') AS l FROM (VALUES (?::VARCHAR)) t(x))"""


def _joined(columns: Sequence[Sequence[str | None]]) -> str | None:
    """Give all columns as one text; None where a cell holds one of the marks that part them."""
    nulls = 0
    parts = []
    for column in columns:
        try:
            parts.append(_CELL.join(column))  # type: ignore[arg-type]
        except TypeError:
            nulls += column.count(None)
            parts.append(_CELL.join([_NULL if value is None else value for value in column]))
    text = _COLUMN.join(parts)
    cells = sum(map(len, columns)) - len(columns)
    marks = (text.count(_CELL), text.count(_COLUMN), text.count(_NULL))
    return text if marks == (cells, len(columns) - 1, nulls) else None
