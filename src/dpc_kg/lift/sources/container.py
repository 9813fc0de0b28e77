"""Zip containers (archives and workbooks): their list of members, looked at before it is read.

A member's name is never used as a path. One that could be (``../x``, an absolute path, a device of
Windows), a symbolic link and a password are refused all the same: such a file was not made by an
export.
"""

import re
import stat
import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from dpc_kg.base.errors import SourceError
from dpc_kg.lift.sources import limits
from dpc_kg.lift.unusable import held, locked, too_large, unreadable

CHUNK = 1 << 20
_END, _END64 = b"PK\x05\x06", b"PK\x06\x06"
_COMMENT = 65_535
_ENCRYPTED = 1
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_DEVICE = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)


def directory(path: Path, name: str) -> list[zipfile.ZipInfo]:
    """Give the members of a zip, folders left out.

    Raises:
        SourceError: it is no whole zip, too many members, a locked or unsafe one.
    """
    _check_directory(path, name)
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, struct.error) as e:
        raise _broken(name) from e
    if len(members) > limits.MAX_MEMBERS:
        raise too_large(name, f"it has more than {limits.MAX_MEMBERS} members")
    for info in members:
        _check_member(info, name)
    return [m for m in members if not m.is_dir()]


def _broken(name: str) -> SourceError:
    return unreadable(name, "The archive is cut off or damaged.", "Copy or export it again.")


def _check_directory(path: Path, name: str) -> None:
    """Refuse a long list of members by what its end says, before memory is spent on it."""
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(max(0, size - _COMMENT - 22 - 76))
        tail = file.read()
    at = tail.rfind(_END)
    if at < 0 or len(tail) < at + 22:
        raise _broken(name)
    count, listed = struct.unpack_from("<HI", tail, at + 10)
    wide = tail.rfind(_END64, 0, at)
    if wide >= 0 and len(tail) >= wide + 48:
        more, longer = struct.unpack_from("<QQ", tail, wide + 32)
        count, listed = max(count, more), max(listed, longer) if listed == 0xFFFFFFFF else listed
        listed = longer if listed == 0xFFFFFFFF else listed
    if count > limits.MAX_MEMBERS or listed > limits.MAX_DIRECTORY:
        raise too_large(name, f"it has more than {limits.MAX_MEMBERS} members")


def _check_member(info: zipfile.ZipInfo, name: str) -> None:
    check_name(info.orig_filename, name)
    if info.flag_bits & _ENCRYPTED:
        raise locked(name)
    if stat.S_ISLNK(info.external_attr >> 16):
        raise unsafe_member(name)
    if info.compress_type not in _METHODS:
        raise unreadable(name, "The archive is packed in an uncommon way.", "Pack it as plain zip.")


def unsafe_member(name: str) -> SourceError:
    """Give the error of a member that is no plain file, or whose name leads out of the archive."""
    return unreadable(
        name,
        "A member of the archive is a link, or its name leads out of the archive.",
        "Put the exported file alone into a new archive, or give it unpacked.",
    )


def check_name(member: str, name: str) -> None:
    """Refuse a member's name that could lead out of the archive.

    Raises:
        SourceError: it is absolute, climbs, or names a device.
    """
    parts = re.split(r"[/\\]", member)
    # folders end in a slash, so the last part of theirs is empty
    odd = any(ord(c) < ord(" ") for c in member) or ":" in parts[0] or not parts[0]
    if odd or ".." in parts or any(_DEVICE.match(part) for part in parts):
        raise unsafe_member(name)


class Meter:
    """Counts unpacked bytes against the caps; ``packed`` is the size they came from."""

    def __init__(self, name: str, packed: int) -> None:
        self.name = name
        self.packed = packed
        self.count = 0

    def add(self, size: int) -> None:
        """Count more bytes.

        Raises:
            SourceError: a cap is passed.
        """
        self.count += size
        if self.count > limits.MAX_BYTES:
            raise too_large(self.name, f"unpacked it is over {limits.MAX_BYTES // 10**6} MB")
        if self.count > max(limits.RATIO_FLOOR, limits.MAX_RATIO * self.packed):
            raise too_large(self.name, f"unpacked it grows more than {limits.MAX_RATIO} times")


def member_chunks(archive: zipfile.ZipFile, info: zipfile.ZipInfo, meter: Meter) -> Iterator[bytes]:
    """Give the bytes of a member, counted as they come and not as they are declared."""
    try:
        with archive.open(info) as file:
            yield from counted(file, meter)
    # a zip feature it cannot read (NotImplementedError) is damage too
    except (zipfile.BadZipFile, EOFError, ValueError, NotImplementedError, struct.error) as e:
        raise _broken(meter.name) from e
    except PermissionError as e:
        raise held(meter.name) from e


def counted(file: Any, meter: Meter) -> Iterator[bytes]:
    """Give the bytes of a file in chunks, each counted."""
    while chunk := file.read(CHUNK):
        meter.add(len(chunk))
        yield chunk
