"""Archives made to do harm (attacks 37, 40, 41, 44): refused early, and nothing is written."""

import bz2
import gzip
import io
import lzma
import stat
import struct
import subprocess
import sys
import tarfile
import time
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dpc_kg.base.errors import SourceError
from dpc_kg.lift.plan import Source
from dpc_kg.lift.sources.copies import read_bytes

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX limits")
TABLE = b"id,a,b\n1,x,y\n"
SECONDS = 10


def refused(read_table: Callable[..., Any], path: Path, **source: Any) -> SourceError:
    """Read it as a table and as a document; both are refused soon, and nothing is left."""
    beside = {p.name for p in path.parent.iterdir()}
    start = time.monotonic()
    with pytest.raises(SourceError) as as_table:
        read_table(path, **source)
    with pytest.raises(SourceError) as as_document:
        read_bytes(Source("t", path.name, "JSONPath", **source), path)
    assert time.monotonic() - start < SECONDS
    assert str(as_table.value) == str(as_document.value)
    assert {p.name for p in path.parent.iterdir()} == beside
    assert as_table.value.advice
    return as_table.value


def zeros(size: int) -> bytes:
    return b"id,a,b\n" + b"1" * size


BOMBS = {
    "bomb.csv.gz": lambda: gzip.compress(zeros(30 << 20)),
    "bomb.csv.bz2": lambda: bz2.compress(zeros(30 << 20)),
    "bomb.csv.xz": lambda: lzma.compress(zeros(30 << 20), preset=0),
    "bomb.tar.gz": lambda: tarred(entry("t.csv", size=30 << 20)),
    "bomb.zip": lambda: zipped(("t.csv", zeros(30 << 20))),
}


def zipped(*members: tuple[Any, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return buffer.getvalue()


@pytest.mark.parametrize("name", BOMBS)
def test_a_file_that_grows_too_much(
    read_table: Callable[..., Any], tmp_path: Path, name: str
) -> None:
    path = tmp_path / name
    path.write_bytes(BOMBS[name]())
    assert "grows more than 100 times" in refused(read_table, path).message


def test_a_size_that_is_declared_falsely_is_measured(
    read_table: Callable[..., Any], tmp_path: Path
) -> None:
    data = bytearray(zipped(("t.csv", zeros(30 << 20))))
    at = data.rfind(b"PK\x01\x02")
    struct.pack_into("<I", data, at + 24, 13)
    path = tmp_path / "bomb.zip"
    path.write_bytes(data)
    refused(read_table, path)


def test_an_archive_over_100_mb(
    read_table: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dpc_kg.lift.sources import limits

    assert limits.MAX_BYTES == 100_000_000
    monkeypatch.setattr(limits, "MAX_BYTES", 3_000_000)
    path = tmp_path / "t.csv.gz"
    rows = "".join(f"{i},{i * i % 7919},{i * 31 % 104729}\n" for i in range(250_000))
    path.write_bytes(gzip.compress(b"id,a,b\n" + rows.encode()))
    assert "over 3 MB" in refused(read_table, path).message


def member(name: str, mode: int = 0) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr = mode << 16
    return info


def locked() -> bytes:
    data = bytearray(zipped(("t.csv", TABLE)))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.find(mark) + offset] |= 1
    return bytes(data)


@pytest.mark.parametrize(
    "name",
    [
        "../t.csv",
        "a/../../t.csv",
        "/t.csv",
        "C:/t.csv",
        "..\\t.csv",
        "a\nb.csv",
        "nul.csv",
        "//h/t",
    ],
)
def test_a_zip_member_that_leads_out(
    read_table: Callable[..., Any], tmp_path: Path, name: str
) -> None:
    path = tmp_path / "t.zip"
    path.write_bytes(zipped((name, TABLE)))
    assert "leads out" in refused(read_table, path).message


def test_a_zip_with_a_link_a_password_or_an_archive(
    read_table: Callable[..., Any], tmp_path: Path
) -> None:
    for number, (data, words) in enumerate(
        (
            (zipped((member("t.csv", stat.S_IFLNK | 0o777), b"/etc/passwd")), "is a link"),
            (locked(), "locked"),
            (zipped(("t.zip", zipped(("t.csv", TABLE)))), "archive in the archive"),
            (gzip.compress(gzip.compress(TABLE)), "archive in the archive"),
            (zipped(("__MACOSX/x", b"")), "no file"),
            (zipped(*((f"{i}", b"") for i in range(1_001))), "1000 members"),
        )
    ):
        path = tmp_path / f"{number}.zip"
        path.write_bytes(data)
        assert words in refused(read_table, path).message


@POSIX
def test_a_zip_of_a_million_members_takes_no_memory(tmp_path: Path) -> None:
    listed = b"PK\x01\x02" + b"\0" * 42
    body = listed * 1_000_000
    end = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 7, 7, len(body), 0, 0)
    path = tmp_path / "t.zip"
    path.write_bytes(b"PK\x03\x04" + body + end)
    code = (
        "import sys, pathlib\n"
        "from dpc_kg.base.platform import limit_memory\n"
        "from dpc_kg.lift.sources.signature import kind_of\n"
        "limit_memory(200 << 20)\n"
        "try:\n    kind_of(pathlib.Path(sys.argv[1]))\n"
        "except Exception as e:\n    print(type(e).__name__)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)],
        capture_output=True,
        text=True,
        check=True,
        timeout=SECONDS,
    )
    assert done.stdout == "SourceError\n"


def tarred(*infos: tarfile.TarInfo) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for info in infos:
            archive.addfile(info, io.BytesIO(b"\0" * info.size))
    return buffer.getvalue()


def entry(
    name: str, kind: bytes = tarfile.REGTYPE, link: str = "", size: int = 0
) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.size = size
    info.type, info.linkname = kind, link
    return info


@pytest.mark.parametrize(
    "info",
    [
        pytest.param(entry("../t.csv"), id="climbs"),
        pytest.param(entry("/t.csv"), id="absolute"),
        pytest.param(entry("t.csv", tarfile.SYMTYPE, "/etc/passwd"), id="symbolic link"),
        pytest.param(entry("t.csv", tarfile.LNKTYPE, "/etc/passwd"), id="hard link"),
        pytest.param(entry("t.csv", tarfile.CHRTYPE), id="device"),
        pytest.param(entry("t.csv", tarfile.FIFOTYPE), id="pipe"),
    ],
)
def test_a_tar_member_that_is_no_plain_file(
    read_table: Callable[..., Any], tmp_path: Path, info: tarfile.TarInfo
) -> None:
    path = tmp_path / "t.tar.gz"
    path.write_bytes(tarred(info))
    assert "leads out" in refused(read_table, path).message


def test_a_tar_of_too_many_members(read_table: Callable[..., Any], tmp_path: Path) -> None:
    path = tmp_path / "t.tar.gz"
    path.write_bytes(gzip.compress(gzip.decompress(tarred(*map(entry, map(str, range(1_002))))), 0))
    assert "1000 members" in refused(read_table, path).message


def test_an_xz_that_asks_for_much_memory(read_table: Callable[..., Any], tmp_path: Path) -> None:
    made = bytearray(lzma.compress(TABLE))
    # the block header begins at byte 12 and ends with its checksum; 37 says a dictionary of 1 GiB
    end = 12 + made[12] * 4
    assert made[14] == 0x21, "the filter is LZMA2"
    made[16] = 37
    struct.pack_into("<I", made, end, zlib.crc32(bytes(made[12:end])))
    path = tmp_path / "t.csv.xz"
    path.write_bytes(made)
    refused(read_table, path)


@pytest.mark.parametrize("name", ["t.csv.gz", "t.csv.bz2", "t.csv.xz", "t.zip", "t.tar.gz"])
def test_an_archive_cut_anywhere(read_table: Callable[..., Any], tmp_path: Path, name: str) -> None:
    whole = {
        "t.csv.gz": gzip.compress(TABLE),
        "t.csv.bz2": bz2.compress(TABLE),
        "t.csv.xz": lzma.compress(TABLE),
        "t.zip": zipped(("t.csv", TABLE)),
        "t.tar.gz": tarred(entry("t.csv", size=9)),
    }[name]
    for size in (12, len(whole) // 2, len(whole) - 5):
        (tmp_path / name).write_bytes(whole[:size])
        with pytest.raises(SourceError):
            read_bytes(Source("t", name, "CSV"), tmp_path / name)
