"""The page of the mappings: what they read, what they leave."""

import csv
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from docs.pages.markdown import page, table
from dpc_kg.base import assets


def sources_page() -> str:
    """Give the page of the mappings: what they read, what they leave."""
    lead = (
        "The systems whose exports can be lifted. Of every field, `fields.csv` says whether it is "
        "placed in the model, is personal (it never leaves the partner) or has no place yet.\nA "
        "field that stands nowhere there is left out and counted. The README of a mapping tells "
        "its keys, versions, dates and traps."
    )
    return page("Sources", lead, *map(_source, assets.mapping_names()))


def _source(name: str) -> str:
    folder = assets.mapping_dir(name)
    fields = list(_rows(folder / "fields.csv"))
    counts = Counter((row["source"], row["status"]) for row in fields)
    rows = [
        (f"`{source}`", *(counts[source, status] for status in ("placed", "personal", "none")))
        for source in dict.fromkeys(row["source"] for row in fields)
    ]
    heads = ("source", "fields placed", "fields personal", "fields without a place")
    readme = f"[README](../../mappings/lift/{name}/README.md)"
    parts = [f"## {name}\n\n{readme}", table(heads, rows), _values(folder / "codes.csv")]
    return "\n\n".join([*parts, _made(fields)])


def _rows(path: Path) -> Iterable[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _values(path: Path) -> str:
    values = list(_rows(path))
    bare = sum(not row["code"] for row in values)
    lists = len({row["list"] for row in values})
    return (
        f"`codes.csv` places {len(values) - bare} values in {lists} lists;"
        f" {bare} more are listed without a code: they stay words of the source, or are counted."
    )


def _made(fields: Iterable[dict[str, str]]) -> str:
    terms = {term for row in fields if row["status"] == "placed" for term in row["term"].split()}
    return "Terms of the model that fields fill: " + ", ".join(f"`{t}`" for t in sorted(terms))
