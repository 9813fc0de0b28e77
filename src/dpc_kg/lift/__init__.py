"""Lift partner exports into RDF: sources -> rml -> plan -> quads, with nothing lost in silence."""

from dpc_kg.lift.session import Lifted, LiftRequest, open_lift, report_bytes

__all__ = ["LiftRequest", "Lifted", "open_lift", "report_bytes"]
