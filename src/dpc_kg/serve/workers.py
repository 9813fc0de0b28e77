"""The pool of query workers: one query at a time each, ended at the deadline, replaced at once.

The engine can neither be interrupted nor told a memory cap, so a query runs in a process of its own
(research/endpoint.md section 2.2). What a client sees of a query is an :class:`Answer`.
"""

import asyncio
import contextlib
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Coroutine
from pathlib import Path

from dpc_kg.base.errors import NotSupported, StoreError
from dpc_kg.base.platform import kill_process
from dpc_kg.serve import frames
from dpc_kg.serve.frames import Message
from dpc_kg.serve.problems import Problem
from dpc_kg.serve.settings import ServeSettings

START_SECONDS = 30.0
"""A worker that does not open its view within this time is given up."""
POINTER_SECONDS = 1.0
"""How long an idle worker may keep a view open after the pointer has moved on."""


class Worker:
    """One worker process and our end of the line to it."""

    def __init__(
        self,
        view: Path,
        process: "subprocess.Popen[bytes]",
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        self.view = view
        self._process, self._reader, self._writer = process, reader, writer

    @classmethod
    async def start(cls, view: Path, memory: int) -> "Worker":
        """Start a process on ``view`` and wait until it is ready.

        Raises:
            StoreError: it did not come up.
        """
        ours, theirs = socket.socketpair()
        command = [sys.executable, "-m", "dpc_kg.serve.worker", str(theirs.fileno())]
        with theirs:
            process = subprocess.Popen(
                [*command, str(view), str(memory)],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        ours.setblocking(False)
        line = await asyncio.open_connection(sock=ours, limit=4 * frames.CHUNK)
        worker = cls(view, process, *line)
        try:
            await worker._greet()
        except BaseException:
            await worker.end()
            raise
        return worker

    async def _greet(self) -> None:
        try:
            kind, _ = await asyncio.wait_for(self.receive(), START_SECONDS)
        except (TimeoutError, OSError, asyncio.IncompleteReadError) as e:
            raise StoreError(
                "A query worker did not start: the view cannot be opened.",
                advice="Check that the folder holds a store and that the memory cap allows one.",
            ) from e
        if kind != frames.READY:
            raise StoreError("A query worker did not start as expected.")

    @property
    def pid(self) -> int:
        """The process's number."""
        return self._process.pid

    async def receive(self) -> tuple[bytes, bytes]:
        """Give the next frame: its kind and its body."""
        kind, size = frames.HEADER.unpack(await self._reader.readexactly(frames.HEADER.size))
        return kind, await self._reader.readexactly(size)

    def send(self, request: Message) -> None:
        """Hand the worker a request."""
        self._writer.write(frames.pack_json(frames.ASK, request))

    def kill(self) -> None:
        """End the process at once."""
        if self._process.returncode is None:
            kill_process(self._process.pid)

    async def end(self) -> None:
        """End the process and leave nothing of it."""
        self.kill()
        self._writer.close()
        with contextlib.suppress(OSError):
            await self._writer.wait_closed()
        await asyncio.to_thread(self._process.wait)


class Answer:
    """One query under way. Read :meth:`head`, then :meth:`rest`, and always :meth:`close`."""

    def __init__(self, pool: "Pool", worker: Worker, deadline: float) -> None:
        self._pool = pool
        self._worker: Worker | None = worker
        self._failure: Message | None = None
        loop = asyncio.get_running_loop()
        self._alarm = loop.call_later(deadline, self.stop, "deadline")
        self.rows: int | None = None
        self.bytes: int = 0

    def stop(self, reason: str) -> None:
        """End the query now; whoever reads it gets the problem ``reason``.

        The worker is replaced at once: the client may take its time to notice.
        """
        if self._worker is not None:
            self._failure = {"reason": reason}
            self._pool.replace(self._release())

    def _release(self) -> Worker:
        assert self._worker is not None  # noqa: S101 - callers look first
        self._alarm.cancel()
        worker, self._worker = self._worker, None
        return worker

    async def head(self) -> tuple[bytes, bool]:
        """Give the beginning of the result, and whether that is all of it.

        Raises:
            Problem: there is no result, and why.
        """
        first = bytearray()
        while len(first) < frames.CHUNK:
            piece = await self._next()
            if piece is None:
                return bytes(first), True
            first += piece
        return bytes(first), False

    async def rest(self) -> AsyncIterator[bytes]:
        """Give the pieces of the result that were not yet given.

        Raises:
            Problem: the result ends early, and why.
        """
        while (piece := await self._next()) is not None:
            yield piece

    async def _next(self) -> bytes | None:
        while self._worker is not None:
            try:
                kind, body = await self._worker.receive()
            except (asyncio.IncompleteReadError, OSError):
                # a worker that ends by itself is one the kernel refused more memory
                self.stop("memory")
                continue
            if self._worker is None:
                continue
            if kind == frames.DATA:
                self.bytes += len(body)
                return body
            worker = self._release()
            self._pool.give_back(worker)
            message = frames.unpack_json(body)
            if message.get("reason") == "engine" and not worker.view.is_dir():
                # the engine opens files when it needs them: a removed view cannot be read on
                message = {"reason": "view-gone"}
            if kind == frames.REFUSED:
                self._failure = message
            else:
                self.rows = message["rows"]
        if self._failure is not None:
            raise problem(self._failure)
        return None

    def close(self) -> None:
        """End the query if it is still running; closing twice is fine."""
        self.stop("gone")


class Pool:
    """The workers of one server."""

    def __init__(self, settings: ServeSettings) -> None:
        if sys.platform == "win32":
            raise NotSupported("The server runs on Linux and macOS.", advice="Use it there.")
        self._settings = settings
        self._idle: asyncio.Queue[Worker] = asyncio.Queue()
        self._alive: set[Worker] = set()
        self._starting: set[asyncio.Task[None]] = set()
        self._ending: set[asyncio.Task[None]] = set()
        self._closing = False
        self._watching: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Start the workers.

        Raises:
            StoreError: the view cannot be opened.
        """
        for _ in range(self._settings.workers):
            await self._add()
        self._watching = asyncio.create_task(self._watch())

    async def close(self) -> None:
        """End every worker."""
        self._closing = True
        if self._watching is not None:
            self._watching.cancel()
        for task in self._starting:
            task.cancel()
        await asyncio.gather(*self._starting, return_exceptions=True)
        await asyncio.gather(*self._ending, *(worker.end() for worker in self._alive))
        self._alive.clear()

    @property
    def workers(self) -> tuple[Worker, ...]:
        """The workers that live."""
        return tuple(self._alive)

    @property
    def ready(self) -> bool:
        """Whether any worker lives."""
        return bool(self._alive) and not self._closing

    @property
    def view(self) -> Path:
        """The folder of the view that new queries are asked of."""
        return resolve_view(self._settings.view)

    async def ask(self, request: Message) -> Answer:
        """Give a query to the next free worker.

        Raises:
            Problem: no worker became free within the deadline.
        """
        settings = self._settings
        worker = await self._free_worker()
        caps = {"row_cap": settings.row_cap, "byte_cap": settings.byte_cap}
        answer = Answer(self, worker, settings.deadline_seconds)
        worker.send({**request, **caps})
        return answer

    async def _free_worker(self) -> Worker:
        until = time.monotonic() + self._settings.deadline_seconds
        while True:
            try:
                worker = await asyncio.wait_for(self._idle.get(), until - time.monotonic())
            except TimeoutError:
                raise problem({"reason": "unavailable"}) from None
            if worker.view == self.view:
                return worker
            self.replace(worker)

    async def _watch(self) -> None:
        """Replace idle workers once the pointer has moved: what they hold open may be withdrawn."""
        while True:
            await asyncio.sleep(POINTER_SECONDS)
            with contextlib.suppress(StoreError):
                view = self.view
                for worker in [self._idle.get_nowait() for _ in range(self._idle.qsize())]:
                    step = self.give_back if worker.view == view else self.replace
                    step(worker)

    def give_back(self, worker: Worker) -> None:
        """Take back a worker that is done."""
        self._idle.put_nowait(worker)

    def replace(self, worker: Worker) -> None:
        """End a worker and start another in its place, without waiting for that."""
        self._alive.discard(worker)
        worker.kill()
        ending = self._keep(self._ending, worker.end())
        if not self._closing:
            self._keep(self._starting, self._refill(ending))

    def _keep(
        self, tasks: "set[asyncio.Task[None]]", work: Coroutine[None, None, None]
    ) -> "asyncio.Task[None]":
        task = asyncio.create_task(work)
        tasks.add(task)
        task.add_done_callback(tasks.discard)
        return task

    async def _refill(self, ending: "asyncio.Task[None]") -> None:
        await asyncio.shield(ending)
        up = False
        while not up:
            try:
                await self._add()
                up = True
            except StoreError:
                # the view may be changing hands; without any worker /readyz says so
                await asyncio.sleep(POINTER_SECONDS)

    async def _add(self) -> None:
        view = self.view
        while True:
            try:
                worker = await Worker.start(view, self._settings.memory_bytes)
                break
            except StoreError:
                # the view may have been removed while the process came up: the pointer knows
                if view == (view := self.view):
                    raise
        self._alive.add(worker)
        self._idle.put_nowait(worker)


def resolve_view(path: Path) -> Path:
    """Give the folder of the store: ``path``, or what its pointer names."""
    from dpc_kg.store.views import POINTER, current_view

    return current_view(path) if (path / POINTER).is_file() else path


_SAYS: dict[str, tuple[int, str, str]] = {
    "deadline": (
        504,
        "The query was ended at its deadline.",
        "Narrow it: no patterns without a shared variable, no ORDER BY over everything.",
    ),
    "memory": (
        503,
        "The query was ended because it needed more memory than one query may have.",
        "Narrow it: group or filter earlier, or ask for fewer columns.",
    ),
    "unavailable": (
        503,
        "No query worker became free in time.",
        "Try again in a moment.",
    ),
    "result-size": (
        413,
        "The result has more rows than one answer may have.",
        "Add a LIMIT, or aggregate with COUNT and GROUP BY.",
    ),
    "engine": (
        500,
        "The engine could not evaluate the query.",
        "Simplify it; tell the operator the time of this answer if it stays.",
    ),
    "query-function": (
        400,
        "The query uses a function this server does not have.",
        "Use the functions of SPARQL 1.1 only.",
    ),
    "view-gone": (
        503,
        "The data was replaced while the query ran.",
        "Ask again.",
    ),
    "gone": (499, "The client went away.", "Ask again."),
}


def problem(message: Message) -> Problem:
    """Turn what a worker (or the lack of one) says into the refusal a client gets."""
    reason = message["reason"]
    if reason == "query-syntax":
        return _syntax(message)
    if reason == "parameter":
        term = f" ({message['term']})" if message.get("term") else ""
        advice = message.get("advice") or "See the list of saved queries."
        return Problem(400, reason, f"{message['detail'].rstrip('.')}{term}.", advice)
    status, detail, advice = _SAYS[reason]
    headers = {"Retry-After": "5"} if status == 503 and reason != "memory" else {}
    return Problem(status, reason, detail, advice, headers)


def _syntax(message: Message) -> Problem:
    place = ""
    if "line" in message:
        place = f" at line {message['line']}, column {message['column']}"
    return Problem(
        400,
        "query-syntax",
        f"The query cannot be read{place}.",
        "Check brackets, dots and prefixes before that place; SERVICE is not offered here.",
    )
