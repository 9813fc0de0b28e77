"""The glossary: complete in four languages, cited, and recognised in running text."""

import re
from collections import Counter

import pytest
from rdflib import DCTERMS, RDF, RDFS, SKOS, BNode, Graph, Literal, URIRef

from dpc_kg.base import assets
from dpc_kg.base.rdfio import read
from dpc_kg.base.settings import LANGS
from dpc_kg.model import glossary, inflection
from dpc_kg.model.glossary import Entry, Glossary

LEAST = 60
PLACE = re.compile(r"(art\.|para\.|sect\.|principle) \S.*|title|preamble")


@pytest.fixture(scope="module")
def graph() -> Graph:
    return read(assets.asset(*glossary.FILE.split("/")))


@pytest.fixture(scope="module")
def known() -> Glossary:
    return glossary.load()


def entry(known: Glossary, name: str) -> Entry:
    return next(entry for entry in known.entries if entry.name == name)


def test_every_term_has_one_label_and_one_source_a_language(graph: Graph) -> None:
    terms = set(graph.subjects(RDF.type, SKOS.Concept))
    assert len(terms) >= LEAST
    for term in terms:
        for predicate in (SKOS.prefLabel, DCTERMS.source):
            said = Counter(
                text.language
                for text in graph.objects(term, predicate)
                if isinstance(text, Literal)
            )
            assert said == Counter(LANGS), (term, predicate)
        assert str(term).startswith(glossary.GLOSSARY + "/")


def sources(graph: Graph) -> dict[str, URIRef]:
    found = graph.subjects(RDF.type, DCTERMS.BibliographicResource)
    return {str(graph.value(iri, SKOS.notation)): iri for iri in found if isinstance(iri, URIRef)}


def test_every_citation_names_an_instrument_in_one_of_its_languages(
    graph: Graph, known: Glossary
) -> None:
    instruments = sources(graph)
    for term in known.entries:
        for lang, citation in term.cited.items():
            name, _, place = citation.partition(", ")
            assert PLACE.fullmatch(place), citation
            spoken = {str(one) for one in graph.objects(instruments[name], DCTERMS.language)}
            assert lang in spoken, (term.name, lang, citation)


def test_every_instrument_has_titles_a_date_and_a_symbol(graph: Graph) -> None:
    for iri in sources(graph).values():
        titles = [t.language for t in graph.objects(iri, DCTERMS.title) if isinstance(t, Literal)]
        assert sorted(str(lang) for lang in titles) == sorted(LANGS)
        assert re.fullmatch(r"\d{4}", str(graph.value(iri, DCTERMS.issued)))
        assert graph.value(iri, DCTERMS.identifier)


def test_a_citation_awaits_a_check_or_says_where_it_was_checked(
    graph: Graph, known: Glossary
) -> None:
    for term in known.entries:
        assert term.awaiting <= set(LANGS)
        seen = set(graph.objects(URIRef(term.iri), RDFS.seeAlso))
        assert bool(seen) == (term.awaiting != set(LANGS)), term.name


def test_the_glossary_stays_inside_owl(graph: Graph) -> None:
    assert not [node for node in graph.all_nodes() if isinstance(node, BNode)]
    declared = set(graph.subjects(RDF.type, None))
    assert {DCTERMS.source, SKOS.altLabel, SKOS.hiddenLabel} <= declared


def test_every_label_is_recognised_in_its_own_language(known: Glossary) -> None:
    for term in known.entries:
        for lang in LANGS[1:]:
            for label in (term.labels[lang], *term.others.get(lang, ())):
                assert term.accepts(lang, label), (term.name, lang, label)
        assert term in known.named_in(term.labels["en"])


def test_no_english_word_stands_for_two_terms(known: Glossary) -> None:
    english = Counter(
        inflection.english_words(text)
        for term in known.entries
        for text in (term.labels["en"], *term.others.get("en", ()))
    )
    assert not [words for words, count in english.items() if count > 1]


@pytest.mark.parametrize(
    ("name", "lang", "text"),
    [
        ("child", "fr", "Les enfants et leur école."),
        ("child", "es", "Las niñas y los niños de la zona."),
        ("child", "ar", "عدد الأطفال في الأسرة."),
        ("child", "ar", "للطفل وأسرته."),
        ("referral", "fr", "Orientations acceptées par l'organisation."),
        ("referral", "es", "Derivaciones aceptadas."),
        ("referral", "ar", "والإحالات المقبولة."),
        ("report", "ar", "وصل بلاغٌ جديد."),
        ("sexual-exploitation", "fr", "L'exploitation et les abus sexuels."),
        ("best-interests", "ar", "بما يحقق المصالح الفضلى للطفل."),
        ("cyberbullying", "ar", "التنمر الإلكتروني"),
    ],
)
def test_bent_words_are_recognised(known: Glossary, name: str, lang: str, text: str) -> None:
    assert entry(known, name).accepts(lang, text)


@pytest.mark.parametrize(
    ("name", "lang", "text"),
    [
        ("child", "fr", "La personne et son école."),
        ("referral", "es", "La organización avisa a la otra."),
        ("report", "ar", "وصلت رسالة جديدة."),
        ("best-interests", "fr", "L'intérêt de tous, et un enfant qui a réussi un test supérieur."),
        ("hotline", "fr", "Un contenu en ligne."),
    ],
)
def test_other_words_are_not_recognised(known: Glossary, name: str, lang: str, text: str) -> None:
    assert not entry(known, name).accepts(lang, text)


@pytest.mark.parametrize(
    ("english", "names"),
    [
        ("Child sexual abuse material in reports.", ["sexual-abuse-material", "report"]),
        ("The best interests of the child.", ["best-interests"]),
        ("Case managers agree on a follow-up.", ["case", "follow-up"]),
        ("A lower-case letter.", []),
        ("Under those of UCO / CASE.", []),
        ("As in example-helpline.", []),
        ("Children whose parents agree.", ["child", "parent"]),
    ],
)
def test_english_texts_name_terms(known: Glossary, english: str, names: list[str]) -> None:
    assert [term.name for term in known.named_in(english)] == names
