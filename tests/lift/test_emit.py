"""N-Quads: one line a statement, each once, in an order that follows from the statements alone."""

from typing import Any

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dpc_kg.base.assets import mapping_dir
from dpc_kg.lift import LiftRequest, open_lift

TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8).filter(str.strip)


def quads(data: bytes) -> list[ox.Quad]:
    return list(ox.parse(data, format=ox.RdfFormat.N_QUADS))


@given(st.lists(TEXTS, min_size=1, max_size=5, unique=True))
@settings(derandomize=True, deadline=None, max_examples=15)
def test_any_text_comes_back_from_the_quads(outside: Any, texts: list[str]) -> None:
    import json

    records = [{"id": i, "a": text} for i, text in enumerate(texts)]
    made = outside.json(json.dumps(records))
    found = {
        (q.subject.value, q.object.value)
        for q in quads(made.data)
        if q.predicate.value.endswith("p1")
        and isinstance(q.object, ox.Literal)
        and isinstance(q.subject, ox.NamedNode)
    }
    assert found == {(f"http://example.org/{i}", text) for i, text in enumerate(texts)}
    assert len(made.lines) == len(set(made.lines)) == 2 * len(texts)


@given(st.lists(TEXTS, min_size=1, max_size=5))
@settings(derandomize=True, deadline=None, max_examples=15)
def test_any_key_makes_a_valid_iri(outside: Any, keys: list[str]) -> None:
    import json

    made = outside.json(json.dumps([{"id": key} for key in keys]), "$.id")
    assert len({q.subject for q in quads(made.data)}) == len(set(keys))


def test_a_statement_made_twice_is_written_once(outside: Any) -> None:
    assert len(outside.csv("id,a\n1,x\n1,x\n1,y\n", "id a").lines) == 3


def test_an_iri_with_forbidden_letters_is_not_written(outside: Any) -> None:
    maps = (
        'ex:T a rml:TriplesMap ; rml:logicalSource ex:S ; rml:subjectMap [ rml:reference "id" ] ;'
        ' rml:predicateObjectMap [ rml:predicate ex:p ; rml:objectMap [ rml:reference "a" ] ] .'
    )
    made = outside.csv("id,a\nhttp://e/1> <http://e/x,q\nhttp://e/2,r\na b,s\n", maps=maps)
    assert [str(q.subject) for q in quads(made.data)] == ["<http://e/2>"]


@pytest.fixture
def lifted(partner_key: bytes) -> Any:
    sample = mapping_dir("primero") / "sample.csv"
    request = LiftRequest("primero", {"cases": sample}, "example-org", "t", partner_key)
    with open_lift(request) as made:
        yield made


def test_records_held_back_leave_no_quad(lifted: Any, tmp_path: Any) -> None:
    out = tmp_path / "data.nq"
    whole = lifted.write(out)
    every = out.read_text(encoding="utf-8").splitlines()
    assert whole == len(every) == len(set(every))
    record = next(line.split(" ")[0] for line in every if "/case/" in line.split(" ")[0])
    fewer = lifted.write(out, {record.strip("<>")})
    rest = out.read_text(encoding="utf-8").splitlines()
    assert fewer == len(rest) < whole
    assert [line for line in rest if record in line] == []
    assert lifted.write(out) == whole
    assert out.read_text(encoding="utf-8").splitlines() == every


def test_all_stands_in_the_pending_graph_and_no_node_is_blank(lifted: Any, tmp_path: Any) -> None:
    lifted.write(tmp_path / "data.nq")
    found = quads((tmp_path / "data.nq").read_bytes())
    pending = ox.NamedNode("https://w3id.org/dpc/graph/example-org/pending")
    assert {q.graph_name for q in found} == {pending}
    nodes = {q.subject for q in found} | {q.object for q in found}
    assert not any(isinstance(node, ox.BlankNode) for node in nodes)


def test_the_lines_of_a_record_stand_together_and_in_order(lifted: Any, tmp_path: Any) -> None:
    out = tmp_path / "data.nq"
    lifted.write(out)
    subjects = [line.split(" ")[0] for line in out.read_text(encoding="utf-8").splitlines()]
    seen: list[str] = []
    for subject in subjects:
        if not seen or seen[-1] != subject:
            seen.append(subject)
    assert len(seen) == len(set(seen))
