"""Columns of names of persons, in the ways an office writes them down."""

import random

from tests.lift.holdout.draws import seeded, table

WAYS = (
    "full", "full", "comma", "upper", "titled", "given", "family", "quoted", "initial", "siblings",
    "numbered", "lower",
)  # fmt: skip
_CASELESS = {"upper": "full", "lower": "full", "initial": "full"}
_CASED = {"latn", "cyrl", "grek", "armn"}


def _full(draw: random.Random, language: dict[str, str], family: str | None = None) -> str:
    given, families = language["given"].split(), language["family"].split()
    order = language["order"]
    if "+" in order:
        return (family or draw.choice(families)) + draw.choice(given)
    parts = [
        draw.choice(given) if part == "given" else family or draw.choice(families)
        for part in order.split()
    ]
    return " ".join(part.replace("-", " ") for part in parts)


def _one(draw: random.Random, language: dict[str, str], way: str) -> str:
    given, family = draw.choice(language["given"].split()), draw.choice(language["family"].split())
    family = family.replace("-", " ")
    if way == "comma":
        return f"{family}، {given}" if language["script"] == "arab" else f"{family}, {given}"
    if way == "upper":
        return _full(draw, language).upper()
    if way == "lower":
        return _full(draw, language).lower()
    if way == "titled" and "titles" in language:
        return f"{draw.choice(language['titles'])} {_full(draw, language)}"
    if way == "quoted":
        return f'{given} "{draw.choice(language["given"].split())}" {family}'
    if way == "initial":
        return f"{given[0]}. {family}"
    if way == "numbered":
        return f"{draw.randint(1, 90)}. {_full(draw, language)}"
    return _full(draw, language)


def _pool(draw: random.Random, words: list[str], others: list[str]) -> list[str]:
    """Give single names as a list of a class has them: nearly all different, a few twice."""
    pool = words if len(words) >= 16 else others  # of some peoples there are few family names
    found = pool + draw.choices(pool, k=draw.randint(0, 3))
    draw.shuffle(found)
    return found


def names(language: str, way: str, count: int, seed: object) -> list[str]:
    """Draw the names of one column; siblings share a family's name and repeat."""
    entry, draw = table("names.toml")[language], seeded("names", language, way, seed)
    if entry["script"] not in _CASED:
        way = _CASELESS.get(way, way)
    if way in {"given", "family"}:
        return _pool(draw, entry[way].split(), entry["given"].split())
    if way != "siblings":
        return [_one(draw, entry, way) for _ in range(count)]
    found: list[str] = []
    while len(found) < count:
        family = draw.choice(entry["family"].split())
        found += [_full(draw, entry, family) for _ in range(draw.randint(1, 4))]
    return found[:count]
