"""The rules of the house: sizes, layers, light packages, nothing of one machine in the files."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from functools import lru_cache
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[1]
SOURCE = REPOSITORY / "src" / "dpc_kg"
MAX_LINES = 400
LONGER: frozenset[str] = frozenset()
"""Modules that may be longer, declared by name; none."""

TEXTS = {".py", ".toml", ".ttl", ".csv", ".md", ".rq", ".html", ".css", ".json", ".cff", ".trig"}
LATER = re.compile(r"\b(?:TO" + "DO|FIX" + r"ME|X" + r"XX)\b")
MACHINE = re.compile(r"(?<![\w.])/(?:home|root|work|Users|mnt|opt)/[a-z]|[A-Z]:\\Users", re.ASCII)
INDEX = re.compile(r"--(?:extra-)?index-url|//[\w.-]*(?:pypi|artifact|nexus)[\w.-]*\.[a-z]+")


@lru_cache(maxsize=1)
def tracked() -> tuple[Path, ...]:
    """Give the files under version control, new ones too; without git, those of our folders."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    try:
        done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=True)
        names = done.stdout.splitlines()
    except (OSError, subprocess.CalledProcessError):
        folders = ("src", "ontology", "shapes", "mappings", "queries", "tests", "docs", "bench")
        files = (p for folder in folders for p in (REPOSITORY / folder).rglob("*"))
        names = [str(p.relative_to(REPOSITORY)) for p in files if "__pycache__" not in p.parts]
    return tuple(p for name in names if (p := REPOSITORY / name).is_file())


def texts() -> list[tuple[str, str]]:
    """Give the name and text of every tracked text file."""
    plain = [p for p in tracked() if p.suffix in TEXTS or p.name in ("Makefile", "run")]
    named = ((p.relative_to(REPOSITORY).as_posix(), p) for p in plain)
    return [(name, p.read_text(encoding="utf-8", errors="replace")) for name, p in named]


def modules() -> list[Path]:
    return sorted(SOURCE.rglob("*.py"))


def test_no_module_outgrows_its_room() -> None:
    sizes = {
        p.relative_to(SOURCE).as_posix(): len(p.read_text(encoding="utf-8").splitlines())
        for p in modules()
    }
    assert {name: size for name, size in sizes.items() if size > MAX_LINES} == dict.fromkeys(LONGER)


def test_nothing_is_put_off_in_a_comment() -> None:
    assert [name for name, text in texts() if LATER.search(text)] == []


@pytest.mark.parametrize("pattern", [MACHINE, INDEX], ids=["path", "index"])
def test_no_file_knows_one_machine(pattern: re.Pattern[str]) -> None:
    found = [
        f"{name}: {match.group()}"
        for name, text in texts()
        for match in pattern.finditer(text)
        if name != "tests/test_house.py"
    ]
    assert found == []


def test_text_is_read_and_written_as_utf8() -> None:
    """Without an encoding Windows would take that of its console."""
    found = []
    for path in modules():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            given = {keyword.arg for keyword in node.keywords}
            if node.func.attr in ("read_text", "write_text") and "encoding" not in given:
                found.append(f"{path.name}:{node.lineno}")
    assert found == []


def test_data_flows_one_way() -> None:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    if not Path(command[0]).exists():
        pytest.skip("needs import-linter in this environment")
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert "2 kept, 0 broken" in done.stdout


LIGHT = """
import importlib, sys
importlib.import_module(sys.argv[1])
print(" ".join(m for m in sys.modules if m.startswith("dpc_kg") or "." not in m))
"""
MAY_LOAD = {
    "base": set[str](),
    "model": {"rdflib"},
    "store": {"pyoxigraph"},
    "lift": {"duckdb", "lxml", "rdflib"},
    "validate": set[str](),
    "exchange": {"cryptography"},
    "serve": {"fastapi", "starlette", "uvicorn", "jinja2", "pyoxigraph"},
    "cli": {"typer"},
}
HEAVY = "rdflib duckdb pyoxigraph pyshacl shacl fastapi starlette uvicorn jinja2 lxml cryptography"


def test_every_package_is_known() -> None:
    packages = {p.parent.name for p in SOURCE.glob("*/__init__.py")}
    assert packages == MAY_LOAD.keys()


@pytest.mark.parametrize("package", sorted(MAY_LOAD))
def test_a_package_hands_out_names_and_nothing_else(package: str) -> None:
    text = (SOURCE / package / "__init__.py").read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 60
    kinds = {type(node).__name__ for node in ast.parse(text).body}
    assert kinds <= {"Expr", "Import", "ImportFrom", "Assign", "AnnAssign", "If", "FunctionDef"}


@pytest.mark.parametrize("package", sorted(MAY_LOAD))
def test_importing_a_package_loads_only_what_it_needs(package: str) -> None:
    command = [sys.executable, "-c", LIGHT, f"dpc_kg.{package}"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) & set(HEAVY.split()) <= MAY_LOAD[package]
