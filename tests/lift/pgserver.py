"""A PostgreSQL server for the tests: in a folder of its own, on a socket, gone afterwards."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any

import pytest

_DEBIAN = Path("/usr/lib/postgresql")
_OTHERS = ("postgres", "nobody")
"""Users to start it as for the superuser, whom the server refuses."""


def programs() -> Path | None:
    """Give the folder of the server's programs, if it is installed."""
    found = shutil.which("initdb")
    if found is not None:
        return Path(found).resolve().parent
    versions = sorted(_DEBIAN.glob("*/bin/initdb")) if _DEBIAN.is_dir() else []
    return versions[-1].parent if versions else None


def a_server() -> AbstractContextManager[str]:
    """Give the URI of a server: of ``DPC_POSTGRES``, or of one started here; skip without."""
    given = os.environ.get("DPC_POSTGRES")
    if given:
        return nullcontext(given)
    installed = programs()
    if installed is None:
        pytest.skip("needs a PostgreSQL server: install one, or set DPC_POSTGRES to its URI")
    return serving(installed)


@contextmanager
def serving(folder_of_programs: Path) -> Iterator[str]:
    """Start a server and give its URI; nobody can reach it over a network."""
    with tempfile.TemporaryDirectory(prefix="dpc-postgres-") as name:
        folder = Path(name)
        data = folder / "data"
        who = _as_other(folder)
        control = [str(folder_of_programs / "pg_ctl"), "-D", str(data)]
        made = [str(folder_of_programs / "initdb"), "-D", str(data), "-A", "trust", "-U", "dpc"]
        _run([*made, "-E", "UTF8", "--locale=C", "--no-sync"], who)
        options = f"-k {folder} -c listen_addresses='' -c fsync=off"
        _run([*control, "-o", options, "-l", str(folder / "log"), "-w", "start"], who)
        try:
            yield f"postgresql:///postgres?host={folder}&user=dpc"
        finally:
            _run([*control, "-m", "immediate", "-w", "stop"], who)


def _as_other(folder: Path) -> dict[str, Any]:
    if os.geteuid() != 0:
        return {}
    import pwd

    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    entry = next(known[name] for name in _OTHERS if name in known)
    os.chown(folder, entry.pw_uid, entry.pw_gid)
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def _run(command: list[str], who: dict[str, Any]) -> None:
    folder = Path(command[2]).parent
    subprocess.run(
        command, cwd=folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **who
    )
