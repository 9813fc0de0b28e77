"""From a worker to what the client receives: whole, streamed, or cut so that it is seen."""

import asyncio
import contextlib
import time
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from dpc_kg.serve.audit import Audit, Entry, fingerprint
from dpc_kg.serve.frames import Message
from dpc_kg.serve.negotiate import Offer, content_type
from dpc_kg.serve.problems import Problem
from dpc_kg.serve.workers import Answer, Pool

GONE = 499
"""The status in the audit of a query whose client went away."""
PRIVATE = {"Cache-Control": "no-store", "Vary": "Accept"}


@dataclass(frozen=True)
class Record:
    """What the audit is told of a query: its text (for the fingerprint) and its form or name."""

    text: str
    form: str | None
    began: float = field(default_factory=time.perf_counter)

    def entry(self, status: int, outcome: str, rows: int | None = None, size: int = 0) -> Entry:
        """Give the audit line for how it ended."""
        return Entry(
            query=fingerprint(self.text),
            form=self.form,
            status=status,
            outcome=outcome,
            rows=rows,
            size=size,
            ms=(time.perf_counter() - self.began) * 1000,
        )


@dataclass(frozen=True)
class _Begun:
    answer: Answer
    head: bytes
    whole: bool


class Answerer:
    """Asks the pool, keeps the audit, and ends queries nobody waits for."""

    def __init__(self, pool: Pool, audit: Audit) -> None:
        self._pool, self._audit = pool, audit

    async def refuse(self, record: Record, problem: Problem) -> Response:
        """Give the refusal of a query that never ran."""
        await self._audit.write(record.entry(problem.status, problem.reason))
        return problem.response()

    async def answer(
        self, request: Request, message: Message, record: Record, offer: Offer
    ) -> Response:
        """Run a query for a client."""
        try:
            begun = await self._begin_for(request, message)
        except Problem as e:
            return await self.refuse(record, e)
        answer = begun.answer
        try:
            outcome = "complete" if begun.whole else "started"
            await self._audit.write(record.entry(200, outcome, answer.rows, answer.bytes))
        except Problem as e:
            answer.close()
            return e.response()
        except BaseException:
            answer.close()
            raise
        if not begun.whole:
            return Stream(answer, begun.head, offer, self._audit, record)
        answer.close()
        return Response(begun.head, headers={**PRIVATE, "Content-Type": content_type(offer)})

    async def _begin(self, message: Message) -> _Begun:
        answer = await self._pool.ask(message)
        try:
            head, whole = await answer.head()
        except BaseException:
            answer.close()
            raise
        return _Begun(answer, head, whole)

    async def _begin_for(self, request: Request, message: Message) -> _Begun:
        """Begin a query, and end it if the client goes away meanwhile.

        Raises:
            Problem: there is no result, and why; 499 where nobody waits for one.
        """
        begin = asyncio.create_task(self._begin(message))
        gone = asyncio.create_task(_gone(request.receive))
        try:
            await asyncio.wait({begin, gone}, return_when=asyncio.FIRST_COMPLETED)
            if begin.done():
                return begin.result()
        finally:
            gone.cancel()
            if not begin.done():
                await _abandon(begin)
        raise Problem(GONE, "gone", "The client went away.", "Ask again.")


class Stream(Response):
    """A result too long to be held back. If it ends early the connection breaks: no last chunk."""

    def __init__(
        self, answer: Answer, head: bytes, offer: Offer, audit: Audit, record: Record
    ) -> None:
        super().__init__(headers={**PRIVATE, "Content-Type": content_type(offer)})
        del self.headers["content-length"]
        self._answer, self._head = answer, head
        self._audit, self._record = audit, record

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the pieces as the worker gives them."""
        watch = asyncio.create_task(self._watch(receive))
        outcome, whole = "gone", False
        try:
            await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            await self._piece(send, self._head)
            async for piece in self._answer.rest():
                await self._piece(send, piece)
            outcome, whole = "complete", True
        except Problem as e:
            outcome = e.reason
        finally:
            watch.cancel()
            self._answer.close()
            await self._audit.write(
                self._record.entry(200, outcome, self._answer.rows, self._answer.bytes)
            )
        if whole:
            await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _watch(self, receive: Receive) -> None:
        await _gone(receive)
        self._answer.stop("gone")

    async def _piece(self, send: Send, piece: bytes) -> None:
        await send({"type": "http.response.body", "body": piece, "more_body": True})


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _abandon(begin: "asyncio.Task[_Begun]") -> None:
    begin.cancel()
    with contextlib.suppress(asyncio.CancelledError, Problem):
        # a cancellation may come a moment too late: then there is an answer to give back
        begun = await begin
        begun.answer.close()
