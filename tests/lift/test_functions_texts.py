"""Functions that choose a part, a code, a flag, a key; and seconds since 1970."""

from typing import Any

import pytest

from dpc_kg.base.errors import MappingError

CODES = "https://w3id.org/dpc/codes/"
GUID = "0a1b2c3d-0000-4000-8000-00000000000f"


def applied(function: str, **inputs: str) -> str:
    """Give a triples map of one call; inputs that begin with ``$`` are references."""
    given = [
        f"[ rml:parameter dpcf:{name} ; "
        + (
            f'rml:inputValueMap [ rml:reference "{value[1:]}" ] ]'
            if value.startswith("$")
            else f'rml:inputValue "{value}" ]'
        )
        for name, value in inputs.items()
    ]
    return (
        "ex:T a rml:TriplesMap ; rml:logicalSource ex:S ;"
        ' rml:subjectMap [ rml:template "http://example.org/{id}" ] ;'
        " rml:predicateObjectMap [ rml:predicate ex:p ; rml:objectMap [ rml:functionExecution"
        f" [ rml:function dpcf:{function} ; rml:input {' , '.join(given)} ] ] ] ."
    )


def found(outside: Any, function: str, cells: list[str], **inputs: str) -> list[tuple[Any, Any]]:
    """Give (object, rule) for each cell."""
    data = "id,v,w\n" + "".join(f"r{i},{cell},\n" for i, cell in enumerate(cells))
    made = outside.csv(data, maps=applied(function, **(inputs or {"value": "$v"})))
    values = {s: o.partition('"')[0].removeprefix(f"<{CODES}") for s, _, o in made.pairs}
    rules = {(row or 0) - 2: rule for _, row, _, rule in made.rejects}
    return [(values.get(f"r{i}"), rules.get(i)) for i in range(len(cells))]


def test_epoch_gives_the_moment_of_seconds_and_refuses_all_else(outside: Any) -> None:
    cells = ["0", "1705746643", "", "1705746643000", "4102444800", "-5", "12.5", "2024-01-20"]
    assert found(outside, "epoch", cells) == [
        ("1970-01-01T00:00:00Z", None),
        ("2024-01-20T10:30:43Z", None),
        (None, None),
        *[(None, "date")] * 5,
    ]


def test_part_gives_the_first_group_and_nothing_where_it_does_not_match(outside: Any) -> None:
    inputs = {"value": "$v", "pattern": "/([^/]+)/[$]metadata"}
    cells = ["http://x.example/US/$metadata#Media", "http://x.example/1.3.xml#Cases", ""]
    assert found(outside, "part", cells, **inputs) == [("US", None), (None, None), (None, None)]


def test_filled_is_one_code_or_the_other(outside: Any) -> None:
    both = {"value": "$v", "then": "tristate/yes", "otherwise": "tristate/no"}
    assert found(outside, "filled", ["x", "", "  "], **both) == [
        ("tristate/yes", None),
        ("tristate/no", None),
        ("tristate/no", None),
    ]
    one = {"value": "$v", "then": "tristate/yes"}
    assert found(outside, "filled", ["x", ""], **one) == [("tristate/yes", None), (None, None)]


def test_flag_reads_words_of_truth(outside: Any) -> None:
    cells = ["true", " FALSE ", "1", "no", "", "perhaps"]
    wanted = [("true", None), ("false", None), ("true", None), ("false", None), (None, None)]
    assert found(outside, "flag", cells) == [*wanted, (None, "boolean")]


def test_any_true_is_yes_if_one_is_and_no_if_none(outside: Any) -> None:
    inputs = {"value": "$v", "value2": "$w"}
    wanted = [("tristate/yes", None), ("tristate/no", None), ("tristate/no", None)]
    assert found(outside, "anyTrue", ["true", "false", ""], **inputs) == wanted


def test_guid_is_one_key_with_and_without_braces(outside: Any) -> None:
    braced = "{" + GUID.upper() + "}"
    cells = [GUID, braced, "17", "{17}", ""]
    wanted = [(GUID, None), (GUID, None), ("17", None), ("{17}", None), (None, None)]
    assert found(outside, "guid", cells) == wanted


def test_required_tells_of_a_blank_key(outside: Any) -> None:
    assert found(outside, "required", ["7", "", " "]) == [
        ("7", None),
        (None, "missing-key"),
        (None, "missing-key"),
    ]


def test_a_pattern_must_stand_in_the_mapping(outside: Any) -> None:
    with pytest.raises(MappingError, match="pattern of part must be a constant"):
        found(outside, "part", ["x"], value="$v", pattern="$w")
