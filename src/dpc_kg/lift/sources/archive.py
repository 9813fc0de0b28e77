"""Packed files (gzip, xz, bzip2, zip, tar in gzip or xz): one member, unpacked under caps."""

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from dpc_kg.base.errors import SourceError
from dpc_kg.lift.sources import limits
from dpc_kg.lift.sources.container import (
    CHUNK,
    Meter,
    check_name,
    counted,
    directory,
    member_chunks,
    unsafe_member,
)
from dpc_kg.lift.sources.signature import ARCHIVES, Packed, kind_of_bytes
from dpc_kg.lift.unusable import too_large, unreadable

_XZ_MEMORY = 128 << 20
_LITTER = ("__MACOSX/", ".DS_Store", "Thumbs.db")


def unpacked(path: Path, packed: Packed, member: str | None = None) -> Iterator[bytes]:
    """Give the bytes of the one file inside, or of the named member.

    Raises:
        SourceError: damaged, over a cap, several members and none named, an unsafe member, or an
            archive in the archive.
    """
    meter = Meter(path.name, path.stat().st_size)
    chunks = _member_of_zip(path, member, meter) if packed.kind == "zip" else None
    if chunks is None:
        chunks = _unpacked_stream(path, packed.kind, meter)
        if packed.is_tar:
            chunks = _member_of_tar(chunks, path.name, member)
    return _not_nested(chunks, path.name)


def _not_nested(chunks: Iterator[bytes], name: str) -> Iterator[bytes]:
    for number, chunk in enumerate(chunks):
        if number == 0 and kind_of_bytes(chunk) in ARCHIVES:
            raise unreadable(
                name, "There is an archive in the archive.", "Give the exported file itself."
            )
        yield chunk


def _unpacked_stream(path: Path, kind: str, meter: Meter) -> Iterator[bytes]:
    try:
        with path.open("rb") as raw:
            if kind == "gzip":
                yield from counted(gzip.GzipFile(fileobj=raw), meter)
            elif kind == "bzip2":
                yield from counted(bz2.BZ2File(raw), meter)
            else:
                yield from _xz(raw, meter)
    except (OSError, EOFError, zlib.error, lzma.LZMAError, ValueError) as e:
        raise _damaged(path.name) from e


def _damaged(name: str) -> SourceError:
    return unreadable(name, "The archive is cut off or damaged.", "Copy or export it again.")


def _xz(file: IO[bytes], meter: Meter) -> Iterator[bytes]:
    """Unpack with a cap on the memory a stream may ask for, which `lzma.LZMAFile` has not."""
    decoder = lzma.LZMADecompressor(format=lzma.FORMAT_XZ, memlimit=_XZ_MEMORY)
    data = file.read(CHUNK)
    while data or not decoder.eof:
        if not data and decoder.needs_input:
            raise EOFError
        made = decoder.decompress(data, max_length=CHUNK)
        meter.add(len(made))
        yield made
        data = b""
        if decoder.eof:
            data = decoder.unused_data.lstrip(b"\0") or file.read(CHUNK)
            if data:
                decoder = lzma.LZMADecompressor(format=lzma.FORMAT_XZ, memlimit=_XZ_MEMORY)
        elif decoder.needs_input:
            data = file.read(CHUNK)


def _member_of_zip(path: Path, member: str | None, meter: Meter) -> Iterator[bytes]:
    found = [i for i in directory(path, path.name) if not _is_litter(i.filename)]
    names = [i.filename for i in found]
    info = found[_choice(names, member, path.name)]
    with zipfile.ZipFile(path) as archive:
        yield from member_chunks(archive, info, meter)


def _is_litter(name: str) -> bool:
    """Tell whether a computer's file manager put it there."""
    last = name.rpartition("/")[2]
    return name.startswith(_LITTER) or last in _LITTER or last.startswith("._")


def _choice(names: list[str], member: str | None, name: str) -> int:
    """Give which member is meant."""
    if member is not None and member in names:
        return names.index(member)
    if member is None and len(names) == 1:
        return 0
    problem = "There is no file in the archive."
    if member is not None:
        problem = "The member that the mapping names is not in the archive."
    elif names:
        problem = f"There are {len(names)} files in the archive, so it is not clear which is meant."
    raise unreadable(name, problem, "Put the exported file alone into the archive.")


class _Pipe(io.RawIOBase):
    """A file to read from chunks."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._rest = b""

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def readinto(self, buffer: Any, /) -> int:
        """Fill a buffer as far as the next chunk goes."""
        while not self._rest:
            chunk = next(self._chunks, None)
            if chunk is None:
                return 0
            self._rest = chunk
        view = memoryview(buffer)
        size = min(len(view), len(self._rest))
        view[:size] = self._rest[:size]
        self._rest = self._rest[size:]
        return size


def _member_of_tar(chunks: Iterator[bytes], name: str, member: str | None) -> Iterator[bytes]:
    """Give a member's bytes; the rest is gone through, for a second file would make it unclear."""
    names: list[str] = []
    pipe = io.BufferedReader(_Pipe(chunks), CHUNK)
    try:
        with tarfile.open(fileobj=pipe, mode="r|", errorlevel=2) as archive:
            for count, info in enumerate(archive, start=1):
                if count > limits.MAX_MEMBERS:
                    raise too_large(name, f"it has more than {limits.MAX_MEMBERS} members")
                check_name(info.name, name)
                if info.isdir() or (info.isreg() and _is_litter(info.name)):
                    continue
                if not info.isreg() or info.issparse():
                    raise unsafe_member(name)
                names.append(info.name.removeprefix("./"))
                file = archive.extractfile(info)
                if file is not None and (names[-1] == member or (member is None and not names[1:])):
                    yield from iter(lambda f=file: f.read(CHUNK), b"")  # type: ignore[misc]
    except (tarfile.TarError, EOFError) as e:
        raise _damaged(name) from e
    _choice(names, member, name)
