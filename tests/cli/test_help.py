"""What the program says about itself, and what it costs to ask."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
import typer.main

from dpc_kg.cli.main import app

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.cli.conftest import Run

HEAVY = [
    "rdflib",
    "duckdb",
    "pyoxigraph",
    "fastapi",
    "pyshacl",
    "shacl",
    "lxml",
    "cryptography",
    "uvicorn",
    "jinja2",
    "starlette",
    "xlsxwriter",
]
SHOW_LOADED = """
import json, sys
from dpc_kg.cli import main
code = main(json.loads(sys.argv[1]))
print(json.dumps([code, sorted(m for m in sys.modules if "." not in m)]), file=sys.stderr)
"""


def commands(group: Any = None, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Give the path of every verb."""
    here: Any = group or typer.main.get_command(app)
    for name, command in here.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, (*path, name))
        else:
            yield (*path, name)


VERBS = sorted(commands())


def test_the_verbs_are_those_of_the_design() -> None:
    design = (
        "lift validate package submit withdraw generate load dump query verify fmt serve doctor"
    )
    wanted = {(verb,) for verb in design.split()} | {("key", "new"), ("org", "add")}
    assert wanted <= set(VERBS)


@pytest.mark.parametrize("verb", VERBS, ids=" ".join)
def test_every_verb_explains_itself(run: Run, verb: tuple[str, ...]) -> None:
    done = run(*verb, "--help")
    assert done.code == 0
    assert done.out.startswith(f"Usage: dpc-kg {' '.join(verb)} ")
    assert done.err == ""


@pytest.mark.parametrize("verb", VERBS, ids=" ".join)
def test_every_option_says_what_it_is(verb: tuple[str, ...]) -> None:
    command: Any = typer.main.get_command(app)
    for name in verb:
        command = command.commands[name]
    unsaid = [p.name for p in command.params if not getattr(p, "help", None) and p.name != "help"]
    assert unsaid == []
    assert command.help


@pytest.mark.parametrize("arguments", [["--help"], ["serve", "--help"], ["nonsense"], []], ids=str)
def test_help_loads_nothing_heavy(arguments: list[str]) -> None:
    command = [sys.executable, "-c", SHOW_LOADED, json.dumps(arguments)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    code, loaded = json.loads(done.stderr.splitlines()[-1])
    assert code == (0 if "--help" in arguments else 2)
    assert not set(loaded) & set(HEAVY)


def test_the_program_runs_as_a_module() -> None:
    command = [sys.executable, "-m", "dpc_kg", "--help"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "Exit codes: 0 conforms, 1 refused, 2 could" in done.stdout


def test_without_a_verb_the_help_goes_to_standard_error(run: Run) -> None:
    done = run()
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("Usage: dpc-kg")


def test_doctor_names_engine_and_assets(run: Run) -> None:
    done = run("doctor")
    assert done.code == 0
    rows = dict(line.split(None, 1) for line in done.out.splitlines())
    assert {"Python", "duckdb", "pyoxigraph", "rdflib", "Mappings"} <= rows.keys()
    assert "primero" in rows["Mappings"]
    assert done.err == ""
