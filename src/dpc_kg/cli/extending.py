"""The verb of organisations that add fields of their own: extension."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from dpc_kg.model.extensions import Distance, Extension

_SHOWN = 100


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command()(extension)


def extension(
    name: Annotated[
        str, typer.Argument(help="A registered organisation, or the file of an extension.")
    ],
    data: Annotated[
        Path | None, typer.Option("--data", help="RDF data that use it: N-Quads, TriG, Turtle.")
    ] = None,
    engine: Annotated[str, typer.Option("--engine", help="auto, shacl or pyshacl.")] = "auto",
) -> int:
    """Check an extension, say how far it is from the core, and validate data that use it."""
    from dpc_kg.model import extensions
    from dpc_kg.validate.extending import graph_of, problems, validate_extended

    loaded = extensions.load(name)
    wrong = problems(loaded, engine)
    for line in wrong[:_SHOWN]:
        sys.stdout.write(f"refused: {line}\n")
    if wrong:
        return 1
    merged = graph_of(data) if data is not None else None
    sys.stdout.write(_report(loaded, extensions.distance(loaded, merged)))
    if data is None:
        return 0
    run = validate_extended(data, loaded, engine)
    for result in run.results[:_SHOWN]:
        sys.stdout.write(f"{result.focus} {result.rule}\n")
    sys.stdout.write(f"{len(run.results)} results, {run.focus_nodes} records looked at.\n")
    return 0 if run.conforms else 1


def _report(loaded: "Extension", far: "Distance") -> str:
    """Give the distance from the core in words."""
    lines = [f"{loaded.org}: an extension of the {loaded.tier} tier that can be registered."]
    lines += [
        f"{cls}: {ours} fields of the model, {own} of its own." for cls, ours, own in far.classes
    ]
    lines.append(f"Codes of its own: {far.codes}. Rules made stricter: {far.tightened}.")
    lines.append(
        f"Distance from the core: {far.share:.1%} of the fields of the classes it touches."
    )
    if far.statements is not None:
        lines.append(f"In these data: {far.statements:.1%} of the statements.")
    return "\n".join(lines) + "\n"
