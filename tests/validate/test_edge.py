"""The edge cases of the shared material: both engines give what the specification says."""

import importlib.util
import tomllib
from pathlib import Path
from typing import Any

import pytest

from dpc_kg.base.errors import DpcError, VacuousValidation
from dpc_kg.validate.engines import choose, validate_data

pytestmark = pytest.mark.shared

Case = tuple[str, str, str, int | None]
EXCEPTIONS = Path(__file__).with_name("edge.toml")


def cases(shared: Path) -> list[Case]:
    """Load the cases from where they stand: name, shapes, data, results (None: not decided)."""
    path = shared / "prototypes" / "shacl" / "edge.py"
    if not path.is_file():
        pytest.skip("needs prototypes/shacl/edge.py of the shared material")
    spec = importlib.util.spec_from_file_location("edge", path)
    assert spec is not None and spec.loader is not None
    module: Any = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found: list[Case] = module.C
    return found


def seen(tmp_path: Path, case: Case, engine: str) -> int | str:
    """Give how many results there are; in their place why there are none."""
    data, shapes = tmp_path / "data.ttl", tmp_path / "shapes.ttl"
    shapes.write_text(case[1], encoding="utf-8")
    data.write_text(case[2], encoding="utf-8")
    try:
        return len(validate_data(data, shapes, engine).results)
    except VacuousValidation:  # no node is chosen, so there is no result
        return 0
    except DpcError as e:
        return str(e)


@pytest.mark.parametrize("engine", ["shacl", "pyshacl"])
def test_edge_cases(shared: Path, tmp_path: Path, engine: str) -> None:
    """An exception must still fail as it is told: one that passes is found here."""
    if engine == "shacl" and choose().name != "shacl":
        pytest.skip("the fast engine has no wheel for this system")
    told = tomllib.loads(EXCEPTIONS.read_text(encoding="utf-8"))
    excepted = {name: each["says"] for name, each in told.items() if engine in each["engines"]}
    decided = [case for case in cases(shared) if case[3] is not None]
    found = {case[0]: seen(tmp_path, case, engine) for case in decided}
    wrong = {case[0]: found[case[0]] for case in decided if found[case[0]] != case[3]}
    assert wrong.keys() == excepted.keys()
    assert [name for name, said in excepted.items() if said not in str(wrong[name])] == []


@pytest.mark.parametrize("engine", ["shacl", "pyshacl"])
def test_cases_that_are_not_decided_end_in_an_answer_or_a_word(
    shared: Path, tmp_path: Path, engine: str
) -> None:
    if engine == "shacl" and choose().name != "shacl":
        pytest.skip("the fast engine has no wheel for this system")
    left = [case for case in cases(shared) if case[3] is None]
    assert all(seen(tmp_path, case, engine) != "" for case in left)
