"""Every form of the report: well-formed, with every place, and without a value."""

import io
import json
import re
from itertools import pairwise
from typing import Any

import openpyxl
import pyoxigraph as ox
import pytest
from lxml import etree, html

from dpc_kg.base.settings import LANGS, RIGHT_TO_LEFT
from dpc_kg.validate.forms import FORMS, written
from dpc_kg.validate.forms.html import to_html
from dpc_kg.validate.report import CheckReport, cell_name, groups
from dpc_kg.validate.wording import word
from tests.validate.reports import FAULTS, HEADER, REPORT, WARNINGS

SH = "http://www.w3.org/ns/shacl#"
CELLS = [name for fault in FAULTS if (name := cell_name(REPORT, fault))]


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("form", FORMS)
def test_no_form_holds_a_value(form: str, lang: str) -> None:
    made = written(REPORT, form, lang)
    assert b"a secret" not in made
    assert made == written(REPORT, form, lang), "the same report, the same bytes"


@pytest.mark.parametrize("form", FORMS)
def test_a_clean_export_has_every_form(form: str) -> None:
    assert written(CheckReport(5, 0), form, "en")


def test_an_unknown_form_is_none_of_ours() -> None:
    with pytest.raises(KeyError):
        written(REPORT, "pdf", "en")


# -- SARIF


@pytest.mark.parametrize("lang", LANGS)
def test_sarif_has_a_result_for_each_fault(lang: str) -> None:
    (run,) = json.loads(written(REPORT, "sarif", lang))["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert len(run["results"]) == len(FAULTS) + len(WARNINGS)
    assert len({rule["id"] for rule in rules}) == len(rules)
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
    levels = [result["level"] for result in run["results"]]
    assert (levels.count("error"), levels.count("warning")) == (len(FAULTS), 1)
    names = {
        each["fullyQualifiedName"]
        for result in run["results"]
        for place in result["locations"]
        for each in place["logicalLocations"]
    }
    assert {"F14", "Cases!E2", "3!referrals[0].referredAt"} <= names


def test_sarif_gives_lines_of_text_only() -> None:
    (run,) = json.loads(written(REPORT, "sarif", "en"))["runs"]
    regions = {
        result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        for result in run["results"]
        if "region" in result["locations"][0]["physicalLocation"]
    }
    assert regions == {"cases.csv"}


# -- JUnit


@pytest.mark.parametrize("lang", LANGS)
def test_junit_fails_for_each_rule_that_refuses(lang: str) -> None:
    (suite,) = etree.fromstring(written(REPORT, "junit", lang))
    cases = suite.findall("testcase")
    assert suite.get("tests") == str(len(cases)) == "8"
    assert suite.get("failures") == str(len(suite.findall("testcase/failure"))) == "7"
    assert "4711" in suite.findtext("testcase[@name='CaseShape-receivedAt']/failure", "")
    assert suite.find("testcase[@name='CaseShape-sexRecorded']/system-out") is not None
    (clean,) = etree.fromstring(written(CheckReport(5, 0), "junit", lang))
    assert (clean.get("tests"), clean.get("failures")) == ("1", "0")


# -- RDF


@pytest.mark.parametrize("lang", LANGS)
def test_rdf_is_a_validation_report(lang: str) -> None:
    turtle = ox.parse(written(REPORT, "ttl", lang), format=ox.RdfFormat.TURTLE)
    linked = ox.parse(written(REPORT, "jsonld", lang), format=ox.RdfFormat.JSON_LD)
    both = [[_anonymous(t) for t in found] for found in (turtle, linked)]
    assert sorted(both[0]) == sorted(both[1])
    predicates = [predicate for _, predicate, _ in both[0]]
    # one by the shapes, eight ages, one date, one encoding
    assert predicates.count(SH + "result") == 11
    assert predicates.count(SH + "sourceConstraintComponent") == 11
    assert predicates.count("http://purl.org/dc/terms/source") == 11
    assert SH + "value" not in predicates


def _anonymous(triple: ox.Triple | ox.Quad) -> tuple[str, str, str]:
    terms = [
        "_" if isinstance(term, ox.BlankNode) else str(term)
        for term in (triple.subject, triple.object)
    ]
    return terms[0], triple.predicate.value, terms[1]


# -- HTML


@pytest.fixture(params=LANGS)
def page(request: pytest.FixtureRequest) -> tuple[str, Any]:
    return request.param, html.document_fromstring(to_html(REPORT, request.param))


def test_html_stands_alone(page: tuple[str, Any]) -> None:
    lang, root = page
    assert (root.get("lang"), root.get("dir")) == (lang, "rtl" if lang in RIGHT_TO_LEFT else "ltr")
    assert not root.xpath("//script|//link|//img|//iframe|//object|//form")
    assert {link[0] for link in root.xpath("//a/@href")} == {"#"}
    assert not re.search(r"https?://|url\(|@import", root.xpath("string(//style)"))
    names = root.xpath("//@id")
    assert len(set(names)) == len(names)
    assert {link[1:] for link in root.xpath("//a/@href")} <= set(names)


def test_html_can_be_read_without_eyes(page: tuple[str, Any]) -> None:
    _, root = page
    levels = [int(tag.tag[1]) for tag in root.xpath("//h1|//h2|//h3")]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert len(root.xpath("//main")) == 1 and root.xpath("//title/text()")
    for table in root.xpath("//table"):
        assert all(head.get("scope") for head in table.xpath(".//th"))
    regions = root.xpath("//*[@role='region']/@aria-label")
    assert len(regions) == len(root.xpath("//table"))
    links = root.xpath("//nav//a/text()")
    assert len(set(links)) == len(links), "no two links sound alike"


def test_html_has_every_cell(page: tuple[str, Any]) -> None:
    lang, root = page
    shown = root.xpath("//td//text()")
    assert set(CELLS) <= set(shown)
    assert {"4711", REPORT.hint(FAULTS[-1], lang)} <= set(shown)


def test_html_escapes_what_stands_in_the_export() -> None:
    fault = FAULTS[1].__class__(
        "<img src=x>.csv", None, 2, "<script>alert(1)</script>", "missing", ("S",)
    )
    text = to_html(CheckReport(2, 1, (fault,)), "en")
    assert "<script>" not in text and "<img" not in text


def test_html_of_a_long_list_says_how_many_more() -> None:
    text = to_html(REPORT, "en", max_places=3)
    assert word("more", "en", count=5) in text


# -- XLSX


@pytest.mark.parametrize("lang", LANGS)
def test_the_workbook_has_a_row_for_each_fault(lang: str) -> None:
    book = openpyxl.load_workbook(io.BytesIO(written(REPORT, "xlsx", lang)))
    assert book.sheetnames == [word(key, lang) for key in ("summary", "faults", "left-out")]
    assert all(bool(sheet.sheet_view.rightToLeft) == (lang in RIGHT_TO_LEFT) for sheet in book)
    rows = list(book[word("faults", lang)].iter_rows(min_row=2, values_only=True))
    wanted = [
        fault
        for severity in (FAULTS, WARNINGS)
        for group in groups(REPORT, severity, lang)
        for fault in group.faults
    ]
    assert [row[0] for row in rows] == [fault.file for fault in wanted]
    assert [row[5] for row in rows] == [cell_name(REPORT, fault) for fault in wanted]
    assert "=4712" in {row[6] for row in rows}, "a text, not a formula"
    assert all(cell.data_type != "f" for sheet in book for row in sheet for cell in row)


def test_headers_are_not_needed_for_documents() -> None:
    assert HEADER and all(
        cell_name(REPORT, fault) is None for fault in FAULTS if fault.file.endswith(".json")
    )
