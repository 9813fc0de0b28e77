"""What stands at a place of a file: opened again, with the libraries of others."""

import csv
import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from lxml import etree

from dpc_kg.lift.plan import Source
from tests.lift.laws.exports import Export, json_records

_STEP = re.compile(r"\.?([^.\[\]]+)|\[(\d+|\*)\]|\['(.*?)'\]")
_PAIR = re.compile(r'"(\w+)"\s*=>\s*(?:"((?:[^"\\]|\\.)*)"|([^,{}\[\]]+))')


@dataclass(frozen=True)
class Stood:
    """A cell's texts (several where the place is a list; none where it is blank), the record's."""

    here: tuple[str, ...]
    record: tuple[str, ...]


def at(made: Export, source_name: str, file: str, row: int, column: str | None) -> Stood:
    """Give what stands in a file at a row and column."""
    source = next(s for s in made.plan.sources if s.name == source_name)
    record = _records(source, _path(made, source, file))[
        row - (2 if source.formulation == "CSV" else 1)
    ]
    if source.formulation == "CSV":
        return Stood(_here(record.get(column)), tuple(_within(record)))
    if source.formulation == "XPath":
        return _in_element(record, column, dict(source.namespaces))
    nodes = _reach(record, column or "")
    # the name of a member may be the value
    names = [name or quoted for name, _, quoted in _STEP.findall(column or "")][-1:]
    here = [t for n in nodes for t in _leaves(n)]
    return Stood((*here, *(names if here else ())), tuple(_leaves(record)))


def _path(made: Export, source: Source, file: str) -> Path:
    found = [p for p in made.files(source) if p.as_posix().endswith("/" + file)]
    assert len(found) == 1, f"{len(found)} files of {source.name} are called this"
    return found[0]


@cache
def _records(source: Source, path: Path) -> list[Any]:
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
    for name, index, quoted in _STEP.findall(column):
        if index == "*":
            nodes = [v for n in nodes if isinstance(n, list) for v in n]
        elif index:
            nodes = [n[int(index)] for n in nodes if isinstance(n, list) and int(index) < len(n)]
        else:
            key = name or quoted
            nodes = [n[key] for n in nodes if isinstance(n, dict) and key in n]
    return nodes


def _leaves(node: Any) -> list[str]:
    if isinstance(node, dict):
        return [str(k) for k in node] + [t for v in node.values() for t in _leaves(v)]
    if isinstance(node, list):
        return [t for v in node for t in _leaves(v)]
    if node is None:
        return []
    text = ("true" if node else "false") if isinstance(node, bool) else str(node).strip()
    return [text, *text.split()] if text else []
