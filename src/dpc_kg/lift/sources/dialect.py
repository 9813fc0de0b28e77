"""How a CSV file is written: declared by CSVW terms, or delimiter and header found before reading.

https://www.w3.org/TR/tabular-metadata/#dialect-descriptions has the terms. Only what a mapping
declares differs from the usual: a line that begins with ``#`` is data unless a comment prefix is
declared.
"""

import codecs
import csv
import hashlib
import itertools
import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dpc_kg.base.errors import MappingError
from dpc_kg.lift.sources.header import check_columns, known_as
from dpc_kg.lift.unusable import empty_file, open_quote, wrong_encoding

DELIMITERS = ",;\t|"
_MARKS = frozenset((b",", b";", b"\t", b"|"))
_CHUNK = 1 << 20
_CELL = 1 << 24
_AS_CSV = "Save it again as CSV UTF-8."
_BEFORE = re.compile(rb' "(?!")')
_AFTER = re.compile(rb'" +[,;\t|\r\n]')


@dataclass(frozen=True)
class Style:
    """What a mapping declares of a table's form (CSVW dialect), else the usual."""

    delimiter: str | None = None
    quote: str | None = '"'
    doubled: bool = True
    header: bool = True
    comment: str | None = None
    skip: int = 0
    skip_space: bool = False
    trim: bool = False
    max_rows: int | None = None

    @property
    def is_usual(self) -> bool:
        """Whether the fast reader knows it."""
        return (self.quote, self.doubled, self.comment) == ('"', True, None) and not (
            self.skip_space or self.trim
        )

    @property
    def first_row(self) -> int:
        """The number of the first row of data, where no comment or blank line comes before it."""
        return 1 + self.skip + self.header


def style_of(options: tuple[tuple[str, str], ...]) -> Style:
    """Give the style of declared options: names of CSVW and their texts.

    Raises:
        MappingError: a name or value that is not supported.
    """
    given: dict[str, Any] = {}
    for name, value in options:
        key = re.split(r"[/#:]", name)[-1]
        if key in _IGNORED:
            continue
        if key not in _OPTIONS:
            raise MappingError(
                f"The dialect option {key} is not supported.",
                advice=f"Supported are: {', '.join(_OPTIONS)}.",
            )
        field, read = _OPTIONS[key]
        try:
            given[field] = read(value)
        except ValueError as e:
            raise MappingError(f"The dialect option {key} has no such value.") from e
    return Style(**given)


def _flag(value: str) -> bool:
    return bool(("false", "true", "0", "1").index(value.lower()) % 2)


def _mark(value: str) -> str:
    if len(value) != 1:
        raise ValueError
    return value


def _one_header(value: str) -> bool:
    return bool(("0", "1").index(value))


_OPTIONS: dict[str, tuple[str, Any]] = {
    "delimiter": ("delimiter", _mark),
    "quoteChar": ("quote", lambda v: _mark(v) if v else None),
    "doubleQuote": ("doubled", _flag),
    "header": ("header", _flag),
    "headerRowCount": ("header", _one_header),
    "commentPrefix": ("comment", lambda v: v or None),
    "skipRows": ("skip", int),
    "skipInitialSpace": ("skip_space", _flag),
    "trim": ("trim", _flag),
    "maxRows": ("max_rows", int),
}
# the encoding has a field of its own; lines end as they end, and blank rows are never data
_IGNORED = frozenset(("encoding", "lineTerminators", "skipBlankRows", "member"))


@dataclass(frozen=True)
class Dialect:
    """A file's delimiter and header; ``plain`` where every reader understands it the same.

    ``shown`` is the header as it stands in the file.
    """

    delimiter: str
    header: tuple[str, ...]
    plain: bool
    digest: str
    style: Style = Style()
    shown: tuple[str, ...] = ()

    def index(self, column: str) -> int:
        """Give the 0-based place of a column."""
        return self.header.index(column)

    @property
    def marks(self) -> int:
        """How many delimiters a row has."""
        return len(self.header) - 1


def find_dialect(
    path: Path,
    name: str,
    wanted: set[str],
    style: Style,
    titles: Mapping[str, str] | None = None,
) -> Dialect:
    """Give the dialect of a UTF-8 file whose wanted columns are known; ``name`` is for messages.

    Raises:
        SourceError: empty, not UTF-8, a broken header, or a wanted column missing or twice.
    """
    digest, plain = _scan(path, name)
    tried = style.delimiter or DELIMITERS
    shown = {d: h for d in tried if (h := _header(path, d, style)) is not None}
    headers = {d: known_as(h, titles or {}) for d, h in shown.items()}
    best = max(headers, key=lambda d: (_fit(headers[d], wanted, style), d == ","), default="")
    unread = len(headers) < len(tried)
    if not headers or (unread and not wanted <= set(headers[best])):
        raise open_quote(name, 1 + style.skip)
    usual = plain and style.is_usual and best in DELIMITERS
    dialect = Dialect(best, headers[best], usual, digest, style, shown[best])
    check_columns(dialect.header, wanted, name, row=1 + style.skip)
    return dialect


def _fit(header: tuple[str, ...], wanted: set[str], style: Style) -> int:
    """Tell how well a delimiter fits: by the names found, or the cells where none are there."""
    return len(wanted & set(header)) if style.header else len(header)


def _scan(path: Path, name: str) -> tuple[str, bool]:
    """Check the encoding; give the digest, and whether the fast reader may be used."""
    digest = hashlib.sha256()
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    plain, tail, line, holds = True, b"", 1, False
    with path.open("rb") as file:
        for chunk in iter(lambda: file.read(_CHUNK), b""):
            digest.update(chunk)
            text = _decoded(decoder, chunk, name, line)
            holds = holds or bool(text.strip())
            seam = tail + chunk
            plain = plain and not (_blank_line(seam, line) or _loose_quote(seam))
            tail = chunk[-2:]
            line += chunk.count(b"\n")
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as e:
        raise wrong_encoding(name, line, _AS_CSV) from e
    if not holds:
        raise empty_file(name)
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


def _decoded(decoder: codecs.IncrementalDecoder, chunk: bytes, name: str, line: int) -> str:
    try:
        text = decoder.decode(chunk)
    except UnicodeDecodeError as e:
        raise wrong_encoding(name, line + e.object[: e.start].count(b"\n"), _AS_CSV) from e
    if "\0" in text:
        raise wrong_encoding(name, line + text[: text.index("\0")].count("\n"), _AS_CSV)
    return text


def _header(path: Path, delimiter: str, style: Style) -> tuple[str, ...] | None:
    """Give the names of the columns under a delimiter; None where the first row does not read.

    Without a header they are those of CSVW: ``_col.1``, ``_col.2``.
    """
    try:
        with records(path, delimiter, style) as rows:
            _, _, cells = next(rows, (0, 0, []))
    except csv.Error:
        return None
    if not style.header:
        return tuple(f"_col.{i}" for i in range(1, len(cells) + 1))
    return tuple(cell.strip() for cell in cells)


@contextmanager
def records(
    path: Path, delimiter: str, style: Style
) -> Iterator[Iterator[tuple[int, int, list[str]]]]:
    """Open a file for reading its (row number, first line, cells), the header first; strictly.

    A row that holds line breaks counts once, a blank line or a comment too, as in a spreadsheet.
    The header and rows of data are given, blank lines, comments and skipped lines are not.
    """
    csv.field_size_limit(min(sys.maxsize, _CELL))
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield _records(file, delimiter, style)


def _records(
    file: Iterator[str], delimiter: str, style: Style
) -> Iterator[tuple[int, int, list[str]]]:
    for _ in itertools.islice(file, style.skip):
        pass
    lines = _Lines(file, style)
    reader = csv.reader(
        lines,
        delimiter=delimiter,
        quotechar=style.quote,
        quoting=csv.QUOTE_MINIMAL if style.quote else csv.QUOTE_NONE,
        doublequote=style.doubled,
        escapechar=None if style.doubled else "\\",
        skipinitialspace=style.skip_space,
        strict=True,
    )
    while True:
        lines.begins = True
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as e:
            raise csv.Error(lines.first) from e
        lines.row += 1
        if cells:
            yield lines.row, lines.first, [c.strip() for c in cells] if style.trim else cells


class _Lines:
    """The lines of a file, comments left out; knows at which line a row began."""

    def __init__(self, file: Iterator[str], style: Style) -> None:
        self._file = file
        self._comment = style.comment
        self._line = style.skip
        self.row = style.skip
        self.first = style.skip + 1
        self.begins = True

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        while True:
            text = next(self._file)
            self._line += 1
            if self.begins and self._comment and text.startswith(self._comment):
                self.row += 1
                continue
            if self.begins:
                self.first, self.begins = self._line, False
            return text
