"""The glossary: how the sector's instruments say a thing in each language, and who obeys it.

``ontology/language/glossary.ttl`` holds the terms. A language's ``skos:prefLabel`` is the word to
use, ``skos:altLabel`` another good one, ``skos:hiddenLabel`` the beginning of words that will do
inside a sentence. ``dcterms:source`` cites the instrument for each language, ``dpc:awaitsCheck``
names the languages whose citation nobody has compared with the instrument yet.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import pyoxigraph as ox

from dpc_kg.base import assets
from dpc_kg.base.settings import LANGS
from dpc_kg.base.vocab import BASE, DPC, SKOS, local_name
from dpc_kg.model.inflection import Phrase, english_words, found_in, phrase, words_of
from dpc_kg.model.texts import DCTERMS, PREF_LABEL

FILE = "ontology/language/glossary.ttl"
GLOSSARY = BASE + "glossary"
SOURCE = BASE + "source/"
_ALT, _HIDDEN = SKOS + "altLabel", SKOS + "hiddenLabel"
_CITED, _AWAITS = DCTERMS + "source", DPC + "awaitsCheck"

Spoken = Mapping[str, tuple[str, ...]]
"""Words by language."""


@dataclass(frozen=True, eq=False)
class Entry:
    """A term of the glossary.

    ``labels``, ``others`` and ``stems`` are the words to use, further good ones, and beginnings of
    words that will do; ``cited`` the instrument and its place; ``awaiting`` the languages whose
    citation awaits a check.
    """

    iri: str
    labels: Mapping[str, str]
    others: Spoken
    stems: Spoken
    cited: Mapping[str, str]
    awaiting: frozenset[str]

    @property
    def name(self) -> str:
        """The last part of the IRI."""
        return local_name(self.iri)

    def accepts(self, lang: str, text: str) -> bool:
        """Tell whether a text uses one of the entry's words in a language."""
        return found_in(self._phrases(lang), words_of(text, lang), lang)

    def _phrases(self, lang: str) -> tuple[Phrase, ...]:
        whole = (self.labels[lang], *self.others.get(lang, ()))
        begun = self.stems.get(lang, ())
        return _phrases(whole, begun, lang)


@lru_cache(maxsize=4096)
def _phrases(whole: tuple[str, ...], begun: tuple[str, ...], lang: str) -> tuple[Phrase, ...]:
    said = [phrase(text, lang, whole=True) for text in whole]
    return tuple(said + [phrase(text, lang, whole=False) for text in begun])


@dataclass(frozen=True)
class Glossary:
    """All entries, ready to be looked for in English texts."""

    entries: tuple[Entry, ...]
    _known: Mapping[tuple[str, ...], Entry] = field(repr=False)

    def named_in(self, english: str) -> list[Entry]:
        """Give the entries that an English text names; of nested terms only the longest.

        >>> [entry.name for entry in load().named_in("The best interests of the child.")]
        ['best-interests']
        """
        words, found, at = english_words(english), [], 0
        longest = max((len(known) for known in self._known), default=0)
        while at < len(words):
            sizes = range(min(longest, len(words) - at), 0, -1)
            size = next((n for n in sizes if words[at : at + n] in self._known), 0)
            if size:
                found.append(self._known[words[at : at + size]])
            at += size or 1
        return list(dict.fromkeys(found))


def load(root: Path | None = None) -> Glossary:
    """Give the glossary of the assets.

    Raises:
        OSError: there is none.
    """
    return _load(root or assets.root())


@lru_cache(maxsize=8)
def _load(root: Path) -> Glossary:
    said: dict[str, dict[str, list[tuple[str, str]]]] = {}
    for quad in ox.parse((root / FILE).read_bytes(), format=ox.RdfFormat.TURTLE):
        if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.Literal):
            value = (quad.object.language or "", quad.object.value)
            of_subject = said.setdefault(quad.subject.value, {})
            of_subject.setdefault(quad.predicate.value, []).append(value)
    entries = [_entry(iri, about) for iri, about in sorted(said.items()) if _is_term(iri)]
    return Glossary(tuple(entries), _index(entries))


def _is_term(iri: str) -> bool:
    return iri.startswith(GLOSSARY + "/") and "/" not in iri.removeprefix(GLOSSARY + "/")


def _entry(iri: str, about: Mapping[str, Sequence[tuple[str, str]]]) -> Entry:
    return Entry(
        iri=iri,
        labels=dict(about.get(PREF_LABEL, ())),
        others=_by_language(about.get(_ALT, ())),
        stems=_by_language(about.get(_HIDDEN, ())),
        cited=dict(about.get(_CITED, ())),
        awaiting=frozenset(text for _, text in about.get(_AWAITS, ())),
    )


def _by_language(pairs: Iterable[tuple[str, str]]) -> Spoken:
    found: dict[str, tuple[str, ...]] = {}
    for lang, text in sorted(pairs):
        found[lang] = (*found.get(lang, ()), text)
    return found


def _index(entries: Iterable[Entry]) -> dict[tuple[str, ...], Entry]:
    english = LANGS[0]
    return {
        english_words(text): entry
        for entry in entries
        for text in (entry.labels[english], *entry.others.get(english, ()))
    }
