"""What differs between systems, in one place, each with a portable fallback."""

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from dpc_kg.base.errors import DpcError


def fsync_file(file: IO[bytes]) -> None:
    """Bring a file's bytes to the disk before going on."""
    file.flush()
    os.fsync(file.fileno())


def fsync_dir(path: Path) -> None:
    """Bring a folder's entries to the disk; Windows keeps them with the file itself."""
    if sys.platform == "win32":
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_durably(path: Path, data: bytes, *, private: bool = False) -> None:
    """Write a whole file so that after a crash it holds either the old or the new bytes."""
    part = path.with_name(path.name + ".part")
    # one left by a crash would keep its own access rights
    part.unlink(missing_ok=True)
    mode = 0o600 if private else 0o644
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), mode)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        fsync_file(file)
    part.replace(path)
    fsync_dir(path.parent)


@contextlib.contextmanager
def lock_file(path: Path) -> Iterator[None]:
    """Hold the only lock on ``path`` until the block ends.

    Raises:
        DpcError: another process holds it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+b") as file:
        _lock(file, path)
        yield


def _lock(file: IO[bytes], path: Path) -> None:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as e:
        raise DpcError(
            "Another process is using this folder.",
            file=str(path.parent),
            advice="Stop it first, or name another folder.",
        ) from e


def limit_memory(size: int) -> bool:
    """Cap this process's address space at ``size`` bytes; give False where that cannot be done."""
    try:
        import resource
    except ImportError:
        return False
    resource.setrlimit(resource.RLIMIT_AS, (size, size))
    return True


def limit_time(seconds: int) -> bool:
    """Cap this process's processor time; give False where that cannot be done."""
    try:
        import resource
    except ImportError:
        return False
    # at the first a signal that says why ends it, at the second one that cannot be caught
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    return True


def time_was_up(returncode: int) -> bool:
    """Tell whether a process ended because of `limit_time`, from its return code."""
    import signal

    return returncode == -getattr(signal, "SIGXCPU", 0) != 0


def widen_pipe(pipe: int, size: int = 1 << 20) -> None:
    """Give a pipe room for ``size`` bytes where that can be asked for: its ends wait less often."""
    with contextlib.suppress(ImportError, AttributeError, OSError):
        import fcntl

        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, size)


def give_way() -> None:
    """Leave the processors to whoever waits for this process's output; it has the longer work."""
    if hasattr(os, "nice"):
        os.nice(10)


def end_output() -> None:
    """Let who reads standard output see its end, while this process still tidies up."""
    sys.stdout.flush()
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def kill_process(pid: int) -> None:
    """End a process at once; one that has ended already is fine."""
    import signal

    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, getattr(signal, "SIGKILL", signal.SIGTERM))


def plain_console() -> None:
    """Let any text be printed on any console: what it cannot show is escaped, never an error."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")
