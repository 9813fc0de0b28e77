"""What passes a case of the suites, and what does not: a crash never does."""

from pathlib import Path

import pytest

from tests.conformance.rml import cases, judged, run
from tests.conformance.rmlpart import SUITES, Case

QUAD = "{} <http://example.com/p> {} .\n"
MAPPING = """PREFIX rml: <http://w3id.org/rml/>
PREFIX ex: <http://example.com/>
ex:T a rml:TriplesMap ;
  rml:logicalSource [ rml:source [ a rml:RelativePathSource ; rml:root rml:MappingDirectory ;
    rml:path "t.csv" ] ; rml:referenceFormulation rml:CSV ] ;
  rml:subjectMap [ rml:template "{id}" ; rml:termType rml:BlankNode ] ;
  rml:predicateObjectMap [ rml:predicate ex:p ; rml:objectMap [ rml:reference "a" ] ] .
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "case"
    made.mkdir()
    (made / "mapping.ttl").write_text(MAPPING, encoding="utf-8")
    (made / "t.csv").write_text("id,a\n1,x\n2,y\n", encoding="utf-8")
    return made


def expecting(folder: Path, *quads: str) -> Case:
    path = folder / "output.nq"
    path.write_text("".join(quads), encoding="utf-8")
    return Case("rml-core", folder, path, "http://example.com/")


def test_blank_nodes_are_told_apart_by_what_is_said_of_them(folder: Path) -> None:
    same = expecting(folder, QUAD.format("_:m", '"y"'), QUAD.format("_:k", '"x"'))
    assert run(same).passed
    one = expecting(folder, QUAD.format("_:m", '"y"'), QUAD.format("_:m", '"x"'))
    assert not run(one).passed


def test_a_quad_more_or_less_is_a_miss(folder: Path) -> None:
    few = run(expecting(folder, QUAD.format("<a:s>", '"y"')))
    assert (few.passed, few.seen) == (False, "2 quads too many, 1 missing")


def test_a_refusal_passes_where_an_error_is_expected_alone(folder: Path) -> None:
    (folder / "t.csv").unlink()
    wrong = Case("rml-core", folder, None, "http://example.com/")
    assert run(wrong).passed
    assert not run(expecting(folder)).passed


def test_an_error_that_is_not_found_is_a_miss(folder: Path) -> None:
    assert not run(Case("rml-core", folder, None, "http://example.com/")).passed


@pytest.mark.parametrize(
    ("code", "told", "written"),
    [
        pytest.param(-9, "", set(), id="killed"),
        pytest.param(4, "error: no", set(), id="another code"),
        pytest.param(1, "Traceback (most recent call last):\n ...", set(), id="traceback"),
        pytest.param(2, "error: Something went wrong in dpc-kg itself.", set(), id="own mistake"),
        pytest.param(1, "", set(), id="without a word"),
        pytest.param(1, "error: no", {"made.nq"}, id="written all the same"),
    ],
)
def test_a_crash_is_no_pass(tmp_path: Path, code: int, told: str, written: set[str]) -> None:
    case = Case("rml-core", tmp_path, None, "http://example.com/")
    made = tmp_path / "made.nq"
    assert judged(case, 1, "error: a word", made, set()).passed
    assert not judged(case, code, told, made, written).passed


def test_an_error_is_expected_where_a_suite_says_so(tmp_path: Path) -> None:
    suites = {suite.name: suite for suite in SUITES}
    table = "ID,error\nRMLTC1,true\nRMLTC2,false\nRMLTC3,false\nRMLSTC1,true\n"
    for name in ("rml-core", "rml-io", "rml-legacy"):
        for case in ("RMLTC1", "RMLTC2", "RMLTC3", "RMLSTC1"):
            folder = tmp_path / name / "test-cases" / case
            folder.mkdir(parents=True)
            (folder / "mapping.ttl").touch()
            (folder / "output.nq").write_text("" if case == "RMLTC2" else "# none\n", "utf-8")
        (tmp_path / name / "test-cases" / "metadata.csv").write_text(table, "utf-8")
        (tmp_path / name / "test-cases" / "RMLTC3" / "output.nq").unlink()
    found = {
        (name, case.name)
        for name in ("rml-core", "rml-io", "rml-legacy")
        for case in cases(tmp_path, suites[name])
        if case.expected is None
    }
    assert found == {
        ("rml-core", "RMLTC1"),
        ("rml-core", "RMLTC3"),
        ("rml-core", "RMLSTC1"),
        ("rml-legacy", "RMLTC1"),
        ("rml-legacy", "RMLTC2"),
        ("rml-legacy", "RMLTC3"),
        ("rml-legacy", "RMLSTC1"),
    }
