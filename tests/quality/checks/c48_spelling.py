"""Give every English text to codespell."""

import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

import pyoxigraph as ox

from tests.quality.context import Context
from tests.quality.parts import Outcome
from tests.quality.tree import BRIDGES, ONTOLOGY, SHAPES, STRUCTURES

TITLE = "spelling"
TOOL = "codespell"
NEEDS = ("environment",)
PAGES = ("*.md", "docs/**/*.md", "mappings/**/*.md", "queries/*/*.rq", "queries/*.md")
WORDS = Path(__file__).resolve().parents[1] / "spelling.txt"


def run(context: Context) -> Outcome:
    """Look at labels, definitions, messages, pages and questions, a line each."""
    lines = sorted(_lines(context))
    with TemporaryDirectory() as folder:
        text = Path(folder) / "texts.txt"
        text.write_text("\n".join(text for _, text in lines), encoding="utf-8")
        program = str(context.checker.with_name("codespell"))
        asked = [program, "--disable-colors", "--ignore-words", str(WORDS), str(text)]
        done = subprocess.run(asked, capture_output=True, encoding="utf-8", check=False)
    problems = []
    for found in done.stdout.splitlines():
        _, number, what = found.rsplit(":", 2)
        problems.append(f"{lines[int(number) - 1][0]}:{what}")
    if done.returncode and not problems:
        problems.append(f"codespell: {done.stderr.strip()}")
    return Outcome(len(lines), "lines of English", tuple(problems))


def _lines(context: Context) -> set[tuple[str, str]]:
    tree = context.tree
    found = set()
    for name in tree.names(*ONTOLOGY, *BRIDGES, *SHAPES, *STRUCTURES):
        for triple in tree.triples(name):
            value = triple.object
            if isinstance(value, ox.Literal) and value.language == "en":
                found.add((f"{name}: {triple.subject}", " ".join(value.value.split())))
    for name in tree.names(*PAGES):
        found |= {(name, line.strip()) for line in tree.text(name).splitlines() if line.strip()}
    return found
