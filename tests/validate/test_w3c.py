"""The W3C SHACL test suite, through the command's own path: validate_data and to_turtle.

`make conformance-shacl` runs it through the command itself.
"""

from pathlib import Path

import pytest

from dpc_kg.base.errors import DpcError
from dpc_kg.validate.engines import choose, validate_data
from dpc_kg.validate.shaclreport import to_turtle
from tests.conformance.page import reasons
from tests.conformance.shaclpart import CASES
from tests.conformance.shaclreports import Case, cases, report_of

pytestmark = pytest.mark.shared


def _agrees(case: Case, engine: str) -> bool:
    try:
        run = validate_data(case.data, case.shapes, engine)
    except DpcError:
        return case.expected is None
    return report_of(to_turtle(run)) == case.expected


@pytest.mark.parametrize("engine", ["shacl", "pyshacl"])
def test_suite(shared: Path, engine: str) -> None:
    if choose().name != "shacl" and engine == "shacl":
        pytest.skip("the fast engine has no wheel here")
    found = list(cases(shared / "suites"))
    assert len(found) == CASES
    wrong = {f"{engine}/{case.name}" for case in found if not _agrees(case, engine)}
    assert wrong == {name for name in reasons("shacl") if name.startswith(f"{engine}/")}
