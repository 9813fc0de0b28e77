"""How well a field's name and cells fit a property of the model."""

from dataclasses import dataclass
from functools import lru_cache

from dpc_kg.lift.mapdraft.lexicon import Property, code_of, unknown_code
from dpc_kg.lift.mapdraft.observed import Field
from dpc_kg.lift.mapdraft.precedents import decided
from dpc_kg.lift.mapdraft.words import Words, listed, meaning

LEAST = 3
"""How often a value must stand in a column to be written into a draft."""

_MOST_VALUES = 60
_EXACT, _SAME_WORDS, _DECIDED, _PART = 1.0, 0.95, 0.8, 0.7
_ENOUGH_CODES = 2
_CODES_FIT = 0.75
_BY_VALUES = 0.55


@dataclass(frozen=True)
class Match:
    """A field fits a property: how well (0 to 1), why, and by which code list."""

    field: Field
    prop: Property
    score: float
    why: str
    scheme: str = ""
    way: str = ""

    @property
    def blank(self) -> str:
        """The code of a blank cell, where the model demands one and has one for "not known"."""
        if self.way != "code" or not self.prop.required:
            return ""
        return unknown_code(self.scheme) or ""


def match(field: Field, prop: Property) -> Match | None:
    """Give how a field fits a property; None where it does not."""
    if field.many and not (prop.many and prop.way == "code"):
        return None
    score, why = _named(meaning(field.name), prop.phrases, prop.name)
    scheme, share = _best_list(field, prop)
    way = _way(field, prop, share)
    if not way:
        return None
    if score:
        return Match(field, prop, score, why, scheme, way)
    if prop.way == "code" and share >= _CODES_FIT and not field.looks.answers:
        return Match(
            field, prop, _BY_VALUES * share, "its values are codes of the list", scheme, way
        )
    return None


def forced(field: Field, prop: Property) -> Match:
    """Give the match of a field that a person has placed on a property."""
    scheme, share = _best_list(field, prop)
    way = _way(field, prop, share) or prop.way
    return Match(field, prop, _EXACT, "placed by a person", scheme, way)


def _way(field: Field, prop: Property, share: float) -> str:
    """Give the function that can read these cells for the property, if any can."""
    held = field.looks
    if prop.way == "ageBand":
        return "ageBand" if held.ages else ("code" if share >= _CODES_FIT else "")
    if prop.way == "tristate":
        return "tristate" if held.answers else ("code" if share >= _CODES_FIT else "")
    fits = {
        "instant": lambda: held.dates,
        "integer": lambda: held.integers,
        "country": lambda: held.countries,
        "code": lambda: _is_list(field),
    }
    return prop.way if fits[prop.way]() else ""


def _is_list(field: Field) -> bool:
    """Tell whether the cells can come from a list: few values, said again and again."""
    few = len(field.values) <= _MOST_VALUES and not field.overflow
    often = len(field.values) * 2 <= field.cells or len(field.values) <= LEAST
    said = not field.looks.dates and not field.looks.contact
    return few and often and said


def _best_list(field: Field, prop: Property) -> tuple[str, float]:
    """Give the code list of the property that knows most of the frequent values, and its share."""
    if not prop.schemes or not _is_list(field):
        return min(prop.schemes, default=""), 0.0
    frequent = [v for v, n in field.values.items() if n >= LEAST] or list(field.values)
    found = []
    for scheme in sorted(prop.schemes):
        known = sum(code_of(scheme, v) is not None for v in frequent)
        share = known / len(frequent) if known >= _ENOUGH_CODES else 0.0
        found.append((share, known, scheme))
    share, _, scheme = max(found, key=lambda f: (f[0], f[1]))
    return scheme, share


@lru_cache(maxsize=1 << 16)
def _named(header: Words, phrases: frozenset[Words], name: str) -> tuple[float, str]:
    """Give how well a header names a property, and why."""
    if header in phrases:
        return _EXACT, "the name is a label of the term"
    if any(set(header) == set(p) for p in phrases):
        return _SAME_WORDS, "the name has the words of the term's label"
    if header in decided() and decided()[header][name]:
        return _DECIDED, "other mappings place a field of this name there"
    best = max((_overlap(set(header), set(p)) for p in phrases), default=0.0)
    return (_PART * best, "the name is near a label of the term") if best else (0.0, "")


def _overlap(header: set[str], phrase: set[str]) -> float:
    """Give the share of words in common, where the others say little; 0 if they say more."""
    vague = {word for words in listed("vague") for word in words}
    common = header & phrase
    if common <= vague or (header ^ phrase) - vague:
        return 0.0
    return len(common) / len(header | phrase)
