"""A plan that does not read what a deployment's own definitions call personal."""

from dataclasses import replace

from dpc_kg.lift.fieldpaths import declared_path
from dpc_kg.lift.plan import NOWHERE, Plan, View
from dpc_kg.lift.privacy import Decisions


def without_personal(plan: Plan, decisions: Decisions) -> Plan:
    """Give the plan with every field blank that ``decisions`` calls personal.

    Fields of XML documents stay: none of our XML sources takes definitions.
    """
    return replace(plan, views=tuple(_blanked(plan, view, decisions) for view in plan.views))


def _blanked(plan: Plan, view: View, decisions: Decisions) -> View:
    if plan.source(view.source).formulation == "XPath":
        return view
    fields = tuple(
        (name, NOWHERE if _is_personal(plan, view, name, reference, decisions) else reference)
        for name, reference in view.fields
    )
    return replace(view, fields=fields)


def _is_personal(plan: Plan, view: View, name: str, reference: str, decisions: Decisions) -> bool:
    if name == "#" or name.endswith(".#") or reference in {"~", ""}:
        return False
    decision = decisions.decide(view.source, declared_path(plan, view, name))
    return decision is not None and decision.status == "personal"
