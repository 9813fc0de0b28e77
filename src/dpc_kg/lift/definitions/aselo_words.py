"""Codes for the words of a helpline's forms: by a reviewed table, or by words of our own.

A table of alignments holds digests, so that no label of a form is kept in this project.
"""

import csv
import hashlib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from rdflib import Graph, Literal
from rdflib.namespace import SKOS

from dpc_kg.base.assets import asset
from dpc_kg.base.errors import MappingError, UnknownAsset
from dpc_kg.base.rdfio import read
from dpc_kg.base.vocab import CODES

RELATIONS = frozenset({"exactMatch", "closeMatch", "broadMatch"})
NOT_BY_WORD = frozenset({"unmapped", "other"})
"""Codes that a word alone never gives: what "other" means depends on what stands beside it."""

_MARKS = re.compile("[\u0300-\u036f\u0640\u064b-\u0652\u0670]")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_PARENTHESIS = re.compile(r"\s*[(（].*?[)）]\s*")


@dataclass(frozen=True)
class Match:
    """The code of a value, how close it is, and who says so: own, shared (tables) or words."""

    code: str
    relation: str
    by: str


def digest(text: str) -> str:
    """Give the key of a value in a table of alignments: case and white space do not count.

    >>> digest("Violence | Bullying ") == digest("violence | bullying")
    True
    """
    normal = " ".join(unicodedata.normalize("NFC", text).casefold().split())
    return hashlib.sha256(normal.encode()).hexdigest()[:12]


def plain(text: str) -> str:
    """Give words as they are compared: without case, accents, punctuation and plural endings.

    >>> plain("Niñas, niños") == plain("nina NINO")
    True
    """
    folded = unicodedata.normalize("NFKD", _CAMEL.sub(" ", text)).casefold()
    bare = unicodedata.normalize("NFC", _MARKS.sub("", folded))
    words = "".join(c if c.isalnum() or unicodedata.category(c)[0] == "M" else " " for c in bare)
    return " ".join(w[:-1] if len(w) > 3 and w.endswith("s") else w for w in words.split())


def forms_of(value: str) -> list[list[str]]:
    """Give the ways to read a value, the fullest first; all parts of a way must agree."""
    without = _PARENTHESIS.sub(" ", value)
    ways = [[value], [without], re.split(r"[/／]", without)]
    return [[p for p in (plain(part) for part in way) if p] for way in ways]


@dataclass(frozen=True)
class Table:
    """A reviewed table of alignments: (list, digest) to code and relation."""

    rows: Mapping[tuple[str, str], tuple[str, str]]

    def get(self, listed: str, value: str) -> tuple[str, str] | None:
        """Give (code, relation) of a value; None where the table has none."""
        return self.rows.get((listed, digest(value)))

    def has(self, listed: str) -> bool:
        """Whether a list was reviewed at all."""
        return any(name == listed for name, _ in self.rows)


def read_table(path: Path) -> Table:
    """Read a table of alignments; an absent one is empty.

    Raises:
        MappingError: a row has no known relation, or stands twice.
    """
    rows: dict[tuple[str, str], tuple[str, str]] = {}
    if not path.is_file():
        return Table(rows)
    with path.open(encoding="utf-8", newline="") as file:
        for line, row in enumerate(csv.DictReader(file), start=2):
            key = (row["list"], row["digest"])
            if row["relation"] not in RELATIONS or key in rows:
                raise MappingError(
                    "A row of a table of alignments stands twice or has no known relation.",
                    file=path.name,
                    row=line,
                    advice=f"Known: {', '.join(sorted(RELATIONS))}.",
                )
            rows[key] = (row["code"], row["relation"])
    return Table(rows)


@dataclass(frozen=True)
class Matcher:
    """Finds the code of a value: its own table, then what all tables agree on, then words."""

    folder: Path
    own: Table
    shared: Mapping[tuple[str, str], tuple[str, str]] = field(default_factory=dict)

    def match(self, listed: str, scheme: str | None, value: str) -> Match | None:
        """Give the code of a value of a list whose codes are of ``scheme``."""
        if self.own.has(listed):
            return self._reviewed(listed, value)
        if found := self.shared.get((listed, digest(value))):
            return Match(*found, "shared")
        code = self.words.code(scheme, value) if scheme else None
        return Match(code, "closeMatch", "words") if code else None

    def match_pair(self, listed: str, scheme: str, category: str, sub: str) -> Match | None:
        """Give the code of a category and subcategory; the pair is the code.

        Where the category names a frame (unequal treatment, say), the subcategory only says on
        which ground; ``Other`` under a category that has a code means the rest of it.
        """
        pair = f"{category} | {sub}"
        if self.own.has(listed):
            return self._reviewed(listed, pair)
        if found := self.shared.get((listed, digest(pair))):
            return Match(*found, "shared")
        above = self.words.code(scheme, category)
        if above is not None and above in self.words.frames:
            return Match(above, "broadMatch", "words")
        if code := self.words.code(scheme, sub):
            return Match(code, "closeMatch", "words")
        if above is not None and self.words.is_rest(sub):
            return Match(above, "broadMatch", "words")
        return None

    def _reviewed(self, listed: str, value: str) -> Match | None:
        """Give what the own table says: what a reviewer left out has no honest code."""
        found = self.own.get(listed, value)
        return Match(*found, "own") if found else None

    @cached_property
    def words(self) -> "Words":
        """Give our own words."""
        return read_words(self.folder / "words.csv")


def matcher(folder: Path, version: str) -> Matcher:
    """Give the matcher of a definition version; its own table need not be there."""
    own = read_table(folder / "alignments" / f"{version}.csv")
    found: dict[tuple[str, str], set[tuple[str, str]]] = defaultdict(set)
    for path in sorted((folder / "alignments").glob("*.csv")):
        if path.stem != version:
            for key, row in read_table(path).rows.items():
                found[key].add(row)
    codes = {key: {code for code, _ in rows} for key, rows in found.items()}
    shared = {k: (next(iter(c)), "closeMatch") for k, c in codes.items() if len(c) == 1}
    return Matcher(folder, own, shared)


class Words:
    """Our own words by scheme: labels of codes, the glossary, and the synonyms of ``words.csv``."""

    def __init__(self, synonyms: Iterable[tuple[str, str, str]], frames: Iterable[str]) -> None:
        self.synonyms: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for scheme, code, word in synonyms:
            self.synonyms[scheme].append((code, word))
        self.frames = frozenset(frames)
        self._index: dict[str, dict[str, set[str]]] = {}

    def code(self, scheme: str | None, value: str) -> str | None:
        """Give the one code a value stands for; None where words give none or several."""
        if scheme is None:
            return None
        index = self._of(scheme)
        for way in forms_of(value):
            found = [index.get(part, set()) for part in way]
            if found and all(len(codes) == 1 for codes in found) and len(set.union(*found)) == 1:
                return next(iter(found[0]))
        return None

    def is_rest(self, value: str) -> bool:
        """Whether a word means the rest, as Other does."""
        return any(plain(word) in plain(value).split() for _, word in self.synonyms["(rest)"])

    def _of(self, scheme: str) -> dict[str, set[str]]:
        if scheme not in self._index:
            index: dict[str, set[str]] = defaultdict(set)
            for code, word in [*self.synonyms[scheme], *_labels(scheme)]:
                index[plain(word)].add(code)
            self._index[scheme] = dict(index)
        return self._index[scheme]


def read_words(path: Path) -> Words:
    """Read our synonyms: scheme, code, word, role (``frame``: the category says what it is)."""
    rows = []
    for name in (path, path.with_name("words.places.csv")):
        if name.is_file():
            with name.open(encoding="utf-8", newline="") as file:
                rows += list(csv.DictReader(file))
    frames = {row["code"] for row in rows if row.get("role") == "frame"}
    return Words(((r["scheme"], r["code"], r["word"]) for r in rows), frames)


def _labels(scheme: str) -> list[tuple[str, str]]:
    """Give (code, label) of a scheme of ours, in all languages, with the glossary's words."""
    try:
        graph = read(asset("ontology", "codes", f"{scheme}.ttl"))
    except UnknownAsset:  # a scheme of others, such as the codes of countries
        return []
    glossary = _glossary()
    out: list[tuple[str, str]] = []
    for concept in set(graph.subjects(SKOS.notation)):
        code = str(concept).removeprefix(CODES)
        notation = code.rpartition("/")[2]
        if "/" not in code or notation in NOT_BY_WORD:
            continue
        own = _words_of(graph, concept)
        related = [g for name, g in glossary if name == notation or own & g]
        out += [(code, word) for word in {str(w) for w in own.union(*related)}]
    return out


def _words_of(graph: Graph, node: object) -> set[Literal]:
    named = (SKOS.prefLabel, SKOS.altLabel, SKOS.hiddenLabel)
    return {w for p in named for w in graph.objects(node, p) if isinstance(w, Literal)}  # type: ignore[arg-type]


def _glossary() -> list[tuple[str, set[Literal]]]:
    if not _GLOSSARY:
        graph = read(asset("ontology", "language", "glossary.ttl"))
        for concept, notation in graph.subject_objects(SKOS.notation):
            _GLOSSARY.append((str(notation), _words_of(graph, concept)))
    return _GLOSSARY


_GLOSSARY: list[tuple[str, set[Literal]]] = []
