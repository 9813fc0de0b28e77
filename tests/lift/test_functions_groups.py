"""Functions over rows that speak of one thing: greatest, agreed, newest, sole, again, row."""

from typing import Any

DATA = (
    "id,k,v,at\n"
    "r0,a,Active,2024-01-01\n"
    "r1,a,Withdrawn,2024-03-01\n"
    "r2,b,Withdrawn,\n"
    "r3,b,Withdrawn,2024-01-01\n"
    "r4,,Other,2024-01-01\n"
    "r5,a,Withdrawn,2024-03-01T00:00:00Z\n"
)


def found(outside: Any, function: str, **inputs: str) -> tuple[dict[str, str], set[Any]]:
    """Give the objects by row, and the rejected (row, column, rule)."""
    given = " , ".join(
        f'[ rml:parameter dpcf:{name} ; rml:inputValueMap [ rml:reference "{column}" ] ]'
        for name, column in inputs.items()
    )
    listed = f" ; rml:input {given}" if given else ""
    made = outside.csv(
        DATA,
        maps="ex:T a rml:TriplesMap ; rml:logicalSource ex:S ;"
        ' rml:subjectMap [ rml:template "http://example.org/{id}" ] ;'
        " rml:predicateObjectMap [ rml:predicate ex:p ; rml:objectMap"
        f" [ rml:functionExecution [ rml:function dpcf:{function}{listed} ] ] ] .",
    )
    rejects = {(row, column, rule) for _, row, column, rule in made.rejects}
    return {s: o for s, _, o in made.pairs}, rejects


def test_greatest_is_the_last_text_of_the_group(outside: Any) -> None:
    values, rejects = found(outside, "greatest", value="v", key="k")
    assert {values[r] for r in ("r0", "r1", "r2", "r3", "r5")} == {"Withdrawn"}
    assert values["r4"] == "Other" and rejects == set()


def test_agreed_needs_all_rows_to_say_the_same(outside: Any) -> None:
    values, _ = found(outside, "agreed", value="v", key="k")
    assert values == {"r2": "Withdrawn", "r3": "Withdrawn", "r4": "Other"}
    values, _ = found(outside, "agreed", value="at", key="k")
    assert "r2" not in values and "r3" not in values


def test_newest_leaves_out_older_versions_but_none_without_a_version(outside: Any) -> None:
    values, _ = found(outside, "newest", value="v", version="at", key="k")
    assert set(values) == {"r1", "r2", "r3", "r4", "r5"}


def test_sole_refuses_what_contradicts_the_first_row(outside: Any) -> None:
    values, rejects = found(outside, "sole", value="id", content="v", key="k")
    assert set(values) == {"r0", "r2", "r3", "r4"}
    assert rejects == {(3, "id", "duplicate"), (7, "id", "duplicate")}


def test_the_source_row_is_another_for_every_record(outside: Any) -> None:
    values, _ = found(outside, "sourceRow")
    assert len(set(values.values())) == len(values) == 6


def test_a_value_told_again_for_its_key_is_numbered(worked: Any) -> None:
    rows = [("5", "a", "1"), ("", "a", "2"), ("7", "a", "10"), ("7", "b", "0"), ("9", "a", "3")]
    made = worked("again", rows, cells=("value", "key", "order"))
    assert sorted(value for value, _, _ in made) == ["", "", "", ".2", ".3"]
