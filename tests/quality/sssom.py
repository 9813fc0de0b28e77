"""Read the alignments as they stand in their files, without the program's own reader."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass

from tests.quality.tree import Tree

FILES = ("mappings/align/*.sssom.tsv",)
NO_MATCH = "sssom:NoTermFound"
_NO_MATCH_IRI = "https://w3id.org/sssom/NoTermFound"


@dataclass(frozen=True)
class Row:
    """One alignment; short names are written out where their prefix is declared."""

    file: str
    line: int
    subject: str
    predicate: str
    object: str
    cells: Mapping[str, str]

    @property
    def matched(self) -> bool:
        """Whether there is a target at all."""
        ends = (self.subject, self.object)
        return not any(end in (NO_MATCH, _NO_MATCH_IRI) for end in ends)

    @property
    def negated(self) -> bool:
        """Whether the row says that the two do not match."""
        return self.cells.get("predicate_modifier", "") == "Not"


@dataclass(frozen=True)
class MappingSet:
    """One file: what its head says, its prefixes and its rows."""

    file: str
    head: Mapping[str, str]
    prefixes: Mapping[str, str]
    rows: tuple[Row, ...]


def mapping_set(tree: Tree, file: str) -> MappingSet:
    """Read one file."""
    lines = tree.text(file).splitlines()
    comments = [line.removeprefix("#") for line in lines if line.startswith("#")]
    head, prefixes = _head(comments)
    table = list(csv.DictReader(lines[len(comments) :], delimiter="\t"))
    first = len(comments) + 2
    rows = tuple(
        Row(
            file,
            line,
            _expand(cells.get("subject_id") or "", prefixes),
            cells.get("predicate_id") or "",
            _expand(cells.get("object_id") or "", prefixes),
            cells,
        )
        for line, cells in enumerate(table, start=first)
    )
    return MappingSet(file, head, prefixes, rows)


def _head(lines: list[str]) -> tuple[dict[str, str], dict[str, str]]:
    """Read the head: names with a value, a list (kept as one text) or prefixes below them."""
    head: dict[str, str] = {}
    prefixes: dict[str, str] = {}
    current = ""
    for line in lines:
        text = line.strip()
        if text.startswith("- "):
            head[current] = f"{head.get(current, '')} {text[2:]}".strip()
            continue
        name, _, value = text.partition(":")
        name, value = name.strip("\"'"), value.strip().strip("\"'")
        if line.startswith((" ", "\t")) and current == "curie_map":
            prefixes[name] = value
        elif name:
            current = name
            if value:
                head[name] = value
    return head, prefixes


def _expand(name: str, prefixes: Mapping[str, str]) -> str:
    prefix, colon, local = name.partition(":")
    return prefixes[prefix] + local if colon and prefix in prefixes else name
