"""Lift partner exports into RDF: sources -> rml -> plan -> quads, with nothing lost in silence.

The names are loaded when first asked for: the worker that reads untrusted files (``sources``)
needs none of the engine.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dpc_kg.lift.request import LiftRequest
    from dpc_kg.lift.session import Lifted, open_lift, report_bytes

__all__ = ["LiftRequest", "Lifted", "open_lift", "report_bytes"]


def __getattr__(name: str) -> Any:
    """Give a public name of this package."""
    if name not in __all__:
        raise AttributeError(name)
    from dpc_kg.lift import request, session

    return getattr(request if name == "LiftRequest" else session, name)
