"""A file as a reader wants it: unpacked, and in UTF-8; as a private copy, or as bytes."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from dpc_kg.lift.plan import Source
from dpc_kg.lift.sources.archive import unpacked
from dpc_kg.lift.sources.container import CHUNK
from dpc_kg.lift.sources.signature import kind_of, kind_of_bytes, packing
from dpc_kg.lift.sources.text import as_utf_8, codec_of, without_declaration
from dpc_kg.lift.unusable import held


@dataclass(frozen=True)
class Given:
    """A file to read at ``path``, what it is, and the ``name`` under which it was given."""

    path: Path
    name: str
    kind: str


def given_file(source: Source, path: Path, work: Path) -> Given:
    """Give the file of a source, as a copy in the private folder ``work`` where it is packed.

    Raises:
        SourceError: it cannot be opened or unpacked.
        MappingError: its declared encoding is not read.
    """
    codec = codec_of(source.encoding)
    try:
        packed = packing(path, source.compression)
        if packed is None and codec is None:
            return Given(path, path.name, kind_of(path))
        copy = work / f"{source.name.encode().hex()}.copy"
        inner = path.name if packed is None else path.stem
        return Given(_copied(source, path, copy), path.name, kind_of(copy, inner))
    except PermissionError as e:
        raise held(path.name) from e


def _copied(source: Source, path: Path, copy: Path) -> Path:
    """Write the copy, or nothing: what a refused archive held does not stay."""
    try:
        with copy.open("wb") as file:
            file.writelines(_chunks(source, path))
    except BaseException:
        copy.unlink(missing_ok=True)
        raise
    return copy


def read_bytes(source: Source, path: Path) -> bytes:
    """Give the bytes of a document: unpacked under caps, and in UTF-8 if another is declared.

    Without a declared encoding they are as in the file; whoever reads them checks their letters.

    Raises:
        SourceError: it cannot be opened, unpacked or decoded as declared.
        MappingError: its declared encoding is not read.
    """
    codec = codec_of(source.encoding)
    try:
        data = b"".join(_chunks(source, path))
    except PermissionError as e:
        raise held(path.name) from e
    return without_declaration(data) if codec is not None else data


def read_head(source: Source, path: Path, size: int) -> bytes:
    """Give the first bytes of a file: unpacked, and in UTF-8 if another encoding is declared.

    Raises:
        SourceError: it cannot be opened, unpacked or decoded as declared.
        MappingError: its declared encoding is not read.
    """
    head = b""
    try:
        for chunk in _chunks(source, path):
            head += chunk
            if len(head) >= size:
                break
    except PermissionError as e:
        raise held(path.name) from e
    return head[:size]


def _chunks(source: Source, path: Path) -> Iterator[bytes]:
    packed = packing(path, source.compression)
    if packed is None:
        chunks = _plain(path)
    else:
        member = next((v for k, v in source.options if k.endswith("member")), None)
        chunks = unpacked(path, packed, member)
    first = next(chunks, b"")
    codec = codec_of(source.encoding) if kind_of_bytes(first) is None else None
    yield from as_utf_8(itertools.chain([first], chunks), codec, path.name)


def _plain(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk
