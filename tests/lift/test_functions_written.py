"""Functions of forms in the user's words: months by name, joined values, ages of children."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dpc_kg.lift import LiftRequest, open_lift
from tests.lift.calling import triples_map

CODES = (
    "list,value,code,scheme\nm,Mar,03,\nm,août,08,\nm,Feb,02,\n"
    "l,A,,\nl,B & C,,\nl,C,,\nl,B & C & D,,\nl,61 & Older,,\n"
)
HEAD = (
    "PREFIX rml: <http://w3id.org/rml/>\nPREFIX dpcf: <https://w3id.org/dpc/fn#>\n"
    "PREFIX ex: <http://example.org/>\n"
    "ex:S rml:source [ a rml:RelativePathSource ; rml:root rml:MappingDirectory ;"
    ' rml:path "t.csv" ; dpcf:sourceName "t" ] ; rml:referenceFormulation rml:CSV .\n'
    'ex:L a rml:LogicalView ; rml:viewOn ex:S ; rml:field [ rml:fieldName "id" ; rml:reference'
    ' "id" ] , [ rml:fieldName "v" ; rml:reference "v" ] , [ rml:fieldName "w" ; rml:reference'
    ' "w" ] , [ rml:fieldName "p" ; rml:reference "v" ; dpcf:splitBy " & " ] .\n'
)


@pytest.fixture
def applied(new_folder: Callable[[], Path]) -> Callable[..., dict[str, Any]]:
    """Apply a function to cells (v, or v and w); give the objects and the rules by cell."""

    def run(function: str, cells: list[str], source: str = "ex:S", **inputs: str) -> dict[str, Any]:
        folder = new_folder()
        rows = "".join(f"r{i},{c if ',' in c else c + ','}\n" for i, c in enumerate(cells))
        (folder / "t.csv").write_text("id,v,w\n" + rows, encoding="utf-8")
        (folder / "codes.csv").write_text(CODES, encoding="utf-8")
        document = HEAD + triples_map(function, inputs, source)
        (folder / "mapping.ttl").write_text(document, encoding="utf-8")
        with open_lift(LiftRequest(str(folder / "mapping.ttl"), {}, "example-org")) as lift:
            lift.write(folder / "out.nq")
            rules = {cells[(r.row or 0) - 2]: r.rule for r in lift.rejects}
        found: dict[str, Any] = {cell: rules.get(cell) for cell in cells}
        for line in (folder / "out.nq").read_text(encoding="utf-8").splitlines():
            subject, _, made = line.removesuffix(" .").split(" ", 2)
            cell = cells[int(subject.rpartition("/r")[2].rstrip(">"))]
            text = made.rpartition("/")[2].rstrip(">") if made.startswith("<") else made.strip('"')
            known = found[cell]
            found[cell] = text if known is None else sorted([*_list(known), text])
        return found

    return run


def _list(known: Any) -> list[str]:
    return known if isinstance(known, list) else [known]


def test_a_date_with_the_name_of_a_month_becomes_iso(applied: Callable[..., Any]) -> None:
    assert applied(
        "writtenDate",
        [
            "05-Mar-2024",
            "5-août-2023",
            "31-Feb-2024",
            "12-Xyz-2024",
            "2024-03-05",
            "",
            "05/03/2024",
        ],
        list="m",
        value="$v",
    ) == {
        "05-Mar-2024": "2024-03-05",
        "5-août-2023": "2023-08-05",
        "31-Feb-2024": "2024-02-31",
        "12-Xyz-2024": "12-Xyz-2024",
        "2024-03-05": "2024-03-05",
        "": None,
        "05/03/2024": "05/03/2024",
    }


def test_joined_values_part_only_at_the_values_of_the_list(applied: Callable[..., Any]) -> None:
    cells = [
        "A",
        "A & C",
        "A & B & C",
        "B & C & D & A",
        "B & C & B & C",
        "X & B & C & Y",
        "AB & C",
        "61 & Older",
        "Over 61 & Older",
    ]
    found = applied("joinedAt", cells, "ex:L", list="l", value="$v", index="$p.#")
    assert found == {
        "A": "A",
        "A & C": ["A", "C"],
        "A & B & C": ["A", "B & C"],
        "B & C & D & A": ["A", "B & C & D"],
        "B & C & B & C": "B & C",
        "X & B & C & Y": ["B & C", "X", "Y"],
        "AB & C": ["AB", "C"],
        "61 & Older": "61 & Older",
        "Over 61 & Older": ["Older", "Over 61"],
    }


def test_an_age_must_be_that_of_a_child(applied: Callable[..., Any]) -> None:
    found = applied("childAge", ["", "0", "11", "17", "18", "34", "ten", "unborn"], value="$v")
    assert found == {
        "": "unknown",
        "0": "0-4",
        "11": "10-12",
        "17": "16-17",
        "18": "adult",
        "34": "adult",
        "ten": "age",
        "unborn": "age",
    }


def test_a_value_gives_way_to_another_cell_that_is_listed(applied: Callable[..., Any]) -> None:
    found = applied("unlessListed", ["x,Mar", "y,Sep", "z,"], value="$v", list="m", when="$w")
    assert found == {"x,Mar": None, "y,Sep": "y", "z,": "z"}
