"""Both engines say the same, and say so of the data that is there."""

import builtins
import random
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from dpc_kg.base.errors import DpcError, NotSupported, VacuousValidation
from dpc_kg.base.vocab import DPC, ID, SH
from dpc_kg.validate.engines import choose, validate_data, validate_quads
from dpc_kg.validate.results import Result
from dpc_kg.validate.shapesgraph import parse

Make = Callable[[int, int], list[list[str]]]
SAMPLES = sorted((Path(__file__).parents[1] / "shapes").glob("*/*.ttl"))
CASE = f"{ID}example-org/case/{'1' * 64}"
GRAPH = "https://w3id.org/dpc/graph/example-org/pending"
TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
XSD = "http://www.w3.org/2001/XMLSchema#"

needs_fast = pytest.mark.skipif(
    choose().name != "shacl", reason="the fast engine has no wheel for this system"
)


def _write(path: Path, lines: list[str]) -> Path:
    path.write_text("".join(lines), encoding="utf-8", newline="\n")
    return path


def _quad(subject: str, predicate: str, value: str, graph: str = GRAPH) -> str:
    return f"<{subject}> {predicate} {value} <{graph}> .\n"


@pytest.fixture
def without_fast(monkeypatch: pytest.MonkeyPatch) -> None:
    """A system for which the fast engine has no wheel."""
    monkeypatch.setitem(sys.modules, "shacl", None)


@needs_fast
@pytest.mark.parametrize("start", range(0, 300, 50))
def test_engines_agree_on_generated_records(make_records: Make, tmp_path: Path, start: int) -> None:
    lines = []
    for seed in range(start, start + 50):
        for line in (line for record in make_records(seed, 1) for line in record):
            lines.append(line.replace("/example-org/", f"/example-org-{seed}/"))
    data = _write(tmp_path / "data.nq", lines)
    fast, reference = (validate_quads(data, engine=name) for name in ("shacl", "pyshacl"))
    assert fast.results == reference.results
    assert fast.focus_nodes == reference.focus_nodes > 50


@needs_fast
def test_engines_agree_on_every_class(records: Any, tmp_path: Path) -> None:
    dice = random.Random(7)
    lines = []
    for number, cls in enumerate(list(records.fields) * 6):
        lines += records.lines(dice, cls, f"{ID}example-org/any/{number:064x}")
    data = _write(tmp_path / "data.nq", lines)
    fast, reference = (validate_quads(data, engine=name) for name in ("shacl", "pyshacl"))
    assert fast.results == reference.results
    named = {result.source_shape for result in fast.results}
    assert all(shape and shape.startswith("https://w3id.org/dpc/shapes#") for shape in named)


def _lines(path: Path, org: str) -> list[str]:
    """Give a sample as if another organisation had sent it: many fit into one file."""
    text = ox.serialize(parse(path), format=ox.RdfFormat.N_TRIPLES) or b""
    return text.decode().replace("/example-org/", f"/{org}/").splitlines(keepends=True)


@needs_fast
@pytest.mark.parametrize("start", range(0, len(SAMPLES), 300))
def test_engines_agree_on_samples(tmp_path: Path, start: int) -> None:
    chosen = {f"case-{start + n}": path for n, path in enumerate(SAMPLES[start : start + 300])}
    lines = [line for org, path in chosen.items() for line in _lines(path, org)]
    data = _write(tmp_path / "data.nq", lines)
    fast, reference = (validate_quads(data, engine=name) for name in ("shacl", "pyshacl"))
    assert fast.results == reference.results
    assert fast.focus_nodes == reference.focus_nodes > 0
    broken = {name for r in fast.results for name in re.findall(r"case-\d+", r.focus)}
    for org, path in chosen.items():
        if all(org in line.split(" ", 1)[0] for line in _lines(path, org)):
            assert (org in broken) == path.stem.startswith("fail"), path.name


def test_results_are_distinct_and_sorted(make_records: Make, tmp_path: Path) -> None:
    lines = [line for record in make_records(11, 20) for line in record]
    run = validate_quads(_write(tmp_path / "data.nq", lines + lines))
    assert list(run.results) == sorted(set(run.results), key=lambda result: result.order)


@pytest.mark.parametrize("engine", ["shacl", "pyshacl"])
def test_graph_names_are_dropped(tmp_path: Path, engine: str) -> None:
    if engine == "shacl" and choose().name != "shacl":
        pytest.skip("the fast engine has no wheel for this system")
    status = "<https://w3id.org/dpc/codes/case-status/open>"
    lines = [
        _quad(CASE, TYPE, f"<{DPC}Case>"),
        _quad(CASE, f"<{DPC}hasStatus>", status),
        _quad(CASE, f"<{DPC}hasStatus>", status, GRAPH + "2"),
    ]
    run = validate_quads(_write(tmp_path / "data.nq", lines), engine=engine)
    assert not [r for r in run.results if r.rule == "CaseShape-hasStatus"]
    other = "<https://w3id.org/dpc/codes/case-status/closed>"
    lines.append(_quad(CASE, f"<{DPC}hasStatus>", other, GRAPH + "2"))
    run = validate_quads(_write(tmp_path / "data.nq", lines), engine=engine)
    found = [r.component for r in run.results if r.rule == "CaseShape-hasStatus"]
    assert SH + "MaxCountConstraintComponent" in found


def test_result_is_normalised(tmp_path: Path) -> None:
    lines = [_quad(CASE, TYPE, f"<{DPC}Case>"), _quad(CASE, f"<{DPC}hasStatus>", '"ouvert"')]
    run = validate_quads(_write(tmp_path / "data.nq", lines))
    assert run.focus_nodes == 1
    wrong = next(r for r in run.results if r.rule == "CaseShape-hasStatus")
    assert wrong.focus == CASE
    assert wrong.path == DPC + "hasStatus"
    assert wrong.value == '"ouvert"'
    assert wrong.is_violation
    assert wrong in run.violations


def test_no_focus_node_is_no_pass(tmp_path: Path) -> None:
    data = _write(tmp_path / "data.nq", [_quad(CASE, TYPE, "<https://example.org/Other>")])
    with pytest.raises(VacuousValidation, match="nothing was checked"):
        validate_quads(data)
    empty = _write(tmp_path / "empty.nq", [])
    with pytest.raises(VacuousValidation):
        validate_quads(empty)


def test_damaged_line_is_named_and_its_value_is_not(tmp_path: Path) -> None:
    good = _quad(CASE, TYPE, f"<{DPC}Case>")
    data = _write(tmp_path / "data.nq", [good, good, f'<{CASE}> <{DPC}hasStatus> "secret .\n'])
    with pytest.raises(DpcError) as caught:
        validate_quads(data)
    assert caught.value.line == 3
    assert "secret" not in str(caught.value)


def test_text_that_is_not_utf8_is_named(tmp_path: Path) -> None:
    good = _quad(CASE, TYPE, f"<{DPC}Case>")
    data = tmp_path / "data.nq"
    data.write_bytes((good + _quad(CASE, f"<{DPC}hasStatus>", '"é"')).encode("latin-1"))
    with pytest.raises(DpcError, match="line 2: This is not well-formed"):
        validate_quads(data)


def test_fallback_where_the_fast_engine_is_missing(
    make_records: Make, tmp_path: Path, without_fast: None
) -> None:
    lines = [line for record in make_records(2, 3) for line in record]
    data = _write(tmp_path / "data.nq", lines)
    run = validate_quads(data)
    assert run.engine == "pyshacl"
    assert run.results
    with pytest.raises(NotSupported, match="not installed"):
        validate_quads(data, engine="shacl")


def test_fallback_imports_nothing_of_the_fast_engine(
    make_records: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = builtins.__import__

    def guarded(name: str, *args: object, **kwargs: object) -> object:
        assert name != "shacl"
        return real(name, *args, **kwargs)  # type: ignore[arg-type]

    lines = [line for record in make_records(2, 2) for line in record]
    data = _write(tmp_path / "data.nq", lines)
    monkeypatch.setattr(builtins, "__import__", guarded)
    assert validate_quads(data, engine="pyshacl").results


def test_unknown_names_are_told(tmp_path: Path) -> None:
    with pytest.raises(DpcError, match="Known: auto, shacl, pyshacl"):
        choose("jena")
    with pytest.raises(DpcError, match="Known: basic, essential, full"):
        validate_quads(tmp_path / "data.nq", profile="some")


def _outside(tmp_path: Path, shape: str, data: str, engine: str) -> tuple[Result, ...]:
    head = f"""@prefix sh: <{SH}> . @prefix e: <http://e/> . @prefix xsd: <{XSD}> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""
    shapes = tmp_path / "shapes.ttl"
    shapes.write_text(f"{head}e:S a sh:NodeShape ; sh:targetClass e:C ; {shape}", encoding="utf-8")
    file = tmp_path / "data.ttl"
    file.write_text(head + data, encoding="utf-8")
    return validate_data(file, shapes, engine).results


EDGES = {
    "code-written-as-xsd-string": (
        'sh:property [ sh:path e:p ; sh:in ("a") ] .',
        'e:x a e:C ; e:p "a"^^xsd:string .',
        0,
    ),
    "01-is-not-1": ("sh:property [ sh:path e:p ; sh:in (1) ] .", "e:x a e:C ; e:p 01 .", 1),
    "1-is-not-true": (
        "sh:property [ sh:path e:p ; sh:hasValue true ] .",
        'e:x a e:C ; e:p "1"^^xsd:boolean .',
        1,
    ),
    "two-forms-are-two-values": (
        "sh:property [ sh:path e:p ; sh:maxCount 1 ] .",
        "e:x a e:C ; e:p 01 , 1 .",
        1,
    ),
    "no-such-day": (
        "sh:property [ sh:path e:p ; sh:datatype xsd:dateTime ] .",
        'e:x a e:C ; e:p "2024-02-30T00:00:00Z"^^xsd:dateTime .',
        1,
    ),
    "big-number": (
        "sh:property [ sh:path e:p ; sh:maxInclusive 99999999999999999999 ] .",
        "e:x a e:C ; e:p 100000000000000000000 .",
        1,
    ),
    "time-zones-compared": (
        "sh:property [ sh:path e:p ; sh:lessThan e:q ] .",
        'e:x a e:C ; e:p "2024-01-01T10:00:00+05:00"^^xsd:dateTime ; '
        'e:q "2024-01-01T06:00:00Z"^^xsd:dateTime .',
        0,
    ),
    "subclass-is-target": (
        "sh:property [ sh:path e:p ; sh:minCount 1 ] .",
        "e:D rdfs:subClassOf e:C . e:x a e:D .",
        1,
    ),
    "sequence-path": (
        "sh:property [ sh:path (e:p e:q) ; sh:in (e:yes) ] .",
        "e:x a e:C ; e:p e:y . e:y e:q e:no .",
        1,
    ),
    "either-or": (
        "sh:or ( [ sh:path e:p ; sh:minCount 1 ] [ sh:path e:q ; sh:minCount 1 ] ) .",
        "e:x a e:C . e:y a e:C ; e:p 1 .",
        1,
    ),
    "closed": (
        "sh:closed true ; sh:ignoredProperties (<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>)"
        " ; sh:property [ sh:path e:p ] .",
        "e:x a e:C ; e:p 1 ; e:q 2 , 3 .",
        2,
    ),
    "pattern-on-iri": (
        'sh:property [ sh:path e:p ; sh:pattern "^http://e/" ] .',
        "e:x a e:C ; e:p e:y , <urn:z> .",
        1,
    ),
    "warning-counts": (
        "sh:property [ sh:path e:p ; sh:minCount 1 ; sh:severity sh:Warning ] .",
        "e:x a e:C .",
        1,
    ),
    "sparql": (
        'sh:sparql [ sh:select "SELECT $this ?value WHERE { $this <http://e/p> ?value '
        'FILTER(?value > 3) }" ] .',
        "e:x a e:C ; e:p 5 , 1 .",
        1,
    ),
}


@needs_fast
@pytest.mark.parametrize("name", EDGES)
def test_edge_cases(tmp_path: Path, name: str) -> None:
    shape, data, count = EDGES[name]
    fast, reference = (_outside(tmp_path, shape, data, e) for e in ("shacl", "pyshacl"))
    assert len(fast) == count
    assert fast == reference


def test_nested_shape_is_named_where_the_engine_gives_it(tmp_path: Path) -> None:
    shape = (
        "sh:node e:N . e:N a sh:NodeShape ; sh:property e:Nq . e:Nq sh:path e:q ; sh:minCount 1 ."
    )
    found = _outside(tmp_path, shape, "e:x a e:C .", "pyshacl")
    assert [result.inner for result in found] == [("http://e/Nq",)]


def test_ill_formed_literals_are_not_logged(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    shape = "sh:property [ sh:path e:p ; sh:datatype xsd:integer ] ."
    assert _outside(tmp_path, shape, 'e:x a e:C ; e:p "secret"^^xsd:integer .', "pyshacl")
    assert "secret" not in "".join(capfd.readouterr()) + caplog.text


@pytest.mark.parametrize("engine", ["shacl", "pyshacl"])
def test_unusable_shapes_are_told(tmp_path: Path, engine: str) -> None:
    if engine == "shacl" and choose().name != "shacl":
        pytest.skip("the fast engine has no wheel for this system")
    shape = 'sh:property [ sh:path e:p ; sh:minLength "x" ] .'
    with pytest.raises(DpcError, match="cannot use these shapes"):
        _outside(tmp_path, shape, 'e:x a e:C ; e:p "a" .', engine)


def test_syntax_error_of_outside_data_is_placed(tmp_path: Path) -> None:
    with pytest.raises(DpcError, match="well-formed") as caught:
        _outside(tmp_path, "sh:property [ sh:path e:p ] .", 'e:x e:p "secret', "auto")
    assert caught.value.file == "data.ttl"
    assert caught.value.line is not None
    assert "secret" not in str(caught.value)
