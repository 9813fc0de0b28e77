"""Validate RDF data, and shapes of others, apart from this process."""

import json
import logging
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

from dpc_kg.base.platform import time_was_up
from dpc_kg.base.told import as_error
from dpc_kg.validate.engines import choose
from dpc_kg.validate.worker import SECONDS, Job, too_much_memory, too_much_time


def validate_outside(
    data: Path,
    shapes: Path | None,
    *,
    profile: str = "full",
    engine: str = "auto",
    form: str = "text",
    lang: str = "en",
    seconds: int | None = None,
) -> tuple[int, bytes]:
    """Have a worker validate a file; give the exit code and the report in a form.

    Without ``shapes`` those of the model's ``profile`` hold. The worker has some ``seconds`` of
    processor time; where they are not set, so many that an ordinary file is done.

    Raises:
        DpcError: data or shapes cannot be used, or the worker ended before it was done.
    """
    given = seconds or SECONDS
    debug = logging.getLogger().isEnabledFor(logging.DEBUG)
    job = Job(
        data=str(data.resolve()),
        shapes=str(shapes.resolve()) if shapes else None,
        profile=profile,
        engine=choose(engine).name,
        form=form,
        lang=lang,
        name=data.name if data.is_absolute() else data.as_posix(),
        debug=debug,
        seconds=seconds,
    )
    try:
        ended = subprocess.run(
            [sys.executable, "-m", "dpc_kg.validate.worker"],
            input=json.dumps(asdict(job)).encode(),
            stdout=subprocess.PIPE,
            # an engine that ends says why with values of the data
            stderr=None if debug else subprocess.DEVNULL,
            timeout=2 * given,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise too_much_time(data, given) from None
    head, _, made = ended.stdout.partition(b"\n")
    if time_was_up(ended.returncode):
        raise too_much_time(data, given)
    if ended.returncode != 0 or not head:
        raise too_much_memory(data)
    told = json.loads(head)
    if "error" in told:
        raise as_error(told)
    return int(told["code"]), made
