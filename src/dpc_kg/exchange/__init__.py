"""Exchange: what travels between organisations, and the hub that takes it."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dpc_kg.exchange.holdings import HubStatus
    from dpc_kg.exchange.package import Package, PackageRequest, build, read
    from dpc_kg.exchange.receipts import Receipt
    from dpc_kg.exchange.receive import Hub
    from dpc_kg.exchange.signing import SigningKey, VerifyKey

__all__ = [
    "Hub",
    "HubStatus",
    "Package",
    "PackageRequest",
    "Receipt",
    "SigningKey",
    "VerifyKey",
    "build",
    "read",
]

_ROOMS = {
    "Hub": "receive",
    "HubStatus": "holdings",
    "Package": "package",
    "PackageRequest": "package",
    "Receipt": "receipts",
    "SigningKey": "signing",
    "VerifyKey": "signing",
    "build": "package",
    "read": "package",
}


def __getattr__(name: str) -> Any:
    """Load a room when a name of it is asked for: a partner needs no store to make a package."""
    from importlib import import_module

    if name not in _ROOMS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_ROOMS[name]}"), name)
