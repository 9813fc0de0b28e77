"""What stands at a place of a file: opened again, with the libraries of others."""

import csv
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
from lxml import etree

from dpc_kg.lift.plan import Source
from tests.lift.laws.exports import Export, json_records
from tests.lift.laws.graphcells import GraphCells

_STEP = re.compile(r"\['((?:[^'\\]|\\.)*)'\]|\[(\d+|\*|\w+=[^\]]*)\]|\.?([^.\[\]]+)")
_PAIR = re.compile(r'"(\w+)"\s*=>\s*(?:"((?:[^"\\]|\\.)*)"|([^,{}\[\]]+))')


@dataclass(frozen=True)
class Stood:
    """A cell's texts (several where the place is a list; none where it is blank), the record's."""

    here: tuple[str, ...]
    record: tuple[str, ...]


def at(made: Export, source_name: str, file: str, row: int, column: str | None) -> Stood:
    """Give what stands in a file at a row and column."""
    source = next(s for s in made.plan.sources if source_name in (s.name, s.given))
    path = file_of(made, source, file)
    if source.formulation == "SPARQL":
        cells = _graph(source, path)
        here = cells.texts(row, column) if column else []
        return Stood(tuple(t for x in here for t in _here(x)), tuple(cells.record(row)))
    record = _records(source, path)[row - (2 if source.formulation == "CSV" else 1)]
    if source.formulation == "CSV":
        return Stood(_here(record.get(column)), tuple(_within(record)))
    if source.formulation == "XPath":
        return _in_element(record, column, dict(source.namespaces))
    nodes = _reach(record, column or "")
    # the name of a member may be the value
    names = [s for s in steps(column or "") if isinstance(s, str)][-1:]
    here = [t for n in nodes for t in _leaves(n)]
    return Stood((*here, *(names if here else ())), tuple(_leaves(record)))


def steps(column: str) -> list[str | int]:
    """Give the names and places a path goes through; ``*`` for all, ``?k=v`` for some of a list."""
    found: list[str | int] = []
    for quoted, index, name in _STEP.findall(column):
        if index:
            found.append(int(index) if index.isdigit() else f"?{index}".replace("?*", "*"))
        else:
            found.append(name or re.sub(r"\\(.)", r"\1", quoted))
    return found


def file_of(made: Export, source: Source, file: str) -> Path:
    """Give the file of a source by its name, as the lift says it."""
    found = _named(made.sources[source.given], source.name, lambda: made.files(source))
    found = [p for p in found if p.as_posix().endswith("/" + file)]
    assert len(found) == 1, f"{len(found)} files of {source.name} are called this"
    return found[0]


_FILES: dict[tuple[Path, str], list[Path]] = {}


def _named(path: Path, name: str, files: Callable[[], list[Path]]) -> list[Path]:
    """Give the files of a source, looked for once: a folder may hold many."""
    if (path, name) not in _FILES:
        _FILES[(path, name)] = files()
    return _FILES[(path, name)]


@cache
def _graph(source: Source, path: Path) -> GraphCells:
    return GraphCells(path, source)


@cache
def _records(source: Source, path: Path) -> list[Any]:
    if path.suffix == ".xlsx":
        book = openpyxl.load_workbook(path, read_only=True)
        names, *rows = list(book[source.table or ""].values)
        book.close()
        cells = [["" if v is None else str(v) for v in row] for row in rows]
        return [dict(zip(map(str, names), row, strict=True)) for row in cells]
    if source.formulation == "CSV":
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))
    if source.formulation == "XPath":
        found = etree.parse(str(path)).xpath(
            source.iterator or "/*", namespaces=dict(source.namespaces) or None
        )
        assert isinstance(found, list)
        return found
    document = json.loads(path.read_text(encoding="utf-8-sig"), parse_float=str, parse_int=str)
    return json_records(document, source.iterator or "$")


def _here(text: str | None) -> tuple[str, ...]:
    if text is None or not text.strip():
        return ()
    return (text.strip(), *_parts(text))


def _parts(text: str) -> list[str]:
    """Give the strings of a literal, or the words of a list, that stand in a cell."""
    if text.startswith(("[", "{")):
        pairs = [b or c for _, b, c in _PAIR.findall(text)]
        return [p.strip() for p in [*pairs, *re.findall(r'"((?:[^"\\]|\\.)*)"', text)]]
    return text.split()


def _within(record: dict[str, str]) -> list[str]:
    return [t for text in record.values() for t in _here(text)]


def _in_element(record: Any, column: str | None, namespaces: dict[str, str]) -> Stood:
    every = [str(t).strip() for t in record.xpath(".//text() | .//@* | @*")]
    found = record.xpath(column, namespaces=namespaces or None) if column else []
    here = [str(f if isinstance(f, str) else "".join(f.itertext())).strip() for f in found]
    names = [str(f.tag) for f in found if not isinstance(f, str)]
    return Stood(tuple(h for h in here if h) + tuple(names), tuple(t for t in every if t))


def _reach(record: Any, column: str) -> list[Any]:
    nodes = [record]
    for key in steps(column):
        nodes = [n[k] for n in nodes for k in keys_of(n, key)]
    return nodes


def keys_of(node: Any, key: str | int) -> list[Any]:
    """Give the members of a node that a step of a path reaches."""
    if isinstance(key, int):
        return [key] if isinstance(node, list) and key < len(node) else []
    if key == "*":
        return list(node) if isinstance(node, dict) else list(range(len(node or ())))
    if isinstance(node, list) and key.startswith("?"):
        name, _, value = key[1:].partition("=")
        return [n for n, item in enumerate(node) if str(item.get(name)) == value]
    return [key] if isinstance(node, dict) and key in node else []


def _leaves(node: Any) -> list[str]:
    if isinstance(node, dict):
        return [str(k) for k in node] + [t for v in node.values() for t in _leaves(v)]
    if isinstance(node, list):
        return [t for v in node for t in _leaves(v)]
    if node is None:
        return []
    text = ("true" if node else "false") if isinstance(node, bool) else str(node).strip()
    return [text, *text.split()] if text else []
