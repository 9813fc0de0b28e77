"""A plan that does not read what a deployment's own definitions call personal."""

from dataclasses import replace

from dpc_kg.lift.plan import Plan, View
from dpc_kg.lift.privacy import Decisions
from dpc_kg.lift.trace import declared_path

_NOWHERE = "$['']"
"""A member without a name: no document has it, so the field is blank in every record."""


def without_personal(plan: Plan, decisions: Decisions) -> Plan:
    """Give the plan with every field blank that ``decisions`` calls personal.

    Only fields of JSON documents are looked at: the others take no definitions that tighten.
    """
    return replace(plan, views=tuple(_blanked(plan, view, decisions) for view in plan.views))


def _blanked(plan: Plan, view: View, decisions: Decisions) -> View:
    if plan.source(view.source).formulation != "JSONPath":
        return view
    fields = tuple(
        (name, _NOWHERE if _is_personal(plan, view, name, reference, decisions) else reference)
        for name, reference in view.fields
    )
    return replace(view, fields=fields)


def _is_personal(plan: Plan, view: View, name: str, reference: str, decisions: Decisions) -> bool:
    if name == "#" or name.endswith(".#") or reference in {"~", ""}:
        return False
    decision = decisions.decide(view.source, declared_path(plan, view, name))
    return decision is not None and decision.status == "personal"
