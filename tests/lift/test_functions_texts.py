"""Texts: parts, ends, keys, and the items of a list in one cell."""

from collections.abc import Callable
from typing import Any

import pytest

from dpc_kg.base.errors import MappingError

Work = Callable[..., list[tuple[str | None, str | None, bool]]]

GUID = "0a1b2c3d-0000-4000-8000-00000000000f"


def values(found: list[tuple[str | None, str | None, bool]]) -> list[str | None]:
    assert all(rule is None and not unknown for _, rule, unknown in found)
    return [value for value, _, _ in found]


def test_part_gives_the_first_group_and_nothing_where_it_does_not_match(worked: Work) -> None:
    rows = [("http://x.example/US/$metadata#Media",), ("http://x.example/1.3.xml#Cases",), ("",)]
    assert values(worked("part", rows, pattern="/([^/]+)/[$]metadata")) == ["US", None, None]


def test_a_pattern_must_stand_in_the_mapping(outside: Any) -> None:
    maps = (
        "ex:T a rml:TriplesMap ; rml:logicalSource ex:S ;"
        ' rml:subjectMap [ rml:template "http://example.org/{id}" ] ;'
        " rml:predicateObjectMap [ rml:predicate ex:p ; rml:objectMap [ rml:functionExecution"
        ' [ rml:function dpcf:part ; rml:input [ rml:parameter dpcf:value ; rml:inputValue "x" ] ,'
        ' [ rml:parameter dpcf:pattern ; rml:inputValueMap [ rml:reference "a" ] ] ] ] ] .'
    )
    with pytest.raises(MappingError, match="pattern of part must be a constant"):
        outside.csv("id,a\n1,2\n", maps=maps)


def test_guid_is_one_key_with_and_without_braces(worked: Work) -> None:
    braced = "{" + GUID.upper() + "}"
    rows = [(GUID,), (braced,), ("17",), ("{17}",), ("",)]
    assert values(worked("guid", rows)) == [GUID, GUID, "17", "{17}", None]


def test_an_end_that_another_cell_holds_is_taken_off(worked: Work) -> None:
    rows = [("Amazon2020", "2020"), ("Amazon", "2020"), ("2020", "2020")]
    assert values(worked("withoutEnd", rows, cells=("value", "end"))) == ["Amazon", "Amazon", None]


def test_a_single_value_is_no_list(worked: Work) -> None:
    assert values(worked("single", [("x",), ('["x"]',), ("",)])) == ["x", None, None]


@pytest.mark.parametrize(
    ("place", "wanted"),
    [
        ("1", ["a", "a", "a", "alone", None, '["broken', None]),
        ("2", [None, "b", "b", None, None, None, None]),
        ("3", [None, "c", "c", None, None, None, None]),
        ("rest", [None, None, '["a", "b", "c", "d"]', None, None, None, None]),
    ],
)
def test_three_answers_of_a_list_and_the_whole_of_a_longer_one(
    worked: Work, place: str, wanted: list[str | None]
) -> None:
    cells = ['["a"]', '["a", " b ", "c"]', '["a", "b", "c", "d"]', "alone", "[]", '["broken', ""]
    assert values(worked("answerAt", [(cell,) for cell in cells], at=place)) == wanted


def test_items_of_a_list_by_index_and_by_name(worked: Work) -> None:
    cells, names = '["Alphabet", 12, null]', '["platform", "reports", "time"]'
    rows = [(cells, str(index)) for index in range(4)]
    made = values(worked("itemAt", rows, cells=("value", "index")))
    assert made == ["Alphabet", "12", None, None]
    named = [(cells, names), (cells, '["reports"]'), (None, names)]
    made = values(worked("itemNamed", named, cells=("value", "names"), name="platform"))
    assert made == ["Alphabet", None, None]
