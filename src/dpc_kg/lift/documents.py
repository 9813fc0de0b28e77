"""The records of JSON and XML files, and of RDF files by a query, brought into tables."""

import gc
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import IO, Any

import duckdb

from dpc_kg.base.errors import MappingError, SourceError
from dpc_kg.lift.jsonstream import json_records
from dpc_kg.lift.paths import UnknownPath
from dpc_kg.lift.plan import Source, View
from dpc_kg.lift.reject import Reject
from dpc_kg.lift.rows import Loaded, RecordRows
from dpc_kg.lift.sources.copies import read_bytes
from dpc_kg.lift.sources.signature import packing
from dpc_kg.lift.unusable import no_record, too_deep
from dpc_kg.lift.walkers import TooDeep
from dpc_kg.lift.xmlstream import forget, xml_records

_ENDINGS = {"JSONPath": ("*.json", "*.ndjson", "*.jsonl"), "XPath": ("*.xml",)}
_BLOCK = 1 << 20
_HELD = 1 << 17
"""Of how many bytes records are held until their rows are made: few enough to stay in a cache."""


def load_documents(
    con: duckdb.DuckDBPyConnection,
    source: Source,
    views: list[View],
    path: Path,
    *,
    counted: bool = True,
    may_be_empty: bool = False,
) -> Loaded:
    """Read the file or folder of a JSON or XML source into its tables.

    With ``counted`` every leaf of every record is counted, read by the mapping or not.

    Raises:
        SourceError: empty, wrong encoding, truncated, not well-formed, or with a DOCTYPE.
        MappingError: a path of the mapping is outside the supported subset.
    """
    loaded = Loaded(source)
    rows = RecordRows(con, source, views, loaded.cells if counted else None)
    spent: list[Any] = []
    read = held = 0
    try:
        for number, (name, file) in enumerate(files_of(source, path)):
            loaded.files.append(name)
            with _open(source, file) as stream, _without_collector(source):
                loaded.digests.append(_sha256(stream))
                for row, node in enumerate(_records(source, stream, name, spent), start=1):
                    _add(rows, number, row, node, name)
                    loaded.rows += 1
                    if read + stream.tell() > held + _HELD:
                        held = read + stream.tell()
                        _settle(rows, loaded)
                    if not rows.batch:
                        forget(spent)
                read += stream.tell()
    except UnknownPath as e:
        raise MappingError("This path is not supported.", term=str(e)) from e
    _settle(rows, loaded)
    rows.flush()
    loaded.rejects += [
        Reject(source.name, loaded.files[0], row, at, "ruby-literal") for row, at in rows.bad
    ]
    if not loaded.rows and not may_be_empty:
        raise no_record(path.name, source.iterator)
    return loaded


@contextmanager
def _without_collector(source: Source) -> Iterator[None]:
    """Hold back the collector of cycles: JSON nodes have none, and it walks all that are held."""
    held_back = gc.isenabled()
    if held_back:
        gc.disable()
    try:
        yield
    finally:
        if held_back:
            gc.enable()


def _records(source: Source, stream: IO[bytes], name: str, spent: list[Any]) -> Iterator[Any]:
    if source.formulation == "JSONPath":
        return json_records(stream, source.iterator or "$", name)
    return xml_records(source, stream, name, spent)


def _open(source: Source, file: Path) -> IO[bytes]:
    """Open a document; one that is packed or in another encoding is read as a whole."""
    if packing(file, source.compression) is None and source.encoding is None:
        return file.open("rb")
    return BytesIO(read_bytes(source, file))


def _sha256(stream: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while block := stream.read(_BLOCK):
        digest.update(block)
    stream.seek(0)
    return digest.hexdigest()


def _settle(rows: RecordRows, loaded: Loaded) -> None:
    try:
        rows.settle()
    except TooDeep as e:
        file, row = e.args
        raise too_deep(loaded.files[file], row=row) from e


def _add(rows: RecordRows, number: int, row: int, node: Any, name: str) -> None:
    try:
        rows.add(number, row, node)
    except (TooDeep, RecursionError) as e:
        raise too_deep(name, row=row) from e


def files_of(source: Source, path: Path) -> list[tuple[str, Path]]:
    """Give (name relative to the export, file), in the order of names."""
    if path.is_file():
        return [(path.name, path)]
    endings = _ENDINGS[source.formulation]
    found = sorted(p for ending in endings for p in path.rglob(ending) if p.name != "planted.json")
    own = [p for p in found if source.name in p.relative_to(path).parts[:-1]]
    chosen = own or found
    if not chosen:
        raise SourceError(
            "There is no file to read in this folder.",
            rule="empty-file",
            file=path.name,
            advice=f"Files ending in {endings[0][1:]} are looked for.",
        )
    return [(p.relative_to(path).as_posix(), p) for p in chosen]


def load_results(
    con: duckdb.DuckDBPyConnection, source: Source, views: list[View], path: Path
) -> Loaded:
    """Read an RDF file through the query of its source: a row a solution, a column a variable.

    The natural datatypes of literals are kept; a row's number is that of the solution.

    Raises:
        SourceError: the file is not well-formed RDF.
        MappingError: the query cannot be read, or is no SELECT.
    """
    from dpc_kg.lift.rdfsource import solutions

    data = path.read_bytes()
    loaded = Loaded(source, files=[path.name], digests=[hashlib.sha256(data).hexdigest()])
    rows = RecordRows(con, source, views, None)
    names, found = solutions(source, data, path.name)
    loaded.header = names
    for row, node in enumerate(found, start=2):
        for name, text in node.items():
            loaded.cells[name] += bool(text.strip())
        rows.add(0, row, node)
        loaded.rows += 1
    rows.flush()
    return loaded
