"""The hub's journal: what was received, in order, for good, until a key is destroyed.

Appending returns only when key, frame and head are on the disk; what returned is never lost, and
what did not return is cut or kept whole at the next start. Each entry is sealed under a key of its
own, in a file of its own: destroying that file makes the entry unreadable here and in every backup
of the frames (the copy of a key in a backup of the keys is the operator's to destroy as well).
"""

import contextlib
import os
import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from io import FileIO
from pathlib import Path

from dpc_kg.base.errors import DpcError, JournalError
from dpc_kg.base.platform import fsync_dir, fsync_file, lock_file, write_durably
from dpc_kg.exchange.frames import (
    ENTRY,
    GENESIS_BYTES,
    KEY_BYTES,
    TOMBSTONE,
    Frame,
    first_hash,
    genesis,
    parse,
    read_body,
    read_note,
    seal_entry,
    tombstone,
    walk,
)
from dpc_kg.exchange.manifest import canonical, read_canonical

Hook = Callable[[str], None]
"""Called with the name of a step just done; tests end the process there."""

_KEY_NAME = re.compile(r"(?P<position>\d{12})\.key(?P<part>\.part)?")
_RESTORE = "Restore journal and keys from a backup; do not go on with this copy."


@dataclass(frozen=True)
class Tombstone:
    """A withdrawal: the position of the tombstone, and of the entry it ends."""

    position: int
    of: int
    note: dict[str, object]


@dataclass(frozen=True)
class Head:
    """The newest frame that was acknowledged: 0 and the hash of the file's start when empty."""

    position: int
    hash: str
    size: int


class Journal:
    """An append-only file of sealed entries; one process holds it at a time."""

    def __init__(self, folder: Path, hook: Hook | None = None) -> None:
        self._folder = folder
        self._hook = hook or (lambda step: None)
        self._frames: list[Frame] = []
        self._tombstones: dict[int, Tombstone] = {}
        self._broken = False
        self._resources = contextlib.ExitStack()

    @classmethod
    def create(cls, folder: Path, *, hook: Hook | None = None) -> "Journal":
        """Make a new journal in ``folder`` and open it.

        Raises:
            JournalError: there is one already.
        """
        if _file(folder).exists():
            raise JournalError("There is a journal here already.", file=str(folder))
        _keys(folder).mkdir(parents=True, exist_ok=True, mode=0o700)
        start = genesis()
        write_durably(_file(folder), start, private=True)
        with FileIO(_file(folder)) as file:
            _write_head(folder, Head(0, first_hash(file).hex(), GENESIS_BYTES))
        fsync_dir(folder)
        fsync_dir(folder.parent)
        return cls.open(folder, hook=hook)

    @classmethod
    def open(cls, folder: Path, *, hook: Hook | None = None) -> "Journal":
        """Open a journal: check the whole chain, cut a torn tail that was never acknowledged.

        Raises:
            JournalError: an acknowledged frame or a key is missing or altered.
            DpcError: another process holds it.
        """
        journal = cls(folder, hook)
        try:
            journal._start()
        except BaseException:
            journal.close()
            raise
        return journal

    @property
    def head(self) -> Head:
        """The newest frame."""
        return self._head_at(len(self._frames))

    @property
    def live(self) -> tuple[int, ...]:
        """The positions of the entries that were not withdrawn, oldest first."""
        return tuple(frame.position for frame in self._frames if self.is_live(frame.position))

    @property
    def tombstones(self) -> tuple[Tombstone, ...]:
        """The withdrawals, oldest first."""
        return tuple(sorted(self._tombstones.values(), key=lambda item: item.position))

    def is_live(self, position: int) -> bool:
        """Tell whether an entry stands at ``position`` and was not withdrawn."""
        return (
            1 <= position <= len(self._frames)
            and self._frames[position - 1].kind == ENTRY
            and position not in self._tombstones
        )

    def hash_of(self, position: int) -> str:
        """Give the chained hash (hex) of a frame: it vouches for all frames up to it."""
        return self._frame(position).hash.hex()

    def note(self, position: int) -> bytes:
        """Give the note of a live entry.

        Raises:
            JournalError: it was withdrawn, or cannot be opened.
        """
        return read_note(self._handle, self._frame(position), self._key(position))

    def body(self, position: int) -> bytes:
        """Give the bytes of a live entry, exactly as appended.

        Raises:
            JournalError: it was withdrawn, or cannot be opened.
        """
        return zlib.decompress(read_body(self._handle, self._frame(position), self._key(position)))

    def append(self, note: bytes, body: bytes) -> int:
        """Keep an entry for good and give its position; on the disk when this returns.

        Raises:
            JournalError: it could not be kept; then nothing of it is left.
        """
        # before the key: the frame whose fate is unknown may still need the key it has
        self._check_usable()
        position = self.head.position + 1
        key = os.urandom(KEY_BYTES)
        previous = bytes.fromhex(self.head.hash)
        # packed before sealing: sealed bytes no longer pack, and quads pack tenfold
        frame = seal_entry(key, position, previous, note, zlib.compress(body, 1))
        try:
            write_durably(self._key_file(position), key, private=True)
        except OSError as e:
            raise self._failed() from e
        self._hook("journal: key")
        # a key whose frame is not kept opens nothing; the next start destroys it
        self._write(frame)
        return position

    def withdraw(self, position: int, note: dict[str, object]) -> Tombstone:
        """End a live entry: a tombstone names its position, then its key is destroyed.

        Raises:
            JournalError: there is no such live entry, or the tombstone could not be kept.
        """
        if not self.is_live(position):
            raise JournalError(f"There is no live entry at position {position}.")
        item = Tombstone(self.head.position + 1, position, note)
        plain = canonical({"note": note, "of": position})
        self._write(tombstone(item.position, bytes.fromhex(self.head.hash), plain))
        self._tombstones[position] = item
        self._hook("journal: tombstone")
        try:
            _shred(self._key_file(position))
        except OSError as e:
            raise JournalError(
                f"The key of entry {position} could not be destroyed yet.",
                advice="It is withdrawn; its key is destroyed when the hub is opened again.",
            ) from e
        return item

    def close(self) -> None:
        """Let go of the file and the lock."""
        self._resources.close()

    def _start(self) -> None:
        path = _file(self._folder)
        if not path.exists():
            raise JournalError("There is no journal here.", file=str(self._folder))
        self._resources.enter_context(lock_file(self._folder / "lock"))
        # unbuffered: after a failed write no byte may wait in memory to be written later
        self._handle = self._resources.enter_context(FileIO(path, "r+b"))
        acknowledged = _read_head(self._folder)
        self._frames = list(walk(self._handle, path.stat().st_size))
        self._check(acknowledged)
        if path.stat().st_size > self.head.size:
            self._cut(self.head.size)
        for frame in self._frames:
            if frame.kind == TOMBSTONE:
                self._bury(frame)
        self._tidy_keys()
        if self.head != acknowledged:
            # a whole frame past the head was written by a process that died before it could say so
            fsync_file(self._handle)
            _write_head(self._folder, self.head)

    def _check(self, acknowledged: Head) -> None:
        whole = len(self._frames)
        if whole < acknowledged.position or self._head_at(acknowledged.position) != acknowledged:
            raise JournalError(
                f"The journal is damaged: {acknowledged.position} frames were acknowledged, "
                f"{whole} are whole.",
                file=str(_file(self._folder)),
                advice=_RESTORE,
            )

    def _bury(self, frame: Frame) -> None:
        said = read_canonical(read_note(self._handle, frame), _file(self._folder).name)
        self._tombstones[said["of"]] = Tombstone(frame.position, said["of"], said["note"])

    def _tidy_keys(self) -> None:
        """Destroy keys whose entry was withdrawn or never came to be; miss no other."""
        live = set(self.live)
        for path in sorted(_keys(self._folder).iterdir()):
            name = _KEY_NAME.fullmatch(path.name)
            if name is None:
                continue
            if name["part"] or int(name["position"]) not in live:
                _shred(path)
            else:
                live.discard(int(name["position"]))
        if live:
            raise JournalError(
                f"The key of entry {min(live)} is missing.",
                file=str(_keys(self._folder)),
                advice=_RESTORE,
            )

    def _write(self, frame: bytes) -> None:
        """Append a frame and acknowledge it in the head; JournalError when that cannot be said."""
        self._check_usable()
        before = self.head.size
        try:
            self._handle.seek(before)
            rest = memoryview(frame)
            while rest:
                rest = rest[self._handle.write(rest) :]
            self._hook("journal: written")
        except OSError as e:
            self._cut_or_break(before)
            raise self._failed() from e
        try:
            fsync_file(self._handle)
            self._hook("journal: synced")
            after = parse(frame, before)
            _write_head(self._folder, Head(after.position, after.hash.hex(), after.end))
        except OSError as e:
            # nobody knows now what the disk holds: the next start reads it and decides
            self._broken = True
            raise self._failed() from e
        self._frames.append(after)

    def _cut_or_break(self, size: int) -> None:
        try:
            self._cut(size)
        except OSError:
            self._broken = True

    def _cut(self, size: int) -> None:
        self._handle.truncate(size)
        fsync_file(self._handle)

    def _check_usable(self) -> None:
        if self._broken:
            raise self._failed()

    def _failed(self) -> JournalError:
        return JournalError(
            "The journal could not be written, so nothing was acknowledged.",
            file=str(_file(self._folder)),
            advice="See that the disk has room and is sound, open the hub again, and send again.",
        )

    def _frame(self, position: int) -> Frame:
        if not 1 <= position <= len(self._frames):
            raise JournalError(f"There is no entry at position {position}.")
        return self._frames[position - 1]

    def _key(self, position: int) -> bytes:
        if not self.is_live(position):
            raise JournalError(f"There is no live entry at position {position}.")
        try:
            return self._key_file(position).read_bytes()
        except OSError as e:
            raise JournalError(f"The key of entry {position} is missing.", advice=_RESTORE) from e

    def _key_file(self, position: int) -> Path:
        return _keys(self._folder) / f"{position:012d}.key"

    def _head_at(self, position: int) -> Head:
        if not position:
            return Head(0, first_hash(self._handle).hex(), GENESIS_BYTES)
        frame = self._frames[position - 1]
        return Head(position, frame.hash.hex(), frame.end)


def _shred(path: Path) -> None:
    """Overwrite a key and remove it, each on the disk before the next."""
    with path.open("r+b") as file:
        file.write(bytes(max(path.stat().st_size, KEY_BYTES)))
        fsync_file(file)
    path.unlink()
    fsync_dir(path.parent)


def _file(folder: Path) -> Path:
    return folder / "entries.dpcj"


def _keys(folder: Path) -> Path:
    return folder / "keys"


def _write_head(folder: Path, head: Head) -> None:
    fields = {"hash": head.hash, "position": head.position, "size": head.size}
    write_durably(folder / "head.json", canonical(fields), private=True)


def _read_head(folder: Path) -> Head:
    path = folder / "head.json"
    try:
        fields = read_canonical(path.read_bytes(), path.name)
        return Head(int(fields["position"]), str(fields["hash"]), int(fields["size"]))
    except (OSError, DpcError, KeyError, ValueError, TypeError) as e:
        raise JournalError("The journal's head is missing.", file=str(path), advice=_RESTORE) from e
