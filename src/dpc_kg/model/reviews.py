"""Which translations a person of the sector has checked: a digest of what was read.

A translation is *drafted* until ``ontology/language/reviews.ttl`` holds the digest of exactly what
stands there: subject, property, language, English words, translated words. When one of them
changes, the digest fits no more and the translation is drafted again, by itself.
"""

import hashlib
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

import pyoxigraph as ox

from dpc_kg.base import assets
from dpc_kg.base.settings import LANGS
from dpc_kg.base.vocab import CODES, DPC, local_name
from dpc_kg.model.texts import Text, asset_files

FILE = "ontology/language/reviews.ttl"
REVIEWED_TEXT = DPC + "reviewedText"
DRAFTED, REVIEWED = "drafted", "reviewed"
STATUSES = (DRAFTED, REVIEWED)
_STATUS = DPC + "translationStatus"

Reviews = frozenset[tuple[str, str]]
"""Pairs of a subject and the mark of one of its texts."""


def mark(text: Text, lang: str) -> str:
    """Give what stands for a checked translation: its language and a SHA-256 of what was read."""
    parts = (text.subject, text.predicate, lang, text.english, text.words.get(lang, ""))
    digest = hashlib.sha256("\0".join(parts).encode())
    return f"{lang} {digest.hexdigest()}"


def status(text: Text, lang: str, known: Reviews) -> str:
    """Give ``reviewed`` where this translation of these English words was checked."""
    return REVIEWED if (text.subject, mark(text, lang)) in known else DRAFTED


def reviews(root: Path | None = None) -> Reviews:
    """Give what was checked so far; nothing where there is no such file."""
    path = (root or assets.root()) / FILE
    return _reviews(path.read_bytes()) if path.exists() else frozenset()


@lru_cache(maxsize=8)
def _reviews(content: bytes) -> Reviews:
    return frozenset(
        (str(quad.subject).strip("<>"), quad.object.value)
        for quad in ox.parse(content, format=ox.RdfFormat.TURTLE)
        if quad.predicate.value == REVIEWED_TEXT and isinstance(quad.object, ox.Literal)
    )


def stale(texts: Iterable[Text], known: Reviews) -> Reviews:
    """Give the reviews of words that stand nowhere any more."""
    return known - {(text.subject, mark(text, lang)) for text in texts for lang in LANGS[1:]}


def files_said_reviewed(root: Path) -> list[str]:
    """Give the files whose header says that all of their translations are reviewed."""
    wanted = f"{CODES}translation-status/{REVIEWED}"
    return [
        path.relative_to(root).as_posix()
        for path in asset_files(root)
        if any(
            quad.predicate.value == _STATUS
            and local_name(str(quad.object).strip("<>")) == local_name(wanted)
            for quad in ox.parse(path.read_bytes(), format=ox.RdfFormat.TURTLE)
        )
    ]
