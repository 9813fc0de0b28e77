"""The pages name every command and question there is, and their links lead somewhere."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import pytest
import typer.main

from dpc_kg.cli.main import app
from dpc_kg.store.catalogue import catalogue

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)


def pages(repository: Path) -> list[Path]:
    return [*sorted(repository.glob("*.md")), *sorted((repository / "docs").rglob("*.md"))]


def page(repository: Path, name: str) -> str:
    path = repository / name
    if not path.exists():
        pytest.skip(f"needs {name}, which is not written yet")
    return path.read_text(encoding="utf-8")


def verbs(group: Any = None, path: str = "dpc-kg") -> Iterator[str]:
    here: Any = group or typer.main.get_command(app)
    for name, command in here.commands.items():
        if hasattr(command, "commands"):
            yield from verbs(command, f"{path} {name}")
        else:
            yield f"{path} {name}"


def test_the_readme_names_the_two_commands(repository: Path) -> None:
    text = (repository / "README.md").read_text(encoding="utf-8")
    assert "make demo" in text
    assert "make test" in text


def test_the_reference_names_every_verb(repository: Path) -> None:
    text = page(repository, "docs/reference/commands.md")
    assert [verb for verb in verbs() if verb not in text] == []


def test_the_reference_names_every_saved_query(repository: Path) -> None:
    text = page(repository, "docs/reference/queries.md")
    known = catalogue("report", "verify", "competency")
    assert [name for name in known if name not in text] == []


def anchors(text: str) -> set[str]:
    """Give the anchors a page's headings make."""
    heads = re.findall(r"^#+\s+(.*?)\s*$", FENCE.sub("", text), re.MULTILINE)
    plain = (re.sub(r"[^\w\- ]", "", head.lower()) for head in heads)
    return {head.strip().replace(" ", "-") for head in plain}


def test_links_lead_somewhere(repository: Path) -> None:
    broken = []
    for path in pages(repository):
        text = path.read_text(encoding="utf-8")
        for target in LINK.findall(FENCE.sub("", text)):
            if re.match(r"[a-z]+:", target):
                continue
            name, _, anchor = unquote(target).partition("#")
            other = (path.parent / name).resolve() if name else path
            is_page = other.suffix == ".md" and other.exists()
            known = anchors(other.read_text(encoding="utf-8")) if anchor and is_page else {anchor}
            if not other.exists() or anchor not in known:
                broken.append(f"{path.relative_to(repository)}: {target}")
    assert broken == []


def test_commands_shown_are_commands_there_are(repository: Path) -> None:
    known = {verb.split()[1] for verb in verbs()}
    unknown = set()
    for path in [*pages(repository), repository / "Makefile"]:
        if path.name == "CHANGELOG.md" or "decisions" in path.parts:
            continue
        shown = re.findall(r"^\s*(?:\$ )?dpc-kg ([a-z]+)", path.read_text("utf-8"), re.MULTILINE)
        unknown |= {f"{path.name}: {verb}" for verb in shown if verb not in known}
    assert unknown == set()
