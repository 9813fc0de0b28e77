"""Run the application: loopback only, no access log (addresses hold query texts)."""

import ipaddress
from dataclasses import replace

import uvicorn

from dpc_kg.base.errors import DpcError, NotSupported, StoreError
from dpc_kg.serve.app import create_app
from dpc_kg.serve.settings import ServeSettings
from dpc_kg.serve.workers import resolve_view
from dpc_kg.store.embedded import EmbeddedStore

IDLE_SECONDS = 10
"""How long a connection may stay open without a request."""


def is_loopback(host: str) -> bool:
    """Tell whether only this machine reaches ``host``."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def config(settings: ServeSettings, host: str, port: int) -> uvicorn.Config:
    """Give the server's configuration.

    Raises:
        NotSupported: ``host`` is not a loopback address.
        StoreError: there is no view in the folder.
    """
    if not is_loopback(host):
        raise NotSupported(
            "The server is offered to this machine only: there is no policy that says who else "
            "may see what.",
            term=host,
            advice="Use 127.0.0.1, and a tunnel or a proxy with its own login for others.",
        )
    if not resolve_view(settings.view).is_dir():
        raise StoreError("There is no store in this folder.", file=str(settings.view))
    name = f"[{host}]" if ":" in host.strip("[]") and not host.startswith("[") else host
    return uvicorn.Config(
        create_app(replace(settings, hosts=(*settings.hosts, name))),
        host=host.strip("[]"),
        port=port,
        access_log=False,
        log_level="warning",
        server_header=False,
        timeout_keep_alive=IDLE_SECONDS,
        timeout_graceful_shutdown=int(settings.deadline_seconds) + 1,
        lifespan="on",
        # a proxy's word about the caller is not taken
        proxy_headers=False,
        ws="none",
    )


def run(settings: ServeSettings, host: str, port: int) -> None:
    """Serve until interrupted.

    Raises:
        NotSupported: ``host`` is not a loopback address.
        StoreError: there is no view in the folder, or no worker could open it.
        DpcError: the port is taken.
    """
    server = uvicorn.Server(config(settings, host, port))
    EmbeddedStore.read_only(resolve_view(settings.view)).close()
    try:
        server.run()
    except SystemExit as e:
        raise DpcError(
            "The server could not open its port.",
            term=f"{host}:{port}",
            advice="Another program may be using it: choose another port.",
        ) from e
    if not server.started:
        raise StoreError("The server did not start.", advice="The lines above say why.")
