"""The fields of a file as they are found in it: their paths, and what their cells hold.

Values stay in memory: nothing here is written anywhere.
"""

import csv
import json
import re
import sys
from collections import Counter
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from lxml import etree

from dpc_kg.base.errors import NotSupported, SourceError
from dpc_kg.lift.mapdraft.observed import LOOKED_AT, Field, Observed
from dpc_kg.lift.mapdraft.workbook import ENDINGS, is_workbook, look_for_table, read_as_mapped
from dpc_kg.lift.plan import Source
from dpc_kg.lift.sources.dialect import Style, find_dialect
from dpc_kg.lift.sources.text import decoded
from dpc_kg.lift.unusable import (
    cut_off,
    declares_type,
    empty_file,
    malformed,
    open_quote,
    too_deep,
)
from dpc_kg.lift.walkers import Decimal, Integer, JsonWalker, TooDeep, XmlWalker

_KINDS = ENDINGS | {".csv", ".tsv", ".txt", ".json", ".xml"}
_DELIMITERS = ",;\t|"
_PART = re.compile(r"[^\W_]+")
_MEMBER = re.compile(r"\w+|\['[^']*'\]")
_DEEPEST = 4
_MEMBERS, _SELDOM, _MOSTLY = 30, 0.05, 0.8


def observe(path: Path, sheet: str | None = None) -> Observed:
    """Give what a file of a new source holds; ``sheet`` is the title of a workbook's sheet.

    Raises:
        SourceError: it cannot be read (empty, wrong encoding, not well-formed, no record).
        NotSupported: it is of another kind.
        DpcError: it is not clear which sheet or which row of it is meant.
    """
    if not can_observe(path):
        raise NotSupported(
            "A draft is made from a workbook (XLSX, XLSM, ODS, XLS) or a CSV, JSON or XML file.",
            file=path.name,
            advice="Export it as one of these.",
        )
    name = source_name(path)
    if is_workbook(path):
        return _with_records(look_for_table(path, name, sheet))
    return _with_records(_observe_text(path, name))


def observe_source(path: Path, source: Source, wanted: Collection[str]) -> Observed:
    """Give what a file of a mapping's source holds, of a workbook the sheet that a lift reads.

    Raises:
        SourceError: it cannot be read, or there is no such sheet.
        MappingError: the mapping asks for what is not supported.
    """
    if is_workbook(path):
        return _with_records(read_as_mapped(path, source, wanted))
    return _with_records(_observe_text(path, source.name))


def _observe_text(path: Path, name: str) -> Observed:
    reader = {".json": _json, ".xml": _xml}.get(path.suffix.lower(), _table)
    return reader(path, name)


def _with_records(made: Observed) -> Observed:
    if not made.records:
        raise SourceError(
            "There is no record in it.",
            rule="empty-file",
            file=made.file,
            sheet=made.sheet.title if made.sheet is not None else None,
            advice="Export it again, with some records.",
        )
    return made


def can_observe(path: Path) -> bool:
    """Tell whether a path is a file of a kind whose fields can be seen."""
    return path.is_file() and path.suffix.lower() in _KINDS


def source_name(path: Path) -> str:
    """Give the name a file's source has: small letters, digits and hyphens.

    >>> source_name(Path("My Contacts_2024.csv"))
    'my-contacts-2024'
    """
    parts = _PART.findall(path.stem.casefold())
    plain = "-".join(p for p in parts if p.isascii())
    return plain if plain[:1].isalpha() else f"source-{plain}".rstrip("-")


def _table(path: Path, name: str) -> Observed:
    dialect = find_dialect(path, path.name, _widest(path), Style())
    fields = [Field(h, h, h) for h in dialect.header]
    records = 0
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file, delimiter=dialect.delimiter, strict=True)
        try:
            next(reader)
            for cells in reader:
                if not cells:
                    continue
                records += 1
                for one, cell in zip(fields, cells, strict=False):
                    one.add(cell)
                if records == LOOKED_AT:
                    break
        except csv.Error as e:
            raise open_quote(path.name, reader.line_num) from e
    named = tuple(f for f in fields if f.path)
    return Observed(name, path.name, "CSV", None, records, named)


def _widest(path: Path) -> set[str]:
    """Give the header under the delimiter that makes most columns of it."""
    csv.field_size_limit(min(sys.maxsize, 1 << 24))
    with path.open(encoding="utf-8-sig", newline="", errors="replace") as file:
        line = file.readline(1 << 20)
    rows = (next(iter(csv.reader([line], delimiter=d)), []) for d in _DELIMITERS)
    best = max(rows, key=len)
    return {cell.strip() for cell in best if cell.strip()}


def _text(path: Path) -> str:
    text = decoded(path.read_bytes(), path.name)
    if not text.strip():
        raise empty_file(path.name)
    return text


def _json(path: Path, name: str) -> Observed:
    text = _text(path)
    try:
        document = json.loads(text, parse_float=Decimal, parse_int=Integer, parse_constant=Decimal)
    except json.JSONDecodeError as e:
        if e.pos >= len(text.rstrip()):
            raise cut_off(path.name, e.lineno) from e
        raise malformed(path.name, e.lineno, "This is not well-formed JSON.") from e
    except RecursionError as e:
        raise too_deep(path.name) from e
    iterator, records = _records(document)
    walker = JsonWalker()
    fields: dict[str, Field] = {}
    for row, record in enumerate(records[:LOOKED_AT], start=1):
        try:
            leaves = [at for at, _ in walker.leaves(record)]
        except TooDeep as e:
            raise too_deep(path.name, row=row) from e
        for at in sorted(set(leaves)):
            one = fields.setdefault(at, _json_field(at))
            one.many = one.many or "[*]" in at
            for found, _ in walker.values(("", "", record), one.reference):
                one.add(found)
    fields = _without_words_as_members(fields, len(records))
    ordered = tuple(fields[at] for at in sorted(fields) if at)
    return Observed(name, path.name, "JSONPath", iterator, len(records), ordered)


def _without_words_as_members(fields: dict[str, Field], records: int) -> dict[str, Field]:
    """Put the members of an object together where they are words of a record, not names of fields.

    Such an object has many members and each of them in few records; it may be keyed by people.
    """
    inside: dict[str, dict[str, list[Field]]] = {}
    for at, one in fields.items():
        for match in _MEMBER.finditer(at):
            above = at[: match.start()].rstrip(".")
            inside.setdefault(above, {}).setdefault(match.group(), []).append(one)
    kept = dict(fields)
    for above, members in sorted(inside.items()):
        few = [m for m in members.values() if max(f.cells for f in m) <= max(2, records * _SELDOM)]
        if len(members) < _MEMBERS or len(few) < len(members) * _MOSTLY:
            continue
        found = [f for m in members.values() for f in m]
        for one in found:
            kept.pop(one.path, None)
        path = f"{above}.*" if above else "*"
        kept[path] = Field(path, f"$.{path}", "*", sum(f.cells for f in found), many=True)
    return kept


def _json_field(at: str) -> Field:
    members = _MEMBER.findall(at)
    name = members[-1].strip("[']") if members else at
    return Field(at, f"$.{at}" if at[:1] != "[" else f"${at}", name)


def _records(document: Any) -> tuple[str, list[Any]]:
    """Give the iterator and the records: the top list, or the longest list of objects inside."""
    if isinstance(document, list):
        return "$", [d for d in document if isinstance(d, dict)]
    found = sorted(_lists(document, "$", 0), key=lambda f: (-len(f[1]), f[0]))
    if found and len(found[0][1]) > 1:
        return f"{found[0][0]}[*]", found[0][1]
    return "$", [document] if isinstance(document, dict) else []


def _lists(node: Any, at: str, depth: int) -> Iterator[tuple[str, list[Any]]]:
    if depth > _DEEPEST or not isinstance(node, dict):
        return
    for key, value in node.items():
        here = f"{at}.{key}" if re.fullmatch(r"[A-Za-z_]\w*", key) else f"{at}['{key}']"
        if isinstance(value, list) and value and all(isinstance(v, dict) for v in value):
            yield here, value
        yield from _lists(value, here, depth + 1)


def _xml(path: Path, name: str) -> Observed:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    if not path.read_bytes().strip():
        raise empty_file(path.name)
    try:
        tree = etree.parse(str(path), parser)
    except etree.XMLSyntaxError as e:
        raise malformed(path.name, e.lineno or 1, "This is not well-formed XML.") from e
    root: Any = tree.getroot()
    if root.getroottree().docinfo.doctype:
        raise declares_type(path.name)
    if any(isinstance(e.tag, str) and e.tag.startswith("{") for e in root.iter()):
        raise NotSupported(
            "Elements in a namespace cannot be drafted yet.",
            file=path.name,
            advice="Write the mapping by hand, after mappings/lift/cybertipline.",
        )
    iterator = _repeated(root)
    inner = "/".join(iterator.split("/")[2:])
    records = list(root.iterfind(inner)) if inner else [root]
    walker = XmlWalker()
    fields: dict[str, Field] = {}
    for element in records[:LOOKED_AT]:
        leaves = Counter(at for at, _ in walker.leaves(element))
        for at, count in leaves.items():
            one = fields.setdefault(at, Field(at, at, at.rpartition("/")[2].lstrip("@")))
            one.many = one.many or count > 1
            for found, _ in walker.values(("", "", element), at):
                one.add(found)
    ordered = tuple(fields[at] for at in sorted(fields))
    return Observed(name, path.name, "XPath", iterator, len(records), ordered)


def _repeated(root: Any) -> str:
    """Give the path of the elements that are records: the first level with repeated siblings."""
    path, node = f"/{root.tag}", root
    while True:
        tags = Counter(str(c.tag) for c in node if isinstance(c.tag, str))
        if not tags:
            return path
        tag, count = max(tags.items(), key=lambda t: (t[1], -list(tags).index(t[0])))
        has_children = any(len(c) for c in node if c.tag == tag)
        if count > 1 and has_children:
            return f"{path}/{tag}"
        inner = [c for c in node if isinstance(c.tag, str) and len(c)]
        if len(inner) != 1 or len(tags) > 1:
            return path if path != f"/{root.tag}" or not has_children else f"{path}/{tag}"
        path, node = f"{path}/{inner[0].tag}", inner[0]
