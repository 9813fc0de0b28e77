"""The worker that reads one untrusted file: ``python -m dpc_kg.lift.sources.worker``.

The job comes on standard input. On standard output go lines of JSON: whether the table is typed,
its rows, and last what is told of them, or an error. No file is written. It has caps on memory and
processor time where the system knows them, and imports nothing of the engine.
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from dpc_kg.base.errors import DpcError, MappingError, SourceError
from dpc_kg.base.platform import limit_memory, limit_time
from dpc_kg.base.told import as_told
from dpc_kg.lift.sources import limits, signature
from dpc_kg.lift.sources.grid import Grid, Job
from dpc_kg.lift.sources.plain import Plain
from dpc_kg.lift.unusable import too_deep, too_large, wrong_encoding


def read_grid(job: Job) -> Grid:
    """Give the table of a job's file by the reader of its kind.

    Raises:
        SourceError: the file cannot be used.
        MappingError: the mapping asks for what is not there or not supported.
    """
    if job.kind in (signature.WORKBOOK, signature.XLS):
        from dpc_kg.lift.sources.workbooks import read_workbook

        return read_workbook(job)
    if job.kind == signature.JSON:
        from dpc_kg.lift.sources.jsonrows import read_json

        return read_json(job)
    from dpc_kg.lift.sources.sqlite import read_sqlite

    return read_sqlite(job)


def first_rows(job: Job) -> dict[str, Any]:
    """Give the title, first rows and joined cells of each table of a workbook or database.

    Raises:
        SourceError: the file cannot be used.
    """
    if job.kind in (signature.WORKBOOK, signature.XLS):
        from dpc_kg.lift.sources.workbooks import first_rows_of_sheets

        return {"tables": first_rows_of_sheets(job)}
    return {"tables": [(None, [read_grid(job).header], [])]}


def run(job: Job, say: Callable[[Any], None]) -> dict[str, Any]:
    """Read a file and say its rows; give what is told of it, an error included."""
    try:
        if job.first:
            return first_rows(job)
        made = Plain(job, read_grid(job))
        say(made.grid.typed)
        for row in made.rows():
            say(row)
        return made.told()
    except MemoryError:
        error: DpcError = too_large(job.name, "it needs more memory than a reader is given")
    except RecursionError:
        error = too_deep(job.name)
    except UnicodeEncodeError:
        error = wrong_encoding(job.name, 1)
    except (SourceError, MappingError) as e:
        error = e
    return {"error": as_told(error)}


def main() -> None:
    """Do the job on standard input."""
    limit_memory(limits.MEMORY)
    limit_time(limits.SECONDS)
    given = json.load(sys.stdin)
    given["path"] = Path(given["path"])
    for name in ("options", "titles"):
        given[name] = tuple((k, v) for k, v in given[name])
    for name in ("wanted", "nulls"):
        given[name] = tuple(given[name])
    out = sys.stdout.buffer

    def say(what: Any) -> None:
        out.write(json.dumps(what, ensure_ascii=False).encode() + b"\n")

    say(run(Job(**given), say))
    out.flush()


if __name__ == "__main__":
    main()
