"""The verbs of those who make the model: reason, diff."""

import sys
from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the verbs."""
    app.command()(reason)
    app.command()(diff)


def reason(
    bridges: Annotated[
        list[str] | None,
        typer.Option("--bridges", metavar="NAME", help="A bridge to load too; may be repeated."),
    ] = None,
) -> int:
    """Ask HermiT whether the model is consistent; 1 if it is not, 3 without owlready2 or Java."""
    from dpc_kg.model import reason as room

    verdict = room.reason(room.model(bridges or ()))
    rows = (
        ("Classes", str(verdict.classes)),
        ("Properties", str(verdict.properties)),
        ("Individuals", str(verdict.individuals)),
        ("Consistent", "yes" if verdict.consistent else "no"),
        ("Unsatisfiable", str(len(verdict.unsatisfiable))),
    )
    for name, value in rows:
        sys.stdout.write(f"{name:16} {value}\n")
    for iri in verdict.unsatisfiable:
        sys.stdout.write(f"  {iri}\n")
    return 0 if verdict.sound else 1


def diff(
    old: Annotated[Path, typer.Argument(help="The folder of the earlier release.")],
    new: Annotated[Path, typer.Argument(help="The folder of the later one.")],
) -> int:
    """Say which terms, codes and shapes came, went or changed between two releases.

    A release is a folder with ``ontology`` and ``shapes``. Exit code 1 if a term, code or shape
    went that the earlier release had not deprecated.
    """
    from dpc_kg.model.diff import compare

    found = compare(old, new)
    for change in found.changes:
        sys.stdout.write(f"{change}\n")
    sys.stderr.write(f"{found.summary()}\n")
    return 1 if found.abrupt else 0
