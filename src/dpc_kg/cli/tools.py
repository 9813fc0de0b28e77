"""The verbs of anyone who looks around: demo, fmt, doctor."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from dpc_kg.cli.options import DEMO


def register(app: typer.Typer) -> None:
    """Add the verbs."""
    app.command()(demo)
    app.command()(fmt)
    app.command()(doctor)


def demo(
    output: Annotated[
        Path, typer.Option("--output", "-o", help="The folder to write into.")
    ] = DEMO,
) -> int:
    """Run the main job on synthetic exports and public figures."""
    from dpc_kg.cli.demo import demo as run

    return run(output)


def fmt(
    files: Annotated[
        list[Path] | None, typer.Argument(help="Turtle files; all our assets when none is named.")
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Change nothing; exit 1 if a file differs.")
    ] = False,
) -> int:
    """Write Turtle in its canonical form: one edit, one changed line."""
    from dpc_kg.base import assets
    from dpc_kg.base.rdfio import canonical_turtle, read

    root = assets.root()
    folders = ("ontology", "shapes", "mappings")
    chosen = files or sorted(p for name in folders for p in (root / name).rglob("*.ttl"))
    changed = []
    for path in chosen:
        text = canonical_turtle(read(path))
        if path.read_text(encoding="utf-8") != text:
            changed.append(path)
            if not check:
                path.write_text(text, encoding="utf-8", newline="\n")
    for path in changed:
        sys.stdout.write(f"{path}\n")
    sys.stderr.write(f"{len(chosen)} files, {len(changed)} {'differ' if check else 'rewritten'}.\n")
    return 1 if check and changed else 0


def doctor() -> int:
    """Say what this machine has.

    Versions, the SHACL engine, ontology, shapes, mappings and saved queries.
    """
    import platform
    from importlib.metadata import PackageNotFoundError, version

    from dpc_kg.base import assets
    from dpc_kg.validate.engines import choose

    rows = [("Python", platform.python_version()), ("System", platform.platform())]
    for name in ("dpc-kg", "duckdb", "pyoxigraph", "rdflib", "pyshacl", "shacl", "lxml"):
        try:
            rows.append((name, version(name)))
        except PackageNotFoundError:
            rows.append((name, "not installed"))
    fast = choose().name == "shacl"
    rows.append(("SHACL engine", "shacl (fast)" if fast else "pyshacl (slower, same results)"))
    rows.append(("Ontology files", str(len(assets.ontology_files()))))
    rows.append(("Shapes files", str(len(assets.shape_files()))))
    rows.append(("Mappings", ", ".join(assets.mapping_names())))
    rows.append(("Saved queries", str(len(assets.query_files()))))
    for name, value in rows:
        sys.stdout.write(f"{name:16} {value}\n")
    return 0
