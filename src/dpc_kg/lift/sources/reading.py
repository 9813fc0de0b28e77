"""Reading apart: a worker process takes an untrusted file to pieces, this one loads the result."""

import dataclasses
import json
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

import duckdb

from dpc_kg.base.told import as_error
from dpc_kg.lift.plan import Source
from dpc_kg.lift.reject import Reject
from dpc_kg.lift.rows import Loaded, Table, base_table, column
from dpc_kg.lift.sources import limits
from dpc_kg.lift.sources.copies import Given
from dpc_kg.lift.sources.delimited import null_texts
from dpc_kg.lift.sources.grid import Job
from dpc_kg.lift.sources.header import titles_of
from dpc_kg.lift.sources.natural import natural_column
from dpc_kg.lift.sources.plain import PlainRow
from dpc_kg.lift.unusable import too_large, unreadable

Told = dict[str, Any]
"""Counts, rejects and titles, never a value."""

_OWN = ("_key", "_version", "_digest")


def read_apart(
    con: duckdb.DuckDBPyConnection,
    source: Source,
    wanted: set[str],
    given: Given,
    loaded: Loaded,
    titles: Mapping[str, str] | None = None,
) -> int:
    """Read a workbook, JSON or SQLite file into the source's table; give its first row's number.

    Raises:
        SourceError: it cannot be used, or the worker passed a cap.
        MappingError: the mapping asks for what is not there or not supported.
    """
    job = job_of(source, wanted, given, titles)
    said = run_worker(job)
    table = plain_table(con, source, job, typed=bool(next(said)))
    told: Told = {}
    for part in said:
        if isinstance(part, dict):
            told = part
        elif not isinstance(part, bool):
            table.add(0, part[0], tuple(part[1]))
    table.flush()
    return take(source, job, told, loaded)


def job_of(
    source: Source, wanted: set[str], given: Given, titles: Mapping[str, str] | None = None
) -> Job:
    """Give the job of reading a file as a source."""
    return Job(
        given.kind,
        given.path.resolve(),
        given.name,
        tuple(sorted(wanted)),
        source.key,
        source.version,
        null_texts(source),
        source.options,
        source.table,
        source.query,
        tuple(sorted((titles or {}).items())),
    )


def plain_table(con: duckdb.DuckDBPyConnection, source: Source, job: Job, *, typed: bool) -> Table:
    """Make the source's table, which takes rows in the plain form."""
    made = [*_OWN, *(column(name) for name in job.wanted)]
    made += [natural_column(name) for name in job.wanted] if typed else []
    return Table(con, base_table(source), tuple(made))


def take(source: Source, job: Job, told: Told, loaded: Loaded) -> int:
    """Take in what was told of a table in the plain form; give its first row's number."""
    loaded.rows = told["rows"]
    loaded.header = tuple(told["header"])
    loaded.sheet = told.get("sheet")
    loaded.titles = titles_of(loaded.header, dict(job.titles))
    loaded.cells.update(told["cells"])
    loaded.rejects += [
        Reject(source.name, job.name, row, name, rule, letter=loaded.letter(name))
        for row, name, rule in told["rejects"]
    ]
    return int(told["first"])


def run_worker(job: Job) -> Iterator[bool | PlainRow | Told]:
    """Have a worker do a job; give what it says: typed or not, the rows, and what is told of them.

    Raises:
        SourceError: the file cannot be used, or the worker ended before it had told anything.
        MappingError: the mapping asks for what is not there or not supported.
    """
    late = threading.Event()
    with subprocess.Popen(
        [sys.executable, "-m", "dpc_kg.lift.sources.worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as worker:
        timer = threading.Timer(2 * limits.SECONDS, _end, (worker, late))
        timer.start()
        try:
            for part in _said(worker, json.dumps(dataclasses.asdict(job), default=str)):
                yield part
                if isinstance(part, dict):
                    return
            code = worker.wait()
        finally:
            timer.cancel()
            worker.kill()
    if late.is_set():
        raise too_large(job.name, "reading it takes too long")
    if code < 0:
        raise too_large(job.name, "it needs more memory or time than a reader is given")
    raise unreadable(job.name, f"This is no {job.kind} file that can be read.")


def _end(worker: "subprocess.Popen[bytes]", late: threading.Event) -> None:
    late.set()
    worker.kill()


def _said(worker: "subprocess.Popen[bytes]", job: str) -> Iterator[bool | PlainRow | Told]:
    """Give the job to a worker and what it says, as far as it comes."""
    if worker.stdin is None or worker.stdout is None:
        return
    with suppress(OSError), worker.stdin as to:  # one that is gone already says nothing
        to.write(job.encode())
    for line in worker.stdout:
        if not line.endswith(b"\n"):
            return
        part = json.loads(line)
        if isinstance(part, dict) and "error" in part:
            raise as_error(part["error"])
        yield part
