"""The zip around a submission: four stored members in fixed order, one way to write the bytes.

Stored, not deflated: compressors differ between systems and versions, so only stored members give
the same bytes everywhere, and a member that cannot expand cannot be a bomb. Whoever carries the
package may compress it on the way. Nothing is ever written to disk from here.
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dpc_kg.base.errors import PackageError

MEMBERS = ("manifest.json", "data.nq", "lift-report.json", "signature.jws")
"""What a package holds, in this order, and nothing else."""

_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_VERSION = 20
_MADE_BY = 3 << 8 | _VERSION  # Unix, zip 2.0: the same on every system
_DOS_TIME = 0
_DOS_DATE = 1 << 5 | 1  # 1980-01-01, the earliest a zip can say
_MODE = 0o100644 << 16
_MAX_DIRECTORY = 64 * 1024

_WRITE_IT = "Make the package with dpc-kg package and send it unchanged."


@dataclass(frozen=True)
class Limits:
    """The largest sizes accepted, in bytes."""

    package: int = 1 << 30
    manifest: int = 64 * 1024
    data: int = 1 << 30
    report: int = 64 * 1024 * 1024
    signature: int = 4 * 1024

    def of(self, name: str) -> int:
        """Give the largest size of a member."""
        sizes = (self.manifest, self.data, self.report, self.signature)
        return dict(zip(MEMBERS, sizes, strict=True))[name]


@dataclass(frozen=True)
class _Entry:
    name: bytes
    crc: int
    size: int
    offset: int


def pack(members: Sequence[bytes]) -> bytes:
    """Give the zip of the four members, named as in ``MEMBERS``; same members, same bytes."""
    out = bytearray()
    entries = []
    for name, body in zip(MEMBERS, members, strict=True):
        entry = _Entry(name.encode("ascii"), zlib.crc32(body), len(body), len(out))
        out += _local_header(entry) + body
        entries.append(entry)
    out += _directory(entries, len(out))
    return bytes(out)


def unpack(raw: bytes, limits: Limits | None = None) -> Mapping[str, bytes]:
    """Give the members of a package by name.

    Every byte of the zip is either a member's or compared with what ``pack`` would write.

    Raises:
        PackageError: too large, or not exactly such a zip; says what differs.
    """
    limits = limits or Limits()
    if len(raw) > limits.package:
        raise PackageError(
            f"The package has {len(raw):,} bytes.",
            advice=f"At most {limits.package:,} are accepted: split the export by period.",
        )
    found: dict[str, bytes] = {}
    entries = []
    offset = 0
    for name in MEMBERS:
        entry = _read_local(raw, offset, name.encode("ascii"))
        if entry is None:
            raise _diagnose(raw, limits)
        if entry.size > limits.of(name):
            raise _too_large(name, entry.size, limits)
        start = offset + _LOCAL.size + len(entry.name)
        body = raw[start : start + entry.size]
        if len(body) != entry.size:
            raise PackageError("The package is cut short.", term=name, advice=_WRITE_IT)
        if zlib.crc32(body) != entry.crc:
            raise PackageError("This member was damaged on the way.", term=name, advice=_WRITE_IT)
        found[name] = body
        entries.append(entry)
        offset = start + entry.size
    if raw[offset:] != _directory(entries, offset):
        raise _diagnose(raw, limits)
    return found


def _local_header(entry: _Entry) -> bytes:
    sizes = (entry.crc, entry.size, entry.size)
    return (
        _LOCAL.pack(b"PK\3\4", _VERSION, 0, 0, _DOS_TIME, _DOS_DATE, *sizes, len(entry.name), 0)
        + entry.name
    )


def _directory(entries: Sequence[_Entry], offset: int) -> bytes:
    out = bytearray()
    for entry in entries:
        sizes = (entry.crc, entry.size, entry.size)
        head = (b"PK\1\2", _MADE_BY, _VERSION, 0, 0, _DOS_TIME, _DOS_DATE, *sizes)
        out += _CENTRAL.pack(*head, len(entry.name), 0, 0, 0, 0, _MODE, entry.offset) + entry.name
    count = len(entries)
    return bytes(out) + _END.pack(b"PK\5\6", 0, 0, count, count, len(out), offset, 0)


def _read_local(raw: bytes, offset: int, name: bytes) -> _Entry | None:
    header = raw[offset : offset + _LOCAL.size + len(name)]
    if len(header) < _LOCAL.size + len(name):
        return None
    fields = _LOCAL.unpack_from(header)
    entry = _Entry(name, fields[6], fields[8], offset)
    return entry if _local_header(entry) == header else None


def _too_large(name: str, size: int, limits: Limits) -> PackageError:
    return PackageError(
        f"This member has {size:,} bytes.",
        term=name,
        advice=f"At most {limits.of(name):,} are accepted: split the export by period.",
    )


def _diagnose(raw: bytes, limits: Limits) -> PackageError:
    """Find words for a zip that ``unpack`` refused; decides nothing."""
    infos = _listing(raw)
    if isinstance(infos, str):
        return PackageError(infos, advice=_WRITE_IT)
    for problem in _problems(infos, limits):
        return PackageError(problem, advice=_WRITE_IT)
    return PackageError(
        "The zip is not in the one fixed form (stored members, 1980-01-01, no extra bytes).",
        advice=_WRITE_IT,
    )


def _listing(raw: bytes) -> list[zipfile.ZipInfo] | str:
    if not raw.startswith(b"PK"):
        return "This is not a submission package: it is not a zip file."
    if len(raw) < _END.size or raw[-_END.size :][:4] != b"PK\5\6":
        return "The package is cut short, or bytes were added at its end."
    directory_size = _END.unpack(raw[-_END.size :])[5]
    # read the list of members only when it is short: a list of a million names is an attack
    if directory_size > _MAX_DIRECTORY:
        return f"The package lists far more than its {len(MEMBERS)} members."
    # zipfile raises NotImplementedError for a zip feature it cannot read: such a package is
    # damaged or foreign, and refused like one
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            return archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, EOFError, struct.error):
        return "The zip's own list of members is damaged."


def _problems(infos: Sequence[zipfile.ZipInfo], limits: Limits) -> list[str]:
    names = [info.orig_filename for info in infos]
    right = ", ".join(MEMBERS)
    out = []
    strange = [name for name in names if name not in MEMBERS]
    if strange:
        out.append(
            f"It holds a member that does not belong ({_kind(strange[0])}); right is {right}."
        )
    missing = [name for name in MEMBERS if name not in names]
    if missing:
        out.append(f"It lacks {', '.join(missing)}; right is {right}.")
    if len(set(names)) != len(names):
        out.append(f"A member stands in it twice; right is {right}, each once.")
    if not out and tuple(names) != MEMBERS:
        out.append(f"The members are in another order; right is {right}.")
    for info in infos:
        if info.flag_bits & 1:
            out.append(f"{info.orig_filename} is encrypted; members are stored as they are.")
        elif info.file_size > limits.of(info.orig_filename) if info.orig_filename in MEMBERS else 0:
            out.append(f"{info.orig_filename} is too large.")
        elif info.compress_type != zipfile.ZIP_STORED:
            out.append(f"{info.orig_filename} is compressed; members are stored as they are.")
        elif info.date_time != (1980, 1, 1, 0, 0, 0):
            out.append(f"{info.orig_filename} carries a date; right is 1980-01-01 00:00.")
    return out


def _kind(name: str) -> str:
    """Describe a foreign member's name without repeating text a stranger chose."""
    if name.startswith(("/", "\\")) or ":" in name:
        return "an absolute path"
    if ".." in name.replace("\\", "/").split("/"):
        return "a path that leads outside"
    if "/" in name or "\\" in name:
        return "a path with folders"
    return "an unknown name"
