"""The names of terms of small vocabularies that rdflib does not list, a file each.

A file holds comments, the namespace, then a name a line; the first comment says where they were
seen. Names are facts; no label or definition is kept.
"""

from functools import lru_cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parent / "names"


@lru_cache(maxsize=64)
def vocabulary(name: str) -> frozenset[str]:
    """Give the IRIs of one vocabulary."""
    text = (FOLDER / f"{name}.txt").read_text(encoding="utf-8")
    lines = [line.strip() for line in text.splitlines()]
    space, *names = [line for line in lines if line and not line.startswith("# ")]
    return frozenset(space + each for each in names)


def all_terms() -> frozenset[str]:
    """Give the IRIs of all vocabularies."""
    names = sorted(path.stem for path in FOLDER.glob("*.txt"))
    return frozenset().union(*(vocabulary(name) for name in names))
