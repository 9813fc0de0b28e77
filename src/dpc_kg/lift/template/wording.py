"""The headers of the template and the words of its lists, in the language of the office."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from dpc_kg.base.settings import LANGS
from dpc_kg.lift.template.sheets import LINK, NUMBER, Column
from dpc_kg.model import ontology
from dpc_kg.model.texts import sentences

MUST, EITHER = " *", " (*)"
"""The marks behind a header: to be filled in; one of those marked so is to be filled in."""

_CATALOGUE = Path(__file__).with_name("wording.toml")
_MACHINE = "unmapped"
"""The code of a word that has no code: nobody chooses it."""


@dataclass(frozen=True)
class Choice:
    """A code of a list as an office sees it; ``text`` is told apart from all others of the list."""

    iri: str
    notation: str
    text: str


def header(column: Column, lang: str) -> str:
    """Give the header of a column, without a mark."""
    if column.kind in (NUMBER, LINK):
        return number(column.target, lang)
    said = ontology.label(column.prop or "", lang)
    return f"{said} {column.place}" if column.place > 1 else said


def number(cls: str, lang: str) -> str:
    """Give the header of a column with numbers of records of a class."""
    return sentences(_CATALOGUE)["number"][lang].format(name=ontology.label(cls, lang))


def marked(column: Column, lang: str) -> str:
    """Give the header of a column with its mark."""
    mark = MUST if column.required else EITHER if column.either else ""
    return header(column, lang) + mark


@lru_cache(maxsize=1024)
def choices(scheme: str, lang: str) -> tuple[Choice, ...]:
    """Give the codes of a list that can be chosen, in their order.

    A label that stands for two codes, in one language or in two, has the notation behind it, so
    that a cell means one thing whatever language the workbook is in.
    """
    codes = [c for c in ontology.codes(scheme) if c.notation != _MACHINE]
    meant: dict[str, set[str]] = {}
    for code in codes:
        for one in LANGS:
            meant.setdefault(ontology.label(code.iri, one), set()).add(code.iri)
        meant.setdefault(code.notation, set()).add(code.iri)
    found = []
    for code in codes:
        label = ontology.label(code.iri, lang)
        text = label if len(meant[label]) == 1 else f"{label} ({code.notation})"
        found.append(Choice(code.iri, code.notation, text))
    return tuple(found)
