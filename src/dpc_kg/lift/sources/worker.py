"""The worker that reads one untrusted file: ``python -m dpc_kg.lift.sources.worker``.

The job comes on standard input. What it made stands in the working folder: ``plain.csv`` and
``told.json``, both complete or an error in the latter. It has caps on memory and processor time
where the system knows them, and imports nothing of the engine.
"""

import json
import sys
from pathlib import Path
from typing import Any

from dpc_kg.base.errors import DpcError, MappingError, SourceError
from dpc_kg.base.platform import limit_memory, limit_time
from dpc_kg.lift.sources import limits, signature
from dpc_kg.lift.sources.grid import Grid, Job
from dpc_kg.lift.sources.plain import write_plain
from dpc_kg.lift.unusable import too_deep, too_large, wrong_encoding

PLAIN, TOLD = "plain.csv", "told.json"


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
    """Give the first rows of each table of a workbook or database, with the table's title.

    Raises:
        SourceError: the file cannot be used.
    """
    if job.kind in (signature.WORKBOOK, signature.XLS):
        from dpc_kg.lift.sources.workbooks import first_rows_of_sheets

        return {"tables": first_rows_of_sheets(job)}
    return {"tables": [(None, [read_grid(job).header])]}


def run(job: Job, folder: Path) -> dict[str, Any]:
    """Read a file into ``folder``; give what is told of it, an error included."""
    try:
        if job.first:
            return first_rows(job)
        with (folder / PLAIN).open("w", encoding="utf-8", newline="") as out:
            return write_plain(job, read_grid(job), out)
    except MemoryError:
        error: DpcError = too_large(job.name, "it needs more memory than a reader is given")
    except RecursionError:
        error = too_deep(job.name)
    except UnicodeEncodeError:
        error = wrong_encoding(job.name, 1)
    except (SourceError, MappingError) as e:
        error = e
    return {"error": as_told(error)}


def as_told(error: DpcError) -> dict[str, Any]:
    """Give an error as JSON takes it."""
    where = error.where
    told: dict[str, Any] = {
        "message": error.message,
        "advice": error.advice,
        "file": where.file,
        "row": where.row,
        "column": where.column,
        "line": where.line,
        "sheet": where.sheet,
    }
    if isinstance(error, SourceError):
        told |= {"rule": error.rule, "columns": list(error.columns)}
    return told


def as_error(told: dict[str, Any]) -> DpcError:
    """Give back the error that was told."""
    message = told.pop("message")
    if "rule" not in told:
        return MappingError(message, **told)
    return SourceError(message, **{**told, "columns": tuple(told["columns"])})


def main() -> None:
    """Do the job on standard input, in the working folder."""
    limit_memory(limits.MEMORY)
    limit_time(limits.SECONDS)
    given = json.load(sys.stdin)
    given["path"] = Path(given["path"])
    for name in ("options", "titles"):
        given[name] = tuple((k, v) for k, v in given[name])
    for name in ("wanted", "nulls"):
        given[name] = tuple(given[name])
    told = run(Job(**given), Path())
    Path(TOLD).write_text(json.dumps(told), encoding="utf-8")


if __name__ == "__main__":
    main()
