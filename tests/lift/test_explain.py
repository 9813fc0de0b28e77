"""Every statement of a node comes with its cells, and a fault is named at the cell that made it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from dpc_kg.lift import Lifted, LiftRequest, open_lift
from dpc_kg.lift.explain import Statement
from dpc_kg.lift.trace import Asked
from tests.lift.conftest import HEAD, ORG

EX = "http://example.org/"
Placed = tuple[str, int, str, str | None]


@contextmanager
def lifted(folder: Path, rml: str, **files: str) -> Iterator[Lifted]:
    """Lift files, named with ``_`` for the dot, by a mapping beside them."""
    for name, text in files.items():
        (folder / name.replace("_", ".")).write_text(text, encoding="utf-8")
    document = folder / "mapping.ttl"
    document.write_text(HEAD + rml, encoding="utf-8")
    with open_lift(LiftRequest(str(document), {}, ORG, "d", b"k" * 32)) as made:
        yield made


def source(name: str, file: str, how: str = "rml:CSV", more: str = "") -> str:
    return (
        f"ex:{name} rml:source [ a rml:RelativePathSource ; rml:root rml:MappingDirectory ;"
        f' rml:path "{file}" ; dpcf:sourceName "{name}" ] ; rml:referenceFormulation {how} {more}'
        ".\n"
    )


def triples(name: str, view: str, subject: str, *pairs: str) -> str:
    body = "".join(f" ; rml:predicateObjectMap [ {pair} ]" for pair in pairs)
    return (
        f"ex:{name} a rml:TriplesMap ; rml:logicalSource {view} ;"
        f' rml:subjectMap [ rml:template "{EX}{subject}" ]{body} .\n'
    )


def read(predicate: str, field: str) -> str:
    return f'rml:predicate ex:{predicate} ; rml:objectMap [ rml:reference "{field}" ]'


def cells(found: list[Statement], predicate: str, text: str) -> list[list[Placed]]:
    """Give the cells of each row that makes a statement."""
    return [
        [(c.file, c.row, c.column, c.value) for c in s.cells]
        for s in found
        if s.predicate == f"<{EX}{predicate}>" and s.object == text
    ]


def test_each_pair_and_each_row_of_a_property_is_told(new_folder: Callable[[], Path]) -> None:
    rml = source("T", "t.csv") + triples("A", "ex:T", "{id}", read("p", "a"), read("p", "b"))
    with lifted(new_folder(), rml, t_csv="id,a,b\n1,x,y\n1,z,x\n2,x,\n") as made:
        found = made.explain().statements([f"{EX}1"])
        assert cells(found, "p", '"x"') == [[("t.csv", 2, "a", "x")], [("t.csv", 3, "b", "x")]]
        assert cells(found, "p", '"y"') == [[("t.csv", 2, "b", "y")]]
        assert [c.column for c in found[0].subject_cells] == ["id"]
        assert {c.letter for s in found for c in s.cells} == {"B", "C"}
        assert made.explain().statements([f"{EX}3"]) == []
        asked = [Asked(f"{EX}1", f"{EX}p", f'"{text}"') for text in "xyz"]
        places = made.trace().places(asked)
        assert [(places[a].row, places[a].column) for a in asked] == [(2, "a"), (2, "b"), (3, "a")]


def test_a_property_of_two_maps_is_found_in_the_one_that_makes_it(
    new_folder: Callable[[], Path],
) -> None:
    rml = source("T", "t.csv") + source("U", "u.csv")
    rml += triples("A", "ex:T", "{id}", read("p", "a"))
    rml += triples("B", "ex:U", "{id}", read("p", "c"), read("q", "c"))
    with lifted(new_folder(), rml, t_csv="id,a\n1,x\n", u_csv="id,c\n2,n\n1,m\n") as made:
        asked = [Asked(f"{EX}1", f"{EX}p", '"m"'), Asked(f"{EX}1", f"{EX}q"), Asked(f"{EX}1")]
        places = made.trace().places(asked)
        found = [(places[a].file, places[a].row, places[a].column) for a in asked]
        assert found == [("u.csv", 3, "c"), ("u.csv", 3, "c"), ("t.csv", 2, None)]


@pytest.mark.parametrize(
    ("join", "expected"),
    [
        (
            '; rml:joinCondition [ rml:child "a" ; rml:parent "c" ]',
            [("t.csv", 2, "a", "k"), ("u.csv", 3, "n", "9")],
        ),
        ("", [("t.csv", 2, "a", "k")]),
    ],
)
def test_a_tie_to_another_record_has_the_cells_of_both(
    new_folder: Callable[[], Path], join: str, expected: list[Placed]
) -> None:
    parent = f"rml:objectMap [ rml:parentTriplesMap ex:B {join} ]"
    rml = source("T", "t.csv") + source("U", "u.csv")
    rml += triples("A", "ex:T", "{id}", f"rml:predicate ex:tie ; {parent}")
    rml += triples("B", "ex:U" if join else "ex:T", "n/{n}" if join else "n/{a}")
    with lifted(new_folder(), rml, t_csv="id,a\n1,k\n", u_csv="c,n\nj,8\nk,9\n") as made:
        found = made.explain().statements([f"<{EX}1>"])
        item = "9" if join else "k"
        assert cells(found, "tie", f"<{EX}n/{item}>") == [expected]


def test_a_field_of_a_joined_view_leads_to_the_row_it_was_taken_from(
    new_folder: Callable[[], Path],
) -> None:
    one = (
        'ex:V a rml:LogicalView ; rml:viewOn ex:T ; rml:field [ rml:fieldName "id" ; rml:reference'
        ' "id" ] , [ rml:fieldName "k" ; rml:reference "k" ] ; rml:leftJoin ['
        ' rml:parentLogicalView ex:W ; rml:joinCondition [ rml:child "k" ; rml:parent "c" ] ;'
        ' rml:field [ rml:fieldName "of" ; rml:reference "n" ] ] .\n'
        'ex:W a rml:LogicalView ; rml:viewOn ex:U ; rml:field [ rml:fieldName "c" ; rml:reference'
        ' "c" ] , [ rml:fieldName "n" ; rml:reference "n" ] .\n'
        'ex:X a rml:LogicalView ; rml:viewOn ex:V ; rml:field [ rml:fieldName "id" ; rml:reference'
        ' "id" ] , [ rml:fieldName "far" ; rml:template "<{of}>" ] .\n'
    )
    rml = source("T", "t.csv") + source("U", "u.csv") + one
    rml += triples("A", "ex:V", "{id}", read("p", "of")) + triples(
        "B", "ex:X", "{id}", read("q", "far")
    )
    data = {"t_csv": "id,k\n1,z\n2,y\n3,\n", "u_csv": "c,n\ny,eight\nz,nine\n"}
    with lifted(new_folder(), rml, **data) as made:
        found = made.explain().statements([f"{EX}1", f"{EX}2", f"{EX}3"])
        assert cells(found, "p", '"nine"') == [[("u.csv", 3, "n", "nine")]]
        assert cells(found, "p", '"eight"') == [[("u.csv", 2, "n", "eight")]]
        places = [[p[:3] for p in row] for row in cells(found, "q", '"<nine>"')]
        assert places == [[("u.csv", 3, "n")]]
        assert {s.subject for s in found} == {f"<{EX}1>", f"<{EX}2>"}


def test_each_of_two_iterables_has_a_path_of_its_own(new_folder: Callable[[], Path]) -> None:
    view = (
        'ex:V a rml:LogicalView ; rml:viewOn ex:T ; rml:field [ rml:fieldName "id" ; rml:reference'
        ' "$.id" ] , [ rml:fieldName "kids" ; rml:iterator "$.kids[*]" ; rml:field [ rml:fieldName'
        ' "x" ; rml:reference "$.x" ] ] , [ rml:fieldName "tags" ;'
        r""" rml:iterator "$['it\\'s'][*]" """
        ' ; rml:field [ rml:fieldName "t" ; rml:reference "$.t" ] ] .\n'
    )
    rml = source("T", "t.json", "rml:JSONPath", '; rml:iterator "$[*]"') + view
    rml += triples("A", "ex:V", "{id}", read("p", "kids.x"), read("q", "tags.t"))
    data = """[{"id": "1", "kids": [{"x": "a"}, {"x": "b"}], "it's": [{"t": "c"}, {"t": "d"}]}]"""
    with lifted(new_folder(), rml, t_json=data) as made:
        found = made.explain().statements([f"{EX}1"])
        assert cells(found, "p", '"b"') == [[("t.json", 1, "kids[1].x", "b")]]
        assert cells(found, "q", '"c"') == [[("t.json", 1, r"['it\'s'][0].t", "c")]]


def test_the_cell_that_was_taken_comes_first_and_a_constant_has_none(
    new_folder: Callable[[], Path],
) -> None:
    first = (
        "rml:predicate ex:p ; rml:objectMap [ rml:functionExecution [ rml:function dpcf:firstOf ;"
        ' rml:input [ rml:parameter dpcf:value ; rml:inputValueMap [ rml:reference "a" ] ] ,'
        ' [ rml:parameter dpcf:value2 ; rml:inputValueMap [ rml:reference "b" ] ] ] ]'
    )
    rml = source("T", "t.csv")
    rml += triples("A", "ex:T", "{id}", first, "rml:predicate ex:c ; rml:object ex:always")
    with lifted(new_folder(), rml, t_csv="id,a,b\n1,x,y\n2,,y\n") as made:
        found = made.explain().statements([f"{EX}1", f"{EX}2"])
        assert [[c[2] for c in row] for row in cells(found, "p", '"x"')] == [["a", "b"]]
        assert cells(found, "p", '"y"') == [[("t.csv", 3, "b", "y"), ("t.csv", 3, "a", "")]]
        assert cells(found, "c", f"<{EX}always>") == [[], []]
