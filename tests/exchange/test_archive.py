from __future__ import annotations

import io
import random
import zipfile
from typing import TYPE_CHECKING

import pytest

from dpc_kg.base.errors import PackageError
from dpc_kg.exchange.archive import MEMBERS, Limits
from dpc_kg.exchange.package import read, verify

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.exchange.conftest import Maker


def test_any_zip_reader_opens_it(maker: Maker) -> None:
    with zipfile.ZipFile(io.BytesIO(maker.package())) as archive:
        assert archive.testzip() is None
        assert tuple(archive.namelist()) == MEMBERS
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def altered(raw: bytes, places: int) -> list[bytes]:
    chance = random.Random(42)
    out = []
    for _ in range(places):
        changed = bytearray(raw)
        changed[chance.randrange(len(raw))] ^= 1 << chance.randrange(8)
        out.append(bytes(changed))
    return out


def test_a_byte_changed_anywhere_is_refused(maker: Maker) -> None:
    raw = maker.package()
    for changed in altered(raw, 1000):
        with pytest.raises(PackageError):
            verify(read(changed), maker.key.public)


def test_every_cut_and_every_addition_is_refused(maker: Maker) -> None:
    raw = maker.package()
    for size in random.Random(7).sample(range(len(raw)), 300):
        with pytest.raises(PackageError):
            read(raw[:size])
    for more in (b"\0", b"PK", raw, raw[-22:]):
        with pytest.raises(PackageError):
            read(raw + more)
        with pytest.raises(PackageError):
            read(more + raw)


def rezip(change: Callable[[list[tuple[zipfile.ZipInfo, bytes]]], None], raw: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        members = [(info, archive.read(info)) for info in archive.infolist()]
    change(members)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for info, body in members:
            archive.writestr(info, body)
    return out.getvalue()


def named(name: str) -> tuple[zipfile.ZipInfo, bytes]:
    return zipfile.ZipInfo(name), b"x"


def compress(members: list[tuple[zipfile.ZipInfo, bytes]]) -> None:
    members[1][0].compress_type = zipfile.ZIP_DEFLATED


def date(members: list[tuple[zipfile.ZipInfo, bytes]]) -> None:
    members[0][0].date_time = (2026, 1, 1, 0, 0, 0)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda m: m.append(named("notes.txt")), "unknown name"),
        (lambda m: m.append(named("../../etc/passwd")), "leads outside"),
        (lambda m: m.insert(0, named("/etc/passwd")), "absolute path"),
        (lambda m: m.append(named("C:\\x")), "absolute path"),
        (lambda m: m.append(named("a/b")), "folders"),
        (lambda m: m.pop(), "lacks signature.jws"),
        (lambda m: m.reverse(), "another order"),
        (compress, "compressed"),
        (date, "1980-01-01"),
    ],
)
def test_other_zips_are_refused_in_words(
    maker: Maker, change: Callable[[list[tuple[zipfile.ZipInfo, bytes]]], None], problem: str
) -> None:
    with pytest.raises(PackageError, match=problem):
        read(rezip(change, maker.package()))


def test_a_doubled_member_is_refused_in_words(maker: Maker) -> None:
    def double(members: list[tuple[zipfile.ZipInfo, bytes]]) -> None:
        members.append(members[0])

    with (
        pytest.warns(UserWarning, match="Duplicate name"),
        pytest.raises(PackageError, match="twice"),
    ):
        read(rezip(double, maker.package()))


def test_a_zip_of_very_many_names_is_refused_before_it_is_listed(maker: Maker) -> None:
    def many(members: list[tuple[zipfile.ZipInfo, bytes]]) -> None:
        members.extend(named(f"{number:050d}") for number in range(2000))

    with pytest.raises(PackageError, match="far more"):
        read(rezip(many, maker.package()))


@pytest.mark.parametrize("raw", [b"", b"PK", b"hello", b"PK\5\6" + bytes(18), b"PK\3\4" * 99])
def test_what_is_no_package_is_refused(raw: bytes) -> None:
    with pytest.raises(PackageError, match="package"):
        read(raw)


@pytest.mark.parametrize("field", ["package", "manifest", "data", "report", "signature"])
def test_sizes_are_limited(maker: Maker, field: str) -> None:
    with pytest.raises(PackageError, match="At most 10"):
        read(maker.package(), limits=Limits(**{field: 10}))


def test_no_mangled_package_gives_anything_but_a_refusal(maker: Maker) -> None:
    raw = maker.package(1)
    tail = raw.index(b"PK\1\2")
    marks = [b"\xff" * 4, bytes(4), b"PK\1\2", b"PK\3\4", b"PK\5\6", b"\1\0\0\0"]
    chance = random.Random(9)
    for _ in range(4000):
        changed = bytearray(raw)
        for _ in range(chance.randrange(1, 6)):
            at = chance.randrange(tail if chance.random() < 0.7 else 0, len(raw))
            kind = chance.random()
            if kind < 0.5:
                changed[at : at + 4] = chance.choice(marks)
            elif kind < 0.75:
                del changed[at : at + chance.randrange(1, 50)]
            else:
                changed[at:at] = chance.randbytes(chance.randrange(1, 30))
        if bytes(changed) != raw:
            with pytest.raises(PackageError):
                verify(read(bytes(changed)), maker.key.public)
