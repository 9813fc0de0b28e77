"""Words for children and what was done to them: which to use, which never (SKOS-XL labels).

``dpc:termStatus`` is one of five: preferred, acceptable, use-with-care, avoid,
quoted-legal-text-only. The last two are never words of ours. ``dpc:statusSource`` is the edition
that the status was taken from, ``dpc:awaitsCheck`` an edition it has not been compared with yet.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pyoxigraph as ox

from dpc_kg.base import assets
from dpc_kg.base.vocab import DPC, PREFIXES, local_name
from dpc_kg.model.glossary import FILE as GLOSSARY_FILE

FILES = ("ontology/terminology.ttl", GLOSSARY_FILE)
NEVER_OURS = frozenset({"avoid", "quoted-legal-text-only"})
"""Statuses of words that stand in no text of ours."""

_FORM = PREFIXES["skosxl"] + "literalForm"
_MARKS = re.compile("[\u0640\u064b-\u0652]")


@dataclass(frozen=True)
class Word:
    """A word with its status.

    ``instead`` is what to say (a code or a term of the glossary), ``source`` the edition the status
    was taken from, ``awaiting`` the editions it still has to be compared with.
    """

    iri: str
    text: str
    lang: str
    status: str
    instead: str
    source: str
    awaiting: tuple[str, ...]


def words(root: Path | None = None) -> tuple[Word, ...]:
    """Give all words that have a status, sorted by IRI.

    Raises:
        OSError: a file of the terminology is missing.
    """
    return _words(root or assets.root())


@lru_cache(maxsize=8)
def _words(root: Path) -> tuple[Word, ...]:
    found: dict[str, dict[str, list[ox.NamedNode | ox.Literal]]] = {}
    for name in FILES:
        for quad in ox.parse((root / name).read_bytes(), format=ox.RdfFormat.TURTLE):
            if isinstance(quad.object, ox.NamedNode | ox.Literal):
                about = found.setdefault(str(quad.subject).strip("<>"), {})
                about.setdefault(quad.predicate.value, []).append(quad.object)
    said = ((iri, about) for iri, about in sorted(found.items()) if _FORM in about)
    return tuple(_word(iri, about) for iri, about in said)


def _word(iri: str, about: dict[str, list[ox.NamedNode | ox.Literal]]) -> Word:
    form = about[_FORM][0]
    return Word(
        iri=iri,
        text=form.value,
        lang=form.language or "" if isinstance(form, ox.Literal) else "",
        status=local_name(_first(about, "termStatus")),
        instead=_first(about, "useInstead"),
        source=_first(about, "statusSource"),
        awaiting=tuple(sorted(node.value for node in about.get(DPC + "awaitsCheck", ()))),
    )


def _first(about: dict[str, list[ox.NamedNode | ox.Literal]], name: str) -> str:
    found = about.get(DPC + name)
    return found[0].value if found else ""


def refused_in(text: str, lang: str, known: Iterable[Word]) -> list[Word]:
    """Give the words of a text that never are ours.

    >>> [word.text for word in refused_in("A child prostitute.", "en", words())]
    ['child prostitute']
    """
    said = plain(text)
    refused = (word for word in known if word.lang == lang and word.status in NEVER_OURS)
    return [word for word in refused if plain(word.text) in said]


def plain(text: str) -> str:
    """Give a text as it is compared: in small letters, without Arabic vowel signs."""
    return _MARKS.sub("", text.casefold())
