"""Errors say where, what and what would be right, and carry the exit code of DESIGN section 6."""

import pytest

from dpc_kg.base import errors
from dpc_kg.base.errors import DpcError, SourceError, Where


@pytest.mark.parametrize(
    ("place", "text"),
    [
        pytest.param(Where(), "", id="nowhere"),
        pytest.param(Where(file="a.csv"), "a.csv", id="file"),
        pytest.param(Where(file="a.csv", row=0), "a.csv, row 0", id="row zero is a row"),
        pytest.param(Where(line=3), "line 3", id="line alone"),
        pytest.param(
            Where("a.xlsx", "One", 2, "age", None, "Case"),
            "a.xlsx, sheet One, row 2, column age, Case",
            id="all",
        ),
    ],
)
def test_a_place_reads_as_a_person_would_say_it(place: Where, text: str) -> None:
    assert str(place) == text


def test_a_message_holds_place_what_and_advice() -> None:
    error = DpcError("It is empty.", file="a.csv", line=2, advice="Export it again.")
    assert str(error) == "a.csv, line 2: It is empty. Export it again."
    assert str(DpcError("It is empty.")) == "It is empty."


def test_the_parts_of_a_place_stand_on_the_error() -> None:
    error = DpcError("x", file="f", sheet="s", row=1, column="c", line=2, term="t")
    parts = (error.file, error.sheet, error.row, error.column, error.line, error.term)
    assert parts == ("f", "s", 1, "c", 2, "t")


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("DpcError", 2),
        ("SourceError", 1),
        ("MappingError", 2),
        ("NotConforming", 1),
        ("VacuousValidation", 2),
        ("PackageError", 1),
        ("JournalError", 2),
        ("StoreError", 2),
        ("QueryError", 2),
        ("UnknownAsset", 2),
        ("NotSupported", 3),
    ],
)
def test_exit_codes(name: str, code: int) -> None:
    made = getattr(errors, name)
    assert made.exit_code == code
    assert issubclass(made, DpcError)


def test_a_source_error_names_its_rule() -> None:
    error = SourceError("It is empty.", rule="empty-file", file="a.csv")
    assert (error.rule, error.file, error.exit_code) == ("empty-file", "a.csv", 1)
