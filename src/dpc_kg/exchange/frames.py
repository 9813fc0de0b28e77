"""How a journal entry lies in the file: a header with lengths, two sealed parts, a chained hash.

    header   64 bytes: magic, kind, position, lengths of note and body, hash of the frame before
    note     what the hub must know of the entry at every start; sealed in an entry's frame
    body     the entry's bytes; sealed; empty in a tombstone
    hash     SHA-256 of header, note and body, so every frame vouches for all before it

A tombstone's note is not sealed: it names a position and nothing of what stood there.
"""

import hashlib
import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from io import RawIOBase

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from dpc_kg.base.errors import JournalError

ENTRY = 1
TOMBSTONE = 2
KEY_BYTES = 32
FILE_HEADER = b"DPC journal 1\n\0\0"
GENESIS_BYTES = len(FILE_HEADER) + 16

_HEADER = struct.Struct(">4sB3xQQQ32s")
_MAGIC = b"dpcf"
_HASH_BYTES = 32
_TAG_BYTES = 16
_NONCES = {"note": bytes(12), "body": bytes(11) + b"\1"}  # each key seals just these two parts
_CHUNK = 1 << 20


@dataclass(frozen=True)
class Frame:
    """Where a whole frame lies, and its hash."""

    kind: int
    position: int
    offset: int
    note_bytes: int
    body_bytes: int
    hash: bytes

    @property
    def end(self) -> int:
        """The offset of the byte after the frame."""
        return self.offset + _HEADER.size + self.note_bytes + self.body_bytes + _HASH_BYTES


def genesis() -> bytes:
    """Give the first bytes of a new journal file; random, so no two journals share a chain."""
    return FILE_HEADER + os.urandom(GENESIS_BYTES - len(FILE_HEADER))


def seal_entry(key: bytes, position: int, previous: bytes, note: bytes, body: bytes) -> bytes:
    """Give the frame of an entry sealed under its own ``key`` (AES-256-GCM)."""
    sizes = (len(note) + _TAG_BYTES, len(body) + _TAG_BYTES)
    header = _HEADER.pack(_MAGIC, ENTRY, position, *sizes, previous)
    cipher = AESGCM(key)
    sealed = header + cipher.encrypt(_NONCES["note"], note, header + b"note")
    sealed += cipher.encrypt(_NONCES["body"], body, header + b"body")
    return sealed + hashlib.sha256(sealed).digest()


def tombstone(position: int, previous: bytes, note: bytes) -> bytes:
    """Give the frame of a tombstone."""
    plain = _HEADER.pack(_MAGIC, TOMBSTONE, position, len(note), 0, previous) + note
    return plain + hashlib.sha256(plain).digest()


def parse(frame: bytes, offset: int) -> Frame:
    """Give where a frame just made lies when it is written at ``offset``."""
    _, kind, position, note_bytes, body_bytes, _ = _HEADER.unpack_from(frame)
    return Frame(kind, position, offset, note_bytes, body_bytes, frame[-_HASH_BYTES:])


def walk(file: RawIOBase, size: int) -> Iterator[Frame]:
    """Give the whole frames from the start, and stop before the first that is torn or altered."""
    file.seek(0)
    start = _read(file, GENESIS_BYTES)
    if len(start) < GENESIS_BYTES or not start.startswith(FILE_HEADER):
        return
    previous = hashlib.sha256(start).digest()
    offset, position = GENESIS_BYTES, 1
    while (frame := _frame_at(file, offset, size, position, previous)) is not None:
        yield frame
        offset, position, previous = frame.end, position + 1, frame.hash


def read_note(file: RawIOBase, frame: Frame, key: bytes | None = None) -> bytes:
    """Give the note of a frame; an entry's needs its key.

    Raises:
        JournalError: the key does not open it.
    """
    return _part(file, frame, "note", key)


def read_body(file: RawIOBase, frame: Frame, key: bytes) -> bytes:
    """Give the body of an entry.

    Raises:
        JournalError: the key does not open it.
    """
    return _part(file, frame, "body", key)


def first_hash(file: RawIOBase) -> bytes:
    """Give the hash the first frame must name."""
    file.seek(0)
    return hashlib.sha256(_read(file, GENESIS_BYTES)).digest()


def _frame_at(
    file: RawIOBase, offset: int, size: int, position: int, previous: bytes
) -> Frame | None:
    file.seek(offset)
    header = _read(file, _HEADER.size)
    if len(header) < _HEADER.size:
        return None
    magic, kind, said, note_bytes, body_bytes, before = _HEADER.unpack(header)
    whole = Frame(kind, said, offset, note_bytes, body_bytes, b"")
    if magic != _MAGIC or said != position or before != previous or whole.end > size:
        return None
    digest = hashlib.sha256(header)
    left = note_bytes + body_bytes
    while left:
        chunk = _read(file, min(left, _CHUNK))
        if not chunk:
            return None
        digest.update(chunk)
        left -= len(chunk)
    if _read(file, _HASH_BYTES) != digest.digest():
        return None
    return Frame(kind, said, offset, note_bytes, body_bytes, digest.digest())


def _part(file: RawIOBase, frame: Frame, name: str, key: bytes | None) -> bytes:
    file.seek(frame.offset)
    header = _read(file, _HEADER.size)
    note = _read(file, frame.note_bytes)
    sealed = note if name == "note" else _read(file, frame.body_bytes)
    if key is None:
        return sealed
    try:
        return AESGCM(key).decrypt(_NONCES[name], sealed, header + name.encode())
    except InvalidTag as e:
        raise JournalError(
            f"Entry {frame.position} does not open with its key.",
            advice="Restore the journal and its keys from the same backup.",
        ) from e


def _read(file: RawIOBase, size: int) -> bytes:
    """Read ``size`` bytes, fewer only at the end of the file; unbuffered reads may come short."""
    parts = bytearray()
    while len(parts) < size:
        chunk = file.read(size - len(parts))
        if not chunk:
            break
        parts += chunk
    return bytes(parts)
