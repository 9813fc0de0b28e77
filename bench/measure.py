"""Whole processes measured: wall time, CPU time with children, peak memory (POSIX only).

Keep the measuring process small: Linux counts the memory of the parent at the moment of the start
into the peak of the child.
"""

import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_POLL = 0.01
_BUSY = (0, 1, 2, 5, 6, 7)
"""The places of user, nice, system, irq, softirq and steal in the first line of /proc/stat."""
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


class OtherWork:
    """How many cores the others on a machine kept busy, from the making of this to a question.

    Time taken by the host of a virtual machine counts as theirs, and so do processes of ours that
    outlive the one that started them.
    """

    def __init__(self, stat: Path = Path("/proc/stat")) -> None:
        self._stat = stat
        self._since = time.perf_counter()
        self._before = self._spent()

    def cores(self) -> float | None:
        """Give the mean number of cores; None where the system does not tell."""
        spent, wall = self._spent(), time.perf_counter() - self._since
        if spent is None or self._before is None:
            return None
        return round(max(0.0, spent - self._before) / wall, 2)

    def _spent(self) -> float | None:
        """Give the seconds of CPU that others have had since the machine was started."""
        if not self._stat.exists():
            return None
        first = self._stat.read_text(encoding="ascii").split("\n", 1)[0].split()[1:]
        every = sum(int(first[place]) for place in _BUSY) / os.sysconf("SC_CLK_TCK")
        own = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        return every - sum(used.ru_utime + used.ru_stime for used in own)
