"""Run ``dpc-kg reason`` in the check environment: owlready2 loads the model, HermiT accepts it."""

import re
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.quality import environment
from tests.quality.context import Context
from tests.quality.parts import Outcome
from tests.quality.tree import BRIDGES, ONTOLOGY

TITLE = "dpc-kg reason"
TOOL = "owlready2, HermiT"
NEEDS = ("environment",)
_ASK = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv.pop(1))
from dpc_kg.base import assets
from dpc_kg.cli import main
assets.root = lambda: Path(sys.argv[1])
sys.exit(main(["reason", *sys.argv[2:]]))
"""


def run(context: Context) -> Outcome:
    """Load the model, then the model with all bridges at once."""
    with TemporaryDirectory() as folder:
        context.tree.export(Path(folder), *ONTOLOGY, *BRIDGES)
        bridges = [Path(name).stem for name in context.tree.names(*BRIDGES)]
        more = [word for name in bridges for word in ("--bridges", name)]
        said = {
            "the model": _reason(context, folder, []),
            "with bridges": _reason(context, folder, more),
        }
    problems = [f"{name}: {text}" for name, (code, text) in said.items() if code]
    figure = f"{' '.join(said['the model'][1].split()[:6])}; {len(bridges)} bridges with it"
    return Outcome(_classes(said["the model"][1]), "classes", tuple(problems), figure)


def _reason(context: Context, folder: str, more: list[str]) -> tuple[int, str]:
    source = str(context.tree.root / "src")
    done = environment.call([str(context.checker), "-c", _ASK, source, folder, *more])
    return done.returncode, " ".join((done.stdout or done.stderr).split())


def _classes(text: str) -> int:
    match = re.search(r"Classes (\d+)", text)
    return int(match[1]) if match else 0
