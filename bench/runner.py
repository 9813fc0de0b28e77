"""What every bench does: its words, a side run again and again, the raw figures and the page."""

import argparse
import json
import os
import shutil
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from bench.environments import BUILD, ROOT
from bench.equal import Unequal
from bench.measure import StageFailed, Usage, run

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

PAGE = ROOT / "docs" / "reference" / "performance.md"
ONCE_ABOVE = 60.0
"""Seconds above which a run of another side is made once."""

_GIB = 1 << 30


@dataclass(frozen=True)
class Options:
    """What to run: runs of each side, seconds a process may take, where the files go."""

    runs: int
    cap: float
    folder: Path
    small: bool = False

    @property
    def raw(self) -> Path:
        """Where the raw figures go."""
        return self.folder.with_name(f"{self.folder.name}.json")


F = TypeVar("F", bound="DataclassInstance")


def parser(name: str, about: str | None, cap: float) -> argparse.ArgumentParser:
    """Give the reader of the words that every bench takes."""
    made = argparse.ArgumentParser(prog=f"bench.{name}", description=about)
    made.add_argument("--runs", type=int, default=5, help="runs of each side")
    made.add_argument("--cap", type=float, default=cap, help="seconds for a process")
    made.add_argument("--small", action="store_true", help="smallest sizes, one run, no page")
    return made


def chosen(name: str, given: argparse.Namespace) -> dict[str, Any]:
    """Give the fields of ``Options`` that the common words decide."""
    folder = BUILD / (f"{name}-small" if given.small else name)
    runs = 1 if given.small else given.runs
    return {"runs": runs, "cap": given.cap, "folder": folder, "small": given.small}


def conduct(
    options: Options,
    bench: Callable[[], F],
    said: Callable[[F], Iterable[str]],
    page: Callable[[str, dict[str, Any]], str] | None,
) -> int:
    """Run a bench, write its raw figures and its page; give the exit code.

    ``page`` makes the new text of the page from the old one and the figures. The exit code is 1 if
    the sides differ, 2 if a process failed.
    """
    try:
        figures = bench()
    except Unequal as e:
        sys.stderr.write(f"{e}\n")
        return 1
    except StageFailed as e:
        sys.stderr.write(f"{e}\n")
        return 2
    raw = asdict(figures)
    options.raw.write_text(json.dumps(raw, indent=1) + "\n", encoding="utf-8", newline="\n")
    if page is not None:
        old = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
        PAGE.write_text(page(old, raw), encoding="utf-8", newline="\n")
    for line in said(figures):
        say(line)
    return 0


def emptied(folder: Path) -> Path:
    """Give a folder with nothing in it."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def repeated(
    title: str,
    command: Sequence[str],
    log: Path,
    *,
    runs: int,
    cwd: Path | None = ROOT,
    cap: float | None = None,
    once_above: float | None = None,
    check: Callable[[Usage], None] = lambda _: None,
) -> list[Usage]:
    """Run a process again and again, until it is stopped or takes too long; check every run.

    Raises:
        StageFailed: it ended with an error.
        Unequal: the check found a difference.
    """
    done = []
    for _ in range(runs):
        used = run(command, log, cwd=cwd, cap=cap)
        state = " (stopped)" if used.stopped else ""
        say(f"{title}: {used.wall:.1f} s, CPU {used.cpu:.1f} s{state}")
        check(used)
        done.append(used)
        if used.stopped or (once_above is not None and used.wall > once_above):
            break
    return done


def machine() -> dict[str, Any]:
    """Give the facts of this machine that the figures hang on."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / _GIB
    return {
        "system": os.uname().sysname,
        "architecture": os.uname().machine,
        "python": ".".join(map(str, sys.version_info[:3])),
        "cores": os.cpu_count(),
        "memory GiB": round(memory),
    }


def say(text: str) -> None:
    """Tell how far it is."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()
