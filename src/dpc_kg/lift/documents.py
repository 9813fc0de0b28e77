"""JSON and XML files read record by record (DESIGN section 5, Lift), refused where unsafe."""

import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
from lxml import etree

from dpc_kg.base.errors import MappingError, SourceError
from dpc_kg.lift.paths import (
    JsonWalker,
    TooDeep,
    UnknownPath,
    XmlWalker,
    json_steps,
)
from dpc_kg.lift.plan import Source, View
from dpc_kg.lift.rows import Loaded, RecordRows
from dpc_kg.lift.unusable import (
    cut_off,
    declares_type,
    empty_file,
    malformed,
    too_deep,
    wrong_encoding,
)


class _Twice(Exception):
    """A member stands twice in one object."""


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        raise _Twice
    return made


_DECODER = json.JSONDecoder(
    parse_float=str, parse_int=str, parse_constant=str, object_pairs_hook=_unique
)
_SPACE = re.compile(r"[ \t\r\n]*")


def load_documents(
    con: duckdb.DuckDBPyConnection, source: Source, views: list[View], path: Path
) -> Loaded:
    """Read the file or folder of a JSON or XML source into its tables.

    Raises:
        SourceError: empty, wrong encoding, truncated, not well-formed, or with a DOCTYPE.
        MappingError: a path of the mapping is outside the supported subset.
    """
    is_json = source.formulation == "JSONPath"
    loaded = Loaded(source)
    walker = JsonWalker() if is_json else XmlWalker()
    rows = RecordRows(con, walker, source, views)
    try:
        for number, (name, file) in enumerate(_files(source, path)):
            data = file.read_bytes()
            loaded.files.append(name)
            loaded.digests.append(hashlib.sha256(data).hexdigest())
            made = (
                _json_records(source, data, name) if is_json else _xml_records(source, file, name)
            )
            for row, node in enumerate(made, start=1):
                _add(rows, number, row, node, loaded, name)
    except UnknownPath as e:
        raise MappingError("This path is not supported.", term=str(e)) from e
    rows.flush()
    if not loaded.rows:
        raise SourceError(
            "There is no record in it.",
            rule="empty-file",
            file=path.name,
            advice=f"Records are looked for at {source.iterator}.",
        )
    return loaded


def _add(rows: RecordRows, number: int, row: int, node: Any, loaded: Loaded, name: str) -> None:
    try:
        rows.add(number, row, node, loaded.cells)
    except (TooDeep, RecursionError) as e:
        raise too_deep(name, row=row) from e
    loaded.rows += 1


def _files(source: Source, path: Path) -> list[tuple[str, Path]]:
    """Give (name relative to the export, file), in the order of names."""
    if path.is_file():
        return [(path.name, path)]
    ending = "*.json" if source.formulation == "JSONPath" else "*.xml"
    found = sorted(p for p in path.rglob(ending) if p.name != "planted.json")
    own = [p for p in found if source.name in p.relative_to(path).parts[:-1]]
    chosen = own or found
    if not chosen:
        raise SourceError(
            "There is no file to read in this folder.",
            rule="empty-file",
            file=path.name,
            advice=f"Files ending in {ending[1:]} are looked for.",
        )
    return [(p.relative_to(path).as_posix(), p) for p in chosen]


def text_of(data: bytes, name: str) -> str:
    """Give the text of a UTF-8 file, its byte order mark taken off.

    Raises:
        SourceError: empty, or not UTF-8 (with the line).
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as e:
        raise wrong_encoding(name, data[: e.start].count(b"\n") + 1) from e
    if not text.strip():
        raise empty_file(name)
    if "\0" in text:
        raise wrong_encoding(name, _line(text, text.index("\0")))
    return text


def _json_records(source: Source, data: bytes, name: str) -> Iterator[Any]:
    """Give the records: of a top-level array one by one, else where the iterator points."""
    text = text_of(data, name)
    iterator = source.iterator or "$"
    start = _end_of_space(text, 0)
    if text.startswith("[", start) and json_steps(iterator) in ((), (("all", ""),)):
        yield from _elements(text, start, name)
        return
    document, end = _decode(text, start, name)
    if _end_of_space(text, end) != len(text):
        raise _syntax(text, end, name)
    if isinstance(document, dict) and json_steps(iterator) in ((), (("all", ""),)):
        yield document
        return
    for _, _, node in JsonWalker().iterate(document, iterator, ""):
        yield node


def _end_of_space(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at


def _elements(text: str, start: int, name: str) -> Iterator[Any]:
    at = _end_of_space(text, start + 1)
    if text.startswith("]", at) and _end_of_space(text, at + 1) == len(text):
        return
    while True:
        node, at = _decode(text, at, name)
        yield node
        at = _end_of_space(text, at)
        if text.startswith("]", at):
            if _end_of_space(text, at + 1) != len(text):
                raise _syntax(text, at + 1, name)
            return
        if not text.startswith(",", at):
            raise _syntax(text, at, name)
        at = _end_of_space(text, at + 1)


def _decode(text: str, at: int, name: str) -> tuple[Any, int]:
    """Give the value that begins at ``at`` and where it ends; lines are counted for errors only."""
    try:
        node, end = _DECODER.raw_decode(text, at)
    except json.JSONDecodeError as e:
        raise _syntax(text, e.pos, name) from e
    except RecursionError as e:
        raise too_deep(name, line=_line(text, at)) from e
    except _Twice as e:
        problem = "A member stands twice in one object, so it is not clear which one is meant."
        raise malformed(name, _line(text, at), problem) from e
    if _SURROGATE.search(text, at, end) and not _encodes(node):
        raise wrong_encoding(name, _line(text, at))
    return node, end


def _line(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1


_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


def _encodes(node: Any) -> bool:
    try:
        json.dumps(node, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


def _syntax(text: str, at: int, name: str) -> SourceError:
    line = _line(text, at)
    # An unclosed string starts long before the end, so what is left must hold no closing quote.
    rest = text[at:].strip()
    if not rest or (rest.startswith('"') and '"' not in rest[1:]) or _unclosed(text):
        return cut_off(name, line)
    return malformed(name, line, "This is not well-formed JSON.")


def _unclosed(text: str) -> bool:
    """Tell whether more brackets open than close outside of strings."""
    bare = re.sub(r'"(?:[^"\\]|\\.)*("|$)', "", text, flags=re.DOTALL)
    return bare.count("{") + bare.count("[") > bare.count("}") + bare.count("]")


def _xml_records(source: Source, file: Path, name: str) -> Iterator[Any]:
    _refuse_doctype(file, name)
    steps = [s for s in (source.iterator or "").split("/") if s]
    anywhere = (source.iterator or "").startswith("//")
    try:
        events = etree.iterparse(
            str(file),
            events=("end",),
            tag=steps[-1],
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
        )
        for _, element in events:
            if element.getroottree().docinfo.doctype:
                raise declares_type(name)
            tags = [str(e.tag) for e in (element, *element.iterancestors())][::-1]
            if tags[-len(steps) :] != steps or (not anywhere and len(tags) != len(steps)):
                continue
            yield element
            # a record inside a record is read first; the outer one still needs it
            if tags.count(tags[-1]) == 1:
                _forget(element)
    except etree.XMLSyntaxError as e:
        raise _xml_fault(e, file, name) from e


def _forget(element: Any) -> None:
    """Free a record that has been read, and those before it."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


_PROLOG = re.compile(rb"(?:\s+|<\?.*?\?>|<!--.*?-->)*", re.DOTALL)


def _refuse_doctype(file: Path, name: str) -> None:
    """Look at the first markup that is neither comment nor instruction, however far down."""
    data = file.read_bytes().removeprefix(b"\xef\xbb\xbf")
    if not data.strip():
        raise empty_file(name)
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        data = data.decode("utf-16", errors="ignore").encode()
    match = _PROLOG.match(data)
    if data[match.end() if match else 0 :].startswith(b"<!DOCTYPE"):
        raise declares_type(name)


def _xml_fault(error: etree.XMLSyntaxError, file: Path, name: str) -> SourceError:
    line = error.lineno or 1
    message = str(error)
    if "encoding" in message.lower() or "not proper UTF-8" in message:
        return wrong_encoding(name, line)
    with file.open("rb") as f:
        total = f.read().rstrip().count(b"\n") + 1
    wrong = "mismatch" in message or "Extra content" in message
    cut = "Premature end" in message or "EndTag" in message or "Couldn't find end" in message
    if not wrong and (cut or line >= total):
        return cut_off(name, line)
    return malformed(name, line, "This is not well-formed XML.")
