"""Words with a status: each with its edition, each saying what to say instead."""

from collections import Counter

import pytest
from rdflib import DCTERMS, RDF, SKOS, URIRef

from dpc_kg.base import assets
from dpc_kg.base.rdfio import read
from dpc_kg.base.settings import LANGS
from dpc_kg.base.vocab import CODES
from dpc_kg.model import glossary, ontology, terminology
from dpc_kg.model.glossary import SOURCE
from dpc_kg.model.texts import asset_texts, catalogue_texts

SECOND_EDITION = SOURCE + "luxembourg-2025"


@pytest.fixture(scope="module")
def words() -> tuple[terminology.Word, ...]:
    return terminology.words()


def test_all_five_statuses_are_in_use(words: tuple[terminology.Word, ...]) -> None:
    published = {code.notation for code in ontology.codes("term-status")}
    assert {word.status for word in words} == published


def test_every_language_has_words_to_prefer_and_to_avoid(
    words: tuple[terminology.Word, ...],
) -> None:
    count = Counter((word.lang, word.status) for word in words)
    for lang in LANGS:
        assert count[lang, "avoid"] >= 5
        assert count[lang, "preferred"] >= 4


def test_every_status_has_an_edition_and_says_what_it_awaits(
    words: tuple[terminology.Word, ...],
) -> None:
    graph = read(assets.asset(*glossary.FILE.split("/")))
    editions = {str(iri) for iri in graph.subjects(RDF.type, DCTERMS.BibliographicResource)}
    for word in words:
        assert word.source in editions, word.text
        assert set(word.awaiting) <= editions
        assert word.source == SECOND_EDITION or SECOND_EDITION in word.awaiting, word.text


def test_every_word_says_what_to_say(words: tuple[terminology.Word, ...]) -> None:
    known = {code.iri for code in ontology.codes("concern")}
    known |= {entry.iri for entry in glossary.load().entries}
    assert not [word.text for word in words if word.instead not in known]


def test_no_word_has_two_statuses(words: tuple[terminology.Word, ...]) -> None:
    count = Counter((terminology.plain(word.text), word.lang) for word in words)
    assert not [word for word, times in count.items() if times > 1]


def test_no_preferred_word_holds_a_refused_one(words: tuple[terminology.Word, ...]) -> None:
    for word in words:
        if word.status not in terminology.NEVER_OURS:
            assert not terminology.refused_in(word.text, word.lang, words), word.text


def test_no_text_of_ours_holds_a_refused_word(words: tuple[terminology.Word, ...]) -> None:
    for text in [*asset_texts(), *catalogue_texts()]:
        for lang, said in text.forms:
            found = terminology.refused_in(said, lang, words)
            assert not found, f"{text.file}, {text.subject}: {[word.text for word in found]}"


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "Files with Child Pornography."),
        ("fr", "De la pédopornographie en ligne."),
        ("fr", "Protocole sur la prostitution des enfants."),
        ("es", "Turismo sexual con menores."),
        ("ar", "مواقع المَواد الإباحيّة للأطفال."),
        ("ar", "استغلال الأطفال في المواد الإباحية."),
    ],
)
def test_refused_words_are_found(lang: str, text: str, words: tuple[terminology.Word, ...]) -> None:
    assert terminology.refused_in(text, lang, words)


def test_a_word_is_refused_in_its_own_language_only(
    words: tuple[terminology.Word, ...],
) -> None:
    assert not terminology.refused_in("child pornography", "fr", words)
    assert not terminology.refused_in("The alleged perpetrator.", "en", words)


def test_labels_of_a_status_are_linked_to_its_code(
    words: tuple[terminology.Word, ...],
) -> None:
    graph = read(assets.asset("ontology", "terminology.ttl"))
    for word in words:
        if (URIRef(word.iri), None, None) in graph:
            assert word.iri.startswith(f"{CODES}terminology/{word.lang}-")
    assert (None, SKOS.prefLabel, None) not in graph
