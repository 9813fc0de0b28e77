"""The command as the suites run it: in a process of its own, judged by its exit code and words."""

import os
import subprocess
import sys
from pathlib import Path

from tests.conformance.page import REPOSITORY

REFUSED = {1, 2, 3}
"""The exit codes by which the command refuses; anything else is a crash, and no pass."""

SECONDS = 120
_OURS = ("went wrong in dpc-kg itself", "Traceback (most recent call last)")
"""What is said of a mistake of the program itself: that is a crash too."""


def suites() -> Path:
    """Give the folder of the published suites, in the shared material."""
    return Path(os.environ.get("DPC_SHARED") or REPOSITORY.parent / "shared") / "suites"


def dpc_kg(arguments: list[str], folder: Path) -> "subprocess.CompletedProcess[str] | None":
    """Run the command in a folder; None if it is not done in time."""
    try:
        return subprocess.run(
            [sys.executable, "-m", "dpc_kg", *arguments],
            cwd=folder,
            capture_output=True,
            encoding="utf-8",
            timeout=SECONDS,
            check=False,
            stdin=subprocess.DEVNULL,
        )
    except subprocess.TimeoutExpired:
        return None


def crashed(code: int, told: str) -> bool:
    """Tell whether the command ended otherwise than it may."""
    return code not in {0, *REFUSED} or any(words in told for words in _OURS)


def first_line(told: str) -> str:
    """Give the first line of what was told."""
    return next(iter(told.strip().splitlines()), "")
