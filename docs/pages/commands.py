"""The page of the verbs and their options."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import typer

from docs.pages.markdown import page, table
from dpc_kg.cli.main import app


def commands_page() -> str:
    """Give the page of the verbs and their options."""
    lead = (
        "Exit codes: 0 conforms, 1 does not conform (refused), 2 could not run, 3 not supported.\n"
        "Results go to standard output, all else to standard error. `dpc-kg VERB --help` says the "
        "same as this page."
    )
    return page("Commands", lead, *_verbs(typer.main.get_command(app), "dpc-kg"))


def _verbs(command: Any, name: str) -> Iterable[str]:
    below = getattr(command, "commands", None)
    if below is None:
        yield _verb(command, name)
        return
    for word in sorted(below):
        yield from _verbs(below[word], f"{name} {word}")


def _verb(command: Any, name: str) -> str:
    """Give what a verb says of itself."""
    words = "\n\n".join(" ".join(p.split()) for p in (command.help or "").split("\n\n"))
    taken = [p for p in command.params if "--help" not in p.opts]
    if not taken:
        return f"## {name}\n\n{words}"
    rows = [(_written(p), p.help or "", _default(p)) for p in taken]
    return f"## {name}\n\n{words}\n\n{table(('option', 'what it is', 'default'), rows)}"


def _written(param: Any) -> str:
    if param.param_type_name == "argument":
        return f"`{param.name.upper()}`"
    return " ".join(f"`{o}`" for o in sorted(param.opts, key=len, reverse=True))


def _default(param: Any) -> str:
    if param.required:
        return "required"
    if param.default is None or param.default is False or param.default == []:
        return ""
    value = param.default
    return f"`{value.as_posix() if isinstance(value, Path) else value}`"
