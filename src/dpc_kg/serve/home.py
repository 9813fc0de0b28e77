"""What the home page tells: what is in the store, the answers it gives, what was refused."""

import asyncio
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from dpc_kg.base.errors import DpcError
from dpc_kg.serve import frames, pages
from dpc_kg.serve.labels import Cell, Shown, table
from dpc_kg.serve.problems import Problem
from dpc_kg.serve.settings import ServeSettings
from dpc_kg.serve.workers import Pool
from dpc_kg.store.catalogue import SavedQuery, catalogue

CONTENTS = "what-is-in-the-store"
"""The saved query that is shown apart, before the others."""
ROWS = 20
PAGE_ROWS = 500
RETRY_SECONDS = 60.0

EXAMPLE = """\
SELECT ?class (COUNT(?record) AS ?records)
WHERE { ?record a ?class }
GROUP BY ?class
ORDER BY DESC(?records)"""


@dataclass(frozen=True)
class Answered:
    """A saved query with its answer, or with the reason why there is none."""

    query: SavedQuery
    shown: Shown | None
    total: int
    problem: Problem | None


@dataclass(frozen=True)
class Group:
    """What one data set holds: how many things of each class."""

    organization: Cell
    dataset: Cell
    extracted: Cell
    counts: tuple[tuple[Cell, Cell], ...]


@dataclass(frozen=True)
class _Known:
    view: Path
    answers: tuple[Answered, ...]
    until: float


class Home:
    """Answers the saved queries once for each view and keeps the answers."""

    def __init__(self, settings: ServeSettings, pool: Pool) -> None:
        self._settings, self._pool = settings, pool
        self._known: _Known | None = None
        self._lock = asyncio.Lock()
        # one worker stays free for callers
        self._turn = asyncio.Semaphore(max(1, settings.workers - 1))

    async def page(self, base: str) -> bytes:
        """Give the home page; ``base`` is the address the caller used, without a last slash."""
        answers = await self._answers()
        contents = next((a for a in answers if a.query.name == CONTENTS), None)
        facts = {
            "title": self._settings.title,
            "demo": self._settings.demo,
            "contents": contents,
            "groups": groups(contents.shown) if contents and contents.shown else (),
            "answers": [a for a in answers if a.query.name != CONTENTS],
            "refused": refused(self._settings.summary),
            "base": base,
            "example": EXAMPLE,
            "page_rows": ROWS,
        }
        return await asyncio.to_thread(pages.render, "home.html", self._settings.lang, **facts)

    async def query_page(
        self, query: SavedQuery, params: Mapping[str, str]
    ) -> tuple[Answered, bytes]:
        """Give the page of one saved query, and what stands on it."""
        answered = await self.ask(query, params, PAGE_ROWS)
        facts = {
            "title": self._settings.title,
            "demo": self._settings.demo,
            "answered": answered,
            "values": params,
            "page_rows": PAGE_ROWS,
        }
        page = await asyncio.to_thread(pages.render, "query.html", self._settings.lang, **facts)
        return answered, page

    async def ask(self, query: SavedQuery, params: Mapping[str, str], rows: int) -> Answered:
        """Answer one saved query for a page, at most ``rows`` rows of it."""
        message = saved_message(query, params, "page") | {"limit": rows}
        try:
            result = frames.unpack_json(await self._whole(message))
        except Problem as e:
            return Answered(query, None, 0, e)
        shown = await asyncio.to_thread(
            table, result["columns"], result["rows"], self._settings.lang
        )
        return Answered(query, shown, result["total"], None)

    async def _answers(self) -> tuple[Answered, ...]:
        async with self._lock:
            known = self._known
            if known is None or known.view != self._pool.view or time.monotonic() > known.until:
                view = self._pool.view
                queries = catalogue("report").values()
                answers = await asyncio.gather(*(self._in_turn(q) for q in queries))
                failed = any(a.problem for a in answers)
                until = time.monotonic() + RETRY_SECONDS if failed else float("inf")
                self._known = known = _Known(view, tuple(answers), until)
            return known.answers

    async def _in_turn(self, query: SavedQuery) -> Answered:
        async with self._turn:
            return await self.ask(query, {}, PAGE_ROWS if query.name == CONTENTS else ROWS)

    async def _whole(self, message: frames.Message) -> bytes:
        answer = await self._pool.ask(message)
        try:
            parts = [(await answer.head())[0]]
            parts += [piece async for piece in answer.rest()]
        finally:
            answer.close()
        return b"".join(parts)


def saved_message(query: SavedQuery, params: Mapping[str, str], form: str) -> frames.Message:
    """Give the request to a worker for a saved query."""
    return {"name": query.name, "params": dict(params), "format": form}


def groups(contents: Shown) -> tuple[Group, ...]:
    """Give the contents by data set; nothing where the query has other columns than expected."""
    if contents.headings != ("organization", "dataset", "extracted at", "class", "count"):
        return ()
    found = []
    for (organization, dataset, at), rows in groupby(contents.rows, key=lambda row: row[:3]):
        counts = tuple((row[3], row[4]) for row in rows)
        found.append(Group(organization, dataset, at, counts))
    return tuple(found)


def refused(summary: Path | None) -> tuple[Mapping[str, Any], ...]:
    """Give the sources of a demonstration's ``summary.json``; none where there is no such file.

    Raises:
        DpcError: the file is there and is not such a summary.
    """
    if summary is None or not summary.is_file():
        return ()
    try:
        sources = json.loads(summary.read_text(encoding="utf-8"))["sources"]
        return tuple({name: source[name] for name in _COLUMNS} for source in sources)
    except (OSError, ValueError, KeyError, TypeError) as e:
        raise DpcError("The summary of the demonstration cannot be read.", file=str(summary)) from e


_COLUMNS = ("source", "read", "quads", "dropped", "unknown", "refused", "planted", "found", "extra")
