"""Whether the targets of the crosswalk exist: looked up in pinned files (``targets.toml``).

A file lies in the shared material or in a package of a named version; its SHA-256 is checked
before anything is read from it. ``python -m dpc_kg.model.targets`` prints one line a standard.
"""

import hashlib
import json
import os
import re
import sys
import sysconfig
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from dpc_kg.base import assets
from dpc_kg.base.errors import DpcError
from dpc_kg.model import crosswalk
from dpc_kg.model.crosswalk import MappingSet
from dpc_kg.model.finders import FINDERS

TARGETS = "targets.toml"
ENVIRONMENT = "DPC_CHECK_ENV"
"""Folders (``site-packages``, ``node_modules``) of packages that only checks need."""


@dataclass(frozen=True)
class Pinned:
    """One pinned file of a standard: where it lies, its SHA-256, and how terms stand in it."""

    package: str
    path: str
    sha256: str
    find: str
    options: tuple[tuple[str, str], ...]

    @property
    def name(self) -> str:
        """The package and path, as shown to people."""
        return f"{self.package} {self.path}".strip()


@dataclass(frozen=True)
class Standard:
    """One standard of ``targets.toml``; ``name`` is that of its mapping set."""

    name: str
    title: str
    files: tuple[Pinned, ...]


@dataclass(frozen=True)
class Places:
    """Where pinned files may lie: the shared material, and folders of packages."""

    shared: Path | None
    packages: tuple[Path, ...]


@dataclass(frozen=True)
class Tally:
    """Counts of one mapping set.

    ``verified`` rows have an IRI of the standard that stands in a pinned file; stubs and gaps are
    counted apart. ``absent`` and ``altered`` name the pinned files that could not be used.
    """

    name: str
    rows: int
    verified: int
    stubs_seen: int
    stubs_unseen: int
    gaps: int
    unverified: int
    absent: tuple[str, ...]
    altered: tuple[str, ...]
    missing: tuple[str, ...]
    """Targets said to be seen that are in none of the files, with their line; only where all
    files are there."""

    @cached_property
    def sound(self) -> bool:
        """Whether no file was altered and every row that says "seen" was found."""
        return not self.altered and not self.missing


def places() -> Places:
    """Give the places of this machine: ``DPC_SHARED``, this interpreter, ``DPC_CHECK_ENV``."""
    named = os.environ.get("DPC_SHARED")
    shared = Path(named) if named else assets.root().parent / "shared"
    extra = os.environ.get(ENVIRONMENT, "").split(os.pathsep)
    folders = [sysconfig.get_paths()["purelib"], *(path for path in extra if path)]
    return Places(shared if shared.is_dir() else None, tuple(Path(path) for path in folders))


def standards(path: Path | None = None) -> tuple[Standard, ...]:
    """Give the standards of ``targets.toml``, in its order.

    Raises:
        DpcError: no well-formed TOML, a field is lacking, or a way to find is unknown.
    """
    path = path or assets.asset("mappings", "align", TARGETS)
    try:
        read = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as e:
        raise DpcError("Not well-formed TOML.", file=path.name) from e
    return tuple(_standard(name, body, path.name) for name, body in read.items())


def terms(pinned: Pinned, where: Places) -> frozenset[str] | None:
    """Give the IRIs that stand in a pinned file; None where the file is not there.

    Raises:
        DpcError: the file is not the pinned one, or cannot be read in the way named.
    """
    path = _locate(pinned, where)
    if path is None:
        return None
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != pinned.sha256:
        raise DpcError("This is not the pinned file: its SHA-256 differs.", file=pinned.name)
    return frozenset(FINDERS[pinned.find](content, dict(pinned.options)))


def tally(one: MappingSet, standard: Standard | None, where: Places) -> Tally:
    """Count the rows of a mapping set by what is known of their targets."""
    found: set[str] = set()
    absent, altered = [], []
    for pinned in standard.files if standard else ():
        try:
            here = terms(pinned, where)
        except DpcError:
            altered.append(pinned.name)
            continue
        if here is None:
            absent.append(pinned.name)
        else:
            found |= here
    rows = [row for row in one.mappings if not row.is_gap]
    stubs = [row for row in rows if row.is_stub]
    others = [row for row in rows if not row.is_stub]
    complete = standard is not None and not absent and not altered
    lacking = [r for r in rows if r.justification == crosswalk.SEEN and r.object not in found]
    verified = sum(row.object in found for row in others)
    seen = sum(row.object in found for row in stubs)
    return Tally(
        name=one.name,
        rows=len(one.mappings),
        verified=verified,
        stubs_seen=seen,
        stubs_unseen=len(stubs) - seen,
        gaps=len(one.mappings) - len(rows),
        unverified=len(others) - verified,
        absent=tuple(absent),
        altered=tuple(altered),
        missing=tuple(
            f"{row.file}, line {row.line}: {row.object}"
            for row in lacking
            if complete or standard is None
        ),
    )


def tallies(
    sets: Iterable[MappingSet] | None = None, where: Places | None = None
) -> tuple[Tally, ...]:
    """Count all mapping sets (the project's own by default)."""
    known = {one.name: one for one in standards()}
    place = where or places()
    return tuple(tally(one, known.get(one.name), place) for one in sets or crosswalk.load())


def table(counted: Iterable[Tally]) -> str:
    """Give the counts as lines of text, with a total."""
    head = ("standard", "rows", "verified", "stubs seen", "stubs", "no match", "unverified")
    lines: list[tuple[str, ...]] = [head]
    total = [0] * 6
    for one in counted:
        cells = (
            one.rows,
            one.verified,
            one.stubs_seen,
            one.stubs_seen + one.stubs_unseen,
            one.gaps,
            one.unverified,
        )
        total = [a + b for a, b in zip(total, cells, strict=True)]
        lines.append((one.name, *map(str, cells)))
    lines.append(("total", *map(str, total)))
    return "\n".join(f"{name:<16}" + "".join(f"{c:>12}" for c in cells) for name, *cells in lines)


def _standard(name: str, body: dict[str, Any], file: str) -> Standard:
    try:
        files = tuple(_pinned(dict(one)) for one in body.get("file", ()))
        return Standard(name, str(body["title"]), files)
    except KeyError as e:
        raise DpcError(
            "A field is lacking or a way to find is unknown.",
            file=file,
            term=f"{name}: {e.args[0]}",
        ) from e


def _pinned(body: dict[str, str]) -> Pinned:
    package, path = body.pop("package", ""), body.pop("path")
    sha256, find = body.pop("sha256"), body.pop("find")
    FINDERS[find]  # an unknown way is told when the file is read, not when a target is looked up
    return Pinned(package, path, sha256, find, tuple(sorted(body.items())))


def _locate(pinned: Pinned, where: Places) -> Path | None:
    kind, _, rest = pinned.package.partition(":")
    if not kind:
        path = where.shared / pinned.path if where.shared else None
        return path if path and path.is_file() else None
    for folder in where.packages:
        path = folder / pinned.path
        if path.is_file() and _installed(kind, rest, folder):
            return path
    return None


def _installed(kind: str, rest: str, folder: Path) -> bool:
    """Tell whether a folder holds a package of just this version."""
    if kind == "npm":
        name, _, version = rest.rpartition("@")
        about = folder / name / "package.json"
        return (
            about.is_file() and json.loads(about.read_text(encoding="utf-8"))["version"] == version
        )
    name, _, version = rest.partition("==")
    wanted = f"{_bare(name)}-{version}.dist-info"
    return any(_bare(path.name) == _bare(wanted) for path in folder.glob(f"*-{version}.dist-info"))


def _bare(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def main() -> int:
    """Print the counts; 1 where a file was altered or a target said to be seen is not there."""
    counted = tallies()
    print(table(counted))
    for one in counted:
        for name in one.absent:
            print(f"{one.name}: not on this machine: {name}", file=sys.stderr)
        for name in one.altered:
            print(f"{one.name}: not the pinned file, or not readable: {name}", file=sys.stderr)
        for line in one.missing:
            print(f"{one.name}: not found: {line}", file=sys.stderr)
    return 0 if all(one.sound for one in counted) else 1


if __name__ == "__main__":
    sys.exit(main())
