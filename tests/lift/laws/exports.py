"""Exports of every generator, and a walk over their cells that may change them.

A leaf has its source, the general path that ``fields.csv`` writes, its text and a way to set it.
"""

import csv
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lxml import etree

from dpc_kg.base.assets import mapping_dir
from dpc_kg.cli.inputs import assigned
from dpc_kg.lift.generate import GenerateRequest, generate, generators
from dpc_kg.lift.paths import member
from dpc_kg.lift.plan import Plan, Source
from dpc_kg.lift.privacy import Decisions, read_fields
from dpc_kg.lift.rml import compile_rml

ORG = "example-org"
GENERATORS = generators()
_MEMBER = re.compile(r'("(?P<name>\w+)"\s*=>\s*)"(?P<text>(?:[^"\\]|\\.)*)"')


@dataclass(frozen=True)
class Export:
    """A generated export: its mapping, the plan, and the file or folder of each source."""

    mapping: str
    folder: Path
    plan: Plan
    sources: dict[str, Path]
    document: dict[str, Any]

    @property
    def decisions(self) -> Decisions:
        """Give the decisions of the mapping."""
        found = read_fields(mapping_dir(self.mapping))
        assert found is not None
        return found

    def files(self, source: Source) -> list[Path]:
        """Give the files of a source, in order of their paths."""
        path = self.sources[source.given]
        if not path.is_dir():
            return [path]
        ending = {"JSONPath": ".json", "XPath": ".xml"}[source.formulation]
        found = [p for p in path.rglob(f"*{ending}") if p.name != "planted.json"]
        # a folder of several sources has a folder of each one's name around its files
        own = [p for p in found if p.parent.name == source.name]
        return sorted(own or found, key=lambda p: p.relative_to(path).parts)


def export(generator: str, folder: Path, records: int, faults: int = 0, seed: int = 5) -> Export:
    """Generate an export and find its sources."""
    planted = generate(generator, GenerateRequest(records, seed, faults, folder, ORG))
    plan = compile_rml(mapping_dir(planted.mapping) / "mapping.rml.ttl")
    document = json.loads((folder / "planted.json").read_text(encoding="utf-8"))
    return Export(planted.mapping, folder, plan, _sources(plan, folder), document)


def _sources(plan: Plan, folder: Path) -> dict[str, Path]:
    """Give the sources the program finds; of a tree of documents, those whose folders are there."""
    if books := sorted(folder.glob("*.xlsx")):
        return {s.name: book for s in plan.sources for book in books if s.table is not None}
    inner = {p.name for p in folder.rglob("*") if p.is_dir()}
    named = {
        s.name: folder for s in plan.sources if s.name in inner and not (folder / s.name).is_dir()
    }
    return named or assigned(plan, [folder])


@dataclass
class Leaf:
    """A filled cell; ``set`` changes it.

    Of a cell with a literal the whole and its members are visited: ``part`` says which it is.
    """

    source: str
    file: Path
    row: int
    path: str
    text: str
    set: Callable[[str], None] = field(repr=False)
    part: str = "cell"


Visit = Callable[[Leaf], None]


def walk(made: Export, visit: Visit, undeclared: Callable[[], str] | None = None) -> None:
    """Visit every leaf and write the files again; with ``undeclared`` each record gets one more."""
    for source in made.plan.sources:
        if source.name not in made.sources:
            continue
        for path in made.files(source):
            _WALKS[source.formulation](source, path, visit, undeclared)


def _table(source: Source, path: Path, visit: Visit, undeclared: Callable[[], str] | None) -> None:
    with path.open(encoding="utf-8-sig", newline="") as file:
        header, *rows = list(csv.reader(file))
    for number, row in enumerate(rows, start=2):
        for place, name in enumerate(header[: len(row)]):
            if row[place].strip():
                _cell(source.name, path, number, row, place, name, visit)
        if undeclared is not None:
            row.append(undeclared())
    if undeclared is not None:
        header.append("zz note")
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *rows])


def _cell(
    source: str, path: Path, number: int, row: list[str], place: int, name: str, visit: Visit
) -> None:
    """Visit a cell, and the members of the records that stand in it as literals."""

    def put(text: str) -> None:
        row[place] = text

    whole = row[place]
    if whole.startswith("[") and "=>" in whole:

        def inner(match: re.Match[str]) -> str:
            texts = [match["text"]]
            at = f"{name}[*].{match['name']}"
            one = Leaf(source, path, number, at, texts[0], _setter(texts, 0), "member")
            visit(one)
            return f'{match[1]}"{texts[0]}"'

        visit(Leaf(source, path, number, name, whole, put, "whole"))
        row[place] = _MEMBER.sub(inner, row[place])
        return
    visit(Leaf(source, path, number, name, whole, put))


def _objects(
    source: Source, path: Path, visit: Visit, undeclared: Callable[[], str] | None
) -> None:
    document = json.loads(path.read_text(encoding="utf-8-sig"))
    for number, record in enumerate(json_records(document, source.iterator or "$"), start=1):
        _object(source.name, path, number, "", record, visit)
        if undeclared is not None and isinstance(record, dict):
            record["zzNote"] = undeclared()
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")


def json_records(document: Any, iterator: str) -> list[Any]:
    """Give the nodes an iterator of names, lists and wildcards reaches."""
    # an array in place of a record is one of records
    nodes = document if iterator == "$" and isinstance(document, list) else [document]
    for name in re.findall(r"\.(\w+|\*)|\[(?=\*\])", iterator.removeprefix("$")):
        if name in ("", "*"):
            nodes = [v for n in nodes for v in (n.values() if isinstance(n, dict) else n)]
        else:
            nodes = [n[name] for n in nodes if name in n]
    return nodes


def _object(source: str, path: Path, row: int, at: str, node: Any, visit: Visit) -> None:
    items = node.items() if isinstance(node, dict) else enumerate(node)
    for key, value in list(items):
        place = member(at, str(key)) if isinstance(node, dict) else f"{at}[*]"
        if isinstance(value, dict | list):
            _object(source, path, row, place, value, visit)
        elif value is not None and str(value).strip():
            visit(Leaf(source, path, row, place, str(value), _setter(node, key)))


def _setter(node: Any, key: Any) -> Callable[[str], None]:
    def put(text: str) -> None:
        node[key] = text

    return put


def _elements(
    source: Source, path: Path, visit: Visit, undeclared: Callable[[], str] | None
) -> None:
    tree = etree.parse(str(path))
    records = tree.xpath(source.iterator or "/*", namespaces=dict(source.namespaces) or None)
    assert isinstance(records, list)
    for number, record in enumerate(records, start=1):
        assert isinstance(record, etree._Element)
        _element(source.name, path, number, "", record, visit)
        if undeclared is not None:
            etree.SubElement(record, "zzNote").text = undeclared()
    tree.write(str(path), encoding="utf-8", xml_declaration=True)


def _element(
    source: str, path: Path, row: int, at: str, node: etree._Element, visit: Visit
) -> None:
    for name, value in list(node.attrib.items()):
        if str(value).strip() and not str(name).startswith("{"):
            place = f"{at}/@{name!s}" if at else f"@{name!s}"
            visit(Leaf(source, path, row, place, str(value), _setter(node.attrib, name)))
    children = [e for e in node if isinstance(e.tag, str)]
    for child in children:
        _element(source, path, row, f"{at}/{child.tag}" if at else str(child.tag), child, visit)
    if not children and at and (node.text or "").strip():

        def put(text: str) -> None:
            node.text = text

        visit(Leaf(source, path, row, at, (node.text or "").strip(), put))


_WALKS = {"CSV": _table, "JSONPath": _objects, "XPath": _elements}
