"""Reading apart: a worker process takes an untrusted file to pieces, this one loads the result."""

import dataclasses
import json
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb

from dpc_kg.lift.functions import quote
from dpc_kg.lift.plan import Source
from dpc_kg.lift.rows import Loaded, Reject, base_table, column, identifier
from dpc_kg.lift.sources import limits
from dpc_kg.lift.sources.copies import Given
from dpc_kg.lift.sources.delimited import null_texts
from dpc_kg.lift.sources.grid import Job
from dpc_kg.lift.sources.natural import natural_column
from dpc_kg.lift.sources.worker import PLAIN, TOLD, as_error
from dpc_kg.lift.unusable import too_large, unreadable

_OWN = ("_key", "_version", "_digest")


def read_apart(
    con: duckdb.DuckDBPyConnection,
    source: Source,
    wanted: set[str],
    given: Given,
    loaded: Loaded,
    work: Path,
) -> int:
    """Read a workbook, JSON or SQLite file into the source's table; give its first row's number.

    Raises:
        SourceError: it cannot be used, or the worker passed a cap.
        MappingError: the mapping asks for what is not there or not supported.
    """
    job = job_of(source, wanted, given)
    with TemporaryDirectory(prefix="read-", dir=work) as name:
        return take(con, source, job, run_worker(job, Path(name)), Path(name) / PLAIN, loaded)


def job_of(source: Source, wanted: set[str], given: Given) -> Job:
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
    )


def take(
    con: duckdb.DuckDBPyConnection,
    source: Source,
    job: Job,
    told: dict[str, Any],
    plain: Path,
    loaded: Loaded,
) -> int:
    """Load a table in the plain form and what was told of it; give its first row's number."""
    load_plain(con, source, job.wanted, told, plain)
    loaded.rows = told["rows"]
    loaded.header = tuple(told["header"])
    loaded.cells.update(told["cells"])
    loaded.rejects += [
        Reject(source.name, job.name, row, name, rule, letter=loaded.letter(name))
        for row, name, rule in told["rejects"]
    ]
    return int(told["first"])


def run_worker(job: Job, folder: Path) -> dict[str, Any]:
    """Have a worker do a job in ``folder``; give what it told.

    Raises:
        SourceError: the file cannot be used, or the worker ended before it had told anything.
        MappingError: the mapping asks for what is not there or not supported.
    """
    body = json.dumps(dataclasses.asdict(job), default=str)
    command = [sys.executable, "-m", "dpc_kg.lift.sources.worker"]
    try:
        done = subprocess.run(
            command,
            input=body.encode(),
            cwd=folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=2 * limits.SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as e:
        raise too_large(job.name, "reading it takes too long") from e
    if not (folder / TOLD).is_file():
        if done.returncode < 0:
            raise too_large(job.name, "it needs more memory or time than a reader is given")
        raise unreadable(job.name, f"This is no {job.kind} file that can be read.")
    told: dict[str, Any] = json.loads((folder / TOLD).read_text(encoding="utf-8"))
    if "error" in told:
        raise as_error(told["error"])
    return told


def load_plain(
    con: duckdb.DuckDBPyConnection,
    source: Source,
    wanted: tuple[str, ...],
    told: dict[str, Any],
    path: Path,
) -> None:
    """Make the source's table of the plain form."""
    made = [*_OWN, *(column(name) for name in wanted)]
    made += [natural_column(name) for name in wanted] if told["typed"] else []
    named = ", ".join(f"'c{i}': 'VARCHAR'" for i in range(len(made)))
    body = "".join(f", c{i} AS {name}" for i, name in enumerate(made))
    con.execute(
        f"CREATE TABLE {identifier(base_table(source))} AS SELECT 0 AS _file, _row{body}"
        f" FROM read_csv({quote(str(path))}, auto_detect=false, header=false, delim=',',"
        " quote='\"', escape='\"', nullstr='', allow_quoted_nulls=false, new_line='\\n',"
        f" columns={{'_row': 'BIGINT', {named}}}, max_line_size={limits.MAX_LINE - 1})"
    )
