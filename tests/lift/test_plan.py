"""The plan: frozen, comparable, and portable as JSON."""

import dataclasses
import json

import pytest

from dpc_kg.base.assets import mapping_dir, mapping_names
from dpc_kg.lift.logical import names_of
from dpc_kg.lift.plan import Call, Const, Ref, Template, calls, references, to_json
from dpc_kg.lift.rml import compile_rml

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
    assert json.loads(json.dumps(document)) == document
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
