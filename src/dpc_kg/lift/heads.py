"""What stands at the head of a file, read by the lift's own readers: its first rows or records.

Only so much is read as tells what a file is. Letters that are not UTF-8 are no obstacle here, for a
header may be plain where a cell is not; a lift refuses them, and `fault` tells of them.
"""

import codecs
import csv
import itertools
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any, TypeVar

from dpc_kg.base.errors import SourceError
from dpc_kg.lift.documents import files_of
from dpc_kg.lift.engine import connect
from dpc_kg.lift.jsonstream import json_records
from dpc_kg.lift.plan import Source
from dpc_kg.lift.sources import signature
from dpc_kg.lift.sources.copies import Given, given_file, read_head
from dpc_kg.lift.sources.dialect import DELIMITERS, records, style_of
from dpc_kg.lift.sources.grid import Job
from dpc_kg.lift.sources.jsonrows import RECORDS, cells_of
from dpc_kg.lift.sources.parquet import parquet_header
from dpc_kg.lift.sources.reading import run_worker
from dpc_kg.lift.unusable import empty_file, too_deep, wrong_encoding
from dpc_kg.lift.walkers import JsonWalker, TooDeep, XmlWalker
from dpc_kg.lift.xmlstream import xml_records

ROWS = 10
"""How many rows of a table are looked at: a title or a note may stand above the header."""

_SIZE = 1 << 18
_RECORDS = 3
_FILES = 3
_NO_RECORD = "empty-file"
_MEMBER = re.compile(r'"([^"\\]{1,200})"\s*:')
_ELEMENT = re.compile(r"<(?:[\w.-]+:)?([\w.-]{1,200})[\s/>]")
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)

T = TypeVar("T")
_Key = tuple[Any, ...]


@dataclass(frozen=True)
class Rows:
    """The first rows of a table; ``title`` is that of its sheet."""

    rows: tuple[tuple[str, ...], ...]
    title: str | None = None


@dataclass(frozen=True)
class Leaves:
    """The fields of the first records: their general paths, or where those are not to be had names.

    They are not where one record is longer than a head.
    """

    names: frozenset[str]
    are_paths: bool = True


class Heads:
    """The heads of files, each read once; ``work`` is a private folder."""

    def __init__(self, work: Path) -> None:
        self._work = work
        self._tables: dict[_Key, list[Rows] | SourceError] = {}
        self._bytes: dict[_Key, bytes | SourceError] = {}

    def tables(self, source: Source, path: Path) -> list[Rows]:
        """Give the first rows of the tables a file may hold for a table source.

        A text gives those under each delimiter, a workbook those of each sheet.

        Raises:
            SourceError: the file cannot be read.
        """
        key = (path, *_written(source), source.options)
        return _once(self._tables, key, lambda: self._read_tables(source, path))

    def leaves(self, source: Source, path: Path) -> Leaves:
        """Give the fields of the first records of a document, or of the first of a folder.

        Raises:
            SourceError: no file of them can be read, or holds such a record.
        """
        found: list[Leaves] = []
        problem: SourceError | None = None
        for name, file in files_of(source, path)[:_FILES]:
            try:
                found.append(self._leaves(source, file, name))
            except SourceError as e:
                problem = problem or e
        if problem is not None and not found:
            raise problem
        whole = all(one.are_paths for one in found)
        return Leaves(frozenset().union(*(one.names for one in found)), are_paths=whole)

    def _leaves(self, source: Source, file: Path, name: str) -> Leaves:
        head = self.head(source, file)
        read = _json_leaves if source.formulation == "JSONPath" else _xml_leaves
        names: set[str] = set()
        try:
            for found in itertools.islice(read(source, BytesIO(head), name), _RECORDS):
                names |= found
        except SourceError as e:
            if names:
                return Leaves(frozenset(names))
            # a head may end amid the one record that the document is, and a broken one has names
            there = _names_in(head)
            if not there or (e.rule == _NO_RECORD and len(head) < _SIZE):
                raise
            return Leaves(there, are_paths=False)
        return Leaves(frozenset(names))

    def head(self, source: Source, path: Path) -> bytes:
        """Give the first bytes of a file, unpacked.

        Raises:
            SourceError: it cannot be opened or unpacked.
        """
        key = (path, *_written(source))
        return _once(self._bytes, key, lambda: read_head(source, path, _SIZE))

    def fault(self, source: Source, path: Path) -> SourceError | None:
        """Give why a file is none that can be read, whatever its system; None if it may be one."""
        try:
            head = self.head(source, path)
            if signature.kind_of_bytes(head) is not None:
                self.tables(source, path)
                return None
        except SourceError as e:
            return e
        if not head.removeprefix(codecs.BOM_UTF8).strip():
            return empty_file(path.name)
        return None if _is_xml(head) else _not_utf_8(head, path.name)

    def _read_tables(self, source: Source, path: Path) -> list[Rows]:
        head = self.head(source, path)
        if signature.kind_of_bytes(head) is not None:
            return self._apart(source, given_file(source, path, self._work))
        with TemporaryDirectory(prefix="head-", dir=self._work) as folder:
            copy = Path(folder) / "head"
            copy.write_bytes(_lenient(head))
            if signature.kind_of(copy, path.name) == signature.JSON:
                return _rows_of_records(head, path.name)
            return _rows_of_text(source, copy)

    def _apart(self, source: Source, given: Given) -> list[Rows]:
        """Give the first rows of a file that is no text."""
        if given.kind == signature.PARQUET:
            with connect(self._work, [given.path.parent], None, None) as con:
                return [Rows((tuple(parquet_header(con, given)),))]
        job = Job(
            given.kind,
            given.path.resolve(),
            given.name,
            (),
            options=source.options,
            table=source.table if given.kind == signature.SQLITE else None,
            query=source.query,
            first=ROWS,
        )
        found = [part["tables"] for part in run_worker(job) if isinstance(part, dict)]
        return [Rows(tuple(map(tuple, rows)), title) for title, rows, _ in found[0]]


def _written(source: Source) -> tuple[Any, ...]:
    """Give what decides how the bytes of a file are read."""
    member = tuple(v for k, v in source.options if k.endswith("member"))
    return source.encoding, source.compression, member, source.table, source.query


def _lenient(head: bytes) -> bytes:
    """Give the text as UTF-8, whatever it is in; the letters of a header are mostly plain."""
    text = head.decode("utf-16" if head[:2] in _UTF_16 else "utf-8-sig", errors="replace")
    return text.replace("\0", "\ufffd").encode()


def _rows_of_text(source: Source, copy: Path) -> list[Rows]:
    style = style_of(source.options)
    found = []
    for delimiter in style.delimiter or DELIMITERS:
        rows: list[tuple[str, ...]] = []
        # the last row may be cut off
        with suppress(csv.Error), records(copy, delimiter, style) as given:
            for number, _, cells in given:
                if number > ROWS + style.skip:
                    break
                rows += [()] * (number - style.skip - 1 - len(rows))
                rows.append(tuple(cell.strip() for cell in cells))
        found.append(Rows(tuple(rows)))
    return found


def _rows_of_records(head: bytes, name: str) -> list[Rows]:
    """Give the names of the members of a JSON document's records as a header."""
    iterator = "$" if head.removeprefix(codecs.BOM_UTF8).lstrip()[:1] == b"[" else f"$.{RECORDS}[*]"
    found = [r for r in _first(json_records(BytesIO(head), iterator, name)) if isinstance(r, dict)]
    header = dict.fromkeys(name for record in found for name in cells_of(record))
    return [Rows((tuple(header),))] if header else []


def _json_leaves(source: Source, stream: IO[bytes], name: str) -> Iterator[set[str]]:
    walker = JsonWalker()
    for record in json_records(stream, source.iterator or "$", name):
        try:
            yield {at for at, _ in walker.leaves(record)}
        except TooDeep as e:
            raise too_deep(name) from e


def _xml_leaves(source: Source, stream: IO[bytes], name: str) -> Iterator[set[str]]:
    walker = XmlWalker()
    for record in xml_records(source, stream, name):
        yield {at for at, _ in walker.leaves(record)}


def _names_in(head: bytes) -> frozenset[str]:
    """Give the names of members or elements in the beginning of a document."""
    text = head.decode("utf-8", errors="replace")
    return frozenset((_ELEMENT if _is_xml(head) else _MEMBER).findall(text))


def _first(found: Iterator[Any]) -> list[Any]:
    """Give the first records; that the head ends amid one is no fault where another is whole."""
    taken: list[Any] = []
    try:
        for record in itertools.islice(found, _RECORDS):
            taken.append(record)
    except SourceError:
        if not taken:
            raise
    return taken


def _once(held: dict[_Key, T | SourceError], key: _Key, read: Callable[[], T]) -> T:
    """Give what was read under a key, or its error again; read it at the first asking."""
    if key not in held:
        try:
            held[key] = read()
        except SourceError as e:
            held[key] = e
    found = held[key]
    if isinstance(found, SourceError):
        raise found
    return found


def _is_xml(head: bytes) -> bool:
    return head.removeprefix(codecs.BOM_UTF8).lstrip()[:1] == b"<" or head[:2] in _UTF_16


def _not_utf_8(head: bytes, name: str) -> SourceError | None:
    """Give the fault of bytes that are no text in UTF-8, with its line."""
    try:
        text = codecs.getincrementaldecoder("utf-8-sig")().decode(head)
    except UnicodeDecodeError as e:
        return wrong_encoding(name, head[: e.start].count(b"\n") + 1)
    if "\0" in text:
        return wrong_encoding(name, text[: text.index("\0")].count("\n") + 1)
    return None
