"""Content negotiation."""

import pytest

from dpc_kg.serve.negotiate import GRAPHS, RESULTS, TABLES, choose, content_type, for_form
from dpc_kg.serve.problems import Problem

CHOICES = (
    (None, "json"),
    ("", "json"),
    ("*/*", "json"),
    ("application/*", "json"),
    ("text/*", "csv"),
    ("text/csv", "csv"),
    ("text/tab-separated-values;q=0.9, text/csv;q=0.1", "tsv"),
    ("application/sparql-results+xml, */*;q=0.1", "xml"),
    ("application/json", "json"),
    ("APPLICATION/XML", "xml"),
    ("text/csv;q=0, */*", "json"),
    ("application/sparql-results+json;q=0, */*;q=0.5", "xml"),
    ("text/html, text/csv;q=0.5", "csv"),
    ("text/csv; q=wrong, text/tab-separated-values;q=0.1", "tsv"),
    ("application/sparql-results+json,application/json,text/javascript", "json"),
)


@pytest.mark.parametrize(("accept", "name"), CHOICES)
def test_results(accept: str | None, name: str) -> None:
    assert choose(accept, RESULTS).name == name


@pytest.mark.parametrize(
    "accept", ["text/html", "*/*;q=0", "image/png", "text/csv;q=0", ",".join(["*/*"] * 1000)]
)
def test_nothing_acceptable(accept: str) -> None:
    with pytest.raises(Problem) as caught:
        choose(accept, RESULTS)
    assert caught.value.status == 406
    assert caught.value.reason == "not-acceptable"


def test_each_form_has_its_formats() -> None:
    assert for_form("ASK") == RESULTS
    assert for_form("DESCRIBE") == GRAPHS
    assert choose("application/rdf+xml", GRAPHS).name == "rdfxml"
    assert choose("application/ld+json", GRAPHS).name == "jsonld"
    assert choose("text/html,application/xhtml+xml,*/*;q=0.8", TABLES).name == "html"


def test_text_says_its_encoding() -> None:
    assert content_type(RESULTS[2]) == "text/csv; charset=utf-8"
    assert content_type(RESULTS[0]) == "application/sparql-results+json"
