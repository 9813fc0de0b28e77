"""The usual stack: morph-kgc lifts, rdflib holds and answers, pySHACL validates.

It has an environment of its own: its pins exclude the versions we run on.
"""

import json
from pathlib import Path

from bench import environments
from bench.measure import Usage

PACKAGES = ("morph-kgc", "pyshacl", "rdflib", "pandas")
STAGES = ("lift", "load", "query", "validate")


def versions(python: Path) -> dict[str, str]:
    """Give the versions of the packages that do the work."""
    return environments.versions(python, PACKAGES)


def lift_command(python: Path, folder: Path, assets: Path) -> list[str]:
    """Give the command that writes ``folder/data.nt``; run it where ``cases.csv`` lies."""
    mapping, out = assets / "cases.usual.rml.ttl", folder / "data.nt"
    return environments.morph(python, folder / "morph-kgc.ini", mapping, out)


def rest_command(python: Path, folder: Path, assets: Path) -> list[str]:
    """Give the command of all other stages, which read ``folder/data.nt`` once."""
    script = str(environments.PEERS / "usual_stack.py")
    data, out = str(folder / "data.nt"), str(folder)
    return [str(python), script, data, str(assets / "shapes.ttl"), str(assets / "check.rq"), out]


def stages(folder: Path, whole: Usage) -> dict[str, Usage]:
    """Split the process of all other stages by its own marks; what is left is the last one's."""
    found: dict[str, Usage] = {}
    for line in (folder / "marks.jsonl").read_text(encoding="utf-8").splitlines():
        mark = json.loads(line)
        found[mark["stage"]] = Usage(mark["wall"], mark["cpu"], mark["peak"])
    for stage in STAGES[1:]:
        if stage not in found:
            wall = whole.wall - sum(u.wall for u in found.values())
            cpu = whole.cpu - sum(u.cpu for u in found.values())
            found[stage] = Usage(wall, cpu, whole.peak, stopped=True)
            break
    return found
