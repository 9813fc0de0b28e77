"""XML documents read record by record; what is unsafe (DOCTYPE, entities, network) is refused."""

import re
from collections.abc import Iterator
from typing import IO, Any

from lxml import etree

from dpc_kg.lift.plan import Source
from dpc_kg.lift.unusable import (
    cut_off,
    declares_type,
    empty_file,
    malformed,
    no_record,
    wrong_encoding,
)

_PROLOG = re.compile(rb"(?:\s+|<\?.*?\?>|<!--.*?-->)*", re.DOTALL)
_HEAD = 1 << 16


def xml_records(
    source: Source, file: IO[bytes], name: str, spent: list[Any] | None = None
) -> Iterator[Any]:
    """Give the elements a source's iterator reaches.

    One that has been read is freed, or laid in ``spent`` for `forget`.

    Raises:
        SourceError: empty, wrong encoding, cut off, not well-formed, or with a DOCTYPE.
    """
    _refuse_doctype(file, name)
    steps = _steps(source)
    anywhere = (source.iterator or "").startswith("//")
    try:
        events = etree.iterparse(
            file,
            events=("end",),
            tag=steps[-1],
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
        )
        found = False
        above: Any = None
        wanted = single = False
        for _, element in events:
            parent = element.getparent()
            if parent is None or parent is not above:
                # what stands above is the same for all children of one element
                above = parent
                if element.getroottree().docinfo.doctype:
                    raise declares_type(name)
                tags = [str(e.tag) for e in (element, *element.iterancestors())][::-1]
                wanted = tags[-len(steps) :] == steps and (anywhere or len(tags) == len(steps))
                # a record inside a record is read first; the outer one still needs it
                single = tags.count(tags[-1]) == 1
            if not wanted:
                continue
            found = True
            yield element
            if not single:
                continue
            if spent is None:
                _forget(element)
            else:
                spent.append(element)
        # a list without an element is one; a document of another kind is not
        if not found and not anywhere and str(events.root.tag) != steps[0]:
            raise no_record(name, source.iterator)
    except etree.XMLSyntaxError as e:
        raise _fault(e, file, name) from e


def _steps(source: Source) -> list[str]:
    """Give the names of an iterator's elements, with their namespaces as lxml writes them."""
    known = dict(source.namespaces)
    names = []
    for each in (s for s in (source.iterator or "").split("/") if s):
        prefix, mark, name = each.rpartition(":")
        names.append(f"{{{known.get(prefix, prefix)}}}{name}" if mark else each)
    return names


def forget(spent: list[Any]) -> None:
    """Free the records that have been read."""
    for element in spent:
        _forget(element)
    spent.clear()


def _forget(element: Any) -> None:
    """Free a record that has been read, and those before it."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def _refuse_doctype(file: IO[bytes], name: str) -> None:
    """Look at the first markup that is neither comment nor instruction, however far down."""
    data = file.read(_HEAD)
    if not data.strip().removeprefix(b"\xef\xbb\xbf").strip():
        data += file.read()
        if not data.removeprefix(b"\xef\xbb\xbf").strip():
            raise empty_file(name)
    while True:
        text = _as_utf8(data.removeprefix(b"\xef\xbb\xbf"))
        match = _PROLOG.match(text)
        rest = text[match.end() if match else 0 :]
        # a comment that the window cuts is no end of the prolog
        more = b"" if rest and not rest.startswith((b"<!-", b"<?")) else file.read(_HEAD)
        if not more:
            break
        data += more
    file.seek(0)
    if rest.startswith(b"<!DOCTYPE"):
        raise declares_type(name)


def _as_utf8(data: bytes) -> bytes:
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return data.decode("utf-16", errors="ignore").encode()
    return data


def _fault(error: etree.XMLSyntaxError, file: IO[bytes], name: str) -> Exception:
    line = error.lineno or 1
    message = str(error)
    if "encoding" in message.lower() or "not proper UTF-8" in message:
        return wrong_encoding(name, line)
    file.seek(0)
    total = file.read().rstrip().count(b"\n") + 1
    wrong = "mismatch" in message or "Extra content" in message
    cut = "Premature end" in message or "EndTag" in message or "Couldn't find end" in message
    if not wrong and (cut or line >= total):
        return cut_off(name, line)
    return malformed(name, line, "This is not well-formed XML.")
