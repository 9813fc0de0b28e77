"""The worker that validates files of others: ``python -m dpc_kg.validate.worker``.

The job comes on standard input as JSON. On standard output goes one line of JSON, the exit code or
an error, and after a code the report. It has caps on memory and processor time where the system
knows them: shapes can ask for as much of both as they like, and an engine can end its process.
"""

import gc
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dpc_kg.base.errors import DpcError, SourceError, unforeseen
from dpc_kg.base.platform import limit_memory, limit_time
from dpc_kg.base.told import as_told

MEMORY = 4 << 30
"""Address space; the reference engine takes 1.5 GiB for a million triples."""

SECONDS = 600
"""Processor time where nothing else is asked for; twice that by the clock."""


@dataclass(frozen=True)
class Job:
    """What a worker is to do; ``name`` is what the report calls the data.

    Without ``shapes`` those of ``profile`` hold; ``debug`` lets an unforeseen error through;
    ``seconds`` of processor time are given, if they are set.
    """

    data: str
    shapes: str | None
    profile: str
    engine: str
    form: str
    lang: str
    name: str
    debug: bool = False
    seconds: int | None = None


def report(job: Job) -> tuple[int, bytes]:
    """Validate; give the exit code and the report.

    Raises:
        DpcError: data or shapes cannot be used.
    """
    from dpc_kg.validate.cost import Limits
    from dpc_kg.validate.datareport import data_report
    from dpc_kg.validate.engines import validate_data
    from dpc_kg.validate.forms import written
    from dpc_kg.validate.positions import places
    from dpc_kg.validate.shaclreport import to_turtle

    data, shapes = Path(job.data), Path(job.shapes) if job.shapes else None
    _check_syntax(data)
    run = validate_data(
        data, shapes, job.engine, profile=job.profile, limits=Limits(MEMORY, job.seconds)
    )
    code = 0 if run.conforms else 1
    if job.form == "ttl":
        return code, to_turtle(run).encode()
    found = data_report(run, places(data, run.results), job.name, ours=shapes is None)
    return code, written(found, job.form, job.lang)


def _check_syntax(data: Path) -> None:
    """Refuse what the parser of JSON-LD would drop in silence."""
    from dpc_kg.lift.jsonld import check_jsonld

    if data.suffix.lower() == ".jsonld":
        try:
            check_jsonld(data.read_bytes(), data.name)
        except SourceError as e:
            where = e.where
            raise DpcError(
                e.message, file=where.file, line=where.line, column=where.column, advice=e.advice
            ) from e


def done(job: Job) -> tuple[dict[str, Any], bytes]:
    """Do a job; give what is told of it and the report, nothing of which may be a crash."""
    try:
        code, made = report(job)
    except DpcError as e:
        return as_told(e), b""
    except MemoryError:
        return as_told(too_much_memory(Path(job.data))), b""
    except RecursionError:
        advice = "Give shapes, paths and classes that are not as deeply nested."
        file = Path(job.shapes or job.data).name
        return as_told(DpcError("It is nested too deeply.", file=file, advice=advice)), b""
    except Exception as e:
        if job.debug:
            raise
        return as_told(DpcError(unforeseen(e))), b""
    return {"code": code}, made


def too_much_memory(data: Path) -> DpcError:
    """Give the error of files that take more memory than a worker is given, or end it at once."""
    return DpcError(
        f"To validate this takes more memory than it is given ({MEMORY >> 30} GiB), or has ended "
        "the engine.",
        file=data.name,
        advice="Split the file, or simplify the shapes: long paths over nodes that all refer to "
        "each other cost most.",
    )


def too_much_time(data: Path, seconds: int) -> DpcError:
    """Give the error of files that take more processor time than a worker is given."""
    return DpcError(
        f"To validate this takes more time than it is given ({seconds} s of processor time).",
        file=data.name,
        advice="Split the file, simplify the shapes (paths, patterns and queries cost most), or "
        "give it more time: --seconds.",
    )


def main() -> None:
    """Do the job on standard input."""
    limit_memory(MEMORY)
    # terms live to the end: to look through all of them again and again takes a third of the time
    gc.set_threshold(700, 10, 1000)
    job = Job(**json.load(sys.stdin))
    limit_time(job.seconds or SECONDS)
    told, made = done(job)
    out = sys.stdout.buffer
    out.write(json.dumps(told).encode() + b"\n" + made)
    out.flush()


if __name__ == "__main__":
    main()
