"""Label lists of published systems, and where six labels of one stand in a file of ours.

Their lists are under the AGPL: field keys are facts, a list of labels is a work.
"""

from __future__ import annotations

import ast
import csv
import json
import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

RUN = 6
"""How many labels of one list in a row are a copy."""

LONG = 3
"""How many words make a label long: as many of those close together are a copy in any order."""

WINDOW = 400
"""How many words apart such labels may stand."""

PLACES = frozenset({("france",), ("spain",), ("kenya",), ("japan",)})
"""A list with these is one of countries, as ISO 3166 names them: facts, and nobody's work."""

LABELS = ("label", "display_text", "value")
_WORD = re.compile(r"\w+")
_YAML = re.compile(r"^( *)([\w\"'-]+): *(.*?) *$")

Words = tuple[str, ...]


@dataclass(frozen=True)
class LabelList:
    """One list: where it stands there, and its labels as words."""

    name: str
    labels: tuple[Words, ...]


def words(text: str) -> Words:
    """Give a text as it is compared: words in small letters, whatever stands between them.

    A key (``date_of_birth``) is one word: it is a fact, and differs from the label.
    """
    return tuple(_WORD.findall(unicodedata.normalize("NFC", text).casefold()))


# -- their lists


def label_lists(shared: Path) -> list[LabelList]:
    """Give the label lists of Aselo and Primero, those long enough to be copied."""
    found: dict[tuple[Words, ...], str] = {}
    for system in ("aselo", "primero"):
        for path in sorted((shared / "data" / system).rglob("*")):
            name = path.relative_to(shared / "data").as_posix()
            for place, labels in _lists_of(path):
                said = tuple(w for label in labels if (w := words(label)) and _says(w))
                if len(said) >= RUN and not set(said) >= PLACES:
                    found.setdefault(said, f"{name} {place}".strip())
    return [LabelList(name, labels) for labels, name in found.items()]


def _says(label: Words) -> bool:
    """Tell whether a label says something: numbers and single letters do not."""
    return any(len(word) > 1 and not word.isdigit() for word in label)


def _lists_of(path: Path) -> Iterator[tuple[str, list[str]]]:
    if path.suffix == ".json" and "synthetic" not in path.name:
        document = json.loads(path.read_text(encoding="utf-8"))
        yield from _in_json(document, "", ids="lookup" in path.name)
    elif path.suffix == ".yml":
        yield from _in_yaml(path.read_text(encoding="utf-8"))


def _in_json(node: Any, at: str, *, ids: bool) -> Iterator[tuple[str, list[str]]]:
    if isinstance(node, dict):
        if at.endswith("/categories"):
            yield at, list(node)
        values = [v for v in node.values() if isinstance(v, dict)]
        yield from _columns(values, at, ids=ids)
        for key, value in node.items():
            yield from _in_json(value, f"{at}/{key}", ids=ids)
    elif isinstance(node, list):
        if all(isinstance(v, str) for v in node):
            yield at, node
        yield from _columns([v for v in node if isinstance(v, dict)], at, ids=ids)
        for number, value in enumerate(node):
            yield from _in_json(value, f"{at}[{number}]", ids=ids)


def _columns(rows: list[Any], at: str, *, ids: bool) -> Iterator[tuple[str, list[str]]]:
    for key in (*LABELS, *(("id",) if ids else ())):
        yield f"{at}/{key}", [row[key] for row in rows if isinstance(row.get(key), str)]


def _in_yaml(text: str) -> Iterator[tuple[str, list[str]]]:
    """Give the values of each block of a locale file."""
    blocks: dict[tuple[str, ...], list[str]] = defaultdict(list)
    above: list[tuple[int, str]] = []
    for line in text.splitlines():
        match = _YAML.match(line)
        if match is None:
            continue
        depth, key, value = len(match[1]), match[2], match[3].strip("\"'")
        above = [pair for pair in above if pair[0] < depth]
        if value:
            blocks[tuple(k for _, k in above)].append(value)
        else:
            above.append((depth, key))
    for block, values in blocks.items():
        yield "/".join(block), values


# -- our files


def streams(path: Path) -> Iterator[Words]:
    """Give what stands in a row in a file: its words, and its columns and lists one by one."""
    text = path.read_text(encoding="utf-8", errors="replace")
    yield words(text)
    if path.suffix == ".csv":
        yield from _down(csv.reader(text.splitlines()))
    elif path.suffix == ".md":
        rows = (line.strip().strip("|").split("|") for line in text.splitlines() if "|" in line)
        yield from _down(rows)
    elif path.suffix == ".json":
        yield from _json_streams(text)
    elif path.suffix == ".py":
        yield from _python_streams(text)
    elif path.suffix == ".ttl":
        yield from _turtle_streams(text)


def _down(rows: Iterable[Sequence[str]]) -> Iterator[Words]:
    columns: dict[int, list[str]] = defaultdict(list)
    for row in rows:
        for number, cell in enumerate(row):
            columns[number].extend(words(cell))
    yield from (tuple(column) for column in columns.values())


def _json_streams(text: str) -> Iterator[Words]:
    try:
        document = json.loads(text)
    except json.JSONDecodeError:
        return
    stack = [document]
    while stack:
        node = stack.pop()
        inner = list(node.values()) if isinstance(node, dict) else node
        if isinstance(node, dict):
            yield words(" ".join(node))
        if not isinstance(inner, list):
            continue
        rows = [row for row in inner if isinstance(row, dict)]
        for key in sorted({key for row in rows for key in row}):
            texts = [row[key] for row in rows if isinstance(row.get(key), str)]
            yield words(" ".join(texts))
        stack += inner


def _python_streams(text: str) -> Iterator[Words]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Dict):
            yield words(" ".join(_texts([key for key in node.keys if key is not None])))
            yield words(" ".join(_texts(node.values)))
        elif isinstance(node, ast.List | ast.Tuple | ast.Set):
            rows = [e.elts for e in node.elts if isinstance(e, ast.List | ast.Tuple)]
            width = max((len(row) for row in rows), default=0)
            for place in range(width):
                cells = [row[place] for row in rows if len(row) > place]
                yield words(" ".join(_texts(cells)))
            calls = [e.args for e in node.elts if isinstance(e, ast.Call)]
            yield words(" ".join(_texts([args[0] for args in calls if args])))


def _texts(nodes: Sequence[ast.expr]) -> list[str]:
    return [n.value for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, str)]


_TURTLE = re.compile(
    r'^\s+(?:([a-z]+:[\w-]+)\s*)?"((?:[^"\\]|\\.)*)"(?:@([a-z]+))?|^\s+([a-z]+:[\w-]+)$'
)


def _turtle_streams(text: str) -> Iterator[Words]:
    """Give the texts of each predicate in each language, in the order of the file."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    predicate = ""
    for line in text.splitlines():
        match = _TURTLE.match(line)
        if match is None:
            continue
        predicate = match[1] or match[4] or predicate
        if match[2] is not None:
            found[(predicate, match[3] or "")].extend(words(match[2]))
    yield from (tuple(said) for said in found.values())


# -- comparing


class Copies:
    """Finds runs of a list's labels in streams of words."""

    def __init__(self, lists: Iterable[LabelList]) -> None:
        self.runs: dict[Words, list[tuple[Words, str]]] = defaultdict(list)
        self.long: dict[Words, list[tuple[Words, str]]] = defaultdict(list)
        for one in lists:
            for start in range(len(one.labels) - RUN + 1):
                run = tuple(w for label in one.labels[start : start + RUN] for w in label)
                self.runs[run[:RUN]].append((run, one.name))
            lengthy = {label for label in one.labels if len(label) >= LONG}
            if len(lengthy) >= RUN:
                for label in lengthy:
                    self.long[label[:LONG]].append((label, one.name))
        self.run_begins = {start[0] for start in self.runs}
        self.long_begins = {start[0] for start in self.long}

    def within(self, stream: Words) -> set[str]:
        """Give the names of the lists of which a copy stands in a stream."""
        if len(stream) < RUN:
            return set()
        return self._in_order(stream) | self._close_together(stream)

    def _in_order(self, stream: Words) -> set[str]:
        return {
            name
            for at, word in enumerate(stream)
            if word in self.run_begins
            for run, name in self.runs.get(stream[at : at + RUN], ())
            if stream[at : at + len(run)] == run
        }

    def _close_together(self, stream: Words) -> set[str]:
        places: dict[str, list[tuple[int, Words]]] = defaultdict(list)
        for at, word in enumerate(stream):
            if word in self.long_begins:
                for label, name in self.long.get(stream[at : at + LONG], ()):
                    if stream[at : at + len(label)] == label:
                        places[name].append((at, label))
        return {name for name, found in places.items() if _crowded(found)}


def _crowded(found: list[tuple[int, Words]]) -> bool:
    """Tell whether so many different labels stand within one window."""
    return any(
        len({label for at, label in found[i:] if at - first <= WINDOW}) >= RUN
        for i, (first, _) in enumerate(found)
    )
