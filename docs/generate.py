"""Write the pages of ``docs/reference`` that follow from the program and its assets.

    python docs/generate.py           write them
    python docs/generate.py --check   change nothing; exit 1 if one is not current

``performance.md`` is not among them: ``make bench`` writes it.
"""

import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from docs.pages.case import case_page
from docs.pages.commands import commands_page
from docs.pages.model import model_page
from docs.pages.protection import register_page
from docs.pages.queries import queries_page
from docs.pages.rules import rules_page
from docs.pages.sources import sources_page
from dpc_kg.lift import planjson

FOLDER = Path(__file__).resolve().parent / "reference"


def main(arguments: Sequence[str]) -> int:
    """Write the pages, or with ``--check`` name those that differ; give the exit code."""
    if list(arguments) not in ([], ["--check"]):
        sys.stderr.write("usage: python docs/generate.py [--check]\n")
        return 2
    if not arguments:
        FOLDER.mkdir(parents=True, exist_ok=True)
        for name, text in pages().items():
            (FOLDER / name).write_text(text, encoding="utf-8", newline="\n")
        return 0
    stale = outdated()
    for name in stale:
        sys.stdout.write(f"docs/reference/{name} is not current: run python docs/generate.py\n")
    return 1 if stale else 0


def pages() -> dict[str, str]:
    """Give every generated page by file name."""
    made: dict[str, Callable[[], str]] = {
        "commands.md": commands_page,
        "queries.md": queries_page,
        "rules.md": rules_page,
        "model.md": model_page,
        "sources.md": sources_page,
        "data-protection.md": register_page,
        "case-round-trip.md": case_page,
        "plan.schema.json": plan_schema,
    }
    return {name: make() for name, make in made.items()}


def plan_schema() -> str:
    """Give the schema of ``plan.json``."""
    return json.dumps(planjson.schema(), indent=1) + "\n"


def outdated(folder: Path = FOLDER) -> list[str]:
    """Give the names of the pages in ``folder`` that are missing or differ."""
    return [name for name, text in pages().items() if _read(folder / name) != text]


def _read(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.is_file() else None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
