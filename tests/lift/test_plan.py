"""The plan: frozen, comparable, and portable as JSON."""

import dataclasses
import json
from typing import Any

import pytest

from dpc_kg.base.assets import mapping_dir, mapping_names
from dpc_kg.base.errors import MappingError
from dpc_kg.lift.logical import names_of
from dpc_kg.lift.plan import (
    Call,
    Const,
    Iterable,
    Plan,
    Ref,
    RowNode,
    Source,
    Template,
    TermMap,
    TriplesPlan,
    View,
    calls,
    references,
)
from dpc_kg.lift.planjson import from_json, schema, to_json
from dpc_kg.lift.rml import compile_rml
from tests.schemas import breaches

INNER = Call("concat", (("value", Ref("b")), ("value2", Const("|")), ("value3", Ref("a"))))
OUTER = Call("code", (("list", Const("l")), ("value", INNER), ("scheme", Const("s"))))


@pytest.mark.parametrize(
    ("expression", "fields"),
    [
        (Ref("a"), ["a"]),
        (Const("a"), []),
        (Template((Const("x"), Ref("b"), Ref("a"), Ref("b"))), ["b", "a"]),
        (OUTER, ["b", "a"]),
    ],
)
def test_the_fields_an_expression_reads(expression: object, fields: list[str]) -> None:
    assert references(expression) == fields  # type: ignore[arg-type]


def test_calls_come_innermost_first() -> None:
    assert calls(OUTER) == [INNER, OUTER]
    assert calls(Ref("a")) == []
    assert OUTER.arg("value") == INNER
    assert OUTER.arg("default") is None


@pytest.mark.parametrize("name", mapping_names())
def test_the_plan_of_each_mapping_is_portable(name: str) -> None:
    plan = compile_rml(mapping_dir(name) / "mapping.rml.ttl")
    document = to_json(plan)
    assert document["version"] == 2
    written = json.loads(json.dumps(document))
    assert written == document
    assert from_json(written) == plan
    assert breaches(written, schema()) == []
    assert hash(plan) == hash(dataclasses.replace(plan))
    for triples in plan.maps:
        view = plan.view(triples.view)
        assert plan.source(view.source) in plan.sources
        assert set(references(triples.subject.expression)) <= names_of(view)


@pytest.mark.parametrize("name", ["sources", "views", "maps"])
def test_a_plan_cannot_be_changed(name: str) -> None:
    plan = compile_rml(mapping_dir("primero") / "mapping.rml.ttl")
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(plan, name, ())


PLAN = Plan(
    (Source("s", "s.csv", "CSV", nulls=("",), options=(("delimiter", ";"),)),),
    (View("v", "s", (("a", "a"),), (Iterable("i", "$.x"),), (("c", OUTER),)),),
    (TriplesPlan("t", "v", TermMap(RowNode("t"), "blank"), ()),),
)


def test_a_part_of_each_kind_comes_back() -> None:
    document = json.loads(json.dumps(to_json(PLAN)))
    assert from_json(document) == PLAN
    assert breaches(document, schema()) == []


def _set(document: Any, path: str, value: object) -> None:
    *steps, last = path.split(".")
    for step in steps:
        document = document[int(step) if step.isdigit() else step]
    document[int(last) if last.isdigit() else last] = value


@pytest.mark.parametrize(
    ("path", "value", "place"),
    [
        ("version", 1, "version"),
        ("kind_", "View", "plan"),
        ("more", 1, "plan"),
        ("sources", {}, "plan.sources"),
        ("sources.0", "s", "plan.sources[0]"),
        ("sources.0.optional", 1, "plan.sources[0].optional"),
        ("sources.0.nulls", "x", "plan.sources[0].nulls"),
        ("sources.0.options.0", ["a"], "plan.sources[0].options[0]"),
        ("views.0.computed.0.1.kind_", "Plan", "plan.views[0].computed[0][1]"),
        ("maps.0.subject.expression", None, "plan.maps[0].subject.expression"),
    ],
)
def test_what_is_no_plan_is_refused_at_its_place(path: str, value: object, place: str) -> None:
    document = json.loads(json.dumps(to_json(PLAN)))
    _set(document, path, value)
    with pytest.raises(MappingError) as refused:
        from_json(document)
    assert refused.value.term == place
    assert breaches(document, schema())
