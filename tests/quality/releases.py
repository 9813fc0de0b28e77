"""The invented releases that the differ is tried on, one after the other."""

from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

from dpc_kg.model.diff import Comparison, compare
from tests.quality.context import Context

FOLDER = "tests/quality/fixtures/release"


def steps(context: Context) -> dict[str, Comparison]:
    """Compare each release with the one before it; named as in ``1.0.0 to 1.1.0``."""
    names = context.need(f"{FOLDER}/**/*.ttl")
    versions = sorted({name.split("/")[4] for name in names})
    with TemporaryDirectory() as folder:
        context.tree.export(Path(folder), f"{FOLDER}/**/*.ttl")
        place = Path(folder) / FOLDER
        return {
            f"{old} to {new}": compare(place / old, place / new) for old, new in pairwise(versions)
        }
