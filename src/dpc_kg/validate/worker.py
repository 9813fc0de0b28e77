"""The worker that validates files of others: ``python -m dpc_kg.validate.worker``.

The job comes on standard input as JSON. On standard output goes one line of JSON, the exit code or
an error, and after a code the report. It has caps on memory and processor time where the system
knows them: shapes can ask for as much of both as they like, and an engine can end its process.
"""

import json
import sys
from pathlib import Path
from typing import Any

from dpc_kg.base.errors import DpcError, unforeseen
from dpc_kg.base.platform import limit_memory, limit_time
from dpc_kg.base.told import as_told

MEMORY = 4 << 30
"""Address space; the reference engine takes 1.5 GiB for a million triples."""

SECONDS = 600
"""Processor time; twice that by the clock."""

_SHOWN_RESULTS = 100


def report(data: Path, shapes: Path, engine: str, form: str) -> tuple[int, str]:
    """Validate; give the exit code and the report.

    Raises:
        DpcError: data or shapes cannot be used.
    """
    from dpc_kg.validate.engines import validate_data
    from dpc_kg.validate.shaclreport import to_turtle

    run = validate_data(data, shapes, engine)
    code = 0 if run.conforms else 1
    if form == "ttl":
        return code, to_turtle(run)
    lines = [f"{len(run.results)} results, {run.focus_nodes} focus nodes."]
    lines += [f"{r.focus} {r.path or ''} {r.rule}" for r in run.results[:_SHOWN_RESULTS]]
    if len(run.results) > _SHOWN_RESULTS:
        lines.append(f"and {len(run.results) - _SHOWN_RESULTS} more")
    return code, "\n".join(lines) + "\n"


def done(job: dict[str, str]) -> tuple[dict[str, Any], str]:
    """Do a job; give what is told of it and the report, nothing of which may be a crash."""
    data, shapes = Path(job["data"]), Path(job["shapes"])
    try:
        code, text = report(data, shapes, job["engine"], job["form"])
    except DpcError as e:
        return as_told(e), ""
    except MemoryError:
        return as_told(too_much(data)), ""
    except RecursionError:
        advice = "Give shapes and paths that are not as deeply nested."
        return as_told(DpcError("It is nested too deeply.", file=shapes.name, advice=advice)), ""
    except Exception as e:
        if job.get("debug"):
            raise
        return as_told(DpcError(unforeseen(e))), ""
    return {"code": code}, text


def too_much(data: Path) -> DpcError:
    """Give the error of files that take more than a worker is given."""
    return DpcError(
        "To validate this takes more memory or time than it is given.",
        file=data.name,
        advice="Split the file, or simplify the shapes: long paths over nodes that all refer to "
        "each other cost most.",
    )


def main() -> None:
    """Do the job on standard input."""
    limit_memory(MEMORY)
    limit_time(SECONDS)
    told, text = done(json.load(sys.stdin))
    out = sys.stdout.buffer
    out.write(json.dumps(told).encode() + b"\n" + text.encode())
    out.flush()


if __name__ == "__main__":
    main()
