"""The coverage of partner systems is counted honestly, and its page is current."""

import re
import subprocess
import sys
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest

from dpc_kg.lift.privacy import Decisions, FieldDecision
from tests.quality.coverage import definitions, page
from tests.quality.coverage.fields import Field, Part, Place, System, one, places
from tests.quality.coverage.judge import ENOUGH, REASONS, Coverage, coverage, verdict
from tests.quality.coverage.systems import decisions
from tests.quality.coverage.terms import HOLDERS, Terms, terms
from tests.quality.tree import REPOSITORY, Tree

PREFIXES = """
@prefix dpc: <https://w3id.org/dpc/cdm#> .
@prefix dpcsh: <https://w3id.org/dpc/shapes#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
ONTOLOGY = """
dpc:Case a owl:Class ; skos:definition "A case."@en .
dpc:Report a owl:Class ; skos:definition "A report."@en .
dpc:closedAt a owl:DatatypeProperty ; skos:definition "When."@en ; rdfs:range xsd:dateTime .
dpc:language a owl:ObjectProperty ; skos:definition "A language."@en .
dpc:openEnded a owl:ObjectProperty ; skos:definition "Anything."@en .
dpc:wordless a owl:DatatypeProperty ; rdfs:range xsd:string .
dpc:onlyFailing a owl:DatatypeProperty ; skos:definition "A count."@en ; rdfs:range xsd:integer .
dpc:rawNotation a owl:DatatypeProperty ; skos:definition "A value."@en ; rdfs:range xsd:string .
"""
SHAPES = """
dpcsh:CaseShape-language sh:path dpc:language ; sh:pattern "^https://example[.]org/[a-z]{3}$" .
dpcsh:CaseShape-openEnded sh:path dpc:openEnded ; sh:nodeKind sh:IRI .
"""
PASSING = """
<urn:case> a dpc:Case ; dpc:closedAt "2026-01-01T00:00:00Z"^^xsd:dateTime ; dpc:openEnded <urn:x> ;
    dpc:language <https://example.org/fra> ; dpc:wordless "w" ; dpc:rawNotation "r" .
"""


@pytest.fixture
def model(tmp_path: Path) -> Terms:
    files = {
        "ontology/mini.ttl": ONTOLOGY,
        "shapes/mini.ttl": SHAPES,
        "tests/shapes/CaseShape/pass-mini.ttl": PASSING,
        "tests/shapes/CaseShape/fail-mini.ttl": "<urn:case> a dpc:Report ; dpc:onlyFailing 1 .",
    }
    return terms(Tree(tmp_path, {name: PREFIXES + text for name, text in files.items()}))


def row(path: str, status: str, term: str = "", reason: str = "") -> FieldDecision:
    return FieldDecision(source="cases", path=path, status=status, term=term, reason=reason)


def judged(*rows: FieldDecision, also: tuple[str, ...] = (), model: Terms) -> Coverage:
    """Judge a definition that has the fields of the rows, and further ones."""
    fields = tuple(one("cases", name) for name in (*(r.path for r in rows), *also))
    part = Part("forms", "made here", fields)
    return coverage(System("mini", Decisions(list(rows)), (part,)), model)


# --- terms ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("term", ["dpc:Case", "dpc:closedAt", "dpc:language"])
def test_a_declared_defined_bounded_and_used_term_is_a_place(term: str, model: Terms) -> None:
    assert model.fault(term) == ""


@pytest.mark.parametrize(
    ("term", "fault"),
    [
        ("dpc:Nothing", "not declared"),
        ("closedAt", "not declared"),
        ("dpc:closedAt dpc:language", "not declared"),
        ("dpc:wordless", "without a definition"),
        ("dpc:openEnded", "without a range or a pattern"),
        ("dpc:onlyFailing", "used in no passing example"),
        ("dpc:Report", "used in no passing example"),
        ("dpc:rawNotation", "a holder of anything"),
    ],
)
def test_a_term_that_is_no_place_is_told(term: str, fault: str, model: Terms) -> None:
    assert model.fault(term).startswith(fault)
    found = judged(row("a", "placed", term), model=model)
    assert found.definition.share == 0
    assert not found.is_enough


def test_every_holder_is_a_term_of_the_model() -> None:
    known = terms(Tree())
    declared = {iri.rpartition("#")[2] for iri in known.classes | known.properties}
    assert set(HOLDERS) - declared == set()


# --- rows -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("decided", "bucket", "fault"),
    [
        (row("a", "placed", "dpc:Case"), "placed", ""),
        (row("a", "placed", "dpc:rawNotation"), "none", ""),
        (row("a", "placed", "dpc:Nothing"), "none", "placed at dpc:Nothing: not declared"),
        (row("a", "placed", "dpc:Report"), "none", "placed at dpc:Report: used in no passing"),
        (row("a", "personal", reason="P2: name"), "personal", ""),
        (row("a", "personal", reason="P2: free text"), "text", ""),
        (row("a", "personal", reason="name"), "personal", "personal without the id"),
        (row("a", "personal", reason="P2:"), "personal", "personal without the id"),
        (row("a", "personal", reason="P99: name"), "personal", "personal without the id"),
        (row("a", "none", reason="technical"), "none", ""),
        (row("a", "none", reason="separator: heading"), "separator", ""),
        (row("a", "none"), "none", "without a place and without a reason"),
        (row("a", "plcaed", "dpc:Case"), "none", "unknown status"),
    ],
)
def test_a_row_is_judged(decided: FieldDecision, bucket: str, fault: str, model: Terms) -> None:
    found = verdict(Place(one("cases", "a"), decided), model)
    assert found.bucket == bucket
    assert found.fault.startswith(fault)
    assert bool(found.fault) == bool(fault)


def test_an_undecided_field_is_a_fault_and_lowers_the_share(model: Terms) -> None:
    found = judged(row("a", "placed", "dpc:Case"), also=("b",), model=model)
    assert found.faults == ["mini: cases: b: no row of fields.csv decides it"]
    assert found.definition.share == Fraction(1, 2)


def test_the_type_in_a_definition_goes_before_the_reason(model: Terms) -> None:
    text = Place(Field("a", (("cases", "a"),), "text"), row("a", "placed", "dpc:Case"))
    plain = Place(one("cases", "a"), row("a", "personal", reason="P2: free text"))
    assert verdict(text, model, is_typed=True).bucket == "text"
    assert verdict(plain, model, is_typed=True).bucket == "personal"


def test_nine_of_ten_is_enough_and_less_is_not(model: Terms) -> None:
    nine = [row(f"p{n}", "placed", "dpc:Case") for n in range(9)]
    apart = [row("n", "personal", reason="P2: name"), row("t", "personal", reason="P2: free text")]
    lost = row("x", "none", reason="technical")
    assert judged(*nine, *apart, lost, model=model).definition.share == ENOUGH
    assert judged(*nine, *apart, lost, model=model).is_enough
    assert not judged(*nine[1:], *apart, lost, model=model).is_enough


def test_rows_beside_the_definition_count_too(model: Terms) -> None:
    rows = [row("a", "placed", "dpc:Case"), row("b", "none", reason="technical"), row("c", "none")]
    part = Part("forms", "made here", (one("cases", "a"),))
    found = coverage(System("mini", Decisions(rows), (part,)), model)
    assert found.definition.share == 1
    assert found.whole.share == Fraction(1, 3)
    assert not found.is_enough
    assert found.faults == ["mini: cases: c: without a place and without a reason"]


def test_tables_of_our_own_count_nowhere_but_their_faults_are_told(model: Terms) -> None:
    ours = FieldDecision("exchange", "a", "placed", "dpc:Nothing", "")
    found = coverage(System("hotline", Decisions([ours]), ()), model)
    assert found.whole.verdicts == ()
    assert not found.is_enough
    assert len(found.faults) == 1


def test_a_row_for_a_branch_decides_and_is_marked(model: Terms) -> None:
    branch = row("phone/*", "personal", reason="P2: phone number")
    found = judged(branch, also=("phone/number",), model=model)
    assert [(v.bucket, v.by_branch) for v in found.definition.verdicts] == [
        ("personal", False),
        ("personal", True),
    ]


def test_the_page_names_what_has_no_place(model: Terms) -> None:
    rows = [row("a", "placed", "dpc:Case"), row("b", "none", reason="technical | odd")]
    text = page.page([judged(*rows, also=("c",), model=model)])
    assert "| mini | 3 | 1 (33 %) | 2 (67 %) | 0 | 0 | 0 | 33.3 % | 3 | 33.3 % |" in text
    assert "| `cases: b` | technical \\| odd |" in text
    assert "| `cases: c` | no row of fields.csv decides it |" in text


# --- the program ----------------------------------------------------------------------------------


def test_the_program_refuses_what_it_does_not_know() -> None:
    command = [sys.executable, str(REPOSITORY / "docs" / "coverage.py"), "--chekc"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "usage" in done.stderr


def test_without_the_definition_files_nothing_is_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DPC_SHARED", str(tmp_path))
    assert page.main(["--check"]) == 2
    assert "set DPC_SHARED" in capsys.readouterr().err


@pytest.fixture(scope="module")
def real(shared: Path) -> list[Coverage]:
    return page.all_systems(shared / "data")


@pytest.mark.shared
def test_every_field_of_the_definitions_is_decided_and_every_row_is_right(
    real: list[Coverage],
) -> None:
    assert [line for each in real for line in each.faults] == []


@pytest.mark.shared
def test_nine_of_ten_fields_of_every_system_have_a_place(real: list[Coverage]) -> None:
    assert len(real) == 10
    shares = {c.name: (float(c.definition.share or 0), float(c.whole.share or 0)) for c in real}
    assert {name: shares[name] for name in shares if min(shares[name]) < ENOUGH} == {}


@pytest.mark.shared
def test_the_page_is_current(real: list[Coverage]) -> None:
    assert page.PAGE.read_text(encoding="utf-8") == page.page(real), "run python docs/coverage.py"


@pytest.mark.shared
def test_the_definitions_have_the_fields_that_the_research_counted(real: list[Coverage]) -> None:
    sizes = {each.name: len(each.definition.verdicts) for each in real}
    counted = {"aselo": 794, "primero": 462, "ssd": 359, "gbvims": 45}
    assert {name: sizes[name] for name in counted} == counted
    assert min(sizes.values()) > 0


@pytest.mark.shared
def test_the_ids_of_reasons_stand_in_the_research(shared: Path) -> None:
    path = shared / "research" / "trust.md"
    if not path.is_file():
        pytest.skip("needs research/trust.md beside the shared data")
    ids = set(re.findall(r"^\| (\w+) \|", path.read_text(encoding="utf-8"), re.MULTILINE))
    assert set(REASONS) <= ids


@pytest.mark.shared
@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda line: None, "no row of fields.csv decides it"),
        (lambda line: line.replace("dpc:sexRecorded", "dpc:sexRecordde"), "not declared"),
        (lambda line: "incident-data,sex,personal,,sex", "personal without the id"),
    ],
    ids=["undecided", "undeclared", "no-reason-id"],
)
def test_a_broken_row_of_a_real_system_is_found(
    change: Callable[[str], str | None], fault: str, shared: Path
) -> None:
    name = "mappings/lift/gbvims/fields.csv"
    lines = Tree().text(name).splitlines()
    at = next(n for n, line in enumerate(lines) if line.startswith("incident-data,sex,"))
    changed = change(lines[at])
    lines[at : at + 1] = [] if changed is None else [changed]
    tree = Tree(changes={name: "\n".join(lines) + "\n"})
    path = shared / "data" / "primero" / "config_locales_incident_recorder_en.yml"
    part = Part("headers", "keys", definitions.gbvims(path))
    found = coverage(System("gbvims", decisions(tree, "gbvims"), (part,)), terms(tree))
    assert len(found.faults) == 1
    assert fault in found.faults[0]


@pytest.mark.shared
def test_a_stale_page_is_told_and_written_anew(
    real: list[Coverage], shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DPC_SHARED", str(shared))
    stale = tmp_path / "coverage.md"
    stale.write_text("# Coverage\n", encoding="utf-8")
    monkeypatch.setattr(page, "PAGE", stale)
    assert page.main(["--check"]) == 1
    assert stale.read_text(encoding="utf-8") == "# Coverage\n"
    assert page.main([]) == (1 if any(each.faults for each in real) else 0)
    assert stale.read_text(encoding="utf-8") == page.page(real)


def test_places_takes_the_first_name_that_is_decided() -> None:
    field = Field("a", (("cases", "a"), ("cases", "a[*]")))
    (found,) = places([field], Decisions([row("a[*]", "placed", "dpc:Case")]))
    assert found.row is not None
    assert found.row.path == "a[*]"
