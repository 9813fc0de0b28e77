"""The fields that no mapping knows, looked at once more in their files: they were never loaded.

Values stay in memory. Of documents the first records are looked at; of a table all rows, unless the
file is large, and of a database server nothing: there the header alone can tell.
"""

import itertools
from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from dpc_kg.base.errors import DpcError
from dpc_kg.lift.documents import files_of
from dpc_kg.lift.engine import connect
from dpc_kg.lift.expand import walker_of
from dpc_kg.lift.jsonstream import json_records
from dpc_kg.lift.paths import UnknownPath
from dpc_kg.lift.personal.cells import Place, columns
from dpc_kg.lift.personal.column import Column, worded
from dpc_kg.lift.plan import Source, View
from dpc_kg.lift.rows import base_table
from dpc_kg.lift.servers import Server
from dpc_kg.lift.tables import load_table
from dpc_kg.lift.walkers import TooDeep
from dpc_kg.lift.xmlstream import xml_records

_RECORDS = 1_000
"""Records of documents that are looked at."""

_LARGEST = 1 << 25
"""Bytes of a file that is read once more."""

_DOCUMENTS = {"JSONPath", "XPath"}


def glimpse(source: Source, path: Path | Server | None, fields: Collection[str]) -> list[Column]:
    """Give what the cells of some fields of a source hold; nothing where it cannot be seen."""
    if not isinstance(path, Path) or source.formulation == "SPARQL":
        return []
    try:
        if source.formulation in _DOCUMENTS:
            return _of_records(source, path, fields)
        return _of_table(source, path, fields) if path.stat().st_size <= _LARGEST else []
    except DpcError:
        return []  # what was read once has been told of; this is only a further look


def _of_table(source: Source, path: Path, fields: Collection[str]) -> list[Column]:
    view = View("unknown", source.name, tuple((name, name) for name in fields))
    with TemporaryDirectory(prefix="dpc-glimpse-") as folder:
        work = Path(folder)
        with connect(work, [path.parent], None, None) as con:
            load_table(con, source, [view], path, counted=False)
            places = [Place(base_table(source), name, name) for name in fields]
            return [found for _, found in columns(con, places[0].table, places, frozenset())]


def _of_records(source: Source, path: Path, fields: Collection[str]) -> list[Column]:
    walker = walker_of(source.formulation, source.namespaces)
    held: dict[str, Counter[str]] = {name: Counter() for name in fields}
    for node in itertools.islice(_records(source, path), _RECORDS):
        for name, values in held.items():
            with suppress(UnknownPath, TooDeep, RecursionError):
                found = walker.values(("", "", node), _reference(source, name))
                values.update(text.strip() for text, _ in found if text and text.strip())
    return [_column(name, values) for name, values in held.items() if values]


def _records(source: Source, path: Path) -> Iterator[Any]:
    for name, file in files_of(source, path)[:_RECORDS]:
        if file.stat().st_size > _LARGEST:
            continue
        with file.open("rb") as stream:
            if source.formulation == "JSONPath":
                yield from json_records(stream, source.iterator or "$", name)
            else:
                yield from xml_records(source, stream, name, [])


def _reference(source: Source, path: str) -> str:
    if source.formulation == "XPath":
        return path
    return f"${path}" if path[:1] == "[" else f"$.{path}"


def _column(path: str, values: Counter[str]) -> Column:
    filled = sum(values.values())
    return Column(path, filled, values, worded(values), filled, len(values))
