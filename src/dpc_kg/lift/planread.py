"""What a lift asks of its plan: lists, order of views, records, fields that become hashes."""

from dpc_kg.lift.blame import blamed
from dpc_kg.lift.fieldpaths import declared_path
from dpc_kg.lift.plan import Const, Plan, Source, View, calls, expressions, terms


def lists_of(plan: Plan) -> set[str]:
    """Give the lists that a plan's functions name."""
    made = [e for m in plan.maps for t in terms(m, joined=True) for e in expressions(t)]
    made += [e for v in plan.views for _, e in v.computed]
    named = (call.arg("list") for e in made for call in calls(e))
    return {arg.text for arg in named if isinstance(arg, Const)}


def has_records(source: Source) -> bool:
    """Tell whether the rows of a source belong to records."""
    return source.key is not None or source.record_map is not None


def in_order(plan: Plan) -> list[View]:
    """Give the views, each after those it is made of."""
    done: dict[str, View] = {}

    def add(view: View) -> None:
        for name in view.made_of:
            if name not in done:
                add(plan.view(name))
        done[view.name] = view

    for view in plan.views:
        add(view)
    return list(done.values())


def hash_fields(plan: Plan) -> set[tuple[str, str]]:
    """Give (source, general path) of the fields that become coalition hashes."""
    found = set()
    for triples in plan.maps:
        view = plan.view(triples.view)
        for expression in (
            triples.subject.expression,
            *(p.object.expression for p in triples.pairs),
        ):
            for call in calls(expression):
                if call.function == "hash":
                    given, principal = plan.source(view.source).given, blamed(call)[:1]
                    found |= {(given, declared_path(plan, view, f)) for f in principal}
    return found
