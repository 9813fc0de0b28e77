"""Lift partner exports into RDF: sources -> rml -> plan -> quads, with nothing lost in silence."""

from dpc_kg.lift.request import LiftRequest
from dpc_kg.lift.session import Lifted, open_lift, report_bytes

__all__ = ["LiftRequest", "Lifted", "open_lift", "report_bytes"]
