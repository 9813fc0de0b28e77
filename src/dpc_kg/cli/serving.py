"""The verb that answers over HTTP: serve."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from dpc_kg.cli.options import DEMO, HUB


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command()(serve)


def serve(
    profile: Annotated[str, typer.Option("--profile", help="hub or sandbox.")] = "hub",
    demo: Annotated[bool, typer.Option("--demo", help="Serve what make demo built.")] = False,
    dir_: Annotated[Path | None, typer.Option("--dir", help="The hub's folder.")] = None,
    host: Annotated[str, typer.Option("--host", help="The address to listen at.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", help="The port to listen at.")] = 8080,
    deadline: Annotated[float, typer.Option("--deadline", help="Seconds a query may take.")] = 10.0,
) -> int:
    """Answer SPARQL and saved questions over HTTP, on this machine."""
    from dpc_kg.base.errors import DpcError, NotSupported
    from dpc_kg.exchange.receive import Hub
    from dpc_kg.serve import ServeSettings, run
    from dpc_kg.serve.server import is_loopback

    if profile != "hub":
        raise NotSupported("Only the profile hub is there yet.", term=profile)
    base = DEMO if demo and dir_ is None else None
    folder = base / "hub" if base is not None else dir_ or HUB
    if not (folder / "hub.key").exists():
        raise DpcError(
            "There is no hub in this folder.",
            file=str(folder),
            advice="Run make demo first." if demo else "Make one with: dpc-kg org add ...",
        )
    # the hub is held no longer than this: others submit and withdraw while it is served
    with Hub.open(folder) as hub:
        views = hub.publish()
    summary = folder.parent / "summary.json"
    settings = ServeSettings(
        view=views,
        demo=demo,
        summary=summary if demo and summary.exists() else None,
        deadline_seconds=deadline,
        audit=folder / "audit.jsonl",
    )
    if is_loopback(host):
        sys.stderr.write(f"Serving {folder} at http://{host}:{port}/ (stop with Ctrl+C)\n")
    run(settings, host, port)
    return 0
