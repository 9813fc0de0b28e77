"""The places that a form of the report shows, read out of it again by outside eyes."""

import io
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

import openpyxl
import pyoxigraph as ox
from lxml import etree, html

from dpc_kg.validate.wording import word

Place = tuple[str, str | None, int | None, str | None]
"""File, sheet, row or record, column or path."""

_BIDI = dict.fromkeys((0x2066, 0x2067, 0x2068, 0x2069))


def of_json(made: bytes, lang: str) -> set[Place]:
    faults = json.loads(made)["faults"]
    return {(f["file"], f["sheet"], f["row"], f["column"]) for f in faults}


def of_sarif(made: bytes, lang: str) -> set[Place]:
    (run,) = json.loads(made)["runs"]
    found = set()
    for result in run["results"]:
        if result["level"] == "error":
            (where,) = result["locations"]
            file = unquote(where["physicalLocation"]["artifactLocation"]["uri"])
            own = result["properties"]
            found.add((file, own["sheet"], own["row"], own["column"]))
    return found


def of_xlsx(made: bytes, lang: str) -> set[Place]:
    book = openpyxl.load_workbook(io.BytesIO(made), read_only=True)
    head, *rows = book[word("faults", lang)].iter_rows(values_only=True)
    refused = word("severity-Violation", lang)
    at = head.index(word("head-severity", lang))
    return {_of_row(dict(zip(head, row, strict=True)), lang) for row in rows if row[at] == refused}


def of_html(made: bytes, lang: str) -> set[Place]:
    root: Any = html.document_fromstring(made.decode())
    found = set()
    for section in root.xpath("//section[contains(@aria-labelledby, 'faults-')]"):
        head = [cell.text_content().strip() for cell in section.xpath(".//thead//th")]
        for row in section.xpath(".//tbody/tr"):
            cells = [cell.text_content().strip() or None for cell in row.xpath("./td")]
            found.add(_of_row(dict(zip(head, cells, strict=True)), lang))
    return found


def _of_row(row: dict[Any, Any], lang: str) -> Place:
    def cell(key: str) -> Any:
        return row.get(word(key, lang))

    number = cell("head-row") or cell("head-record")
    column = cell("head-column") or cell("head-field")
    return cell("head-file") or "", cell("head-sheet"), number and int(number), column


def lines_of_text(made: bytes, lang: str) -> list[str]:
    """Give the lines of a report for people, without the marks of direction."""
    return made.decode().translate(_BIDI).splitlines()


def lines_of_junit(made: bytes, lang: str) -> list[str]:
    (suite,) = etree.fromstring(made)
    texts = [failure.text or "" for failure in suite.iter("failure")]
    return "\n".join(texts).translate(_BIDI).splitlines()


def lines_of_rdf(made: bytes, lang: str, syntax: ox.RdfFormat) -> list[str]:
    source = ox.NamedNode("http://purl.org/dc/terms/source")
    found = ox.parse(made, format=syntax)
    return [t.object.value.translate(_BIDI) for t in found if t.predicate == source]


TABLES: dict[str, Callable[[bytes, str], set[Place]]] = {
    "html": of_html,
    "json": of_json,
    "sarif": of_sarif,
    "xlsx": of_xlsx,
}
"""Forms whose places stand in fields of their own."""

LINES: dict[str, Callable[[bytes, str], list[str]]] = {
    "jsonld": lambda made, lang: lines_of_rdf(made, lang, ox.RdfFormat.JSON_LD),
    "junit": lines_of_junit,
    "text": lines_of_text,
    "ttl": lambda made, lang: lines_of_rdf(made, lang, ox.RdfFormat.TURTLE),
}
"""Forms whose places are told in a sentence."""


def missing(lines: list[str], places: set[Place]) -> set[Place]:
    """Give the places that no line tells of: file, row and column as words of it, in order."""
    by_file: dict[str, list[list[str]]] = {}
    for line in lines:
        words = [each.strip(",،:;") for each in line.split()]
        for name in {each for each in words if "." in each}:
            by_file.setdefault(name, []).append(words)
    told = {
        (name, number, rest)
        for name, found in by_file.items()
        for words in found
        for number in words
        if number.isdigit()
        for rest in words
    }
    return {
        place
        for place in places
        if (place[0], str(place[2]), (place[3] or "").split()[-1] if place[3] else place[0])
        not in told
    }
