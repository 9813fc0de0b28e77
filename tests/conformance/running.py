"""The command as the suites run it: in a process of its own, judged by its exit code and words."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Protocol, TypeVar

from tests.conformance.page import REPOSITORY, write

REFUSED = {1, 2, 3}
"""The exit codes by which the command refuses; anything else is a crash, and no pass."""

SECONDS = 120
_OURS = ("went wrong in dpc-kg itself", "Traceback (most recent call last)")
"""What is said of a mistake of the program itself: that is a crash too."""


class Named(Protocol):
    """A case."""

    @property
    def name(self) -> str: ...


class Judged(Protocol):
    """What came of a case."""

    @property
    def case(self) -> Named: ...
    @property
    def passed(self) -> bool: ...
    @property
    def seen(self) -> str: ...


R = TypeVar("R", bound=Judged)
Tasks = Iterable[tuple[str, Sequence[Callable[[], R]]]]
"""The cases to be run, each as a call, under the name by which their results are told."""


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


def run_all(
    arguments: list[str],
    tasks: Callable[[Path, list[str]], Tasks[R]],
    problems: Callable[[dict[str, list[R]]], list[str]],
    part: Callable[[dict[str, list[R]]], str],
) -> int:
    """Run cases, one a core at a time, tell what came of them; with ``--write`` write the page.

    ``tasks`` gives them from the folder of suites and the names that narrow the run; of a narrowed
    run no page is written.
    """
    root = suites()
    wanted = [a for a in arguments if not a.startswith("-")]
    if not root.is_dir() or (wanted and "--write" in arguments):
        sys.stderr.write("error: The suites are not there (set DPC_SHARED), or a page of a part.\n")
        return 2
    results: dict[str, list[R]] = {}
    with ThreadPoolExecutor(max_workers=os.cpu_count() or 2) as pool:
        for name, calls in tasks(root, wanted):
            results[name] = list(pool.map(lambda call: call(), calls))
            _tell(name, results[name])
    if not any(results.values()):
        sys.stderr.write("error: No case has such a name.\n")
        return 2
    if wanted:
        return 0 if all(r.passed for found in results.values() for r in found) else 1
    wrong = problems(results)
    sys.stdout.write("".join(f"{line}\n" for line in wrong))
    if "--write" in arguments:
        write(part(results))
    return 1 if wrong else 0


def _tell(name: str, results: Sequence[Judged]) -> None:
    if not results:
        return
    sys.stdout.write(f"{name}: {sum(r.passed for r in results)} of {len(results)}\n")
    for result in results:
        if not result.passed:
            sys.stdout.write(f"  {result.case.name}: {result.seen}\n")
    sys.stdout.flush()
