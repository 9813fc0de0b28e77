"""An error is the same on both sides of a worker's pipe."""

import json

import pytest

from dpc_kg.base.errors import DpcError, MappingError, NotSupported, SourceError
from dpc_kg.base.told import as_error, as_told


@pytest.mark.parametrize(
    "error",
    [
        DpcError("It is wrong.", file="a.ttl", line=3, term="S", advice="Mend it."),
        NotSupported("Not yet.", term="S"),
        MappingError("It is wrong."),
        SourceError("No.", rule="syntax", file="a.csv", row=2, columns=("a", "b")),
    ],
)
def test_an_error_comes_back(error: DpcError) -> None:
    back = as_error(json.loads(json.dumps(as_told(error))))
    assert type(back) is type(error)
    assert (str(back), back.exit_code) == (str(error), error.exit_code)
    if isinstance(error, SourceError) and isinstance(back, SourceError):
        assert (back.rule, back.columns) == (error.rule, error.columns)


def test_an_error_of_another_kind_is_a_plain_one() -> None:
    told = as_told(DpcError("It is wrong.")) | {"error": "Elsewhere"}
    assert type(as_error(told)) is DpcError
