"""What was asked: one JSON line per query, on the disk before the answer leaves.

A line holds no query text and no value from one, only its SHA-256. Lines that arrive while the disk
is busy are brought to it together ("adaptive group commit"), so that eight clients wait for one
sync and not for eight. A result too long to be held back has a line ``started`` before its first
byte and its own line at the end.
"""

import asyncio
import hashlib
import json
import os
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from dpc_kg.serve.problems import Problem


@dataclass(frozen=True)
class Entry:
    """One line.

    ``query`` is a fingerprint, ``form`` the query's form or the saved query's name; ``outcome`` is
    ``complete``, ``started``, or the reason of a refusal or a cut result; ``size`` is in bytes,
    ``ms`` in milliseconds.
    """

    query: str
    form: str | None
    status: int
    outcome: str
    rows: int | None
    size: int
    ms: float

    def line(self, at: datetime) -> bytes:
        """Give the line, with the time ``at`` before it."""
        facts = {"at": at.isoformat(timespec="milliseconds"), **asdict(self)}
        facts["bytes"] = facts.pop("size")
        facts["ms"] = round(facts.pop("ms"), 1)
        return json.dumps(facts, separators=(",", ":")).encode() + b"\n"


def fingerprint(text: str) -> str:
    """Give the SHA-256 of a query, in hexadecimal digits."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


class Audit:
    """The file of audit lines; use it from one event loop only."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0)
        self._file = os.open(path, flags, 0o600)
        self._mend()
        self._waiting: list[tuple[bytes, asyncio.Future[None]]] = []
        self._committer: asyncio.Task[None] | None = None

    async def write(self, entry: Entry) -> None:
        """Return once the line is on the disk.

        Raises:
            Problem: it cannot be written; then nothing may be answered either.
        """
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((entry.line(datetime.now(UTC)), future))
        if self._committer is None:
            self._committer = asyncio.create_task(self._commit())
        await future

    async def close(self) -> None:
        """Wait for the last lines and close the file."""
        if self._committer is not None:
            await self._committer
        os.close(self._file)

    async def _commit(self) -> None:
        try:
            while self._waiting:
                group, self._waiting = self._waiting, []
                error = await asyncio.to_thread(self._append, b"".join(line for line, _ in group))
                for _, future in group:
                    _settle(future, error)
        finally:
            self._committer = None

    def _append(self, lines: bytes) -> OSError | None:
        try:
            while lines:
                lines = lines[os.write(self._file, lines) :]
            os.fsync(self._file)
        except OSError as e:
            return e
        return None

    def _mend(self) -> None:
        """End a line that a crash left unfinished."""
        size = os.fstat(self._file).st_size
        if size:
            os.lseek(self._file, size - 1, os.SEEK_SET)
            if os.read(self._file, 1) != b"\n":
                os.write(self._file, b"\n")


def _settle(future: "asyncio.Future[None]", error: OSError | None) -> None:
    if future.done():
        return
    if error is None:
        future.set_result(None)
    else:
        future.set_exception(
            Problem(
                503,
                "audit-unavailable",
                "The record of this query cannot be written, so it is not answered.",
                "Tell the operator: the disk may be full.",
            )
        )
