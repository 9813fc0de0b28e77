"""The hold-out columns: identifiers, names and clean values as a data officer's export has them."""

import random
from collections.abc import Iterator
from dataclasses import dataclass

from tests.lift.holdout.draws import BASE32, ZEROS, drawn, seeded, table, written
from tests.lift.holdout.identifiers import variations
from tests.lift.holdout.naming import WAYS, names

_NOISE = ("unknown", "n/a", "refused", "-", "none", "inconnu", "no sabe", "غير معروف", "?", "TBC")
_PREFIXES = {
    "phone": ("Tel: ", "tel.", "mob ", "Tél. : ", "هاتف: "),
    "email": ("Email: ", "e-mail "),
    "national": ("ID ", "No. "),
    "ip": ("IP ",),
}
_BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"


@dataclass(frozen=True)
class Column:
    """One column: what it is of, where it comes from, its cells, how many are identifiers."""

    kind: str
    name: str
    header: str
    cells: list[str | None]
    told: int


def _header(draw: random.Random) -> str:
    return drawn(draw, draw.choice(["field_%#", "col_%", "Q%#", "F%#b", "var%##", "c{A|B|C|D}"]))


def _dressed(draw: random.Random, cells: list[str], prefixes: tuple[str, ...]) -> list[str | None]:
    """Add blanks, words of noise, prefixes and stray spaces to the cells, in drawn shares."""
    blank, noise = draw.choice([0, 0.1, 0.4, 0.7]), draw.choice([0, 0, 0.05, 0.15])
    prefix = draw.choice(prefixes) if prefixes and draw.random() < 0.2 else ""
    found: list[str | None] = []
    for cell in cells:
        while draw.random() < blank:
            found.append(draw.choice([None, ""]))
        while draw.random() < noise:
            found.append(draw.choice(_NOISE))
        found.append(f"{prefix}{cell}" + (" " if draw.random() < 0.05 else ""))
    return found


def identifiers(half: str, seed: object, each: int = 1) -> Iterator[Column]:
    """Give ``each`` columns a variation of structured identifiers, 20 to 200 identifiers each."""
    for variation in variations(half):
        for turn in range(each):
            draw = seeded(
                "identifiers", variation.kind, variation.name, variation.script, seed, turn
            )
            cells = variation.cells(draw.randint(20, 200), f"{seed}/{turn}")
            dressed = _dressed(draw, cells, _PREFIXES.get(variation.kind, ()))
            name = f"{variation.name}/{variation.script}"
            yield Column(variation.kind, name, _header(draw), dressed, len(cells))


def persons(half: str, seed: object) -> Iterator[Column]:
    """Give a column of names for each language of a half and each way to write names."""
    for language, entry in table("names.toml").items():
        if entry["half"] != half:
            continue
        for turn, way in enumerate(WAYS):
            draw = seeded("persons", language, turn, seed)
            cells = names(language, way, draw.randint(20, 200), f"{seed}/{turn}")
            dressed = _dressed(draw, cells, ())
            yield Column("name", f"{language}/{way}", _header(draw), dressed, len(cells))


def headed(half: str, seed: object) -> Iterator[Column]:
    """Give the identifiers of one column a kind under a header that says it, in four languages."""
    for kind, headers in table("headers.toml").items():
        found = [v for v in variations(half) if v.kind == kind]
        for language, header in headers.items():
            draw = seeded("headed", kind, language, seed)
            cells = draw.choice(found).cells(30, f"{seed}/{language}")
            yield Column(kind, language, header, list(cells), len(cells))


def _clean(draw: random.Random, form: str) -> str:
    script, _, rest = form.partition(":")
    if script in ZEROS:
        return written(script, drawn(draw, rest))
    for mark, letters in (("base32:", BASE32), ("base64:", _BASE64)):
        if mark in form:
            before, _, count = form.partition(mark)
            return before + "".join(draw.choices(letters, k=int(count)))
    return drawn(draw, form)


def clean(half: str, seed: object, each: int = 6) -> Iterator[Column]:
    """Give ``each`` columns of every kind that says nothing of one person."""
    for kind, form in table("clean.toml")[half].items():
        for turn in range(each):
            draw = seeded("clean", kind, seed, turn)
            values = form.split("|") if "{" not in form and "|" in form else None
            count = draw.randint(20, 200)
            cells = [draw.choice(values) if values else _clean(draw, form) for _ in range(count)]
            yield Column("clean", kind, _header(draw), _dressed(draw, cells, ()), 0)
