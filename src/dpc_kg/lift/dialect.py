"""How a CSV file is written: encoding checked, delimiter and header found before reading."""

import codecs
import csv
import difflib
import hashlib
import re
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from dpc_kg.base.errors import NotSupported, SourceError
from dpc_kg.lift.unusable import empty_file, open_quote, wrong_encoding

_DELIMITERS = ",;\t|"
_MARKS = frozenset((b",", b";", b"\t", b"|"))
_CHUNK = 1 << 20
_CELL = 1 << 24
_AS_CSV = "Save it again as CSV UTF-8."
_ZIP = b"PK\x03\x04"
_BEFORE = re.compile(rb' "(?!")')
_AFTER = re.compile(rb'" +[,;\t|\r\n]')


@dataclass(frozen=True)
class Dialect:
    """A file's delimiter and header; ``plain`` where every reader understands it the same."""

    delimiter: str
    header: tuple[str, ...]
    plain: bool
    digest: str

    def index(self, column: str) -> int:
        """Give the 0-based place of a column."""
        return self.header.index(column)

    @property
    def marks(self) -> int:
        """How many delimiters a row has."""
        return len(self.header) - 1


def find_dialect(path: Path, wanted: set[str]) -> Dialect:
    """Give the dialect of a file whose wanted columns are known.

    Raises:
        SourceError: empty, not UTF-8, a broken header, or a wanted column missing or twice.
        NotSupported: it is a workbook.
    """
    digest, plain = _scan(path)
    headers = {d: h for d in _DELIMITERS if (h := _header(path, d)) is not None}
    best = max(headers, key=lambda d: (len(wanted & set(headers[d])), d == ","), default="")
    unread = len(headers) < len(_DELIMITERS)
    if not headers or (unread and not wanted <= set(headers[best])):
        raise open_quote(path.name, 1)
    dialect = Dialect(best, headers[best], plain, digest)
    _check_columns(dialect, wanted, path)
    return dialect


def _scan(path: Path) -> tuple[str, bool]:
    """Check the encoding; give the digest, and whether the fast reader may be used."""
    digest = hashlib.sha256()
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    plain, tail, line, holds = True, b"", 1, False
    with path.open("rb") as file:
        for chunk in iter(lambda: file.read(_CHUNK), b""):
            if line == 1 and chunk.startswith(_ZIP):
                raise NotSupported(
                    "Workbooks (XLSX) are not read yet.",
                    file=path.name,
                    advice="Save the sheet as CSV UTF-8.",
                )
            digest.update(chunk)
            text = _decoded(decoder, chunk, path, line)
            holds = holds or bool(text.strip())
            seam = tail + chunk
            plain = plain and not (_blank_line(seam, line) or _loose_quote(seam))
            tail = chunk[-2:]
            line += chunk.count(b"\n")
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as e:
        raise wrong_encoding(path.name, line, _AS_CSV) from e
    if not holds:
        raise empty_file(path.name)
    return digest.hexdigest(), plain


def _blank_line(text: bytes, line: int) -> bool:
    """Tell whether a blank line stands in it: readers count those differently."""
    return b"\n\n" in text or b"\n\r\n" in text or (line == 1 and text[:1] in b"\r\n")


def _loose_quote(text: bytes) -> bool:
    """Tell whether blanks stand between a quotation mark and a delimiter: readers differ there."""
    for match in _BEFORE.finditer(text):
        start = match.start()
        if text[max(0, start - 64) : start].rstrip(b" ")[-1:] in _MARKS:
            return True
    return any(text[m.start() - 1 : m.start()] != b'"' for m in _AFTER.finditer(text))


def _decoded(decoder: codecs.IncrementalDecoder, chunk: bytes, path: Path, line: int) -> str:
    try:
        text = decoder.decode(chunk)
    except UnicodeDecodeError as e:
        raise wrong_encoding(path.name, line + e.object[: e.start].count(b"\n"), _AS_CSV) from e
    if "\0" in text:
        raise wrong_encoding(path.name, line + text[: text.index("\0")].count("\n"), _AS_CSV)
    return text


def _header(path: Path, delimiter: str) -> tuple[str, ...] | None:
    """Give the first row under a delimiter; None where that does not read."""
    csv.field_size_limit(min(sys.maxsize, _CELL))
    with path.open(encoding="utf-8-sig", newline="") as file:
        try:
            row = next(iter(csv.reader(file, delimiter=delimiter, strict=True)))
        except csv.Error:
            return None
    return tuple(cell.strip() for cell in row)


def _check_columns(dialect: Dialect, wanted: set[str], path: Path) -> None:
    missing = sorted(wanted - set(dialect.header))
    if missing:
        near = difflib.get_close_matches(missing[0], dialect.header, n=1)
        hint = f" The nearest there is {near[0]}." if near else ""
        if {m.upper() for m in missing} & (set(dialect.header) - wanted):
            hint = (
                " This looks like a list for reading, with labels as headers: its ID may stand for"
                " two records. Take the export with field names (in Primero: CSV)."
            )
        more = f", and {len(missing) - 1} more." if len(missing) > 1 else "."
        raise SourceError(
            f"The column {missing[0]} is missing{more}",
            rule="missing-column",
            file=path.name,
            row=1,
            column=missing[0],
            columns=tuple(missing),
            advice=f"Export with all mapped columns: {', '.join(missing)}.{hint}",
        )
    twice = sorted(c for c, n in Counter(dialect.header).items() if n > 1 and c in wanted)
    if twice:
        raise SourceError(
            f"The column {twice[0]} stands twice, so it is not clear which one is meant.",
            rule="duplicate-column",
            file=path.name,
            row=1,
            column=twice[0],
            columns=tuple(twice),
            advice="Export it once.",
        )
