"""The letters of a text file: UTF-8, or what the mapping declares, brought to UTF-8."""

import codecs
import re
from collections.abc import Iterator

from dpc_kg.base.errors import MappingError
from dpc_kg.lift.unusable import wrong_encoding

_CODECS = {
    "utf-8": None,
    "utf-16": "utf-16",
    "utf-16le": "utf-16-le",
    "utf-16be": "utf-16-be",
    "iso-8859-1": "latin-1",
    "latin-1": "latin-1",
    "latin1": "latin-1",
    "us-ascii": "ascii",
    "ascii": "ascii",
    "windows-1252": "cp1252",
    "cp1252": "cp1252",
}
_BIG, _LITTLE = codecs.BOM_UTF16_BE, codecs.BOM_UTF16_LE
_DECLARATION = re.compile(rb"(<\?xml\b[^>]*?)\s+encoding\s*=\s*(?:\"[^\"]*\"|'[^']*')")


def codec_of(encoding: str | None) -> str | None:
    """Give the codec of a declared encoding (a name, or an IRI of RML-IO); None for UTF-8.

    Raises:
        MappingError: it is not among those that are read.

    >>> codec_of("http://w3id.org/rml/UTF-16"), codec_of("UTF-8"), codec_of("cp1252")
    ('utf-16', None, 'cp1252')
    """
    if encoding is None:
        return None
    name = re.split(r"[/#:]", encoding)[-1].lower().replace("_", "-")
    if name not in _CODECS:
        raise MappingError(
            f"The encoding {name} is not read.", advice=f"Known are: {', '.join(_CODECS)}."
        )
    return _CODECS[name]


def as_utf_8(chunks: Iterator[bytes], codec: str | None, name: str) -> Iterator[bytes]:
    """Give the bytes as UTF-8 without a byte order mark; with no codec, as they are.

    Raises:
        SourceError: bytes that the declared encoding does not have (with the line).
    """
    if codec is None:
        yield from chunks
        return
    decoder, line = None, 1
    for chunk in chunks:
        if decoder is None:
            chunk, codec = _order(chunk, codec)
            decoder = codecs.getincrementaldecoder(codec)()
        try:
            text = decoder.decode(chunk)
        except UnicodeDecodeError as e:
            before = e.object[: e.start].decode(codec, "ignore")
            raise _wrong(name, line + before.count("\n")) from e
        # a byte order mark stays only where the declared order repeats it
        yield (text.removeprefix("\ufeff") if line == 1 else text).encode()
        line += text.count("\n")
    try:
        yield decoder.decode(b"", final=True).encode() if decoder else b""
    except UnicodeDecodeError as e:
        raise _wrong(name, line) from e


def decoded(data: bytes, name: str) -> str:
    """Give the text of a file in UTF-8, without a byte order mark.

    Raises:
        SourceError: it is not UTF-8; the line is told.
    """
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as e:
        raise wrong_encoding(name, data.count(b"\n", 0, e.start) + 1) from e


def _order(chunk: bytes, codec: str) -> tuple[bytes, str]:
    """Settle the order of bytes of UTF-16: its mark decides, without one it is big (RFC 2781)."""
    if codec != "utf-16":
        return chunk, codec
    if chunk.startswith(_LITTLE):
        return chunk[2:], "utf-16-le"
    return chunk.removeprefix(_BIG), "utf-16-be"


def _wrong(name: str, line: int) -> Exception:
    return wrong_encoding(name, line, "It is not in the encoding that the mapping declares.")


def without_declaration(data: bytes) -> bytes:
    """Take the encoding off an XML declaration, which is untrue once the bytes are UTF-8."""
    return _DECLARATION.sub(rb"\1", data, count=1)
