"""Look the targets of the alignments up in the pinned files of their standards."""

from pathlib import Path
from tempfile import TemporaryDirectory

from dpc_kg.model import crosswalk, targets
from tests.quality.context import Context
from tests.quality.parts import Outcome
from tests.quality.sssom import FILES

TITLE = "targets"
TOOL = "pinned files (targets.toml)"
NEEDS = ("shared", "environment", "time")
FEWEST = 300


def run(context: Context) -> Outcome:
    """Look at every row that names a term of a standard."""
    context.need(*FILES)
    context.data()
    _ = context.checker
    with TemporaryDirectory() as folder:
        context.tree.export(Path(folder), *FILES, "mappings/align/targets.toml")
        place = Path(folder) / "mappings" / "align"
        standards = {each.name: each for each in targets.standards(place / "targets.toml")}
        sets = crosswalk.load(place)
        counted = [targets.tally(one, standards.get(one.name), context.places) for one in sets]
    problems = [f"{one.name}: {text}" for one in counted for text in one.missing]
    problems += [f"{one.name}: {name} was altered" for one in counted for name in one.altered]
    problems += [f"{one.name}: {name} is not there" for one in counted for name in one.absent]
    verified = sum(one.verified for one in counted)
    if verified < FEWEST:
        problems.append(f"{verified} targets stand in a pinned file, at least {FEWEST} must")
    rows = sum(one.rows for one in counted)
    return Outcome(rows, "rows", tuple(problems), f"{verified} of {rows} targets in pinned files")
