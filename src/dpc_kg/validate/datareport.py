"""A SHACL run over RDF data as the report that every form is made of, each result at its line."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import pyoxigraph as ox

from dpc_kg.base.faults import Fault, Statement
from dpc_kg.base.vocab import SH, local_name
from dpc_kg.validate.messages import kind_of, short_component
from dpc_kg.validate.positions import Place
from dpc_kg.validate.report import CheckReport
from dpc_kg.validate.results import Result, ShaclRun
from dpc_kg.validate.rules import Rule, shape_rule
from dpc_kg.validate.shapesgraph import ShapesGraph, shape_name, shape_node, shapes_graph

_IRI = re.compile(r"<([^<>]*)>")
_FILLED = re.compile(r"\{[?$]\w+\}")
_NAMELESS, _LITERAL = "_:", '"'


def data_report(
    run: ShaclRun, places: Sequence[Place | None], name: str, *, ours: bool
) -> CheckReport:
    """Give the report of a run over a file; ``ours``: the shapes are those of the model.

    It holds no literal of the data.
    """
    named = {} if ours else _Rules(shapes_graph(run.shapes)).of(run.results)
    told = [
        (_without_literal(result), _fault(result, place, name, named))
        for result, place in zip(run.results, places, strict=True)
    ]
    faults = sorted((fault for _, fault in told), key=lambda fault: fault.order)
    return CheckReport(
        records=run.focus_nodes,
        refused=len({result.focus for result in run.violations}),
        faults=tuple(fault for fault in faults if fault.severity == "Violation"),
        warnings=tuple(fault for fault in faults if fault.severity == "Warning"),
        notes=tuple(fault for fault in faults if fault.severity == "Info"),
        results=tuple(told),
        is_data=True,
        shapes={rule.name: (rule, component) for (_, component), rule in named.items()},
    )


def _fault(
    result: Result,
    place: Place | None,
    name: str,
    named: Mapping[tuple[str, str], Rule],
) -> Fault:
    rule = named.get((result.source_shape or "", result.component))
    known = rule.name if rule else result.rule
    focus = None if result.focus.startswith((_NAMELESS, _LITERAL)) else result.focus
    at = Statement(focus, result.path, place.character if place else None)
    return Fault(
        name,
        None,
        None,
        _short(result.path),
        kind_of(result.component, known),
        (known,),
        severity=_severity(result),
        line=place.line if place else None,
        statement=at,
    )


def _severity(result: Result) -> str:
    """Give a severity of SHACL; one that shapes make up themselves counts as a violation."""
    found = result.severity.removeprefix(SH)
    return found if found in ("Warning", "Info") else "Violation"


def _short(path: str | None) -> str | None:
    """Give a path with local names.

    >>> _short("http://e/a#b"), _short("(<http://e/a>/^<http://e/b>)")
    ('b', '(a/^b)')
    """
    if not path or "<" not in path:
        return local_name(path) if path else None
    return _IRI.sub(lambda found: local_name(found[1]), path)


def _without_literal(result: Result) -> Result:
    focus = "_:literal" if result.focus.startswith(_LITERAL) else result.focus
    return replace(result, focus=focus, value=None)


class _Rules:
    """What shapes that are not ours are called, and what they say of themselves."""

    def __init__(self, graph: ShapesGraph) -> None:
        self._graph = graph
        self._owners: dict[str, ox.NamedNode] = {}
        for triple in graph.triples:
            subject, value = triple.subject, triple.object
            if triple.predicate.value == SH + "property" and isinstance(subject, ox.NamedNode):
                self._owners.setdefault(value.value, subject)  # type: ignore[union-attr]

    def of(self, results: Sequence[Result]) -> dict[tuple[str, str], Rule]:
        """Give the rule of each shape and component that was broken."""
        found: dict[tuple[str, str], Rule] = {}
        for result in results:
            key = (result.source_shape or "", result.component)
            if key not in found:
                found[key] = self._rule(*key)
        return found

    def _rule(self, shape: str, component: str) -> Rule:
        node = shape_node(shape)
        rule = shape_rule(self._graph, node, f"{self._name(node)}/{short_component(component)}")
        texts = {lang: _FILLED.sub("(...)", text) for lang, text in rule.problems.items()}
        return replace(rule, problems=texts)

    def _name(self, node: ox.NamedNode) -> str:
        """Give the name of a shape; of one without, that of its owner and its path."""
        return "-".join(reversed(list(self._parts(node)))) or "shape"

    def _parts(self, node: ox.NamedNode) -> Iterator[str]:
        seen: set[str] = set()
        while node.value not in seen:
            seen.add(node.value)
            own = shape_name(node)
            if own is not None:
                yield own
                return
            paths = self._graph.objects(node, SH + "path")
            yield from (local_name(path.value) for path in paths if isinstance(path, ox.NamedNode))
            node = self._owners.get(node.value, node)
