"""The SQL of a row's lines as one text, made in one piece: DuckDB copies a text at every ``||``."""

from itertools import groupby

from dpc_kg.lift.functions import quote
from dpc_kg.lift.sqltext import folded
from dpc_kg.lift.terms import JOINED

Line = tuple[str, ...]
"""The SQL of the parts of a line after its subject; what is constant is a quoted text."""


def block_sql(subject: list[str], lines: list[Line], tables: str) -> str:
    """Give a SELECT of the lines of each row of ``tables``, a line break between them.

    A line of which a part is NULL is left out, and a row without a line. The last part of a line
    is constant, as its full stop is. No filter reads the text made: DuckDB would make it twice.
    """
    columns: dict[str, str] = {}
    fixed: list[list[str]] = []
    varying: list[list[str]] = []
    for line in lines:
        parts = [p if _is_constant(p) else _named(p, columns) for p in _folded(line)]
        (fixed if all(map(_is_constant, parts)) else varying).append(parts)
    if fixed:
        pieces = [piece for parts in varying for piece in _where_whole(_ended(parts))]
        for parts in fixed[:-1]:
            pieces += [_SUBJECT, *_ended(parts)]
        body = f"concat({', '.join([*pieces, _SUBJECT, *fixed[-1]])})"
        some = ""
    else:
        made = [_line(parts) for parts in varying]
        body = f"concat_ws(chr(10), {', '.join(made)})" if len(made) > 1 else made[0]
        some = f" AND ({' OR '.join(_there(parts) for parts in varying)})"
    once = "".join(f", {sql} AS {name}" for sql, name in columns.items())
    rows = f"SELECT {JOINED.join([*subject, _SPACE])} AS {_SUBJECT}{once} FROM {tables}"
    return f"SELECT {body} AS line FROM ({rows}) WHERE {_SUBJECT} IS NOT NULL{some}"


_SUBJECT = "s"
_SPACE = "' '"


def _is_constant(part: str) -> bool:
    return part.startswith("'")


def _named(part: str, columns: dict[str, str]) -> str:
    return columns.setdefault(part, f"p{len(columns)}")


def _folded(line: Line) -> list[str]:
    """Give the parts of a line, neighbouring constants as one."""
    out: list[str] = []
    for constant, group in groupby(line, _is_constant):
        parts = list(group)
        out += [folded(JOINED.join(parts))] if constant else parts
    return out


def _ended(parts: list[str]) -> list[str]:
    return [*parts[:-1], parts[-1][:-1] + quote("\n")[1:]]


def _where_whole(parts: list[str]) -> list[str]:
    """Give the subject and the parts of a line, each NULL where one of them is."""
    there = _there(parts)
    alone = " AND " not in there
    return [
        p if alone and there.startswith(f"{p} ") else f"CASE WHEN {there} THEN {p} END"
        for p in (_SUBJECT, *parts)
    ]


def _there(parts: list[str]) -> str:
    names = dict.fromkeys(p for p in parts if not _is_constant(p))
    return " AND ".join(f"{name} IS NOT NULL" for name in names)


def _line(parts: list[str]) -> str:
    return f"CASE WHEN {_there(parts)} THEN concat({', '.join([_SUBJECT, *parts])}) END"
