"""Immutable copies of the store for readers, and the pointer that says which is current.

A store that is being written must not be read by another process, so readers get a snapshot each
time and switch to it by re-reading the pointer (research/endpoint.md section 1).
"""

import re
import shutil
from pathlib import Path

from dpc_kg.base.errors import StoreError
from dpc_kg.base.platform import fsync_dir, write_durably
from dpc_kg.store.embedded import EmbeddedStore

POINTER = "current"
KEPT = 2
"""Views kept beside the current one, for readers that have not switched yet."""

_VIEW = re.compile(r"view-(\d{8})")


def build_view(store: EmbeddedStore, target: Path, kept: int = KEPT) -> Path:
    """Make a new view of ``store`` in the folder ``target`` and point readers at it.

    Until the last step readers see the old view; a crash leaves it in place. Of the views before
    it the ``kept`` last ones stay.

    Returns:
        The folder of the new view.

    Raises:
        StoreError: it cannot be written; or none is to be kept and one cannot be removed.
    """
    target.mkdir(parents=True, exist_ok=True)
    for unfinished in target.glob("*.part"):
        _remove(unfinished)
    last = max(_numbers(target), default=0)
    view = target / f"view-{last + 1:08d}"
    part = view.with_suffix(".part")
    store.snapshot(part)
    part.rename(view)
    fsync_dir(target)
    write_durably(target / POINTER, view.name.encode())
    for number in sorted(_numbers(target))[: -kept - 1]:
        old = target / f"view-{number:08d}"
        shutil.rmtree(old, ignore_errors=True)
        if kept == 0 and old.exists():
            raise StoreError(
                "An old view cannot be removed.",
                file=str(old),
                advice="Remove it by hand: it holds data that was taken back.",
            )
    return view


def current_view(target: Path) -> Path:
    """Give the folder of the view that readers of ``target`` should use.

    Raises:
        StoreError: none was ever built, or the pointer is damaged.
    """
    name = _pointed(target)
    # the view may be removed as soon as the pointer has moved on: then look again
    while not (target / name).is_dir() and name != (name := _pointed(target)):
        pass
    view = target / name
    if _VIEW.fullmatch(name) is None or not view.is_dir():
        raise StoreError(
            "The pointer names no view.", file=str(target / POINTER), advice="Build a view again."
        )
    return view


def _pointed(target: Path) -> str:
    try:
        return (target / POINTER).read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError) as e:
        raise StoreError("No view has been built in this folder.", file=str(target)) from e


def _numbers(target: Path) -> list[int]:
    matches = (_VIEW.fullmatch(path.name) for path in target.iterdir())
    return [int(match[1]) for match in matches if match]


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
