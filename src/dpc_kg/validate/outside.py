"""Validate data and shapes of others, apart from this process."""

import json
import logging
import subprocess
import sys
from pathlib import Path

from dpc_kg.base.told import as_error
from dpc_kg.validate.engines import choose
from dpc_kg.validate.worker import SECONDS, too_much


def validate_outside(data: Path, shapes: Path, engine: str, form: str) -> tuple[int, str]:
    """Have a worker validate a file; give the exit code and the report (``ttl`` or ``text``).

    Raises:
        DpcError: data or shapes cannot be used, or the worker ended before it was done.
    """
    debug = logging.getLogger().isEnabledFor(logging.DEBUG)
    job = {"data": str(data.resolve()), "shapes": str(shapes.resolve()), "form": form}
    job |= {"engine": choose(engine).name} | ({"debug": "yes"} if debug else {})
    try:
        ended = subprocess.run(
            [sys.executable, "-m", "dpc_kg.validate.worker"],
            input=json.dumps(job).encode(),
            stdout=subprocess.PIPE,
            # an engine that ends says why with values of the data
            stderr=None if debug else subprocess.DEVNULL,
            timeout=2 * SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise too_much(data) from None
    head, _, text = ended.stdout.partition(b"\n")
    if ended.returncode != 0 or not head:
        raise too_much(data)
    told = json.loads(head)
    if "error" in told:
        raise as_error(told)
    return int(told["code"]), text.decode()
