"""Whole processes measured: wall time, CPU time with children, peak memory (POSIX only).

Keep the measuring process small: Linux counts the memory of the parent at the moment of the start
into the peak of the child.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_POLL = 0.01
_KIB_PER_MIB = 1024
_TAIL = 2000


@dataclass(frozen=True)
class Usage:
    """What a process took: seconds of wall and CPU (user and system), peak RSS in MiB.

    The peak is that of its largest process. ``stopped``: it was ended at the cap.
    """

    wall: float
    cpu: float
    peak: float
    stopped: bool = False


class StageFailed(Exception):
    """A stage ended with an error; the bench stops."""


def run(
    command: Sequence[str],
    log: Path,
    *,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    cap: float | None = None,
) -> Usage:
    """Run a command to its end or ``cap`` seconds; its output goes to ``log``.

    Raises:
        StageFailed: it ended with an error; the message holds the end of the log.
    """
    given = dict(os.environ if env is None else env)
    # installed packages are compiled once; ours, run from its sources, would be at every start
    given.pop("PYTHONDONTWRITEBYTECODE", None)
    with log.open("wb") as out:
        start = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=cwd, env=given, stdout=out, stderr=out, start_new_session=True
        )
        stopped = False
        while True:
            pid, status, used = os.wait4(process.pid, os.WNOHANG)
            wall = time.perf_counter() - start
            if pid:
                break
            if cap is not None and wall > cap and not stopped:
                stopped = True
                os.killpg(process.pid, signal.SIGKILL)
            time.sleep(_POLL)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode and not stopped:
        tail = log.read_text(encoding="utf-8", errors="replace")[-_TAIL:]
        raise StageFailed(f"{command[0]} ended with {process.returncode}:\n{tail}")
    units = _KIB_PER_MIB if sys.platform != "darwin" else _KIB_PER_MIB**2
    return Usage(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / units, stopped)
