from __future__ import annotations

import os
import random
import shutil
from typing import TYPE_CHECKING

import pytest

from dpc_kg.base.errors import DpcError, JournalError
from dpc_kg.exchange import journal as room
from dpc_kg.exchange.journal import Journal
from tests.exchange.conftest import every_file

if TYPE_CHECKING:
    from pathlib import Path

BODY = b"<https://w3id.org/dpc/id/org/contact/1> a sentence that must never be readable " * 40
FILE = "entries.dpcj"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    Journal.create(tmp_path / "journal").close()
    return tmp_path / "journal"


def append(folder: Path, *bodies: bytes) -> None:
    journal = Journal.open(folder)
    for body in bodies:
        journal.append(b"note of " + body[:9], body)
    journal.close()


def bodies(folder: Path) -> list[bytes]:
    journal = Journal.open(folder)
    try:
        return [journal.body(position) for position in journal.live]
    finally:
        journal.close()


def test_what_was_appended_is_there_after_reopening(folder: Path) -> None:
    append(folder, b"one", b"")
    append(folder, BODY)
    assert bodies(folder) == [b"one", b"", BODY]
    journal = Journal.open(folder)
    assert journal.note(3) == b"note of " + BODY[:9]
    assert journal.head.position == 3
    assert len({journal.hash_of(position) for position in (1, 2, 3)}) == 3
    journal.close()


def test_an_empty_journal(folder: Path) -> None:
    journal = Journal.open(folder)
    assert (journal.live, journal.tombstones, journal.head.position) == ((), (), 0)
    for position in (0, 1, -1):
        with pytest.raises(JournalError):
            journal.body(position)
        with pytest.raises(JournalError):
            journal.withdraw(position, {})
        with pytest.raises(JournalError):
            journal.hash_of(position)
    journal.close()


def test_nothing_in_the_files_is_plain(folder: Path) -> None:
    append(folder, BODY)
    for content in every_file(folder).values():
        assert b"sentence" not in content
        assert b"w3id.org" not in content
        assert b"note of" not in content


def test_the_same_bytes_are_sealed_differently_each_time(folder: Path) -> None:
    append(folder, BODY, BODY)
    files = every_file(folder)
    assert files["keys/000000000001.key"] != files["keys/000000000002.key"]
    content = files[FILE]
    half = len(content) // 2
    assert content[half - 200 : half - 100] not in content[half:]


def test_a_withdrawn_entry_can_be_read_by_nobody(folder: Path) -> None:
    append(folder, b"one", BODY)
    before = every_file(folder)[FILE]
    journal = Journal.open(folder)
    item = journal.withdraw(2, {"id": "abc"})
    assert (item.position, item.of, item.note) == (3, 2, {"id": "abc"})
    assert journal.live == (1,)
    for ask in (journal.body, journal.note):
        with pytest.raises(JournalError, match="no live entry"):
            ask(2)
    with pytest.raises(JournalError, match="no live entry"):
        journal.withdraw(2, {})
    journal.close()
    files = every_file(folder)
    assert sorted(files) == [FILE, "head.json", "keys/000000000001.key", "lock"]
    assert files[FILE].startswith(before)
    journal = Journal.open(folder)
    assert (journal.live, journal.tombstones) == ((1,), (item,))
    assert journal.append(b"", b"two") == 4
    journal.close()


def test_only_one_process_holds_it(folder: Path) -> None:
    journal = Journal.open(folder)
    with pytest.raises(DpcError, match="Another process"):
        Journal.open(folder)
    journal.close()
    Journal.open(folder).close()


def test_neither_made_twice_nor_opened_where_none_is(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(JournalError, match="already"):
        Journal.create(folder)
    with pytest.raises(JournalError, match="no journal"):
        Journal.open(tmp_path)


def test_a_torn_tail_that_was_not_acknowledged_is_cut(folder: Path, tmp_path: Path) -> None:
    append(folder, b"one")
    head = (folder / "head.json").read_bytes()
    size = (folder / FILE).stat().st_size
    append(folder, BODY)
    whole = (folder / FILE).read_bytes()
    cuts = {size, size + 1, len(whole) - 1, *random.Random(3).sample(range(size, len(whole)), 40)}
    for cut in sorted(cuts):
        torn = tmp_path / f"torn-{cut}"
        shutil.copytree(folder, torn)
        (torn / "head.json").write_bytes(head)
        (torn / FILE).write_bytes(whole[:cut])
        assert bodies(torn) == [b"one"]
        assert (torn / FILE).read_bytes() == whole[:size]
        assert not (torn / "keys/000000000002.key").exists()
        append(torn, b"two")
        assert bodies(torn) == [b"one", b"two"]


def test_a_tail_of_other_bytes_is_cut(folder: Path) -> None:
    append(folder, b"one")
    size = (folder / FILE).stat().st_size
    for garbage in (bytes(4096), os.urandom(4096), b"dpcf" + b"\xff" * 60):
        with (folder / FILE).open("ab") as file:
            file.write(garbage)
        assert bodies(folder) == [b"one"]
        assert (folder / FILE).stat().st_size == size


def test_a_whole_frame_whose_head_was_not_written_is_kept(folder: Path) -> None:
    append(folder, b"one")
    head = (folder / "head.json").read_bytes()
    append(folder, b"two")
    (folder / "head.json").write_bytes(head)
    assert bodies(folder) == [b"one", b"two"]
    assert (folder / "head.json").read_bytes() != head


def test_damage_to_what_was_acknowledged_is_never_cut(folder: Path, tmp_path: Path) -> None:
    append(folder, b"one", BODY, b"three")
    whole = (folder / FILE).read_bytes()
    chance = random.Random(5)
    changes = [whole[:cut] for cut in chance.sample(range(len(whole)), 60)]
    for at in chance.sample(range(len(whole)), 200):
        changed = bytearray(whole)
        changed[at] ^= 1 << chance.randrange(8)
        changes.append(bytes(changed))
    damaged = tmp_path / "damaged"
    shutil.copytree(folder, damaged)
    for content in changes:
        (damaged / FILE).write_bytes(content)
        with pytest.raises(JournalError, match=r"damaged|missing"):
            Journal.open(damaged)
        assert (damaged / FILE).read_bytes() == content
        assert len(list((damaged / "keys").iterdir())) == 3


def test_a_missing_or_foreign_key_or_head_is_named(folder: Path, tmp_path: Path) -> None:
    append(folder, b"one", b"two")
    lost, foreign, headless = tmp_path / "lost", tmp_path / "foreign", tmp_path / "headless"
    for copy in (lost, foreign, headless):
        shutil.copytree(folder, copy)
    (lost / "keys/000000000002.key").unlink()
    with pytest.raises(JournalError, match="key of entry 2 is missing"):
        Journal.open(lost)
    shutil.copy(foreign / "keys/000000000001.key", foreign / "keys/000000000002.key")
    with pytest.raises(JournalError, match="Entry 2 does not open"):
        bodies(foreign)
    (headless / "head.json").unlink()
    with pytest.raises(JournalError, match="head is missing"):
        Journal.open(headless)


def test_a_key_that_outlived_its_tombstone_is_destroyed_at_the_next_start(folder: Path) -> None:
    append(folder, b"one")
    key = folder / "keys/000000000001.key"
    kept = key.read_bytes()
    journal = Journal.open(folder)
    journal.withdraw(1, {})
    journal.close()
    key.write_bytes(kept)
    (folder / "keys/000000000009.key").write_bytes(kept)
    (folder / "keys/000000000002.key.part").write_bytes(b"")
    (folder / "keys/readme.txt").write_bytes(b"left alone")
    assert bodies(folder) == []
    assert [path.name for path in (folder / "keys").iterdir()] == ["readme.txt"]


class Failing:
    """Lets the n-th call of a function fail as a full or broken disk does."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, at: int) -> None:
        self.calls = 0
        self.at = at
        for name in ("fsync",):
            monkeypatch.setattr(os, name, self.wrap(getattr(os, name)))

    def wrap(self, real: object) -> object:
        def call(*args: object) -> object:
            self.calls += 1
            if self.calls == self.at:
                raise OSError(28, "no space left")
            assert callable(real)
            return real(*args)

        return call


def test_a_failing_sync_is_never_acknowledged_and_loses_nothing(
    folder: Path, tmp_path: Path
) -> None:
    append(folder, b"one")
    for at in range(1, 20):
        copy = tmp_path / f"copy-{at}"
        shutil.copytree(folder, copy)
        journal = Journal.open(copy)
        with pytest.MonkeyPatch.context() as patch:
            failing = Failing(patch, at)
            try:
                journal.append(b"", b"two")
                acknowledged = True
            except JournalError:
                acknowledged = False
        journal.close()
        assert acknowledged is (failing.calls < at)
        left = bodies(copy)
        assert left in ([b"one"], [b"one", b"two"])
        assert left == [b"one", b"two"] or not acknowledged
        if acknowledged:
            return
    pytest.fail("more syncs than expected")


def test_after_a_failed_sync_nothing_is_written_until_it_is_opened_again(folder: Path) -> None:
    def broken(file: object) -> None:
        raise OSError(5, "input/output error")

    journal = Journal.open(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(room, "fsync_file", broken)
        with pytest.raises(JournalError, match="nothing was acknowledged"):
            journal.append(b"", b"one")
    with pytest.raises(JournalError, match="nothing was acknowledged"):
        journal.append(b"", b"two")
    journal.close()
    append(folder, b"three")
    assert bodies(folder) == [b"one", b"three"]


def test_a_full_disk_leaves_the_journal_usable(folder: Path) -> None:
    journal = Journal.open(folder)

    def full(step: str) -> None:
        if step == "journal: written":
            raise OSError(28, "no space left")

    journal._hook = full
    with pytest.raises(JournalError):
        journal.append(b"", BODY)
    journal._hook = lambda step: None
    assert journal.append(b"", b"one") == 1
    journal.close()
    assert bodies(folder) == [b"one"]


def test_frame_and_key_are_on_the_disk_before_append_returns(folder: Path) -> None:
    steps: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        journal = Journal.open(folder, hook=steps.append)
        real = os.fsync

        def fsync(handle: int) -> None:
            steps.append("fsync")
            real(handle)

        patch.setattr(os, "fsync", fsync)
        journal.append(b"", b"one")
        journal.close()
    key, frame, synced = (steps.index(f"journal: {name}") for name in ("key", "written", "synced"))
    assert "fsync" in steps[:key]
    assert steps[frame + 1 : synced] == ["fsync"]
    assert "fsync" in steps[synced:]


def test_random_histories_agree_with_a_list(folder: Path) -> None:
    chance = random.Random(11)
    model: dict[int, bytes] = {}
    journal = Journal.open(folder)
    position = 0
    for _ in range(150):
        act = chance.random()
        if act < 0.55:
            position += 1
            body = chance.randbytes(chance.randrange(3000))
            assert journal.append(b"n", body) == position
            model[position] = body
        elif act < 0.8 and model:
            position += 1
            gone = chance.choice(sorted(model))
            assert journal.withdraw(gone, {}).position == position
            del model[gone]
        else:
            journal.close()
            journal = Journal.open(folder)
        assert {p: journal.body(p) for p in journal.live} == model
    journal.close()
