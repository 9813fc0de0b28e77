"""``lift --explain`` at the partner: the cells of a node, and their texts only when asked for."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING

import pytest

from dpc_kg.base.identifiers import entity_iri, read_key
from dpc_kg.base.vocab import DPC
from tests.cli.conftest import ORG, Office

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Run


@pytest.fixture
def options(office: Office) -> list[str]:
    export = office.export("export", seed=4)
    found = office.package_options(export)
    return ["lift", *found[: found.index("--signing-key")]]


@pytest.fixture
def row(office: Office, options: list[str]) -> tuple[int, dict[str, str]]:
    """Give the number and cells of a case that stands in the export once."""
    with (office.folder / "export" / "cases.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    ids = [r["id"] for r in rows]
    return next((n, r) for n, r in enumerate(rows, 2) if ids.count(r["id"]) == 1)


def iri_of(office: Office, row: dict[str, str]) -> str:
    return entity_iri(ORG, "case", read_key(office.folder / "partner.key"), row["id"])


def test_a_statement_is_led_back_to_its_cell(
    office: Office, options: list[str], row: tuple[int, dict[str, str]]
) -> None:
    number, cells = row
    iri = iri_of(office, cells)
    done = office.done(*options, "--explain", iri, "--format", "json")
    told = json.loads(done.out)
    assert told["subject"] == f"<{iri}>"
    received = [s for s in told["statements"] if s["predicate"] == f"<{DPC}receivedAt>"]
    assert [s["cells"][0] for s in received] == [
        {
            "source": "cases",
            "file": "cases.csv",
            "sheet": None,
            "row": number,
            "column": "registration_date",
            "letter": chr(ord("A") + list(cells).index("registration_date")),
        }
    ]
    assert cells["registration_date"] not in {c for s in received for c in s["cells"][0].values()}
    assert all(s["subjectCells"][0]["column"] == "id" for s in told["statements"])
    assert not list(office.folder.glob("**/lift-report.json"))

    text = office.done(*options, "--explain", f"<{iri}>").out
    assert f"cases.csv row {number} column registration_date (" in text
    assert cells["id"] not in text
    shown = office.done(*options, "--explain", iri, "--values").out
    assert json.dumps(cells["registration_date"]) in shown
    full = json.loads(office.done(*options, "--explain", iri, "--values", "--format", "json").out)
    values = [s["cells"][0]["value"] for s in full["statements"] if s["cells"]]
    assert cells["registration_date"] in values

    out = office.folder / "why.txt"
    assert office.done(*options, "--explain", iri, "-o", out).out == ""
    assert out.read_text(encoding="utf-8") == text


def test_what_no_row_makes_is_said(office: Office, options: list[str]) -> None:
    done = office.run(*options, "--explain", "https://example.org/nobody")
    assert (done.code, done.out) == (1, "")
    assert "No row of this export makes this node" in done.err


def test_a_document_of_others_is_explained_too(run: Run, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("id,name\n7,seven\n", encoding="utf-8")
    (tmp_path / "m.ttl").write_text(
        "PREFIX rml: <http://w3id.org/rml/>\n"
        "[] a rml:TriplesMap ; rml:logicalSource [ rml:source [ a rml:RelativePathSource ;"
        ' rml:root rml:MappingDirectory ; rml:path "t.csv" ] ; rml:referenceFormulation rml:CSV ] ;'
        ' rml:subjectMap [ rml:template "http://example.org/{id}" ] ; rml:predicateObjectMap ['
        ' rml:predicate <http://example.org/p> ; rml:objectMap [ rml:reference "name" ] ] .\n',
        encoding="utf-8",
    )
    mapping = ["lift", "--mapping", tmp_path / "m.ttl"]
    done = run(*mapping, "--explain", "http://example.org/7")
    assert (done.code, done.err) == (0, "")
    assert done.out == (
        '<http://example.org/7>\n\n  <http://example.org/p> "seven"\n'
        "    t.csv row 2 column name (B)\n"
    )


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ([], "Give -o FILE"),
        (["--explain", "urn:x", "--format", "trig"], "Known: text, json."),
        (["--format", "text", "-o", "x.nq"], "Known: nquads, trig."),
        (["--values", "-o", "x.nq"], "--explain IRI with --values"),
    ],
)
def test_options_that_do_not_go_together(run: Run, more: list[str], said: str) -> None:
    done = run("lift", "--mapping", "primero", *more)
    assert done.code == 2
    assert said in done.err


def test_a_cell_that_holds_several_members_is_named_once(
    office: Office, options: list[str]
) -> None:
    office.done(*options, "-o", str(office.folder / "data.nq"))
    lines = (office.folder / "data.nq").read_text(encoding="utf-8").splitlines()
    provided = next(line for line in lines if f"<{DPC}ServiceProvision>" in line)
    iri = provided.split(" ")[0].strip("<>")
    told = json.loads(office.done(*options, "--explain", iri, "--format", "json").out)
    assert {c["column"] for s in told["statements"] for c in s["cells"]} > {"services_section"}
    for statement in told["statements"]:
        for cells in (statement["cells"], statement["subjectCells"]):
            assert len({json.dumps(cell) for cell in cells}) == len(cells)
    for block in office.done(*options, "--explain", iri).out.split("\n\n")[1:]:
        places = block.rstrip("\n").split("\n")[1:]
        assert len(set(places)) == len(places)
