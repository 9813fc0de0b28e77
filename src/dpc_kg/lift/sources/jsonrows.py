"""JSON given for a table: an array of records, or the object around it that an API answers with.

Shapes: ``[{...}]``, ``{"data": [{...}]}``, and ``[{"id": ..., "data": {...}}]``, where the members
of ``data`` are the cells and those beside it too. A record's number is its row. Nested values stay
JSON text. A member left out is a blank cell, for APIs leave out what is null; the key is not.
"""

import json
from collections.abc import Iterator
from typing import Any, Self

from dpc_kg.base.errors import SourceError
from dpc_kg.lift.sources.grid import Grid, Job, Row
from dpc_kg.lift.sources.header import check_columns
from dpc_kg.lift.sources.kinds import BOOLEAN, DOUBLE, INTEGER, STRING
from dpc_kg.lift.sources.text import decoded
from dpc_kg.lift.unusable import MAX_DEPTH, empty_file, malformed, too_deep

RECORDS = "data"
_DIGITS = 1_000


class _Number(str):
    """A number as it is written."""

    def __new__(cls, text: str) -> Self:
        """Take the text of a number of no more digits than anybody means."""
        if len(text) > _DIGITS:
            raise _NotJson
        return super().__new__(cls, text)


class _Integer(_Number):
    """An integer."""


class _Double(_Number):
    """A number with a point or an exponent."""


class _NotJson(Exception):
    """A member stands twice, or a number is none."""


def read_json(job: Job) -> Grid:
    """Give the records of a JSON document as a table.

    Raises:
        SourceError: not UTF-8, not well-formed, nested too deeply, no records, or the key missing.
    """
    records = list(_records(_document(job), job))
    header = tuple(dict.fromkeys(name for record in records for name in record))
    if records:
        # only what every record has can be missed: a null may be left out
        check_columns(header, {job.key} if job.key else (), job.name, row=None)
    missing = [name for name in job.wanted if name not in header]
    header = (*header, *missing)
    return Grid(header, _rows(records, header, job), typed=True)


def _document(job: Job) -> Any:
    text = decoded(job.path.read_bytes(), job.name)
    if not text.strip():
        raise empty_file(job.name)
    try:
        return json.loads(
            text,
            parse_int=_Integer,
            parse_float=_Double,
            parse_constant=_constant,
            object_pairs_hook=_unique,
        )
    except json.JSONDecodeError as e:
        raise malformed(job.name, e.lineno, "This is not well-formed JSON.") from e
    except _NotJson as e:
        problem = "A member stands twice in one object, or a number is NaN, infinite or too long."
        raise malformed(job.name, 1, problem) from e
    except RecursionError as e:
        raise too_deep(job.name) from e


def _constant(_: str) -> Any:
    raise _NotJson


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        raise _NotJson
    return made


def _records(document: Any, job: Job) -> Iterator[dict[str, Any]]:
    if isinstance(document, dict):
        document = document.get(RECORDS)
    if not isinstance(document, list):
        raise _shapeless(job, None)
    for row, record in enumerate(document, start=1):
        if not isinstance(record, dict):
            raise _shapeless(job, row)
        yield cells_of(record)


def cells_of(record: dict[str, Any]) -> dict[str, Any]:
    """Give the cells of a record: its members, and those of ``data`` among them."""
    inner = record.get(RECORDS)
    if not isinstance(inner, dict):
        return record
    return {**{k: v for k, v in record.items() if k != RECORDS}, **inner}


def _shapeless(job: Job, row: int | None) -> SourceError:
    return SourceError(
        "This is no list of records.",
        rule="syntax",
        file=job.name,
        row=row,
        advice='An array of objects is read, alone or as the member "data" of an object.',
    )


def _rows(records: list[dict[str, Any]], header: tuple[str, ...], job: Job) -> Iterator[Row]:
    for row, record in enumerate(records, start=1):
        values = [record.get(name) for name in header]
        try:
            yield row, [_text(v) for v in values], [_kind(v) for v in values]
        except RecursionError as e:
            raise too_deep(job.name, row=row) from e


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return None if value is None else str(value)
    return _json(value, 1)


def _kind(value: Any) -> str | None:
    if value is None:
        return None
    kinds = ((_Integer, INTEGER), (_Double, DOUBLE), (bool, BOOLEAN))
    return next((kind for cls, kind in kinds if isinstance(value, cls)), STRING)


def _json(value: Any, depth: int) -> str:
    """Give a value as JSON text, its numbers as they were written."""
    if depth > MAX_DEPTH:
        raise RecursionError
    if isinstance(value, dict):
        members = (
            f"{json.dumps(k, ensure_ascii=False)}: {_json(v, depth + 1)}" for k, v in value.items()
        )
        return "{" + ", ".join(members) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_json(v, depth + 1) for v in value) + "]"
    if isinstance(value, _Number):
        return str(value)
    return json.dumps(value, ensure_ascii=False)
