"""What the mappings of this repository decided about fields and words: a draft follows them."""

import csv
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from dpc_kg.base import assets
from dpc_kg.lift.mapdraft.words import Words, meaning, words


@lru_cache(maxsize=1)
def decided() -> dict[Words, Counter[str]]:
    """Give, by the words of a field's name, how often it was placed on a term (local name).

    ``personal`` counts how often it was decided to be personal.
    """
    found: dict[Words, Counter[str]] = {}
    for row in _rows("fields.csv"):
        last = row["path"].replace("[*]", "").replace("@", "").replace("/", ".").split(".")[-1]
        term = "personal" if row["status"] == "personal" else row["term"].removeprefix("dpc:")
        if last and "*" not in last and row["status"] != "none":
            found.setdefault(meaning(last), Counter())[term] += 1
    return found


@lru_cache(maxsize=1)
def coded() -> dict[tuple[str, Words], str]:
    """Give the code of a word in a list of the model, where all mappings agree about it."""
    found: dict[tuple[str, Words], set[str]] = {}
    for row in _rows("codes.csv"):
        scheme, mark, _ = row["code"].partition("/")
        if mark:
            found.setdefault((scheme, words(row["value"])), set()).add(row["code"])
    return {key: next(iter(codes)) for key, codes in found.items() if len(codes) == 1}


def _rows(name: str) -> Iterator[dict[str, str]]:
    for path in sorted(assets.asset("mappings", "lift").glob(f"*/{name}")):
        yield from _table(path)


def _table(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield {k: v or "" for k, v in row.items() if isinstance(k, str)}
