"""The texts people read, by place and language: of the Turtle assets and the message catalogues."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pyoxigraph as ox

from dpc_kg.base import assets
from dpc_kg.base.errors import DpcError
from dpc_kg.base.settings import LANGS
from dpc_kg.base.vocab import DPC, RDFS, SH, SKOS

DCTERMS = "http://purl.org/dc/terms/"
LABEL = RDFS + "label"
PREF_LABEL = SKOS + "prefLabel"
DEFINITION = SKOS + "definition"
MESSAGE = SH + "message"
TITLE = DCTERMS + "title"
DESCRIPTION = DCTERMS + "description"
REMEDY = DPC + "remedy"

SPOKEN = frozenset({LABEL, PREF_LABEL, DEFINITION, MESSAGE, TITLE, DESCRIPTION, REMEDY})
"""Properties whose texts every language has exactly once."""

_FOR_MODELLERS = "lint"
"""Shapes over shapes: whoever meets their messages works on a model, in English."""

_LEFT_OUT = {("shapes", "profiles"), ("shapes", "tiers")}
"""Extensions speak the languages of their organisation; the tiers repeat the shapes."""


@dataclass(frozen=True)
class Text:
    """One thing said in several languages.

    ``file`` is relative to the folder of the assets; ``subject`` an IRI, or the table of a
    catalogue; ``predicate`` an IRI, or the place in the table; ``forms`` the pairs of language
    (empty: none is named) and words, sorted; two forms of one language are a fault.
    """

    file: str
    subject: str
    predicate: str
    forms: tuple[tuple[str, str], ...]

    @property
    def words(self) -> Mapping[str, str]:
        """The words by language; the first where a language has several."""
        return _first_words(self.forms)

    @property
    def english(self) -> str:
        """The English words, empty where there are none."""
        return self.words.get(LANGS[0], "")


@lru_cache(maxsize=1 << 16)
def _first_words(forms: tuple[tuple[str, str], ...]) -> Mapping[str, str]:
    return dict(reversed(forms))


def asset_texts(root: Path | None = None) -> list[Text]:
    """Give the texts of all Turtle assets under ``root``: ontology, codes, processes, shapes.

    Raises:
        DpcError: a file is not well-formed.
    """
    base = root or assets.root()
    return [text for path in asset_files(base) for text in turtle_texts(path, base)]


def asset_files(root: Path) -> list[Path]:
    """Give the Turtle files whose texts people outside read, sorted."""
    found = (path for folder in ("ontology", "shapes") for path in (root / folder).rglob("*.ttl"))
    return sorted(path for path in found if _is_ours(path.relative_to(root)))


def _is_ours(path: Path) -> bool:
    return path.parts[:2] not in _LEFT_OUT and not path.name.startswith(_FOR_MODELLERS)


def catalogue_texts() -> list[Text]:
    """Give the texts of the message catalogues inside the program."""
    package = Path(__file__).resolve().parents[1]
    found = sorted(path for path in package.rglob("*.toml") if "assets" not in path.parts)
    return [text for path in found for text in toml_texts(path, package)]


def turtle_texts(path: Path, root: Path) -> list[Text]:
    """Give the texts of one Turtle file, sorted by subject and predicate.

    Raises:
        DpcError: it is not well-formed.
    """
    found: dict[tuple[str, str], list[tuple[str, str]]] = {}
    try:
        for quad in ox.parse(path.read_bytes(), format=ox.RdfFormat.TURTLE):
            place, value = (_name(quad.subject), quad.predicate.value), quad.object
            if place[1] in SPOKEN and isinstance(value, ox.Literal):
                found.setdefault(place, []).append((value.language or "", value.value))
    except SyntaxError as e:
        raise DpcError("Not well-formed Turtle.", file=path.name, line=e.lineno) from e
    name = path.relative_to(root).as_posix()
    return [Text(name, *place, tuple(sorted(forms))) for place, forms in sorted(found.items())]


def toml_texts(path: Path, root: Path) -> list[Text]:
    """Give the texts of one catalogue: its tables with a key for each language.

    A list of forms (singular, plural) is as many texts.

    Raises:
        DpcError: it is not well-formed.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as e:
        raise DpcError("Not well-formed TOML.", file=path.name) from e
    name = path.relative_to(root).as_posix()
    return [Text(name, table, at, forms) for table, at, forms in _spoken_tables(content, ())]


@lru_cache(maxsize=16)
def sentences(path: Path) -> Mapping[str, Mapping[str, str]]:
    """Give the sentences of one catalogue by table and language; read once.

    Raises:
        DpcError: it is not well-formed.
    """
    return {text.subject: text.words for text in toml_texts(path, path.parent)}


def _spoken_tables(
    table: Mapping[str, object], above: tuple[str, ...]
) -> Iterator[tuple[str, str, tuple[tuple[str, str], ...]]]:
    said = {lang: _forms(table[lang]) for lang in LANGS if lang in table}
    if said.get(LANGS[0]):
        for i in range(max(len(forms) for forms in said.values())):
            forms = ((lang, forms[i]) for lang, forms in said.items() if i < len(forms))
            yield ".".join(above), str(i), tuple(sorted(forms))
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _spoken_tables(value, (*above, key))


def _forms(value: object) -> list[str]:
    forms: Iterable[object] = value if isinstance(value, list) else [value]
    return [form for form in forms if isinstance(form, str)]


def _name(node: object) -> str:
    return node.value if isinstance(node, ox.NamedNode) else str(node)
