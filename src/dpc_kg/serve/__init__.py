"""Serve: the SPARQL endpoint, the saved queries and the pages, over one read-only view."""

from typing import TYPE_CHECKING

from dpc_kg.serve.settings import ServeSettings

if TYPE_CHECKING:
    from fastapi import FastAPI

__all__ = ["ServeSettings", "create_app", "run"]


def create_app(settings: ServeSettings) -> "FastAPI":
    """Give the application (ASGI) that serves ``settings.view``."""
    # query workers import this package too: they need no web framework
    from dpc_kg.serve.app import create_app

    return create_app(settings)


def run(settings: ServeSettings, host: str = "127.0.0.1", port: int = 8080) -> None:
    """Serve until interrupted.

    Raises:
        NotSupported: ``host`` is not a loopback address; without a policy nobody else may ask.
        StoreError: the view cannot be opened.
    """
    from dpc_kg.serve.server import run

    run(settings, host, port)
