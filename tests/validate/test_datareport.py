"""RDF data checked as it is: a planted wrong statement is shown where it stands, in every form."""

import io
import json
from pathlib import Path
from typing import Any

import openpyxl
import pyoxigraph as ox
import pytest
from lxml import etree, html

from dpc_kg.base.assets import shape_files
from dpc_kg.base.settings import LANGS
from dpc_kg.cli import main
from dpc_kg.validate import report as report_module
from dpc_kg.validate.datareport import data_report
from dpc_kg.validate.engines import validate_data
from dpc_kg.validate.forms import FORMS
from dpc_kg.validate.results import Result, ShaclRun
from tests.schemas import breaches

SHAPES = """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix e: <http://e/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
e:S a sh:NodeShape ; sh:targetClass e:C ;
  sh:property [ sh:path e:age ; sh:datatype xsd:integer ; sh:message "Not {?value}."@en ] ,
    [ sh:path e:name ; sh:minCount 1 ; sh:severity sh:Warning ] .
"""
SYNTAXES = {
    "ttl": (
        "@prefix e: <http://e/> .\ne:x a e:C ;\n  e:name 'é' ; e:age 'secret' .\n",
        (3, 22),
    ),
    "trig": (
        "@prefix e: <http://e/> .\n e:g { e:x a e:C ; e:name 1 ;\n e:age 'secret' }\n",
        (3, 8),
    ),
    "nt": (
        "<http://e/x> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://e/C> .\n"
        '<http://e/x> <http://e/name> "a" .\n <http://e/x>  <http://e/age> "secret" .\n',
        (3, 31),
    ),
    "nq": (
        "<http://e/x> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://e/C> <http://g> .\n"
        '<http://e/x> <http://e/name> "a" .\n<http://e/x> <http://e/age> "secret" <http://e/g> .\n',
        (3, 29),
    ),
    "jsonld": (
        '{"@context": {"e": "http://e/"},\n  "@id": "e:x", "@type": "e:C", "e:name": "a",\n'
        '  "e:age": "secret"}\n',
        (2, 10),
    ),
    "rdf": (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e/">\n'
        ' <e:C rdf:about="http://e/x"><e:name>a</e:name>\n'
        "  <e:age>secret</e:age></e:C></rdf:RDF>\n",
        (3, 3),
    ),
}


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "s.ttl").write_text(SHAPES, encoding="utf-8")
    for ending, (text, _) in SYNTAXES.items():
        (tmp_path / f"d.{ending}").write_text(text, encoding="utf-8")
    return tmp_path


def made(form: str, ending: str = "ttl", *more: str, shapes: bool = True) -> bytes:
    given = ("--shapes", "s.ttl") if shapes else ()
    code = main(["validate", *given, "--data", f"d.{ending}", "--format", form, "-o", "out", *more])
    assert code == 1
    return Path("out").read_bytes()


@pytest.mark.parametrize("engine", ["auto", "pyshacl"])
@pytest.mark.parametrize("ending", SYNTAXES)
def test_every_syntax(room: Path, ending: str, engine: str) -> None:
    (fault,) = json.loads(made("json", ending, "--engine", engine))["faults"]
    assert (fault["line"], fault["character"]) == SYNTAXES[ending][1]
    assert (fault["file"], fault["column"]) == (f"d.{ending}", "age")
    assert (fault["focus"], fault["path"]) == ("http://e/x", "http://e/age")
    assert (fault["kind"], fault["rule"]) == ("format", "S-age/Datatype")


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("form", [form for form in FORMS if form not in ("ttl", "xlsx")])
def test_no_form_but_the_standards_holds_a_value(room: Path, form: str, lang: str) -> None:
    text = made(form, "ttl", "--lang", lang).decode("utf-8")
    assert "secret" not in text
    assert "d.ttl" in text
    assert "http://e/x" in text


def test_the_standards_own_holds_it(room: Path) -> None:
    assert 'sh:value "secret"' in made("ttl").decode()


def test_text(room: Path) -> None:
    text = made("text").decode()
    assert text.startswith("This data has faults (nodes with faults: 1 of 1).\n")
    assert "1 result: not written in the expected form (age) [S-age/Datatype]\n" in text
    assert "Not (...)." in text
    assert "d.ttl line 3, column 22, property age, node http://e/x\n" in text


def test_json_is_as_published(room: Path) -> None:
    schema = Path(report_module.__file__).with_name("report.schema.json")
    document = json.loads(made("json"))
    assert breaches(document, json.loads(schema.read_text(encoding="utf-8"))) == []
    assert (document["records"], document["refused"], document["verdict"]) == (1, 1, "refused")


def test_sarif(room: Path) -> None:
    (run,) = json.loads(made("sarif"))["runs"]
    (location,) = run["results"][0]["locations"]
    assert location["physicalLocation"]["artifactLocation"]["uri"] == "d.ttl"
    assert location["physicalLocation"]["region"] == {"startLine": 3, "startColumn": 22}
    assert location["logicalLocations"][0]["fullyQualifiedName"] == "http://e/x!age"


def test_junit(room: Path) -> None:
    cases = etree.fromstring(made("junit")).findall("*/testcase")
    assert [case.get("name") for case in cases[1:]] == ["S-age/Datatype"]
    assert "line 3, column 22" in str(cases[1].findtext("failure"))


def cells_of(page: Any) -> list[list[str]]:
    return [[cell.text_content() for cell in row] for row in page.iter("tr")]


def test_html(room: Path) -> None:
    rows = cells_of(html.fromstring(made("html").decode()))
    assert rows == [
        ["File", "Line", "Column", "Property", "Node"],
        ["d.ttl", "3", "22", "age", "http://e/x"],
    ]


def test_xlsx(room: Path) -> None:
    book = openpyxl.load_workbook(io.BytesIO(made("xlsx")))
    rows = [list(row) for row in book["Faults"].iter_rows(values_only=True)]
    assert rows[0][:5] == ["File", "Line", "Column", "Property", "Node"]
    assert rows[1][:5] == ["d.ttl", 3, 22, "age", "http://e/x"]
    assert "secret" not in str(rows)


def test_jsonld(room: Path) -> None:
    quads = list(ox.parse(made("jsonld"), format=ox.RdfFormat.JSON_LD))
    (source,) = (q.object.value for q in quads if q.predicate.value.endswith("terms/source"))
    assert source == "d.ttl line 3, column 22, property age, node http://e/x"


def test_only_warnings_do_not_conform(room: Path) -> None:
    (room / "d.ttl").write_text("@prefix e: <http://e/> . e:x a e:C .", encoding="utf-8")
    assert made("text").decode().startswith("This data has warnings or notes but no faults")
    assert json.loads(made("json"))["verdict"] == "refused"


def test_what_has_no_name_is_not_named(room: Path) -> None:
    text = "@prefix e: <http://e/> .\n[] a e:C ; e:name 1 ; e:age 'secret' ."
    (room / "d.ttl").write_text(text, encoding="utf-8")
    assert "d.ttl line 2, column 29, property age, a node without a name\n" in made("text").decode()


def test_a_literal_node_is_not_told() -> None:
    literal = '"secret"'
    component = "http://www.w3.org/ns/shacl#NodeKindConstraintComponent"
    found = Result(literal, None, literal, component, None, "http://e/own-severity")
    told = data_report(ShaclRun((found,), 1, "shacl"), [None], "d.ttl", ours=False)
    assert "secret" not in repr(told)
    assert [fault.severity for fault in told.faults] == ["Violation"]


CASES = Path(shape_files()[0]).parents[1] / "tests" / "shapes" / "CaseShape"


def test_without_shapes_our_own_hold(room: Path) -> None:
    name = "fail-CaseShape-ageBand-not-in-list.ttl"
    (room / "d.ttl").write_text((CASES / name).read_text(encoding="utf-8"), encoding="utf-8")
    (fault,) = json.loads(made("json", shapes=False))["faults"]
    assert (fault["rule"], fault["column"]) == ("CaseShape-ageBand", "ageBand")
    line = (room / "d.ttl").read_text(encoding="utf-8").splitlines()[fault["line"] - 1]
    assert "ageBand" in line[: fault["character"]]
    basic = json.loads(made("json", "ttl", "--profile", "basic", shapes=False))
    assert basic["faults"]


def test_a_subclass_is_held_to_the_shapes_of_its_class(room: Path) -> None:
    assert validate_data(CASES / "fail-CaseShape-ageBand-not-in-list.ttl", None).focus_nodes > 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--shapes", "s.ttl"], "There is no data for --shapes."),
        (["--data", "d.ttl", "d.nt"], "RDF data is checked by itself."),
        (["--data", "d.ttl", "--mark", "copies"], "RDF data is checked by itself."),
        (["--data", "none.ttl"], "There is no such file."),
        (["--data", "remote.jsonld"], "nothing is fetched"),
        (["--data", "type.rdf"], "document type"),
        (["--data", "d.csv"], "Unknown RDF file ending."),
    ],
)
def test_refusals(
    room: Path, capfd: pytest.CaptureFixture[str], arguments: list[str], words: str
) -> None:
    (room / "remote.jsonld").write_text('{"@context": "http://e/c", "@id": "e:x"}', "utf-8")
    (room / "type.rdf").write_text("<!DOCTYPE x><x/>", encoding="utf-8")
    (room / "d.csv").write_text("a,b\n", encoding="utf-8")
    code = main(["validate", *arguments])
    assert code == 2
    assert words in capfd.readouterr().err


def test_a_name_given_with_its_folder_is_told_with_it(room: Path) -> None:
    (room / "sub").mkdir()
    (room / "sub" / "d.ttl").write_text(SYNTAXES["ttl"][0], encoding="utf-8")
    assert main(["validate", "--shapes", "s.ttl", "--data", "sub/d.ttl", "-o", "out"]) == 1
    assert "    sub/d.ttl line 3, column 22" in Path("out").read_text(encoding="utf-8")
