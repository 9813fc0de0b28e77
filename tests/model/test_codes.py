"""The code lists: every list and code complete, ordered, and with a place for what does not fit."""

from collections import Counter
from pathlib import Path

import pytest
from rdflib import RDF, SKOS, Graph, Literal, Namespace, URIRef

from dpc_kg.base import assets
from dpc_kg.base.errors import SourceError
from dpc_kg.base.faults import SOURCE_RULES
from dpc_kg.base.rdfio import read
from dpc_kg.base.settings import LANGS
from dpc_kg.base.vocab import CODES, DPC
from dpc_kg.lift.functions.base import fault
from dpc_kg.lift.reject import Reject
from dpc_kg.model import ontology

D = Namespace(DPC)
FILES = sorted(assets.asset("ontology", "codes").glob("*.ttl"))
DESCRIBING_THE_MODEL = {
    *("period", "purpose", "retention", "sensitivity", "source-fault"),
    *("term-status", "tier", "translation-status"),
    *("capability-domain", "source-check", "source-document", "time-limit-kind"),
}
"""Lists that describe the model or the machinery: no partner's value is ever put into them."""
SOURCE_FAULTS = {
    "empty-file": "file",
    "encoding": "file",
    "quote": "file",
    "column-count": "format",
    "duplicate-column": "file",
    "missing-column": "file",
    "truncated": "file",
    "doctype": "file",
    "syntax": "file",
    "date": "format",
    "date-order": "format",
    "number": "format",
    "boolean": "format",
    "age": "range",
    "country": "format",
    "hash": "format",
    "ruby-literal": "format",
    "duplicate": "duplicate",
    "missing-key": "missing",
    "reference": "reference",
    "unlisted": "code",
    "unreadable": "file",
    "too-large": "file",
    "locked": "file",
    "cell-error": "format",
    "web-address": "format",
    "structure": "format",
    "iri": "format",
    "language": "format",
    "adult": "range",
    "personal": "file",
}


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_a_file_holds_one_list_named_after_it(path: Path) -> None:
    graph = read(path)
    scheme = URIRef(CODES + path.stem)
    assert list(graph.subjects(RDF.type, SKOS.ConceptScheme)) == [scheme]
    assert graph.value(scheme, SKOS.notation) == Literal(path.stem)
    for concept in graph.subjects(RDF.type, SKOS.Concept):
        assert concept == URIRef(f"{scheme}/{graph.value(concept, SKOS.notation)}")
        assert graph.value(concept, SKOS.inScheme) == scheme
        assert graph.value(concept, SKOS.topConceptOf) == scheme


@pytest.mark.parametrize("scheme", [path.stem for path in FILES])
def test_codes_are_numbered_from_one(scheme: str) -> None:
    positions = [code.position for code in ontology.codes(scheme)]
    assert positions == list(range(1, len(positions) + 1))


@pytest.mark.parametrize("scheme", [path.stem for path in FILES])
def test_lists_for_data_have_a_place_for_what_does_not_fit(scheme: str) -> None:
    notations = [code.notation for code in ontology.codes(scheme)]
    assert ("unmapped" in notations) == (scheme not in DESCRIBING_THE_MODEL)


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("scheme", [path.stem for path in FILES])
def test_no_two_codes_of_a_list_share_a_label(scheme: str, lang: str) -> None:
    labels = Counter(ontology.label(code.iri, lang) for code in ontology.codes(scheme))
    assert not [label for label, count in labels.items() if count > 1]


def test_stronger_hashes_have_a_higher_rank() -> None:
    graph = ontology.load()
    names = ("md5", "sha1", "sha256")
    ranks = [graph.value(URIRef(f"{CODES}hash-algorithm/{name}"), D.strength) for name in names]
    assert [int(str(rank)) for rank in ranks] == [1, 2, 3]


def test_source_faults_are_the_published_ones() -> None:
    graph: Graph = ontology.load()
    found = {
        code.notation: str(graph.value(URIRef(code.iri), D.faultKind))
        for code in ontology.codes("source-fault")
    }
    assert found == SOURCE_FAULTS


def test_the_faults_that_can_be_raised_are_the_published_ones() -> None:
    assert set(SOURCE_FAULTS) == SOURCE_RULES
    with pytest.raises(ValueError, match="no-such"):
        SourceError("?", rule="no-such")
    with pytest.raises(ValueError, match="no-such"):
        Reject("cases", "cases.csv", 2, "age", "no-such")
    with pytest.raises(ValueError, match="no-such"):
        fault("no-such")
