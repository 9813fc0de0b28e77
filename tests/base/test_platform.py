"""What differs between systems: durable files, locks, limits, ends of processes."""

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from dpc_kg.base import platform
from dpc_kg.base.errors import DpcError

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="file modes and limits are POSIX")


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    platform.write_durably(path, b"old" * 1000)
    platform.write_durably(path, b"new")
    assert path.read_bytes() == b"new"
    assert [p.name for p in tmp_path.iterdir()] == ["a.bin"]


@POSIX
def test_a_private_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "partner.key"
    platform.write_durably(path, b"x", private=True)
    assert path.stat().st_mode & 0o077 == 0


@POSIX
def test_a_private_file_stays_private_after_a_crash_left_a_part(tmp_path: Path) -> None:
    part = tmp_path / "partner.key.part"
    part.write_bytes(b"left over")
    part.chmod(0o644)
    platform.write_durably(tmp_path / "partner.key", b"x", private=True)
    assert (tmp_path / "partner.key").stat().st_mode & 0o077 == 0


def test_one_lock_at_a_time(tmp_path: Path) -> None:
    path = tmp_path / "new" / "lock"
    with (
        platform.lock_file(path),
        pytest.raises(DpcError, match="Another process"),
        platform.lock_file(path),
    ):
        pytest.fail("two locks on one folder")
    with platform.lock_file(path):
        pass


def test_a_lock_ends_with_an_error(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="inside"), platform.lock_file(tmp_path / "lock"):
        raise ValueError("inside")
    with platform.lock_file(tmp_path / "lock"):
        pass


def test_folders_and_files_reach_the_disk(tmp_path: Path) -> None:
    platform.fsync_dir(tmp_path)
    with (tmp_path / "a").open("wb") as file:
        file.write(b"x")
        platform.fsync_file(file)
        assert (tmp_path / "a").read_bytes() == b"x"


def test_without_posix_there_is_no_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "resource", None)
    assert platform.limit_memory(1 << 30) is False


@POSIX
def test_a_process_stays_under_its_limit() -> None:
    code = (
        "from dpc_kg.base.platform import limit_memory\n"
        "assert limit_memory(1 << 30)\n"
        "try:\n    bytearray(2 << 30)\nexcept MemoryError:\n    print('held')\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "held\n"


@POSIX
def test_a_process_whose_time_is_up_says_so() -> None:
    code = "from dpc_kg.base.platform import limit_time\nassert limit_time(1)\nwhile True: pass"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert platform.time_was_up(done.returncode)
    assert not any(platform.time_was_up(other) for other in (0, 1, -9))


def test_a_process_is_ended_and_ending_it_again_is_fine() -> None:
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    platform.kill_process(child.pid)
    assert child.wait(timeout=10) != 0
    platform.kill_process(child.pid)


def test_any_text_can_be_printed_on_any_console(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = io.BytesIO()
    console = io.TextIOWrapper(raw, encoding="cp1252")
    monkeypatch.setattr(sys, "stdout", console)
    platform.plain_console()
    print("é طفل", flush=True)
    assert raw.getvalue().decode("cp1252").strip() == "é \\u0637\\u0641\\u0644"


def test_no_posix_module_is_needed_to_import() -> None:
    code = (
        "import sys\n"
        "for name in ('fcntl', 'resource', 'pwd', 'grp'):\n    sys.modules[name] = None\n"
        "import dpc_kg.base.platform\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, env=os.environ.copy())
