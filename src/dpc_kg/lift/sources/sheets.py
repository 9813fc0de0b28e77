"""The parts of a workbook, looked at before the library that reads it whole.

Found here: parts that unpack to too much, a DOCTYPE, a lone cell so far out that the table between
would fill the memory, cells that show an error or were never calculated, and joined cells. All of
these the library (calamine) gives as blanks or dies of.
"""

import re
import zipfile
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from lxml import etree

from dpc_kg.base.errors import SourceError, shown
from dpc_kg.lift.sources import limits
from dpc_kg.lift.sources.container import Meter, directory, member_chunks
from dpc_kg.lift.unusable import declares_type, too_large, unreadable

_TITLES = 8

Place = tuple[int, int]
"""Row and column, both from 0."""

_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_PREFIX = rb"(?:\w+:)?"
_CELL = re.compile(rb"<" + _PREFIX + rb"c\b([^<>]*[^<>/])>")
_AT = re.compile(rb"\br=[\"']([A-Z]{1,3})(\d{1,7})[\"']")
_FAR = re.compile(
    rb"<" + _PREFIX + rb"row\b[^<>]*?\br=[\"'](\d{1,7})[\"'][^<>]*[^<>/]>\s*"
    rb"<\w*:?c\b(?![^<>]*\br=)"
)
_IS_ERROR = re.compile(rb"\bt=[\"']e[\"']")
_IS_TEXT = re.compile(rb"\bt=[\"']str[\"']")
_BARE = re.compile(
    rb"\s*<" + _PREFIX + rb"f\b(?:[^<>]*/>|[^<>]*>[^<]*</" + _PREFIX + rb"f>)\s*"
    rb"(?:<" + _PREFIX + rb"v\s*/>|<" + _PREFIX + rb"v>\s*</" + _PREFIX + rb"v>)?\s*</"
)
_ODS_TABLE = re.compile(rb"<table:table(\s[^<>]*)?>")
_ODS_TOKEN = re.compile(rb"<table:(table-row|(?:covered-)?table-cell)\b([^<>]*)>")
_NAME = re.compile(rb"table:name=(?:\"([^\"]*)\"|'([^']*)')")
_COLUMNS = re.compile(rb"number-columns-repeated=[\"'](\d{1,8})[\"']")
_ROWS = re.compile(rb"number-rows-repeated=[\"'](\d{1,8})[\"']")
_SPAN = re.compile(rb"number-(rows|columns)-spanned=[\"'](\d{1,8})[\"']")
_ODS_ERROR = re.compile(rb"calcext:value-type=[\"']error[\"']")


@dataclass
class Sheet:
    """What was seen of a sheet: how far it reaches, cells with an error, joined ranges.

    An ``eager`` one (ODS) is read with all others when the library opens the workbook.
    """

    rows: int = 0
    columns: int = 0
    eager: bool = False
    errors: list[Place] = field(default_factory=list)
    joined: list[tuple[Place, Place]] = field(default_factory=list)

    def reach(self, row: int, column: int) -> None:
        """Take a filled cell into account."""
        self.rows = max(self.rows, row + 1)
        self.columns = max(self.columns, column + 1)


def check_size(sheet: Sheet, name: str, title: str, max_rows: int) -> None:
    """Refuse a sheet that reaches too far.

    Raises:
        SourceError: more rows than declared, or more cells than a reader takes.
    """
    if sheet.rows > max_rows:
        raise too_large(name, f"a sheet may reach to row {max_rows:,}", sheet=title)
    if sheet.rows * sheet.columns > limits.MAX_AREA:
        raise too_large(name, f"a sheet may hold {limits.MAX_AREA:,} cells", sheet=title)


def listed(titles: Sequence[str]) -> str:
    """Give titles of sheets in words, the first ones of many."""
    more = f" and {len(titles) - _TITLES} more" if len(titles) > _TITLES else ""
    return ", ".join(shown(title) for title in titles[:_TITLES]) + more


def sheet_meant(headers: Mapping[str, Sequence[str]], wanted: Collection[str], name: str) -> str:
    """Give the title of the sheet that is meant, of the headers of all by their titles.

    It is the only one, or the one with all the wanted columns; if none has them, with most of them.

    Raises:
        SourceError: several have them all.
    """
    if len(headers) == 1:
        return next(iter(headers))
    fitting = [title for title, header in headers.items() if set(wanted) <= set(header)]
    if len(fitting) > 1:
        raise unreadable(
            name,
            f"{len(fitting)} sheets have the mapped columns, so it is not clear which is meant.",
            "Leave one sheet in the workbook, or name it in the mapping.",
        )
    return max(fitting or headers, key=lambda t: len(set(wanted) & set(headers[t])))


def look_at(path: Path, name: str) -> dict[str, Sheet]:
    """Give what is seen of each sheet of an XLSX or ODS workbook, by its title.

    Raises:
        SourceError: a part is too large, damaged, or declares a document type.
    """
    parts = {info.filename: info for info in directory(path, name)}
    meter = Meter(name, path.stat().st_size)
    with zipfile.ZipFile(path) as archive:
        sheets: dict[str, Sheet] = {}
        titles = _titles(archive, parts, meter) if "xl/workbook.xml" in parts else {}
        for part, info in parts.items():
            data = b"".join(member_chunks(archive, info, meter))
            if b"<!DOCTYPE" in data and part.endswith((".xml", ".rels")):
                raise declares_type(name)
            if part in titles:
                sheets[titles[part]] = _look_at_xlsx(data)
            elif part == "content.xml" and not titles:
                sheets |= _look_at_ods(data)
    return sheets


def _titles(
    archive: zipfile.ZipFile, parts: dict[str, zipfile.ZipInfo], meter: Meter
) -> dict[str, str]:
    """Give the title of each sheet by its part."""
    rels = _tree(archive, parts, "xl/_rels/workbook.xml.rels", meter)
    targets = {e.get("Id"): _target(e.get("Target") or "") for e in rels}
    book = _tree(archive, parts, "xl/workbook.xml", meter)
    found = (e for e in book.iter("{*}sheet"))
    return {targets[i]: e.get("name") or "" for e in found if (i := _relation(e)) in targets}


def _relation(element: etree._Element) -> str | None:
    names = (k for k in element.attrib if str(k).endswith("}id"))
    return element.get(_R) or next((element.get(k) for k in names), None)


def _target(text: str) -> str:
    return text.lstrip("/") if text.startswith("/") else f"xl/{text}"


def _tree(
    archive: zipfile.ZipFile, parts: dict[str, zipfile.ZipInfo], part: str, meter: Meter
) -> etree._Element:
    if part not in parts:
        raise _broken(meter.name)
    data = b"".join(member_chunks(archive, parts[part], meter))
    if b"<!DOCTYPE" in data:
        raise declares_type(meter.name)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as e:
        raise _broken(meter.name) from e


def _broken(name: str) -> SourceError:
    return unreadable(name, "This is no whole workbook.", "Save it again.")


def _look_at_xlsx(data: bytes) -> Sheet:
    sheet = Sheet()
    for match in _FAR.finditer(data):
        sheet.reach(int(match[1]) - 1, 0)
    for match in _CELL.finditer(data):
        at = _AT.search(match[1])
        if at is None:
            continue
        row, column = int(at[2]) - 1, _number(at[1])
        sheet.reach(row, column)
        if _IS_ERROR.search(match[1]) or (
            not _IS_TEXT.search(match[1]) and _BARE.match(data, match.end())
        ):
            sheet.errors.append((row, column))
    return sheet


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def _look_at_ods(data: bytes) -> dict[str, Sheet]:
    starts = list(_ODS_TABLE.finditer(data))
    ends = [m.start() for m in starts[1:]] + [len(data)]
    return {
        _title(match[1]): _ods_sheet(data, match.end(), end)
        for match, end in zip(starts, ends, strict=True)
    }


def _title(attributes: bytes | None) -> str:
    found = _NAME.search(attributes or b"")
    raw = (found[1] or found[2] or b"") if found else b""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    return etree.fromstring(b"<n>" + raw + b"</n>", parser).text or ""


def _ods_sheet(data: bytes, start: int, end: int) -> Sheet:
    sheet, row, after, column = Sheet(eager=True), 0, 0, 0
    for match in _ODS_TOKEN.finditer(data, start, end):
        kind, attributes = match[1], match[2]
        if kind == b"table-row":
            row, column = after, 0
            after = row + _times(_ROWS, attributes)
            continue
        times = _times(_COLUMNS, attributes)
        if not attributes.endswith(b"/") or b"office:" in attributes:
            sheet.reach(after - 1, column + times - 1)
        if _ODS_ERROR.search(attributes):
            sheet.errors.append((row, column))
        spans = {k: int(v) for k, v in _SPAN.findall(attributes)}
        if max(spans.values(), default=1) > 1:
            last = (row + spans.get(b"rows", 1) - 1, column + spans.get(b"columns", 1) - 1)
            sheet.joined.append(((row, column), last))
        column += times
    return sheet


def _times(pattern: re.Pattern[bytes], attributes: bytes) -> int:
    found = pattern.search(attributes)
    return int(found[1]) if found else 1
