"""What a property is needed for, as the ontology says (``dpc:purpose``), in the reader's words."""

from collections.abc import Mapping
from functools import lru_cache

import pyoxigraph as ox

from dpc_kg.base.assets import ontology_files, root
from dpc_kg.base.settings import LANGS
from dpc_kg.base.vocab import DPC, SKOS
from dpc_kg.validate.shapesgraph import parse

_LIST = ("ontology", "codes", "purpose.ttl")


def purposes(prop: str | None, lang: str) -> tuple[str, ...]:
    """Give the labels of the purposes of a property (IRI), English where one is untranslated."""
    names = _labels()
    found = [names.get(code, {}) for code in _purposes().get(prop or "", ())]
    return tuple(sorted(by.get(lang) or by.get(LANGS[0], "") for by in found if by))


@lru_cache(maxsize=1)
def _purposes() -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for triple in (triple for path in ontology_files() for triple in parse(path, None)):
        if triple.predicate.value == DPC + "purpose" and isinstance(triple.object, ox.NamedNode):
            subject = str(triple.subject)[1:-1]
            found[subject] = (*found.get(subject, ()), triple.object.value)
    return found


@lru_cache(maxsize=1)
def _labels() -> Mapping[str, Mapping[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for triple in parse(root().joinpath(*_LIST)):
        text = triple.object
        if triple.predicate.value == SKOS + "prefLabel" and isinstance(text, ox.Literal):
            found.setdefault(str(triple.subject)[1:-1], {})[text.language or ""] = text.value
    return found
