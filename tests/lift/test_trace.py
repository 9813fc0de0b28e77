"""The way back: from a node and a property to file, row, column and letter."""

import csv
from pathlib import Path
from typing import Any

import pytest

from dpc_kg.base.assets import mapping_dir
from dpc_kg.base.identifiers import entity_iri
from dpc_kg.base.vocab import DPC
from dpc_kg.lift import LiftRequest, open_lift
from dpc_kg.lift.blame import blamed
from dpc_kg.lift.plan import Call, Const, Ref, Template
from dpc_kg.lift.trace import Asked

ORG = "example-org"
CONCAT = Call("concat", (("value", Ref("a")), ("value2", Ref("b"))))


@pytest.mark.parametrize(
    ("expression", "fields"),
    [
        (Ref("a"), ["a"]),
        (Const("a"), []),
        (Template((Ref("b"), Ref("a"))), ["b", "a"]),
        (Call("seconds", (("from", Ref("a")), ("to", Ref("b")))), ["b", "a"]),
        (Call("code", (("list", Const("l")), ("value", CONCAT))), ["a", "b"]),
        (Call("firstOf", (("value", Ref("a")), ("value2", Ref("b")))), ["b", "a"]),
        (Call("entity", (("type", Const("t")), ("key", Ref("k")), ("key2", Ref("j")))), ["k", "j"]),
    ],
)
def test_the_field_to_blame_comes_first(expression: Any, fields: list[str]) -> None:
    assert blamed(expression) == fields


@pytest.fixture(scope="module")
def rows() -> list[dict[str, str]]:
    with (mapping_dir("primero") / "sample.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def lifted(partner_key: bytes) -> Any:
    sample = mapping_dir("primero") / "sample.csv"
    request = LiftRequest("primero", {"cases": sample}, ORG, "t", partner_key)
    with open_lift(request) as made:
        yield made


def test_every_case_leads_back_to_its_latest_row(
    lifted: Any, rows: list[dict[str, str]], partner_key: bytes
) -> None:
    latest = {
        row["id"]: i for i, row in sorted(enumerate(rows, 2), key=lambda r: r[1]["last_updated_at"])
    }
    wanted = {entity_iri(ORG, "case", partner_key, key): row for key, row in latest.items()}
    received = f"{DPC}receivedAt"
    places = lifted.trace().places([Asked(iri, received) for iri in wanted])
    letters = list(rows[0]).index("registration_date")
    for iri, row in wanted.items():
        place = places[Asked(iri, received)]
        same = [i for i, other in enumerate(rows, 2) if other == rows[row - 2]]
        assert place.row in same
        assert (place.file, place.column, place.record) == ("sample.csv", "registration_date", iri)
        assert place.letter == chr(ord("A") + letters)


def test_without_a_property_the_key_is_named(
    lifted: Any, rows: list[dict[str, str]], partner_key: bytes
) -> None:
    iri = entity_iri(ORG, "case", partner_key, rows[0]["id"])
    assert lifted.trace().places([Asked(iri)])[Asked(iri)].column == "id"


def test_what_was_not_lifted_has_no_place(lifted: Any) -> None:
    unknown = [Asked("https://example.org/x", f"{DPC}receivedAt"), Asked("' OR 1=1 --")]
    assert lifted.trace().places(unknown) == {}
    assert lifted.trace().places([]) == {}


def test_every_property_of_every_node_has_a_place(lifted: Any, tmp_path: Path) -> None:
    """No statement without a cell, but for what the mapping says of every record alike."""
    lifted.write(tmp_path / "data.nq")
    lines = (tmp_path / "data.nq").read_text(encoding="utf-8").splitlines()
    wanted = set()
    for line in lines:
        subject, predicate, _ = line.split(" ", 2)
        if "/unmapped/" not in subject and "/organization/" not in subject and DPC in predicate:
            wanted.add(Asked(subject.strip("<>"), predicate.strip("<>")))
    places = lifted.trace().places(list(wanted))
    assert wanted - set(places) == set()
    assert all(place.row and place.column for place in places.values())
