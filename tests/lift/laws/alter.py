"""Copies of an export in which single cells are altered, with the libraries of others."""

import csv
import json
import shutil
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pyoxigraph as ox
from lxml import etree

from dpc_kg.lift.plan import Source
from tests.lift.laws.exports import Export, json_records
from tests.lift.laws.graphcells import GraphCells
from tests.lift.laws.places import file_of, keys_of, steps


@dataclass(frozen=True)
class Edit:
    """A cell and what is to stand there; None takes it away."""

    source: str
    file: str
    row: int
    column: str
    text: str | None


def altered(made: Export, edits: list[Edit], folder: Path) -> dict[str, Path]:
    """Copy an export into a new folder with these cells altered; give its sources."""
    shutil.copytree(made.folder, folder)
    moved = {n: folder / p.relative_to(made.folder) for n, p in made.sources.items()}
    by_file: dict[tuple[Path, str], list[Edit]] = defaultdict(list)
    for edit in edits:
        source = _source(made, edit.source)
        path = folder / file_of(made, source, edit.file).relative_to(made.folder)
        by_file[(path, source.given)].append(edit)
    for (path, given), own in by_file.items():
        source = _source(made, own[0].source)
        written = _WRITERS[source.formulation](source, path, own)
        if written != path:
            moved[given] = written
    return moved


def _source(made: Export, name: str) -> Source:
    return next(s for s in made.plan.sources if name in (s.name, s.given))


def _table(source: Source, path: Path, edits: list[Edit]) -> Path:
    if path.suffix == ".xlsx":
        return _workbook(source, path, edits)
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    for edit in edits:
        rows[edit.row - 1][rows[0].index(edit.column)] = edit.text or ""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)
    return path


def _workbook(source: Source, path: Path, edits: list[Edit]) -> Path:
    book = openpyxl.load_workbook(path)
    sheet = book[source.table or ""]
    names = [c.value for c in sheet[1]]
    for edit in edits:
        sheet.cell(edit.row, names.index(edit.column) + 1).value = edit.text
    book.save(path)
    return path


def _object(source: Source, path: Path, edits: list[Edit]) -> Path:
    document = json.loads(path.read_text(encoding="utf-8-sig"))
    records = json_records(document, source.iterator or "$")
    for edit in edits:
        _set(records[edit.row - 1], steps(edit.column), edit.text)
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    return path


def _set(node: Any, keys: list[str | int], text: str | None) -> None:
    key, rest = keys[0], keys[1:]
    there = keys_of(node, key)
    if not there and isinstance(node, dict) and isinstance(key, str):
        there = [key] if text is not None and key[:1] not in ("*", "?") else []
    for name in there:
        if rest:
            if isinstance(node, dict) and node.get(name) is None:
                node[name] = {}
            _set(node[name], rest, text)
        elif text is not None or isinstance(node, list):
            node[name] = text
        else:
            del node[name]


def _element(source: Source, path: Path, edits: list[Edit]) -> Path:
    tree = etree.parse(str(path))
    spaces = dict(source.namespaces) or None
    records = tree.xpath(source.iterator or "/*", namespaces=spaces)
    assert isinstance(records, list)
    found = [(e, _nodes(records[e.row - 1], e.column, spaces)) for e in edits]
    for edit, (node, attribute) in found:
        if attribute and edit.text is None:
            node.attrib.pop(attribute, None)
        elif attribute:
            node.set(attribute, edit.text)
        elif len(node) and edit.text is not None:
            # what is read of an element with elements in it is its name
            node.tag = edit.text if edit.text.isalnum() and edit.text[0].isalpha() else "altered"
        else:
            for child in list(node):
                node.remove(child)
            node.text = edit.text
    tree.write(str(path), encoding="utf-8", xml_declaration=True)
    return path


def _nodes(record: Any, column: str, spaces: dict[str, str] | None) -> tuple[Any, str]:
    """Give the element of a path (made where it is not there) and the attribute, if any."""
    path, _, attribute = column.rpartition("@")
    path = path.rstrip("/") if attribute and "@" in column else column
    if not path:
        return record, attribute
    node = record
    for part in path.split("/"):
        found = node.xpath(part, namespaces=spaces)
        node = found[0] if found else etree.SubElement(node, part.partition("[")[0])
    return node, attribute if "@" in column else ""


def _graph(source: Source, path: Path, edits: list[Edit]) -> Path:
    cells = GraphCells(path, source)
    for edit in edits:
        cells.put(edit.row, edit.column, edit.text)
    out = path.with_suffix(".nt")
    path.unlink()
    out.write_bytes(ox.serialize(cells.triples, format=ox.RdfFormat.N_TRIPLES) or b"")
    return out


_WRITERS = {"CSV": _table, "JSONPath": _object, "XPath": _element, "SPARQL": _graph}
