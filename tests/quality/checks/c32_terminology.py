"""Search every text people read for the words that the terminology says to avoid."""

import ast
import csv
import re
import tomllib
from collections.abc import Callable, Iterator
from functools import lru_cache

import pyoxigraph as ox

from tests.quality.context import Context
from tests.quality.nested import strings
from tests.quality.parts import Outcome
from tests.quality.tree import BRIDGES, ONTOLOGY, SHAPES, STRUCTURES, TIERS

TITLE = "words to avoid"
TOOL = "own"
WORDS = """
PREFIX dpc: <https://w3id.org/dpc/cdm#>
PREFIX skosxl: <http://www.w3.org/2008/05/skos-xl#>
SELECT ?word (LANG(?word) AS ?lang)
WHERE {
  ?label skosxl:literalForm ?word ;
    dpc:termStatus <https://w3id.org/dpc/codes/term-status/avoid> .
}
"""
QUOTING = "http://www.w3.org/2008/05/skos-xl#literalForm"
OURS = {"term", "reason", "scheme", "code", "label", "note"}
"""Columns of a mapping's tables that hold words of ours; the others quote the source."""
_CODE = re.compile(r"```.*?```|`[^`]*`", re.DOTALL)
_TAG = re.compile(r"<style.*?</style>|<[^>]*>|\{[{%#].*?[}%#]\}", re.DOTALL)

Words = tuple[tuple[str, str], ...]
"""The words to avoid, each with its language."""


def run(context: Context) -> Outcome:
    """Look at labels, definitions, messages, pages, screens, program texts and column names."""
    tree = context.tree
    words: Words = tuple((row["word"], row["lang"]) for row in context.rows(WORDS))
    problems, texts = [], 0
    for patterns, reader in READERS:
        for name in tree.names(*patterns):
            # the generators write what foreign systems hold
            if "/generate/" not in name:
                count, found = _search(reader, name, tree.data(name), words)
                texts += count
                problems += found
    figure = f"0 of {len(words)} words in {texts} texts"
    return Outcome(min(texts, len(words)), "words to avoid", tuple(problems), figure)


Reader = Callable[[bytes], Iterator[tuple[str, str, str]]]
"""From a file's bytes to its texts: where in it, in which language ("" for any), what."""


@lru_cache(maxsize=8192)
def _search(reader: Reader, name: str, data: bytes, words: Words) -> tuple[int, list[str]]:
    """Give the number of texts of a file and the words found in them."""
    patterns = _patterns(words)
    found, count = [], 0
    for where, lang, text in reader(data):
        count += 1
        pattern = patterns.get(lang, patterns[""])
        hits = sorted({match[0] for match in pattern.finditer(text)})
        found += [f"{name}{where and ': '}{where}: {word}" for word in hits]
    return count, list(dict.fromkeys(found))


@lru_cache(maxsize=16)
def _patterns(words: Words) -> dict[str, re.Pattern[str]]:
    patterns = {"": _pattern([word for word, _ in words])}
    for lang in {lang for _, lang in words}:
        patterns[lang] = _pattern([word for word, own in words if own == lang])
    return patterns


def _pattern(words: list[str]) -> re.Pattern[str]:
    """Match any of the words, whatever stands between their parts, as names of columns do."""
    if not words:
        return re.compile(r"(?!)")
    escaped = (re.escape(word).replace(r"\ ", r"[\s_-]*") for word in sorted(words, key=len))
    return re.compile(r"(?<![^\W_])(?:" + "|".join(escaped) + r")(?![^\W\d_]{2})", re.IGNORECASE)


def _literals(data: bytes) -> Iterator[tuple[str, str, str]]:
    for quad in ox.parse(data, format=ox.RdfFormat.TURTLE, base_iri="https://w3id.org/dpc/file/"):
        value = quad.object
        quoted = quad.predicate.value == QUOTING
        if isinstance(value, ox.Literal) and value.language and not quoted:
            yield str(quad.subject), value.language, value.value


def _page(data: bytes) -> Iterator[tuple[str, str, str]]:
    yield "", "en", _CODE.sub(" ", data.decode())


def _screen(data: bytes) -> Iterator[tuple[str, str, str]]:
    yield "", "", _TAG.sub(" ", data.decode())


def _catalogue(data: bytes) -> Iterator[tuple[str, str, str]]:
    yield from (("", "", text) for text in strings(tomllib.loads(data.decode())))


def _program(data: bytes) -> Iterator[tuple[str, str, str]]:
    """Give the texts of a program that people may see: all but docstrings."""
    tree = ast.parse(data)
    documentation = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        text = isinstance(node, ast.Constant) and isinstance(node.value, str)
        if text and id(node) not in documentation:
            yield "", "", node.value  # type: ignore[attr-defined]


def _query(data: bytes) -> Iterator[tuple[str, str, str]]:
    yield "", "en", data.decode()


def _table(data: bytes) -> Iterator[tuple[str, str, str]]:
    rows = csv.DictReader(data.decode().splitlines())
    for row in rows:
        for column, cell in row.items():
            if column in OURS and cell:
                yield f"line {rows.line_num}", "", cell


READERS: tuple[tuple[tuple[str, ...], Reader], ...] = (
    ((*ONTOLOGY, *BRIDGES, *SHAPES, *STRUCTURES, *TIERS, "shapes/profiles/*.ttl"), _literals),
    (("*.md", "docs/**/*.md", "mappings/**/*.md", "queries/*.md"), _page),
    (("src/dpc_kg/serve/templates/*.html",), _screen),
    (("src/dpc_kg/**/*.toml",), _catalogue),
    (("src/dpc_kg/**/*.py",), _program),
    (("queries/*/*.rq",), _query),
    (("mappings/lift/*/fields.csv", "mappings/lift/*/codes.csv"), _table),
)
