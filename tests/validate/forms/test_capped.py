"""A report that does not tell every fault says so, in each form and language."""

import io
import json
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import openpyxl
import pyoxigraph as ox
import pytest
from lxml import etree, html

from dpc_kg.base.faults import More
from dpc_kg.base.settings import LANGS
from dpc_kg.validate.forms import written
from dpc_kg.validate.forms.marked import to_marked
from dpc_kg.validate.report import all_groups
from dpc_kg.validate.wording import word
from tests.schemas import breaches
from tests.validate.reports import HEADER, REPORT

BEYOND = 290_004
AGE = More("cases.csv", "source:age", "range", "Violation", BEYOND - 4)
CAPPED = replace(REPORT, more=(AGE, replace(AGE, file="more.csv", count=4)))
COMMENT = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#comment")
TOLD = 8


def said(lang: str, count: int = BEYOND) -> str:
    return word("beyond", lang, count=count)


@pytest.mark.parametrize("lang", LANGS)
def test_it_is_said_once_of_the_rule_and_the_count_is_whole(lang: str) -> None:
    groups = all_groups(CAPPED, lang)
    assert groups[0].rule == "source:age", "the most frequent first"
    assert groups[0].count == TOLD + BEYOND
    assert str(TOLD + BEYOND) in groups[0].heading(lang)
    assert [group.beyond(lang) for group in groups[1:]] == [""] * (len(groups) - 1)
    assert str(BEYOND) in groups[0].beyond(lang)
    assert len({said(each) for each in LANGS}) == len(LANGS)


@pytest.mark.parametrize("lang", LANGS)
def test_text(lang: str) -> None:
    text = written(CAPPED, "text", lang).decode()
    assert text.count(said(lang)) == 1
    assert said(lang) not in written(REPORT, "text", lang).decode()


@pytest.mark.parametrize("lang", LANGS)
def test_html(lang: str) -> None:
    page: Any = html.fromstring(written(CAPPED, "html", lang).decode())
    (section,) = (s for s in page.iter("section") if "source:age" in s.text_content())
    assert section.findall("p")[-1].text_content() == said(lang)


@pytest.mark.parametrize("lang", LANGS)
def test_json(lang: str) -> None:
    document = json.loads(written(CAPPED, "json", lang))
    schema = json.loads(
        files("dpc_kg.validate").joinpath("report.schema.json").read_text(encoding="utf-8")
    )
    assert breaches(document, schema) == []
    assert sum(more["count"] for more in document["more"]) == BEYOND
    (group,) = (g for g in document["groups"] if g["rule"] == "source:age")
    assert group["count"] == TOLD + BEYOND
    assert sum(fault["rule"] == "source:age" for fault in document["faults"]) == TOLD


@pytest.mark.parametrize("lang", LANGS)
def test_xlsx(lang: str) -> None:
    book = openpyxl.load_workbook(io.BytesIO(written(CAPPED, "xlsx", lang)))
    summary, faults, _ = (list(sheet.iter_rows(values_only=True)) for sheet in book)
    assert [str(row[0]).endswith(said(lang)) for row in summary if row[1] == "source:age"] == [True]
    rows = [row for row in faults if row[-1] == "source:age"]
    assert len(rows) == TOLD + 1
    assert said(lang) in rows[-1]


@pytest.mark.parametrize("lang", LANGS)
def test_sarif(lang: str) -> None:
    (run,) = json.loads(written(CAPPED, "sarif", lang))["runs"]
    (told,) = run["invocations"][0]["toolExecutionNotifications"]
    assert told["message"]["text"] == said(lang)
    rule = run["tool"]["driver"]["rules"][told["associatedRule"]["index"]]
    assert rule["id"] == told["associatedRule"]["id"] == "source:age"


@pytest.mark.parametrize("lang", LANGS)
def test_junit(lang: str) -> None:
    suite = etree.fromstring(written(CAPPED, "junit", lang))
    (case,) = suite.iterfind(".//testcase[@name='source:age']")
    assert (case[0].text or "").endswith(said(lang))


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("form", ["ttl", "jsonld"])
def test_rdf(form: str, lang: str) -> None:
    syntax = ox.RdfFormat.TURTLE if form == "ttl" else ox.RdfFormat.JSON_LD
    triples = [quad.triple for quad in ox.parse(written(CAPPED, form, lang), format=syntax)]
    (comment,) = (t.object for t in triples if t.predicate == COMMENT)
    assert isinstance(comment, ox.Literal)
    assert comment.language == lang
    assert comment.value.endswith(said(lang))
    assert "source:age" in comment.value


@pytest.mark.parametrize("lang", LANGS)
def test_a_marked_table_tells_of_its_own_file_alone(tmp_path: Path, lang: str) -> None:
    table = tmp_path / "cases.csv"
    rows = [",".join(HEADER), *("1,,200,,,," for _ in range(30))]
    table.write_text("\n".join(rows) + "\n", encoding="utf-8")
    book = openpyxl.load_workbook(io.BytesIO(to_marked(CAPPED, table, lang)))
    *_, last = book.worksheets[-1].iter_rows(values_only=True)
    assert last[-1] == "source:age"
    assert said(lang, AGE.count) in last
